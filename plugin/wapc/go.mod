module example/wapc

go 1.24
