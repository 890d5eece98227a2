//! What is not a module that runs here, and what it is told.

use crate::driver::Driver;
use plugboard::protocol::{Command, Engine, Event, Outcome};

/// The message that refuses `bytes`, whenever it comes.
#[track_caller]
fn refusal(bytes: Vec<u8>) -> String {
    let events = Driver::new().load("bad.wasm", bytes);
    match events.last() {
        Some(Event::Refused { name, message }) => {
            assert_eq!(name, "bad.wasm");
            message.clone()
        }
        _ => panic!("not refused: {events:?}"),
    }
}

#[track_caller]
fn assert_refused(bytes: Vec<u8>, parts: &[&str]) {
    let message = refusal(bytes);
    for part in parts {
        assert!(message.contains(part), "{part:?} is not in {message:?}");
    }
}

fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("WAT")
}

#[test]
fn an_empty_file() {
    assert_refused(vec![], &["empty", "choose the .wasm"]);
}

#[test]
fn files_of_other_kinds() {
    assert_refused(
        b"hello".to_vec(),
        &["not a WebAssembly module", "68 65 6c 6c"],
    );
    assert_refused(b"\x1f\x8b\x08\0".to_vec(), &["gzip", "unpack"]);
    assert_refused(b"\x7fELF\x02".to_vec(), &["Linux program", "GOOS=wasip1"]);
    assert_refused(b"(module)".to_vec(), &["text format"]);
    assert_refused(
        b"package main\n".to_vec(),
        &["Go source", "-buildmode=c-shared"],
    );
    assert_refused(b"<!doctype html>".to_vec(), &["web page"]);
}

