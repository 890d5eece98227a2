package main

import (
	"encoding/binary"
	"strings"
	"unsafe"
)

// What a proxy gives its plugins. Each function returns a status; what is asked for is in room that the plugin has made for it, when the
// proxy calls proxy_on_memory_allocate, and its address and length go where the last two arguments say.

//go:wasmimport env proxy_log
func proxyLog(level uint32, message string) uint32

//go:wasmimport env proxy_get_buffer_bytes
func proxyGetBuffer(kind, start, most uint32, to, length *uint32) uint32

//go:wasmimport env proxy_set_buffer_bytes
func proxySetBuffer(kind, start, size uint32, bytes string) uint32

//go:wasmimport env proxy_get_header_map_value
func proxyGetHeader(kind uint32, name string, to, length *uint32) uint32

//go:wasmimport env proxy_replace_header_map_value
func proxySetHeader(kind uint32, name, value string) uint32

//go:wasmimport env proxy_remove_header_map_value
func proxyRemoveHeader(kind uint32, name string) uint32

//go:wasmimport env proxy_send_local_response
func proxyAnswer(status uint32, details, body, headers string, grpc int32) uint32

//go:wasmimport env proxy_http_call
func proxyHTTPCall(upstream, headers, body, trailers string, timeout uint32, id *uint32) uint32

//go:wasmimport env proxy_continue_stream
func proxyContinue(stream uint32) uint32

//go:wasmimport env proxy_set_effective_context
func proxySetContext(id uint32) uint32

//go:wasmimport env proxy_set_tick_period_milliseconds
func proxySetTick(period uint32) uint32

//go:wasmimport env proxy_get_property
func proxyGetProperty(path string, to, length *uint32) uint32

//go:wasmimport env proxy_get_shared_data
func proxyGetShared(key string, to, length, cas *uint32) uint32

//go:wasmimport env proxy_set_shared_data
func proxySetShared(key, value string, cas uint32) uint32

//go:wasmimport env proxy_define_metric
func proxyDefineMetric(kind uint32, name string, id *uint32) uint32

//go:wasmimport env proxy_increment_metric
func proxyIncrementMetric(id uint32, by int64) uint32

const (
	ok = 0

	levelInfo = 2

	requestHeaders  = 0
	responseHeaders = 2
	replyHeaders    = 6

	responseBody        = 1
	pluginConfiguration = 7

	proceed = 0
	pause   = 1

	requestStream = 0
	counter       = 0
	noGRPC        = -1
)

// lent is the room that the proxy writes into. The collector does not see its references: so this map does the referring.
var lent = map[uint32][]byte{}

// allocate makes room for what the proxy gives.
//
//go:wasmexport proxy_on_memory_allocate
func allocate(size uint32) unsafe.Pointer {
	room := make([]byte, size)
	address := unsafe.Pointer(unsafe.SliceData(room))
	lent[uint32(uintptr(address))] = room
	return address
}

// The functions of this version of the interface are meant.
//
//go:wasmexport proxy_abi_version_0_2_1
func version() {}

// get asks for something: it, and whether there is such a thing.
func get(from func(to, length *uint32) uint32) (string, bool) {
	var address, length uint32
	if from(&address, &length) != ok {
		return "", false
	}
	room := lent[address]
	delete(lent, address)
	return string(room[:length]), true
}

func buffer(kind uint32) string {
	bytes, _ := get(func(to, length *uint32) uint32 { return proxyGetBuffer(kind, 0, 1<<30, to, length) })
	return bytes
}

func header(kind uint32, name string) string {
	value, _ := get(func(to, length *uint32) uint32 { return proxyGetHeader(kind, name, to, length) })
	return value
}

// property is what the proxy knows of a request, by a path of segments.
func property(path ...string) string {
	value, _ := get(func(to, length *uint32) uint32 { return proxyGetProperty(strings.Join(path, "\x00"), to, length) })
	return value
}

// pairs are headers as they cross: how many there are, their lengths, and they.
func pairs(fields ...[2]string) string {
	bytes := binary.LittleEndian.AppendUint32(nil, uint32(len(fields)))
	for _, field := range fields {
		bytes = binary.LittleEndian.AppendUint32(bytes, uint32(len(field[0])))
		bytes = binary.LittleEndian.AppendUint32(bytes, uint32(len(field[1])))
	}
	for _, field := range fields {
		bytes = append(append(bytes, field[0]...), 0)
		bytes = append(append(bytes, field[1]...), 0)
	}
	return string(bytes)
}

func logInfo(message string) { proxyLog(levelInfo, message) }
