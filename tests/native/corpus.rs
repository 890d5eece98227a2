//! The seeds of the fuzz targets, and what is near them: none of it is fatal to a reader.

#[path = "../fuzz/read.rs"]
mod read;

use std::fs;
use std::path::PathBuf;

/// The seeds of a target, by name.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    let files = fs::read_dir(folder.join(target)).expect("the corpus is there");
    let seeds: Vec<_> = files
        .map(|file| {
            let path = file.expect("it can be read").path();
            let bytes = fs::read(&path).expect("it can be read");
            (path.display().to_string(), bytes)
        })
        .collect();
    assert!(!seeds.is_empty(), "{target} has no seeds");
    seeds
}

fn each(target: &str, read: fn(&[u8])) {
    for (_, seed) in seeds(target) {
        near(&seed, read);
    }
}

/// A seed whole, cut off at many places, and with one byte after another turned over.
fn near(seed: &[u8], read: fn(&[u8])) {
    read(seed);
    let step = (seed.len() / 200).max(1);
    for at in (0..seed.len()).step_by(step) {
        read(seed.get(..at).unwrap_or_default());
        let mut turned = seed.to_vec();
        if let Some(byte) = turned.get_mut(at) {
            *byte = !*byte;
        }
        read(&turned);
    }
}

/// A module as Go's linker writes it, whose data segment is a seed of memory: three functions, with their tables.
fn go_module(memory: &[u8]) -> Vec<u8> {
    use std::fmt::Write;
    let data = memory.iter().fold(String::new(), |mut data, byte| {
        let _ = write!(data, "\\{byte:02x}");
        data
    });
    let module = format!(
        r#"(module
            (@custom "go:buildid" "x")
            (import "host" "ask" (func $ask))
            (memory 1)
            (func $inner (call $ask)) (func $outer (call $inner)) (func (call $outer))
            (data (i32.const 0) "{data}"))"#
    );
    wat::parse_str(module).expect("it assembles")
}

#[test]
fn go_source_near_the_seeds_is_read() {
    each("go_source", read::go_source);
}

#[test]
fn debug_information_near_the_seeds_is_read() {
    each("dwarf", read::debug_information);
}

#[test]
fn places_near_the_seeds_are_told() {
    each("dwarf", read::places);
    for (_, memory) in seeds("memory") {
        let module = go_module(&memory);
        let stack = plugboard::protocol::Stack {
            frames: vec![plugboard::protocol::RawFrame {
                function: 1,
                at: plugboard::protocol::At::Block(0),
            }],
            ..Default::default()
        };
        let told = plugboard::debug::Places::read(module.clone()).backtrace(&stack);
        let functions: Vec<_> = told.frames.iter().map(|frame| &*frame.function).collect();
        assert_eq!(functions, ["main.inner"]);
        near(&module, read::places);
    }
}

#[test]
fn twins_of_what_is_near_the_seeds_are_valid() {
    each("dwarf", read::twin);
    let module = r#"(module
        (type $pair (func (param i64) (result i32 i64)))
        (import "host" "ask" (func $ask (param i32) (result i32)))
        (memory (export "memory") 1) (table 2 funcref) (elem (i32.const 0) $pair $loop)
        (global (mut f64) (f64.const 1))
        (func $pair (type $pair)
            (br_if 0 (i32.const 1) (local.get 0) (i32.const 1))
            (drop (block (result i32) (call_indirect (type $pair) (local.get 0) (i32.const 0)) drop)))
        (func $loop (param i64) (result i32 i64) (local f32)
            (loop (br_if 0 (i32.load8_s offset=7 (i32.wrap_i64 (local.get 0)))))
            (i32.store (i32.const 4) (call $ask (i32.const 1)))
            (memory.copy (i32.const 0) (i32.const 8) (i32.const 4))
            (return_call $pair (local.get 0)))
        (start $begin) (func $begin (call $pair (i64.const 3)) drop drop unreachable))"#;
    let module = wat::parse_str(module).expect("it assembles");
    assert!(read::validated(&module).is_some());
    near(&module, read::twin);
}

#[test]
fn memory_near_the_seeds_is_walked() {
    for (name, seed) in seeds("memory") {
        read::memory(&seed);
        let registers = plugboard::debug::go::Registers {
            sp: 0x800,
            g: 0,
            running: None,
        };
        let stack = plugboard::debug::go::stack((&seed).into(), registers, 1);
        let apart = crate::elsewhere::Apart::new(&seed);
        let memory = plugboard::linear::Linear::Elsewhere(&apart);
        let again = plugboard::debug::go::stack(memory, registers, 1);
        assert_eq!(again, stack, "{name}");
        let functions =
            stack.map(|stack| stack.frames.iter().map(|frame| frame.function).collect());
        assert_eq!(functions, Some(vec![1, 2, 3]), "{name}");
    }
    each("memory", read::memory);
}

/// A worker's stack has 1 MiB.
#[test]
fn the_deepest_source_fits_the_stack() {
    let long = "(".repeat(40) + "1" + &")+1".repeat(40);
    let mut text = "package main\nimport \"unsafe\"\n".to_owned();
    for index in 0..70 {
        let next = index + 1;
        text += &format!("const C{index} = {long} + C{next} + unsafe.Sizeof(T{next}{{}})\n");
        text += &format!("type T{index} struct {{ a [C{index}]*T{next} }}\n");
    }
    text += "//go:wasmexport f\nfunc f(a *T0) {}\n";
    let reader = std::thread::Builder::new().stack_size(1 << 19);
    let reader =
        reader.spawn(move || plugboard::go::parse::read([("main.go", text.as_str())], None));
    let read = reader
        .expect("there are threads")
        .join()
        .expect("it does not overflow");
    assert_eq!(read.functions.len() + read.problems.len(), 1);
}
