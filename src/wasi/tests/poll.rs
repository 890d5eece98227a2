//! Waiting.

use super::*;
use crate::wasi::Stdin;

const IN: u32 = 1_000;
const OUT: u32 = 2_000;
const COUNT: u32 = 3_000;

fn clock(userdata: u64, id: u64, timeout: u64, absolute: bool) -> Vec<u8> {
    [userdata, 0, id, timeout, 0, u64::from(absolute)]
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .collect()
}

fn fd(userdata: u64, kind: u64, fd: u64) -> Vec<u8> {
    let junk = 0x5555_5555_5555_5555;
    [userdata, kind, fd, junk, junk, junk]
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .collect()
}

fn event(userdata: u64, kind: u64, bytes: u64, flags: u64) -> Vec<u8> {
    [userdata, kind << 16, bytes, flags]
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .collect()
}

fn args(subscriptions: &[Vec<u8>]) -> [u64; 4] {
    [
        IN.into(),
        OUT.into(),
        subscriptions.len() as u64,
        COUNT.into(),
    ]
}

#[track_caller]
fn assert_events(guest: &mut Guest, subscriptions: &[Vec<u8>], events: &[Vec<u8>]) {
    guest.fill();
    guest.put(IN, &subscriptions.concat());
    guest.ok(Function::PollOneoff, &args(subscriptions));
    guest.assert_memory(&[
        (IN, &subscriptions.concat()),
        (OUT, &events.concat()),
        (COUNT, &(events.len() as u32).to_le_bytes()),
    ]);
}

#[track_caller]
fn assert_waits(guest: &mut Guest, subscriptions: &[Vec<u8>], until: Option<u64>, stdin: bool) {
    guest.fill();
    guest.put(IN, &subscriptions.concat());
    let wait = guest.waits(Function::PollOneoff, &args(subscriptions));
    assert_eq!(wait, Wait { until, stdin });
    guest.assert_memory(&[(IN, &subscriptions.concat())]);
}

fn interactive() -> Guest {
    Guest::with(Config {
        stdin: Stdin::Interactive,
        ..Config::default()
    })
}

#[test]
fn a_timeout_of_zero_is_over_at_once() {
    let mut guest = Guest::new();
    for id in 0..4 {
        assert_events(&mut guest, &[clock(7, id, 0, false)], &[event(7, 0, 0, 0)]);
    }
}

#[test]
fn a_sleep_lasts_as_long_as_it_says_from_when_it_was_first_asked_for() {
    let mut guest = Guest::new();
    guest.set_monotonic(100);
    for id in 0..4 {
        let start = guest.clocks.monotonic.get();
        let sleep = [clock(7, id, 50, false)];
        assert_waits(&mut guest, &sleep, Some(start + 50), false);
        guest.set_monotonic(start + 49);
        assert_waits(&mut guest, &sleep, Some(start + 50), false);
        guest.set_monotonic(start + 50);
        assert_events(&mut guest, &sleep, &[event(7, 0, 0, 0)]);
    }
}

#[test]
fn a_sleep_that_is_over_does_not_shorten_the_next() {
    let mut guest = Guest::new();
    let sleep = [clock(7, 1, 50, false)];
    assert_waits(&mut guest, &sleep, Some(50), false);
    guest.set_monotonic(50);
    assert_events(&mut guest, &sleep, &[event(7, 0, 0, 0)]);
    assert_waits(&mut guest, &sleep, Some(100), false);
}

#[test]
fn a_sleep_that_is_abandoned_is_forgotten() {
    let mut guest = Guest::new();
    let sleep = [clock(7, 1, 50, false)];
    assert_waits(&mut guest, &sleep, Some(50), false);
    guest.context.abandon_wait();
    guest.set_monotonic(30);
    assert_waits(&mut guest, &sleep, Some(80), false);
    guest.ok(Function::SchedYield, &[]);
    guest.set_monotonic(40);
    assert_waits(&mut guest, &sleep, Some(90), false);
}

#[test]
fn absolute_times_are_those_of_their_clock() {
    let mut guest = Guest::new();
    guest.set_monotonic(100);
    guest.set_realtime(5_000);
    assert_waits(&mut guest, &[clock(7, 1, 130, true)], Some(130), false);
    assert_waits(&mut guest, &[clock(7, 0, 5_030, true)], Some(130), false);
    assert_waits(&mut guest, &[clock(7, 2, 80, true)], Some(130), false);
    for (id, time) in [(0, 5_000), (1, 100), (2, 50), (3, 0)] {
        assert_events(
            &mut guest,
            &[clock(7, id, time, true)],
            &[event(7, 0, 0, 0)],
        );
    }
}

#[test]
fn the_longest_sleep_is_not_an_overflow() {
    let mut guest = Guest::new();
    guest.set_monotonic(100);
    for absolute in [false, true] {
        let sleep = [clock(7, 0, u64::MAX, absolute)];
        let wait = {
            guest.put(IN, &sleep.concat());
            guest.waits(Function::PollOneoff, &args(&sleep))
        };
        assert!(wait.until.unwrap() > u64::MAX / 2);
    }
}

