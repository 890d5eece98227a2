module example/greet

go 1.24
