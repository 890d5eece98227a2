//! Reading and writing: where, how much, and by whom.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

use wasi::{CREAT, CUR, END, READ, SET, WRITE};

fn main() {
    let fd = wasi::open("file", CREAT, READ | WRITE).unwrap();
    assert_eq!(wasi::write(fd, b"hello"), Ok(5));
    assert_eq!(wasi::seek(fd, -4, CUR), Ok(1));
    let mut buffer = [b'?'; 8];
    assert_eq!(wasi::read(fd, &mut buffer), Ok(4));
    assert_eq!(&buffer, b"ello????");
    assert_eq!(wasi::read(fd, &mut buffer), Ok(0), "the end");

    let mut position = 0;
    assert_eq!(call!(fd_tell(fd, &mut position)), Ok(()));
    assert_eq!(position, 5);
    assert_eq!(wasi::pwrite(fd, b"J", 0), Ok(1));
    assert_eq!(wasi::pread(fd, &mut buffer, 3), Ok(2));
    assert_eq!(&buffer[..2], b"lo");
    assert_eq!(wasi::seek(fd, 0, CUR), Ok(5), "they do not move it");

    // A hole reads as zeros; to write nothing beyond the end does not grow the file.
    assert_eq!(wasi::pwrite(fd, b"", 100), Ok(0));
    assert_eq!(wasi::filestat(fd).unwrap().size, 5);
    assert_eq!(wasi::seek(fd, 3, END), Ok(8));
    assert_eq!(wasi::write(fd, b"!"), Ok(1));
    assert_eq!(wasi::contents("file").unwrap(), b"Jello\0\0\0!");

    // Nowhere to go.
    assert_eq!(wasi::seek(fd, -1, SET), Err(wasi::INVAL));
    assert_eq!(wasi::seek(fd, i64::MIN, CUR), Err(wasi::INVAL));
    assert_eq!(wasi::seek(fd, 0, 3), Err(wasi::INVAL));
    assert_eq!(wasi::seek(1, 0, SET), Err(wasi::SPIPE));
    assert_eq!(wasi::pwrite(fd, b"x", i64::MAX as u64), Err(wasi::FBIG));
    assert_eq!(wasi::pread(fd, &mut buffer, i64::MAX as u64), Ok(0));

    // What is open for one is not for the other.
    let reader = wasi::open("file", 0, READ).unwrap();
    assert_eq!(wasi::write(reader, b"x"), Err(wasi::BADF));
    assert_eq!(wasi::pwrite(reader, b"x", 0), Err(wasi::BADF));
    let writer = wasi::open("file", 0, WRITE).unwrap();
    assert_eq!(wasi::read(writer, &mut buffer), Err(wasi::BADF));
    assert_eq!(wasi::read(99, &mut buffer), Err(wasi::BADF));

    // All that is in one call is one write; lengths are of the guest's memory.
    let [a, b] = [b"ab", b"cd"].map(|text| wasi::Iovec {
        data: text.as_ptr(),
        length: 2,
    });
    let mut n = 0;
    assert_eq!(call!(fd_write(writer, [a, b].as_ptr(), 2, &mut n)), Ok(()));
    assert_eq!(
        (n, wasi::contents("file").unwrap()),
        (4, b"abcdo\0\0\0!".to_vec())
    );
    let all = wasi::Iovec {
        data: buffer.as_ptr(),
        length: usize::MAX,
    };
    assert_eq!(call!(fd_write(writer, &all, 1, &mut n)), Err(wasi::FAULT));
    assert_eq!(call!(fd_read(reader, &all, 1, &mut n)), Err(wasi::FAULT));
    println!("ok");
}
