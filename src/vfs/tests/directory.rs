//! Making, removing and listing directories.

use super::*;

/// The names after a cookie, and the cookie after each.
fn list(disk: &Disk, path: &str, from: Cookie) -> Vec<(String, Cookie)> {
    let inode = disk.stat(path).unwrap().inode;
    let mut names = Vec::new();
    disk.fs
        .list(inode, from, |entry| {
            names.push((entry.name, entry.next));
            true
        })
        .unwrap();
    names
}

fn names(disk: &Disk, path: &str, from: Cookie) -> Vec<String> {
    list(disk, path, from)
        .into_iter()
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn a_listing_begins_with_the_dots() {
    let disk = Disk::with(&[("d/x", "")]);
    assert_eq!(names(&disk, "d", Cookie::START), [".", "..", "x"]);
    assert_eq!(names(&disk, "d", Cookie::AFTER_SELF), ["..", "x"]);
    assert_eq!(names(&disk, "d", Cookie::AFTER_PARENT), ["x"]);
}

#[test]
fn the_dots_are_the_directory_and_its_parent() {
    let disk = Disk::with(&[("d/e/", "")]);
    for (path, parent) in [("d/e", "d"), ("d", "."), (".", ".")] {
        let inode = disk.stat(path).unwrap().inode;
        let mut inodes = Vec::new();
        disk.fs
            .list(inode, Cookie::START, |entry| {
                inodes.push(entry.inode);
                inodes.len() < 2
            })
            .unwrap();
        assert_eq!(inodes, [inode, disk.stat(parent).unwrap().inode]);
    }
}

#[test]
fn each_entry_that_stays_is_listed_once_whatever_comes_and_goes() {
    let mut disk = Disk::new();
    for n in 0..100 {
        disk.create(&format!("{n:02}"));
    }
    let mut seen = Vec::new();
    let mut from = Cookie::AFTER_PARENT;
    let mut round = 0;
    while let Some((name, next)) = list(&disk, ".", from).into_iter().next() {
        from = next;
        disk.unlink(&name).unwrap();
        seen.push(name);
        if round < 10 {
            disk.create(&format!("new{round}"));
        }
        round += 1;
    }
    let old: Vec<_> = seen
        .iter()
        .filter(|name| !name.starts_with("new"))
        .collect();
    assert_eq!(old.len(), 100);
    assert_eq!(seen.len(), 110);
    assert!(names(&disk, ".", Cookie::AFTER_PARENT).is_empty());
}

#[test]
fn only_empty_directories_are_removed() {
    let mut disk = Disk::with(&[("d/e/", ""), ("file", "")]);
    disk.symlink("d", "link").unwrap();
    for (path, error) in [
        ("d", Error::NotEmpty),
        ("d/e/..", Error::NotEmpty),
        ("d/.", Error::Invalid),
        (".", Error::Invalid),
        ("..", Error::Escape),
        ("file", Error::NotDirectory),
        ("link", Error::NotDirectory),
        ("link/", Error::NotDirectory),
        ("missing", Error::NotFound),
    ] {
        assert_eq!(disk.rmdir(path), Err(error), "{path}");
    }
    disk.rmdir("d/e/").unwrap();
    disk.rmdir("d").unwrap();
    assert_eq!(disk.paths(), ["file", "link"]);
}

#[test]
fn subdirectories_count_as_links() {
    let mut disk = Disk::with(&[("d/", "")]);
    assert_eq!(disk.stat("d").unwrap().links, 2);
    disk.mkdir("d/e").unwrap();
    disk.mkdir("d/f").unwrap();
    disk.create("d/file");
    assert_eq!(disk.stat("d").unwrap().links, 4);
    disk.rename("d/e", "e").unwrap();
    disk.rmdir("d/f").unwrap();
    assert_eq!(disk.stat("d").unwrap().links, 2);
    assert_eq!(disk.stat(".").unwrap().links, 4);
}
