//! Putting modules on the board.

use crate::driver::Driver;
use plugboard::module::{ExternType, Kind};
use plugboard::protocol::{Answer, Command, Event};

const GREETER: &str = r#"(module
    (import "log" "log" (func $log (param i32 i32)))
    (import "log" "level" (func (result i32)))
    (import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32)))
    (memory (export "memory") 2 10)
    (func (export "_initialize"))
    (func (export "greet") (param i32 i32) (call $log (local.get 0) (local.get 1)))
    (global (export "version") i32 (i32.const 7)))"#;

#[test]
fn a_module_is_shown_before_it_is_validated() {
    let bytes = wat::parse_str(GREETER).expect("WAT");
    let size = bytes.len() as u64;
    let events = Driver::new().load("greeter.wasm", bytes);
    let Some(Event::Read(info)) = events.iter().find(|event| matches!(event, Event::Read(_)))
    else {
        panic!("not read: {events:?}");
    };
    assert_eq!(info.name, "greeter.wasm");
    assert_eq!(info.size, size);
    assert_eq!(info.kind, Kind::Reactor);
    assert_eq!(info.memories.len(), 1);
    assert_eq!(
        (info.memories[0].minimum, info.memories[0].maximum),
        (2, Some(10))
    );
    let exports: Vec<String> = info
        .exports
        .iter()
        .map(|export| format!("{} {}", export.name, export.ty))
        .collect();
    assert_eq!(
        exports,
        [
            "memory memory, 128 KiB to 640 KiB",
            "_initialize ()",
            "greet (i32, i32)",
            "version global i32"
        ]
    );
    let imports: Vec<String> = info
        .imports
        .iter()
        .map(|import| format!("{}.{} {}", import.module, import.name, import.ty))
        .collect();
    assert_eq!(
        imports,
        [
            "log.log (i32, i32)",
            "log.level () → i32",
            "wasi_snapshot_preview1.random_get (i32, i32) → i32"
        ]
    );
}

#[test]
fn likely_answers_are_guessed() {
    let bytes = wat::parse_str(GREETER).expect("WAT");
    let events = Driver::new().load("greeter.wasm", bytes);
    assert_eq!(
        events.last(),
        Some(&Event::Ready {
            answers: vec![Some(Answer::PrintString), Some(Answer::Nothing), None],
            elsewhere: None,
        })
    );
}

#[test]
fn two_numbers_may_be_a_string() {
    let bytes = wat::parse_str(GREETER).expect("WAT");
    let events = Driver::new().load("greeter.wasm", bytes);
    let Some(Event::Read(info)) = events.iter().find(|event| matches!(event, Event::Read(_)))
    else {
        panic!("not read: {events:?}");
    };
    let greet = info
        .exports
        .iter()
        .find(|export| export.name == "greet")
        .expect("greet");
    assert!(matches!(greet.ty, ExternType::Func(_)));
    let readings: Vec<usize> = greet
        .signatures
        .iter()
        .map(|(signature, _)| signature.params.len())
        .collect();
    assert_eq!(readings.first(), Some(&1), "a string first");
    assert!(readings.contains(&2), "two numbers as well");
}

#[test]
fn a_large_module_shows_progress_and_can_be_cancelled() {
    let body = "i32.const 1 drop ".repeat(60_000);
    let functions = format!("(func {body})").repeat(4);
    let bytes = wat::parse_str(format!("(module {functions})")).expect("WAT");
    let mut driver = Driver::new();
    driver.session.handle(Command::Load {
        name: "large.wasm".to_owned(),
        bytes: bytes.clone(),
    });
    driver.session.step(1);
    let events = driver.session.take_events();
    let done = events.iter().find_map(|event| match event {
        Event::Validating { done, total } => Some((*done, *total)),
        _ => None,
    });
    let (done, total) = done.expect("progress");
    assert_eq!(total, bytes.len() as u64);
    assert!(done > 0 && done < total, "{done} of {total}");

    driver.session.handle(Command::Stop);
    let events = driver.session.take_events();
    assert!(
        matches!(events.last(), Some(Event::Refused { message, .. }) if message.contains("stopped")),
        "{events:?}"
    );
}

#[test]
fn a_second_module_takes_the_place_of_the_first() {
    let mut driver = Driver::with_wat(r#"(module (func (export "one")))"#);
    let two = wat::parse_str(r#"(module (func (export "two")))"#).expect("WAT");
    driver.load("two.wasm", two);
    let ended = driver.call("one", &[], vec![]);
    assert_eq!(
        format!("{:?}", ended.outcome),
        "Refused(\"the module exports no function one\")"
    );
}
