//! What is said of files: sizes, links, times; set by descriptor and by path.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

use wasi::{FOLLOW, IS_DIRECTORY, IS_FILE, IS_LINK, READ, ROOT, WRITE};

const ATIME: u32 = 1;
const ATIME_NOW: u32 = 2;
const MTIME: u32 = 4;
const MTIME_NOW: u32 = 8;

fn main() {
    wasi::create("file", b"12345");
    wasi::symlink("file", "link").unwrap();
    wasi::link("file", "hard").unwrap();
    let fd = wasi::open("file", 0, READ | WRITE).unwrap();
    let stat = wasi::filestat(fd).unwrap();
    assert_eq!((stat.filetype, stat.links, stat.size), (IS_FILE, 2, 5));
    assert_eq!(wasi::stat(FOLLOW, "link"), Ok(stat));
    assert_eq!(wasi::stat(0, "hard"), Ok(stat));
    let link = wasi::stat(0, "link").unwrap();
    assert_eq!((link.filetype, link.size), (IS_LINK, 4));
    assert_ne!(link.inode, stat.inode);
    assert_eq!(wasi::filestat(ROOT).unwrap().filetype, IS_DIRECTORY);
    assert_eq!(wasi::stat(0, "none"), Err(wasi::NOENT));
    assert_eq!(wasi::stat(0, "file/"), Err(wasi::NOTDIR));

    assert_eq!(call!(fd_filestat_set_size(fd, 1 << 20)), Ok(()));
    assert_eq!(wasi::filestat(fd).unwrap().size, 1 << 20);
    let mut byte = [1];
    assert_eq!(wasi::pread(fd, &mut byte, (1 << 20) - 1), Ok(1));
    assert_eq!(byte, [0]);
    assert_eq!(call!(fd_filestat_set_size(fd, 2)), Ok(()));
    assert_eq!(wasi::contents("file").unwrap(), b"12");
    assert_eq!(call!(fd_filestat_set_size(fd, u64::MAX)), Err(wasi::INVAL));
    let reader = wasi::open("file", 0, READ).unwrap();
    assert!(call!(fd_filestat_set_size(reader, 0)).is_err());

    assert_eq!(
        call!(fd_filestat_set_times(fd, 111, 222, ATIME | MTIME)),
        Ok(())
    );
    let stat = wasi::filestat(fd).unwrap();
    assert_eq!((stat.accessed, stat.modified), (111, 222));
    assert_eq!(call!(fd_filestat_set_times(fd, 0, 0, MTIME_NOW)), Ok(()));
    let stat = wasi::filestat(fd).unwrap();
    assert_eq!(stat.accessed, 111);
    assert!(stat.modified > 222);
    assert_eq!(
        call!(fd_filestat_set_times(fd, 0, 0, ATIME | ATIME_NOW)),
        Err(wasi::INVAL)
    );

    // By path: the link, or what it leads to.
    let times = |lookup, accessed, path: &str| {
        let (path, length) = (path.as_ptr(), path.len());
        call!(path_filestat_set_times(
            ROOT, lookup, path, length, accessed, 0, ATIME
        ))
    };
    assert_eq!(times(0, 333, "link"), Ok(()));
    assert_eq!(times(FOLLOW, 444, "link"), Ok(()));
    assert_eq!(wasi::stat(0, "link").unwrap().accessed, 333);
    assert_eq!(wasi::stat(0, "file").unwrap().accessed, 444);
    assert_eq!(times(0, 0, "none"), Err(wasi::NOENT));
    println!("ok");
}
