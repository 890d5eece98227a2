//go:build !tinygo

package main

import "unsafe"

// Go exports no allocator, so a plugin that takes strings or pointers brings its own; TinyGo
// exports malloc and free by itself, and does not compile this file.

// lent is the room that the host holds. The collector would take back what nothing refers to, and
// it does not see the host's references: so this map does the referring.
var lent = map[uintptr][]byte{}

// malloc lends the host size bytes until it calls free. Zero bytes have no address.
//
//go:wasmexport malloc
func malloc(size uint32) uintptr {
	if size == 0 {
		return 0
	}
	room := make([]byte, size)
	address := uintptr(unsafe.Pointer(unsafe.SliceData(room)))
	lent[address] = room
	return address
}

// free takes back what malloc lent. An address that was never lent does no harm.
//
//go:wasmexport free
func free(address uintptr) {
	delete(lent, address)
}
