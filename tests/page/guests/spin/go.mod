module example/spin

go 1.24
