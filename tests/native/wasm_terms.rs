//! Functions that Go cannot have: several results, and references.

use crate::driver::Driver;
use plugboard::go::{Pointer, Signature, Source, Value};
use plugboard::protocol::{Answer, Command, Event, Outcome, Trace, TraceFilter, TraceReport};
use plugboard::session::HostResult;

const GUEST: &str = r#"(module
    (import "env" "pair" (func $pair (param i32) (result i32 i64)))
    (import "env" "pick" (func $pick (param funcref) (result funcref)))
    (type $number (func (result i32)))
    (table $table 4 funcref)
    (table $things 2 externref)
    (elem (i32.const 1) $one $two)
    (elem declare func $one)
    (func $one (result i32) (i32.const 1))
    (func $two (result i32) (i32.const 2))
    (func (export "divmod") (param i32 i32) (result i32 i32)
        (i32.div_s (local.get 0) (local.get 1)) (i32.rem_s (local.get 0) (local.get 1)))
    (func (export "all") (result i32 i64 f32 f64)
        (i32.const -1) (i64.const -2) (f32.const 0.5) (f64.const -0.25))
    (func (export "at") (param i32) (result funcref) (table.get $table (local.get 0)))
    (func (export "run") (param funcref) (result i32)
        (table.set $table (i32.const 3) (local.get 0))
        (call_indirect $table (type $number) (i32.const 3)))
    (func (export "keep") (param externref) (table.set $things (i32.const 0) (local.get 0)))
    (func (export "kept") (result externref i32)
        (table.get $things (i32.const 0))
        (ref.is_null (table.get $things (i32.const 0))))
    (func (export "pair") (result i32 i64) (call $pair (i32.const 7)))
    (func (export "pick") (result i32)
        (table.set $table (i32.const 3) (call $pick (ref.func $one)))
        (call_indirect $table (type $number) (i32.const 3))))"#;

const PAIR: u32 = 0;
const PICK: u32 = 1;

fn known(driver: &Driver, export: &str) -> (Signature, Source) {
    let known = driver
        .session
        .signatures_of(export)
        .expect("it is exported");
    assert_eq!(known.len(), 1, "it is certain: {known:?}");
    known[0].clone()
}

#[track_caller]
fn call(driver: &mut Driver, export: &str, args: Vec<Value>) -> Outcome {
    let (signature, _) = known(driver, export);
    driver.call_as(signature, args).outcome
}

#[track_caller]
fn returned(outcome: Outcome) -> (Value, String, Vec<u64>) {
    match outcome {
        Outcome::Returned {
            result: Some(result),
            shown: Some(shown),
            raw,
            ..
        } => (result, shown, raw.iter().map(|(_, bits)| *bits).collect()),
        other => panic!("{other:?}"),
    }
}

fn reference(number: u32) -> Value {
    Value::Pointer(Pointer::Address(number))
}

#[test]
fn several_results_come_back_together() {
    let mut driver = Driver::with_wat(GUEST);
    let (signature, source) = known(&driver, "divmod");
    assert_eq!(signature.to_string(), "divmod(i32, i32) → (i32, i32)");
    assert_eq!(source, Source::Wasm);
    let both = vec![Value::Int(7), Value::Int(2)];
    let (result, shown, raw) = returned(call(&mut driver, "divmod", both));
    assert_eq!(result, Value::Array(vec![Value::Int(3), Value::Int(1)]));
    assert_eq!((&*shown, raw), ("(3, 1)", vec![3, 1]));
    let (_, shown, _) = returned(call(&mut driver, "all", vec![]));
    assert_eq!(shown, "(-1, -2, 0.5, -0.25)");
}

#[test]
fn a_signature_with_too_few_results_is_refused() {
    let mut driver = Driver::with_wat(GUEST);
    let (mut signature, _) = known(&driver, "divmod");
    signature.result = None;
    signature.written = None;
    let outcome = driver
        .call_as(signature, vec![Value::Int(1), Value::Int(1)])
        .outcome;
    assert_eq!(
        outcome,
        Outcome::Refused(
            "divmod(p0 int32, p1 int32) needs (i32, i32); the module has (i32, i32) -> (i32, i32)"
                .to_owned()
        )
    );
}

