module example/kernels

go 1.24
