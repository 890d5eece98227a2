//! Imports that whoever drives the session answers: the guest is suspended inside the call, and can be
//! stopped there.

mod within;

use crate::driver::{Driver, Ended, signature};
use plugboard::go::{Param, Signature, Source, Type, Value};
use plugboard::protocol::{
    Answer, CallId, Command, Event, InstanceState, Limits, Outcome, Settings, Stream, WaitingFor,
};
use plugboard::session::{HostCall, HostResult, Next};

/// `ask` gives the host a number and returns what it says; `free` counts what is given back.
const GUEST: &str = r#"(module
    (import "host" "ask" (func $ask (param i32) (result i32)))
    (import "host" "tell" (func $tell (param i32 i32)))
    (import "wasi_snapshot_preview1" "poll_oneoff"
        (func $poll (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read"
        (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 4096))
    (global $freed (mut i32) (i32.const 0))
    (data (i32.const 8) "from the guest")
    (func (export "malloc") (param i32) (result i32)
        (global.set $next (i32.add (global.get $next) (i32.const 64)))
        (global.get $next))
    (func (export "free") (param i32)
        (global.set $freed (i32.add (global.get $freed) (i32.const 1))))
    (func (export "freed") (result i32) (global.get $freed))
    (func (export "ask") (param i32) (result i32)
        (i32.add (i32.const 1000) (call $ask (local.get 0))))
    (func (export "tell") (call $tell (i32.const 8) (i32.const 14)))
    (func (export "greet") (param i32 i32) (result i32) (call $ask (local.get 1)))
    (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
    (func (export "spin") (loop br 0))
    (func (export "die") unreachable)
    (func (export "exit") (param i32) (call $exit (local.get 0)))
    (func (export "sleep") (result i32)
        (i32.store (i32.const 1040) (i32.const 1))
        (i64.store (i32.const 1048) (i64.const 1000000000))
        (call $poll (i32.const 1024) (i32.const 1088) (i32.const 1) (i32.const 1152)))
    (func (export "read") (result i32)
        (i32.store (i32.const 1024) (i32.const 1200))
        (i32.store (i32.const 1028) (i32.const 16))
        (drop (call $read (i32.const 0) (i32.const 1024) (i32.const 1) (i32.const 1032)))
        (i32.load (i32.const 1032)))
    (export "asked" (func $ask)))"#;

const ASK: u32 = 0;
const TELL: u32 = 1;

fn driver() -> Driver {
    with_settings(Settings::default())
}

fn with_settings(settings: Settings) -> Driver {
    let mut driver = Driver::with_settings(GUEST, settings);
    for (import, answer) in [
        (ASK, Answer::Driver),
        (TELL, Answer::Script("guest.string(p0, p1)".to_owned())),
    ] {
        driver.session.handle(Command::Answer { import, answer });
    }
    assert_eq!(driver.session.take_events(), []);
    driver
}

fn begin(driver: &mut Driver, signature: Signature, args: Vec<Value>) -> CallId {
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: signature.name.clone(),
        signature,
        args,
    });
    call
}

fn int(name: &str, params: usize) -> Signature {
    signature(name, &vec![Type::Int32; params], Some(Type::Int32))
}

/// Calls `ask`, up to where the host has been asked.
#[track_caller]
fn ask(driver: &mut Driver, number: i64) -> (CallId, HostCall) {
    let call = begin(driver, int("ask", 1), vec![Value::Int(number)]);
    let (next, events) = driver.drain();
    assert_eq!(next, Next::Wait(None));
    assert_eq!(
        events.last(),
        Some(&Event::Waiting(WaitingFor::Import(ASK)))
    );
    (call, driver.session.host_call().expect("it asks"))
}

