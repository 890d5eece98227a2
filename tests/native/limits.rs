//! Limits end a run with a message that says which and where to raise it; the next run is fine.

use crate::driver::{Driver, signature};
use plugboard::go::{Type, Value};
use plugboard::protocol::{
    Answer, CallId, Command, Event, Limits, Outcome, Settings, Stdin, Stream,
};
use plugboard::session::Next;

fn limited(limits: Limits) -> Settings {
    Settings {
        limits,
        ..Settings::default()
    }
}

#[track_caller]
fn assert_limited(outcome: &Outcome, parts: &[&str]) {
    let Outcome::Limited(text) = outcome else {
        panic!("not limited: {outcome:?}");
    };
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in {text:?}");
    }
}

const SPIN: &str = r#"(module
    (func (export "spin") (loop br 0))
    (func (export "count") (param i32) (result i32) (local i32)
        (loop (local.set 1 (i32.add (local.get 1) (i32.const 1)))
            (br_if 0 (i32.lt_u (local.get 1) (local.get 0))))
        local.get 1))"#;

#[test]
fn fuel() {
    let limits = Limits {
        fuel: Some(50_000),
        ..Limits::default()
    };
    let mut driver = Driver::with_settings(SPIN, limited(limits));
    let ended = driver.call("spin", &[], vec![]);
    assert_limited(
        &ended.outcome,
        &["spin", "fuel limit of 50,000", "Settings"],
    );
    assert!(
        ended.usage.fuel <= 50_000 && ended.usage.fuel > 49_000,
        "{:?}",
        ended.usage
    );
}

#[test]
fn fuel_is_the_same_however_it_is_sliced() {
    let mut driver = Driver::with_wat(SPIN);
    let count = signature("count", &[Type::Int32], Some(Type::Int32));
    let first = driver
        .call_as(count.clone(), vec![Value::Int(100)])
        .usage
        .fuel;
    let many = driver
        .call_as(count.clone(), vec![Value::Int(10_000)])
        .usage
        .fuel;
    let again = driver.call_as(count, vec![Value::Int(100)]).usage.fuel;
    assert_eq!(first, again);
    let per_turn = (many - first) / 9_900;
    assert_eq!(
        first + per_turn * 9_900,
        many,
        "a turn of the loop always costs the same"
    );
}

#[test]
fn memory() {
    let limits = Limits {
        memory_pages: 3,
        ..Limits::default()
    };
    let mut driver = Driver::with_settings(
        r#"(module (memory 1)
            (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
            (func (export "die") (drop (memory.grow (i32.const 9))) unreachable))"#,
        limited(limits),
    );
    let grow = signature("grow", &[Type::Int32], Some(Type::Int32));
    let to_three = driver.call_as(grow.clone(), vec![Value::Int(2)]);
    assert!(
        matches!(
            &to_three.outcome,
            Outcome::Returned {
                result: Some(Value::Int(1)),
                ..
            }
        ),
        "{:?}",
        to_three.outcome
    );
    let to_four = driver.call_as(grow, vec![Value::Int(1)]);
    assert!(
        matches!(
            &to_four.outcome,
            Outcome::Returned {
                result: Some(Value::Int(-1)),
                ..
            }
        ),
        "{:?}",
        to_four.outcome
    );
    let died = driver.call("die", &[], vec![]);
    assert!(
        matches!(&died.outcome, Outcome::Trapped(text) if text.contains("768 KiB") && text.contains("limit is 192 KiB")),
        "{:?}",
        died.outcome
    );
}

#[test]
fn a_memory_that_starts_too_large() {
    let limits = Limits {
        memory_pages: 3,
        ..Limits::default()
    };
    let mut driver = Driver::with_settings(
        r#"(module (memory 4) (func (export "f")))"#,
        limited(limits),
    );
    let ended = driver.call("f", &[], vec![]);
    assert!(
        matches!(&ended.outcome, Outcome::Refused(text) if text.contains("256 KiB") && text.contains("limit is 192 KiB")),
        "{:?}",
        ended.outcome
    );
}

