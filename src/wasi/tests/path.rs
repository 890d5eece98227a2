//! Making, moving and removing names.

use super::*;

const SIMPLE: [Function; 3] = [
    Function::PathCreateDirectory,
    Function::PathRemoveDirectory,
    Function::PathUnlinkFile,
];

impl Guest {
    /// Calls a function of two paths, both in the preopen, with the arguments in its own order.
    #[track_caller]
    fn two_paths(&mut self, function: Function, old: &str, new: &str) -> Errno {
        let kept = self.memory.clone();
        self.put(1_000, old.as_bytes());
        self.put(10_000, new.as_bytes());
        let (old, new) = (old.len() as u64, new.len() as u64);
        let args = match function {
            Function::PathLink => vec![DIR, 0, 1_000, old, DIR, 10_000, new],
            Function::PathRename => vec![DIR, 1_000, old, DIR, 10_000, new],
            _ => vec![1_000, old, DIR, 10_000, new],
        };
        let errno = self.errno(function, &args);
        self.memory = kept;
        errno
    }
}

#[test]
fn a_path_is_checked_before_it_is_looked_up() {
    let mut guest = Guest::with_files(&[("file", "")]);
    let long_name = "n".repeat(256);
    let long_path = "p/".repeat(2_048);
    for function in SIMPLE {
        for (path, errno) in [
            ("", Errno::Noent),
            ("/a", Errno::Perm),
            ("..", Errno::Perm),
            ("a/../..", Errno::Noent),
            ("../a", Errno::Perm),
            ("a\0", Errno::Inval),
            ("file/a", Errno::Notdir),
            ("missing/a", Errno::Noent),
            (&long_name, Errno::Nametoolong),
            (&long_path, Errno::Nametoolong),
        ] {
            assert_eq!(guest.path(function, path), errno, "{function:?} {path:?}");
        }
    }
    guest.assert_memory(&[]);
}

#[test]
fn a_path_that_is_not_utf_8_is_eilseq() {
    let mut guest = Guest::new();
    guest.put(0, b"a\xff");
    for function in SIMPLE {
        assert_eq!(guest.errno(function, &[DIR, 0, 2]), Errno::Ilseq);
    }
}

#[test]
fn a_path_must_lie_in_memory_and_start_at_a_directory() {
    let mut guest = Guest::with_files(&[("file", "")]);
    let file = guest.open("file", 0, READ, 0).unwrap();
    for function in SIMPLE {
        for (fd, errno) in [(0, Errno::Notdir), (99, Errno::Badf), (file, Errno::Notdir)] {
            assert_eq!(guest.errno(function, &[fd, 0, 1]), errno);
        }
        for (address, length) in [(MEMORY - 2, 3), (MEMORY, 1), (u32::MAX, 1), (0, u32::MAX)] {
            let args = [DIR, address.into(), length.into()];
            assert_eq!(guest.errno(function, &args), Errno::Fault);
        }
    }
    guest.put(MEMORY - 3, b"end");
    guest.ok(
        Function::PathCreateDirectory,
        &[DIR, u64::from(MEMORY) - 3, 3],
    );
}

#[test]
fn directories_are_created_and_removed() {
    let mut guest = Guest::with_files(&[("file", "")]);
    for (function, path, errno) in [
        (Function::PathCreateDirectory, "d", Errno::Success),
        (Function::PathCreateDirectory, "d", Errno::Exist),
        (Function::PathCreateDirectory, "file", Errno::Exist),
        (Function::PathCreateDirectory, ".", Errno::Exist),
        (Function::PathCreateDirectory, "d/e/", Errno::Success),
        (Function::PathRemoveDirectory, "d", Errno::Notempty),
        (Function::PathRemoveDirectory, "d/e/..", Errno::Notempty),
        (Function::PathRemoveDirectory, "d/e/.", Errno::Inval),
        (Function::PathRemoveDirectory, "d/e/", Errno::Success),
        (Function::PathRemoveDirectory, "d/e", Errno::Noent),
        (Function::PathRemoveDirectory, "file", Errno::Notdir),
        (Function::PathRemoveDirectory, "file/", Errno::Notdir),
        (Function::PathUnlinkFile, "d", Errno::Isdir),
        (Function::PathUnlinkFile, "d/", Errno::Isdir),
        (Function::PathUnlinkFile, ".", Errno::Isdir),
        (Function::PathUnlinkFile, "file/", Errno::Notdir),
        (Function::PathUnlinkFile, "file", Errno::Success),
        (Function::PathUnlinkFile, "file", Errno::Noent),
        (Function::PathUnlinkFile, "file/", Errno::Noent),
    ] {
        assert_eq!(guest.path(function, path), errno, "{function:?} {path}");
    }
}

