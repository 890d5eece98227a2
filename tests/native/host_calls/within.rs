//! Calls of exports that a host function makes while the guest waits for it: runs within the run.

use super::{ASK, ask, assert_trapped, begin, driver, freed, int, number, value, with_settings};
use crate::driver::{Driver, signature, unlocated};
use plugboard::go::{Signature, Type, Value};
use plugboard::protocol::{Command, Event, Limits, Outcome, Settings, Stdin, WaitingFor};
use plugboard::session::{HostCall, Next, WithinId};

#[track_caller]
fn within(
    driver: &mut Driver,
    call: &HostCall,
    signature: Signature,
    args: Vec<Value>,
) -> WithinId {
    let export = signature.name.clone();
    let begun = driver
        .session
        .call_within(call.id, &export, signature, args);
    begun.expect("it can be called")
}

#[test]
fn a_host_function_calls_an_export() {
    let mut driver = driver();
    let (id, call) = ask(&mut driver, 7);
    let double = within(&mut driver, &call, int("double", 1), vec![Value::Int(21)]);
    let (next, events) = driver.drain();
    let waits = Event::Waiting(WaitingFor::Import(ASK));
    assert_eq!((next, events), (Next::Wait(None), vec![waits]));
    let returned = driver.session.take_returned();
    assert_eq!(returned.len(), 1);
    assert_eq!((returned[0].0, value(&returned[0].1)), (double, 42));
    assert_eq!(driver.session.take_returned(), []);
    driver.session.host_answer(call.id, number(42));
    assert_eq!(value(&driver.end_of(id).outcome), 1042);
}

#[test]
fn what_a_host_function_passes_in_memory_is_given_back() {
    let mut driver = driver();
    let (id, call) = ask(&mut driver, 7);
    let greet = signature("greet", &[Type::String], Some(Type::Int32));
    within(&mut driver, &call, greet, vec![Value::string("inner")]);
    driver.drain();
    let inner = driver.session.host_call().expect("the inner call asks");
    assert_eq!(inner.raw, [5]);
    driver.session.host_answer(inner.id, number(1));
    driver.drain();
    assert_eq!(value(&driver.session.take_returned()[0].1), 1);
    driver.session.host_answer(call.id, number(2));
    assert_eq!(value(&driver.end_of(id).outcome), 1002);
    assert_eq!(freed(&mut driver), 1);
}

#[test]
fn calls_within_calls_are_answered_from_the_innermost_out() {
    let mut driver = driver();
    let (id, outer) = ask(&mut driver, 1);
    within(&mut driver, &outer, int("ask", 1), vec![Value::Int(2)]);
    driver.drain();
    let middle = driver.session.host_call().expect("it asks");
    within(&mut driver, &middle, int("ask", 1), vec![Value::Int(3)]);
    driver.drain();
    let inner = driver.session.host_call().expect("it asks");
    let raw = [&outer, &middle, &inner].map(|call| call.raw[0]);
    assert_eq!(raw, [1, 2, 3]);

    let refused = driver
        .session
        .call_within(outer.id, "freed", int("freed", 0), vec![]);
    assert_eq!(
        refused,
        Err("ask, which was called before, is still running: await it".to_owned())
    );
    driver.session.host_answer(inner.id, number(30));
    driver.drain();
    assert_eq!(value(&driver.session.take_returned()[0].1), 1030);
    driver.session.host_answer(middle.id, number(20));
    driver.drain();
    assert_eq!(value(&driver.session.take_returned()[0].1), 1020);
    driver.session.host_answer(outer.id, number(10));
    assert_eq!(value(&driver.end_of(id).outcome), 1010);
}

#[test]
fn calls_within_calls_are_bounded() {
    let mut driver = driver();
    let (_, mut call) = ask(&mut driver, 0);
    for depth in 1..=64 {
        within(&mut driver, &call, int("ask", 1), vec![Value::Int(depth)]);
        driver.drain();
        call = driver.session.host_call().expect("it asks");
    }
    let refused = driver
        .session
        .call_within(call.id, "freed", int("freed", 0), vec![]);
    assert_eq!(
        refused,
        Err("calls within host calls are nested 64 deep, and may not be deeper".to_owned())
    );
    driver.session.handle(Command::Stop);
    let ends = |event: &&Event| matches!(event, Event::Ended { .. });
    assert_eq!(driver.session.take_events().iter().filter(ends).count(), 1);
    assert_eq!(driver.session.take_returned().len(), 64);
}

#[test]
fn a_call_that_cannot_be_made_is_refused_and_the_host_function_goes_on() {
    let mut driver = driver();
    let (id, call) = ask(&mut driver, 0);
    for (signature, args, why) in [
        (
            int("nothing", 0),
            vec![],
            "the module exports no function nothing",
        ),
        (int("double", 2), vec![], "needs (i32, i32) -> i32"),
        (int("double", 1), vec![], "needs 1 argument, has 0"),
    ] {
        let export = signature.name.clone();
        let refused = driver
            .session
            .call_within(call.id, &export, signature, args);
        assert!(
            refused.as_ref().is_err_and(|text| text.contains(why)),
            "{refused:?}"
        );
    }
    driver.session.host_answer(call.id, number(1));
    assert_eq!(value(&driver.end_of(id).outcome), 1001);
    let over = driver
        .session
        .call_within(call.id, "freed", int("freed", 0), vec![]);
    assert_eq!(over, Err("the host call is over".to_owned()));
}

