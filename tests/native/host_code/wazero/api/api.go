// Package api states what is used of wazero's package of this name.
package api

import "context"

type Module interface {
	Memory() Memory
	ExportedFunction(name string) Function
}

type Memory interface {
	Read(offset, byteCount uint32) ([]byte, bool)
	Write(offset uint32, v []byte) bool
}

type Function interface {
	Call(ctx context.Context, params ...uint64) ([]uint64, error)
}

type Closer interface {
	Close(context.Context) error
}

func EncodeI32(int32) uint64   { return 0 }
func EncodeI64(int64) uint64   { return 0 }
func EncodeF32(float32) uint64 { return 0 }
func EncodeF64(float64) uint64 { return 0 }
func DecodeF32(uint64) float32 { return 0 }
func DecodeF64(uint64) float64 { return 0 }
