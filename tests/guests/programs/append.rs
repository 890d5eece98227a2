//! Append: each write goes to the end, wherever the position is.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

use wasi::{APPEND, CREAT, FOLLOW, READ, ROOT, SET, WRITE};

fn main() {
    let fd = wasi::open_as(ROOT, FOLLOW, b"log", CREAT, READ | WRITE, APPEND).unwrap();
    assert_eq!(wasi::write(fd, b"one "), Ok(4));
    assert_eq!(wasi::seek(fd, 0, SET), Ok(0));
    assert_eq!(wasi::write(fd, b"two "), Ok(4));
    assert_eq!(wasi::contents("log").unwrap(), b"one two ");
    assert_eq!(call!(fd_fdstat_set_flags(fd, 0)), Ok(()));
    assert_eq!(wasi::seek(fd, 0, SET), Ok(0));
    assert_eq!(wasi::write(fd, b"ONE"), Ok(3));
    assert_eq!(wasi::contents("log").unwrap(), b"ONE two ");
    println!("ok");
}
