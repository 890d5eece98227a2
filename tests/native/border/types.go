package main

import host "structs"

// Layout is structs.HostLayout under another name.
type Layout = host.HostLayout

// Sizes, in as many ways as there are.
const (
	KB = 1 << (10 * (iota + 1))
	MB
)

const Half, Columns = 1.5, 'd' - 'a'

// Words has as many elements as it has.
var Words = [...]string{1: "b", 0: "a", 4: "e"}

type (
	Celsius float64
	Flag    bool
	Text    string
	Level   int16
	Small   uint8
	Handle  uintptr
	// Matrix is of arrays of arrays.
	Matrix [2][3]Level
	// PointPointer is a pointer with a name.
	PointPointer *Point
)

// Point is the usual one.
type Point struct {
	_    Layout
	X, Y int32
}

// Mixed has padding between its fields and at its end.
type Mixed struct {
	On    bool
	Wide  int64
	small uint16
	_, _  byte
	Ratio float32
	host.HostLayout
	Tag [3]byte `json:"tag"`
}

// Marked has nothing but its mark.
type Marked struct{ host.HostLayout }

// Outer embeds other types.
type Outer struct {
	_ host.HostLayout
	Point
	Level
	inner struct {
		_ host.HostLayout
		a int8
		b float64
	}
	points [2]Point
	empty  struct{}
	last   bool
}

// EndsInNothing has a byte of padding for what is at its end.
type EndsInNothing struct {
	_    Layout
	a    int32
	none struct{}
}

// EndsInMark too.
type EndsInMark struct {
	a int64
	b bool
	_ Layout
}

// Holds those.
type Holds struct {
	Layout
	a    int8
	end  EndsInNothing
	b    int8
	mark EndsInMark
	c    int8
	none [0]int64
}

// Pair is generic.
type Pair[A, B any] struct {
	_      Layout
	first  A
	second B
}

// Twice is an alias with a parameter.
type Twice[T interface{ ~float32 | ~float64 }] struct {
	Layout
	Pair[T, [2]T]
}
