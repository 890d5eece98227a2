module example/goroutine

go 1.24
