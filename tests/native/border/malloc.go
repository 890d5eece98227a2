package main

import "unsafe"

var lent = map[uintptr][]byte{}

//go:wasmexport malloc
func malloc(size uint32) uintptr {
	room := make([]byte, size)
	address := uintptr(unsafe.Pointer(unsafe.SliceData(room)))
	lent[address] = room
	return address
}

//go:wasmexport free
func free(address uintptr) { delete(lent, address) }
