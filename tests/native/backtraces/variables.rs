//! What the variables of functions and packages are where a debugged guest has ended.

use super::rust::built_from;
use crate::driver::{Driver, signature};
use plugboard::debug::Places;
use plugboard::go::{Type, Value};
use plugboard::protocol::{Argument, Backtrace, Command, Debug, Debugged, Event};

const SOURCE: &str = "tests/native/backtraces/counting.rs";

/// The backtrace of a call that traps, debugged, with all values as the page shows them.
fn trapped(wasm: &[u8], export: &str, argument: i64, result: Type) -> Backtrace {
    let mut driver = Driver::new();
    driver.load("counting.wasm", wasm.to_vec());
    let places = Places::read(wasm.to_vec());
    let lines = places.lines();
    for debug in [Debug::Keep(lines.kept), Debug::Lines(Some(lines.places))] {
        driver.session.handle(Command::Debug(debug));
    }
    driver.drain();
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: export.to_owned(),
        signature: signature(export, &[Type::Int32], Some(result)),
        args: vec![Value::Int(argument)],
    });
    let (_, events) = driver.drain();
    let mut stacks = events.into_iter().filter_map(|event| match event {
        Event::Stack { stack, .. } => Some(*stack),
        _ => None,
    });
    let mut told = places.backtrace(&stacks.next_back().expect("it is told"));
    let values = told.values().filter_map(|it| it.value.clone());
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
    told.write(texts.expect("they are written"));
    told
}

/// The variables of the function of this name.
#[track_caller]
fn variables(told: &Backtrace, function: &str) -> Vec<String> {
    let mut frames = told.frames.iter();
    let frame = frames.find(|frame| frame.function.ends_with(function));
    written(
        &frame
            .unwrap_or_else(|| panic!("{function}: {told:?}"))
            .variables,
    )
}

fn written(values: &[Argument]) -> Vec<String> {
    let written = values.iter().map(|it| match it.value {
        Some(_) => format!("{} {} = {}", it.name, it.ty, it.text),
        None => format!("{} {}: ?", it.name, it.ty),
    });
    written.collect()
}

#[test]
fn variables_have_the_names_types_and_values_that_the_source_gives_them() {
    for version in ["4", "5"] {
        let dwarf = format!("-Cdwarf-version={version}");
        let wasm = built_from(SOURCE, &["-g", "-Copt-level=0", &dwarf]);
        let told = trapped(&wasm, "count", 9, Type::Uint64);
        // A parameter that has changed is told as it was and as it is.
        let counting = [
            "left u32 = 6",
            "sum u64 = 1099511627821",
            "half f32 = 4",
            "index u32 = 7",
        ];
        assert_eq!(variables(&told, "count"), counting, "{version}");
        let count = told.frames.last().expect("it is there");
        assert_eq!(written(&count.arguments), ["left u32 = 9"]);

        let told = trapped(&wasm, "shaped", 5, Type::Uint32);
        // What comes behind the call is not there yet.
        assert_eq!(
            variables(&told, "inside"),
            ["value u32 = 6", "next u32 = 7"]
        );
        // The inner one hides the outer one of the same name.
        assert_eq!(
            variables(&told, "shaped"),
            [
                "name &str = \"wörld\"",
                "points Point[2] = [Point{x: 0.5, y: 5}, Point{x: -2, y: 9}]",
                "value i32 = 6",
                "limit i16 = -1",
            ],
            "{version}"
        );
    }
}

#[test]
fn variables_of_the_crate_are_told_as_they_are() {
    for level in ["0", "2"] {
        let wasm = built_from(SOURCE, &["-g", &format!("-Copt-level={level}")]);
        let told = trapped(&wasm, "count", 9, Type::Uint64);
        let globals = written(&told.globals);
        assert!(
            globals.contains(&"counting::COUNTED u32 = 7".to_owned()),
            "{level}: {globals:?}"
        );
        assert!(
            globals.contains(&"counting::other::ELSEWHERE i64 = -6".to_owned()),
            "{level}: {globals:?}"
        );
        let limits = "counting::LIMITS i16[3] = [-1, 2, 7]".to_owned();
        assert!(level != "0" || globals.contains(&limits), "{globals:?}");
    }
}

/// What the source says that they are; by an optimiser's account they may be nowhere, but not something else.
#[test]
fn what_is_told_of_optimised_functions_is_right() {
    let mut known = 0;
    for level in ["1", "2", "3", "s", "z"] {
        let wasm = built_from(SOURCE, &["-g", &format!("-Copt-level={level}")]);
        for (export, argument, result) in [("count", 9, Type::Uint64), ("shaped", 5, Type::Uint32)]
        {
            let told = trapped(&wasm, export, argument, result);
            for value in told
                .frames
                .iter()
                .flat_map(|frame| written(&frame.variables))
            {
                let right = [
                    "left u32 = 6",
                    "sum u64 = 1099511627821",
                    "half f32 = 4",
                    "index u32 = 7",
                    "name &str = \"wörld\"",
                    "points Point[2] = [Point{x: 0.5, y: 5}, Point{x: -2, y: 9}]",
                    "value i32 = 6",
                    "value u32 = 6",
                    "value u8 = 1",
                    "limit i16 = -1",
                    "next u32 = 7",
                ];
                let is_told = !value.ends_with(": ?");
                assert!(
                    !is_told || right.contains(&value.as_str()),
                    "{level}: {value}"
                );
                known += usize::from(is_told);
            }
        }
    }
    assert!(known > 9, "{known}");
}