#[test]
fn the_first_of_many_timeouts_wakes_and_only_what_is_over_is_told() {
    let mut guest = Guest::new();
    let sleeps = [
        clock(1, 1, 30, false),
        clock(2, 0, 10, false),
        clock(3, 1, 20, true),
    ];
    assert_waits(&mut guest, &sleeps, Some(10), false);
    guest.set_monotonic(20);
    let events = [event(2, 0, 0, 0), event(3, 0, 0, 0)];
    assert_events(&mut guest, &sleeps, &events);
}

#[test]
fn stdin_wakes_a_sleep_even_if_non_blocking() {
    let mut guest = interactive();
    guest.ok(Function::FdFdstatSetFlags, &[0, NONBLOCK]);
    let both = [clock(1, 1, 30, false), fd(2, 1, 0)];
    assert_waits(&mut guest, &both, Some(30), true);
    guest.context.feed_stdin(b"abc");
    assert_events(&mut guest, &both, &[event(2, 1, 3, 0)]);
    assert_waits(&mut interactive(), &[fd(2, 1, 0)], None, true);
}

#[test]
fn stdin_at_its_end_is_readable_and_hung_up() {
    let mut guest = Guest::new();
    assert_events(&mut guest, &[fd(2, 1, 0)], &[event(2, 1, 0, 1)]);
}

#[test]
fn stdout_is_writable_beside_a_sleep() {
    let mut guest = Guest::new();
    let subscriptions = [clock(1, 1, 30, false), fd(2, 2, 1), fd(3, 2, 2)];
    let events = [event(2, 2, 1, 0), event(3, 2, 1, 0)];
    assert_events(&mut guest, &subscriptions, &events);
}

#[test]
fn files_are_always_ready_and_tell_how_much_is_left() {
    let mut guest = Guest::with_files(&[("file", "hello")]);
    let file = guest.open("file", 0, READ | WRITE, 0).unwrap();
    let both = [fd(1, 1, file), fd(2, 2, file)];
    let events = [event(1, 1, 5, 0), event(2, 2, 1, 0)];
    assert_events(&mut guest, &both, &events);
    guest.read(file, 5).unwrap();
    let events = [event(1, 1, 0, 1), event(2, 2, 1, 0)];
    assert_events(&mut guest, &both, &events);
}

#[test]
fn a_descriptor_that_is_not_for_this_has_that_to_tell() {
    let mut guest = Guest::with_files(&[("file", "hello")]);
    let read_only = guest.open("file", 0, READ, 0).unwrap();
    let write_only = guest.open("file", 0, WRITE, 0).unwrap();
    for (kind, number) in [
        (1, 99),
        (1, u64::from(u32::MAX)),
        (1, DIR),
        (1, 1),
        (1, write_only),
        (2, 0),
        (2, read_only),
        (2, DIR),
    ] {
        let mut told = event(7, kind, 0, 0);
        told[8] = 8;
        let subscriptions = [clock(1, 1, 50, false), fd(7, kind, number)];
        assert_events(&mut guest, &subscriptions, &[told]);
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let mut guest = Guest::new();
    let zero = clock(1, 1, 0, false);
    let mut flags = clock(1, 1, 0, false);
    flags[40] = 2;
    for (subscription, errno) in [
        (fd(1, 3, 0), Errno::Inval),
        (clock(1, 4, 0, false), Errno::Inval),
        (flags, Errno::Inval),
    ] {
        let subscriptions = [zero.clone(), subscription];
        guest.fill();
        guest.put(IN, &subscriptions.concat());
        let args = args(&subscriptions);
        assert_eq!(guest.errno(Function::PollOneoff, &args), errno);
        guest.assert_memory(&[(IN, &subscriptions.concat())]);
    }
}

#[test]
fn there_must_be_a_subscription_and_room_for_all() {
    let mut guest = Guest::new();
    assert_eq!(
        guest.errno(Function::PollOneoff, &[0, 0, 0, 0]),
        Errno::Inval
    );
    guest.memory.fill(0);
    guest.assert_bounds(Function::PollOneoff, &[0, 200, 1, 300], 0, 48);
    guest.assert_bounds(Function::PollOneoff, &[0, 200, 1, 300], 1, 32);
    guest.memory.fill(0);
    guest.assert_bounds(Function::PollOneoff, &[0, 200, 1, 300], 3, 4);
    for count in [MEMORY / 48 + 1, u32::MAX / 48 + 2, u32::MAX] {
        let args = [0, 0, count.into(), 0];
        assert_eq!(guest.errno(Function::PollOneoff, &args), Errno::Fault);
    }
}

#[test]
fn a_thousand_subscriptions_are_served() {
    let mut guest = Guest::new();
    let subscriptions: Vec<_> = (0..1_000).map(|n| clock(n, 1, n % 2, false)).collect();
    guest.put(0, &subscriptions.concat());
    guest.ok(Function::PollOneoff, &[0, 0, 1_000, 65_000]);
    assert_eq!(guest.u32_at(65_000), 500);
    assert_eq!(guest.u64_at(499 * 32), 998);
}
