module example/plugin

go 1.24
