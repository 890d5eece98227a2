// A command: nothing is exported, so main runs once, when its host calls _start. It numbers the lines
// of its standard input, and counts their words.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

func main() {
	fmt.Println("Type lines, and end with Ctrl+D.")
	words := 0
	lines := bufio.NewScanner(os.Stdin)
	for number := 1; lines.Scan(); number++ {
		fmt.Printf("%d: %s\n", number, lines.Text())
		words += len(strings.Fields(lines.Text()))
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, "reading stdin:", err)
		os.Exit(1)
	}
	fmt.Println(words, "words")
}
