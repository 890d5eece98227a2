//! What is told of what a guest has used.

use super::*;
use crate::wasi::Deed;
use crate::wasi::used::{PATH, PATHS};

impl Guest {
    /// Opens a path in the preopen; what came of it.
    fn asks(&mut self, path: &str, oflags: u64, rights: u64) -> Errno {
        self.put(1_000, path.as_bytes());
        let length = path.len() as u64;
        let args = [DIR, 0, 1_000, length, oflags, rights, 0, 0, 900];
        self.errno(Function::PathOpen, &args)
    }
}

#[test]
fn a_guest_that_has_asked_for_nothing_has_used_nothing() {
    assert_eq!(*Guest::new().context.used(), Default::default());
}

#[test]
fn paths_are_named_with_what_was_done_and_the_bytes_that_moved() {
    let mut guest = Guest::with_files(&[("etc/motd", "good morning")]);
    assert_eq!(guest.asks("etc/motd", 0, READ), Errno::Success);
    guest.put(0, &[iovec(100, 5), iovec(200, 50)].concat());
    guest.ok(Function::FdRead, &[4, 0, 2, 64]);
    assert_eq!(guest.asks("log", CREAT | TRUNC, WRITE), Errno::Success);
    guest.ok(Function::FdWrite, &[5, 0, 1, 64]);
    guest.ok(Function::FdPwrite, &[5, 0, 1, 3, 64]);
    assert_eq!(guest.asks("etc/shadow", 0, READ), Errno::Noent);
    assert_eq!(guest.asks("etc/shadow", 0, READ), Errno::Noent);

    let paths = &guest.context.used().paths;
    let told: Vec<_> = paths
        .iter()
        .map(|path| {
            let counts = (path.calls, path.failures, path.error());
            (&*path.path, path.did, path.read, path.written, counts)
        })
        .collect();
    let written = Deed::Opened as u16 | Deed::Created as u16 | Deed::Truncated as u16;
    assert_eq!(
        told,
        [
            ("/etc/motd", Deed::Opened as u16, 12, 0, (1, 0, None)),
            ("/log", written, 0, 10, (1, 0, None)),
            ("/etc/shadow", 0, 0, 0, (2, 2, Some("ENOENT"))),
        ]
    );
}

#[test]
fn a_path_below_a_directory_that_was_opened_is_told_whole() {
    let mut guest = Guest::with_files(&[("a/b/file", "")]);
    assert_eq!(guest.asks("a/b", DIRECTORY, 0), Errno::Success);
    guest.ok(Function::FdReaddir, &[4, 2_000, 100, 0, 64]);
    guest.put(1_000, b"file");
    let mut result = [0; 5];
    result.copy_from_slice(&[4, 0, 1_000, 4, 2_000]);
    guest.ok(Function::PathFilestatGet, &result);
    // A descriptor that has moved is still the same directory.
    guest.ok(Function::FdRenumber, &[4, 0]);
    guest.ok(Function::PathUnlinkFile, &[0, 1_000, 4]);
    let [directory, file] = &guest.context.used().paths[..] else {
        panic!("{:?}", guest.context.used().paths);
    };
    assert_eq!((&*directory.path, &*file.path), ("/a/b", "/a/b/file"));
    assert!(directory.has(Deed::Listed) && !file.has(Deed::Listed));
    assert!(file.has(Deed::Examined) && file.has(Deed::Removed));
}

#[test]
fn a_path_is_what_it_was_when_the_call_was_made() {
    let mut guest = Guest::with_files(&[("real", ""), ("rea?", "")]);
    guest.put(1_000, b"real");
    // The descriptor is written over the path.
    guest.ok(
        Function::PathOpen,
        &[DIR, 0, 1_000, 4, 0, READ, 0, 0, 1_000],
    );
    assert_eq!(guest.context.used().paths[0].path, "/real");
}

