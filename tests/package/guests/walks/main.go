// Walks is a plugin whose lines the tests stop at, sample and count.
package main

// ask is the host's, which may call an export meanwhile.
//
//go:wasmimport host ask
func ask(n int32) int32

//go:noinline
func square(n int32) int32 {
	product := n * n
	return product
}

// sum adds the first n squares.
//
//go:noinline
//go:wasmexport sum
func sum(n int32) int32 {
	total := int32(0)
	for i := int32(1); i <= n; i++ {
		total += square(i)
	}
	return total
}

// outer adds to them what the host makes of them.
//
//go:wasmexport outer
func outer(n int32) int32 {
	before := sum(n)
	return before + ask(before)
}

// half has a branch that is rarely taken.
//
//go:wasmexport half
func half(n int32) int32 {
	if n < 0 {
		return negative(n)
	}
	return n / 2
}

//go:noinline
func negative(n int32) int32 {
	return -(-n / 2)
}

var count uint32

//go:noinline
func busy(n int32) {
	for range n {
		count = count*31 + 7
	}
}

// work spends three quarters of its time in one call, and a quarter in another.
//
//go:wasmexport work
func work(n int32) uint32 {
	busy(3 * n)
	busy(n)
	return count
}

// spin does not return.
//
//go:noinline
//go:wasmexport spin
func spin() {
	for {
		busy(1)
		count++
	}
}

func main() {}
