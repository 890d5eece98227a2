//! Steps over, into and out of what a compiler has inlined.

use super::debug;
use crate::backtraces::built_from;
use crate::driver::{Driver, signature};
use crate::go;
use plugboard::debug::Places;
use plugboard::go::{Type, Value};
use plugboard::protocol::{Command, Debug, Event, Go};
use std::path::Path;

/// A debugged guest that has stopped where `begin` calls first, and what its lines are marked with.
struct Stepped {
    driver: Driver,
    places: Places,
    source: &'static str,
}

impl Stepped {
    fn new(wasm: &[u8], source: &'static str) -> Self {
        let mut driver = Driver::new();
        driver.clock.set(1);
        driver.load("nested.wasm", wasm.to_vec());
        let places = Places::read(wasm.to_vec());
        let lines = places.lines();
        let first = (1..).zip(source.lines());
        let mut first = first.filter(|(_, line)| line.ends_with("// begin, first"));
        let (first, _) = first.next().expect("it is marked");
        let numbers = (1..).zip(&lines.lines);
        let numbers: Vec<u32> = numbers
            .filter(|(_, (file, line))| {
                let path = &lines.files[*file as usize].path;
                *line == first && (path.ends_with("nested.rs") || path.ends_with("main.go"))
            })
            .map(|(number, _)| number)
            .collect();
        let its = lines.places.iter().filter(|(_, it)| numbers.contains(it));
        let its = its.map(|(place, _)| *place).take(1).collect();
        for command in [
            Debug::Lines(Some(lines.places.clone())),
            Debug::Inlined(lines.inlined),
            Debug::Breakpoints(its),
        ] {
            debug(&mut driver, command);
        }
        driver.drain();
        let call = driver.id();
        driver.session.handle(Command::Call {
            call,
            export: "begin".to_owned(),
            signature: signature("begin", &[Type::Int32], Some(Type::Int32)),
            args: vec![Value::Int(1)],
        });
        let mut stepped = Self {
            driver,
            places,
            source,
        };
        assert_eq!(stepped.stopped(), "begin, first");
        stepped
    }

    /// What marks the line that it has stopped at.
    #[track_caller]
    fn stopped(&mut self) -> &'static str {
        let (_, events) = self.driver.drain();
        let mut stacks = events.iter().filter_map(|event| match event {
            Event::Stack { stack, .. } => Some(stack),
            _ => None,
        });
        let stack = stacks
            .next_back()
            .unwrap_or_else(|| panic!("it has not stopped: {events:?}"));
        let told = self.places.backtrace(stack);
        let mut lines = self.source.lines();
        let line = lines.nth(told.frames[0].line as usize - 1);
        let mark = line.and_then(|line| line.split_once("// "));
        mark.unwrap_or_else(|| panic!("{:?}", told.frames)).1
    }

    #[track_caller]
    fn goes(&mut self, steps: &[(Go, &str)]) {
        for (place, (how, mark)) in steps.iter().enumerate() {
            debug(&mut self.driver, Debug::Go(*how));
            assert_eq!(self.stopped(), *mark, "{place}: {how:?}");
        }
    }
}

#[test]
fn rust() {
    let source = include_str!("nested.rs");
    for level in ["0", "1"] {
        let flags = ["-g", &format!("-Copt-level={level}")];
        let wasm = built_from("tests/native/debugging/nested.rs", &flags);
        let is_optimised = level != "0";
        let begun = || {
            let mut stepped = Stepped::new(&wasm, source);
            match is_optimised {
                // All that there is of the second line is what is inlined into it.
                true => stepped.goes(&[(Go::Over, "around, first")]),
                false => stepped.goes(&[(Go::Over, "begin, second"), (Go::Into, "around, first")]),
            }
            stepped
        };
        // Else the rest of a line is to be done when what was inlined into it is over.
        let out = |rest, next| if is_optimised { next } else { rest };
        begun().goes(&[
            (Go::Into, "twice, first"),
            (Go::Into, "leaf"),
            (Go::Out, "twice, second"),
            (Go::Out, out("around, first", "around, second")),
            (Go::Out, out("begin, second", "begin, third")),
        ]);
        begun().goes(&[(Go::Over, "around, second"), (Go::Into, "leaf")]);
        begun().goes(&[(Go::Out, out("begin, second", "begin, third"))]);
    }
}

#[test]
fn go_itself() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/native/debugging/nested");
    let source = include_str!("nested/main.go");
    for flags in ["-gcflags=", "-gcflags=-l=4"] {
        let wasm = go::build(&folder, &["-buildmode=c-shared", flags]).expect("it builds");
        let begun = || Stepped::new(&wasm, source);
        begun().goes(&[(Go::Over, "begin, second"), (Go::Over, "begin, third")]);
        begun().goes(&[
            (Go::Into, "leaf"),
            (Go::Out, "begin, second"),
            (Go::Into, "leaf"),
            (Go::Out, "begin, third"),
        ]);
    }
}
