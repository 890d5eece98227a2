//! Backtraces: what the session sees of a stack, in the words of the source.

#![allow(clippy::cast_possible_truncation, reason = "the numbers are small")]

use crate::driver::{Driver, signature};
use crate::go;
use plugboard::debug::Places;
use plugboard::go::{Type, Value};
use plugboard::protocol::{
    Answer, Backtrace, Command, Event, Limits, Outcome, Settings, Stack, Stdin, Stream, WaitingFor,
};
use plugboard::session::Next;
use std::path::Path;
use std::sync::LazyLock;

#[path = "backtraces/arguments.rs"]
mod arguments;
#[path = "backtraces/expressions.rs"]
mod expressions;
#[path = "backtraces/hostile.rs"]
mod hostile;
#[path = "backtraces/located.rs"]
mod located;
#[path = "backtraces/merged.rs"]
mod merged;
#[path = "backtraces/rust.rs"]
mod rust;
#[path = "backtraces/stopped.rs"]
mod stopped;
#[path = "backtraces/variables.rs"]
mod variables;

pub use self::rust::built_from;

/// `backtraces/panics`, as it is usually built, and without what can be left out.
static GUESTS: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/native/backtraces/panics");
    ["", "-ldflags=-s -w"].map(|flags| {
        let flags = ["-buildmode=c-shared", flags];
        let flags: Vec<&str> = flags.into_iter().filter(|flag| !flag.is_empty()).collect();
        go::build(&folder, &flags).expect("it builds")
    })
});

fn driver(wasm: &[u8], settings: Settings) -> Driver {
    let mut driver = Driver::new();
    // Go ends where the monotonic clock is at zero.
    driver.clock.set(1);
    driver.load("panics.wasm", wasm.to_vec());
    driver.session.handle(Command::Configure(settings));
    driver
}

/// The events of a call of `fail` that goes on until something ends or holds it, or is stopped after so many
/// steps.
fn failed(driver: &mut Driver, kind: i64, steps: Option<usize>) -> Vec<Event> {
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: "fail".to_owned(),
        signature: signature("fail", &[Type::Int32], None),
        args: vec![Value::Int(kind)],
    });
    let Some(steps) = steps else {
        return driver.drain().1;
    };
    let mut begun = 0;
    while begun < 2 {
        assert_eq!(driver.session.step(100_000), Next::Ready);
        let events = driver.session.take_events();
        begun += events
            .iter()
            .filter(|event| matches!(event, Event::Began { .. }))
            .count();
    }
    for _ in 0..steps {
        assert_eq!(driver.session.step(1_000), Next::Ready);
    }
    driver.session.handle(Command::Stop);
    driver.drain().1
}

#[track_caller]
fn stack(events: &[Event]) -> &Stack {
    let mut found = events.iter().filter_map(|event| match event {
        Event::Stack { stack, .. } => Some(&**stack),
        _ => None,
    });
    let stack = found.next().expect("there is a stack");
    assert_eq!(found.next(), None, "there is one");
    stack
}

/// The plugin's own functions of a backtrace, with their lines.
fn own(backtrace: &Backtrace) -> Vec<String> {
    let frames = backtrace.frames.iter().filter(|frame| !frame.runtime);
    frames
        .map(|frame| format!("{}:{}", frame.function, frame.line))
        .collect()
}

/// What Go's own traceback has that is in `printed`: a line for each frame.
fn theirs(printed: &str) -> Vec<String> {
    let (_, goroutine) = printed
        .split_once("[running]:\n")
        .expect("there is a traceback");
    let mut lines = goroutine
        .lines()
        .take_while(|line| !line.starts_with("created by"));
    let mut frames = Vec::new();
    while let (Some(function), Some(place)) = (lines.next(), lines.next()) {
        let (name, args) = function.rsplit_once('(').expect("a call");
        let place = place.trim_start();
        let place = place.split(" +").next().expect("a place");
        // What is inlined has none.
        let args = if args == "...)" { " inlined)" } else { args };
        frames.push(format!("{name} {place} ({args}"));
    }
    frames
}

/// The same of ours. Go leaves out what has come before what panicked, and its runtime but for a panic before.
fn ours(backtrace: &Backtrace) -> Vec<String> {
    let frames = backtrace.frames.iter();
    let frames = frames.filter(|frame| !frame.runtime || frame.function == "panic");
    let frames = frames.skip_while(|frame| frame.function == "panic");
    frames
        .map(|frame| {
            let file = frame.file.as_deref().unwrap_or("?");
            let arguments = frame.arguments.iter().map(|it| it.text.as_str());
            let arguments = match frame.inlined {
                true => " inlined".to_owned(),
                false => arguments.collect::<Vec<_>>().join(", "),
            };
            format!("{} {file}:{} ({arguments})", frame.function, frame.line)
        })
        .collect()
}

#[test]
fn a_panic_is_where_go_says() {
    for wasm in &*GUESTS {
        let places = Places::read(wasm.clone());
        for kind in 0..10 {
            let events = failed(&mut driver(wasm, Settings::default()), kind, None);
            let printed = crate::driver::printed(&events, Stream::Stderr);
            let backtrace = places.backtrace(stack(&events));
            assert_eq!(ours(&backtrace), theirs(&printed), "{kind}: {printed}");
            assert!(
                ours(&backtrace).len() > usize::from(kind != 3),
                "{backtrace:?}"
            );
            assert_eq!(backtrace.problem, None);
        }
    }
}

