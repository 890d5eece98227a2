//! What is behind a descriptor.

use super::*;

fn filestat(words: [u64; 8]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

#[test]
fn fd_filestat_get_tells_all_of_a_file() {
    let mut guest = Guest::new();
    guest.set_realtime(10);
    let fd = guest.open("a", CREAT, READ | WRITE, 0).unwrap();
    guest.set_realtime(20);
    guest.write(fd, b"wazero").unwrap();
    guest.ok(Function::FdFilestatGet, &[fd, 1]);
    guest.assert_memory(&[(1, &filestat([1, 2, 4, 1, 6, 10, 20, 20]))]);
}

#[test]
fn fd_filestat_get_tells_of_directories_and_stdio() {
    let mut guest = Guest::new();
    guest.ok(Function::FdFilestatGet, &[DIR, 1]);
    guest.assert_memory(&[(1, &filestat([1, 1, 3, 2, 0, NOW, NOW, NOW]))]);
    for fd in 0..3 {
        guest.fill();
        guest.ok(Function::FdFilestatGet, &[fd, 1]);
        guest.assert_memory(&[(1, &[0; 64])]);
    }
    guest.assert_bounds(Function::FdFilestatGet, &[DIR, 0], 1, 64);
    assert_eq!(guest.errno(Function::FdFilestatGet, &[99, 0]), Errno::Badf);
}

#[test]
fn fd_filestat_set_size_cuts_and_grows_with_zeros() {
    let mut guest = Guest::with_files(&[("a", "wazero")]);
    let fd = guest.open("a", 0, READ | WRITE, 0).unwrap();
    guest.ok(Function::FdFilestatSetSize, &[fd, 2]);
    guest.ok(Function::FdFilestatSetSize, &[fd, 4]);
    assert_eq!(guest.read(fd, 9), Ok(b"wa\0\0".to_vec()));
}

#[test]
fn fd_filestat_set_size_is_for_files_open_for_writing_and_of_a_possible_size() {
    let mut guest = Guest::with_files(&[("a", "wazero")]);
    let writable = guest.open("a", 0, WRITE, 0).unwrap();
    let read_only = guest.open("a", 0, READ, 0).unwrap();
    for (fd, size, errno) in [
        (read_only, 1, Errno::Inval),
        (1, 1, Errno::Badf),
        (99, 1, Errno::Badf),
        (writable, u64::MAX, Errno::Inval),
        (writable, 1 << 63, Errno::Inval),
        (writable, (1 << 63) - 1, Errno::Fbig),
        (writable, 1 << 40, Errno::Fbig),
    ] {
        assert_eq!(guest.errno(Function::FdFilestatSetSize, &[fd, size]), errno);
    }
    let before = guest.context.fs().usage();
    guest.ok(Function::FdFilestatSetSize, &[writable, 8 << 30]);
    assert_eq!(guest.context.fs().usage(), before, "a hole costs nothing");
}

#[test]
fn fd_filestat_set_times_sets_what_it_is_told_to() {
    let mut guest = Guest::with_files(&[("a", "wazero")]);
    let file = guest.open("a", 0, READ, 0).unwrap();
    guest.set_realtime(77);
    for fd in [file, DIR] {
        for (flags, accessed, modified) in [
            (1, 5, NOW),
            (4, 5, 6),
            (2, 77, 6),
            (8, 77, 77),
            (0, 77, 77),
            (1 | 8, 5, 77),
            (2 | 4, 77, 6),
        ] {
            guest.ok(Function::FdFilestatSetTimes, &[fd, 5, 6, flags]);
            guest.ok(Function::FdFilestatGet, &[fd, 0]);
            assert_eq!((guest.u64_at(40), guest.u64_at(48)), (accessed, modified));
        }
        assert_eq!(guest.u64_at(56), 77);
    }
}

#[test]
fn fd_filestat_set_times_refuses_contradictions() {
    let mut guest = Guest::with_files(&[("a", "wazero")]);
    let fd = guest.open("a", 0, READ, 0).unwrap();
    for flags in [3, 12, 15, 16, 1 << 16] {
        let args = [fd, 5, 6, flags];
        assert_eq!(
            guest.errno(Function::FdFilestatSetTimes, &args),
            Errno::Inval
        );
    }
    guest.ok(Function::FdFilestatGet, &[fd, 0]);
    assert_eq!((guest.u64_at(40), guest.u64_at(48)), (NOW, NOW));
    for fd in [0, 1, 99] {
        assert_eq!(
            guest.errno(Function::FdFilestatSetTimes, &[fd, 0, 0, 0]),
            Errno::Badf
        );
    }
}

#[test]
fn times_below_a_read_only_preopen_cannot_be_set() {
    let mut guest = Guest::bare(Config {
        preopens: vec![Preopen {
            path: "/ro".into(),
            tree: tree(&[("a", "")]),
            read_only: true,
        }],
        ..Config::default()
    });
    let file = guest.open("a", 0, READ, 0).unwrap();
    for fd in [file, DIR] {
        assert_eq!(
            guest.errno(Function::FdFilestatSetTimes, &[fd, 0, 0, 1]),
            Errno::Rofs
        );
    }
}
