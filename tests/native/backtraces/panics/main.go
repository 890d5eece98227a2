package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

type List struct {
	next  *List
	value int
}

func (l *List) Push(v int) int { return l.next.value + v }

type Shape interface{ Area() int }
type Square struct{ side []int }

func (s Square) Area() int { return s.side[3] }

//go:noinline
func Map[T any](xs []T, f func(T) T) []T {
	for i, x := range xs {
		xs[i] = f(x)
	}
	return xs
}

//go:noinline
func deep(n int) int {
	if n == 0 {
		panic("bottom")
	}
	return deep(n-1) + 1
}

func inlined(xs []int, i int) int      { return xs[i] }
func inlinedTwice(xs []int, i int) int { return inlined(xs, i+1) + 1 }

//go:noinline
func calls(f func(int) int) int { return f(1) }

//go:wasmimport host ask
func ask()

var sink any

//go:wasmexport fail
func fail(kind int32) {
	switch kind {
	case 0:
		var l List
		sink = l.Push(1)
	case 1:
		var s Shape = Square{}
		sink = s.Area()
	case 2:
		sink = deep(20)
	case 3:
		done := make(chan int)
		go func() { panic("in a goroutine"); done <- 1 }()
		sink = <-done
	case 4:
		f := (&List{}).Push
		sink = calls(f)
	case 5:
		n := 7
		sink = calls(func(i int) int { var m map[string]int; m["x"] = i + n; return 1 })
	case 6:
		defer func() { r := recover(); panic(fmt.Sprint("again: ", r)) }()
		panic(errors.New("first"))
	case 7:
		sink = len(Map([]int{1, 2}, func(i int) int { return 1 / (i - 1) }))
	case 8:
		sink = inlinedTwice([]int{1}, int(kind))
	case 9:
		sink = len(strings.Repeat("x", -1))
	case 10:
		os.Exit(3)
	case 11:
		deep(100000)
	case 12:
		for i := 0; ; i++ {
			kind += int32(inlined([]int{1, 2}, i&1))
		}
	case 13:
		var line string
		fmt.Scanln(&line)
	case 14:
		Map([]string{"a"}, func(s string) string {
			for {
				kind++
			}
		})
	case 15:
		<-make(chan int)
	case 16:
		ask()
	}
}

func main() {}
