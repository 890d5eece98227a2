//! Stopping between any two instructions, and waiting inside a host call.

use crate::driver::{Driver, SLICE, printed, signature, unlocated};
use plugboard::go::{Type, Value};
use plugboard::protocol::{
    Command, Event, InstanceState, Outcome, Settings, Stdin, Stream, WaitingFor,
};
use plugboard::session::Next;

const SPIN: &str = r#"(module
    (memory (export "memory") 1)
    (func (export "spin") (i32.store (i32.const 8) (i32.const 77)) (loop br 0))
    (func (export "peek") (result i32) (i32.load (i32.const 8))))"#;

fn begin(driver: &mut Driver, export: &str) {
    let result = (export != "spin" && export != "flood").then_some(Type::Int32);
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: export.to_owned(),
        signature: signature(export, &[], result),
        args: vec![],
    });
}

#[test]
fn stop_ends_an_endless_loop_and_leaves_the_memory() {
    let mut driver = Driver::with_wat(SPIN);
    begin(&mut driver, "spin");
    for _ in 0..100 {
        assert_eq!(driver.session.step(SLICE), Next::Ready);
    }
    driver.session.take_events();
    driver.session.handle(Command::Stop);
    let events = driver.session.take_events();
    assert!(
        matches!(events.first(), Some(Event::Stopping)),
        "{events:?}"
    );
    assert!(
        events.contains(&Event::Instance(InstanceState::Broken)),
        "{events:?}"
    );
    assert!(
        matches!(
            events.last(),
            Some(Event::Ended {
                outcome: Outcome::Stopped,
                ..
            })
        ),
        "{events:?}"
    );
    assert_eq!(driver.session.step(SLICE), Next::Idle);

    let memory = driver
        .session
        .instance()
        .expect("it is still there")
        .memory();
    assert_eq!(memory.get(8..9).as_deref(), Some(&[77][..]));
    let peeked = driver.call_as(signature("peek", &[], Some(Type::Int32)), vec![]);
    assert!(
        matches!(
            &peeked.outcome,
            Outcome::Returned {
                result: Some(Value::Int(77)),
                ..
            }
        ),
        "{:?}",
        peeked.outcome
    );
}

#[test]
fn a_second_call_is_refused_while_one_runs() {
    let mut driver = Driver::with_wat(SPIN);
    begin(&mut driver, "spin");
    driver.session.step(SLICE);
    driver.session.take_events();
    begin(&mut driver, "peek");
    let events = driver.session.take_events();
    assert!(
        matches!(events.last(), Some(Event::Ended { outcome: Outcome::Refused(text), .. }) if text.contains("spin is still running")),
        "{events:?}"
    );
    assert_eq!(driver.session.step(SLICE), Next::Ready, "the first goes on");
}

#[test]
fn stop_with_nothing_running_is_heard() {
    let mut driver = Driver::with_wat(SPIN);
    driver.session.handle(Command::Stop);
    assert_eq!(driver.session.take_events(), [Event::Stopping]);
}

/// Waits in `poll_oneoff` for a relative time of a second on the monotonic clock.
const SLEEP: &str = r#"(module
    (import "wasi_snapshot_preview1" "poll_oneoff"
        (func $poll (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "sleep") (result i32)
        (i32.store (i32.const 16) (i32.const 1))
        (i64.store (i32.const 24) (i64.const 1000000000))
        (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128))))"#;

#[test]
fn a_sleep_waits_for_the_clock_and_uses_no_fuel() {
    let mut driver = Driver::with_wat(SLEEP);
    driver.clock.set(5);
    begin(&mut driver, "sleep");
    let next = driver.session.step(1_000_000);
    assert_eq!(next, Next::Wait(Some(1_000_000_005)));
    let fuel = driver.session.usage().expect("it runs").fuel;
    for _ in 0..10 {
        assert_eq!(
            driver.session.step(1_000_000),
            next,
            "the deadline does not move"
        );
    }
    assert_eq!(driver.session.usage().expect("it runs").fuel, fuel);
    let events = driver.session.take_events();
    let waits = events
        .iter()
        .filter(|e| **e == Event::Waiting(WaitingFor::Clock))
        .count();
    assert_eq!(waits, 1, "{events:?}");
    driver.clock.set(1_000_000_005);
    let (_, events) = driver.drain();
    assert!(
        matches!(events.last(), Some(Event::Ended { outcome: Outcome::Returned { raw, .. }, .. }) if raw[0].1 == 0),
        "{events:?}"
    );
}

#[test]
fn stop_ends_a_sleep_at_once() {
    let mut driver = Driver::with_wat(SLEEP);
    begin(&mut driver, "sleep");
    assert!(matches!(driver.session.step(SLICE), Next::Wait(Some(_))));
    driver.session.handle(Command::Stop);
    let events = driver.session.take_events();
    assert!(
        matches!(
            events.last(),
            Some(Event::Ended {
                outcome: Outcome::Stopped,
                ..
            })
        ),
        "{events:?}"
    );
    let again = driver.call_as(signature("sleep", &[], Some(Type::Int32)), vec![]);
    assert!(
        matches!(
            &again.outcome,
            Outcome::Returned {
                result: Some(Value::Int(0)),
                ..
            }
        ),
        "{:?}",
        again.outcome
    );
}

