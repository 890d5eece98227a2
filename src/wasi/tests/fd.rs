//! Descriptors themselves.

use super::*;
use crate::vfs::Quota;

#[test]
fn fd_close_frees_the_number_and_the_lowest_is_taken_next() {
    let mut guest = Guest::with_files(&[("a", ""), ("b", "")]);
    assert_eq!(guest.open("a", 0, READ, 0), Ok(4));
    assert_eq!(guest.open("b", 0, READ, 0), Ok(5));
    guest.ok(Function::FdClose, &[4]);
    assert_eq!(guest.errno(Function::FdClose, &[4]), Errno::Badf);
    assert_eq!(guest.open("a", 0, READ, 0), Ok(4));
    guest.ok(Function::FdClose, &[1]);
    assert_eq!(guest.write(1, b"lost"), Err(Errno::Badf));
    assert_eq!(guest.open("a", 0, READ, 0), Ok(1));
}

#[test]
fn a_full_table_is_emfile_and_creates_nothing() {
    let mut guest = Guest::with(Config {
        max_fds: 6,
        ..Config::default()
    });
    assert_eq!(guest.open("a", CREAT, WRITE, 0), Ok(4));
    assert_eq!(guest.open("b", CREAT, WRITE, 0), Ok(5));
    assert_eq!(guest.open("c", CREAT, WRITE, 0), Err(Errno::Mfile));
    guest.ok(Function::FdClose, &[4]);
    assert_eq!(guest.open("c", 0, READ, 0), Err(Errno::Noent));
}

#[test]
fn ten_thousand_descriptors_can_be_open() {
    let mut guest = Guest::with_files(&[("a", "")]);
    for fd in 4..10_004 {
        assert_eq!(guest.open("a", 0, READ, 0), Ok(fd));
    }
}

#[test]
fn fd_renumber_moves_over_what_is_open() {
    let mut guest = Guest::with_files(&[("a", "aa"), ("b", "bb")]);
    let a = guest.open("a", 0, READ, 0).unwrap();
    let b = guest.open("b", 0, READ, 0).unwrap();
    assert_eq!(guest.read(a, 1), Ok(b"a".to_vec()));
    guest.ok(Function::FdRenumber, &[a, b]);
    assert_eq!(guest.read(a, 1), Err(Errno::Badf));
    assert_eq!(
        guest.read(b, 9),
        Ok(b"a".to_vec()),
        "the position moves along"
    );
    guest.ok(Function::FdRenumber, &[b, b]);
    for (from, to) in [(a, b), (b, a), (b, 127), (b, u64::from(u32::MAX)), (99, 99)] {
        assert_eq!(guest.errno(Function::FdRenumber, &[from, to]), Errno::Badf);
    }
}

#[test]
fn fd_renumber_closes_what_it_replaces() {
    let mut guest = Guest::with_files(&[("a", "")]);
    let before = guest.context.fs().usage();
    let kept = guest.open("a", 0, READ, 0).unwrap();
    let gone = guest.open("gone", CREAT, WRITE, 0).unwrap();
    guest.write(gone, b"bytes").unwrap();
    assert_eq!(guest.path(Function::PathUnlinkFile, "gone"), Errno::Success);
    guest.ok(Function::FdRenumber, &[kept, gone]);
    assert_eq!(guest.context.fs().usage(), before);
}

#[test]
fn stdout_can_be_renumbered_to_a_file() {
    let mut guest = Guest::new();
    let log = guest.open("log", CREAT, READ | WRITE, 0).unwrap();
    guest.ok(Function::FdRenumber, &[log, 1]);
    assert_eq!(guest.write(1, b"kept"), Ok(4));
    assert_eq!(guest.context.pending_output(), 0);
    guest.ok(Function::FdSeek, &[1, 0, 0, 0]);
    guest.fill();
    assert_eq!(guest.read(1, 9), Ok(b"kept".to_vec()));
}

