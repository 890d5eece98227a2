// Greet is a plugin: a reactor, built with -buildmode=c-shared. Its host calls _initialize once,
// and then any export, any number of times.
package main

import (
	"strconv"
	"structs"
)

// log is the host's: every host gives it the meaning that it wants. A string crosses to it as two
// numbers, the address of its first byte and its length.
//
//go:wasmimport log log
func log(msg string)

// greet is called by the host with a string that the host has written into the plugin's memory,
// in room that it got from the plugin's malloc.
//
//go:wasmexport greet
func greet(name string) {
	log("wasm >> Hello, " + name + "\n")
}

// S has the layout that a C compiler would give it, so that the host can write one byte by byte:
// HostLayout asks for that.
type S struct {
	_   structs.HostLayout
	val int32
}

// st is called with the address of an S.
//
//go:wasmexport st
func st(s *S) {
	log("wasm >> Hello, " + strconv.Itoa(int(s.val)) + "\n")
}

// main is never called in a reactor, but Go wants one.
func main() {}
