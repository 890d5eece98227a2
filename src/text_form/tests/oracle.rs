//! Every line, and the place of each, against what `wasmprinter` writes.

use super::{Module, print};
use wasm_smith::Config;

/// The lines of the functions that are not imported, with where they are in the file.
fn expected(bytes: &[u8]) -> Vec<Vec<(Option<usize>, String)>> {
    let mut text = String::new();
    let lines = wasmprinter::Config::new()
        .offsets_and_lines(bytes, &mut text)
        .unwrap();
    let mut functions: Vec<Vec<(Option<usize>, String)>> = Vec::new();
    let mut is_in = false;
    for (at, line) in lines {
        let line = line.trim_end();
        if line.starts_with("  (func ") {
            is_in = true;
            functions.push(Vec::new());
        } else if line.starts_with("  (") || line == ")" {
            is_in = false;
        }
        if is_in && let Some(function) = functions.last_mut() {
            function.push((at, line.trim().to_owned()));
        }
    }
    functions
}

/// `f64.const 0x1p+0 (;=1;)` as its type, and the number: it is another notation.
fn constant(line: &str) -> Option<(&str, f64)> {
    let (ty, number) = line.split_once(".const ")?;
    let shown = number.split_once("(;=");
    let number = shown.map_or(number, |(_, it)| it.trim_end_matches(";)"));
    let number: f64 = number.parse().ok()?;
    ty.starts_with('f').then_some((ty, number))
}

#[track_caller]
fn check(what: &str, bytes: &[u8]) -> usize {
    let module = Module::read(bytes.to_vec()).unwrap();
    let mut checked = 0;
    for (index, expected) in expected(bytes).iter().enumerate() {
        let function = u32::try_from(module.imports.len() + index).unwrap();
        let printed = print::print(&module, function);
        for (number, (at, line)) in expected.iter().enumerate() {
            let line = line.trim_end_matches(" (;=NaN;)");
            let ours = printed.line(number).trim();
            // Of an empty function it has all in one line.
            let ours = match expected.len() {
                1 => format!("{ours})"),
                _ => ours.to_owned(),
            };
            let same = match (constant(line), constant(&ours)) {
                (Some((ty, number)), Some((our, ours))) => {
                    ty == our && (number == ours || number.is_nan() && ours.is_nan())
                }
                _ => line == ours,
            };
            assert!(same, "{what}, function {function}:\n{line}\n{ours}");
            // Those of closing parentheses it does not know.
            if let Some(at) = at {
                let place = printed.lines[number].place.unwrap() as usize;
                assert_eq!(place + module.code, *at, "{what}, {function}: {line}");
            }
            checked += 1;
        }
        // Where a function is one line for it, the parenthesis stands behind it.
        assert!(
            printed.lines.len() <= expected.len() + 1,
            "{what}, {function}"
        );
    }
    checked
}

#[test]
fn what_compilers_write_is_written_as_wasmprinter_does() {
    let mut lines = 0;
    for (name, bytes) in compiled_guests::ALL.iter().take(8) {
        lines += check(name, bytes);
    }
    assert!(lines > 50_000, "{lines}");
}

#[test]
fn what_nobody_writes_is_written_as_wasmprinter_does() {
    let mut state = 7_u64;
    let mut lines = 0;
    for seed in 0..300 {
        let random: Vec<u8> = std::iter::repeat_with(|| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        })
        .take(4_000)
        .collect();
        let config = Config {
            bulk_memory_enabled: true,
            compact_imports_enabled: false,
            custom_page_sizes_enabled: false,
            exceptions_enabled: false,
            extended_const_enabled: true,
            gc_enabled: false,
            max_memories: 3,
            max_tables: 3,
            memory64_enabled: false,
            min_funcs: 2,
            multi_value_enabled: true,
            reference_types_enabled: true,
            relaxed_simd_enabled: false,
            simd_enabled: false,
            tail_call_enabled: true,
            threads_enabled: false,
            wide_arithmetic_enabled: false,
            ..Config::default()
        };
        let mut unstructured = arbitrary::Unstructured::new(&random);
        if let Ok(module) = wasm_smith::Module::new(config, &mut unstructured) {
            lines += check(&format!("seed {seed}"), &module.to_bytes());
        }
    }
    assert!(lines > 5_000, "{lines}");
}

