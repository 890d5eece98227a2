// sqlc is a plugin that sqlc starts to generate code, without sqlc's SDK and without one of protobuf's: it lists the queries that it is given.
package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// generate is the procedure that sqlc names in the arguments.
const generate = "/plugin.CodegenService/Generate"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func run() error {
	if len(os.Args) != 2 || os.Args[1] != generate {
		return fmt.Errorf("unknown method: %q", os.Args[1:])
	}
	request, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	list := "-- " + os.Getenv("SQLC_VERSION") + "\n"
	// The queries are field 3: text, name, cmd.
	err = each(request, func(number uint64, query []byte) error {
		if number != 3 {
			return nil
		}
		var parts [4]string
		err := each(query, func(number uint64, part []byte) error {
			if number < 4 {
				parts[number] = string(part)
			}
			return nil
		})
		list += parts[2] + " " + parts[3] + ": " + parts[1] + "\n"
		return err
	})
	if err != nil {
		return err
	}
	// A response is files, field 1: name, contents.
	file := put(put(nil, 1, "queries.txt"), 2, list)
	_, err = os.Stdout.Write(put(nil, 1, string(file)))
	return err
}

// each tells the fields of a message that have a length.
func each(message []byte, tell func(number uint64, content []byte) error) error {
	for len(message) > 0 {
		tag, n := binary.Uvarint(message)
		if n <= 0 || tag&7 != 2 && tag&7 != 0 {
			return errors.New("it is no GenerateRequest")
		}
		message = message[n:]
		length, n := binary.Uvarint(message)
		if n <= 0 {
			return errors.New("it is cut short")
		}
		message = message[n:]
		if tag&7 == 0 {
			continue
		}
		if uint64(len(message)) < length {
			return errors.New("it is cut short")
		}
		if err := tell(tag>>3, message[:length]); err != nil {
			return err
		}
		message = message[length:]
	}
	return nil
}

// put appends a field that has a length.
func put(message []byte, number uint64, content string) []byte {
	message = binary.AppendUvarint(message, number<<3|2)
	message = binary.AppendUvarint(message, uint64(len(content)))
	return append(message, content...)
}
