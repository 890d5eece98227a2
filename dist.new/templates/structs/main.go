// A plugin that is given structs. Each crosses as its address: the host writes it into the plugin's
// memory byte by byte, and reads what has become of it.
package main

import (
	"math"
	"structs"
)

// Point has the layout that a C compiler would give it: HostLayout asks for that.
type Point struct {
	_    structs.HostLayout
	X, Y float64
}

// Line has two structs within it, and a flag.
type Line struct {
	_        structs.HostLayout
	From, To Point
	Dashed   bool
}

// length returns how long a line is.
//
//go:wasmexport length
func length(line *Line) float64 {
	return math.Hypot(line.To.X-line.From.X, line.To.Y-line.From.Y)
}

// move changes the struct that it is given; the host sees it.
//
//go:wasmexport move
func move(line *Line, by *Point) {
	for _, end := range []*Point{&line.From, &line.To} {
		end.X += by.X
		end.Y += by.Y
	}
}

// main is never called in a reactor, but Go wants one.
func main() {}