/// Each kind of thing that has a name, and what stands behind instructions.
const NAMED: &str = r#"(module $m
    (type $t (func (param i32) (result i32)))
    (import "a" "f" (func $f (param i32)))
    (table $tab 3 funcref)
    (table $"other table" 3 funcref)
    (memory $mem 1)
    (memory $mem2 1)
    (global $"a global" (mut i32) (i32.const 0))
    (data $d "abc")
    (elem $e func $g)
    (func $g (type $t) (local $"a b" i64) (local f32 f32) (local $c f64)
        (block $l (result i32)
            (block $l (br $l) (br 1))
            (loop (br 0) (br 1) (br 2))
            (loop $m (br $m))
            (block (type $t) (br_table $l 0 0 1 2 (local.get 0))))
        (if (result i32) (then (i32.const 1)) (else (global.get $"a global")))
        (call_indirect (type $t) (i32.const 1) (i32.const 0))
        (call_indirect $"other table" (type $t) (i32.const 0))
        (i32.store offset=8 align=1 (i32.const 0))
        (i64.load32_u $mem2 offset=4294967295 (i32.const 0)) (drop)
        (memory.copy $mem $mem2 (i32.const 0) (i32.const 0) (i32.const 0))
        (memory.copy (i32.const 0) (i32.const 0) (i32.const 0))
        (memory.init $mem2 $d (i32.const 0) (i32.const 0) (i32.const 0))
        (memory.fill $mem2 (i32.const 0) (i32.const 0) (i32.const 0))
        (drop (memory.grow $mem2 (memory.size)))
        (data.drop $d) (elem.drop $e)
        (table.init $"other table" $e (i32.const 0) (i32.const 0) (i32.const 0))
        (table.init $e (i32.const 0) (i32.const 0) (i32.const 0))
        (table.copy $tab $"other table" (i32.const 0) (i32.const 0) (i32.const 0))
        (table.copy (i32.const 0) (i32.const 0) (i32.const 0))
        (table.set $tab (i32.const 0) (ref.func $g))
        (drop (table.grow (ref.null func) (i32.const 0)))
        (drop (ref.is_null (ref.null extern)))
        (drop (select (result i64) (i64.const -9) (local.get $"a b") (i32.const 1)))
        (drop (i32.extend8_s (i32.trunc_sat_f64_u (f64.const inf))))
        (drop (f32.const -nan:0x200000)) (drop (f64.const nan)) (drop (f64.const -0))
        (return_call $g)))"#;

#[test]
fn names_and_immediates_are_written_as_wasmprinter_does() {
    let bytes = wat::parse_str(NAMED).unwrap();
    assert!(check("named", &bytes) > 80);
}

#[test]
fn floats_keep_their_bits() {
    for bits in [
        0_u64,
        1 << 63,
        1,
        0x3fb9_9999_9999_999a,
        0x7fef_ffff_ffff_ffff,
        0x7ff0_0000_0000_0000,
        0xfff0_0000_0000_0000,
        0x7ff8_0000_0000_0000,
        0xfff8_0000_0000_0000,
        0x7ff0_0000_0000_0001,
        0x4340_0000_0000_0001,
        0x54b2_49ad_2594_c37d,
    ] {
        let narrow = u32::try_from(bits >> 32).unwrap();
        let bytes = super::one(&[], |body| {
            body.f64_const(f64::from_bits(bits).into())
                .f32_const(f32::from_bits(narrow).into())
                .drop()
                .drop();
        });
        let printed = print::print(&Module::read(bytes.clone()).unwrap(), 0);
        let text = format!("(module (type (func)) {})", printed.text);
        let again = wat::parse_str(&text).unwrap();
        let module = Module::read(again.clone()).unwrap();
        let original = Module::read(bytes.clone()).unwrap();
        let body = |module: &Module, bytes: &[u8]| bytes[module.bodies[0].clone()].to_vec();
        assert_eq!(body(&module, &again), body(&original, &bytes), "{text}");
    }
}
