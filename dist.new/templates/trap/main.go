// A plugin that traps, three calls deep: call total with 4, and look at the backtrace. Tick Debug to
// have the arguments of each call there, or press the number of a line to stop at it.
package main

var prices = [...]int32{300, 120, 45}

// total returns what the first so many things cost. There are three.
//
//go:wasmexport total
func total(count int32) int32 {
	return sum(count) + 10
}

func sum(count int32) int32 {
	var sum int32
	for number := range count {
		sum += price(number)
	}
	return sum
}

func price(number int32) int32 {
	return prices[number]
}

// main is never called in a reactor, but Go wants one.
func main() {}
