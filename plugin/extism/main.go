// Extism is a plugin for hosts of Extism, written without its SDK: host.go has what that would bring. Its exports take nothing and return
// 0 or an error; what they are called with, and what they give, crosses through the host.
package main

import (
	"strconv"
	"strings"
)

// greet greets whom the input names, as the configuration says.
//
//go:wasmexport greet
func greet() int32 {
	greeting := config("greeting")
	if greeting == "" {
		greeting = "Hello"
	}
	name := string(input())
	if name == "" {
		return fail("whom? The input is empty")
	}
	logInfo("greeting " + name)
	output([]byte(greeting + ", " + name + "!"))
	return 0
}

// count counts its calls in a variable, which lasts from one call to the next.
//
//go:wasmexport count
func count() int32 {
	times, _ := strconv.Atoi(string(variable("count")))
	times++
	setVariable("count", []byte(strconv.Itoa(times)))
	output([]byte(`{"count": ` + strconv.Itoa(times) + `}`))
	return 0
}

// fetch gets what is at the address that the input is, if the host allows it.
//
//go:wasmexport fetch
func fetch() int32 {
	status, body := get(strings.TrimSpace(string(input())))
	logDebug("status " + strconv.Itoa(int(status)))
	output(body)
	return 0
}

// shout has a function of the host's own change the input.
//
//go:wasmexport shout
func shout() int32 {
	output(read(upper(write(input()))))
	return 0
}

// upper is a function that is no part of Extism: each host has its own.
//
//go:wasmimport extism:host/user upper
func upper(text uint64) uint64

// fail makes the call fail, with this text.
func fail(text string) int32 {
	setError(write([]byte(text)))
	return 1
}

// main is never called in a reactor, but Go wants one.
func main() {}
