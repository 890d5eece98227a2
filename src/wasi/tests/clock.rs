//! What time it is.

use super::*;

#[test]
fn clock_time_get_tells_each_clock() {
    let mut guest = Guest::new();
    guest.set_realtime(1 << 16);
    guest.set_monotonic(512);
    for (clock, time) in [(0, 1 << 16), (1, 512), (2, 256), (3, 256_u64)] {
        guest.fill();
        guest.ok(Function::ClockTimeGet, &[clock, 0, 1]);
        guest.assert_memory(&[(1, &time.to_le_bytes())]);
    }
}

#[test]
fn the_monotonic_clock_never_goes_back() {
    let mut guest = Guest::new();
    guest.set_monotonic(9);
    guest.ok(Function::ClockTimeGet, &[1, 0, 0]);
    guest.set_monotonic(3);
    guest.ok(Function::ClockTimeGet, &[1, 0, 0]);
    assert_eq!(guest.u64_at(0), 9);
}

#[test]
fn clock_res_get_is_honest() {
    let mut guest = Guest::new();
    for clock in 0..4 {
        guest.fill();
        guest.ok(Function::ClockResGet, &[clock, 1]);
        guest.assert_memory(&[(1, &1_000_u64.to_le_bytes())]);
    }
}

#[test]
fn there_are_four_clocks() {
    let mut guest = Guest::new();
    for clock in [4, 100, u64::from(u32::MAX)] {
        assert_eq!(
            guest.errno(Function::ClockResGet, &[clock, 0]),
            Errno::Inval
        );
        assert_eq!(
            guest.errno(Function::ClockTimeGet, &[clock, 0, 0]),
            Errno::Inval
        );
    }
    guest.assert_memory(&[]);
}

#[test]
fn the_result_must_lie_in_memory() {
    Guest::new().assert_bounds(Function::ClockResGet, &[0, 0], 1, 8);
    Guest::new().assert_bounds(Function::ClockTimeGet, &[0, 0, 0], 2, 8);
}
