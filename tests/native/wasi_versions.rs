//! Imports that have the names of WASI's functions: with another type, and of preview 0.

use crate::driver::{Driver, signature};
use plugboard::go::{Type, Value};
use plugboard::protocol::{Answer, Command, Event, Outcome, Stream};

/// `fd_seek` without its `i64`, and one that looks like a string to print.
const OTHER_TYPES: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_seek"
        (func $seek (param i32 i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32 i32)))
    (import "wasi_snapshot_preview1" "fd_write"
        (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "hello") (result i32) (i32.const 5))
    (func (export "close") (call $close (i32.const 1) (i32.const 0)))
    (func (export "write") (result i32)
        (call $write (i32.const 9) (i32.const 0) (i32.const 0) (i32.const 0)))
    (func (export "seek") (result i32)
        (call $seek (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 8))))"#;

#[track_caller]
fn returned(driver: &mut Driver, export: &str) -> i64 {
    let ended = driver.call_as(signature(export, &[], Some(Type::Int32)), vec![]);
    match ended.outcome {
        Outcome::Returned {
            result: Some(Value::Int(value)),
            ..
        } => value,
        outcome => panic!("{export}: {outcome:?}"),
    }
}

#[test]
fn a_function_of_wasi_with_another_type_is_an_import_like_any_other() {
    let mut driver = Driver::with_wat(OTHER_TYPES);
    assert_eq!(returned(&mut driver, "hello"), 5);
    assert_eq!(returned(&mut driver, "write"), 8, "WASI serves the rest");
    let ended = driver.call_as(signature("seek", &[], Some(Type::Int32)), vec![]);
    assert_eq!(
        ended.outcome,
        Outcome::Trapped(
            "seek: import wasi_snapshot_preview1.fd_seek was called, and has no answer (Imports): \
             WASI's fd_seek is (i32, i64, i32, i32) → i32, \
             the module's is (i32, i32, i32, i32, i32) → i32"
                .to_owned()
        )
    );
    driver.session.handle(Command::Reset);
    driver.session.handle(Command::Answer {
        import: 0,
        answer: Answer::Constant(vec![70]),
    });
    assert_eq!(returned(&mut driver, "seek"), 70);
}

#[test]
fn nothing_is_guessed_of_a_function_of_wasi() {
    let bytes = wat::parse_str(OTHER_TYPES).expect("WAT");
    let events = Driver::new().load("test.wasm", bytes);
    let Some(Event::Ready { answers, .. }) = events.last() else {
        panic!("{events:?}");
    };
    assert_eq!(
        *answers,
        [Some(Answer::Nothing), Some(Answer::Nothing), None]
    );
}

/// Writes a line, seeks, looks at a file's attributes, sleeps, and exits with 7.
const PREVIEW_0: &str = r#"(module
    (import "wasi_unstable" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_unstable" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_unstable" "fd_seek" (func $seek (param i32 i64 i32 i32) (result i32)))
    (import "wasi_unstable" "fd_filestat_get" (func $stat (param i32 i32) (result i32)))
    (import "wasi_unstable" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (import "wasi_unstable" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 16) "\20\00\00\00\0e\00\00\00")
    (data (i32.const 32) "wasi_unstable\nfile")
    ;; a clock's subscription: userdata 9, type 0, identifier, clock 1, a second
    (data (i32.const 200) "\09\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\ff\ff\ff\ff\ff\ff\ff\ff")
    (data (i32.const 224) "\01\00\00\00\00\00\00\00\00\ca\9a\3b\00\00\00\00")
    (func $expect (param i32) (if (i32.eqz (local.get 0)) (then (unreachable))))
    (func (export "_start")
        (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 8)))
        (drop (call $open (i32.const 3) (i32.const 0) (i32.const 46) (i32.const 4) (i32.const 1)
            (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 64)))
        (drop (call $write (i32.load (i32.const 64)) (i32.const 16) (i32.const 1) (i32.const 8)))
        ;; from the end (1), then from the position (0), then from the start (2)
        (drop (call $seek (i32.load (i32.const 64)) (i64.const -4) (i32.const 1) (i32.const 72)))
        (call $expect (i64.eq (i64.load (i32.const 72)) (i64.const 10)))
        (drop (call $seek (i32.load (i32.const 64)) (i64.const 1) (i32.const 0) (i32.const 72)))
        (call $expect (i64.eq (i64.load (i32.const 72)) (i64.const 11)))
        (drop (call $seek (i32.load (i32.const 64)) (i64.const 3) (i32.const 2) (i32.const 72)))
        (call $expect (i64.eq (i64.load (i32.const 72)) (i64.const 3)))
        (i32.store (i32.const 156) (i32.const 77))
        (drop (call $stat (i32.load (i32.const 64)) (i32.const 100)))
        (call $expect (i32.eq (i32.load8_u (i32.const 116)) (i32.const 4)))
        (call $expect (i32.eq (i32.load (i32.const 120)) (i32.const 1)))
        (call $expect (i64.eq (i64.load (i32.const 124)) (i64.const 14)))
        (call $expect (i32.eq (i32.load (i32.const 156)) (i32.const 77)))
        (call $expect (i32.eqz (call $poll
            (i32.const 200) (i32.const 300) (i32.const 1) (i32.const 64))))
        (call $expect (i64.eq (i64.load (i32.const 300)) (i64.const 9)))
        (call $exit (i32.const 7))))"#;

#[test]
fn preview_0_runs_and_its_calls_are_told_in_its_terms() {
    let mut driver = Driver::with_wat(PREVIEW_0);
    let ended = driver.start();
    assert_eq!(ended.outcome, Outcome::Exited(7));
    assert_eq!(ended.printed(Stream::Stdout), "wasi_unstable\n");
    assert_eq!(driver.clock.get(), 1_000_000_000, "it slept for a second");
}

#[test]
fn preview_0_has_no_sock_accept_and_no_other_module_is_wasi() {
    let mut driver = Driver::with_wat(
        r#"(module
            (import "wasi_unstable" "sock_accept" (func $a (param i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview2" "fd_close" (func (param i32) (result i32)))
            (func (export "accept") (result i32) (call $a (i32.const 0) (i32.const 0) (i32.const 0))))"#,
    );
    let ended = driver.call_as(signature("accept", &[], Some(Type::Int32)), vec![]);
    assert!(
        matches!(&ended.outcome, Outcome::Trapped(text)
            if text.ends_with("import wasi_unstable.sock_accept was called, and has no answer (Imports)")),
        "{:?}",
        ended.outcome
    );
}

#[test]
fn a_module_says_which_preview_it_is_for() {
    let preview = |wat: &str| {
        let bytes = wat::parse_str(wat).expect("WAT");
        plugboard::module::read("test.wasm", &bytes)
            .expect("a module")
            .is_preview_0()
    };
    assert_eq!(preview(PREVIEW_0), Some(true));
    assert_eq!(preview(OTHER_TYPES), Some(false));
    assert_eq!(preview("(module)"), None);
}
