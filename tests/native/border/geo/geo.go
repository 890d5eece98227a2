// Package geo is another package than the plugin's own.
package geo

import "structs"

// Count is a length.
const Count = 2 + more

// Place is of types of this package.
type Place struct {
	structs.HostLayout
	at    [Count]Unit
	named bool
}

// Alias is of a predeclared type.
type Alias = int64

//go:wasmexport geo.move
func move(p *Place, by Unit) {
	for i := range p.at {
		p.at[i] += by
	}
}
