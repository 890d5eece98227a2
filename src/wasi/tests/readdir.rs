//! Listing directories.

use super::*;

fn dirent(next: u64, inode: u64, kind: u8, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(next.to_le_bytes());
    bytes.extend(inode.to_le_bytes());
    bytes.extend((name.len() as u32).to_le_bytes());
    bytes.extend([kind, 0, 0, 0]);
    bytes.extend(name.as_bytes());
    bytes
}

/// `.`, `..`, and a file, a directory and a file of two bytes.
fn listing() -> (Guest, Vec<u8>) {
    let guest = Guest::with_files(&[("a", ""), ("d/", ""), ("é", "")]);
    let all = [
        dirent(1, 1, 3, "."),
        dirent(2, 1, 3, ".."),
        dirent(3, 2, 4, "a"),
        dirent(4, 3, 3, "d"),
        dirent(5, 4, 4, "é"),
    ];
    (guest, all.concat())
}

#[test]
fn fd_readdir_lists_all_and_says_how_much() {
    let (mut guest, all) = listing();
    guest.ok(Function::FdReaddir, &[DIR, 1, 4_096, 0, 5_000]);
    guest.assert_memory(&[(1, &all), (5_000, &(all.len() as u32).to_le_bytes())]);
}

#[test]
fn what_does_not_fit_is_cut_off_at_every_length() {
    let (mut guest, all) = listing();
    for length in 0..all.len() {
        guest.fill();
        guest.ok(Function::FdReaddir, &[DIR, 1, length as u64, 0, 5_000]);
        let used = (length as u32).to_le_bytes();
        guest.assert_memory(&[(1, &all[..length]), (5_000, &used)]);
    }
}

#[test]
fn a_cookie_continues_after_its_entry() {
    let (mut guest, all) = listing();
    let entries = [0, 25, 51, 76, 101];
    for (cookie, start) in entries.iter().enumerate() {
        guest.fill();
        guest.ok(Function::FdReaddir, &[DIR, 1, 4_096, cookie as u64, 5_000]);
        let rest = &all[*start..];
        guest.assert_memory(&[(1, rest), (5_000, &(rest.len() as u32).to_le_bytes())]);
    }
    for cookie in [5, 6, 1 << 63, u64::MAX] {
        guest.fill();
        guest.ok(Function::FdReaddir, &[DIR, 1, 4_096, cookie, 5_000]);
        guest.assert_memory(&[(5_000, &[0; 4])]);
    }
}

#[test]
fn a_listing_goes_on_while_entries_come_and_go() {
    let (mut guest, all) = listing();
    assert_eq!(guest.path(Function::PathUnlinkFile, "a"), Errno::Success);
    assert_eq!(
        guest.path(Function::PathCreateDirectory, "new"),
        Errno::Success
    );
    guest.ok(Function::FdReaddir, &[DIR, 1, 4_096, 3, 5_000]);
    let rest = [&all[76..], &dirent(6, 5, 3, "new")].concat();
    guest.assert_memory(&[(1, &rest), (5_000, &(rest.len() as u32).to_le_bytes())]);
}

#[test]
fn the_buffer_and_the_result_must_lie_in_memory() {
    let (mut guest, all) = listing();
    let length = all.len() as u64;
    guest.assert_bounds(
        Function::FdReaddir,
        &[DIR, 0, length, 0, 5_000],
        1,
        length as u32,
    );
    guest.assert_bounds(Function::FdReaddir, &[DIR, 0, length, 0, 0], 4, 4);
}
