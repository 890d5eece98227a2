package main

import (
	"runtime"
	"sync"
	"time"
)

var (
	mutex     sync.Mutex
	readWrite sync.RWMutex
	group     sync.WaitGroup
)

func receive(c chan int) { <-c }

func send(c chan int) { c <- 1 }

func selects(one, other chan int) {
	select {
	case <-one:
	case other <- 1:
	}
}

func lock() { mutex.Lock() }

type door struct{ cond *sync.Cond }

func (d *door) wait() {
	d.cond.L.Lock()
	d.cond.Wait()
}

func deep(n int, c chan int) {
	if n == 0 {
		receive(c)
	}
	deep(n-1, c)
}

func parent() {
	go receive(make(chan int))
	send(nil)
}

// wait begins goroutines that wait in as many ways as there are.
func wait() {
	mutex.Lock()
	readWrite.Lock()
	group.Add(1)
	go receive(make(chan int))
	go receive(nil)
	go send(make(chan int))
	go selects(make(chan int), make(chan int))
	go func() { select {} }()
	go lock()
	go readWrite.RLock()
	go readWrite.Lock()
	go group.Wait()
	go (&door{sync.NewCond(new(sync.Mutex))}).wait()
	go deep(300, make(chan int))
	go parent()
	for i := range 3 {
		defer func() { go receive(make(chan int)); _ = i }()
	}
}

//go:noinline
func spin() {
	for {
	}
}

//go:wasmexport start
func start(kind int32) {
	wait()
	for range 3 {
		runtime.Gosched()
	}
	switch kind {
	case 0:
		go time.Sleep(time.Hour)
		runtime.Gosched()
		go spin()
		panic("here")
	case 1:
		receive(make(chan int))
	case 2:
		for range 10_000 {
			go receive(make(chan int))
		}
		runtime.Gosched()
		panic("many")
	case 3:
		done := make(chan int)
		go func() {
			spin()
			done <- 1
		}()
		<-done
	case 4:
		time.Sleep(time.Hour)
	case 5:
		// The first one begins the time that the second one notes.
		runtime.GC()
		runtime.GC()
		time.Sleep(150 * time.Second)
		panic("late")
	}
}

func main() {}