/// Reads up to 16 bytes of stdin, writes them to stdout, until the end of the file.
const CAT: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_read"
        (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write"
        (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "_start")
        (loop $more
            (i32.store (i32.const 0) (i32.const 64))
            (i32.store (i32.const 4) (i32.const 16))
            (if (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
            (i32.store (i32.const 4) (i32.load (i32.const 8)))
            (if (i32.load (i32.const 8)) (then
                (if (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
                (br $more))))))"#;

#[test]
fn stdin_is_read_to_its_end() {
    let settings = Settings {
        stdin: Stdin::Bytes(b"more than sixteen bytes of text".to_vec()),
        ..Settings::default()
    };
    let mut driver = Driver::with_settings(CAT, settings);
    let ended = driver.start();
    assert_eq!(
        ended.printed(Stream::Stdout),
        "more than sixteen bytes of text"
    );
    assert!(
        matches!(ended.outcome, Outcome::Returned { .. }),
        "{:?}",
        ended.outcome
    );
}

#[test]
fn a_file_is_stdin_for_every_instance_until_another_one_is() {
    let settings = Settings {
        stdin: Stdin::File,
        ..Settings::default()
    };
    let mut driver = Driver::with_settings(CAT, settings);
    let mut file = |bytes: &[u8]| {
        let bytes = bytes.to_vec();
        driver.session.handle(Command::StdinFile { bytes });
        let first = driver.start().printed(Stream::Stdout);
        let again = driver.start().printed(Stream::Stdout);
        assert_eq!(first, again);
        first
    };
    assert_eq!(file(b"more than sixteen bytes"), "more than sixteen bytes");
    assert_eq!(file(b"other"), "other");
    assert_eq!(file(b""), "");
}

#[test]
fn interactive_stdin_is_waited_for() {
    let settings = Settings {
        stdin: Stdin::Interactive,
        ..Settings::default()
    };
    let mut driver = Driver::with_settings(CAT, settings);
    let call = driver.id();
    driver.session.handle(Command::Start { call });
    let (next, events) = driver.drain();
    assert_eq!(next, Next::Wait(None));
    assert!(
        events.contains(&Event::Waiting(WaitingFor::Stdin)),
        "{events:?}"
    );
    driver
        .session
        .handle(Command::Stdin(Some(b"one\n".to_vec())));
    let (next, events) = driver.drain();
    assert_eq!(next, Next::Wait(None));
    assert_eq!(printed(&events, Stream::Stdout), "one\n");
    let waits = Event::Waiting(WaitingFor::Stdin);
    let events = unlocated(events);
    assert_eq!(events.last(), Some(&waits), "that it waits again is said");
    driver.session.tell_progress();
    let events = driver.session.take_events();
    assert_eq!(events.last(), Some(&waits), "and after how far it got");
    driver.session.handle(Command::Stdin(None));
    let ended = driver.end_of(call);
    assert!(
        matches!(ended.outcome, Outcome::Returned { .. }),
        "{:?}",
        ended.outcome
    );
}

#[test]
fn a_flood_waits_for_the_page() {
    let mut driver = Driver::with_wat(
        r#"(module
            (import "wasi_snapshot_preview1" "fd_write"
                (func $write (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "\10\00\00\00\00\80\00\00")
            (func (export "flood")
                (loop (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) (br 0))))"#,
    );
    begin(&mut driver, "flood");
    let mut steps = 0;
    while driver.session.step(1_000_000_000) == Next::Ready {
        steps += 1;
        assert!(steps < 1000, "it never waits");
    }
    let events = driver.session.take_events();
    assert_eq!(events.last(), Some(&Event::Waiting(WaitingFor::Page)));
    let bytes = printed(&events, Stream::Stdout).len() as u64;
    assert!(bytes < 2 << 20, "{bytes} bytes were not waited for");
    assert!(steps > 1, "what is printed is handed over in between");
    driver.session.handle(Command::Taken { bytes });
    assert_eq!(driver.session.step(SLICE), Next::Ready);
}

#[test]
fn the_end_of_stdin_that_is_typed_is_that_of_a_run() {
    let settings = Settings {
        stdin: Stdin::Interactive,
        ..Settings::default()
    };
    let guest = CAT.replace("_start", "read");
    let mut driver = Driver::with_settings(&guest, settings);
    for line in ["first", "second"] {
        let call = driver.id();
        driver.session.handle(Command::Call {
            call,
            export: "read".to_owned(),
            signature: signature("read", &[], None),
            args: Vec::new(),
        });
        let (_, events) = driver.drain();
        let events = unlocated(events);
        assert_eq!(events.last(), Some(&Event::Waiting(WaitingFor::Stdin)));
        for bytes in [Some(line.as_bytes().to_vec()), None] {
            driver.session.handle(Command::Stdin(bytes));
        }
        let ended = driver.end_of(call);
        assert_eq!(ended.printed(Stream::Stdout), line);
        assert!(matches!(ended.outcome, Outcome::Returned { .. }));
    }
}
