module example/http-wasm

go 1.24
