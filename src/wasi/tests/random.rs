//! Random bytes.

use super::*;

#[test]
fn random_get_fills_just_the_buffer() {
    let mut guest = Guest::new();
    guest.ok(Function::RandomGet, &[1, 5]);
    guest.assert_memory(&[(1, &[0, 1, 2, 3, 4])]);
}

#[test]
fn no_bytes_are_no_failure() {
    let mut guest = Guest::new();
    guest.ok(Function::RandomGet, &[1, 0]);
    guest.ok(Function::RandomGet, &[u64::from(u32::MAX), 0]);
    guest.assert_memory(&[]);
}

#[test]
fn the_buffer_must_lie_in_memory() {
    let mut guest = Guest::new();
    guest.assert_bounds(Function::RandomGet, &[0, 100], 0, 100);
    for length in [MEMORY + 1, u32::MAX] {
        let args = [0, length.into()];
        assert_eq!(guest.errno(Function::RandomGet, &args), Errno::Fault);
    }
    guest.ok(Function::RandomGet, &[0, MEMORY.into()]);
}