#[test]
fn both_paths_of_a_move_are_told() {
    let mut guest = Guest::with_files(&[("old", "")]);
    guest.put(1_000, b"oldnew");
    guest.ok(Function::PathRename, &[DIR, 1_000, 3, DIR, 1_003, 3]);
    let [old, new] = &guest.context.used().paths[..] else {
        panic!("{:?}", guest.context.used().paths);
    };
    assert!(old.path == "/old" && old.has(Deed::Removed));
    assert!(new.path == "/new" && new.has(Deed::Named));
}

#[test]
fn a_path_from_no_directory_is_told_as_it_was_asked_for() {
    let mut guest = Guest::new();
    guest.put(1_000, b"etc/passwd");
    for fd in [u64::from(u32::MAX), 77] {
        let args = [fd, 0, 1_000, 10, 0, READ, 0, 0, 64];
        assert_eq!(guest.errno(Function::PathOpen, &args), Errno::Badf);
    }
    let paths = guest.context.used().paths.iter();
    let paths: Vec<&str> = paths.map(|path| path.path.as_str()).collect();
    assert_eq!(paths, ["/etc/passwd", "fd 77:/etc/passwd"]);
}

#[test]
fn however_many_paths_are_opened_few_are_kept_and_all_are_counted() {
    let mut guest = Guest::new();
    for number in 0..5_000 {
        guest.asks(&format!("{number}"), 0, READ);
    }
    // One that is named goes on being counted.
    guest.asks("7", 0, READ);
    let used = guest.context.used();
    assert_eq!(used.paths.len(), PATHS);
    assert_eq!(used.paths[7].calls, 2);
    assert_eq!(used.unnamed, 5_000 - PATHS as u64);
}

#[test]
fn a_long_path_is_cut_and_one_that_is_no_text_is_told_all_the_same() {
    let mut guest = Guest::new();
    guest.memory[1_000..20_000].fill(b'x');
    guest.errno(Function::PathUnlinkFile, &[DIR, 1_000, 19_000]);
    guest.put(1_000, &[b'a', 0xff]);
    guest.errno(Function::PathUnlinkFile, &[DIR, 1_000, 2]);
    // What is not in memory names nothing.
    guest.errno(Function::PathUnlinkFile, &[DIR, u64::from(MEMORY), 2]);
    let paths = &guest.context.used().paths;
    assert_eq!(paths.len(), 2);
    assert!(paths[0].path.len() <= PATH + 8 && paths[0].path.ends_with('…'));
    assert_eq!(paths[1].path, "/a\u{fffd}");
}

#[test]
fn what_is_no_file_is_counted_too() {
    let mut guest = Guest::with(Config {
        args: vec!["p".to_owned(), "-v".to_owned()],
        env: vec![
            ("HOME".to_owned(), "/".to_owned()),
            ("KEY".to_owned(), "a=b".to_owned()),
        ],
        stdin: crate::wasi::Stdin::Bytes(b"abc".to_vec().into()),
        ..Config::default()
    });
    guest.ok(Function::ArgsSizesGet, &[64, 68]);
    assert_eq!(
        guest.context.used().arguments,
        None,
        "it has only asked how many"
    );
    guest.ok(Function::ArgsGet, &[100, 200]);
    guest.ok(Function::EnvironGet, &[100, 200]);
    for clock in [0, 1, 1, 3] {
        guest.ok(Function::ClockTimeGet, &[clock, 0, 64]);
    }
    guest.errno(Function::ClockTimeGet, &[9, 0, 64]);
    guest.ok(Function::RandomGet, &[100, 32]);
    guest.put(0, &iovec(100, 8));
    guest.ok(Function::FdRead, &[0, 0, 1, 64]);
    guest.ok(Function::FdWrite, &[1, 0, 1, 64]);
    guest.ok(Function::FdWrite, &[2, 0, 1, 64]);
    let used = guest.context.used();
    assert_eq!(used.arguments, Some(2));
    let variables = used.variables.as_deref().unwrap_or_default();
    assert_eq!(variables, ["HOME", "KEY"], "values may be secret");
    assert_eq!((used.clocks, used.random), ([1, 2, 1], 32));
    assert_eq!((used.stdin, used.stdout, used.stderr), (3, 8, 8));
    assert!(used.paths.is_empty());
}
