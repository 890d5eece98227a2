//! From a path to an inode.

use super::*;

#[test]
fn dots_and_repeated_slashes_lead_on() {
    let disk = Disk::with(&[("a/b/file", "x")]);
    let file = disk.stat("a/b/file").unwrap();
    for path in [
        "./a/b/file",
        "a//b///file",
        "a/./b/./file",
        "a/../a/b/../b/file",
        "a/b/.././../a/b/file",
    ] {
        assert_eq!(disk.stat(path), Ok(file), "{path}");
    }
}

#[test]
fn nothing_leads_out_of_the_base() {
    let mut disk = Disk::with(&[("a/b/file", "x")]);
    disk.symlink("../../..", "a/b/out").unwrap();
    disk.symlink("../..", "a/b/top").unwrap();
    for path in [
        "..",
        "../a",
        "a/../..",
        "a/b/../../../a",
        "/",
        "/a",
        "a/b/out/",
    ] {
        assert_eq!(disk.stat(path), Err(Error::Escape), "{path}");
    }
    assert_eq!(disk.stat("a/b/top/").unwrap().inode, disk.base.directory);
}

#[test]
fn a_base_is_as_closed_as_the_root() {
    let disk = Disk::with(&[("a/b/file", "x"), ("secret", "y")]);
    let base = Base {
        directory: disk.stat("a").unwrap().inode,
        read_only: false,
    };
    let stat = |path| disk.fs.stat(base, path, Follow::Yes);
    assert!(stat("b/file").is_ok());
    assert_eq!(stat("../secret"), Err(Error::Escape));
    assert_eq!(stat("b/../../secret"), Err(Error::Escape));
}

#[test]
fn what_is_on_the_way_must_be_a_directory() {
    let mut disk = Disk::with(&[("file", "x"), ("a/", "")]);
    disk.symlink("file", "link").unwrap();
    for path in ["file/x", "file/.", "file/..", "link/x", "file/", "link/"] {
        assert_eq!(disk.stat(path), Err(Error::NotDirectory), "{path}");
    }
    for path in ["", "missing", "missing/x", "missing/..", "a/missing/.."] {
        assert_eq!(disk.stat(path), Err(Error::NotFound), "{path}");
    }
}

#[test]
fn links_on_the_way_are_followed_and_those_at_the_end_if_asked() {
    let mut disk = Disk::with(&[("a/b/file", "x")]);
    disk.symlink("a/b", "dir").unwrap();
    disk.symlink("dir/file", "file").unwrap();
    let file = disk.stat("a/b/file").unwrap();
    assert_eq!(disk.stat("dir/file"), Ok(file));
    assert_eq!(disk.stat("file").unwrap().kind, Kind::Symlink);
    assert_eq!(disk.fs.stat(disk.base, "file", Follow::Yes), Ok(file));
    assert_eq!(disk.stat("dir").unwrap().kind, Kind::Symlink);
    assert_eq!(disk.stat("dir/").unwrap().kind, Kind::Directory);
    assert_eq!(
        disk.stat("dir/..").unwrap().inode,
        disk.stat("a").unwrap().inode
    );
}

#[test]
fn a_link_is_relative_to_where_it_is() {
    let mut disk = Disk::with(&[("a/file", "inner"), ("file", "outer")]);
    disk.symlink("file", "a/link").unwrap();
    disk.symlink("../file", "a/up").unwrap();
    assert_eq!(disk.text("a/link").unwrap(), "inner");
    assert_eq!(disk.text("a/up").unwrap(), "outer");
}

#[test]
fn forty_links_are_followed_and_no_more() {
    let mut disk = Disk::with(&[("0", "end")]);
    for n in 1..=41 {
        disk.symlink(&(n - 1).to_string(), &n.to_string()).unwrap();
    }
    assert_eq!(disk.text("40").unwrap(), "end");
    assert_eq!(disk.text("41"), Err(Error::Loop));
}

#[test]
fn loops_end() {
    let mut disk = Disk::new();
    disk.symlink("self", "self").unwrap();
    disk.symlink("b/x", "a").unwrap();
    disk.symlink("a/x", "b").unwrap();
    for path in ["self/", "self/x", "a/x", "b/"] {
        assert_eq!(disk.stat(path), Err(Error::Loop), "{path}");
    }
}

#[test]
fn a_path_has_at_most_4095_bytes() {
    let disk = Disk::new();
    assert!(disk.stat(&"./".repeat(2_047)).is_ok());
    assert_eq!(disk.stat(&"./".repeat(2_048)), Err(Error::NameTooLong));
    assert_eq!(disk.stat(&"n".repeat(256)), Err(Error::NameTooLong));
}
