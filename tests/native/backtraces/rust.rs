//! Guests with DWARF: the places are those of wasmtime's backtrace, and what is made of them is held against the
//! source.

use plugboard::debug::Places;
use plugboard::protocol::{At, Backtrace, RawFrame, Stack};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

const SOURCE: &str = "tests/native/backtraces/guest.rs";

/// The guest, built with debug information and these flags.
fn built(flags: &[&str]) -> Vec<u8> {
    built_from(SOURCE, flags)
}

/// A guest, built with these flags.
pub fn built_from(source: &str, flags: &[&str]) -> Vec<u8> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("plugboard-{}-rust-{next}.wasm", std::process::id());
    let wasm = std::env::temp_dir().join(name);
    let built = Command::new("rustc")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["--edition", "2024", "--target", "wasm32-unknown-unknown"])
        .args(["--crate-type", "cdylib", "-C", "panic=abort"])
        .args(flags)
        .arg("-o")
        .args([wasm.as_path(), Path::new(source)])
        .output()
        .expect("rustc runs");
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{said}");
    let bytes = std::fs::read(&wasm).expect("it was built");
    std::fs::remove_file(&wasm).expect("it can be removed");
    bytes
}

/// The stack when `fail` has trapped, as wasmtime has it.
fn trapped(wasm: &[u8]) -> Stack {
    let code = start_of_code(wasm);
    let engine = wasmtime::Engine::default();
    let module = wasmtime::Module::new(&engine, wasm).expect("it is valid");
    let mut store = wasmtime::Store::new(&engine, ());
    let instance = wasmtime::Instance::new(&mut store, &module, &[]).expect("it imports nothing");
    let fail = instance.get_typed_func::<u32, u32>(&mut store, "fail");
    let error = fail.expect("it is exported").call(&mut store, 20);
    let error = error.expect_err("it traps");
    let backtrace = error.downcast_ref::<wasmtime::WasmBacktrace>();
    let frames = backtrace.expect("there is a backtrace").frames().iter();
    let frames = frames.map(|frame| {
        let place = frame.module_offset().expect("it is known") - code;
        RawFrame {
            function: frame.func_index(),
            at: At::Place(u32::try_from(place).expect("it is small")),
        }
    });
    Stack {
        frames: frames.collect(),
        ..Stack::default()
    }
}

/// Where the contents of the code section begin.
fn start_of_code(wasm: &[u8]) -> usize {
    let info = plugboard::module::read("guest.wasm", wasm).expect("it is a module");
    let mut sections = info.sections.iter();
    let code = sections.find(|section| section.name == "code" && !section.custom);
    usize::try_from(code.expect("there is code").offset).expect("it is small")
}

/// The number of the line that is marked.
fn line(mark: &str) -> u32 {
    let source = include_str!("guest.rs");
    let mark = format!("// {mark}");
    let line = source.lines().position(|line| line.ends_with(&mark));
    u32::try_from(line.expect("it is marked") + 1).expect("it is small")
}

fn told(backtrace: &Backtrace) -> Vec<(&str, u32, bool)> {
    let frames = backtrace.frames.iter().filter(|frame| !frame.runtime);
    frames
        .map(|frame| (frame.function.as_str(), frame.line, frame.inlined))
        .collect()
}