#[test]
fn fd_seek_moves_and_tells_the_position() {
    let mut guest = Guest::with_files(&[("a", "wazero")]);
    let fd = guest.open("a", 0, READ, 0).unwrap();
    let back = (-2_i64) as u64;
    for (offset, whence, position) in [
        (4, 0, 4_u64),
        (1, 1, 5),
        (back, 1, 3),
        (back, 2, 4),
        (0, 1, 4),
        (1_000, 2, 1_006),
        (i64::MAX as u64, 0, i64::MAX as u64),
        (0, 0, 0),
    ] {
        guest.fill();
        guest.ok(Function::FdSeek, &[fd, offset, whence, 1]);
        guest.assert_memory(&[(1, &position.to_le_bytes())]);
        guest.fill();
        guest.ok(Function::FdTell, &[fd, 1]);
        guest.assert_memory(&[(1, &position.to_le_bytes())]);
    }
}

#[test]
fn fd_seek_refuses_positions_that_are_none() {
    let mut guest = Guest::with_files(&[("a", "wazero")]);
    let fd = guest.open("a", 0, READ, 0).unwrap();
    guest.ok(Function::FdSeek, &[fd, 2, 0, 0]);
    guest.fill();
    for (offset, whence) in [
        ((-1_i64) as u64, 0),
        ((-3_i64) as u64, 1),
        ((-7_i64) as u64, 2),
        (i64::MIN as u64, 0),
        (i64::MAX as u64, 1),
        (i64::MAX as u64, 2),
        (0, 3),
    ] {
        assert_eq!(
            guest.errno(Function::FdSeek, &[fd, offset, whence, 1]),
            Errno::Inval
        );
    }
    guest.assert_memory(&[]);
    guest.ok(Function::FdTell, &[fd, 0]);
    assert_eq!(guest.u64_at(0), 2);
}

#[test]
fn a_seek_whose_result_faults_does_not_move() {
    let mut guest = Guest::with_files(&[("a", "wazero")]);
    let fd = guest.open("a", 0, READ, 0).unwrap();
    let args = [fd, 3, 0, u64::from(MEMORY) - 7];
    assert_eq!(guest.errno(Function::FdSeek, &args), Errno::Fault);
    guest.ok(Function::FdTell, &[fd, 0]);
    assert_eq!(guest.u64_at(0), 0);
    guest.assert_bounds(Function::FdSeek, &[fd, 0, 0, 0], 3, 8);
    guest.assert_bounds(Function::FdTell, &[fd, 0], 1, 8);
}

#[test]
fn fd_advise_checks_and_does_nothing() {
    let mut guest = Guest::with_files(&[("a", "wazero")]);
    let fd = guest.open("a", 0, READ, 0).unwrap();
    for advice in 0..6 {
        guest.ok(Function::FdAdvise, &[fd, 0, 0, advice]);
    }
    assert_eq!(
        guest.errno(Function::FdAdvise, &[fd, 0, 0, 6]),
        Errno::Inval
    );
}

#[test]
fn fd_allocate_grows_and_never_cuts() {
    let mut guest = Guest::with(Config {
        quota: Quota {
            bytes: 1_000,
            file_bytes: 5_000,
            ..Quota::default()
        },
        ..Config::default()
    });
    let fd = guest.open("a", CREAT, READ | WRITE, 0).unwrap();
    for (offset, length, size) in [(0, 0, 0), (0, 100, 100), (10, 10, 100), (90, 20, 110)] {
        guest.ok(Function::FdAllocate, &[fd, offset, length]);
        guest.ok(Function::FdFilestatGet, &[fd, 0]);
        assert_eq!(guest.u64_at(32), size);
    }
    for (offset, length, errno) in [
        (u64::MAX, 1, Errno::Inval),
        (0, u64::MAX, Errno::Inval),
        (i64::MAX as u64, i64::MAX as u64, Errno::Inval),
        (0, i64::MAX as u64, Errno::Fbig),
        (0, 5_001, Errno::Fbig),
        (0, 4_000, Errno::Nospc),
    ] {
        assert_eq!(
            guest.errno(Function::FdAllocate, &[fd, offset, length]),
            errno
        );
    }
    let read_only = guest.open("a", 0, READ, 0).unwrap();
    guest.ok(Function::FdAllocate, &[read_only, 0, 110]);
    assert_eq!(
        guest.errno(Function::FdAllocate, &[read_only, 0, 111]),
        Errno::Inval
    );
}