#[test]
fn a_function_that_a_call_returned_can_be_given_back() {
    let mut driver = Driver::with_wat(GUEST);
    let null = Value::Pointer(Pointer::Nil);
    let (nothing, shown, _) = returned(call(&mut driver, "at", vec![Value::Int(0)]));
    assert_eq!((nothing, &*shown), (null, "null"));
    let (two, shown, _) = returned(call(&mut driver, "at", vec![Value::Int(2)]));
    assert_eq!((&two, &*shown), (&reference(1), "ref 1"));
    let (one, ..) = returned(call(&mut driver, "at", vec![Value::Int(1)]));
    assert_eq!(one, reference(2));
    let (again, ..) = returned(call(&mut driver, "at", vec![Value::Int(2)]));
    assert_eq!(again, two, "one function has one number");
    for (function, result) in [(one, 1), (two, 2)] {
        let (ran, ..) = returned(call(&mut driver, "run", vec![function]));
        assert_eq!(ran, Value::Int(result));
    }
    let refused = call(&mut driver, "run", vec![reference(3)]);
    assert_eq!(
        refused,
        Outcome::Refused(
            "run: there is no function ref 3: no call of this instance has returned it".to_owned()
        )
    );
    // Another instance has given none.
    driver.session.handle(Command::Reset);
    let refused = call(&mut driver, "run", vec![reference(1)]);
    assert!(matches!(refused, Outcome::Refused(_)), "{refused:?}");
}

#[test]
fn things_of_the_hosts_come_back_as_they_went() {
    let mut driver = Driver::with_wat(GUEST);
    let mut keep = |given: Value| {
        call(&mut driver, "keep", vec![given]);
        returned(call(&mut driver, "kept", vec![])).1
    };
    assert_eq!(keep(reference(77)), "(ref 77, 0)");
    assert_eq!(keep(reference(u32::MAX)), "(ref 4294967295, 0)");
    assert_eq!(keep(Value::Pointer(Pointer::Nil)), "(null, 1)");
    assert_eq!(keep(reference(77)), "(ref 77, 0)");
}

#[test]
fn an_import_returns_several_results() {
    let mut driver = Driver::with_wat(GUEST);
    let record = Command::Trace(Trace::Record(true));
    driver.session.handle(record);
    let mut answer = |answer: Answer| {
        let import = PAIR;
        driver.session.handle(Command::Answer { import, answer });
        assert_eq!(driver.session.take_events(), []);
        returned(call(&mut driver, "pair", vec![])).1
    };
    assert_eq!(answer(Answer::Constant(vec![3, u64::MAX])), "(3, -1)");
    assert_eq!(answer(Answer::ReturnZero), "(0, 0)");
    let all = Trace::Filter(TraceFilter::default());
    driver.session.handle(Command::Trace(all));
    driver.drain();
    let show = Trace::Show { first: 1, count: 1 };
    driver.session.handle(Command::Trace(show));
    let (_, events) = driver.drain();
    let seen = events.iter().find_map(|event| match event {
        Event::Trace(TraceReport::Shown { rows, .. }) => rows.first(),
        _ => None,
    });
    let seen = &seen.expect("it was recorded").entry;
    assert_eq!((&*seen.arguments, &*seen.result), ("7", "(3, -1)"));
}

#[test]
fn a_function_of_the_driver_takes_and_gives_references() {
    let mut driver = Driver::with_wat(GUEST);
    let (import, answer) = (PICK, Answer::Driver);
    driver.session.handle(Command::Answer { import, answer });
    let (two, ..) = returned(call(&mut driver, "at", vec![Value::Int(2)]));
    let (signature, _) = {
        let known = driver
            .session
            .signatures_of("pick")
            .expect("it is exported");
        known[0].clone()
    };
    for (given, expected) in [(1, Ok(2)), (2, Ok(1)), (9, Err("ref 9"))] {
        let call = driver.id();
        driver.session.handle(Command::Call {
            call,
            export: "pick".to_owned(),
            signature: signature.clone(),
            args: vec![],
        });
        driver.drain();
        let asked = driver.session.host_call().expect("the import was called");
        assert_eq!(asked.raw, [2], "it was given $one, and $two was the first");
        driver
            .session
            .host_answer(asked.id, Ok(HostResult::Value(Some(reference(given)))));
        match (driver.end_of(call).outcome, expected) {
            (Outcome::Returned { result, .. }, Ok(number)) => {
                assert_eq!(result, Some(Value::Int(number)));
            }
            (Outcome::Trapped(text), Err(_)) => {
                assert!(text.contains("no such reference"), "{text}");
            }
            (other, _) => panic!("{given}: {other:?}"),
        }
    }
    assert_eq!(two, reference(1));
}