#[test]
fn path_link_gives_a_second_name() {
    let mut guest = Guest::with_files(&[("a", "text"), ("d/", "")]);
    for (old, new, errno) in [
        ("a", "b", Errno::Success),
        ("a", "b", Errno::Exist),
        ("a", "a", Errno::Exist),
        ("a", "d", Errno::Exist),
        ("a", "c/", Errno::Noent),
        ("a/", "c", Errno::Notdir),
        ("d", "e", Errno::Perm),
        ("missing", "e", Errno::Noent),
        ("a", "missing/e", Errno::Noent),
    ] {
        assert_eq!(
            guest.two_paths(Function::PathLink, old, new),
            errno,
            "{old} {new}"
        );
    }
    let fd = guest.open("b", 0, READ, 0).unwrap();
    assert_eq!(guest.read(fd, 9), Ok(b"text".to_vec()));
    guest.ok(Function::FdFilestatGet, &[fd, 0]);
    assert_eq!(guest.u64_at(24), 2);
}

#[test]
fn path_link_does_not_follow() {
    let mut guest = Guest::with_files(&[("a", "")]);
    guest.put(0, b"ab");
    for (flags, errno) in [
        (FOLLOW, Errno::Inval),
        (2, Errno::Inval),
        (0, Errno::Success),
    ] {
        let args = [DIR, flags, 0, 1, DIR, 1, 1];
        assert_eq!(guest.errno(Function::PathLink, &args), errno);
    }
}

#[test]
fn path_symlink_holds_its_target_and_path_readlink_tells_it() {
    let mut guest = Guest::new();
    assert_eq!(
        guest.two_paths(Function::PathSymlink, "../file", "l"),
        Errno::Success
    );
    guest.put(0, b"l");
    guest.ok(Function::PathReadlink, &[DIR, 0, 1, 10, 9, 20]);
    guest.assert_memory(&[(0, b"l"), (10, b"../file"), (20, &[7, 0, 0, 0])]);
    for length in 0..7_u8 {
        guest.fill();
        guest.put(0, b"l");
        guest.ok(Function::PathReadlink, &[DIR, 0, 1, 10, length.into(), 20]);
        let head = &b"../file"[..length.into()];
        guest.assert_memory(&[(0, b"l"), (10, head), (20, &[length, 0, 0, 0])]);
    }
    guest.assert_bounds(Function::PathReadlink, &[DIR, 0, 1, 0, 7, 20], 3, 7);
    guest.assert_bounds(Function::PathReadlink, &[DIR, 0, 1, 10, 7, 0], 5, 4);
}

#[test]
fn path_readlink_is_for_links() {
    let mut guest = Guest::with_files(&[("a", ""), ("d/", "")]);
    for (path, errno) in [
        ("a", Errno::Inval),
        ("d", Errno::Inval),
        ("x", Errno::Noent),
    ] {
        guest.put(0, path.as_bytes());
        assert_eq!(
            guest.errno(Function::PathReadlink, &[DIR, 0, 1, 10, 9, 20]),
            errno
        );
    }
}

#[test]
fn path_symlink_refuses_what_could_not_be() {
    let mut guest = Guest::with_files(&[("a", ""), ("d/", "")]);
    for (target, path, errno) in [
        ("/", "l", Errno::Perm),
        ("", "l", Errno::Noent),
        ("a\0", "l", Errno::Inval),
        ("a", "l/", Errno::Noent),
        ("a", "a", Errno::Exist),
        ("a", "a/", Errno::Notdir),
        ("a", "d", Errno::Exist),
        ("a", "d/", Errno::Exist),
        ("a", ".", Errno::Exist),
    ] {
        let found = guest.two_paths(Function::PathSymlink, target, path);
        assert_eq!(found, errno, "{target} {path}");
    }
}

