//! Limits: a full file system and a full table of descriptors are errnos.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

use wasi::{CREAT, READ, WRITE};

fn main() {
    let fd = wasi::open("file", CREAT, READ | WRITE).unwrap();
    let block = vec![7; 1 << 20];
    let refusal = (0..).find_map(|_| wasi::write(fd, &block).err()).unwrap();
    assert_eq!(refusal, wasi::NOSPC);
    assert_eq!(call!(fd_filestat_set_size(fd, 0)), Ok(()));
    assert_eq!(
        wasi::write(fd, &block),
        Ok(block.len()),
        "there is room again"
    );

    let mut last = fd;
    let refusal = loop {
        match wasi::open("file", 0, READ) {
            Ok(fd) => last = fd,
            Err(errno) => break errno,
        }
    };
    assert_eq!(refusal, wasi::MFILE);
    assert!(last > 5000, "thousands fit");
    assert_eq!(wasi::close(last), Ok(()));
    assert_eq!(wasi::open("file", 0, READ), Ok(last));

    let refusal = (0..)
        .find_map(|number| wasi::mkdir(&format!("d{number}")).err())
        .unwrap();
    assert_eq!(refusal, wasi::NOSPC);
    println!("ok");
}