#[test]
fn tables() {
    let limits = Limits {
        table_elements: 10,
        ..Limits::default()
    };
    let mut driver = Driver::with_settings(
        r#"(module (table 1 funcref)
            (func (export "grow") (param i32) (result i32) (table.grow (ref.null func) (local.get 0))))"#,
        limited(limits),
    );
    let grow = signature("grow", &[Type::Int32], Some(Type::Int32));
    for (delta, expected) in [(9, 1), (1, -1)] {
        let ended = driver.call_as(grow.clone(), vec![Value::Int(delta)]);
        assert!(
            matches!(&ended.outcome, Outcome::Returned { result: Some(Value::Int(n)), .. } if *n == expected),
            "{:?}",
            ended.outcome
        );
    }
}

const FLOOD: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write"
        (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\10\00\00\00\00\01\00\00")
    (func (export "flood")
        (loop (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) (br 0))))"#;

#[test]
fn output() {
    let limits = Limits {
        output_bytes: 10_000,
        ..Limits::default()
    };
    let mut driver = Driver::with_settings(FLOOD, limited(limits));
    let ended = driver.call("flood", &[], vec![]);
    assert_limited(&ended.outcome, &["output limit of 10,000 B"]);
    assert!(ended.printed(Stream::Stdout).len() <= 10_000);
}

const RECURSION: &str = r#"(module
    (func $endless (export "endless") (call $endless))
    (func $deep (export "deep") (param i32)
        (if (i32.gt_u (local.get 0) (i32.const 1))
            (then (call $deep (i32.sub (local.get 0) (i32.const 1)))))))"#;

#[test]
fn endless_recursion() {
    let mut driver = Driver::with_wat(RECURSION);
    for _ in 0..2 {
        let ended = driver.call("endless", &[], vec![]);
        let text = "endless: the call depth limit of 10,000 is reached (Settings, call depth)";
        assert_eq!(ended.outcome, Outcome::Limited(text.to_owned()));
    }
}

#[test]
fn call_depth() {
    let mut driver = Driver::with_wat(RECURSION);
    for limit in [100, 1, 30_000] {
        driver.session.handle(Command::Reset);
        let limits = Limits {
            call_depth: limit,
            ..Limits::default()
        };
        driver.session.handle(Command::Configure(limited(limits)));
        let mut deep = |calls: u32| {
            let args = vec![Value::Int(calls.into())];
            driver.call("deep", &[Type::Int32], args).outcome
        };
        assert!(matches!(deep(limit), Outcome::Returned { .. }), "{limit}");
        let says = format!(
            "call depth limit of {} is reached",
            plugboard::amount::grouped(limit.into())
        );
        assert_limited(&deep(limit + 1), &["deep", &says, "Settings, call depth"]);
        assert!(matches!(deep(1), Outcome::Returned { .. }), "{limit}");
    }
}

#[test]
fn a_call_depth_beyond_all_measure() {
    let limits = Limits {
        call_depth: u32::MAX,
        ..Limits::default()
    };
    let mut driver = Driver::with_settings(RECURSION, limited(limits));
    let ended = driver.call("endless", &[], vec![]);
    assert_limited(
        &ended.outcome,
        &["call depth limit of 1,000,000 is reached"],
    );
}

const MILLI: u64 = 1_000_000;

fn for_ten_millis() -> Settings {
    limited(Limits {
        wall_millis: Some(10),
        ..Limits::default()
    })
}

fn begin(driver: &mut Driver, export: &str) -> CallId {
    let call = driver.id();
    driver.session.tell_time(driver.clock.get());
    driver.session.handle(Command::Call {
        call,
        export: export.to_owned(),
        signature: signature(export, &[], None),
        args: vec![],
    });
    call
}

