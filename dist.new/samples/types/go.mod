module example/types

go 1.24
