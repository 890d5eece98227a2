module example/trap

go 1.24
