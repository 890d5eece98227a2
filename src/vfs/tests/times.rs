//! Time stamps.

use super::*;

/// When a path was accessed, modified and changed.
fn times(disk: &Disk, path: &str) -> (u64, u64, u64) {
    let metadata = disk.stat(path).unwrap();
    (metadata.accessed.0, metadata.modified.0, metadata.changed.0)
}

#[test]
fn writing_and_cutting_modify_a_file() {
    let mut disk = Disk::new();
    disk.now = Timestamp(2);
    let file = disk.create("file");
    assert_eq!(times(&disk, "file"), (2, 2, 2));
    disk.now = Timestamp(3);
    disk.write(file, 0, "text").unwrap();
    assert_eq!(times(&disk, "file"), (2, 3, 3));
    disk.now = Timestamp(4);
    disk.fs.set_size(file, 0, disk.now).unwrap();
    assert_eq!(times(&disk, "file"), (2, 4, 4));
}

#[test]
fn reading_accesses_a_file_that_has_changed_since() {
    let mut disk = Disk::with(&[("file", "text")]);
    let file = disk.open("file", OpenOptions::READ).unwrap();
    let mut buffer = [0; 2];
    disk.fs.read(file, 9, &mut buffer, Timestamp(2)).unwrap();
    assert_eq!(times(&disk, "file"), (1, 1, 1), "nothing was read");
    disk.fs.read(file, 0, &mut buffer, Timestamp(3)).unwrap();
    disk.fs.read(file, 0, &mut buffer, Timestamp(4)).unwrap();
    assert_eq!(times(&disk, "file"), (3, 1, 1));
}

#[test]
fn names_modify_their_directory_and_change_what_they_name() {
    let mut disk = Disk::with(&[("d/", ""), ("e/", "")]);
    disk.now = Timestamp(2);
    disk.create("d/a");
    assert_eq!(times(&disk, "d"), (1, 2, 2));
    disk.now = Timestamp(3);
    disk.link("d/a", "d/b").unwrap();
    assert_eq!(times(&disk, "d"), (1, 3, 3));
    assert_eq!(times(&disk, "d/a"), (2, 2, 3));
    disk.now = Timestamp(4);
    disk.rename("d/a", "e/a").unwrap();
    assert_eq!(times(&disk, "d"), (1, 4, 4));
    assert_eq!(times(&disk, "e"), (1, 4, 4));
    assert_eq!(times(&disk, "e/a"), (2, 2, 4));
    disk.now = Timestamp(5);
    disk.unlink("d/b").unwrap();
    assert_eq!(times(&disk, "d"), (1, 5, 5));
    assert_eq!(times(&disk, "e/a"), (2, 2, 5));
}

#[test]
fn times_can_be_set_to_anything_and_stay() {
    let mut disk = Disk::with(&[("file", "")]);
    let to = |time| SetTime::To(Timestamp(time));
    disk.fs
        .set_times_at(
            disk.base,
            "file",
            Follow::No,
            to(u64::MAX),
            SetTime::Keep,
            Timestamp(7),
        )
        .unwrap();
    assert_eq!(times(&disk, "file"), (u64::MAX, 1, 7));
    disk.fs
        .set_times_at(
            disk.base,
            "file",
            Follow::No,
            SetTime::Keep,
            to(0),
            Timestamp(8),
        )
        .unwrap();
    assert_eq!(times(&disk, "file"), (u64::MAX, 0, 8));
    disk.rename("file", "moved").unwrap();
    assert_eq!(times(&disk, "moved"), (u64::MAX, 0, 1));
}
