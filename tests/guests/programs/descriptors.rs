//! Descriptors: what they are, their flags and rights; closing, renumbering, syncing.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

use wasi::{CREAT, IS_DIRECTORY, IS_FILE, NONBLOCK, READ, ROOT, WRITE};

fn main() {
    wasi::create("file", b"one");
    wasi::create("other", b"two");
    let fd = wasi::open("file", 0, READ | WRITE).unwrap();
    assert_eq!(wasi::fdstat(fd).unwrap().filetype, IS_FILE);
    assert_eq!(wasi::fdstat(ROOT).unwrap().filetype, IS_DIRECTORY);
    assert_eq!(call!(fd_fdstat_set_flags(fd, NONBLOCK)), Ok(()));
    assert_eq!(u32::from(wasi::fdstat(fd).unwrap().flags), NONBLOCK);
    assert_eq!(call!(fd_fdstat_set_flags(99, 0)), Err(wasi::BADF));
    for stdio in 0..3 {
        assert_eq!(call!(fd_fdstat_set_flags(stdio, NONBLOCK)), Ok(()));
    }

    let before = wasi::fdstat(fd).unwrap();
    assert_eq!(before.base & (READ | WRITE), READ | WRITE);
    assert_eq!(call!(fd_fdstat_set_rights(99, 0, 0)), Err(wasi::BADF));
    // wasmtime has given up on rights.
    assert_eq!(call!(fd_fdstat_set_rights(fd, READ, 0)), Err(wasi::NOTSUP));

    assert_eq!(call!(fd_sync(fd)), Ok(()));
    assert_eq!(call!(fd_datasync(fd)), Ok(()));
    assert_eq!(call!(fd_sync(99)), Err(wasi::BADF));
    assert_eq!(call!(fd_datasync(99)), Err(wasi::BADF));
    for advice in 0..6 {
        assert_eq!(call!(fd_advise(fd, 1, 1 << 40, advice)), Ok(()));
    }
    assert_eq!(call!(fd_advise(fd, 0, 0, 6)), Err(wasi::INVAL));
    assert_eq!(call!(fd_allocate(fd, 0, 10)), Ok(()));
    assert_eq!(wasi::stat(0, "file").unwrap().size, 10);
    assert_eq!(call!(fd_allocate(99, 0, 10)), Err(wasi::BADF));

    let other = wasi::open("other", 0, READ).unwrap();
    assert_eq!(call!(fd_renumber(other, fd)), Ok(()));
    let mut buffer = [0; 3];
    assert_eq!(wasi::read(fd, &mut buffer), Ok(3));
    assert_eq!(&buffer, b"two");
    assert_eq!(
        wasi::read(other, &mut buffer),
        Err(wasi::BADF),
        "it has moved"
    );
    assert_eq!(call!(fd_renumber(fd, fd)), Ok(()));
    assert_eq!(call!(fd_renumber(99, fd)), Err(wasi::BADF));

    assert_eq!(wasi::close(fd), Ok(()));
    assert_eq!(wasi::close(fd), Err(wasi::BADF));
    let again = wasi::open("new", CREAT, WRITE).unwrap();
    assert!(again <= other, "numbers are used again");
    println!("ok");
}
