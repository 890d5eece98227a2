//! Opening, creating, and living on while open.

use super::*;

#[test]
fn what_is_open_lives_on_without_a_name() {
    let mut disk = Disk::new();
    let before = disk.fs.usage();
    let file = disk.create("file");
    disk.write(file, 0, "text").unwrap();
    disk.unlink("file").unwrap();
    assert_eq!(disk.stat("file"), Err(Error::NotFound));
    assert_eq!(disk.fs.metadata(file).unwrap().links, 0);
    disk.write(file, 4, " more").unwrap();
    assert_eq!(disk.fs.contents(file).unwrap(), b"text more");

    let other = disk.create("file");
    assert_ne!(other, file);
    assert_eq!(disk.text("file").unwrap(), "");
    disk.unlink("file").unwrap();
    disk.fs.release(other);
    disk.fs.release(file);
    assert_eq!(disk.fs.metadata(file), Err(Error::NotFound));
    assert_eq!(disk.fs.usage(), before);
}

#[test]
fn a_removed_directory_that_is_open_stays_empty() {
    let mut disk = Disk::with(&[("d/", "")]);
    let directory = disk.open("d", OpenOptions::READ).unwrap();
    disk.rmdir("d").unwrap();
    let inside = Base {
        directory,
        read_only: false,
    };
    let now = disk.now;
    assert_eq!(disk.fs.metadata(directory).unwrap().links, 0);
    assert_eq!(disk.fs.open(inside, "x", CREATE, now), Err(Error::NotFound));
    assert_eq!(
        disk.fs.create_directory(inside, "x", now),
        Err(Error::NotFound)
    );
    assert!(disk.fs.stat(inside, ".", Follow::Yes).is_ok());
    disk.mkdir("d").unwrap();
    assert_ne!(disk.stat("d").unwrap().inode, directory);
}

#[test]
fn creation_through_a_dangling_link_makes_its_target() {
    let mut disk = Disk::with(&[("d/", "")]);
    disk.symlink("d/target", "link").unwrap();
    disk.create("link");
    assert_eq!(disk.paths(), ["d", "d/target", "link"]);
}

#[test]
fn exclusive_creation_is_of_what_is_not_there_in_any_form() {
    let mut disk = Disk::with(&[("file", ""), ("d/", "")]);
    disk.symlink("gone", "link").unwrap();
    let exclusive = OpenOptions {
        exclusive: true,
        ..CREATE
    };
    for path in ["file", "d", "link", ".", "d/.."] {
        assert_eq!(disk.open(path, exclusive), Err(Error::Exists), "{path}");
    }
    assert!(disk.open("new", exclusive).is_ok());
}

#[test]
fn what_is_created_is_no_directory() {
    let mut disk = Disk::with(&[("file", ""), ("d/", "")]);
    for exclusive in [false, true] {
        let create = OpenOptions {
            exclusive,
            ..CREATE
        };
        for path in ["file/", "d/", "new/"] {
            assert_eq!(disk.open(path, create), Err(Error::IsDirectory), "{path}");
        }
    }
    assert_eq!(
        disk.open("file/", OpenOptions::READ),
        Err(Error::NotDirectory)
    );
}

#[test]
fn truncation_is_part_of_opening() {
    let mut disk = Disk::with(&[("file", "text")]);
    let truncate = OpenOptions {
        truncate: true,
        write: true,
        ..OpenOptions::READ
    };
    disk.open("file", truncate).unwrap();
    assert_eq!(disk.text("file").unwrap(), "");
}

#[test]
fn a_read_only_base_refuses_change_and_nothing_else() {
    let mut disk = Disk::with(&[("file", "text"), ("d/x", "")]);
    disk.base.read_only = true;
    assert_eq!(disk.text("file").unwrap(), "text");
    let truncate = OpenOptions {
        truncate: true,
        ..OpenOptions::READ
    };
    let write = OpenOptions {
        write: true,
        ..OpenOptions::READ
    };
    assert_eq!(disk.open("file", truncate), Err(Error::NotPermitted));
    assert_eq!(disk.open("file", write), Err(Error::ReadOnly));
    assert_eq!(disk.open("new", CREATE), Err(Error::ReadOnly));
    assert_eq!(disk.mkdir("new"), Err(Error::ReadOnly));
    assert_eq!(disk.mkdir("d"), Err(Error::Exists));
    assert_eq!(disk.symlink("file", "new"), Err(Error::ReadOnly));
    assert_eq!(disk.unlink("file"), Err(Error::ReadOnly));
    assert_eq!(disk.rmdir("d"), Err(Error::ReadOnly));
    assert_eq!(disk.rename("file", "new"), Err(Error::ReadOnly));
    assert_eq!(disk.link("file", "new"), Err(Error::ReadOnly));
    assert_eq!(disk.paths(), ["d", "d/x", "file"]);
}
