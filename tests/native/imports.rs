//! How imports that are not WASI's are answered.

use crate::driver::{Driver, signature};
use plugboard::go::{Type, Value};
use plugboard::protocol::{Answer, Command, Outcome, Stream};

const CALLER: &str = r#"(module
    (import "host" "log" (func $log (param i32 i32)))
    (import "host" "count" (func $count (result i64)))
    (memory (export "memory") 1)
    (data (i32.const 8) "from the guest")
    (func (export "log") (param i32 i32) (call $log (local.get 0) (local.get 1)))
    (func (export "count") (result i64) (call $count)))"#;

fn log(driver: &mut Driver, ptr: i64, len: i64) -> crate::driver::Ended {
    driver.call(
        "log",
        &[Type::Int32, Type::Int32],
        vec![Value::Int(ptr), Value::Int(len)],
    )
}

#[test]
fn print_the_string() {
    let mut driver = Driver::with_wat(CALLER);
    let ended = log(&mut driver, 8, 14);
    assert_eq!(ended.printed(Stream::Host), "from the guest");
    assert!(matches!(ended.outcome, Outcome::Returned { .. }));
}

#[test]
fn a_string_outside_the_memory_traps_with_its_address() {
    let mut driver = Driver::with_wat(CALLER);
    for (ptr, len) in [(65_536, 1), (65_535, 2), (-1, 1), (0, -1), (-1, -1)] {
        let ended = log(&mut driver, ptr, len);
        let Outcome::Trapped(text) = &ended.outcome else {
            panic!("{ptr} {len}: {:?}", ended.outcome);
        };
        assert!(
            text.contains("host.log") && text.contains("outside the guest's memory of 65536"),
            "{text}"
        );
    }
    assert_eq!(
        log(&mut driver, 65_536, 0).printed(Stream::Host),
        "",
        "no bytes, at the end"
    );
}

#[test]
fn an_import_without_an_answer_traps_and_is_named() {
    let mut driver = Driver::with_wat(CALLER);
    let ended = driver.call_as(signature("count", &[], Some(Type::Int64)), vec![]);
    let Outcome::Trapped(text) = &ended.outcome else {
        panic!("{:?}", ended.outcome);
    };
    assert!(
        text.contains("count: import host.count was called, and has no answer"),
        "{text}"
    );
}

#[test]
fn answers_can_be_changed_between_calls() {
    let mut driver = Driver::with_wat(CALLER);
    let count = || signature("count", &[], Some(Type::Int64));
    driver.session.handle(Command::Answer {
        import: 1,
        answer: Answer::ReturnZero,
    });
    let ended = driver.call_as(count(), vec![]);
    assert!(
        matches!(
            &ended.outcome,
            Outcome::Returned {
                result: Some(Value::Int(0)),
                ..
            }
        ),
        "{:?}",
        ended.outcome
    );
    driver.session.handle(Command::Answer {
        import: 1,
        answer: Answer::Trap,
    });
    let ended = driver.call_as(count(), vec![]);
    assert!(
        matches!(&ended.outcome, Outcome::Trapped(text) if text.contains("set to trap")),
        "{:?}",
        ended.outcome
    );
}

#[test]
fn imported_memories_tables_and_globals_have_defaults() {
    let mut driver = Driver::with_wat(
        r#"(module
            (import "env" "memory" (memory 1 4))
            (import "env" "table" (table 2 funcref))
            (import "env" "base" (global i32))
            (import "env" "stack" (global (mut i64)))
            (func (export "sum") (result i32)
                (i32.add (global.get 0) (i32.add (memory.size) (table.size 0)))))"#,
    );
    let ended = driver.call_as(signature("sum", &[], Some(Type::Int32)), vec![]);
    assert!(
        matches!(
            &ended.outcome,
            Outcome::Returned {
                result: Some(Value::Int(3)),
                ..
            }
        ),
        "{:?}",
        ended.outcome
    );
}

#[test]
fn host_output_stands_where_it_was_printed() {
    use plugboard::protocol::Event;
    let mut driver = Driver::with_wat(
        r#"(module
            (import "log" "log" (func $log (param i32 i32)))
            (import "wasi_snapshot_preview1" "fd_write"
                (func $write (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "\10\00\00\00\02\00\00\00")
            (data (i32.const 16) "o\n")
            (data (i32.const 32) "h\n")
            (func $out (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64))))
            (func (export "f")
                (call $out) (call $log (i32.const 32) (i32.const 2)) (call $out)))"#,
    );
    let ended = driver.call("f", &[], vec![]);
    let output: Vec<(Stream, String)> = ended
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Output { stream, bytes } => {
                Some((*stream, String::from_utf8_lossy(bytes).into_owned()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        output,
        [
            (Stream::Stdout, "o\n".to_owned()),
            (Stream::Host, "h\n".to_owned()),
            (Stream::Stdout, "o\n".to_owned()),
        ]
    );
}

#[test]
fn imports_of_one_name_are_answered_apart() {
    let mut driver = Driver::with_wat(
        r#"(module
            (import "env" "f" (func $i (param i32) (result i32)))
            (import "env" "f" (func $l (param i64) (result i64)))
            (import "env" "f" (func $i2 (param i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_write"
                (func $w1 (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_write"
                (func $w2 (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 16) "\20\00\00\00\06\00\00\00") (data (i32.const 32) "twice\n")
            (func (export "all") (result i64)
                (i64.add (call $l (i64.const 0)) (i64.extend_i32_u
                    (i32.add (call $i (i32.const 0)) (call $i2 (i32.const 0))))))
            (func (export "write")
                (drop (call $w1 (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 8)))
                (drop (call $w2 (i32.const 2) (i32.const 16) (i32.const 1) (i32.const 8)))))"#,
    );
    for (import, constant) in [(0, 1), (1, 20), (2, 300)] {
        let answer = Answer::Constant(vec![constant]);
        driver.session.handle(Command::Answer { import, answer });
    }
    let all = driver.call_as(signature("all", &[], Some(Type::Int64)), vec![]);
    let Outcome::Returned { result, .. } = all.outcome else {
        panic!("{:?}", all.outcome);
    };
    assert_eq!(result, Some(Value::Int(321)));
    let ended = driver.call("write", &[], vec![]);
    assert_eq!(ended.printed(Stream::Stdout), "twice\n");
    assert_eq!(ended.printed(Stream::Stderr), "twice\n");
}
