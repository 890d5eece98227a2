package main

//go:noinline
func leaf(value int32) int32 {
	return value * 3 // leaf
}

func inner(value int32) int32 {
	return leaf(value) + 1 // inner
}

func around(value int32) int32 {
	return inner(value) ^ value // around
}

//go:wasmexport begin
func begin(value int32) int32 { // begin, first
	first := leaf(value)
	second := around(first) // begin, second
	return leaf(second)     // begin, third
}

func main() {}
