//! A read-only preopen: read, and never changed.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

use wasi::{APPEND, CREAT, FOLLOW, READ, ROOT, TRUNC, WRITE};

fn main() {
    assert_eq!(wasi::contents("file").unwrap(), b"kept");
    let refused = [
        wasi::open("file", 0, WRITE).map(drop),
        wasi::open("file", TRUNC, READ).map(drop),
        wasi::open("new", CREAT, READ).map(drop),
        wasi::open_as(ROOT, FOLLOW, b"file", 0, WRITE, APPEND).map(drop),
        wasi::mkdir("new"),
        wasi::rmdir("d"),
        wasi::unlink("file"),
        wasi::symlink("file", "new"),
        wasi::link("file", "new"),
        wasi::rename("file", "new"),
        call!(path_filestat_set_times(
            ROOT,
            0,
            b"file".as_ptr(),
            4,
            1,
            1,
            5
        )),
    ];
    for (index, result) in refused.into_iter().enumerate() {
        let is_refusal = matches!(result, Err(wasi::ROFS | wasi::PERM));
        assert!(is_refusal, "number {index}: {result:?}");
    }
    let fd = wasi::open("file", 0, READ).unwrap();
    assert!(call!(fd_filestat_set_size(fd, 0)).is_err());
    assert!(call!(fd_filestat_set_times(fd, 1, 1, 5)).is_err());
    assert_eq!(wasi::contents("file").unwrap(), b"kept");
    println!("ok");
}