#[track_caller]
fn value(outcome: &Outcome) -> i64 {
    match outcome {
        Outcome::Returned {
            result: Some(Value::Int(value)),
            ..
        } => *value,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn assert_trapped(ended: &Ended, with: &str) {
    assert!(
        matches!(&ended.outcome, Outcome::Trapped(text) if text == with),
        "{:?} and not {with:?}",
        ended.outcome
    );
}

fn number(value: i64) -> Result<HostResult, String> {
    Ok(HostResult::Value(Some(Value::Int(value))))
}

fn freed(driver: &mut Driver) -> i64 {
    value(&driver.call_as(int("freed", 0), vec![]).outcome)
}

#[test]
fn the_guest_waits_for_the_answer_and_costs_nothing() {
    let mut driver = driver();
    let (id, call) = ask(&mut driver, 7);
    assert_eq!((call.import, call.name.as_str()), (ASK, "host.ask"));
    assert_eq!(call.args[0].value, Ok(Value::Int(7)));
    assert_eq!(call.raw, [7]);
    assert!(driver.session.host_call().is_none(), "it is told once");
    let fuel = driver.session.usage().expect("it runs").fuel;
    for _ in 0..10 {
        assert_eq!(driver.session.step(1_000), Next::Wait(None));
    }
    assert_eq!(driver.session.usage().expect("it runs").fuel, fuel);
    driver.session.host_answer(call.id, number(-5));
    assert_eq!(value(&driver.end_of(id).outcome), 995);
}

#[test]
fn an_import_that_is_exported_is_answered_too() {
    let mut driver = driver();
    let id = begin(&mut driver, int("asked", 1), vec![Value::Int(3)]);
    assert_eq!(driver.drain().0, Next::Wait(None));
    let call = driver.session.host_call().expect("it asks");
    assert_eq!(call.raw, [3]);
    driver.session.host_answer(call.id, number(4));
    assert_eq!(value(&driver.end_of(id).outcome), 4);
}

#[test]
fn arguments_come_as_go_has_them_and_memory_is_at_hand() {
    let mut driver = driver();
    let tell = Signature::new("tell", vec![Param::new("message", Type::String)], None);
    let known = vec![None, Some((tell.clone(), Source::Dwarf))];
    driver.session.handle(Command::Know {
        exports: Vec::new(),
        imports: known,
    });
    let id = begin(&mut driver, signature("tell", &[], None), vec![]);
    driver.drain();
    let call = driver.session.host_call().expect("it tells");
    assert_eq!(call.signature, tell);
    assert_eq!(call.args[0].value, Ok(Value::string("from the guest")));
    assert_eq!(
        driver.session.answer(TELL),
        Some(&Answer::Script("guest.string(p0, p1)".to_owned()))
    );
    let session = &mut driver.session;
    assert_eq!(session.read_memory(8, 4).as_deref(), Ok(&b"from"[..]));
    assert_eq!(session.write_memory(65_534, b"ok"), Ok(()));
    assert_eq!(session.read_memory(65_534, 2).as_deref(), Ok(&b"ok"[..]));
    for (address, length) in [(65_535, 2), (u64::MAX, 1), (1, u64::MAX), (65_537, 0)] {
        assert!(session.read_memory(address, length).is_err());
    }
    let refused = session.write_memory(65_534, b"now");
    assert_eq!(
        refused,
        Err(
            "0xfffe and the 3 bytes from there are not all in the memory of 65536 bytes".to_owned()
        )
    );
    assert_eq!(
        session.read_memory(65_534, 2).as_deref(),
        Ok(&b"ok"[..]),
        "nothing was written"
    );
    session.print(b"heard\n");
    session.host_answer(call.id, Ok(HostResult::Value(None)));
    session.print(b"too late\n");
    let ended = driver.end_of(id);
    assert_eq!(ended.printed(Stream::Host), "heard\n");
    assert!(matches!(ended.outcome, Outcome::Returned { .. }));
}

#[test]
fn a_host_function_that_fails_traps_with_its_message() {
    let mut driver = driver();
    let (id, call) = ask(&mut driver, 7);
    driver
        .session
        .host_answer(call.id, Err("no such thing".to_owned()));
    let ended = driver.end_of(id);
    assert_trapped(&ended, "ask: import host.ask: no such thing");
    let (id, call) = ask(&mut driver, 7);
    driver.session.host_answer(call.id, number(1));
    assert_eq!(
        value(&driver.end_of(id).outcome),
        1001,
        "the next run is fine"
    );
}

#[test]
fn results_of_another_type_are_refused() {
    for (result, says) in [
        (
            HostResult::Value(None),
            "it needs to return (i32), and returned nothing",
        ),
        (
            HostResult::Value(Some(Value::string("a"))),
            "it needs to return int32: ",
        ),
        (
            HostResult::Value(Some(Value::Int(1 << 31))),
            "it needs to return int32: ",
        ),
        (
            HostResult::Raw(vec![]),
            "it needs to return (i32), and returned []",
        ),
        (
            HostResult::Raw(vec![1 << 32]),
            "it needs to return (i32), and returned ",
        ),
        (
            HostResult::Raw(vec![1, 2]),
            "it needs to return (i32), and returned ",
        ),
    ] {
        let mut driver = driver();
        let (id, call) = ask(&mut driver, 7);
        driver.session.host_answer(call.id, Ok(result));
        let ended = driver.end_of(id);
        let Outcome::Trapped(text) = &ended.outcome else {
            panic!("{:?}", ended.outcome);
        };
        let prefix = format!("ask: import host.ask: {says}");
        assert!(text.starts_with(&prefix), "{text}");
    }
}

#[test]
fn raw_results_are_taken() {
    let mut driver = driver();
    let (id, call) = ask(&mut driver, 7);
    let bits = u64::from(u32::MAX);
    driver
        .session
        .host_answer(call.id, Ok(HostResult::Raw(vec![bits])));
    assert_eq!(value(&driver.end_of(id).outcome), 999);
}

#[test]
fn a_late_answer_is_ignored() {
    let mut driver = driver();
    let (_, first) = ask(&mut driver, 1);
    driver.session.handle(Command::Stop);
    driver.session.host_answer(first.id, number(1));
    assert_eq!(driver.session.step(1_000), Next::Idle);
    driver.session.take_events();
    let (id, second) = ask(&mut driver, 2);
    driver.session.host_answer(first.id, number(1));
    assert_eq!(driver.session.step(1_000), Next::Wait(None));
    driver.session.host_answer(second.id, number(2));
    driver.session.host_answer(second.id, number(3));
    assert_eq!(value(&driver.end_of(id).outcome), 1002);
}

#[test]
fn stop_ends_a_host_call_and_gives_memory_back_once() {
    let mut driver = driver();
    let greet = signature("greet", &[Type::String], Some(Type::Int32));
    begin(&mut driver, greet, vec![Value::string("WaZero")]);
    driver.drain();
    let call = driver.session.host_call().expect("it asks");
    assert_eq!(call.raw, [6]);
    driver.session.handle(Command::Stop);
    let events = driver.session.take_events();
    assert!(events.contains(&Event::Instance(InstanceState::Broken)));
    assert!(
        matches!(
            events.last(),
            Some(Event::Ended {
                outcome: Outcome::Stopped,
                ..
            })
        ),
        "{events:?}"
    );
    assert_eq!(freed(&mut driver), 1);
}

#[test]
fn what_a_host_function_prints_counts_as_output() {
    let limits = Limits {
        output_bytes: 10,
        ..Limits::default()
    };
    let mut driver = with_settings(Settings {
        limits,
        ..Settings::default()
    });
    let (id, _) = ask(&mut driver, 0);
    driver.session.print(b"0123456789");
    driver.session.print(b"a");
    let ended = driver.end_of(id);
    assert_eq!(ended.printed(Stream::Host), "0123456789");
    assert!(
        matches!(&ended.outcome, Outcome::Limited(text) if text.contains("output limit of 10 B")),
        "{:?}",
        ended.outcome
    );
}

#[test]
fn exports_are_called_by_what_the_page_knows() {
    let mut driver = driver();
    let known = |driver: &Driver, export: &str| {
        let signatures = driver.session.signatures_of(export);
        signatures.map(|list| {
            list.iter()
                .map(|(known, _)| known.in_go())
                .collect::<Vec<_>>()
        })
    };
    let exports = driver.session.info().expect("it is read").exports.clone();
    let greet = Signature::new(
        "greet",
        vec![Param::new("name", Type::String)],
        Some(Type::Int32),
    );
    let misfit = Signature::new("double", vec![Param::new("name", Type::String)], None);
    let all = exports.iter().map(|export| match export.name.as_str() {
        "greet" => vec![(greet.clone(), Source::Dwarf)],
        "double" => vec![(misfit.clone(), Source::Dwarf)],
        _ => Vec::new(),
    });
    let guessed = known(&driver, "double");
    driver.session.handle(Command::Know {
        exports: all.collect(),
        imports: Vec::new(),
    });
    let greets = || Some(vec!["greet(name string) int32".to_owned()]);
    assert_eq!(known(&driver, "greet"), greets());
    assert_eq!(
        known(&driver, "double"),
        guessed,
        "what does not fit is left out"
    );
    assert_eq!(known(&driver, "memory"), None);

    let numbers = int("greet", 2);
    let choose = |signature: Option<&Signature>| Command::Choose {
        export: "greet".to_owned(),
        signature: signature.cloned(),
    };
    driver.session.handle(choose(Some(&numbers)));
    let chosen = vec![(numbers, Source::ByHand)];
    assert_eq!(driver.session.signatures_of("greet"), Some(chosen));
    driver.session.handle(choose(Some(&misfit)));
    let events = driver.session.take_events();
    assert!(matches!(&events[..], [Event::Rejected(_)]), "{events:?}");
    driver.session.handle(choose(None));
    assert_eq!(known(&driver, "greet"), greets());
}
