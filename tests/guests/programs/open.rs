//! Opening: what must, may and must not be there, and paths that would leave.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

use wasi::{CREAT, DIRECTORY, EXCL, READ, ROOT, TRUNC, WRITE};

fn main() {
    wasi::create("file", b"content");
    wasi::mkdir("d").unwrap();
    wasi::symlink("file", "link").unwrap();
    wasi::symlink("nowhere", "dangling").unwrap();
    wasi::symlink("loop", "loop").unwrap();
    wasi::symlink("../../etc", "out").unwrap();

    assert_eq!(wasi::open("none", 0, READ), Err(wasi::NOENT));
    assert_eq!(wasi::open("file", CREAT | EXCL, WRITE), Err(wasi::EXIST));
    assert_eq!(wasi::open("file", DIRECTORY, READ), Err(wasi::NOTDIR));
    assert_eq!(wasi::open("file/", 0, READ), Err(wasi::NOTDIR));
    assert_eq!(wasi::open("file/x", 0, READ), Err(wasi::NOTDIR));
    assert_eq!(wasi::open("d", 0, WRITE), Err(wasi::ISDIR));
    assert_eq!(wasi::open("", 0, READ), Err(wasi::NOENT));
    assert_eq!(wasi::open("new/", CREAT, WRITE), Err(wasi::ISDIR));
    assert_eq!(
        wasi::open("file", CREAT | DIRECTORY, READ),
        Err(wasi::INVAL)
    );
    wasi::open("file", TRUNC, WRITE).unwrap();
    assert_eq!(wasi::contents("file").unwrap(), b"");

    // Symbolic links: followed unless it is forbidden; in the middle always.
    assert!(wasi::open("link", 0, READ).is_ok());
    assert_eq!(wasi::open_as(ROOT, 0, b"link", 0, READ, 0), Err(wasi::LOOP));
    assert_eq!(
        wasi::open_as(ROOT, 0, b"dangling", 0, READ, 0),
        Err(wasi::LOOP)
    );
    assert_eq!(wasi::open("dangling", 0, READ), Err(wasi::NOENT));
    assert_eq!(
        wasi::open("dangling", CREAT | EXCL, WRITE),
        Err(wasi::EXIST)
    );
    assert_eq!(wasi::open("loop", 0, READ), Err(wasi::LOOP));
    assert_eq!(wasi::open("loop/x", 0, READ), Err(wasi::LOOP));

    // Nothing leads out.
    for path in [
        "..",
        "../etc",
        "d/../../etc",
        "/",
        "/file",
        "out",
        "out/passwd",
        "d/../..",
    ] {
        assert_eq!(wasi::open(path, 0, READ), Err(wasi::PERM), "{path}");
    }
    assert!(wasi::open("d/../file", 0, READ).is_ok());
    let d = wasi::open("d", DIRECTORY, READ).unwrap();
    assert_eq!(wasi::open_as(d, 0, b"../file", 0, READ, 0), Err(wasi::PERM));

    // What is no path.
    assert_eq!(
        wasi::open_as(ROOT, 0, b"\xff", CREAT, WRITE, 0),
        Err(wasi::ILSEQ)
    );
    assert!(wasi::open_as(ROOT, 0, b"a\0b", CREAT, WRITE, 0).is_err());
    assert_eq!(
        wasi::open(&"n".repeat(256), CREAT, WRITE),
        Err(wasi::NAMETOOLONG)
    );
    assert_eq!(
        wasi::open(&"d/".repeat(1 << 19), 0, READ),
        Err(wasi::NAMETOOLONG)
    );
    assert_eq!(wasi::open_as(99, 0, b"file", 0, READ, 0), Err(wasi::BADF));
    assert_eq!(wasi::open_as(1, 0, b"file", 0, READ, 0), Err(wasi::NOTDIR));
    let fd = wasi::open("file", 0, READ).unwrap();
    assert_eq!(wasi::open_as(fd, 0, b"x", 0, READ, 0), Err(wasi::NOTDIR));
    let mut opened = 0;
    let (path, bad) = (b"file".as_ptr(), u32::MAX as usize as *mut u32);
    let result = call!(path_open(
        ROOT,
        0,
        path,
        usize::MAX,
        0,
        READ,
        0,
        0,
        &mut opened
    ));
    assert_eq!(result, Err(wasi::FAULT));
    let result = call!(path_open(ROOT, 0, path, 4, 0, READ, 0, 0, bad));
    assert_eq!(result, Err(wasi::FAULT));
    println!("ok");
}
