package main

import "unsafe"

// What a host of http-wasm gives its handlers. What is asked for goes into room of the handler's own: the host says how many bytes there
// are, and writes them if there is room for all.

//go:wasmimport http_handler enable_features
func enableFeatures(features uint32) uint32

//go:wasmimport http_handler get_config
func getConfig(buf unsafe.Pointer, limit uint32) uint32

//go:wasmimport http_handler log
func hostLog(level int32, message string)

//go:wasmimport http_handler get_uri
func getURI(buf unsafe.Pointer, limit uint32) uint32

//go:wasmimport http_handler set_uri
func setURI(uri string)

//go:wasmimport http_handler get_header_values
func getHeaderValues(kind uint32, name string, buf unsafe.Pointer, limit uint32) uint64

//go:wasmimport http_handler set_header_value
func setHeader(kind uint32, name, value string)

//go:wasmimport http_handler remove_header
func removeHeader(kind uint32, name string)

//go:wasmimport http_handler read_body
func hostReadBody(kind uint32, buf unsafe.Pointer, limit uint32) uint64

//go:wasmimport http_handler write_body
func writeBody(kind uint32, body string)

//go:wasmimport http_handler get_status_code
func getStatus() uint32

//go:wasmimport http_handler set_status_code
func setStatus(status uint32)

const (
	bufferRequest  = 1
	bufferResponse = 2

	request  = 0
	response = 1

	info = 0
)

// room is where the host writes.
var room = make([]byte, 2048)

func at(bytes []byte) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(bytes)) }

// get asks for something once more if there was not room enough for it.
func get(from func(buf unsafe.Pointer, limit uint32) uint32) string {
	size := from(at(room), uint32(len(room)))
	if size > uint32(len(room)) {
		room = make([]byte, size)
		size = from(at(room), size)
	}
	return string(room[:size])
}

// header is the first value of a header, if there is one.
func header(kind uint32, name string) (string, bool) {
	var count uint32
	values := get(func(buf unsafe.Pointer, limit uint32) uint32 {
		both := getHeaderValues(kind, name, buf, limit)
		count = uint32(both >> 32)
		return uint32(both)
	})
	if count == 0 {
		return "", false
	}
	for i := range len(values) {
		if values[i] == 0 {
			return values[:i], true
		}
	}
	return values, true
}

// readBody reads all of a body, piece by piece.
func readBody(kind uint32) []byte {
	var body []byte
	for {
		both := hostReadBody(kind, at(room), uint32(len(room)))
		body = append(body, room[:uint32(both)]...)
		if both>>32 != 0 {
			return body
		}
	}
}

func logInfo(message string) { hostLog(info, message) }
