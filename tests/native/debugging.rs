//! A guest that is debugged: it stops at lines, is stepped through, sampled, and says what it has reached.

mod compiled;
mod inlined;
mod kept;
mod samples;

use crate::driver::{Driver, signature};
use plugboard::go::{Type, Value};
use plugboard::module;
use plugboard::protocol::{
    Answer, At, CallId, Command, Debug, Debugged, Event, Go, InstanceState, Limits, Outcome,
    Settings, WaitingFor,
};
use plugboard::session::{HostResult, Next};

/// A line begins at each `nop`, and in `line` the number behind it stands for it.
const GUEST: &str = r#"(module
    (import "host" "ask" (func $ask (param i32) (result i32)))
    (memory (export "memory") 1)
    (func $square (param i32) (result i32)
        nop (drop (i32.const 20))
        nop (drop (i32.const 21))
        (i32.mul (local.get 0) (local.get 0)))
    (func $sum (export "sum") (param i32) (result i32) (local i32)
        nop (drop (i32.const 10))
        (loop
            nop (drop (i32.const 11))
            (local.set 1 (i32.add (local.get 1) (call $square (local.get 0))))
            nop (drop (i32.const 12))
            (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
        nop (drop (i32.const 13))
        (local.get 1))
    (func (export "outer") (param i32) (result i32) (local i32)
        nop (drop (i32.const 30))
        (local.set 1 (call $sum (local.get 0)))
        nop (drop (i32.const 31))
        (i32.add (local.get 1) (call $ask (local.get 1))))
    (func (export "spin") nop (drop (i32.const 40)) (loop nop (drop (i32.const 41)) (br 0)))
    (func (export "die") nop (drop (i32.const 50)) (drop (i32.load (i32.const -1)))))"#;

/// The lines of the guest, and where its code begins in the file.
fn lines(bytes: &[u8]) -> Vec<(u32, u32)> {
    let info = module::read("test.wasm", bytes).expect("it is a module");
    let mut sections = info.sections.iter();
    let code = sections.find(|section| section.name == "code");
    let code = usize::try_from(code.expect("it has code").offset).expect("it is small");
    // `nop`, then `i32.const` of a number of one byte, then `drop`.
    let is_line = |window: &[u8]| matches!(window, [0x01, 0x41, 0..0x40, 0x1a]);
    let windows = bytes[code..].windows(4).enumerate();
    let lines = windows.filter(|(_, window)| is_line(window));
    lines
        .map(|(place, window)| (u32::try_from(place).expect("small"), window[2].into()))
        .collect()
}

/// A guest that is debugged, and its lines.
fn driver() -> (Driver, Vec<(u32, u32)>) {
    let mut driver = Driver::with_wat(GUEST);
    let lines = lines(&wat::parse_str(GUEST).expect("it assembles"));
    assert_eq!(lines.len(), 11);
    driver.session.handle(Command::Answer {
        import: 0,
        answer: Answer::Driver,
    });
    debug(&mut driver, Debug::Lines(Some(lines.clone())));
    let (_, events) = driver.drain();
    let rows = u32::try_from(lines.len()).expect("few");
    let ready = Event::Debug(Box::new(Debugged::Ready(Some(rows))));
    assert_eq!(events, [ready]);
    assert_eq!(driver.session.stopping_places(), lines);
    (driver, lines)
}

fn debug(driver: &mut Driver, command: Debug) {
    driver.session.handle(Command::Debug(command));
}

/// Stops at these lines and no others.
fn stop_at(driver: &mut Driver, lines: &[(u32, u32)], wanted: &[u32]) {
    let places = lines.iter().filter(|(_, line)| wanted.contains(line));
    let places = places.map(|(place, _)| *place).collect();
    debug(driver, Debug::Breakpoints(places));
}

fn begin(driver: &mut Driver, export: &str, params: &[Type], args: Vec<Value>) -> CallId {
    let call = driver.id();
    let result = (!params.is_empty()).then_some(Type::Int32);
    driver.session.handle(Command::Call {
        call,
        export: export.to_owned(),
        signature: signature(export, params, result),
        args,
    });
    call
}

fn begin_with(driver: &mut Driver, export: &str, argument: i64) -> CallId {
    begin(driver, export, &[Type::Int32], vec![Value::Int(argument)])
}

/// The lines at which the guest has stopped, the innermost first.
#[track_caller]
fn stopped(driver: &mut Driver, lines: &[(u32, u32)]) -> Vec<u32> {
    let (next, events) = driver.drain();
    assert_eq!(next, Next::Wait(None), "{events:?}");
    assert!(
        events.contains(&Event::Waiting(WaitingFor::Debugger)),
        "it has not stopped: {events:?}"
    );
    let mut stacks = events.iter().filter_map(|event| match event {
        Event::Stack { stack, .. } => Some(stack),
        _ => None,
    });
    let stack = stacks.next_back().expect("a stack is told");
    let line = |at: At| match at {
        At::Place(place) => {
            let after = lines.partition_point(|line| line.0 <= place);
            lines[after - 1].1
        }
        other => panic!("{other:?}"),
    };
    stack.frames.iter().map(|frame| line(frame.at)).collect()
}

#[track_caller]
fn go(driver: &mut Driver, lines: &[(u32, u32)], how: Go) -> Vec<u32> {
    debug(driver, Debug::Go(how));
    stopped(driver, lines)
}

#[track_caller]
fn returned(driver: &mut Driver, call: CallId) -> u64 {
    match driver.end_of(call).outcome {
        Outcome::Returned { raw, .. } => raw[0].1,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_breakpoint_stops_each_time() {
    let (mut driver, lines) = driver();
    stop_at(&mut driver, &lines, &[12]);
    let call = begin_with(&mut driver, "sum", 3);
    assert_eq!(stopped(&mut driver, &lines), [12]);
    assert_eq!(go(&mut driver, &lines, Go::On), [12]);
    stop_at(&mut driver, &lines, &[]);
    debug(&mut driver, Debug::Go(Go::On));
    assert_eq!(returned(&mut driver, call), 14);
}

#[test]
fn steps_go_over_into_and_out() {
    let (mut driver, lines) = driver();
    stop_at(&mut driver, &lines, &[30]);
    let call = begin_with(&mut driver, "outer", 2);
    assert_eq!(stopped(&mut driver, &lines), [30]);
    let expected = [
        (Go::Into, vec![10, 30]),
        (Go::Over, vec![11, 30]),
        (Go::Into, vec![20, 11, 30]),
        (Go::Over, vec![21, 11, 30]),
        (Go::Over, vec![12, 30]),
        (Go::Over, vec![11, 30]),
        (Go::Over, vec![12, 30]),
        (Go::Over, vec![13, 30]),
        (Go::Out, vec![31]),
    ];
    for (how, stack) in expected {
        assert_eq!(go(&mut driver, &lines, how), stack, "{how:?}");
    }
    // It asks the host; to be stepped over is to wait for that.
    debug(&mut driver, Debug::Go(Go::Over));
    driver.drain();
    let open = driver.session.host_call().expect("it asks");
    let answer = HostResult::Value(Some(Value::Int(100)));
    driver.session.host_answer(open.id, Ok(answer));
    assert_eq!(returned(&mut driver, call), 105);
}

#[test]
fn a_step_over_stops_at_a_breakpoint_on_the_way() {
    let (mut driver, lines) = driver();
    stop_at(&mut driver, &lines, &[30, 21]);
    begin_with(&mut driver, "outer", 1);
    assert_eq!(stopped(&mut driver, &lines), [30]);
    assert_eq!(go(&mut driver, &lines, Go::Over), [21, 11, 30]);
    assert_eq!(go(&mut driver, &lines, Go::Out), [12, 30]);
}

#[test]
fn what_spins_is_stopped_at_its_next_line_and_goes_on() {
    let (mut driver, lines) = driver();
    let call = begin(&mut driver, "spin", &[], vec![]);
    for _ in 0..5 {
        assert_eq!(driver.session.step(1_000), Next::Ready);
    }
    assert_eq!(go(&mut driver, &lines, Go::Next), [41]);
    debug(&mut driver, Debug::Go(Go::On));
    assert_eq!(driver.session.step(1_000), Next::Ready);
    assert_eq!(go(&mut driver, &lines, Go::Next), [41]);
    driver.session.handle(Command::Stop);
    assert_eq!(driver.end_of(call).outcome, Outcome::Stopped);
    // Another run is not held.
    let call = begin_with(&mut driver, "sum", 1);
    driver.session.handle(Command::Reset);
    driver.end_of(call);
    let call = begin_with(&mut driver, "sum", 1);
    assert_eq!(returned(&mut driver, call), 1);
}

#[test]
fn a_stop_within_a_host_call_has_all_of_the_stack() {
    let (mut driver, lines) = driver();
    stop_at(&mut driver, &lines, &[21]);
    let call = begin_with(&mut driver, "outer", 1);
    assert_eq!(stopped(&mut driver, &lines), [21, 11, 30]);
    debug(&mut driver, Debug::Go(Go::On));
    driver.drain();
    let open = driver.session.host_call().expect("it asks");
    let sum = signature("sum", &[Type::Int32], Some(Type::Int32));
    let within = driver
        .session
        .call_within(open.id, "sum", sum, vec![Value::Int(2)]);
    within.expect("it can be called");
    assert_eq!(stopped(&mut driver, &lines), [21, 11, 31]);
    // Out of what the host has called is the end of it.
    stop_at(&mut driver, &lines, &[]);
    assert_eq!(go(&mut driver, &lines, Go::Out), [12, 31]);
    debug(&mut driver, Debug::Go(Go::On));
    driver.drain();
    assert_eq!(driver.session.take_returned().len(), 1);
    let answer = HostResult::Value(Some(Value::Int(7)));
    driver.session.host_answer(open.id, Ok(answer));
    assert_eq!(returned(&mut driver, call), 8);
}

#[test]
fn a_host_function_that_returns_while_its_call_is_stopped_traps() {
    let (mut driver, lines) = driver();
    let call = begin_with(&mut driver, "outer", 1);
    driver.drain();
    let open = driver.session.host_call().expect("it asks");
    stop_at(&mut driver, &lines, &[21]);
    let sum = signature("sum", &[Type::Int32], Some(Type::Int32));
    let within = driver
        .session
        .call_within(open.id, "sum", sum, vec![Value::Int(2)]);
    within.expect("it can be called");
    assert_eq!(stopped(&mut driver, &lines), [21, 11, 31]);
    let answer = HostResult::Value(Some(Value::Int(7)));
    driver.session.host_answer(open.id, Ok(answer));
    let outcome = driver.end_of(call).outcome;
    assert!(
        matches!(&outcome, Outcome::Trapped(text) if text.contains("was still running")),
        "{outcome:?}"
    );
}

#[test]
fn time_does_not_count_while_it_is_stopped() {
    let (mut driver, lines) = driver();
    driver.session.handle(Command::Configure(Settings {
        limits: Limits {
            wall_millis: Some(1_000),
            ..Limits::default()
        },
        ..Settings::default()
    }));
    stop_at(&mut driver, &lines, &[13]);
    let call = begin_with(&mut driver, "sum", 3);
    driver.session.tell_time(1);
    assert_eq!(stopped(&mut driver, &lines), [13]);
    driver.session.tell_time(3_600_000_000_000);
    debug(&mut driver, Debug::Go(Go::On));
    driver.session.tell_time(3_600_000_000_001);
    assert_eq!(returned(&mut driver, call), 14);
}

#[test]
fn where_a_load_has_failed_is_a_line() {
    let (mut driver, lines) = driver();
    let call = begin(&mut driver, "die", &[], vec![]);
    let ended = driver.end_of(call);
    assert!(matches!(ended.outcome, Outcome::Trapped(_)));
    let stack = ended.events.iter().find_map(|event| match event {
        Event::Stack { stack, .. } => Some(stack),
        _ => None,
    });
    let at = lines.iter().find(|line| line.1 == 50).expect("a line").0;
    assert_eq!(stack.expect("a stack").frames[0].at, At::Place(at));
}

#[test]
fn the_instance_is_another_one_with_lines_and_without() {
    let (mut driver, lines) = driver();
    stop_at(&mut driver, &lines, &[13]);
    let call = begin_with(&mut driver, "sum", 1);
    assert_eq!(stopped(&mut driver, &lines), [13]);
    debug(&mut driver, Debug::Lines(None));
    let events = driver.end_of(call).events;
    let fresh = Event::Instance(InstanceState::Fresh);
    assert!(events.contains(&fresh), "{events:?}");
    let ready = Event::Debug(Box::new(Debugged::Ready(None)));
    assert_eq!(events.last(), Some(&ready));
    // It has no lines to stop at.
    let call = begin_with(&mut driver, "sum", 1);
    assert_eq!(returned(&mut driver, call), 1);
}

#[test]
fn lines_out_of_order_are_refused() {
    let mut driver = Driver::with_wat(GUEST);
    debug(&mut driver, Debug::Lines(Some(vec![(9, 1), (3, 2)])));
    let (_, events) = driver.drain();
    assert!(matches!(&events[..], [Event::Rejected(text)] if text.contains("order")));
}

#[test]
fn lines_that_are_reached_are_kept() {
    let (mut driver, lines) = driver();
    debug(&mut driver, Debug::Cover(true));
    stop_at(&mut driver, &lines, &[21]);
    let call = begin_with(&mut driver, "sum", 2);
    assert_eq!(stopped(&mut driver, &lines), [21, 11]);
    assert_eq!(go(&mut driver, &lines, Go::On), [21, 11], "it stops again");
    debug(&mut driver, Debug::Go(Go::On));
    assert_eq!(returned(&mut driver, call), 5);
    let reached = covered(&mut driver);
    assert_eq!(reached, [20, 21, 10, 11, 12, 13]);
    // They belong to the instance.
    driver.session.handle(Command::Reset);
    driver.drain();
    stop_at(&mut driver, &lines, &[]);
    let call = begin(&mut driver, "die", &[], vec![]);
    driver.end_of(call);
    assert_eq!(covered(&mut driver), [50]);
}

fn covered(driver: &mut Driver) -> Vec<u32> {
    debug(driver, Debug::Covered);
    let (_, events) = driver.drain();
    let Some(Event::Debug(debugged)) = events.last() else {
        panic!("{events:?}");
    };
    let Debugged::Covered(lines) = &**debugged else {
        panic!("{debugged:?}");
    };
    assert_eq!(lines.len(), 11);
    let reached = lines.iter().filter(|(_, reached)| *reached);
    reached.map(|((_, line), _)| *line).collect()
}
