// Hello is a command: its host calls _start once. It prints what a program is given: its
// arguments, its environment and its standard input.
package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	fmt.Println("Hello from Go")
	for i, arg := range os.Args {
		fmt.Printf("arg %d: %s\n", i, arg)
	}
	for _, variable := range os.Environ() {
		fmt.Printf("env: %s\n", variable)
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fmt.Printf("stdin: %s\n", lines.Text())
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, "hello: reading stdin:", err)
		os.Exit(1)
	}
}