#[test]
fn an_object_file() {
    let mut object = wat(r#"(module (func))"#);
    let linking = b"\0\x09\x07linking\x02";
    object.extend(linking);
    assert_refused(
        object,
        &["object file (it has a section linking)", "wasm-ld"],
    );
    let mut relocations = wat(r#"(module (func))"#);
    relocations.extend(b"\0\x0b\x0areloc.CODE");
    assert_refused(relocations, &["object file (it has a section reloc.CODE)"]);

    // What was linked with its relocations kept.
    let mut linked = wat(r#"(module (func (export "f")))"#);
    linked.extend(linking);
    let events = Driver::new().load("linked.wasm", linked);
    assert!(
        matches!(events.last(), Some(Event::Ready { .. })),
        "{events:?}"
    );
}

#[test]
fn every_truncation_of_a_module() {
    let whole = wat(r#"(module (import "a" "b" (func (param i32))) (memory 1)
            (func (export "f") (param i32) (call 0 (local.get 0))) (data (i32.const 0) "text"))"#);
    for size in 1..whole.len() {
        let events = Driver::new().load("cut.wasm", whole[..size].to_vec());
        let last = events.last();
        match last {
            Some(Event::Refused { message, .. }) => assert!(
                message.contains("truncated") || message.contains("invalid at offset"),
                "{size}: {message}"
            ),
            // Between two sections, what is left may be a whole module.
            Some(Event::Ready { .. }) => {}
            _ => panic!("{size}: {events:?}"),
        }
    }
    assert_refused(
        whole[..whole.len() - 3].to_vec(),
        &["truncated", "download it again"],
    );
}

#[test]
fn an_invalid_function_is_refused_with_its_offset() {
    let message = refusal(wat("(module (func (result i32) i64.const 1))"));
    assert!(message.contains("invalid at offset"), "{message}");
    assert!(message.contains("type mismatch"), "{message}");
}

#[test]
fn a_component() {
    assert_refused(
        b"\0asm\x0d\0\x01\0".to_vec(),
        &["component", "WASI preview 2", "-target=wasip1"],
    );
}

#[test]
fn another_version() {
    assert_refused(b"\0asm\x02\0\0\0".to_vec(), &["version 2"]);
}

#[test]
fn builds_for_goos_js() {
    let go = wat(r#"(module (import "gojs" "runtime.wasmExit" (func (param i32))))"#);
    assert_refused(
        go,
        &["imports gojs", "GOOS=js", "GOOS=wasip1 -buildmode=c-shared"],
    );
    let old = wat(r#"(module (import "go" "runtime.wasmExit" (func (param i32))))"#);
    assert_refused(old, &["imports go:", "GOOS=js"]);
}

#[test]
fn unsupported_proposals_are_named() {
    assert_refused(
        wat("(module (memory 1 1 shared) (func (drop (i32.atomic.load (i32.const 0)))))"),
        &[
            "threads",
            "which the interpreter does not run",
            "build without them",
        ],
    );
    assert_refused(
        wat("(module (memory 1 (pagesize 1)))"),
        &["custom page sizes"],
    );
}

/// What browsers run comes onto the board, where another engine can be chosen for it.
#[test]
fn what_only_browsers_run_is_named_and_no_call_of_it_begins() {
    for (module, needs) in [
        (
            "(module (tag) (func (export \"f\") (throw 0)))",
            "exception handling (exnref)",
        ),
        (
            "(module (memory i64 1) (func (export \"f\")))",
            "64-bit memories",
        ),
        (
            "(module (type (struct (field i32))) (func (export \"f\")))",
            "garbage collection",
        ),
        (
            "(module (func (export \"f\") (drop (v128.const i64x2 1 2))))",
            "SIMD (128-bit vectors)",
        ),
        (
            "(module (func (export \"f\")) (func (param v128)))",
            "SIMD (128-bit vectors)",
        ),
        (
            "(module (func (export \"f\")) (func (local v128)))",
            "SIMD (128-bit vectors)",
        ),
        (
            "(module (global v128 (v128.const i64x2 1 2)) (func (export \"f\")))",
            "SIMD (128-bit vectors)",
        ),
        (
            "(module (func (export \"f\") (local v128) (drop (i32x4.relaxed_trunc_f32x4_s (local.get 0)))))",
            "SIMD (128-bit vectors)",
        ),
        (
            "(module (func (export \"f\") try nop catch_all end))",
            "exception handling (legacy)",
        ),
        (
            "(module (func (export \"f\")) (func (param exnref)))",
            "exception handling (exnref)",
        ),
        (
            "(module (func (export \"f\") (block $h (result exnref) (try_table (catch_all_ref $h)) (return)) (drop)))",
            "exception handling (exnref)",
        ),
        (
            "(module (type $t (func)) (func (export \"f\")) (func (param (ref $t)) (call_ref $t (local.get 0))))",
            "typed function references",
        ),
        (
            "(module (func (export \"f\") (drop (ref.i31 (i32.const 1)))))",
            "garbage collection",
        ),
        (
            "(module (table i64 1 funcref) (func (export \"f\")))",
            "64-bit memories",
        ),
    ] {
        let mut driver = Driver::new();
        let events = driver.load("new.wasm", wat(module));
        let Some(Event::Ready {
            elsewhere: Some(told),
            ..
        }) = events.last()
        else {
            panic!("{module}: {events:?}");
        };
        assert!(told.contains(needs), "{told}");
        assert!(
            told.contains("which the interpreter does not run"),
            "{told}"
        );
        let outcome = driver.call("f", &[], vec![]).outcome;
        assert_eq!(outcome, Outcome::Refused(told.clone()));
        for (engine, told) in [(Engine::Browser, "JSPI"), (Engine::Interpreter, &**told)] {
            driver.session.handle(Command::Engine(engine));
            let (_, events) = driver.drain();
            let problem = events.iter().find_map(|event| match event {
                Event::Engine { problem, .. } => problem.as_deref(),
                _ => None,
            });
            assert!(problem.is_some_and(|it| it.contains(told)), "{events:?}");
        }
    }
}

#[test]
fn a_module_that_gives_way_to_another_one_is_not_refused() {
    let mut driver = Driver::new();
    for name in ["first.wasm", "second.wasm"] {
        driver.session.handle(Command::Load {
            name: name.to_owned(),
            bytes: wat(r#"(module (func (export "f")))"#),
        });
    }
    let (_, events) = driver.drain();
    let refused = events
        .iter()
        .any(|event| matches!(event, Event::Refused { .. }));
    assert!(!refused, "{events:?}");
    let read = events.iter().rev().find_map(|event| match event {
        Event::Read(info) => Some(info.name.as_str()),
        _ => None,
    });
    assert_eq!(read, Some("second.wasm"));
    assert!(
        matches!(events.last(), Some(Event::Ready { .. })),
        "{events:?}"
    );
}
