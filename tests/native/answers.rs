//! What the answers of imports compute, print and count; what stands in for what is no function.

use crate::driver::{Driver, Ended, signature};
use plugboard::go::{Param, Signature, Source, Type, Value};
use plugboard::protocol::{Answer, Command, Event, Outcome, Provision, Stream};

const GUEST: &str = r#"(module
    (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
    (import "host" "base" (global $base i32))
    (import "host" "log" (func $log (param i32 i32)))
    (import "host" "mix" (func $mix (param i64 f32 i64) (result i64)))
    (import "host" "ratio" (func $ratio (param f64) (result f64)))
    (import "host" "table" (table $table 2 8 funcref))
    (import "host" "pair" (func $pair (result i32 i32)))
    (import "host" "memory" (memory 1 3))
    (data (i32.const 8) "from the guest")
    (func (export "yield") (result i32) (call $yield))
    (func (export "log") (param i32 i32) (call $log (local.get 0) (local.get 1)))
    (func (export "mix") (result i64) (call $mix (i64.const -7) (f32.const 1.5) (i64.const 11)))
    (func (export "ratio") (result f64) (call $ratio (f64.const 0.25)))
    (func (export "base") (result i32) (global.get $base))
    (func (export "sizes") (result i32)
        (i32.add (i32.mul (i32.const 100) (memory.size)) (table.size $table))))"#;

const BASE: u32 = 1;
const LOG: u32 = 2;
const MIX: u32 = 3;
const RATIO: u32 = 4;
const TABLE: u32 = 5;
const PAIR: u32 = 6;
const MEMORY: u32 = 7;

fn driver() -> Driver {
    Driver::with_wat(GUEST)
}

fn answer(driver: &mut Driver, import: u32, answer: Answer) -> Vec<Event> {
    driver.session.handle(Command::Answer { import, answer });
    driver.session.take_events()
}

fn result(ended: &Ended) -> &Value {
    match &ended.outcome {
        Outcome::Returned {
            result: Some(result),
            ..
        } => result,
        other => panic!("{other:?}"),
    }
}

fn mix(driver: &mut Driver) -> Ended {
    driver.call_as(signature("mix", &[], Some(Type::Int64)), vec![])
}

fn log(driver: &mut Driver) -> Ended {
    let params = [Type::Int32, Type::Int32];
    driver.call("log", &params, vec![Value::Int(8), Value::Int(14)])
}

#[test]
fn a_constant_an_argument_and_a_count() {
    let mut driver = driver();
    assert_eq!(
        answer(&mut driver, MIX, Answer::Constant(vec![u64::MAX])),
        []
    );
    assert_eq!(*result(&mix(&mut driver)), Value::Int(-1));
    for (place, value) in [(0, -7), (2, 11)] {
        assert_eq!(answer(&mut driver, MIX, Answer::Echo(place)), []);
        assert_eq!(*result(&mix(&mut driver)), Value::Int(value));
    }
    assert_eq!(answer(&mut driver, MIX, Answer::Count), []);
    assert_eq!(*result(&mix(&mut driver)), Value::Int(4), "the fourth call");
    let ratio = signature("ratio", &[], Some(Type::Float64));
    answer(&mut driver, RATIO, Answer::Count);
    let first = driver.call_as(ratio, vec![]);
    assert_eq!(*result(&first), Value::Float64(1.0f64.to_bits()));
}

#[test]
fn an_answer_that_does_not_fit_is_rejected_and_the_one_before_stays() {
    let mut driver = driver();
    answer(&mut driver, MIX, Answer::Constant(vec![3]));
    for (import, wrong, why) in [
        (
            MIX,
            Answer::Echo(1),
            "argument 1 is f32, and its type is (i64, f32, i64) → i64",
        ),
        (
            MIX,
            Answer::PrintString,
            "import host.mix: cannot print the string",
        ),
        (
            PAIR,
            Answer::Constant(vec![1]),
            "its type is () → (i32, i32)",
        ),
        (
            0,
            Answer::Trap,
            "import wasi_snapshot_preview1.sched_yield: WASI answers it",
        ),
        (BASE, Answer::Trap, "import host.base: is no function"),
        (99, Answer::Trap, "the module has no import 99"),
    ] {
        let events = answer(&mut driver, import, wrong);
        assert!(
            matches!(&events[..], [Event::Rejected(text)] if text.contains(why)),
            "{events:?}"
        );
    }
    assert_eq!(*result(&mix(&mut driver)), Value::Int(3));
}

