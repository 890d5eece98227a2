//! Exiting: with any code, from the middle of anything.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

fn main() {
    // Not flushed by what follows: nothing else runs.
    wasi::write(1, b"before\n").unwrap();
    let _guard = Guard;
    std::process::exit(42);
}

struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        wasi::write(1, b"after\n").unwrap();
    }
}
