//! Moving bytes.

use super::*;
use crate::vfs::Quota;

/// Two buffers, at 18 and 23, of 4 and 2 bytes; the list is at 1.
fn two_buffers(guest: &mut Guest) -> Vec<u8> {
    let list = [iovec(18, 4), iovec(23, 2)].concat();
    guest.put(1, &list);
    list
}

#[test]
fn fd_read_fills_the_buffers_in_order() {
    let mut guest = Guest::with_files(&[("a", "wazero!")]);
    let fd = guest.open("a", 0, READ, 0).unwrap();
    let list = two_buffers(&mut guest);
    guest.ok(Function::FdRead, &[fd, 1, 2, 26]);
    guest.assert_memory(&[(1, &list), (18, b"waze"), (23, b"ro"), (26, &[6, 0, 0, 0])]);
    guest.ok(Function::FdRead, &[fd, 1, 2, 26]);
    guest.assert_memory(&[(1, &list), (18, b"!aze"), (23, b"ro"), (26, &[1, 0, 0, 0])]);
    guest.ok(Function::FdRead, &[fd, 1, 2, 26]);
    guest.assert_memory(&[(1, &list), (18, b"!aze"), (23, b"ro"), (26, &[0; 4])]);
}

#[test]
fn fd_pread_reads_at_an_offset_and_leaves_the_position() {
    let mut guest = Guest::with_files(&[("a", "wazero!")]);
    let fd = guest.open("a", 0, READ, 0).unwrap();
    let list = two_buffers(&mut guest);
    guest.ok(Function::FdPread, &[fd, 1, 2, 2, 26]);
    guest.assert_memory(&[(1, &list), (18, b"zero"), (23, b"!?"), (26, &[5, 0, 0, 0])]);
    guest.ok(Function::FdPread, &[fd, 1, 2, 7, 26]);
    assert_eq!(guest.u32_at(26), 0);
    guest.ok(Function::FdPread, &[fd, 1, 2, i64::MAX as u64, 26]);
    assert_eq!(guest.u32_at(26), 0);
    let beyond = [fd, 1, 2, 1 << 63, 26];
    assert_eq!(guest.errno(Function::FdPread, &beyond), Errno::Inval);
    assert_eq!(guest.read(fd, 2), Ok(b"wa".to_vec()));
}

#[test]
fn fd_write_writes_the_buffers_in_order() {
    let mut guest = Guest::new();
    let fd = guest.open("a", CREAT, READ | WRITE, 0).unwrap();
    let list = two_buffers(&mut guest);
    guest.put(18, b"waze");
    guest.put(23, b"ro");
    guest.ok(Function::FdWrite, &[fd, 1, 2, 26]);
    guest.assert_memory(&[(1, &list), (18, b"waze"), (23, b"ro"), (26, &[6, 0, 0, 0])]);
    guest.ok(Function::FdSeek, &[fd, 0, 0, 100]);
    assert_eq!(guest.read(fd, 9), Ok(b"wazero".to_vec()));
}

#[test]
fn fd_pwrite_writes_at_an_offset_and_leaves_the_position() {
    let mut guest = Guest::with_files(&[("a", "abc")]);
    let fd = guest.open("a", 0, READ | WRITE, 0).unwrap();
    guest.put(0, &iovec(8, 2));
    guest.put(8, b"XY");
    guest.ok(Function::FdPwrite, &[fd, 0, 1, 5, 16]);
    guest.ok(Function::FdPwrite, &[fd, 0, 1, 1, 16]);
    assert_eq!(guest.read(fd, 99), Ok(b"aXY\0\0XY".to_vec()));
    let beyond = [fd, 0, 1, 1 << 63, 16];
    assert_eq!(guest.errno(Function::FdPwrite, &beyond), Errno::Inval);
    let far = [fd, 0, 1, i64::MAX as u64, 16];
    assert_eq!(guest.errno(Function::FdPwrite, &far), Errno::Fbig);
}

#[test]
fn a_write_beyond_the_end_leaves_zeros_and_one_of_nothing_leaves_the_size() {
    let mut guest = Guest::new();
    let fd = guest.open("a", CREAT, READ | WRITE, 0).unwrap();
    guest.ok(Function::FdSeek, &[fd, 50, 0, 0]);
    guest.fill();
    assert_eq!(guest.write(fd, b""), Ok(0));
    guest.ok(Function::FdFilestatGet, &[fd, 0]);
    assert_eq!(guest.u64_at(32), 0);
    assert_eq!(guest.write(fd, b"x"), Ok(1));
    guest.ok(Function::FdFilestatGet, &[fd, 0]);
    assert_eq!(guest.u64_at(32), 51);
}

