// Types is a plugin that exports a function for every type that can cross the border between a
// Wasm module and its host, by value or behind a pointer: what Go makes of each can be seen, and
// called. Each function does something of which the host can see whether it arrived.
package main

import (
	"structs"
	"unicode/utf8"
	"unsafe"
)

// Values: each is one Wasm value.

//go:wasmexport notBool
func notBool(b bool) bool { return !b }

//go:wasmexport negInt32
func negInt32(n int32) int32 { return -n }

//go:wasmexport invUint32
func invUint32(n uint32) uint32 { return ^n }

//go:wasmexport negInt64
func negInt64(n int64) int64 { return -n }

//go:wasmexport invUint64
func invUint64(n uint64) uint64 { return ^n }

// negFloat32 turns the sign over and leaves every other bit, also of what is not a number.
//
//go:wasmexport negFloat32
func negFloat32(x float32) float32 { return -x }

//go:wasmexport negFloat64
func negFloat64(x float64) float64 { return -x }

//go:wasmexport nextUintptr
func nextUintptr(address uintptr) uintptr { return address + 1 }

//go:wasmexport samePointer
func samePointer(p unsafe.Pointer) unsafe.Pointer { return p }

// Strings: an address and a length. They can be taken, not returned.

//go:wasmexport lenString
func lenString(s string) uint32 { return uint32(len(s)) }

//go:wasmexport runesString
func runesString(s string) int32 { return int32(utf8.RuneCountInString(s)) }

// hashString is FNV-1a: it tells any two strings apart that differ in a byte.
//
//go:wasmexport hashString
func hashString(s string) uint64 {
	hash := uint64(14695981039346656037)
	for i := range len(s) {
		hash = (hash ^ uint64(s[i])) * 1099511628211
	}
	return hash
}

// Pointers: an address. What is behind it is the host's to write and to read again.

//go:wasmexport notBoolAt
func notBoolAt(p *bool) { *p = !*p }

//go:wasmexport negInt8At
func negInt8At(p *int8) { *p = -*p }

//go:wasmexport invUint8At
func invUint8At(p *uint8) { *p = ^*p }

//go:wasmexport negInt16At
func negInt16At(p *int16) { *p = -*p }

//go:wasmexport invUint16At
func invUint16At(p *uint16) { *p = ^*p }

//go:wasmexport negInt32At
func negInt32At(p *int32) { *p = -*p }

//go:wasmexport invUint32At
func invUint32At(p *uint32) { *p = ^*p }

//go:wasmexport negInt64At
func negInt64At(p *int64) { *p = -*p }

//go:wasmexport invUint64At
func invUint64At(p *uint64) { *p = ^*p }

//go:wasmexport negFloat32At
func negFloat32At(p *float32) { *p = -*p }

//go:wasmexport negFloat64At
func negFloat64At(p *float64) { *p = -*p }

// Arrays, behind pointers.

//go:wasmexport reverse
func reverse(a *[4]int32) { a[0], a[1], a[2], a[3] = a[3], a[2], a[1], a[0] }

//go:wasmexport sumBytes
func sumBytes(a *[32]uint8) uint32 {
	var sum uint32
	for _, b := range a {
		sum += uint32(b)
	}
	return sum
}

// Grid has rows of columns.
type Grid [2][3]int16

//go:wasmexport flipGrid
func flipGrid(g *Grid) { g[0], g[1] = g[1], g[0] }

// Structs, behind pointers: HostLayout asks for the layout that a C compiler would give them.

// Point is a place.
type Point struct {
	_    structs.HostLayout
	X, Y int32
}

//go:wasmexport movePoint
func movePoint(p *Point, dx, dy int32) {
	p.X += dx
	p.Y += dy
}

// Mixed has padding between its fields and at its end.
type Mixed struct {
	_     structs.HostLayout
	On    bool
	Wide  int64
	Small uint16
	Ratio float32
	Tag   [3]uint8
}

//go:wasmexport touchMixed
func touchMixed(m *Mixed) {
	m.On = !m.On
	m.Wide = -m.Wide
	m.Small++
	m.Ratio *= 2
	m.Tag[0], m.Tag[2] = m.Tag[2], m.Tag[0]
}

// Rect has structs inside, and an array of them.
type Rect struct {
	_        structs.HostLayout
	Min, Max Point
	Marks    [2]Point
	Label    Level
}

//go:wasmexport growRect
func growRect(r *Rect, by int32) int64 {
	r.Min.X -= by
	r.Min.Y -= by
	r.Max.X += by
	r.Max.Y += by
	r.Marks[1] = r.Min
	return int64(r.Max.X-r.Min.X) * int64(r.Max.Y-r.Min.Y)
}

//go:wasmexport sortPoints
func sortPoints(a *[3]Point) {
	for i := range a {
		for j := range a[:i] {
			if a[i].X < a[j].X {
				a[i], a[j] = a[j], a[i]
			}
		}
	}
}

//go:wasmexport noFields
func noFields(p *struct{}) bool { return p != nil }

// Names count as what they name.

// Celsius and Fahrenheit are temperatures.
type (
	Celsius    float64
	Fahrenheit float64
)

//go:wasmexport toFahrenheit
func toFahrenheit(c Celsius) Fahrenheit { return Fahrenheit(c*9/5 + 32) }

// Level is a byte behind a pointer; by value it could not cross.
type Level uint8

//go:wasmexport raise
func raise(l *Level) { *l++ }

// Pointers as results: where something is that lives in the plugin.

var home = Point{X: 3, Y: 4}

//go:wasmexport homePoint
func homePoint() *Point { return &home }

// Several at once.

//go:wasmexport many
func many(on bool, n int64, s string, x float32, p *Point, far uintptr) float64 {
	sum := float64(n) + float64(len(s)) + float64(x) + float64(p.X) + float64(far)
	p.Y = int32(len(s))
	if on {
		return sum
	}
	return -sum
}

func main() {}
