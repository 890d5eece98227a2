//! The `start` section: its function runs before whatever is called first, and can do what every other
//! can.

use crate::driver::{Driver, Ended, SLICE, signature, unlocated};
use plugboard::go::{Signature, Type, Value};
use plugboard::protocol::{
    Answer, CallId, Command, Event, InstanceState, Limits, Outcome, Settings, Stdin, Stream,
    WaitingFor,
};
use plugboard::session::{HostResult, Next};

/// A guest whose `start` section runs `body`; `got` returns what that put at address 8.
fn guest(body: &str) -> String {
    format!(
        r#"(module
        (import "env" "config" (func $config (result i32)))
        (import "env" "log" (func $log (param i32 i32)))
        (import "wasi_snapshot_preview1" "fd_write"
            (func $write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_read"
            (func $read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "poll_oneoff"
            (func $poll (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (data (i32.const 64) "from the start")
        (data (i32.const 128) "\40\00\00\00\0e\00\00\00")
        (data (i32.const 1040) "\01\00\00\00\00\00\00\00\00\ca\9a\3b")
        (func $start {body})
        (start $start)
        (func (export "got") (result i32) (i32.load (i32.const 8))))"#
    )
}

fn got() -> Signature {
    signature("got", &[], Some(Type::Int32))
}

fn begin(driver: &mut Driver) -> CallId {
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: "got".to_owned(),
        signature: got(),
        args: vec![],
    });
    call
}

#[track_caller]
fn assert_got(ended: &Ended, expected: i64) {
    let Outcome::Returned { result, .. } = &ended.outcome else {
        panic!("{:?}", ended.outcome);
    };
    assert_eq!(*result, Some(Value::Int(expected)));
}

#[test]
fn it_runs_once_in_each_instance() {
    let count = "(i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))";
    let mut driver = Driver::with_wat(&guest(count));
    for _ in 0..2 {
        assert_got(&driver.call_as(got(), vec![]), 1);
        assert_got(&driver.call_as(got(), vec![]), 1);
        driver.session.handle(Command::Reset);
    }
}

#[test]
fn it_runs_before_initialize() {
    let mut driver = Driver::with_wat(
        r#"(module
            (global $n (mut i32) (i32.const 1))
            (func $start (global.set $n (i32.mul (global.get $n) (i32.const 10))))
            (start $start)
            (func (export "_initialize") (global.set $n (i32.add (global.get $n) (i32.const 3))))
            (func (export "got") (result i32) (global.get $n)))"#,
    );
    assert_got(&driver.call_as(got(), vec![]), 13);
    driver.session.handle(Command::Reset);
    let ended = driver.start();
    assert!(matches!(ended.outcome, Outcome::Returned { .. }));
    assert_got(&driver.call_as(got(), vec![]), 13);
}

#[test]
fn nothing_shows_how_it_is_run() {
    let guest = guest("").replace(
        "(func (export \"got\")",
        "(export \"start section\" (memory 0)) (func (export \"got\")",
    );
    let mut driver = Driver::with_wat(&guest);
    assert_got(&driver.call_as(got(), vec![]), 0);
    let info = driver.session.info().expect("it is there");
    let names: Vec<&str> = info.exports.iter().map(|export| &*export.name).collect();
    assert_eq!(names, ["memory", "start section", "got"]);
    for name in ["start section", "start section'"] {
        let ended = driver.call(name, &[], vec![]);
        assert!(matches!(ended.outcome, Outcome::Refused(_)), "{name}");
    }
}

#[test]
fn it_may_be_all_that_there_is() {
    let module = r#"(module (memory 1) (func $start (i32.store8 (i32.const 0) (i32.const 1)))
        (start $start) (data (i32.const 9) "after it"))"#;
    Driver::with_wat(module);
}

#[test]
fn it_may_be_an_import() {
    let mut driver = Driver::with_wat(
        r#"(module (import "env" "setup" (func $setup)) (start $setup)
            (func (export "got") (result i32) (i32.const 4)))"#,
    );
    driver.session.handle(Command::Answer {
        import: 0,
        answer: Answer::Driver,
    });
    let call = begin(&mut driver);
    assert_eq!(driver.drain().0, Next::Wait(None));
    let host = driver.session.host_call().expect("it asks");
    driver
        .session
        .host_answer(host.id, Ok(HostResult::Value(None)));
    assert_got(&driver.end_of(call), 4);
}

#[test]
fn it_may_ask_whoever_drives_it() {
    let mut driver = Driver::with_wat(&guest("(i32.store (i32.const 8) (call $config))"));
    driver.session.handle(Command::Answer {
        import: 0,
        answer: Answer::Driver,
    });
    let call = begin(&mut driver);
    let (next, events) = driver.drain();
    assert_eq!(next, Next::Wait(None));
    let waits = Event::Waiting(WaitingFor::Import(0));
    assert_eq!(events.last(), Some(&waits));
    let host = driver.session.host_call().expect("it asks");
    assert_eq!(host.name, "env.config");
    let seven = HostResult::Value(Some(Value::Int(7)));
    driver.session.host_answer(host.id, Ok(seven));
    assert_got(&driver.end_of(call), 7);
}

