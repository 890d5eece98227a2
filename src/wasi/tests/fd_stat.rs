//! What a descriptor is.

use super::*;

/// `filetype`, `fs_flags` and both rights, as they are in memory.
fn fdstat(file_type: u8, flags: u8, base: u64, inheriting: u64) -> Vec<u8> {
    let mut bytes = vec![file_type, 0, flags, 0, 0, 0, 0, 0];
    bytes.extend(base.to_le_bytes());
    bytes.extend(inheriting.to_le_bytes());
    bytes
}

const ALL: u64 = 0x3fff_ffff;

#[track_caller]
fn assert_fdstat(guest: &mut Guest, fd: u64, expected: &[u8]) {
    guest.fill();
    guest.ok(Function::FdFdstatGet, &[fd, 1]);
    guest.assert_memory(&[(1, expected)]);
}

#[test]
fn stdio_says_whether_it_is_a_terminal() {
    for (terminal, file_type) in [(false, 0), (true, 2)] {
        let mut guest = Guest::with(Config {
            terminal,
            ..Config::default()
        });
        let common = 1 << 3 | 1 << 21 | 1 << 27;
        for (fd, right) in [(0, READ), (1, WRITE), (2, WRITE)] {
            let rights = common | right;
            assert_fdstat(&mut guest, fd, &fdstat(file_type, 0, rights, rights));
        }
    }
}

#[test]
fn a_file_has_the_rights_that_it_was_opened_with() {
    let mut guest = Guest::with_files(&[("a", "")]);
    let readdir = 1 << 14;
    for (rights, missing) in [
        (0, 0),
        (READ, WRITE),
        (WRITE, READ | readdir),
        (READ | WRITE, 0),
    ] {
        let fd = guest.open("a", 0, rights, APPEND | NONBLOCK).unwrap();
        let rights = ALL & !missing;
        assert_fdstat(&mut guest, fd, &fdstat(4, 5, rights, rights));
    }
}

#[test]
fn creation_gives_the_right_to_write() {
    let mut guest = Guest::new();
    let fd = guest.open("a", CREAT, 0, 0).unwrap();
    assert_fdstat(&mut guest, fd, &fdstat(4, 0, ALL, ALL));
}

#[test]
fn a_directory_cannot_be_written_or_sought() {
    let mut guest = Guest::new();
    let fd = guest.open(".", DIRECTORY, READ, 0).unwrap();
    let rights = ALL & !(WRITE | 1 << 2 | 1 << 19 | 1 << 22);
    assert_fdstat(&mut guest, fd, &fdstat(3, 0, rights, rights));
}

#[test]
fn a_preopen_has_the_rights_that_c_libraries_expect() {
    let mut guest = Guest::new();
    guest.ok(Function::FdFdstatGet, &[DIR, 0]);
    let (base, inheriting) = (guest.u64_at(8), guest.u64_at(16));
    for right in (9..=18).chain([20, 21, 23, 24, 25, 26]) {
        assert_ne!(base & 1 << right, 0, "{right}");
    }
    for right in [1, 2, 6, 8, 22, 27] {
        assert_eq!(base & 1 << right, 0, "{right}");
        assert_ne!(inheriting & 1 << right, 0, "{right}");
    }
}

#[test]
fn fd_fdstat_get_needs_room_and_an_open_descriptor() {
    Guest::new().assert_bounds(Function::FdFdstatGet, &[1, 0], 1, 24);
    assert_eq!(
        Guest::new().errno(Function::FdFdstatGet, &[99, 0]),
        Errno::Badf
    );
}

#[test]
fn flags_can_be_set_on_files_and_stdio() {
    let mut guest = Guest::with_files(&[("a", "abc")]);
    let file = guest.open("a", 0, READ | WRITE, APPEND).unwrap();
    for fd in [0, 1, 2, file] {
        for flags in [NONBLOCK, APPEND | NONBLOCK, APPEND, 0] {
            guest.ok(Function::FdFdstatSetFlags, &[fd, flags]);
            guest.ok(Function::FdFdstatGet, &[fd, 0]);
            assert_eq!(u64::from(guest.memory[2]), flags);
        }
    }
    guest.fill();
    assert_eq!(guest.write(file, b"X"), Ok(1));
    guest.ok(Function::FdSeek, &[file, 0, 0, 0]);
    guest.fill();
    assert_eq!(
        guest.read(file, 9),
        Ok(b"Xbc".to_vec()),
        "no longer appended"
    );
}

#[test]
fn flags_that_cannot_be_set() {
    let mut guest = Guest::with_files(&[("a", "")]);
    let file = guest.open("a", 0, READ, 0).unwrap();
    for flags in [DSYNC, RSYNC, SYNC, 32, 1 << 16, u64::from(u32::MAX)] {
        assert_eq!(
            guest.errno(Function::FdFdstatSetFlags, &[file, flags]),
            Errno::Inval
        );
    }
}

#[test]
fn rights_cannot_be_dropped() {
    let mut guest = Guest::with_files(&[("a", "")]);
    let file = guest.open("a", 0, READ, 0).unwrap();
    for (fd, errno) in [
        (file, Errno::Notsup),
        (DIR, Errno::Notsup),
        (1, Errno::Badf),
        (99, Errno::Badf),
    ] {
        assert_eq!(guest.errno(Function::FdFdstatSetRights, &[fd, 0, 0]), errno);
    }
}

fn two_preopens() -> Guest {
    Guest::with(Config {
        preopens: vec![Preopen {
            path: "/é".into(),
            ..Preopen::default()
        }],
        ..Config::default()
    })
}

#[test]
fn preopens_are_walked_until_ebadf() {
    let mut guest = two_preopens();
    guest.ok(Function::FdPrestatGet, &[3, 1]);
    guest.assert_memory(&[(1, &[0, 0, 0, 0, 1, 0, 0, 0])]);
    guest.ok(Function::FdPrestatGet, &[4, 1]);
    guest.assert_memory(&[(1, &[0, 0, 0, 0, 3, 0, 0, 0])]);
    let file = guest.open("a", CREAT, 0, 0).unwrap();
    let directory = guest.open(".", 0, 0, 0).unwrap();
    for fd in [0, 1, 2, file, directory, 99] {
        assert_eq!(guest.errno(Function::FdPrestatGet, &[fd, 1]), Errno::Badf);
    }
    guest.assert_bounds(Function::FdPrestatGet, &[3, 0], 1, 8);
}

#[test]
fn a_preopen_tells_its_path_without_a_nul() {
    let mut guest = two_preopens();
    guest.ok(Function::FdPrestatDirName, &[4, 1, 3]);
    guest.assert_memory(&[(1, "/é".as_bytes())]);
    guest.ok(Function::FdPrestatDirName, &[4, 1, 100]);
    guest.assert_memory(&[(1, "/é".as_bytes())]);
    for length in 0..3 {
        let args = [4, 100, length];
        assert_eq!(
            guest.errno(Function::FdPrestatDirName, &args),
            Errno::Nametoolong
        );
    }
    guest.assert_bounds(Function::FdPrestatDirName, &[4, 0, 3], 1, 3);
}