/// A step, some time after the one before.
fn step(driver: &mut Driver, after: u64) -> Next {
    driver.clock.set(driver.clock.get() + after);
    driver.session.tell_time(driver.clock.get());
    driver.session.step(1_000)
}

fn outcome(driver: &mut Driver) -> Option<Outcome> {
    let mut events = driver.session.take_events().into_iter();
    events.find_map(|event| match event {
        Event::Ended { outcome, .. } => Some(outcome),
        _ => None,
    })
}

const TIME: &str = "the time limit of 10 ms is reached (Settings, wall time)";

#[test]
fn time_that_a_loop_takes() {
    let mut driver = Driver::with_settings(SPIN, for_ten_millis());
    driver.clock.set(77 * MILLI);
    for _ in 0..2 {
        begin(&mut driver, "spin");
        for _ in 0..9 {
            assert_eq!(step(&mut driver, MILLI), Next::Ready);
        }
        assert_eq!(step(&mut driver, MILLI - 1), Next::Ready);
        assert_eq!(step(&mut driver, 1), Next::Idle);
        let ended = outcome(&mut driver).expect("it has ended");
        assert_limited(&ended, &["spin", TIME]);
        // What passes between two calls is nobody's.
        step(&mut driver, 50 * MILLI);
    }
}

/// Sleeps for 30 ms; reads stdin.
const WAITS: &str = r#"(module
    (import "wasi_snapshot_preview1" "poll_oneoff"
        (func $poll (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read"
        (func $read (param i32 i32 i32 i32) (result i32)))
    (import "host" "ask" (func $ask))
    (memory (export "memory") 1)
    (func (export "ask") (call $ask))
    (func (export "read")
        (i32.store (i32.const 4) (i32.const 9))
        (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))))
    (func (export "sleep")
        (i32.store (i32.const 16) (i32.const 1))
        (i64.store (i32.const 24) (i64.const 30000000))
        (drop (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))))"#;

#[test]
fn time_that_a_sleep_takes() {
    let mut driver = Driver::with_settings(WAITS, for_ten_millis());
    begin(&mut driver, "sleep");
    assert_eq!(step(&mut driver, MILLI), Next::Wait(Some(10 * MILLI)));
    assert_eq!(step(&mut driver, 9 * MILLI), Next::Idle);
    let ended = outcome(&mut driver).expect("it has ended");
    assert_limited(&ended, &["sleep", TIME]);
}

#[test]
fn time_that_an_import_takes() {
    let mut driver = Driver::with_settings(WAITS, for_ten_millis());
    driver.session.handle(Command::Answer {
        import: 2,
        answer: Answer::Driver,
    });
    begin(&mut driver, "ask");
    assert_eq!(step(&mut driver, MILLI), Next::Wait(Some(10 * MILLI)));
    let call = driver.session.host_call().expect("it asks");
    assert_eq!(step(&mut driver, 9 * MILLI), Next::Idle);
    let ended = outcome(&mut driver).expect("it has ended");
    assert_limited(&ended, &["ask", TIME]);
    driver.session.host_answer(call.id, Err("late".to_owned()));
    assert_eq!(step(&mut driver, MILLI), Next::Idle);
}

#[test]
fn time_that_a_person_takes_is_not_counted() {
    let mut driver = Driver::with_settings(
        WAITS,
        Settings {
            stdin: Stdin::Interactive,
            ..for_ten_millis()
        },
    );
    begin(&mut driver, "read");
    assert_eq!(step(&mut driver, MILLI), Next::Wait(None));
    assert_eq!(step(&mut driver, 100 * MILLI), Next::Wait(None));
    driver.session.tell_time(driver.clock.get());
    driver.session.handle(Command::Pause);
    assert_eq!(step(&mut driver, 100 * MILLI), Next::Wait(None));
    driver.session.handle(Command::Stdin(Some(b"x".to_vec())));
    driver.session.handle(Command::Resume);
    assert_eq!(step(&mut driver, MILLI), Next::Idle);
    let ended = outcome(&mut driver);
    assert!(matches!(ended, Some(Outcome::Returned { .. })), "{ended:?}");
}

