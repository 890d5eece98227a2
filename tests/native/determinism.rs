//! With the clocks and the seed fixed, two runs with the same inputs are the same.

use crate::driver::{Driver, signature};
use plugboard::go::{Type, Value};
use plugboard::protocol::{Answer, Command, Determinism, Event, Outcome, Settings, Stream};
use plugboard::session::{Fixed, FixedClock, HostResult, Next};

/// Ten times: reads both clocks, gets 8 random bytes, sleeps for a while that depends on them, asks the
/// host, and writes all that to stdout.
const GUEST: &str = r#"(module
    (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "poll_oneoff"
        (func $poll (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write"
        (func $write (param i32 i32 i32 i32) (result i32)))
    (import "host" "ask" (func $ask (param i64) (result i64)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\40\00\00\00\28\00\00\00")
    (func (export "run") (result i32) (local $turn i32)
        (loop $again
            (drop (call $clock (i32.const 0) (i64.const 0) (i32.const 64)))
            (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 72)))
            (drop (call $random (i32.const 80) (i32.const 8)))
            (i32.store (i32.const 272) (i32.const 1))
            (i64.store (i32.const 280) (i64.shr_u (i64.load (i32.const 80)) (i64.const 8)))
            (drop (call $poll (i32.const 256) (i32.const 384) (i32.const 1) (i32.const 512)))
            (i64.store (i32.const 88) (call $ask (i64.load (i32.const 72))))
            (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 96)))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
            (local.set $turn (i32.add (local.get $turn) (i32.const 1)))
            (br_if $again (i32.lt_u (local.get $turn) (i32.const 10))))
        (local.get $turn)))"#;

#[derive(Debug, PartialEq)]
struct Seen {
    output: Vec<u8>,
    asked: Vec<u64>,
    fuel: u64,
    called: Vec<u64>,
}

/// Runs the guest in slices of some fuel: what there is to see of it.
fn run(driver: &mut Driver, slice: u64) -> Seen {
    driver.session.handle(Command::Answer {
        import: 4,
        answer: Answer::Driver,
    });
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: "run".to_owned(),
        signature: signature("run", &[], Some(Type::Int32)),
        args: vec![],
    });
    let mut asked = Vec::new();
    let (mut output, mut called) = (Vec::new(), Vec::new());
    for _ in 0..100_000 {
        let next = driver.session.step(slice);
        if let Some(call) = driver.session.host_call() {
            asked.extend(&call.raw);
            let answer = HostResult::Value(Some(Value::Int(asked.len() as i64)));
            driver.session.host_answer(call.id, Ok(answer));
        } else if let Next::Wait(until) = next {
            // Real clocks take their time.
            driver.clock.set(until.expect("a sleep"));
        }
        for event in driver.session.take_events() {
            match event {
                Event::Output {
                    stream: Stream::Stdout,
                    bytes,
                } => output.extend(bytes),
                Event::Called(counts) => called = counts,
                Event::Ended { outcome, usage, .. } => {
                    assert!(matches!(outcome, Outcome::Returned { .. }), "{outcome:?}");
                    return Seen {
                        output,
                        asked,
                        fuel: usage.fuel,
                        called,
                    };
                }
                _ => {}
            }
        }
    }
    panic!("it does not end");
}

fn fixed(determinism: Determinism) -> Driver {
    let settings = Settings {
        determinism: Some(determinism),
        ..Settings::default()
    };
    Driver::with_settings(GUEST, settings)
}

#[test]
fn two_runs_are_the_same_however_they_are_sliced() {
    let first = run(&mut fixed(Determinism::default()), 1_000_000);
    assert_eq!((first.output.len(), first.asked.len()), (400, 10));
    assert_eq!(first.called, [30, 10, 10, 10, 10]);
    for slice in [1, 7, 50, 1_000] {
        let again = run(&mut fixed(Determinism::default()), slice);
        assert_eq!(first, again, "in slices of {slice}");
    }
    let mut driver = fixed(Determinism::default());
    for _ in 0..3 {
        assert_eq!(first, run(&mut driver, 100), "in a fresh instance");
        driver.session.handle(Command::Reset);
    }
}

#[test]
fn sleeps_take_no_time_and_move_the_clocks() {
    let determinism = Determinism {
        realtime: 5,
        step: 1,
        seed: 9,
    };
    let mut driver = fixed(determinism);
    let seen = run(&mut driver, 1_000);
    assert_eq!(driver.clock.get(), 0, "nobody waited");
    let times: Vec<u64> = seen
        .output
        .chunks(8)
        .map(|bytes| u64::from_le_bytes(bytes.try_into().expect("8 bytes")))
        .collect();
    assert_eq!(times[..2], [5, 2], "a nanosecond between them");
    let slept = times[2] >> 8;
    assert!(times[4] > slept, "{} {slept}", times[4]);
}

#[test]
fn another_seed_or_clock_is_another_run() {
    let first = run(&mut fixed(Determinism::default()), 1_000);
    for other in [
        Determinism {
            seed: 2,
            ..Determinism::default()
        },
        Determinism {
            realtime: 0,
            ..Determinism::default()
        },
        Determinism {
            step: 1,
            ..Determinism::default()
        },
    ] {
        assert_ne!(first.output, run(&mut fixed(other), 1_000).output);
    }
}

#[test]
fn only_the_seed_or_only_the_clock_can_be_fixed() {
    let driver = |fixed| {
        let bytes = wat::parse_str(GUEST).expect("it assembles");
        let mut driver = Driver::new();
        driver.session = driver.session.with_fixed(fixed);
        driver.load("test.wasm", bytes);
        driver
    };
    let clock = Fixed {
        clock: Some(FixedClock {
            realtime: 5,
            step: 1,
        }),
        seed: None,
    };
    let seen = run(&mut driver(clock), 1_000);
    assert_eq!(seen.output[..8], 5u64.to_le_bytes());
    assert_eq!(seen.output[16..24], [4; 8], "the host's randomness");
    let seed = Fixed {
        clock: None,
        seed: Some(1),
    };
    assert_ne!(run(&mut driver(seed), 1_000).output[16..24], [4; 8]);
}