#[test]
fn what_runs_when_it_is_stopped_is_told() {
    for wasm in &*GUESTS {
        let places = Places::read(wasm.clone());
        let stopped = |kind, steps| {
            let events = failed(&mut driver(wasm, Settings::default()), kind, Some(steps));
            let backtrace = places.backtrace(stack(&events));
            (own(&backtrace), backtrace.problem)
        };
        for steps in [30, 31, 50] {
            let (functions, problem) = stopped(12, steps);
            assert_eq!(functions, ["main.fail:0"]);
            assert_eq!(problem, None);
            // A closure is called as a value is.
            let (functions, problem) = stopped(14, steps);
            assert_eq!(functions, ["main.Map[...]:25", "main.fail:91"]);
            assert!(problem.is_some_and(|problem| problem.contains("not known")));
        }
    }
}

#[test]
fn an_exit_is_told_with_who_has_called_it() {
    for wasm in &*GUESTS {
        let events = failed(&mut driver(wasm, Settings::default()), 10, None);
        let backtrace = Places::read(wasm.clone()).backtrace(stack(&events));
        assert_eq!(own(&backtrace), ["os.Exit:77", "main.fail:80"]);
        assert_eq!(backtrace.frames[0].function, "runtime.exit");
    }
}

#[test]
fn a_wait_for_stdin_is_told_with_who_reads() {
    let settings = Settings {
        stdin: Stdin::Interactive,
        ..Settings::default()
    };
    for wasm in &*GUESTS {
        let events = failed(&mut driver(wasm, settings.clone()), 13, None);
        assert!(events.contains(&Event::Waiting(WaitingFor::Stdin)));
        let backtrace = Places::read(wasm.clone()).backtrace(stack(&events));
        let own = own(&backtrace);
        let first = own.first().map_or("", String::as_str);
        assert!(first.starts_with("os.(*File).read:"), "{own:?}");
        assert_eq!(
            own.last().map(String::as_str),
            Some("main.fail:89"),
            "{own:?}"
        );
    }
}

#[test]
fn a_deep_stack_has_its_two_ends() {
    let limits = Limits {
        call_depth: 1_000,
        ..Limits::default()
    };
    let settings = Settings {
        limits,
        ..Settings::default()
    };
    for wasm in &*GUESTS {
        let events = failed(&mut driver(wasm, settings.clone()), 11, None);
        let ended = events.iter().any(|event| {
            matches!(
                event,
                Event::Ended {
                    outcome: Outcome::Limited(_),
                    ..
                }
            )
        });
        assert!(ended, "{events:?}");
        let stack = stack(&events);
        assert_eq!(stack.frames.len(), Stack::MOST);
        let backtrace = Places::read(wasm.clone()).backtrace(stack);
        let (count, behind) = backtrace.left_out.expect("there are more");
        assert!(count > 500, "{count}");
        let own = own(&backtrace);
        assert_eq!(own.first().map(String::as_str), Some("main.deep:0"));
        assert_eq!(own.last().map(String::as_str), Some("main.fail:82"));
        assert_eq!(backtrace.frames[behind as usize].function, "main.deep");
    }
}

#[test]
fn a_host_function_that_fails_is_told_with_who_has_called_it() {
    for wasm in &*GUESTS {
        let mut driver = driver(wasm, Settings::default());
        let info = driver.session.info().expect("a module is there");
        let import = info
            .imports
            .iter()
            .position(|import| import.module == "host");
        driver.session.handle(Command::Answer {
            import: import
                .and_then(|import| u32::try_from(import).ok())
                .expect("it is imported"),
            answer: Answer::Trap,
        });
        let events = failed(&mut driver, 16, None);
        let backtrace = Places::read(wasm.clone()).backtrace(stack(&events));
        assert_eq!(own(&backtrace), ["main.ask:0", "main.fail:99"]);
    }
}

#[test]
fn what_returns_has_no_stack() {
    let events = failed(&mut driver(&GUESTS[0], Settings::default()), 17, None);
    let stacks = events
        .iter()
        .filter(|event| matches!(event, Event::Stack { .. }));
    assert_eq!(stacks.count(), 0, "{events:?}");
}

/// What the engine gets beside the module's own exports does not show.
#[test]
fn the_registers_are_hidden() {
    let mut driver = driver(&GUESTS[0], Settings::default());
    failed(&mut driver, 17, None);
    let instance = driver.session.instance().expect("it has run");
    assert_eq!(instance.globals(), []);
}

/// Appends a custom section to a module.
fn custom_section(wasm: &mut Vec<u8>, name: &str, contents: &[u8]) {
    let leb128 = |mut number: usize| {
        let mut bytes = Vec::new();
        while number > 0x7f {
            bytes.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        bytes.push((number & 0x7f) as u8);
        bytes
    };
    let named = leb128(name.len());
    wasm.push(0);
    wasm.extend(leb128(named.len() + name.len() + contents.len()));
    wasm.extend(named);
    wasm.extend(name.bytes());
    wasm.extend(contents);
}
