// Package sys states what is used of wazero's package of this name.
package sys

type ExitError struct{}

func (*ExitError) Error() string    { return "" }
func (*ExitError) ExitCode() uint32 { return 0 }

type (
	ClockResolution uint32
	Walltime        func() (sec int64, nsec int32)
	Nanotime        func() int64
	Nanosleep       func(ns int64)
)
