//! A debugged guest that stops before it calls an import, or where it traps.

use crate::driver::{Driver, signature};
use plugboard::go::{Type, Value};
use plugboard::protocol::{
    Answer, CallId, Command, Debug, Debugged, Event, Go, Held, Memory, Outcome, Stack, WaitingFor,
};
use plugboard::session::{HostResult, Next};

/// It asks, waits for a clock, and traps unless it is given 0.
const GUEST: &str = r#"(module
    (import "host" "ask" (func $ask (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "clock_time_get"
        (func $clock (param i32 i64 i32) (result i32)))
    (memory (export "memory") 1)
    (func $inner (param i32) (result i32)
        (drop (call $clock (i32.const 0) (i64.const 0) (i32.const 64)))
        (call $ask (local.get 0)))
    (func (export "ask twice") (param i32) (result i32)
        (i32.add (call $inner (local.get 0)) (call $inner (i32.const 5))))
    (func (export "divide") (param i32) (result i32)
        (i32.div_u (i32.const 7) (local.get 0)))
    (export "asks itself" (func $ask)))"#;

fn debugged(imports: &[u32], traps: bool, answer: Answer) -> Driver {
    let mut driver = Driver::with_wat(GUEST);
    let import = 0;
    driver.session.handle(Command::Answer { import, answer });
    for command in [
        Debug::Lines(Some(Vec::new())),
        Debug::Hold {
            imports: imports.to_vec(),
            traps,
        },
    ] {
        driver.session.handle(Command::Debug(command));
        driver.drain();
    }
    driver
}

fn begin(driver: &mut Driver, export: &str, argument: i64) -> CallId {
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: export.to_owned(),
        signature: signature(export, &[Type::Int32], Some(Type::Int32)),
        args: vec![Value::Int(argument)],
    });
    call
}

/// Where the guest is held, and its stack.
#[track_caller]
fn held(driver: &mut Driver) -> (Held, Box<Stack>) {
    let (next, events) = driver.drain();
    assert_eq!(next, Next::Wait(None), "{events:?}");
    assert!(
        events.contains(&Event::Waiting(WaitingFor::Debugger)),
        "{events:?}"
    );
    let held = events.iter().find_map(|event| match event {
        Event::Debug(said) => match &**said {
            Debugged::Stopped(held) => Some(held.clone()),
            _ => None,
        },
        _ => None,
    });
    let stack = events.into_iter().find_map(|event| match event {
        Event::Stack { stack, .. } => Some(stack),
        _ => None,
    });
    (held.expect("it is said"), stack.expect("it is told"))
}

fn go(driver: &mut Driver, how: Go) {
    driver.session.handle(Command::Debug(Debug::Go(how)));
}

#[track_caller]
fn returned(driver: &mut Driver, call: CallId) -> u64 {
    match driver.end_of(call).outcome {
        Outcome::Returned { raw, .. } => raw[0].1,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_guest_stops_before_each_call_of_an_import_and_goes_on_with_it() {
    let mut driver = debugged(&[0], false, Answer::Count);
    let call = begin(&mut driver, "ask twice", 1);
    for asked in 0..2 {
        let (at, stack) = held(&mut driver);
        assert_eq!(at, Held::Import(0));
        assert_eq!(stack.frames.len(), 2, "{stack:?}");
        let instance = driver.session.instance().expect("there is one");
        assert_eq!(instance.called()[0], asked, "it has not been called yet");
        go(&mut driver, Go::On);
    }
    assert_eq!(returned(&mut driver, call), 3);
}

#[test]
fn a_function_of_wasi_and_one_of_the_driver_are_stopped_before_as_well() {
    let mut driver = debugged(&[0, 1], false, Answer::Driver);
    let call = begin(&mut driver, "ask twice", 1);
    for argument in [1, 5] {
        assert_eq!(held(&mut driver).0, Held::Import(1));
        go(&mut driver, Go::On);
        assert_eq!(held(&mut driver).0, Held::Import(0));
        assert!(driver.session.host_call().is_none(), "it is not made yet");
        go(&mut driver, Go::On);
        driver.drain();
        let open = driver.session.host_call().expect("it is made");
        assert_eq!(open.raw, [argument]);
        driver
            .session
            .host_answer(open.id, Ok(HostResult::Raw(vec![argument])));
    }
    assert_eq!(returned(&mut driver, call), 6);
}

#[test]
fn an_import_that_is_exported_is_stopped_before() {
    let mut driver = debugged(&[0], false, Answer::Echo(0));
    let call = begin(&mut driver, "asks itself", 9);
    let (next, events) = driver.drain();
    assert_eq!(next, Next::Wait(None), "{events:?}");
    go(&mut driver, Go::On);
    assert_eq!(returned(&mut driver, call), 9);
}

#[test]
fn an_answer_that_traps_ends_the_call_after_the_stop() {
    let mut driver = debugged(&[0], false, Answer::Trap);
    let call = begin(&mut driver, "ask twice", 1);
    held(&mut driver);
    go(&mut driver, Go::On);
    let outcome = driver.end_of(call).outcome;
    assert!(
        matches!(&outcome, Outcome::Trapped(why) if why.contains("set to trap")),
        "{outcome:?}"
    );
}

#[test]
fn a_trap_is_held_before_it_ends_the_call() {
    let mut driver = debugged(&[], true, Answer::Count);
    let call = begin(&mut driver, "divide", 0);
    let (at, stack) = held(&mut driver);
    assert!(
        matches!(&at, Held::Trap(why) if why.contains("divide by zero")),
        "{at:?}"
    );
    assert_eq!(stack.frames.len(), 1);
    // What else there is can be looked at.
    let (address, length) = (0, 4);
    driver
        .session
        .handle(Command::Memory(Memory::Read { address, length }));
    let (_, events) = driver.drain();
    assert!(
        events.iter().any(|event| matches!(event, Event::Memory(_))),
        "{events:?}"
    );
    for how in [Go::Over, Go::On] {
        go(&mut driver, how);
    }
    let ended = driver.end_of(call);
    assert!(matches!(ended.outcome, Outcome::Trapped(_)), "{ended:?}");
    // One that is stopped instead has not trapped.
    let call = begin(&mut driver, "divide", 0);
    held(&mut driver);
    driver.session.handle(Command::Stop);
    assert_eq!(driver.end_of(call).outcome, Outcome::Stopped);
    let call = begin(&mut driver, "divide", 7);
    assert_eq!(returned(&mut driver, call), 1);
}
