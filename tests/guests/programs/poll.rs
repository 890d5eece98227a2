//! Polling: clocks, relative and absolute, and descriptors, together.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

use wasi::{Event, Subscription};

const MILLISECOND: u64 = 1_000_000;

fn clock(userdata: u64, clock: u32, timeout: u64, absolute: bool) -> Subscription {
    let flags = u16::from(absolute);
    Subscription {
        userdata,
        what: clock,
        timeout,
        flags,
        ..Subscription::default()
    }
}

fn descriptor(userdata: u64, kind: u8, fd: u32) -> Subscription {
    Subscription {
        userdata,
        kind,
        what: fd,
        ..Subscription::default()
    }
}

fn ids(events: &[Event]) -> Vec<u64> {
    events.iter().map(|event| event.userdata).collect()
}

fn main() {
    // A relative timeout, on each clock; the shortest wakes.
    for id in [0, 1] {
        let before = wasi::time(1).unwrap();
        let long = clock(7, id, 3_600_000 * MILLISECOND, false);
        let events = wasi::poll(&[long, clock(8, id, 5 * MILLISECOND, false)]).unwrap();
        assert_eq!(ids(&events), [8]);
        assert_eq!((events[0].errno, events[0].kind), (0, 0));
        assert!(wasi::time(1).unwrap() - before >= 5 * MILLISECOND);
    }
    // An absolute one; one that is past is due at once.
    for id in [0, 1] {
        let until = wasi::time(id).unwrap() + 5 * MILLISECOND;
        assert_eq!(ids(&wasi::poll(&[clock(1, id, until, true)]).unwrap()), [1]);
        assert!(wasi::time(id).unwrap() >= until);
        assert_eq!(ids(&wasi::poll(&[clock(2, id, 1, true)]).unwrap()), [2]);
    }
    assert_eq!(ids(&wasi::poll(&[clock(3, 1, 0, false)]).unwrap()), [3]);

    // Descriptors: stdin has something, stdout always has room, files are always ready.
    wasi::create("file", b"12345");
    let file = wasi::open("file", 0, wasi::READ | wasi::WRITE).unwrap();
    let all = [
        clock(1, 1, 3_600_000 * MILLISECOND, false),
        descriptor(2, 1, 0),
        descriptor(3, 2, 1),
        descriptor(4, 1, file),
        descriptor(5, 2, file),
    ];
    let events = wasi::poll(&all).unwrap();
    assert_eq!(ids(&events), [2, 3, 4, 5]);
    assert_eq!((events[0].kind, events[0].bytes), (1, 5));
    assert_eq!((events[2].kind, events[2].bytes), (1, 5));
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    assert_eq!(line, "input");

    assert_eq!(wasi::poll(&[]), Err(wasi::INVAL));
    assert_eq!(wasi::poll(&[clock(1, 9, 0, false)]), Err(wasi::INVAL));
    let (mut event, mut n) = (Event::default(), 0);
    let polled = call!(poll_oneoff(&all[0], &mut event, usize::MAX, &mut n));
    assert_eq!(polled, Err(wasi::FAULT));
    println!("ok");
}
