module example/sqlc

go 1.24
