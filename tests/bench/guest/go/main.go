// Kernels in Go: what a plugin of its may be busy with.
package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sort"
)

//go:wasmexport fib
func fib(n int32) int32 {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

//go:wasmexport sieve
func sieve(n int32) int32 {
	composite := make([]bool, n)
	primes := int32(0)
	for i := 2; i < int(n); i++ {
		if !composite[i] {
			primes++
			for multiple := i * i; multiple < int(n); multiple += i {
				composite[multiple] = true
			}
		}
	}
	return primes
}

//go:wasmexport matmul
func matmul(n int32) int32 {
	size := int(n)
	a, b, c := make([]float64, size*size), make([]float64, size*size), make([]float64, size*size)
	for i := range a {
		a[i], b[i] = float64(i%7), float64(i%5)
	}
	total := 0.0
	for i := range size {
		for j := range size {
			sum := 0.0
			for k := range size {
				sum += a[i*size+k] * b[k*size+j]
			}
			c[i*size+j] = sum
			total += sum
		}
	}
	return int32(total)
}

//go:wasmexport hash
func hash(n int32) int32 {
	sum := sha256.Sum256(nil)
	for range n {
		sum = sha256.Sum256(sum[:])
	}
	return int32(binary.LittleEndian.Uint32(sum[:]))
}

//go:wasmexport sort
func sorts(n int32) int32 {
	seed := uint32(1)
	numbers := make([]int, n)
	for i := range numbers {
		seed = seed*1664525 + 1013904223
		numbers[i] = int(seed)
	}
	sort.Slice(numbers, func(i, j int) bool { return numbers[i] < numbers[j] })
	return int32(numbers[n/2])
}

//go:wasmexport words
func words(n int32) int32 {
	counts := map[string]int{}
	for i := range n {
		counts[fmt.Sprintf("%d-%d", uint32(i)*2654435761%997, i%3)]++
	}
	sum := 0
	for word, count := range counts {
		sum += len(word) * count
	}
	return int32(sum)
}

func main() {}
