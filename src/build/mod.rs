//! From Go source to a module: what `go build` does, with Go's own compiler and linker as guests.

mod gunzip;

pub use self::gunzip::gunzip;