#[test]
fn it_may_sleep_read_and_print() {
    let settings = Settings {
        stdin: Stdin::Interactive,
        ..Settings::default()
    };
    let body =
        "(drop (call $poll (i32.const 1024) (i32.const 1088) (i32.const 1) (i32.const 1152)))
        (i32.store (i32.const 16) (i32.const 8)) (i32.store (i32.const 20) (i32.const 4))
        (drop (call $read (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 24)))
        (drop (call $write (i32.const 1) (i32.const 128) (i32.const 1) (i32.const 136)))
        (call $log (i32.const 64) (i32.const 14))";
    let mut driver = Driver::with_settings(&guest(body), settings);
    let call = begin(&mut driver);
    let (_, events) = driver.drain();
    assert_eq!(driver.clock.get(), 1_000_000_000);
    let events = unlocated(events);
    assert_eq!(events.last(), Some(&Event::Waiting(WaitingFor::Stdin)));
    let typed = Command::Stdin(Some(b"\x05\0\0\0".to_vec()));
    driver.session.handle(typed);
    let ended = driver.end_of(call);
    assert_got(&ended, 5);
    assert_eq!(ended.printed(Stream::Stdout), "from the start");
    assert_eq!(ended.printed(Stream::Host), "from the start");
}

#[test]
fn it_sees_the_exported_memory_and_not_an_imported_one() {
    let mut driver = Driver::with_wat(
        r#"(module
            (import "env" "other" (memory 1))
            (import "env" "log" (func $log (param i32 i32)))
            (memory $own (export "memory") 1)
            (data (memory $own) (i32.const 64) "from the start")
            (func $start (call $log (i32.const 64) (i32.const 14)))
            (start $start)
            (func (export "f")))"#,
    );
    let ended = driver.call("f", &[], vec![]);
    assert_eq!(ended.printed(Stream::Host), "from the start");
}

const ENDLESS: &str = "(loop $more (i32.store (i32.const 8) (i32.const 77)) (br $more))";

#[test]
fn it_can_be_stopped_and_is_begun_anew() {
    let mut driver = Driver::with_wat(&guest(ENDLESS));
    for _ in 0..2 {
        begin(&mut driver);
        for _ in 0..100 {
            assert_eq!(driver.session.step(SLICE), Next::Ready);
        }
        let memory = driver.session.instance().map(|it| it.memory().to_vec());
        assert_eq!(memory.expect("it is there").get(8), Some(&77));
        driver.session.handle(Command::Stop);
        let events = driver.session.take_events();
        assert!(events.contains(&Event::Instance(InstanceState::Broken)));
        let ended = Some(&Outcome::Stopped);
        let last = events.iter().rev().find_map(|event| match event {
            Event::Ended { outcome, .. } => Some(outcome),
            _ => None,
        });
        assert_eq!(last, ended);
    }
}

#[test]
fn limits_hold_in_it_and_say_so() {
    let fuel = Limits {
        fuel: Some(50_000),
        ..Limits::default()
    };
    let time = Limits {
        wall_millis: Some(10),
        ..Limits::default()
    };
    for (limits, says) in [
        (fuel, "the fuel limit of 50,000 is reached (Settings, fuel)"),
        (
            time,
            "the time limit of 10 ms is reached (Settings, wall time)",
        ),
    ] {
        let settings = Settings {
            limits,
            ..Settings::default()
        };
        let mut driver = Driver::with_settings(&guest(ENDLESS), settings);
        driver.session.tell_time(0);
        begin(&mut driver);
        let mut events = Vec::new();
        while driver.session.step(SLICE) == Next::Ready {
            driver.clock.set(driver.clock.get() + 1_000_000);
            driver.session.tell_time(driver.clock.get());
            events.extend(driver.session.take_events());
        }
        events.extend(driver.session.take_events());
        let outcome = events.iter().find_map(|event| match event {
            Event::Ended { outcome, .. } => Some(outcome.clone()),
            _ => None,
        });
        let says = format!("start section: {says}");
        assert_eq!(outcome, Some(Outcome::Limited(says)));
    }
}

#[test]
fn after_a_trap_or_an_exit_the_next_call_instantiates_anew() {
    let once = "(if (i32.eqz (call $config)) (then unreachable))";
    let mut driver = Driver::with_wat(&guest(once));
    let answer = |driver: &mut Driver, bits| {
        let answer = Answer::Constant(vec![bits]);
        driver.session.handle(Command::Answer { import: 0, answer });
        driver.call_as(got(), vec![])
    };
    for _ in 0..2 {
        let trapped = answer(&mut driver, 0);
        assert!(
            matches!(&trapped.outcome, Outcome::Trapped(text) if text.starts_with("start section: unreachable")),
            "{:?}",
            trapped.outcome
        );
    }
    assert_got(&answer(&mut driver, 1), 0);

    let mut driver = Driver::with_wat(&guest("(call $exit (i32.const 3))"));
    for _ in 0..2 {
        let ended = driver.call_as(got(), vec![]);
        assert_eq!(ended.outcome, Outcome::Exited(3));
        assert!(
            ended
                .events
                .contains(&Event::Instance(InstanceState::Exited(3)))
        );
    }
}
