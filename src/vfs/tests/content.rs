//! What files hold.

use super::*;

#[test]
fn writes_are_read_back_across_chunks() {
    let mut disk = Disk::new();
    let file = disk.create("file");
    let text: String = (0..40_000).map(|n| format!("{n:5}")).collect();
    for offset in [0, 1, 65_535, 65_536, 131_071] {
        disk.fs.set_size(file, 0, disk.now).unwrap();
        assert_eq!(disk.write(file, offset, &text), Ok(text.len()));
        let mut buffer = vec![b'?'; text.len() + 10];
        let read = disk.fs.read(file, offset, &mut buffer, disk.now).unwrap();
        assert_eq!(read, text.len());
        assert_eq!(&buffer[..read], text.as_bytes());
        assert_eq!(&buffer[read..], b"??????????", "the rest is not touched");
    }
}

#[test]
fn a_hole_reads_as_zeros_and_costs_nothing() {
    let mut disk = Disk::new();
    let file = disk.create("file");
    disk.write(file, 0, "start").unwrap();
    let before = disk.fs.usage().bytes;
    disk.write(file, 1 << 33, "end").unwrap();
    assert_eq!(disk.fs.usage().bytes - before, 512);
    assert_eq!(disk.fs.metadata(file).unwrap().size, (1 << 33) + 3);
    let mut buffer = [b'?'; 8];
    assert_eq!(disk.fs.read(file, 3, &mut buffer, disk.now), Ok(8));
    assert_eq!(&buffer, b"rt\0\0\0\0\0\0");
    assert_eq!(
        disk.fs.read(file, (1 << 33) - 2, &mut buffer, disk.now),
        Ok(5)
    );
    assert_eq!(&buffer[..5], b"\0\0end");
}

#[test]
fn nothing_written_changes_nothing() {
    let mut disk = Disk::new();
    let file = disk.create("file");
    disk.now = Timestamp(9);
    assert_eq!(disk.write(file, 100, ""), Ok(0));
    let metadata = disk.fs.metadata(file).unwrap();
    assert_eq!((metadata.size, metadata.modified), (0, Timestamp(1)));
}

#[test]
fn what_was_cut_off_does_not_come_back() {
    let mut disk = Disk::new();
    let file = disk.create("file");
    let before = disk.fs.usage();
    disk.write(file, 0, &"x".repeat(200_000)).unwrap();
    for size in [131_072, 131_071, 70_000, 65_536, 65_535, 3] {
        disk.fs.set_size(file, size, disk.now).unwrap();
        disk.fs.set_size(file, 200_000, disk.now).unwrap();
        let contents = disk.fs.contents(file).unwrap();
        let kept = contents.iter().filter(|byte| **byte == b'x').count();
        assert_eq!(kept as u64, size);
    }
    disk.fs.set_size(file, 0, disk.now).unwrap();
    assert_eq!(disk.fs.usage(), before);
}

#[test]
fn reads_at_and_beyond_the_end_are_of_nothing() {
    let mut disk = Disk::with(&[("file", "text")]);
    let file = disk.open("file", OpenOptions::READ).unwrap();
    let mut buffer = [b'?'; 4];
    for offset in [4, 5, u64::MAX] {
        assert_eq!(disk.fs.read(file, offset, &mut buffer, disk.now), Ok(0));
    }
    assert_eq!(&buffer, b"????");
}

#[test]
fn directories_and_links_hold_no_bytes() {
    let mut disk = Disk::with(&[("d/", "")]);
    disk.symlink("d", "link").unwrap();
    let now = disk.now;
    for (path, error) in [("d", Error::IsDirectory), ("link", Error::Invalid)] {
        let inode = disk.stat(path).unwrap().inode;
        assert_eq!(disk.fs.read(inode, 0, &mut [], now), Err(error));
        assert_eq!(disk.fs.write(inode, 0, b"x", now), Err(error));
        assert_eq!(disk.fs.set_size(inode, 0, now), Err(error));
    }
}
