use super::{Making, Metered};
use std::rc::Rc;

fn metered(bytes: &[u8], step: usize) -> Metered {
    let mut making = Making::new(Rc::from(bytes)).expect("all of it is known");
    loop {
        if let Some(metered) = making.step(step).expect("all of it is known") {
            return metered;
        }
    }
}

fn check(bytes: &[u8]) {
    let features = wasmparser::WasmFeatures::all();
    let checked = wasmparser::Validator::new_with_features(features).validate_all(bytes);
    checked.expect("it is valid");
}

const MODULE: &str = r#"(module
    (import "host" "f" (func $f (param i32)))
    (memory (export "metered memory") 1)
    (table (export "table") 1 funcref)
    (global (export "'metered fuel") i32 (i32.const 7))
    (func $two (export "two") (param i64) (result i32 i64)
        (br_if 0 (i32.const 1) (local.get 0) (i32.const 1))
        drop (call $f) unreachable)
    (func $start (call $f (i32.const 1)) (drop (memory.grow (i32.const 1))))
    (start $start))"#;

#[test]
fn what_a_module_has_stays_where_it_is() {
    let bytes = wat::parse_str(MODULE).expect("it assembles");
    let metered = metered(&bytes, usize::MAX);
    check(metered.bytes());
    let info = |bytes: &[u8]| crate::module::read("a.wasm", bytes).expect("it is a module");
    let (before, after) = (info(&bytes), info(metered.bytes()));
    assert_eq!(after.imports, before.imports);
    let (there, added) = after.exports.split_at(before.exports.len());
    assert_eq!(there, before.exports);
    assert!(there.iter().all(|export| !metered.is_added(&export.name)));
    assert!(added.iter().all(|export| metered.is_added(&export.name)));
    let start = metered.start().expect("there is a start section");
    assert!(added.iter().any(|export| export.name == start));
}

#[test]
fn steps_make_the_same_module() {
    let bytes = wat::parse_str(MODULE).expect("it assembles");
    let at_once = metered(&bytes, usize::MAX);
    assert_eq!(metered(&bytes, 1).bytes(), at_once.bytes());
}

#[test]
fn what_has_no_functions_can_be_metered() {
    let bytes = wat::parse_str("(module)").expect("it assembles");
    check(metered(&bytes, 1).bytes());
}

#[test]
fn each_place_leads_back() {
    const GROW: u8 = 0x40;
    let bytes = wat::parse_str(MODULE).expect("it assembles");
    let metered = metered(&bytes, usize::MAX);
    let places = metered.places();
    let led: Vec<(u8, u32, usize)> = metered
        .bytes()
        .iter()
        .enumerate()
        .filter_map(|(offset, byte)| {
            let (function, original) = places.original(offset)?;
            Some((*byte, function, original))
        })
        .collect();
    assert!(led.is_sorted_by_key(|(_, function, original)| (*function, *original)));
    for function in led.chunk_by(|a, b| a.1 == b.1) {
        // What is put in leads to what is behind it. Each begins with its locals, of which there are more.
        for one in function.chunk_by(|a, b| a.2 == b.2).skip(1) {
            let (byte, _, original) = one[one.len() - 1];
            // A function of the module's own is called in the place of what grows.
            let grows = bytes[original - 1..=original].contains(&GROW);
            assert!(bytes[original] == byte || grows, "at {original}");
        }
    }
    let functions: Vec<u32> = led.iter().map(|(_, function, _)| *function).collect();
    assert_eq!((functions[0], functions[functions.len() - 1]), (1, 2));
}
