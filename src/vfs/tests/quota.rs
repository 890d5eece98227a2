//! What may be stored.

use super::*;

fn disk(bytes: u64) -> Disk {
    Disk::with_quota(Quota {
        bytes,
        inodes: 4,
        file_bytes: 1 << 20,
    })
}

#[test]
fn bytes_are_charged_by_the_block_and_given_back() {
    let mut disk = disk(10_000);
    let before = disk.fs.usage();
    let file = disk.create("file");
    disk.write(file, 0, "x").unwrap();
    assert_eq!(disk.fs.usage().bytes, before.bytes + 32 + 4 + 512);
    disk.write(file, 1, "x").unwrap();
    assert_eq!(disk.fs.usage().bytes, before.bytes + 32 + 4 + 512);
    disk.unlink("file").unwrap();
    disk.fs.release(file);
    assert_eq!(disk.fs.usage(), before);
}

#[test]
fn a_write_stops_where_the_quota_does() {
    let mut disk = disk(1_100);
    let file = disk.create("file");
    assert_eq!(disk.write(file, 0, &"x".repeat(5_000)), Ok(1_024));
    assert_eq!(disk.write(file, 1_024, "x"), Err(Error::NoSpace));
    assert_eq!(
        disk.write(file, 0, &"y".repeat(5_000)),
        Ok(1_024),
        "what is there is paid for"
    );
    assert_eq!(disk.fs.metadata(file).unwrap().size, 1_024);
}

#[test]
fn a_file_ends_at_its_largest_size() {
    let mut disk = disk(10_000);
    let file = disk.create("file");
    let limit = 1 << 20;
    assert_eq!(disk.write(file, limit - 2, "xxx"), Ok(2));
    assert_eq!(disk.write(file, limit, "x"), Err(Error::FileTooLarge));
    assert_eq!(disk.write(file, u64::MAX, "x"), Err(Error::FileTooLarge));
    let now = disk.now;
    assert_eq!(disk.fs.set_size(file, limit, now), Ok(()));
    for size in [limit + 1, u64::MAX] {
        assert_eq!(disk.fs.set_size(file, size, now), Err(Error::FileTooLarge));
    }
    assert_eq!(
        disk.fs.allocate_range(file, u64::MAX, 2, now),
        Err(Error::FileTooLarge)
    );
}

#[test]
fn inodes_of_every_kind_are_counted() {
    let mut disk = disk(10_000);
    disk.create("file");
    disk.mkdir("d").unwrap();
    disk.symlink("x", "link").unwrap();
    assert_eq!(disk.open("more", CREATE), Err(Error::NoSpace));
    assert_eq!(disk.mkdir("more"), Err(Error::NoSpace));
    assert_eq!(disk.symlink("x", "more"), Err(Error::NoSpace));
    disk.link("file", "more").unwrap();
    disk.rmdir("d").unwrap();
    disk.mkdir("e").unwrap();
}

#[test]
fn names_and_targets_are_charged() {
    let mut disk = disk(100);
    assert_eq!(disk.symlink(&"t".repeat(80), "a"), Err(Error::NoSpace));
    disk.create("a");
    disk.link("a", "b").unwrap();
    disk.link("a", "c").unwrap();
    assert_eq!(disk.link("a", "d"), Err(Error::NoSpace));
    disk.unlink("b").unwrap();
    disk.link("a", "d").unwrap();
}

#[test]
fn the_host_is_not_refused() {
    let mut disk = disk(10);
    let mut tree = Tree::default();
    for n in 0..10 {
        tree.insert(&n.to_string(), Tree::File(vec![0; 100]))
            .unwrap();
    }
    let (root, now) = (disk.base.directory, disk.now);
    disk.fs.add_tree(root, tree, now).unwrap();
    assert_eq!(disk.paths().len(), 10);
    assert_eq!(disk.mkdir("more"), Err(Error::NoSpace));
}
