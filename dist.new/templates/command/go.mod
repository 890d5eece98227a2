module example/command

go 1.24
