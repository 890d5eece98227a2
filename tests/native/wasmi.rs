//! What wasmi 2.0.0 gets wrong: that it is right here. Random modules are in `tests/differential`.

use crate::driver::{Driver, Ended, signature};
use plugboard::go::{Type, Value};
use plugboard::protocol::{Answer, Command, Event, Outcome, Stream};
use plugboard::session::{HostResult, Next};

const GUEST: &str = r#"(module
    (import "env" "tick" (func $tick))
    (import "env" "ask" (func $ask (param i32) (result i32)))
    (import "env" "log" (func $log (param i32 i32)))
    (import "wasi_snapshot_preview1" "poll_oneoff"
        (func $poll (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 8) "from the guest")
    (data (i32.const 1040) "\01\00\00\00\00\00\00\00\00\ca\9a\3b")
    (type $asks (func (param i32) (result i32)))
    (table funcref (elem $ask))
    (export "exported" (func $ask))
    (func $one (result i32) (i32.const 1))
    (func $fib (param i32) (result i32)
        (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0))
            (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1)))
                (call $fib (i32.sub (local.get 0) (i32.const 2)))))))

    (func $tick_tail (return_call $tick))
    (func (export "five") (result i32) (call $tick_tail) (i32.const 5))
    (func (export "sum") (result i32)
        (call $tick_tail)
        (i32.add (call $fib (i32.const 10)) (i32.add (call $fib (i32.const 9)) (call $fib (i32.const 8)))))
    (func $no_params (result i32)
        (call $tick_tail)
        (i32.add (call $one) (i32.add (call $fib (i32.const 20)) (call $one))))
    (func (export "deeper") (param i32) (result i32) (local i64)
        (i32.add (local.get 0) (call $no_params)))

    (func $ask_tail (export "outermost") (param i32) (result i32) (local i64 i64)
        (return_call $ask (local.get 0)))
    (func $table_tail (export "through_table") (param i32) (result i32) (local i64 i64)
        (return_call_indirect (type $asks) (local.get 0) (i32.const 0)))
    (func (export "nested") (param i32) (result i32)
        (i32.add (i32.const 1000) (call $ask_tail (local.get 0))))
    (func (export "nested_through_table") (param i32) (result i32)
        (i32.add (i32.const 1000) (call $table_tail (local.get 0))))
    (func (export "kept") (param i32) (result i32) (local $keep i32)
        (local.set $keep (i32.const 77))
        (drop (call $ask_tail (local.get 0)))
        (local.get $keep))

    (func (export "log") (return_call $log (i32.const 8) (i32.const 14)))
    (func $sleep_tail (result i32) (local i64 i64 i64)
        (return_call $poll (i32.const 1024) (i32.const 1088) (i32.const 1) (i32.const 1152)))
    (func (export "sleep") (result i32) (local $keep i32)
        (local.set $keep (i32.const 77))
        (i32.add (local.get $keep) (call $sleep_tail))))"#;

const ASK: u32 = 1;

fn driver() -> Driver {
    let mut driver = Driver::with_wat(GUEST);
    for (import, answer) in [(0, Answer::ReturnZero), (ASK, Answer::Driver)] {
        driver.session.handle(Command::Answer { import, answer });
    }
    driver
}

#[track_caller]
fn value(ended: &Ended) -> i64 {
    match &ended.outcome {
        Outcome::Returned {
            result: Some(Value::Int(value)),
            ..
        } => *value,
        other => panic!("{other:?}"),
    }
}

#[test]
fn tail_calls_of_an_import_without_parameters_and_results() {
    let mut driver = driver();
    for _ in 0..3 {
        let mut call = |export, args: &[i64]| {
            let params = vec![Type::Int32; args.len()];
            let args = args.iter().map(|arg| Value::Int(*arg)).collect();
            value(&driver.call_as(signature(export, &params, Some(Type::Int32)), args))
        };
        assert_eq!(call("five", &[]), 5);
        assert_eq!(call("sum", &[]), 110);
        assert_eq!(call("deeper", &[1]), 6768);
    }
}

/// What `export(3)` returns when the host, which is asked once, says 7.
#[track_caller]
fn asked(driver: &mut Driver, export: &str) -> i64 {
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: export.to_owned(),
        signature: signature(export, &[Type::Int32], Some(Type::Int32)),
        args: vec![Value::Int(3)],
    });
    assert_eq!(driver.drain().0, Next::Wait(None));
    let host = driver.session.host_call().expect("it asks");
    assert_eq!((host.name.as_str(), host.raw), ("env.ask", vec![3]));
    let seven = HostResult::Value(Some(Value::Int(7)));
    driver.session.host_answer(host.id, Ok(seven));
    value(&driver.end_of(call))
}

