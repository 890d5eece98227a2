//! A debugged guest of Go's stops at lines of its source, and says where it is.

use super::{GUESTS, driver, own};
use crate::driver::{Driver, signature};
use plugboard::debug::Places;
use plugboard::go::{Type, Value};
use plugboard::protocol::{
    CallId, Command, Debug, Debugged, Event, Go, Lines, Settings, WaitingFor,
};

/// The number of the first line of the guest's source that contains the text.
fn line(text: &str) -> u32 {
    let source = include_str!("panics/main.go");
    let line = source.lines().position(|line| line.contains(text));
    u32::try_from(line.expect("it is there") + 1).expect("it is small")
}

/// The places of a line of `main.go`.
fn places(lines: &Lines, number: u32) -> Vec<u32> {
    let all = (1..).zip(&lines.lines);
    let is_its = |file: u32| lines.files[file as usize].path.ends_with("/main.go");
    let its = all.filter(|(_, (file, line))| *line == number && is_its(*file));
    let its: Vec<u32> = its.map(|(key, _)| key).collect();
    let places = lines.places.iter().filter(|(_, key)| its.contains(key));
    places.map(|(place, _)| *place).collect()
}

/// The plugin's functions and lines where it has stopped, the innermost first.
#[track_caller]
fn stopped(driver: &mut Driver, wasm: &[u8]) -> Vec<String> {
    let (_, events) = driver.drain();
    let waits = events.contains(&Event::Waiting(WaitingFor::Debugger));
    assert!(waits, "it has not stopped: {events:?}");
    let stacks = events.iter().filter_map(|event| match event {
        Event::Stack { stack, .. } => Some(stack),
        _ => None,
    });
    let stack = { stacks }.next_back().expect("it is told");
    own(&Places::read(wasm.to_vec()).backtrace(stack))
}

fn begin(driver: &mut Driver, kind: i64) -> CallId {
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: "fail".to_owned(),
        signature: signature("fail", &[Type::Int32], None),
        args: vec![Value::Int(kind)],
    });
    call
}

#[test]
fn the_lines_are_those_of_the_source_and_none_of_the_runtime() {
    for wasm in &*GUESTS {
        let lines = Places::read(wasm.clone()).lines();
        assert_eq!(lines.problem, None);
        assert!(lines.places.is_sorted_by(|one, next| one.0 < next.0));
        for text in [
            "return deep(n-1)",
            "panic(\"bottom\")",
            "xs[i] = f(x)",
            "return l.next.value",
        ] {
            assert!(!places(&lines, line(text)).is_empty(), "{text}");
        }
        let packages: Vec<&str> = lines.files.iter().map(|file| &*file.package).collect();
        assert!(packages.contains(&"main"), "{packages:?}");
        assert!(!packages.contains(&"runtime"), "{packages:?}");
    }
}

#[test]
fn it_stops_at_a_line_and_goes_on_over_into_and_out() {
    let wasm = &GUESTS[0];
    let lines = Places::read(wasm.clone()).lines();
    let mut driver = driver(wasm, Settings::default());
    let debug = |driver: &mut Driver, debug| driver.session.handle(Command::Debug(debug));
    debug(&mut driver, Debug::Lines(Some(lines.places.clone())));
    let (_, events) = driver.drain();
    let is_ready = |event: &Event| matches!(event, Event::Debug(said) if matches!(**said, Debugged::Ready(Some(_))));
    assert!(events.iter().any(is_ready), "{events:?}");
    debug(
        &mut driver,
        Debug::Breakpoints(places(&lines, line("sink = deep(20)"))),
    );
    let call = begin(&mut driver, 2);
    let at = |function: &str, text: &str| format!("{function}:{}", line(text));
    let fail = at("main.fail", "sink = deep(20)");
    assert_eq!(stopped(&mut driver, wasm), std::slice::from_ref(&fail));
    debug(&mut driver, Debug::Go(Go::Into));
    let inside = stopped(&mut driver, wasm);
    assert!(inside[0].starts_with("main.deep:"), "{inside:?}");
    assert_eq!(inside[1], fail);
    debug(
        &mut driver,
        Debug::Breakpoints(places(&lines, line("panic(\"bottom\")"))),
    );
    debug(&mut driver, Debug::Go(Go::On));
    let bottom = stopped(&mut driver, wasm);
    assert_eq!(bottom.len(), 22, "{bottom:?}");
    assert_eq!(bottom[0], at("main.deep", "panic(\"bottom\")"));
    assert_eq!(bottom[1], at("main.deep", "return deep(n-1)"));
    debug(&mut driver, Debug::Breakpoints(Vec::new()));
    debug(&mut driver, Debug::Go(Go::On));
    let outcome = driver.end_of(call).outcome;
    // As it ends without a debugger.
    let mut other = super::driver(wasm, Settings::default());
    let call = begin(&mut other, 2);
    assert_eq!(outcome, other.end_of(call).outcome);
}

#[test]
fn it_stops_where_a_function_begins() {
    let wasm = &GUESTS[0];
    let lines = Places::read(wasm.clone()).lines();
    let mut driver = driver(wasm, Settings::default());
    let debug = |driver: &mut Driver, debug| driver.session.handle(Command::Debug(debug));
    debug(&mut driver, Debug::Lines(Some(lines.places.clone())));
    driver.drain();
    debug(&mut driver, Debug::Cover(true));
    let first = line("func fail(kind int32)");
    debug(&mut driver, Debug::Breakpoints(places(&lines, first)));
    begin(&mut driver, 2);
    assert_eq!(stopped(&mut driver, wasm), [format!("main.fail:{first}")]);
}
