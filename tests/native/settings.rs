//! When a setting that is changed holds.

use crate::driver::{Driver, signature};
use plugboard::go::{Type, Value};
use plugboard::protocol::{Command, Limits, Outcome, Settings};

/// As the Settings panel says.
#[test]
fn fuel_and_time_hold_for_the_instance_that_is_there_and_the_others_for_the_next() {
    let guest = r#"(module
        (memory (export "memory") 1)
        (func (export "grow") (result i32) (memory.grow (i32.const 10)))
        (func (export "spin") (loop br 0)))"#;
    let mut driver = Driver::with_wat(guest);
    let grow = || signature("grow", &[], Some(Type::Int32));
    driver.call_as(grow(), vec![]);
    let limits = Limits {
        fuel: Some(50_000),
        memory_pages: 20,
        ..Limits::default()
    };
    driver.session.handle(Command::Configure(Settings {
        limits,
        ..Settings::default()
    }));
    let ended = driver.call("spin", &[], vec![]);
    let Outcome::Limited(text) = &ended.outcome else {
        panic!("{ended:?}");
    };
    assert!(text.contains("fuel limit of 50,000"), "{text}");
    let grown = |driver: &mut Driver| match driver.call_as(grow(), vec![]).outcome {
        Outcome::Returned { result, .. } => result,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        grown(&mut driver),
        Some(Value::Int(11)),
        "the limit of before"
    );
    driver.session.handle(Command::Reset);
    assert_eq!(grown(&mut driver), Some(Value::Int(1)));
    assert_eq!(grown(&mut driver), Some(Value::Int(-1)), "20 pages at most");
}
