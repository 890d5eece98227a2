//! The goroutines of standard Go, as its own traceback has them.

use crate::driver::{Driver, printed, signature};
use crate::elsewhere::Apart;
use crate::go;
use plugboard::debug::{Places, go as runtime};
use plugboard::go::{Type, Value};
use plugboard::linear::Linear;
use plugboard::protocol::{Backtrace, Command, Debug, Event, Frame, Goroutine, Settings, Stream};
use plugboard::session::Next;
use std::path::Path;
use std::sync::LazyLock;

static GUESTS: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/native/goroutines/waiting");
    [None, Some("-ldflags=-s -w")].map(|flags| {
        let flags: Vec<&str> = ["-buildmode=c-shared"].into_iter().chain(flags).collect();
        go::build(&folder, &flags).expect("it builds")
    })
});

/// What is told of a call of `start` that ends, or is stopped after so many steps, and what it has printed.
fn told(wasm: &[u8], kind: i64, debugged: bool, steps: Option<usize>) -> (Backtrace, String) {
    let (told, printed, _) = left(wasm, kind, debugged, steps);
    (told, printed)
}

/// The same, with the session that has made the call.
fn left(
    wasm: &[u8],
    kind: i64,
    debugged: bool,
    steps: Option<usize>,
) -> (Backtrace, String, Driver) {
    let mut driver = Driver::new();
    // Go ends where the monotonic clock is at zero.
    driver.clock.set(1);
    driver.load("waiting.wasm", wasm.to_vec());
    let traceback = if kind < 2 || kind == 5 {
        "all"
    } else {
        "single"
    };
    driver.session.handle(Command::Configure(Settings {
        env: vec![("GOTRACEBACK".to_owned(), traceback.to_owned())],
        ..Settings::default()
    }));
    let places = Places::read(wasm.to_vec());
    if debugged {
        let lines = places.lines().places;
        driver
            .session
            .handle(Command::Debug(Debug::Lines(Some(lines))));
        driver.drain();
    }
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: "start".to_owned(),
        signature: signature("start", &[Type::Int32], None),
        args: vec![Value::Int(kind)],
    });
    let mut events = Vec::new();
    if let Some(steps) = steps {
        for _ in 0..steps {
            if driver.session.step(1_000_000) != Next::Ready {
                break;
            }
        }
        driver.session.handle(Command::Stop);
    }
    events.extend(driver.drain().1);
    let stack = events.iter().rev().find_map(|event| match event {
        Event::Stack { stack, .. } => Some(stack),
        _ => None,
    });
    let stack = stack.unwrap_or_else(|| panic!("there is a stack: {events:?}"));
    let printed = printed(&events, Stream::Stderr);
    (places.backtrace(stack), printed, driver)
}

/// Whether Go prints a frame, which takes no other package than `runtime` for its runtime.
fn is_shown(frame: &Frame) -> bool {
    !frame.runtime || frame.function.starts_with("internal/")
}

fn file_and_line(frame: &Frame) -> String {
    format!("{}:{}", frame.file.as_deref().unwrap_or("?"), frame.line)
}

/// A goroutine as Go writes it, in lines: without arguments, and without what is deep.
fn ours(goroutine: &Goroutine) -> Vec<String> {
    let mut lines = vec![format!(
        "goroutine {} [{}]:",
        goroutine.id, goroutine.status
    )];
    for frame in goroutine.backtrace.frames.iter().filter(|it| is_shown(it)) {
        lines.push(format!("{} {}", frame.function, file_and_line(frame)));
    }
    if let Some(created) = &goroutine.created {
        lines.push(format!(
            "created by {} in goroutine {} {}",
            created.function,
            goroutine.creator,
            file_and_line(created)
        ));
    }
    cut(lines)
}

/// Go's own, of each goroutine.
fn theirs(printed: &str) -> Vec<Vec<String>> {
    let Some((_, all)) = printed.split_once("\n\n") else {
        panic!("there is a traceback: {printed}");
    };
    let blocks = all
        .split("\n\n")
        .filter(|block| block.starts_with("goroutine "));
    let block = |block: &str| {
        let mut lines = block.trim_end().lines();
        let mut written = vec![lines.next().expect("a heading").to_owned()];
        while let Some(function) = lines.next() {
            if function.starts_with("...") {
                written.push("...".to_owned());
                continue;
            }
            let place = lines.next().expect("a place").trim_start();
            let place = place.split(" +").next().expect("a place");
            let name = match function.strip_prefix("created by ") {
                Some(_) => function,
                None => function.rsplit_once('(').expect("a call").0,
            };
            written.push(format!("{name} {place}"));
        }
        cut(written)
    };
    blocks.map(block).collect()
}

/// Of a deep stack Go leaves out the middle, in its own way: the first lines and the last one are compared.
fn cut(mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > 20 {
        lines.drain(10..lines.len() - 2);
    }
    lines
}

