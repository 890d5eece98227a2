//! From a path to a descriptor.

use super::*;
use crate::vfs::Quota;

#[test]
fn path_open_writes_the_descriptor() {
    let mut guest = Guest::with_files(&[("file", "")]);
    guest.put(10, b"file");
    guest.ok(Function::PathOpen, &[DIR, 0, 10, 4, 0, READ, 0, 0, 1]);
    guest.assert_memory(&[(1, &[4, 0, 0, 0]), (10, b"file")]);
}

#[test]
fn a_fault_creates_nothing_and_opens_nothing() {
    let mut guest = Guest::new();
    guest.put(0, b"new");
    let args = [DIR, 0, 0, 3, CREAT, WRITE, 0, 0, 0];
    guest.assert_bounds(Function::PathOpen, &args, 8, 4);
    assert_eq!(guest.context.open_fds(), 5, "the last one, which succeeded");

    let mut guest = Guest::new();
    guest.put(0, b"new");
    let args = [DIR, 0, 0, 3, CREAT, WRITE, 0, 0, u64::from(MEMORY) - 3];
    assert_eq!(guest.errno(Function::PathOpen, &args), Errno::Fault);
    assert_eq!(guest.context.fs().usage().inodes, 1);
}

#[test]
fn what_can_be_opened_and_how() {
    let all = CREAT | EXCL | TRUNC;
    for (path, oflags, rights, fdflags, errno) in [
        ("file", 0, 0, 0, Errno::Success),
        ("file", 0, READ | WRITE, 0, Errno::Success),
        ("file", CREAT, WRITE, 0, Errno::Success),
        ("file", CREAT | EXCL, WRITE, 0, Errno::Exist),
        ("file", TRUNC, 0, 0, Errno::Success),
        ("file", DIRECTORY, 0, 0, Errno::Notdir),
        ("file/", 0, 0, 0, Errno::Notdir),
        ("file///", 0, 0, 0, Errno::Notdir),
        ("new", 0, READ, 0, Errno::Noent),
        ("new", CREAT, 0, 0, Errno::Success),
        ("new", all, READ | WRITE, 0, Errno::Success),
        ("new/", CREAT, 0, 0, Errno::Isdir),
        ("d", 0, 0, 0, Errno::Success),
        ("d/", 0, READ, 0, Errno::Success),
        ("d///", DIRECTORY, READ, 0, Errno::Success),
        (".", 0, 0, NONBLOCK, Errno::Success),
        ("d/.//../d/./..", 0, 0, 0, Errno::Success),
        ("d", 0, WRITE, 0, Errno::Isdir),
        ("d", DIRECTORY, READ | WRITE, 0, Errno::Isdir),
        ("d", CREAT, 0, 0, Errno::Isdir),
        ("d", CREAT | EXCL, 0, 0, Errno::Exist),
        ("d", TRUNC, 0, 0, Errno::Isdir),
        ("d", DIRECTORY | CREAT, 0, 0, Errno::Inval),
        ("d", DIRECTORY | TRUNC, 0, 0, Errno::Inval),
        ("d", DIRECTORY | EXCL, 0, 0, Errno::Inval),
        ("file", 0, READ, SYNC | DSYNC | RSYNC, Errno::Success),
        ("file", 0, READ, 32, Errno::Inval),
        ("file", 16, READ, 0, Errno::Inval),
        ("..", 0, 0, 0, Errno::Perm),
        ("d/../../d", 0, 0, 0, Errno::Perm),
        ("/file", 0, 0, 0, Errno::Perm),
        ("file\0", 0, 0, 0, Errno::Inval),
        ("", 0, 0, 0, Errno::Noent),
    ] {
        let mut guest = Guest::with_files(&[("file", "text"), ("d/", "")]);
        let found = guest.open(path, oflags, rights, fdflags).err();
        let expected = Some(errno).filter(|errno| *errno != Errno::Success);
        assert_eq!(found, expected, "{path:?} {oflags} {rights} {fdflags}");
    }
}

#[test]
fn unknown_rights_are_no_failure() {
    let mut guest = Guest::with_files(&[("file", "text")]);
    assert_eq!(guest.open("file", 0, u64::MAX, 0), Ok(4));
}

#[test]
fn a_directory_that_was_opened_cannot_be_left_either() {
    let mut guest = Guest::with_files(&[("d/x", ""), ("file", "")]);
    let fd = guest.open("d", DIRECTORY, 0, 0).unwrap();
    guest.put(0, b"../file");
    let args = [fd, 0, 0, 7, 0, READ, 0, 0, 100];
    assert_eq!(guest.errno(Function::PathOpen, &args), Errno::Perm);
}

#[test]
fn only_a_directory_can_be_opened_from() {
    let mut guest = Guest::with_files(&[("file", "")]);
    let file = guest.open("file", 0, READ, 0).unwrap();
    guest.put(0, b"x");
    for (fd, errno) in [(file, Errno::Notdir), (1, Errno::Notdir), (99, Errno::Badf)] {
        let args = [fd, 0, 0, 1, CREAT, 0, 0, 0, 100];
        assert_eq!(guest.errno(Function::PathOpen, &args), errno);
    }
}

