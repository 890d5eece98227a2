// Package main exports a function for each type that can cross the border of a module, written in as
// many ways as Go has. Each prints what it was given, and changes what it was given a pointer to.
package main

import (
	"structs"
	"unsafe"
	u "unsafe"

	"example.com/plugboard/border/geo"
	. "example.com/plugboard/border/mark"
)

func main() {}

//go:wasmexport scalars
func scalars(a bool, b, c int32, d uint32, e int64, f, _ uint64, g float32, h float64) {
	seen(a, b, c, d, e, f, g, h)
}

//go:wasmexport words
func words(a uintptr, b unsafe.Pointer, c u.Pointer, d rune) (same u.Pointer) {
	seen(a, b, c, d)
	return c
}

// The name of the export is not that of the function.
//
//go:noinline
//go:wasmexport text.of-two
func texts(first, second string,
	_ string, // unused
) (length uint32) {
	seen(first, second)
	return uint32(len(first) + len(second))
}

//go:wasmexport unnamed
func unnamed(bool, int64, *int8) (_ int64) { return -1 }

//go:wasmexport nothing
func nothing() {}

//go:wasmexport bytes_at
func bytesAt(a *int8, b *uint8, c *byte, d *bool) *byte { seen(a, b, c, d); return c }

//go:wasmexport words_at
func wordsAt(a *int16, b *uint16, c *int32, d *uint32, e *rune) { seen(a, b, c, d, e) }

//go:wasmexport wide_at
func wideAt(a *int64, b *uint64, c *float32, d *float64) *float64 { seen(a, b, c, d); return d }

//go:wasmexport named
func named(a Celsius, b Flag, c *Celsius, d Text, e *Level, f Handle, g PointPointer) Celsius {
	seen(float64(a), bool(b), c, string(d), e, uintptr(f), g)
	return a
}

//go:wasmexport arrays
func arrays(a *[3]int16, b *[2][Columns]bool, c *[0]int64, d *[len(Words)]Level, e *Matrix) {
	seen(a, b, c, d, e)
}

//go:wasmexport lengths
func lengths(a *[KB >> 7]uint8, b *[^Small(0xfc)]int8, c *['c' - 'a']float32, d *[Half * 4]int16,
	e *[unsafe.Sizeof(Point{})]bool) {
	seen(a, b, c, d, e)
}

//go:wasmexport structs
func structures(a *Point, b *Mixed, c *struct{}, d *Marked, e *Outer) *Outer {
	seen(a, b, c, d, e)
	return e
}

//go:wasmexport literal
func literal(a *struct {
	_    structs.HostLayout
	x, y int8 `json:"x"`
	_    [3]byte
	z    [0]struct{} "gone"
}) {
	seen(a)
}

//go:wasmexport ends
func ends(a *EndsInNothing, b *[3]EndsInNothing, c *EndsInMark, d *Holds) { seen(a, b, c, d) }

//go:wasmexport generic
func generic(a *Pair[int8, int64], b *Pair[Point, [2]bool], c *Twice[float32]) { seen(a, b, c) }

//go:wasmexport elsewhere
func elsewhere(a *geo.Place, b geo.Unit, c *[geo.Count]geo.Unit, d *Dotted, e geo.Alias) geo.Unit {
	seen(a, float32(b), c, d, int64(e))
	return b
}

// Not exported:

type shape struct{}

//go:noinline
func (s *shape) scalars(a []string) (b map[string]chan func()) { return nil }

func each[T any, L ~[]T](list L, do func(T)) {
outer:
	for _, element := range list {
		do(element)
		continue outer
	}
	_ = `
//go:wasmexport never
func never(` + "}" + string('}') + string('\'')
}

/*
//go:wasmexport never
*/
func never() { each([]int{1}, func(int) { func() {}() }) }

// go:wasmexport never
var _ = never
