package geo

const more = 1

// Unit is of length.
type Unit float32
