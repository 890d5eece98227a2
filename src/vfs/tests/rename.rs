//! Moving names. Which errors a rename has is tested where guests see them.

use super::*;

#[test]
fn what_is_replaced_is_gone_and_what_moved_is_the_same() {
    let mut disk = Disk::with(&[("a", "A"), ("d/b", "B")]);
    let before = disk.stat("a").unwrap().inode;
    disk.rename("a", "d/b").unwrap();
    assert_eq!(disk.paths(), ["d", "d/b"]);
    assert_eq!(disk.stat("d/b").unwrap().inode, before);
    assert_eq!(disk.text("d/b").unwrap(), "A");
}

#[test]
fn what_is_replaced_while_open_lives_on() {
    let mut disk = Disk::with(&[("a", "A"), ("b", "B")]);
    let open = disk.open("b", OpenOptions::READ).unwrap();
    disk.rename("a", "b").unwrap();
    assert_eq!(disk.fs.contents(open).unwrap(), b"B");
    disk.fs.release(open);
    assert_eq!(disk.fs.usage().inodes, 2);
}

#[test]
fn two_names_of_one_file_both_stay() {
    let mut disk = Disk::with(&[("a", "A")]);
    disk.link("a", "b").unwrap();
    disk.rename("a", "b").unwrap();
    assert_eq!(disk.paths(), ["a", "b"]);
}

#[test]
fn links_move_as_links() {
    let mut disk = Disk::with(&[("file", "text"), ("d/", "")]);
    disk.symlink("file", "link").unwrap();
    disk.symlink("d", "dir").unwrap();
    disk.rename("link", "moved").unwrap();
    assert_eq!(disk.stat("moved").unwrap().kind, Kind::Symlink);
    disk.rename("moved", "dir").unwrap();
    assert_eq!(disk.paths(), ["d", "dir", "file"]);
    assert_eq!(&*disk.fs.read_link(disk.base, "dir").unwrap(), "file");
}

#[test]
fn a_directory_moves_with_all_that_is_in_it_and_knows_its_new_parent() {
    let mut disk = Disk::with(&[("a/b/file", "x"), ("c/", "")]);
    disk.rename("a/b", "c/b").unwrap();
    assert_eq!(disk.paths(), ["a", "c", "c/b", "c/b/file"]);
    assert_eq!(disk.rename("c", "c/b/c"), Err(Error::Invalid));
    disk.rename("a", "c/b/a").unwrap();
    assert_eq!(disk.rename("c", "c/b/a"), Err(Error::Invalid));
}

#[test]
fn a_full_file_system_still_renames() {
    let mut disk = Disk::with_quota(Quota {
        bytes: 70,
        ..Quota::default()
    });
    disk.create("a");
    disk.create("b");
    disk.rename("a", "c").unwrap();
    disk.rename("b", "c").unwrap();
    assert_eq!(disk.paths(), ["c"]);
    assert_eq!(disk.rename("c", &"n".repeat(100)), Err(Error::NoSpace));
    assert_eq!(disk.paths(), ["c"]);
}
