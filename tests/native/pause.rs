//! Pause holds a run wherever it is; Resume lets it go on; Stop is heard all the same.

use crate::driver::{Driver, signature, unlocated};
use plugboard::go::Type;
use plugboard::protocol::{
    Answer, CallId, Command, Event, Outcome, Settings, Stdin, Stream, WaitingFor,
};
use plugboard::session::{HostResult, Next};

const SECOND: u64 = 1_000_000_000;

/// `count` turns a loop that many times; `sleep` takes a second; `read` waits for stdin.
const GUEST: &str = r#"(module
    (import "host" "ask" (func $ask (result i32)))
    (import "wasi_snapshot_preview1" "poll_oneoff"
        (func $poll (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read"
        (func $read (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "ask") (result i32) (call $ask))
    (func (export "count") (result i32) (local i32)
        (loop (local.set 0 (i32.add (local.get 0) (i32.const 1)))
            (br_if 0 (i32.lt_u (local.get 0) (i32.const 2000))))
        local.get 0)
    (func (export "sleep") (result i32)
        (i32.store (i32.const 16) (i32.const 1))
        (i64.store (i32.const 24) (i64.const 1000000000))
        (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))
    (func (export "read") (result i32)
        (i32.store (i32.const 4) (i32.const 9))
        (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
        (i32.load (i32.const 8))))"#;

/// `export` has begun, and gone on until it waits, or for a slice.
fn begun(export: &str) -> (Driver, CallId) {
    let mut driver = Driver::with_settings(
        GUEST,
        Settings {
            stdin: Stdin::Interactive,
            ..Settings::default()
        },
    );
    driver.session.handle(Command::Answer {
        import: 0,
        answer: Answer::Driver,
    });
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: export.to_owned(),
        signature: signature(export, &[], Some(Type::Int32)),
        args: vec![],
    });
    driver.session.step(100);
    driver.session.take_events();
    (driver, call)
}

#[track_caller]
fn assert_held(driver: &mut Driver) {
    driver.session.handle(Command::Pause);
    let fuel = driver.session.usage().expect("it runs").fuel;
    for _ in 0..10 {
        assert_eq!(driver.session.step(1_000), Next::Wait(None));
    }
    assert_eq!(driver.session.usage().expect("it runs").fuel, fuel);
    let events = unlocated(driver.session.take_events());
    assert_eq!(events, [Event::Waiting(WaitingFor::Resume)]);
}

/// Lets it go on; what it returns.
#[track_caller]
fn resumed(driver: &mut Driver, call: CallId) -> u64 {
    driver.session.handle(Command::Resume);
    let ended = driver.end_of(call);
    assert!(
        matches!(ended.events.first(), Some(Event::Progress(_))),
        "the page hears that it goes on: {:?}",
        ended.events
    );
    match &ended.outcome {
        Outcome::Returned { raw, .. } => raw[0].1,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_loop() {
    let (mut driver, call) = begun("count");
    assert_held(&mut driver);
    assert_eq!(resumed(&mut driver, call), 2000);
}

#[test]
fn a_sleep_goes_on_to_its_end() {
    let (mut driver, call) = begun("sleep");
    assert_held(&mut driver);
    driver.clock.set(SECOND / 2);
    driver.session.handle(Command::Resume);
    assert_eq!(driver.session.step(1_000), Next::Wait(Some(SECOND)));
    let events = driver.session.take_events();
    assert_eq!(events.last(), Some(&Event::Waiting(WaitingFor::Clock)));
    assert_eq!(driver.end_of(call).printed(Stream::Stdout), "");
}

#[test]
fn a_sleep_whose_end_has_passed_ends_at_resume() {
    let (mut driver, call) = begun("sleep");
    assert_held(&mut driver);
    driver.clock.set(3 * SECOND);
    assert_eq!(driver.session.step(1_000), Next::Wait(None), "still held");
    assert_eq!(resumed(&mut driver, call), 0);
    assert_eq!(driver.clock.get(), 3 * SECOND, "nothing was waited for");
}

#[test]
fn stdin_that_comes_meanwhile_is_read_at_resume() {
    let (mut driver, call) = begun("read");
    assert_held(&mut driver);
    driver.session.handle(Command::Stdin(Some(b"abc".to_vec())));
    assert_eq!(driver.session.step(1_000), Next::Wait(None), "still held");
    assert_eq!(resumed(&mut driver, call), 3);
}

#[test]
fn an_answer_that_comes_meanwhile_is_taken_at_resume() {
    let (mut driver, call) = begun("ask");
    let asked = driver.session.host_call().expect("it asks");
    assert_held(&mut driver);
    driver
        .session
        .host_answer(asked.id, Ok(HostResult::Raw(vec![5])));
    assert_eq!(driver.session.step(1_000), Next::Wait(None), "still held");
    assert_eq!(resumed(&mut driver, call), 5);
}

#[test]
fn stop_while_paused() {
    for export in ["count", "sleep", "read", "ask"] {
        let (mut driver, _) = begun(export);
        assert_held(&mut driver);
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
            "{export}: {events:?}"
        );
        assert_eq!(driver.session.step(1_000), Next::Idle);
        let count = signature("count", &[], Some(Type::Int32));
        let next = driver.call_as(count, vec![]);
        assert!(
            matches!(next.outcome, Outcome::Returned { .. }),
            "the next run is not paused"
        );
    }
}

#[test]
fn pause_without_a_run_holds_nothing() {
    let mut driver = Driver::with_wat(GUEST);
    driver.session.handle(Command::Pause);
    driver.session.handle(Command::Resume);
    driver.session.handle(Command::Pause);
    assert_eq!(driver.session.take_events(), []);
    let count = signature("count", &[], Some(Type::Int32));
    let ended = driver.call_as(count, vec![]);
    assert!(matches!(ended.outcome, Outcome::Returned { .. }));
}
