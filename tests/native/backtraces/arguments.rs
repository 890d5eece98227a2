//! What the functions of a debugged guest were called with.

use super::rust::built_from;
use crate::driver::{Driver, signature};
use plugboard::debug::Places;
use plugboard::go::{Type, Value};
use plugboard::protocol::{Backtrace, Command, Debug, Debugged, Event, Stack};

const SOURCE: &str = "tests/native/backtraces/given.rs";

/// Calls `begin(7)`, debugged, and gives the stack with which it trapped.
fn trapped(driver: &mut Driver, wasm: &[u8]) -> Stack {
    driver.load("given.wasm", wasm.to_vec());
    let lines = Places::read(wasm.to_vec()).lines().places;
    driver
        .session
        .handle(Command::Debug(Debug::Lines(Some(lines))));
    driver.drain();
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: "begin".to_owned(),
        signature: signature("begin", &[Type::Int32], Some(Type::Int32)),
        args: vec![Value::Int(7)],
    });
    let (_, events) = driver.drain();
    let mut stacks = events.into_iter().filter_map(|event| match event {
        Event::Stack { stack, .. } => Some(*stack),
        _ => None,
    });
    stacks.next_back().expect("it is told")
}

/// The arguments of each function, as the page shows them.
fn shown(driver: &mut Driver, backtrace: &Backtrace) -> Vec<(String, Vec<String>)> {
    let frames = backtrace.frames.iter();
    let arguments = frames.clone().flat_map(|frame| &frame.arguments);
    let values = arguments.filter_map(|argument| argument.value.clone());
    let show = Debug::Show(values.collect());
    driver.session.handle(Command::Debug(show));
    let (_, events) = driver.drain();
    let texts = events.into_iter().find_map(|event| match event {
        Event::Debug(said) => match *said {
            Debugged::Shown(texts) => Some(texts),
            _ => None,
        },
        _ => None,
    });
    let mut texts = texts.expect("they are written").into_iter();
    let shown = frames.map(|frame| {
        let arguments = frame.arguments.iter().map(|argument| {
            let text = match argument.value {
                Some(_) => texts.next().expect("there is one for each"),
                None => "?".to_owned(),
            };
            format!("{} {} = {text}", argument.name, argument.ty)
        });
        (frame.function.clone(), arguments.collect())
    });
    let shown = shown.collect();
    assert_eq!(texts.next(), None);
    shown
}

#[test]
fn arguments_have_the_names_types_and_values_that_the_source_gives_them() {
    let wasm = built_from(SOURCE, &["-g", "-Copt-level=0"]);
    let mut driver = Driver::new();
    let stack = trapped(&mut driver, &wasm);
    let backtrace = Places::read(wasm).backtrace(&stack);
    let shown = shown(&mut driver, &backtrace);
    let of = |name: &str| {
        let found = shown.iter().find(|(function, _)| function.ends_with(name));
        found
            .unwrap_or_else(|| panic!("{name}: {shown:?}"))
            .1
            .clone()
    };
    assert_eq!(of("trap"), ["code i32 = 2"]);
    assert_eq!(
        of("numbers"),
        [
            "small i8 = -3",
            "large u64 = 1099511627776",
            "half f32 = 0.5",
            "whole f64 = -2.25",
            "is_so bool = true",
            "color Color = 2"
        ]
    );
    let texts = of("texts");
    assert_eq!(texts[0], "name &str = \"héllo\"");
    let (point, _) = texts[1].split_once(" /*").expect("it has an address");
    assert_eq!(point, "point &given::Point = &Point{x: 1.5, y: 7}");
    assert_eq!(texts[2], "none *const u8 = nil");
    assert_eq!(of("begin"), ["y i32 = 7"]);
}

/// Where an optimiser has changed what a function takes, nothing else is taken for it.
#[test]
fn what_is_told_of_optimised_functions_is_right() {
    for level in ["1", "2", "3", "s", "z"] {
        let wasm = built_from(SOURCE, &["-g", &format!("-Copt-level={level}")]);
        let mut driver = Driver::new();
        let stack = trapped(&mut driver, &wasm);
        let backtrace = Places::read(wasm).backtrace(&stack);
        let right = [
            ("code", "2"),
            ("small", "-3"),
            ("large", "1099511627776"),
            ("half", "0.5"),
            ("whole", "-2.25"),
            ("is_so", "true"),
            ("color", "2"),
            ("name", "\"héllo\""),
            ("none", "nil"),
            ("y", "7"),
        ];
        let mut told = 0;
        for argument in shown(&mut driver, &backtrace).iter().flat_map(|it| &it.1) {
            let (name, value) = argument.split_once(" = ").expect("it is written so");
            let name = name.split(' ').next().unwrap_or_default();
            if let Some((_, right)) = right.iter().find(|(known, _)| *known == name) {
                assert!(["?", *right].contains(&value), "{level}: {argument}");
                told += usize::from(value != "?");
            }
        }
        assert!(told > 0, "{level}: nothing is told");
    }
}

#[test]
fn without_debug_information_they_are_as_wasm_has_them() {
    let wasm = built_from(SOURCE, &["-Copt-level=0", "-Cstrip=debuginfo"]);
    let mut driver = Driver::new();
    let stack = trapped(&mut driver, &wasm);
    let backtrace = Places::read(wasm).backtrace(&stack);
    let shown = shown(&mut driver, &backtrace);
    let numbers = shown.iter().find(|(function, _)| function == "numbers");
    let (_, numbers) = numbers.expect("it is there");
    assert_eq!(
        numbers[1..4],
        [" i64 = 1099511627776", " f32 = 0.5", " f64 = -2.25"]
    );
}