/// `greet` takes a string; what gives room for it, and takes it back, is the test's.
fn greeter(initialize: &str, malloc: &str, free: &str) -> String {
    format!(
        r#"(module
        (import "wasi_snapshot_preview1" "fd_write"
            (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 128) "\10\00\00\00\00\01\00\00")
        (func $flood (loop (drop (call $write (i32.const 1) (i32.const 128) (i32.const 1) (i32.const 8))) (br 0)))
        (func $deep (call $deep))
        (func (export "_initialize") {initialize})
        (func (export "malloc") (param i32) (result i32) {malloc} (i32.const 1024))
        (func (export "free") (param i32) {free})
        (func (export "greet") (param i32 i32)))"#
    )
}

fn greet(driver: &mut Driver) -> Outcome {
    let call = driver.id();
    driver.session.tell_time(driver.clock.get());
    driver.session.handle(Command::Call {
        call,
        export: "greet".to_owned(),
        signature: signature("greet", &[Type::String], None),
        args: vec![Value::string("x")],
    });
    while step(driver, MILLI) == Next::Ready {}
    outcome(driver).expect("it has ended")
}

#[test]
fn the_message_names_what_a_limit_ended() {
    let limits = Limits {
        fuel: Some(100_000),
        output_bytes: 10_000,
        call_depth: 50,
        wall_millis: Some(60_000),
        ..Limits::default()
    };
    let time = Limits {
        fuel: None,
        wall_millis: Some(10),
        ..limits
    };
    let spin = "(loop br 0)";
    let cases = [
        (
            spin,
            limits,
            "the fuel limit of 100,000 is reached (Settings, fuel)",
        ),
        (spin, time, TIME),
        (
            "(call $flood)",
            limits,
            "the output limit of 10,000 B is reached (Settings, output)",
        ),
        (
            "(call $deep)",
            limits,
            "the call depth limit of 50 is reached (Settings, call depth)",
        ),
    ];
    for (body, limits, says) in cases {
        let guests = [
            ("_initialize", greeter(body, "", "")),
            ("malloc", greeter("", body, "")),
            ("free, after greet had returned", greeter("", "", body)),
        ];
        for (what, guest) in guests {
            let mut driver = Driver::with_settings(&guest, limited(limits));
            let ended = Outcome::Limited(format!("{what}: {says}"));
            assert_eq!(greet(&mut driver), ended);
        }
    }
}

#[test]
fn giving_room_back_ends_whatever_the_guest_does() {
    let endless = greeter("", "", "(loop br 0)");
    let guest = endless.replace("(param i32 i32))", "(param i32 i32) unreachable)");
    let mut driver = Driver::with_settings(&guest, limited(Limits::default()));
    let trapped = driver.call("greet", &[Type::String], vec![Value::string("x")]);
    assert!(
        matches!(&trapped.outcome, Outcome::Trapped(text) if text.starts_with("greet: unreachable")),
        "{:?}",
        trapped.outcome
    );

    let mut driver = Driver::with_settings(&endless, limited(Limits::default()));
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: "greet".to_owned(),
        signature: signature("greet", &[Type::String], None),
        args: vec![Value::string("x")],
    });
    for _ in 0..100 {
        assert_eq!(driver.session.step(1_000), Next::Ready);
    }
    driver.session.handle(Command::Stop);
    assert_eq!(outcome(&mut driver), Some(Outcome::Stopped));
}

#[test]
fn a_trap_while_room_is_given_back_is_said() {
    let mut driver = Driver::with_wat(&greeter("", "", "unreachable"));
    let ended = driver.call("greet", &[Type::String], vec![Value::string("x")]);
    let says = "free, after greet had returned: unreachable executed (a panic or a fatal error)";
    assert_eq!(ended.outcome, Outcome::Trapped(says.to_owned()));
}
