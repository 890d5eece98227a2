package main

//go:wasmexport never
func inWindows(a Missing) {}
