//! Limits end a run with a message that says which and where to raise it; the next run is fine.

use crate::driver::{Driver, signature};
use plugboard::go::{Type, Value};
use plugboard::protocol::{Limits, Outcome, Settings, Stream};

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
    assert_limited(&ended.outcome, &["spin", "fuel limit of 50000", "Settings"]);
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
        matches!(&died.outcome, Outcome::Trapped(text) if text.contains("12 pages") && text.contains("limit is 3")),
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
        matches!(&ended.outcome, Outcome::Refused(text) if text.contains("4 pages") && text.contains("limit is 3")),
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
    assert_limited(&ended.outcome, &["output limit of 10000 bytes"]);
    assert!(ended.printed(Stream::Stdout).len() <= 10_000);
}

#[test]
fn the_start_section_has_fuel_of_its_own() {
    let mut driver =
        Driver::with_wat(r#"(module (func $s (loop br 0)) (func (export "f")) (start $s))"#);
    let ended = driver.call("f", &[], vec![]);
    assert!(
        matches!(&ended.outcome, Outcome::Refused(text) if text.contains("start section")),
        "{:?}",
        ended.outcome
    );
}

#[test]
fn endless_recursion_traps() {
    let mut driver = Driver::with_wat(r#"(module (func $f (export "f") (call $f)))"#);
    let ended = driver.call("f", &[], vec![]);
    assert!(
        matches!(&ended.outcome, Outcome::Trapped(text) if text.contains("call stack exhausted")),
        "{:?}",
        ended.outcome
    );
}
