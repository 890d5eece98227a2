// Package mark is imported into the file's own scope.
package mark

import . "structs"

// Dotted is found without the name of its package.
type Dotted struct {
	HostLayout
	a int16
}