#[test]
fn path_rename_follows_posix() {
    for (old, new, errno) in [
        ("a", "new", Errno::Success),
        ("a", "b", Errno::Success),
        ("a", "a", Errno::Success),
        ("a", "d", Errno::Isdir),
        ("a", "new/", Errno::Notdir),
        ("a/", "new", Errno::Notdir),
        ("d", "new", Errno::Success),
        ("d/", "new/", Errno::Success),
        ("d", "e", Errno::Success),
        ("d", "full", Errno::Notempty),
        ("d", "a", Errno::Notdir),
        ("d", "d/x", Errno::Inval),
        ("full", "full/x/y", Errno::Inval),
        ("full/x", "full", Errno::Notempty),
        ("d", ".", Errno::Busy),
        (".", "new", Errno::Busy),
        ("d/..", "new", Errno::Busy),
        ("missing", "new", Errno::Noent),
        ("a", "missing/new", Errno::Noent),
        ("a", "../new", Errno::Perm),
    ] {
        let mut guest = Guest::with_files(&[
            ("a", "A"),
            ("b", "B"),
            ("d/", ""),
            ("e/", ""),
            ("full/x/", ""),
        ]);
        let found = guest.two_paths(Function::PathRename, old, new);
        assert_eq!(found, errno, "{old} to {new}");
    }
}

#[test]
fn both_paths_must_lie_in_memory() {
    let mut guest = Guest::with_files(&[("?", "")]);
    let far = u64::from(MEMORY);
    for (function, args) in [
        (Function::PathRename, [DIR, far, 1, DIR, 0, 1].as_slice()),
        (Function::PathRename, &[DIR, 0, 1, DIR, far, 1]),
        (Function::PathLink, &[DIR, 0, far, 1, DIR, 0, 1]),
        (Function::PathLink, &[DIR, 0, 0, 1, DIR, far, 1]),
        (Function::PathSymlink, &[far, 1, DIR, 0, 1]),
        (Function::PathSymlink, &[0, 1, DIR, far, 1]),
    ] {
        assert_eq!(guest.errno(function, args), Errno::Fault);
    }
}

fn writable_and_read_only() -> Guest {
    Guest::with(Config {
        preopens: vec![Preopen {
            path: "/ro".into(),
            tree: tree(&[("a", "text"), ("d/", "")]),
            read_only: true,
        }],
        ..Config::default()
    })
}

#[test]
fn nothing_below_a_read_only_preopen_changes() {
    let mut guest = writable_and_read_only();
    guest.put(0, b"adn");
    for (function, args) in [
        (Function::PathCreateDirectory, [4, 2, 1].as_slice()),
        (Function::PathRemoveDirectory, &[4, 1, 1]),
        (Function::PathUnlinkFile, &[4, 0, 1]),
        (Function::PathSymlink, &[0, 1, 4, 2, 1]),
        (Function::PathLink, &[4, 0, 0, 1, 4, 2, 1]),
        (Function::PathRename, &[4, 0, 1, 4, 2, 1]),
        (Function::PathFilestatSetTimes, &[4, 0, 0, 1, 0, 0, 1]),
    ] {
        assert_eq!(guest.errno(function, args), Errno::Rofs, "{function:?}");
    }
    let names: Vec<_> = guest
        .context
        .fs()
        .walk(guest.context.preopens()[1].root)
        .unwrap();
    assert_eq!(names.len(), 2);
}

#[test]
fn nothing_moves_between_read_only_and_writable() {
    let mut guest = writable_and_read_only();
    let file = guest.open("w", CREAT, 0, 0).unwrap();
    guest.ok(Function::FdClose, &[file]);
    guest.put(0, b"awn");
    for args in [[4, 0, 1, 3, 2, 1], [3, 1, 1, 4, 2, 1]] {
        assert_eq!(guest.errno(Function::PathRename, &args), Errno::Perm);
    }
    for args in [[4, 0, 0, 1, 3, 2, 1], [3, 0, 1, 1, 4, 2, 1]] {
        assert_eq!(guest.errno(Function::PathLink, &args), Errno::Perm);
    }
}
