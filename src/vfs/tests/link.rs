//! Hard and symbolic links.

use super::*;

#[test]
fn two_names_are_one_file() {
    let mut disk = Disk::with(&[("a", "text"), ("d/", "")]);
    disk.link("a", "d/b").unwrap();
    assert_eq!(disk.stat("a"), disk.stat("d/b"));
    assert_eq!(disk.stat("a").unwrap().links, 2);
    let file = disk.open("d/b", OpenOptions::READ).unwrap();
    disk.write(file, 0, "T").unwrap();
    disk.unlink("d/b").unwrap();
    assert_eq!(disk.text("a").unwrap(), "Text");
    assert_eq!(disk.stat("a").unwrap().links, 1);
}

#[test]
fn a_symbolic_link_is_itself_linked() {
    let mut disk = Disk::new();
    disk.symlink("gone", "a").unwrap();
    disk.link("a", "b").unwrap();
    assert_eq!(&*disk.fs.read_link(disk.base, "b").unwrap(), "gone");
    assert_eq!(disk.stat("b").unwrap().links, 2);
}

#[test]
fn a_removed_name_cannot_be_linked_to() {
    let mut disk = Disk::with(&[("a", ""), ("d/", "")]);
    let directory = disk.open("d", OpenOptions::READ).unwrap();
    disk.rmdir("d").unwrap();
    let inside = Base {
        directory,
        read_only: false,
    };
    let now = disk.now;
    let linked = disk.fs.link(disk.base, "a", inside, "b", now);
    assert_eq!(linked, Err(Error::NotFound));
    let renamed = disk.fs.rename(disk.base, "a", inside, "b", now);
    assert_eq!(renamed, Err(Error::NotFound));
    assert_eq!(disk.stat("a").unwrap().links, 1);
}

#[test]
fn a_link_may_dangle_but_not_be_absolute_or_empty() {
    let mut disk = Disk::new();
    disk.symlink("gone/../..", "a").unwrap();
    assert_eq!(disk.stat("a").unwrap().size, 10);
    assert_eq!(disk.symlink("/x", "b"), Err(Error::NotPermitted));
    assert_eq!(disk.symlink("", "b"), Err(Error::NotFound));
    assert_eq!(
        disk.symlink(&"t".repeat(4_096), "b"),
        Err(Error::NameTooLong)
    );
}

#[test]
fn a_name_is_removed_not_what_it_points_to() {
    let mut disk = Disk::with(&[("file", "text")]);
    disk.symlink("file", "link").unwrap();
    assert_eq!(disk.unlink("link/"), Err(Error::NotDirectory));
    disk.unlink("link").unwrap();
    assert_eq!(disk.text("file").unwrap(), "text");
}