#[test]
fn tail_calls_of_an_import_that_is_waited_for() {
    let mut driver = driver();
    for (export, expected) in [
        ("nested", 1007),
        ("nested_through_table", 1007),
        ("kept", 77),
        ("outermost", 7),
        ("through_table", 7),
        ("exported", 7),
    ] {
        for _ in 0..2 {
            assert_eq!(asked(&mut driver, export), expected, "{export}");
        }
    }
}

#[test]
fn tail_calls_of_a_sleep() {
    let mut driver = driver();
    let ended = driver.call_as(signature("sleep", &[], Some(Type::Int32)), vec![]);
    assert_eq!(value(&ended), 77);
    assert_eq!(driver.clock.get(), 1_000_000_000);
}

#[test]
fn tail_calls_of_an_import_that_reads_memory() {
    let mut driver = driver();
    let ended = driver.call("log", &[], vec![]);
    assert_eq!(ended.printed(Stream::Host), "from the guest");
    assert!(matches!(ended.outcome, Outcome::Returned { .. }));
}

/// Stores at and from a local, which is in a register, far from where it points to.
#[test]
fn stores_of_a_local_at_itself() {
    let mut driver = Driver::with_wat(
        r#"(module
            (import "env" "tick" (func $tick))
            (memory (export "memory") 2)
            (memory $other 1)
            (func $first)
            (func (export "far") (param i32) (local i64 i32)
                (local.set 2 (i32.add (local.get 0) (i32.const 4)))
                (i32.store offset=70000 (local.get 2) (local.get 2))
                (local.set 2 (i32.add (local.get 0) (i32.const 8)))
                (i32.store16 offset=70000 (local.get 2) (i32.add (i32.const 0) (local.get 2)))
                (i32.store8 offset=70000 (local.tee 2 (i32.add (local.get 0) (i32.const 12))) (local.get 2)))
            (func (export "other") (param i32) (result i32) (local i32)
                (local.set 1 (i32.add (local.get 0) (i32.const 4)))
                (i32.store $other (local.get 1) (local.get 1))
                (i32.load $other (local.get 1)))
            (func (export "last") (result i32) (call $first) (i32.const 7)))"#,
    );
    let ended = driver.call("far", &[Type::Int32], vec![Value::Int(0x102)]);
    assert!(matches!(ended.outcome, Outcome::Returned { .. }));
    let memory = driver.session.instance().map(|it| it.memory().to_vec());
    let memory = memory.expect("it is there");
    let at = 70_000 + 0x106;
    assert_eq!(
        memory[at..at + 12],
        [6, 1, 0, 0, 0x0a, 1, 0, 0, 0x0e, 0, 0, 0]
    );
    for (export, args, expected) in [("other", vec![Value::Int(1)], 5), ("last", vec![], 7)] {
        let params = vec![Type::Int32; args.len()];
        let ended = driver.call_as(signature(export, &params, Some(Type::Int32)), args);
        assert_eq!(value(&ended), expected);
    }
}

/// A slice that ends within `table.grow`: nothing before it is done twice.
#[test]
fn a_table_that_grows_where_a_slice_ends() {
    let mut driver = Driver::with_wat(
        r#"(module
            (table 0 funcref)
            (global $times (mut i32) (i32.const 0))
            (func (export "grow") (result i32)
                (global.set $times (i32.add (global.get $times) (i32.const 1)))
                (drop (table.grow (ref.null func) (i32.const 1000)))
                (global.get $times))
            (func (export "small") (result i32)
                (global.set $times (i32.add (global.get $times) (i32.const 1)))
                (drop (table.grow (ref.null func) (i32.const 4)))
                (global.get $times)))"#,
    );
    let (mut times, mut cut) = (0, 0);
    for fuel in (1..200).chain([100_000]) {
        for export in ["small", "grow"] {
            let id = driver.id();
            driver.session.handle(Command::Call {
                call: id,
                export: export.to_owned(),
                signature: signature(export, &[], Some(Type::Int32)),
                args: Vec::new(),
            });
            let mut outcome = None;
            while outcome.is_none() {
                driver.session.step(fuel);
                let events = driver.session.take_events().into_iter();
                outcome = events.filter_map(ended).next();
            }
            match outcome {
                Some(Outcome::Returned { result, .. }) => {
                    times += 1;
                    assert_eq!(result, Some(Value::Int(times)), "{export}, by {fuel}");
                }
                Some(Outcome::Trapped(why)) if export == "grow" => {
                    cut += 1;
                    assert!(why.contains("within a large table.grow"), "{why}");
                    driver.session.handle(Command::Reset);
                    times = 0;
                }
                other => panic!("{export}, by {fuel}: {other:?}"),
            }
        }
    }
    // Once wasmi goes on with it, there is nothing to be cut.
    assert!(cut > 0);
}

fn ended(event: Event) -> Option<Outcome> {
    match event {
        Event::Ended { outcome, .. } => Some(outcome),
        _ => None,
    }
}
