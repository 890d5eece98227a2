//! Preview 0, where it differs.

use super::*;

#[test]
fn functions_are_found_by_the_module_they_are_imported_from() {
    let preview_0 = Function::ALL
        .into_iter()
        .filter_map(|function| Function::of_import("wasi_unstable", function.name()));
    let mut differ = Vec::new();
    for function in preview_0.clone() {
        let name = function.name();
        let new = Function::of_import("wasi_snapshot_preview1", name).unwrap();
        assert_eq!(function.params(), new.params(), "{name}");
        if function != new {
            differ.push(name);
        }
    }
    assert_eq!(preview_0.count(), 45);
    assert_eq!(
        differ,
        [
            "fd_filestat_get",
            "fd_seek",
            "path_filestat_get",
            "poll_oneoff"
        ]
    );
    assert_eq!(Function::of_import("wasi_unstable", "sock_accept"), None);
    assert_eq!(Function::of_import("wasi", "fd_seek"), None);
}

#[test]
fn whence_counts_from_the_position() {
    let mut guest = Guest::with_files(&[("a", "wazero")]);
    let fd = guest.open("a", 0, READ, 0).unwrap();
    for (offset, whence, position) in [(4, 2, 4_u64), (1, 0, 5), (2, 1, 8)] {
        guest.fill();
        guest.ok(Function::FdSeek0, &[fd, offset, whence, 1]);
        guest.assert_memory(&[(1, &position.to_le_bytes())]);
    }
    let errno = guest.errno(Function::FdSeek0, &[fd, 0, 3, 1]);
    assert_eq!(errno, Errno::Inval);
}

#[test]
fn a_filestat_has_56_bytes_and_a_short_number_of_links() {
    let mut guest = Guest::with_files(&[("a", "wazero")]);
    let fd = guest.open("a", 0, READ, 0).unwrap();
    guest.ok(Function::FdFilestatGet, &[fd, 0]);
    let new = guest.bytes_at(0, 64);
    let mut links = new[16..20].to_vec();
    links.extend([1, 0, 0, 0]);
    let old = [&new[..16], &links, &new[32..]].concat();
    guest.fill();
    guest.ok(Function::FdFilestatGet0, &[fd, 1]);
    guest.assert_memory(&[(1, &old)]);
    guest.fill();
    guest.put(100, b"a");
    guest.ok(Function::PathFilestatGet0, &[DIR, 0, 100, 1, 1]);
    guest.assert_memory(&[(1, &old), (100, b"a")]);
    guest.assert_bounds(Function::FdFilestatGet0, &[fd, 0], 1, 56);
}

#[test]
fn a_clock_has_an_identifier_before_its_number() {
    let mut guest = Guest::new();
    let words = |words: [u64; 7]| words.map(u64::to_le_bytes).concat();
    let clock = words([7, 0, u64::MAX, 1, 50, 0, 0]);
    let read = words([8, 1, 99, 1, 0, 0, 0]);
    guest.put(1_000, &clock);
    let args = [1_000, 2_000, 1, 3_000];
    let wait = guest.waits(Function::PollOneoff0, &args);
    assert_eq!(wait.until, Some(50));
    guest.set_monotonic(49);
    let wait = guest.waits(Function::PollOneoff0, &args);
    assert_eq!(wait.until, Some(50), "from when it was first asked for");
    guest.set_monotonic(50);
    guest.put(1_056, &read);
    guest.ok(Function::PollOneoff0, &[1_000, 2_000, 2, 3_000]);
    assert_eq!(guest.u32_at(3_000), 1, "another call, another start");
    assert_eq!(guest.u64_at(2_000), 8);
    assert_eq!(guest.u64_at(2_008), 1 << 16 | 8, "EBADF of a read");
    guest.fill();
    guest.memory.fill(0);
    guest.assert_bounds(Function::PollOneoff0, &[0, 200, 1, 300], 0, 56);
}

#[test]
fn calls_are_told_in_its_terms() {
    use crate::wasi::describe::{self, Text};
    let mut guest = Guest::with_files(&[("a", "wazero")]);
    let fd = guest.open("a", 0, READ, 0).unwrap();
    let mut told = |function: Function, args: &[u64]| {
        let mut arguments = String::new();
        let mut text = Text::new(&mut arguments, 1_000);
        guest.look(|memory| describe::arguments(function, args, memory, &mut text));
        let errno = guest.errno(function, args);
        let mut result = String::new();
        let mut text = Text::new(&mut result, 1_000);
        guest.look(|memory| describe::result(function, args, errno, memory, &mut text));
        (arguments, result)
    };
    let (arguments, _) = told(Function::FdSeek0, &[fd, 1, 1, 0]);
    assert_eq!(arguments, "4, 1, END");
    let (_, result) = told(Function::FdFilestatGet0, &[fd, 0]);
    assert_eq!(result, "ESUCCESS, REGULAR_FILE, size 6, ino 2, nlink 1");
    guest.put(1_000, &[7, 0, 1, 1, 0, 0, 0].map(u64::to_le_bytes).concat());
    let mut arguments = String::new();
    let mut text = Text::new(&mut arguments, 1_000);
    guest.look(|memory| {
        describe::arguments(Function::PollOneoff0, &[1_000, 0, 1, 0], memory, &mut text);
    });
    assert_eq!(arguments, "[clock MONOTONIC +0ns]");
}