#[test]
fn arguments_are_printed_as_numbers_or_as_go_has_them() {
    let mut driver = driver();
    answer(&mut driver, MIX, Answer::PrintArguments);
    answer(&mut driver, LOG, Answer::PrintArguments);
    let mixed = mix(&mut driver);
    assert_eq!(mixed.printed(Stream::Host), "host.mix(-7, 1.5, 11)\n");
    assert_eq!(*result(&mixed), Value::Int(0));
    assert_eq!(log(&mut driver).printed(Stream::Host), "host.log(8, 14)\n");

    // The signatures come when there is an instance already.
    let message = Signature::new("log", vec![Param::new("message", Type::String)], None);
    let misfit = Signature::new("mix", vec![Param::new("message", Type::String)], None);
    let mut known = vec![None; 8];
    known[LOG as usize] = Some((message, Source::Dwarf));
    known[MIX as usize] = Some((misfit, Source::Dwarf));
    driver.session.handle(Command::Know {
        exports: Vec::new(),
        imports: known,
    });
    let printed = log(&mut driver).printed(Stream::Host);
    assert_eq!(printed, "host.log(\"from the guest\")\n");
    let mixed = mix(&mut driver).printed(Stream::Host);
    assert_eq!(
        mixed, "host.mix(-7, 1.5, 11)\n",
        "what does not fit is left out"
    );
}

fn called(ended: &Ended) -> Option<&[u64]> {
    ended.events.iter().find_map(|event| match event {
        Event::Called(called) => Some(&called[..]),
        _ => None,
    })
}

#[test]
fn calls_of_every_import_are_counted_wasis_too() {
    let mut driver = driver();
    answer(&mut driver, MIX, Answer::ReturnZero);
    assert_eq!(
        called(&log(&mut driver)),
        Some(&[0, 0, 1, 0, 0, 0, 0, 0][..])
    );
    mix(&mut driver);
    let yields = signature("yield", &[], Some(Type::Int32));
    let ended = driver.call_as(yields.clone(), vec![]);
    assert_eq!(called(&ended), Some(&[1, 0, 1, 1, 0, 0, 0, 0][..]));
    let base = driver.call_as(signature("base", &[], Some(Type::Int32)), vec![]);
    assert_eq!(called(&base), None, "only news are told");
    driver.session.handle(Command::Reset);
    let ended = driver.call_as(yields, vec![]);
    assert_eq!(called(&ended), Some(&[1, 0, 0, 0, 0, 0, 0, 0][..]));
}

fn provide(driver: &mut Driver, import: u32, provision: Provision) -> Vec<Event> {
    driver
        .session
        .handle(Command::Provide { import, provision });
    driver.session.take_events()
}

fn sizes(driver: &mut Driver) -> Value {
    let sizes = signature("sizes", &[], Some(Type::Int32));
    result(&driver.call_as(sizes, vec![])).clone()
}

#[test]
fn globals_memories_and_tables_begin_as_they_are_set() {
    let mut driver = driver();
    let base = || signature("base", &[], Some(Type::Int32));
    assert_eq!(sizes(&mut driver), Value::Int(102));
    for (import, provision) in [
        (BASE, Provision::Global(u64::from(u32::MAX))),
        (TABLE, Provision::Table(8)),
        (MEMORY, Provision::Memory(3)),
    ] {
        assert_eq!(provide(&mut driver, import, provision), []);
    }
    assert_eq!(
        sizes(&mut driver),
        Value::Int(102),
        "the instance stays as it is"
    );
    driver.session.handle(Command::Reset);
    assert_eq!(sizes(&mut driver), Value::Int(308));
    assert_eq!(*result(&driver.call_as(base(), vec![])), Value::Int(-1));
}

#[test]
fn a_provision_out_of_range_is_rejected() {
    let mut driver = driver();
    for (import, provision, why) in [
        (
            BASE,
            Provision::Global(1 << 32),
            "import host.base: 0x100000000 has more",
        ),
        (
            TABLE,
            Provision::Table(9),
            "import host.table: needs 2 to 8 elements, not 9",
        ),
        (
            MEMORY,
            Provision::Memory(0),
            "import host.memory: needs 1 to 3 pages, not 0",
        ),
        (
            MEMORY,
            Provision::Global(0),
            "import host.memory: is a memory",
        ),
        (LOG, Provision::Global(0), "import host.log: is a function"),
        (99, Provision::Global(0), "the module has no import 99"),
    ] {
        let events = provide(&mut driver, import, provision);
        assert!(
            matches!(&events[..], [Event::Rejected(text)] if text.contains(why)),
            "{events:?}"
        );
    }
    assert_eq!(sizes(&mut driver), Value::Int(102));
}

#[test]
fn a_provision_beyond_the_limits_refuses_the_call() {
    let mut driver =
        Driver::with_wat(r#"(module (import "host" "memory" (memory 1)) (func (export "f")))"#);
    provide(&mut driver, 0, Provision::Memory(32_767));
    let ended = driver.call("f", &[], vec![]);
    assert!(
        matches!(&ended.outcome, Outcome::Refused(text) if text.contains("memory")),
        "{:?}",
        ended.outcome
    );
    provide(&mut driver, 0, Provision::Memory(2));
    assert!(matches!(
        driver.call("f", &[], vec![]).outcome,
        Outcome::Returned { .. }
    ));
}
