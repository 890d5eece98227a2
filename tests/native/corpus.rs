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

/// Each seed whole, cut off at many places, and with one byte after another turned over.
fn each(target: &str, read: fn(&[u8])) {
    for (_, seed) in seeds(target) {
        read(&seed);
        let step = (seed.len() / 200).max(1);
        for at in (0..seed.len()).step_by(step) {
            read(seed.get(..at).unwrap_or_default());
            let mut turned = seed.clone();
            if let Some(byte) = turned.get_mut(at) {
                *byte = !*byte;
            }
            read(&turned);
        }
    }
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
    each("places", read::places);
}

#[test]
fn memory_near_the_seeds_is_walked() {
    for (name, seed) in seeds("memory") {
        read::memory(&seed);
        let registers = plugboard::debug::go::Registers { sp: 0x800, g: 0 };
        let stack = plugboard::debug::go::stack(&seed, registers, 1);
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