#[test]
fn those_that_wait_are_those_of_gos_own_traceback() {
    for wasm in &*GUESTS {
        // A panic, and what the runtime calls a deadlock.
        for kind in [0, 1] {
            let (backtrace, printed) = told(wasm, kind, false, None);
            let mut theirs = theirs(&printed);
            let told = theirs.remove(0);
            let heading = told[0].trim_end_matches(':');
            assert_eq!(backtrace.goroutine, heading, "{printed}");
            let ours: Vec<_> = backtrace.others.iter().map(ours).collect();
            assert_eq!(ours, theirs, "{printed}");
            assert!(ours.len() > 14, "{printed}");
            assert_eq!(backtrace.more, 0);
        }
    }
}

#[test]
fn how_long_they_have_waited_is_told_in_minutes() {
    let (backtrace, printed) = told(&GUESTS[0], 5, false, None);
    let mut theirs = theirs(&printed);
    theirs.remove(0);
    let ours: Vec<_> = backtrace.others.iter().map(ours).collect();
    assert_eq!(ours, theirs, "{printed}");
    let waits = |one: &&Vec<String>| one[0].ends_with("[chan receive, 2 minutes]:");
    assert!(ours.iter().filter(waits).count() > 1, "{printed}");
}

#[test]
fn many_are_counted() {
    let few = told(&GUESTS[0], 3, false, Some(200)).0;
    let many = told(&GUESTS[0], 2, false, Some(5_000)).0;
    assert_eq!(many.others.len(), 100);
    // With the one that waits for the one that spins.
    let before = few.others.len() - 1;
    assert_eq!(many.others.len() + many.more as usize, before + 10_000);
    assert_eq!(many.others[..10], few.others[1..11]);
}

#[test]
fn a_run_that_is_held_has_them_with_the_debugger_and_without() {
    let plain = told(&GUESTS[0], 3, false, Some(200)).0;
    assert!(plain.goroutine.ends_with("[running]"), "{plain:?}");
    let waits = |backtrace: &Backtrace| {
        let mut all: Vec<_> = backtrace.others.iter().map(ours).collect();
        all.sort();
        all
    };
    assert!(waits(&plain).len() > 14);
    assert_eq!(
        waits(&plain),
        waits(&told(&GUESTS[0], 3, true, Some(400)).0)
    );
    // One that sleeps is the one whose stack is told.
    let sleeps = told(&GUESTS[0], 4, false, Some(200)).0;
    assert!(sleeps.goroutine.ends_with("[sleep]"), "{sleeps:?}");
    assert_eq!(waits(&sleeps).len(), waits(&plain).len() - 1);
}

#[test]
fn where_memory_does_not_read_as_goroutines_none_are_told() {
    let mut wasm = GUESTS[0].clone();
    // The texts of what they wait for are no longer what they were.
    let text = b"GC assist marking";
    let mut at = 0;
    while let Some(found) = wasm[at..].windows(text.len()).position(|it| it == text) {
        wasm[at + found] = b'?';
        at += found + 1;
    }
    assert!(at > 0);
    let (backtrace, _) = told(&wasm, 3, false, Some(200));
    assert!(backtrace.goroutine.contains("not shown"), "{backtrace:?}");
    assert_eq!(backtrace.others, []);
}

/// From each goroutine that has been left in the middle, as its `runtime.g` says.
#[test]
fn a_memory_that_lies_elsewhere_tells_the_same() {
    let (_, _, driver) = left(&GUESTS[1], 0, false, None);
    let instance = driver.session.instance().expect("it has run");
    let memory = instance.memory().to_vec();
    let word = |at: usize| {
        let word = memory.get(at..).and_then(<[u8]>::first_chunk);
        word.map_or(0, |word| u64::from_le_bytes(*word))
    };
    let apart = Apart::new(&memory);
    let apart = Linear::Elsewhere(&apart);
    let known = runtime::Known::default();
    let (mut stacks, mut all) = (0, 0);
    let left = (8..memory.len()).step_by(8).filter_map(|g| {
        let sp = u32::try_from(word(g + 56)).ok().filter(|sp| *sp != 0)?;
        (word(g + 72) == g as u64).then_some((g, sp))
    });
    for (g, sp) in left.take(12) {
        let registers = runtime::Registers {
            sp,
            g: g as u64,
            running: None,
        };
        let stack = runtime::stack((&memory).into(), registers, 3);
        assert_eq!(runtime::stack_again(apart, registers, 3, &known), stack);
        stacks += usize::from(stack.is_some());
        let goroutines = |memory| {
            let (known, variables) = Default::default();
            runtime::goroutines(memory, registers, 3, &known, &variables, 0)
        };
        let here = goroutines((&memory).into());
        assert_eq!(goroutines(apart), here);
        all += usize::from(here.is_some());
    }
    assert!(stacks > 0 && all > 0, "{stacks} {all}");
}
