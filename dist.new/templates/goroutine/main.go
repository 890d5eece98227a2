// A plugin with goroutines. WebAssembly has one thread, so they take turns: another one goes on when
// one waits, for a channel or for time to pass.
package main

import "time"

// race starts so many goroutines, each of which waits a little longer than the one before, and
// returns the sum of what they have sent.
//
//go:wasmexport race
func race(runners int32) int64 {
	finish := make(chan int64)
	for number := range runners {
		go run(number, finish)
	}
	var sum int64
	for range runners {
		sum += <-finish
	}
	return sum
}

// run waits, says that it is there, and sends its number.
func run(number int32, finish chan<- int64) {
	time.Sleep(time.Duration(number) * 50 * time.Millisecond)
	println("runner", number, "is there")
	finish <- int64(number)
}

// main is never called in a reactor, but Go wants one.
func main() {}
