package main

import (
	"encoding/binary"
	"strconv"
)

// What Extism gives its plugins. Memory that both sides see is the host's: a plugin has handles of blocks, and loads and stores them.

//go:wasmimport extism:host/env alloc
func alloc(length uint64) uint64

//go:wasmimport extism:host/env free
func free(handle uint64)

//go:wasmimport extism:host/env length
func length(handle uint64) uint64

//go:wasmimport extism:host/env load_u8
func loadByte(address uint64) uint32

//go:wasmimport extism:host/env load_u64
func load(address uint64) uint64

//go:wasmimport extism:host/env store_u8
func storeByte(address uint64, value uint32)

//go:wasmimport extism:host/env store_u64
func store(address, value uint64)

//go:wasmimport extism:host/env input_length
func inputLength() uint64

//go:wasmimport extism:host/env input_load_u8
func inputByte(offset uint64) uint32

//go:wasmimport extism:host/env input_load_u64
func inputLoad(offset uint64) uint64

//go:wasmimport extism:host/env output_set
func setOutput(address, length uint64)

//go:wasmimport extism:host/env error_set
func setError(handle uint64)

//go:wasmimport extism:host/env config_get
func configGet(key uint64) uint64

//go:wasmimport extism:host/env var_get
func varGet(name uint64) uint64

//go:wasmimport extism:host/env var_set
func varSet(name, value uint64)

//go:wasmimport extism:host/env http_request
func httpRequest(request, body uint64) uint64

//go:wasmimport extism:host/env http_status_code
func httpStatus() int32

//go:wasmimport extism:host/env log_info
func log_info(line uint64)

//go:wasmimport extism:host/env log_debug
func log_debug(line uint64)

// write puts bytes into a block: its handle.
func write(bytes []byte) uint64 {
	handle := alloc(uint64(len(bytes)))
	at := handle
	for ; len(bytes) >= 8; at, bytes = at+8, bytes[8:] {
		store(at, binary.LittleEndian.Uint64(bytes))
	}
	for i, b := range bytes {
		storeByte(at+uint64(i), uint32(b))
	}
	return handle
}

// read gets what a block has.
func read(handle uint64) []byte {
	bytes := make([]byte, length(handle))
	i := 0
	for ; i+8 <= len(bytes); i += 8 {
		binary.LittleEndian.PutUint64(bytes[i:], load(handle+uint64(i)))
	}
	for ; i < len(bytes); i++ {
		bytes[i] = byte(loadByte(handle + uint64(i)))
	}
	return bytes
}

// take gets what a block has, and frees it.
func take(handle uint64) []byte {
	bytes := read(handle)
	free(handle)
	return bytes
}

func input() []byte {
	bytes := make([]byte, inputLength())
	i := 0
	for ; i+8 <= len(bytes); i += 8 {
		binary.LittleEndian.PutUint64(bytes[i:], inputLoad(uint64(i)))
	}
	for ; i < len(bytes); i++ {
		bytes[i] = byte(inputByte(uint64(i)))
	}
	return bytes
}

func output(bytes []byte) { setOutput(write(bytes), uint64(len(bytes))) }

func config(key string) string { return string(take(configGet(write([]byte(key))))) }

func variable(name string) []byte { return take(varGet(write([]byte(name)))) }

func setVariable(name string, value []byte) { varSet(write([]byte(name)), write(value)) }

func logInfo(line string) { log_info(write([]byte(line))) }

func logDebug(line string) { log_debug(write([]byte(line))) }

// get makes an HTTP request: the status of the response, and its body.
func get(url string) (int32, []byte) {
	body := httpRequest(write([]byte(`{"method": "GET", "url": `+strconv.Quote(url)+`}`)), 0)
	return httpStatus(), take(body)
}