#[test]
fn functions_lines_and_inlined_calls_at_each_level_of_optimisation() {
    for level in ["0", "1", "3"] {
        let optimise = format!("-Copt-level={level}");
        let wasm = built(&["-g", &optimise]);
        let stack = trapped(&wasm);
        let backtrace = Places::read(wasm).backtrace(&stack);
        assert_eq!(backtrace.problem, None);
        let told = told(&backtrace);
        let begins = [
            ("guest::List::push", line("push"), false),
            ("guest::within", line("within"), true),
            ("guest::around", line("around"), true),
        ];
        assert_eq!(told.get(..3), Some(&begins[..]), "{level}: {told:?}");
        let (closure, at, _) = told[3];
        assert!(closure.starts_with("guest::fail::{{closure"), "{closure}");
        assert_eq!(at, line("closure"), "{level}: {told:?}");
        let each = told.iter().find(|frame| frame.0.starts_with("guest::each"));
        assert_eq!(
            each.map(|each| each.1),
            Some(line("each")),
            "{level}: {told:?}"
        );
        assert_eq!(
            told.last().map(|frame| frame.0),
            Some("fail"),
            "{level}: {told:?}"
        );
        for frame in &backtrace.frames {
            let file = frame.file.as_deref().unwrap_or_default();
            assert!(
                frame.line == 0 || file.ends_with("backtraces/guest.rs") || frame.runtime,
                "{frame:?}"
            );
        }
    }
}

#[test]
fn the_lines_that_have_code_are_those_of_the_source() {
    for level in ["0", "1", "3"] {
        let lines = Places::read(built(&["-g", &format!("-Copt-level={level}")])).lines();
        assert_eq!(lines.problem, None);
        assert!(lines.places.is_sorted_by(|one, next| one.0 < next.0));
        let is_its = |file: u32| {
            lines.files[file as usize]
                .path
                .ends_with("backtraces/guest.rs")
        };
        let its = lines.lines.iter().filter(|(file, _)| is_its(*file));
        let its: Vec<u32> = its.map(|(_, line)| *line).collect();
        // What is merged or moved has no statement of its own.
        let marks = ["within", "each", "around", "push"];
        let count = if level == "0" { 4 } else { 2 };
        for mark in marks.into_iter().take(count) {
            assert!(its.contains(&line(mark)), "{level}, {mark}: {its:?}");
        }
        let begins = |name: &str| {
            let its = lines.functions.iter().filter(|(known, _)| known == name);
            let its = its.map(|(_, place)| lines.places.iter().find(|at| at.0 == *place));
            its.map(|at| lines.lines[at.expect("a line begins there").1 as usize - 1])
                .map(|(file, line)| (is_its(file), line))
                .collect::<Vec<_>>()
        };
        // The first is inlined twice, into what calls it and into what calls that; the other one never.
        assert!(
            begins("guest::within").contains(&(true, line("within"))),
            "{level}"
        );
        assert_eq!(begins("guest::List::push").len(), 1, "{level}");
        let core = lines
            .files
            .iter()
            .filter(|file| file.package.starts_with("core"));
        assert_eq!(
            core.collect::<Vec<_>>(),
            Vec::<&plugboard::protocol::SourceFile>::new()
        );
    }
}

#[test]
fn without_debug_information_there_are_names_and_advice() {
    let wasm = built(&["-Copt-level=1", "-Cstrip=debuginfo"]);
    let stack = trapped(&wasm);
    let backtrace = Places::read(wasm).backtrace(&stack);
    let problem = backtrace.problem.as_deref().unwrap_or_default();
    assert!(problem.contains("no debug information"), "{problem}");
    assert_eq!(told(&backtrace)[0], ("guest::List::push", 0, false));
}

/// The code of one build with the debug information of another.
#[test]
fn what_does_not_fit_the_code_is_noticed() {
    let other = built(&["-g", "-Copt-level=0"]);
    let mut wasm = built(&["-Copt-level=3", "-Cstrip=debuginfo"]);
    let stack = trapped(&wasm);
    let info = plugboard::module::read("other.wasm", &other).expect("it is a module");
    for section in info.sections {
        if section.name.starts_with(".debug") {
            let contents = &other[section.offset as usize..][..section.size as usize];
            super::custom_section(&mut wasm, &section.name, contents);
        }
    }
    let backtrace = Places::read(wasm).backtrace(&stack);
    let problem = backtrace.problem.as_deref().unwrap_or_default();
    assert!(problem.contains("does not fit"), "{problem}");
    let told = told(&backtrace);
    assert_eq!(told[0], ("guest::List::push", 0, false));
    assert!(told.iter().all(|frame| frame.1 == 0), "{told:?}");
}