#[test]
fn append_writes_at_the_end_wherever_the_position_is() {
    let mut guest = Guest::with_files(&[("a", "123")]);
    let fd = guest.open("a", 0, READ | WRITE, APPEND).unwrap();
    assert_eq!(guest.write(fd, b"4"), Ok(1));
    guest.ok(Function::FdTell, &[fd, 0]);
    assert_eq!(guest.u64_at(0), 4);
    guest.ok(Function::FdSeek, &[fd, 0, 0, 0]);
    guest.fill();
    assert_eq!(guest.read(fd, 2), Ok(b"12".to_vec()));
    assert_eq!(guest.write(fd, b"5"), Ok(1));
    assert_eq!(guest.read(fd, 9), Ok(Vec::new()));

    guest.put(0, &iovec(8, 1));
    guest.put(8, b"6");
    guest.ok(Function::FdPwrite, &[fd, 0, 1, 0, 16]);
    guest.ok(Function::FdTell, &[fd, 0]);
    assert_eq!(guest.u64_at(0), 5, "fd_pwrite does not move it");
    guest.ok(Function::FdSeek, &[fd, 0, 0, 0]);
    assert_eq!(guest.read(fd, 9), Ok(b"123456".to_vec()));
}

#[test]
fn the_open_mode_is_enforced_even_for_nothing() {
    let mut guest = Guest::with_files(&[("a", "abc")]);
    let read_only = guest.open("a", 0, READ, 0).unwrap();
    let write_only = guest.open("a", 0, WRITE, 0).unwrap();
    for bytes in [b"".as_slice(), b"x"] {
        assert_eq!(guest.write(read_only, bytes), Err(Errno::Badf));
    }
    assert_eq!(guest.read(write_only, 0), Err(Errno::Badf));
    assert_eq!(guest.read(write_only, 1), Err(Errno::Badf));
}

#[test]
fn the_list_each_buffer_and_the_result_must_lie_in_memory() {
    for function in [
        Function::FdRead,
        Function::FdPread,
        Function::FdWrite,
        Function::FdPwrite,
    ] {
        let mut guest = Guest::with_files(&[("a", "abc")]);
        let fd = guest.open("a", 0, READ | WRITE, 0).unwrap();
        let mut args = vec![fd, 0, 0, 0];
        if function.params().len() == 5 {
            args.push(0);
        }
        let result = args.len() - 1;
        guest.memory.fill(0);
        guest.assert_bounds(function, &args, result, 4);

        args[2] = 1;
        args[result] = 100;
        guest.memory.fill(0);
        guest.assert_bounds(function, &args, 1, 8);

        for (address, length) in [
            (MEMORY - 2, 3),
            (MEMORY, 1),
            (u32::MAX, 1),
            (0, u32::MAX),
            (0, MEMORY + 1),
        ] {
            guest.memory.fill(0);
            guest.put(0, &iovec(50, 2));
            guest.put(8, &iovec(address, length));
            let before = guest.memory.clone();
            args[1] = 0;
            args[2] = 2;
            assert_eq!(guest.errno(function, &args), Errno::Fault, "{function:?}");
            assert!(guest.memory == before, "the first buffer was used");
        }
    }
}

#[test]
fn a_fault_moves_no_position() {
    let mut guest = Guest::with_files(&[("a", "abc")]);
    let fd = guest.open("a", 0, READ | WRITE, 0).unwrap();
    guest.put(0, &iovec(8, 2));
    let args = [fd, 0, 1, u64::from(u32::MAX)];
    assert_eq!(guest.errno(Function::FdRead, &args), Errno::Fault);
    assert_eq!(guest.errno(Function::FdWrite, &args), Errno::Fault);
    assert_eq!(guest.read(fd, 9), Ok(b"abc".to_vec()));
}

#[test]
fn buffers_of_no_bytes_are_skipped_wherever_they_are() {
    let mut guest = Guest::with_files(&[("a", "abc")]);
    let fd = guest.open("a", 0, READ, 0).unwrap();
    guest.put(0, &iovec(u32::MAX, 0));
    guest.put(8, &iovec(100, 3));
    guest.ok(Function::FdRead, &[fd, 0, 2, 200]);
    assert_eq!(guest.bytes_at(100, 3), b"abc");
}

#[test]
fn a_read_into_its_own_list_stays_within_bounds() {
    let mut guest = Guest::with_files(&[("a", &"\u{7f}".repeat(100))]);
    let fd = guest.open("a", 0, READ, 0).unwrap();
    guest.put(0, &[iovec(0, 16), iovec(50, 10)].concat());
    guest.ok(Function::FdRead, &[fd, 0, 2, 200]);
    assert_eq!(guest.u32_at(200), 16, "a short read, not a fault");
}

#[test]
fn a_full_file_system_writes_what_fits_and_then_nothing() {
    let mut guest = Guest::with(Config {
        quota: Quota {
            bytes: 2_000,
            ..Quota::default()
        },
        ..Config::default()
    });
    let fd = guest.open("a", CREAT, READ | WRITE, 0).unwrap();
    let bytes = vec![b'x'; 4_000];
    let written = guest.write(fd, &bytes).unwrap();
    assert_eq!(written, 1_536, "three blocks, beside what the name costs");
    assert_eq!(guest.write(fd, &bytes), Err(Errno::Nospc));
    guest.ok(Function::FdFilestatSetSize, &[fd, 0]);
    guest.ok(Function::FdSeek, &[fd, 0, 0, 0]);
    guest.fill();
    assert_eq!(guest.write(fd, b"again"), Ok(5));
}
