module example/extism

go 1.24
