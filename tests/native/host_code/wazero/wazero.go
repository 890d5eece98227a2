// Package wazero states what the host programs that Plugboard writes use of wazero's API, so that a
// compiler can check them without it. It does nothing.
package wazero

import (
	"context"
	"io"

	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"
)

type Runtime interface {
	InstantiateWithConfig(ctx context.Context, source []byte, config ModuleConfig) (api.Module, error)
	NewHostModuleBuilder(moduleName string) HostModuleBuilder
	Close(ctx context.Context) error
}

type RuntimeConfig interface {
	WithMemoryLimitPages(memoryLimitPages uint32) RuntimeConfig
	WithCloseOnContextDone(bool) RuntimeConfig
}

type HostModuleBuilder interface {
	NewFunctionBuilder() HostFunctionBuilder
	Instantiate(ctx context.Context) (api.Module, error)
}

type HostFunctionBuilder interface {
	WithFunc(any) HostFunctionBuilder
	Export(name string) HostModuleBuilder
}

type ModuleConfig interface {
	WithArgs(...string) ModuleConfig
	WithEnv(key, value string) ModuleConfig
	WithFSConfig(FSConfig) ModuleConfig
	WithName(string) ModuleConfig
	WithNanosleep(sys.Nanosleep) ModuleConfig
	WithNanotime(sys.Nanotime, sys.ClockResolution) ModuleConfig
	WithRandSource(io.Reader) ModuleConfig
	WithStartFunctions(...string) ModuleConfig
	WithStderr(io.Writer) ModuleConfig
	WithStdin(io.Reader) ModuleConfig
	WithStdout(io.Writer) ModuleConfig
	WithSysNanosleep() ModuleConfig
	WithSysNanotime() ModuleConfig
	WithSysWalltime() ModuleConfig
	WithWalltime(sys.Walltime, sys.ClockResolution) ModuleConfig
}

type FSConfig interface {
	WithDirMount(dir, guestPath string) FSConfig
	WithReadOnlyDirMount(dir, guestPath string) FSConfig
}

func NewRuntime(context.Context) Runtime                          { return nil }
func NewRuntimeWithConfig(context.Context, RuntimeConfig) Runtime { return nil }
func NewRuntimeConfig() RuntimeConfig                             { return nil }
func NewModuleConfig() ModuleConfig                               { return nil }
func NewFSConfig() FSConfig                                       { return nil }