#[test]
fn a_trap_within_is_told_to_the_host_function_which_may_go_on() {
    let mut driver = driver();
    let (id, call) = ask(&mut driver, 0);
    within(&mut driver, &call, signature("die", &[], None), vec![]);
    driver.drain();
    let returned = driver.session.take_returned();
    assert!(
        matches!(&returned[0].1, Outcome::Trapped(text) if text.contains("die: unreachable")),
        "{returned:?}"
    );
    driver.session.host_answer(call.id, number(1));
    assert_eq!(value(&driver.end_of(id).outcome), 1001);
}

#[test]
fn an_exit_within_ends_everything() {
    let mut driver = driver();
    let (id, call) = ask(&mut driver, 0);
    within(&mut driver, &call, int("ask", 1), vec![Value::Int(1)]);
    driver.drain();
    let inner = driver.session.host_call().expect("it asks");
    let exit = signature("exit", &[Type::Int32], None);
    within(&mut driver, &inner, exit, vec![Value::Int(3)]);
    let ended = driver.end_of(id);
    assert_eq!(ended.outcome, Outcome::Exited(3));
    assert_eq!(driver.session.take_returned().len(), 2);
}

#[test]
fn a_limit_within_ends_everything() {
    let limits = Limits {
        fuel: Some(50_000),
        ..Limits::default()
    };
    let mut driver = with_settings(Settings {
        limits,
        ..Settings::default()
    });
    let (id, call) = ask(&mut driver, 0);
    within(&mut driver, &call, signature("spin", &[], None), vec![]);
    let ended = driver.end_of(id);
    assert!(
        matches!(&ended.outcome, Outcome::Limited(text) if text.contains("fuel limit of 50,000")),
        "{:?}",
        ended.outcome
    );
    assert!(ended.usage.fuel <= 50_000);
}

#[test]
fn a_call_within_sleeps_and_waits_for_stdin() {
    let mut driver = with_settings(Settings {
        stdin: Stdin::Interactive,
        ..Settings::default()
    });
    let (id, call) = ask(&mut driver, 0);
    within(&mut driver, &call, int("sleep", 0), vec![]);
    assert_eq!(
        driver.session.step(1_000_000),
        Next::Wait(Some(1_000_000_000))
    );
    let events = driver.session.take_events();
    assert_eq!(events, [Event::Waiting(WaitingFor::Clock)]);
    let (_, events) = driver.drain();
    assert_eq!(events, [Event::Waiting(WaitingFor::Import(ASK))]);
    assert_eq!(value(&driver.session.take_returned()[0].1), 0);
    within(&mut driver, &call, int("read", 0), vec![]);
    let (_, events) = driver.drain();
    assert_eq!(unlocated(events), [Event::Waiting(WaitingFor::Stdin)]);
    driver.session.handle(Command::Stdin(Some(b"abc".to_vec())));
    driver.drain();
    assert_eq!(value(&driver.session.take_returned()[0].1), 3);
    driver.session.host_answer(call.id, number(1));
    assert_eq!(value(&driver.end_of(id).outcome), 1001);
}

#[test]
fn stop_ends_a_call_within_in_each_state() {
    let states: [(&str, Signature, Vec<Value>); 5] = [
        ("running", signature("spin", &[], None), vec![]),
        ("sleeping", int("sleep", 0), vec![]),
        ("reading", int("read", 0), vec![]),
        ("asking", int("ask", 1), vec![Value::Int(1)]),
        (
            "asking with memory",
            signature("greet", &[Type::String], Some(Type::Int32)),
            vec![Value::string("inner")],
        ),
    ];
    for (state, signature, args) in states {
        let mut driver = with_settings(Settings {
            stdin: Stdin::Interactive,
            ..Settings::default()
        });
        let greet = crate::driver::signature("greet", &[Type::String], Some(Type::Int32));
        begin(&mut driver, greet, vec![Value::string("outer")]);
        driver.drain();
        let call = driver.session.host_call().expect("it asks");
        let blocks = 1 + i64::from(signature.name == "greet");
        within(&mut driver, &call, signature, args);
        for _ in 0..10 {
            driver.session.step(1_000);
        }
        driver.session.take_events();
        driver.session.handle(Command::Stop);
        let events = driver.session.take_events();
        assert!(
            matches!(
                events.last(),
                Some(Event::Ended {
                    outcome: Outcome::Stopped,
                    ..
                })
            ),
            "{state}: {events:?}"
        );
        let returned = driver.session.take_returned();
        assert!(
            matches!(&returned[..], [(_, Outcome::Stopped)]),
            "{state}: {returned:?}"
        );
        assert_eq!(driver.session.step(1_000), Next::Idle, "{state}");
        assert_eq!(freed(&mut driver), blocks, "{state}");
    }
}

#[test]
fn a_host_function_that_does_not_await_its_call_traps() {
    let mut driver = driver();
    let (id, call) = ask(&mut driver, 0);
    let greet = signature("greet", &[Type::String], Some(Type::Int32));
    within(&mut driver, &call, greet, vec![Value::string("inner")]);
    driver.drain();
    driver.session.host_answer(call.id, number(1));
    let ended = driver.end_of(id);
    assert_trapped(
        &ended,
        "ask: import host.ask: it returned while greet, which it called, was still running: await it",
    );
    assert_eq!(freed(&mut driver), 1);
}
