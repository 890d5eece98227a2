//! Directories and names: made, removed, refused.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

use wasi::{CREAT, DIRECTORY, READ, WRITE};

fn main() {
    wasi::mkdir("d").unwrap();
    assert_eq!(wasi::mkdir("d"), Err(wasi::EXIST));
    assert_eq!(wasi::mkdir("none/d"), Err(wasi::NOENT));
    wasi::mkdir("d/sub/").unwrap();
    wasi::create("d/file", b"x");
    assert_eq!(wasi::mkdir("d/file/x"), Err(wasi::NOTDIR));

    assert_eq!(wasi::rmdir("d"), Err(wasi::NOTEMPTY));
    assert_eq!(wasi::rmdir("d/file"), Err(wasi::NOTDIR));
    assert_eq!(wasi::rmdir("none"), Err(wasi::NOENT));
    assert_eq!(wasi::rmdir("d/sub/"), Ok(()));

    assert_eq!(wasi::unlink("d"), Err(wasi::ISDIR));
    assert_eq!(wasi::unlink("d/file/"), Err(wasi::NOTDIR));
    assert_eq!(wasi::unlink("none"), Err(wasi::NOENT));

    // A file lives on while it is open.
    let fd = wasi::open("d/file", 0, READ | WRITE).unwrap();
    assert_eq!(wasi::unlink("d/file"), Ok(()));
    assert_eq!(wasi::stat(0, "d/file"), Err(wasi::NOENT));
    assert_eq!(wasi::filestat(fd).unwrap().links, 0);
    assert_eq!(wasi::write(fd, b"still"), Ok(5));
    let mut buffer = [0; 5];
    assert_eq!(wasi::pread(fd, &mut buffer, 0), Ok(5));
    assert_eq!(&buffer, b"still");

    // And so does a directory, in which nothing can be made any more.
    let gone = wasi::open("d", DIRECTORY, READ).unwrap();
    assert_eq!(wasi::rmdir("d"), Ok(()));
    assert_eq!(
        wasi::open_as(gone, 0, b"file", CREAT, WRITE, 0),
        Err(wasi::NOENT)
    );
    println!("ok");
}