fn open_link(follow: u64, link: &str, oflags: u64) -> Result<(), Errno> {
    let mut guest = Guest::with_files(&[("file", ""), ("d/", "")]);
    for (target, path) in [
        ("file", "f"),
        ("d", "e"),
        ("gone", "g"),
        ("loop", "loop"),
        ("..", "up"),
    ] {
        guest.put(0, target.as_bytes());
        guest.put(100, path.as_bytes());
        let args = [0, target.len() as u64, DIR, 100, path.len() as u64];
        guest.ok(Function::PathSymlink, &args);
    }
    guest.put(0, link.as_bytes());
    let args = [DIR, follow, 0, link.len() as u64, oflags, 0, 0, 0, 100];
    match guest.errno(Function::PathOpen, &args) {
        Errno::Success => Ok(()),
        errno => Err(errno),
    }
}

#[test]
fn symbolic_links_are_followed_if_asked() {
    for (link, oflags, followed, not_followed) in [
        ("f", 0, Ok(()), Err(Errno::Loop)),
        ("e", 0, Ok(()), Err(Errno::Loop)),
        ("e", DIRECTORY, Ok(()), Err(Errno::Notdir)),
        ("f", DIRECTORY, Err(Errno::Notdir), Err(Errno::Notdir)),
        ("e/", 0, Ok(()), Ok(())),
        ("f/", 0, Err(Errno::Notdir), Err(Errno::Notdir)),
        ("g", 0, Err(Errno::Noent), Err(Errno::Loop)),
        ("g", CREAT, Ok(()), Err(Errno::Loop)),
        ("g", CREAT | EXCL, Err(Errno::Exist), Err(Errno::Exist)),
        ("loop", 0, Err(Errno::Loop), Err(Errno::Loop)),
        ("up", 0, Err(Errno::Perm), Err(Errno::Loop)),
    ] {
        assert_eq!(open_link(FOLLOW, link, oflags), followed, "{link} {oflags}");
        assert_eq!(open_link(0, link, oflags), not_followed, "{link} {oflags}");
    }
    assert_eq!(open_link(2, "f", 0), Err(Errno::Inval));
}

#[test]
fn truncation_empties_the_file() {
    let mut guest = Guest::with_files(&[("file", "text")]);
    let fd = guest.open("file", TRUNC, READ, 0).unwrap();
    assert_eq!(guest.read(fd, 9), Ok(Vec::new()));
}

#[test]
fn the_rights_are_the_open_mode_whatever_else_is_asked_for() {
    for oflags in [0, CREAT, TRUNC, CREAT | TRUNC] {
        for fdflags in [0, APPEND, SYNC] {
            for (rights, read, write) in [
                (READ, true, false),
                (WRITE, false, true),
                (READ | WRITE, true, true),
                (0, true, oflags != 0 || fdflags == APPEND),
            ] {
                let mut guest = Guest::with_files(&[("file", "text")]);
                let fd = guest.open("file", oflags, rights, fdflags).unwrap();
                let opened = format!("{oflags} {fdflags} {rights}");
                assert_eq!(guest.read(fd, 1).is_ok(), read, "{opened}");
                let written = if write { Ok(1) } else { Err(Errno::Badf) };
                assert_eq!(guest.write(fd, b"x"), written, "{opened}");
                guest.put(0, &iovec(8, 1));
                let errno = if write { Errno::Success } else { Errno::Badf };
                let pwrite = guest.errno(Function::FdPwrite, &[fd, 0, 1, 0, 16]);
                assert_eq!(pwrite, errno, "{opened}");
            }
        }
    }
}

#[test]
fn a_read_only_preopen_opens_only_to_read() {
    for (path, oflags, rights, errno) in [
        ("file", 0, READ, None),
        ("d", DIRECTORY, READ, None),
        ("file", 0, WRITE, Some(Errno::Rofs)),
        ("file", CREAT, READ, Some(Errno::Rofs)),
        ("new", CREAT, READ, Some(Errno::Rofs)),
        ("file", TRUNC, READ, Some(Errno::Perm)),
        ("new", 0, WRITE, Some(Errno::Noent)),
    ] {
        let mut guest = Guest::bare(Config {
            preopens: vec![Preopen {
                path: "/ro".into(),
                tree: tree(&[("file", "text"), ("d/", "")]),
                read_only: true,
            }],
            ..Config::default()
        });
        assert_eq!(
            guest.open(path, oflags, rights, 0).err(),
            errno,
            "{path} {oflags}"
        );
    }
}

#[test]
fn inodes_beyond_the_quota_are_enospc() {
    let mut guest = Guest::with(Config {
        quota: Quota {
            inodes: 3,
            ..Quota::default()
        },
        ..Config::default()
    });
    assert_eq!(guest.open("a", CREAT, 0, 0), Ok(4));
    assert_eq!(guest.open("b", CREAT, 0, 0), Ok(5));
    assert_eq!(guest.open("c", CREAT, 0, 0), Err(Errno::Nospc));
    assert_eq!(guest.path(Function::PathUnlinkFile, "a"), Errno::Success);
    assert_eq!(
        guest.open("c", CREAT, 0, 0),
        Err(Errno::Nospc),
        "it is still open"
    );
    guest.ok(Function::FdClose, &[4]);
    assert_eq!(guest.open("c", CREAT, 0, 0), Ok(4));
}
