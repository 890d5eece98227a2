// Spin is a reactor that does not end by itself, and one that prints without end.
package main

import "os"

//go:wasmexport spin
func spin() {
	for {
	}
}

// flood writes lines of 64 bytes to stdout.
//
//go:wasmexport flood
func flood(lines int32) {
	line := []byte("a line of output, as long as the lines of most programs are....\n")
	for range lines {
		os.Stdout.Write(line)
	}
}

func main() {}
