module example/structs

go 1.24
