module example/proxy-wasm

go 1.24
