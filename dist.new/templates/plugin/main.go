// A plugin: since it exports a function with //go:wasmexport, it is built as a reactor. Its host calls
// _initialize once, and then any export, any number of times.
package main

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
	log("Hello, " + name + "!\n")
}

// main is never called in a reactor, but Go wants one.
func main() {}
