#![allow(clippy::cast_possible_truncation, reason = "the numbers are small")]

#[path = "tests/every.rs"]
mod every;
#[path = "tests/variables.rs"]
mod variables;
#[path = "tests/written.rs"]
mod written;

use gimli::write::AttributeValue;
use written::{At, Export, F32, I32, I64, Written, export, folded, module};

use super::*;
use crate::go::types::Type;

/// A plugin as TinyGo writes it: types in one unit, functions in another, both "C99".
fn tinygo() -> (Vec<Export>, Written) {
    let mut dwarf = Written::new(4);
    let types = dwarf.unit("TinyGo", gimli::DW_LANG_C99);
    let int32 = dwarf.base(types, "int32", gimli::DW_ATE_signed, 4);
    let int64 = dwarf.base(types, "int64", gimli::DW_ATE_signed, 8);
    let float32 = dwarf.base(types, "float32", gimli::DW_ATE_float, 4);
    let uint8 = dwarf.base(types, "uint8", gimli::DW_ATE_unsigned, 1);
    let uintptr = dwarf.base(types, "uintptr", gimli::DW_ATE_unsigned, 4);
    let bytes = dwarf.pointer(types, uint8);
    let string = dwarf.structure(
        types,
        "string",
        8,
        &[("ptr", bytes, 0), ("len", uintptr, 4)],
    );
    let slice = dwarf.structure(
        types,
        "[]uint8",
        12,
        &[("ptr", bytes, 0), ("len", uintptr, 4), ("cap", uintptr, 8)],
    );
    let void = dwarf.named(types, gimli::DW_TAG_pointer_type, "unsafe.Pointer");
    let empty = dwarf.structure(types, "", 0, &[]);
    let marker = dwarf.typed(types, gimli::DW_TAG_typedef, "structs.HostLayout", empty);
    let node = dwarf.entry(types, gimli::DW_TAG_typedef);
    dwarf.text(node, gimli::DW_AT_name, "main.Node");
    let next = dwarf.pointer(types, node);
    let pair = dwarf.array(types, int32, 2);
    let body = dwarf.structure(
        types,
        "",
        24,
        &[
            ("_", marker, 0),
            ("next", next, 0),
            ("pair", pair, 4),
            ("at", int64, 16),
        ],
    );
    dwarf.refer(node, gimli::DW_AT_type, body);
    let celsius = dwarf.typed(
        types,
        gimli::DW_TAG_typedef,
        "example.com/x/units.Celsius",
        float32,
    );
    let int = dwarf.base(types, "int", gimli::DW_ATE_signed, 4);

    let functions = dwarf.unit("TinyGo", gimli::DW_LANG_C99);
    let greet = dwarf.function(functions, "main.greet", &[("name", string)]);
    // The quirk: the type of a function is that of its first parameter.
    dwarf.refer(greet, gimli::DW_AT_type, string);
    dwarf.set(
        greet,
        gimli::DW_AT_inline,
        AttributeValue::Inline(gimli::DW_INL_inlined),
    );
    let wrapper = dwarf.function(functions, "main.greet#wasmexport", &[]);
    dwarf.refer(wrapper, gimli::DW_AT_type, string);
    dwarf.low_pc(wrapper, 2);
    let walk = dwarf.function(
        functions,
        "main.walk",
        &[("n", next), ("c", celsius), ("raw", void), ("at", uintptr)],
    );
    dwarf.refer(walk, gimli::DW_AT_type, next);
    let wrapper = dwarf.function(functions, "main.walk#wasmexport", &[]);
    dwarf.low_pc(wrapper, 6);
    // An out-of-line instance of an abstract function keeps only what was not optimised away.
    let add = dwarf.function(functions, "add", &[("a", int), ("b", int)]);
    let instance = dwarf.entry(functions, gimli::DW_TAG_subprogram);
    dwarf.refer(instance, gimli::DW_AT_abstract_origin, add);
    dwarf.low_pc(instance, 10);
    dwarf.function(functions, "main.bytes", &[("b", slice)]);
    dwarf.function(functions, "main.first", &[("a", int32)]);
    let exports = vec![
        export("greet", "main.greet#wasmexport", &[I32, I32], &[]),
        export(
            "walk",
            "main.walk#wasmexport",
            &[I32, F32, I32, I32],
            &[I64],
        ),
        export("add", "add", &[I32, I32], &[I32]),
        export("bytes", "main.bytes#wasmexport", &[I32, I32, I32], &[]),
        export("first", "main.first#wasmexport", &[I32, I32], &[]),
        export("nobody", "main.nobody#wasmexport", &[], &[]),
    ];
    (exports, dwarf)
}

fn read(exports: &[Export], dwarf: Written) -> Dwarf {
    signatures(&module(exports, &dwarf.sections(), true))
}

fn shown(dwarf: &Dwarf) -> Vec<String> {
    let found = dwarf.exports.values();
    found.map(|found| found.signature.to_string()).collect()
}

#[test]
fn tinygos_exports_are_found() {
    let (exports, dwarf) = tinygo();
    let dwarf = read(&exports, dwarf);
    assert_eq!(
        shown(&dwarf),
        [
            "add(a int, b int) int32",
            "greet(name string)",
            "walk(n *Node, c units.Celsius, raw unsafe.Pointer, at uintptr) int64",
        ]
    );
    assert_eq!(dwarf.language, Some(Language::TinyGo));
    assert!(dwarf.exports["walk"].result_guessed);
    assert!(!dwarf.exports["greet"].result_guessed);
    for found in dwarf.exports.values() {
        crate::go::check(&found.signature).unwrap();
    }
    let Type::Pointer(node) = &dwarf.exports["walk"].signature.params[0].ty else {
        panic!("no pointer");
    };
    assert_eq!(
        node.underlying().to_string(),
        "struct{ _ structs.HostLayout; next *Node; pair [2]int32; at int64 }"
    );
    let text =
        "Node{next: &Node{next: nil, pair: [2]int32{0, 0}, at: 2}, pair: [2]int32{1, 0}, at: 0}";
    let value = crate::go::value::parse(text, node).unwrap();
    assert_eq!(crate::go::value::show(&value, node).to_string(), text);
}

#[test]
fn what_does_not_fit_the_wasm_types_is_said_and_not_used() {
    let (exports, dwarf) = tinygo();
    assert_eq!(
        read(&exports, dwarf).problems,
        [
            "the debug information about bytes is not used: bytes(b []uint8): type []uint8 cannot be \
             passed by value",
            "the debug information about first is not used: first(a int32) needs (i32); the module has \
             (i32, i32)",
        ]
    );
}

#[test]
fn without_names_the_place_in_the_code_tells() {
    let (exports, dwarf) = tinygo();
    let wasm = module(&exports, &dwarf.sections(), false);
    let dwarf = signatures(&wasm);
    assert_eq!(
        shown(&dwarf),
        [
            "add(a int, b int) int32",
            "greet(name string)",
            "walk(n *Node, c units.Celsius, raw unsafe.Pointer, at uintptr) int64",
        ]
    );
}

#[test]
fn dwarf_5_is_read_too() {
    let mut dwarf = Written::new(5);
    let unit = dwarf.unit("TinyGo version 0.40", gimli::DW_LANG_C99);
    let int64 = dwarf.base(unit, "int64", gimli::DW_ATE_signed, 8);
    dwarf.function(unit, "main.f", &[("x", int64)]);
    let exports = [export("f", "main.f#wasmexport", &[I64], &[])];
    assert_eq!(shown(&read(&exports, dwarf)), ["f(x int64)"]);
}

fn c_types(dwarf: &mut Written, unit: At) -> (At, At, At) {
    let int = dwarf.base(unit, "int", gimli::DW_ATE_signed, 4);
    let char = dwarf.base(unit, "char", gimli::DW_ATE_signed_char, 1);
    let constant = dwarf.entry(unit, gimli::DW_TAG_const_type);
    dwarf.refer(constant, gimli::DW_AT_type, char);
    let text = dwarf.pointer(unit, constant);
    (int, char, text)
}

#[test]
fn c_is_shown_in_its_own_words() {
    let mut dwarf = Written::new(4);
    let unit = dwarf.unit("clang version 18", gimli::DW_LANG_C11);
    let (int, char, text) = c_types(&mut dwarf, unit);
    let node = dwarf.structure(unit, "Node", 12, &[]);
    let alias = dwarf.typed(unit, gimli::DW_TAG_typedef, "Node", node);
    let next = dwarf.pointer(unit, alias);
    let also = dwarf.pointer(unit, node);
    dwarf.member(node, "next", next, 0);
    dwarf.member(node, "also", also, 4);
    dwarf.member(node, "n", int, 8);
    let f = dwarf.function(unit, "f", &[("list", next), ("text", text), ("c", char)]);
    let void = dwarf.entry(unit, gimli::DW_TAG_pointer_type);
    dwarf.refer(f, gimli::DW_AT_type, void);
    dwarf.function(unit, "g", &[]);
    let exports = [
        export("f", "f", &[I32, I32, I32], &[I32]),
        export("g", "g", &[], &[]),
    ];
    let dwarf = read(&exports, dwarf);
    assert_eq!(
        shown(&dwarf),
        [
            "void *f(Node *list, const char *text, char c)",
            "void g(void)"
        ]
    );
    let f = &dwarf.exports["f"].signature;
    assert_eq!(
        f.in_go(),
        "f(list *Node, text *char, c char) unsafe.Pointer"
    );
    let Type::Pointer(node) = &f.params[0].ty else {
        panic!("no pointer");
    };
    let text = "Node{next: &Node{next: nil, also: nil, n: 2}, also: nil, n: 1}";
    let value = crate::go::value::parse(text, node).unwrap();
    assert_eq!(crate::go::value::show(&value, node).to_string(), text);
    assert_eq!(dwarf.language, Some(Language::C));
}

#[test]
fn what_lies_otherwise_than_the_host_would_have_it_is_opaque() {
    let mut dwarf = Written::new(4);
    let unit = dwarf.unit("clang version 18", gimli::DW_LANG_C11);
    let (int, char, _) = c_types(&mut dwarf, unit);
    let packed = dwarf.structure(unit, "Packed", 5, &[("c", char, 0), ("i", int, 1)]);
    let union = dwarf.named(unit, gimli::DW_TAG_union_type, "U");
    let bits = dwarf.structure(unit, "Bits", 4, &[]);
    let bit = dwarf.typed(bits, gimli::DW_TAG_member, "b", int);
    dwarf.set(bit, gimli::DW_AT_bit_size, AttributeValue::Data1(1));
    let hidden = dwarf.named(unit, gimli::DW_TAG_structure_type, "FILE");
    let code = dwarf.entry(unit, gimli::DW_TAG_subroutine_type);
    let params: Vec<(&str, At)> = [packed, union, bits, hidden, code]
        .into_iter()
        .map(|ty| ("p", dwarf.pointer(unit, ty)))
        .collect();
    dwarf.function(unit, "f", &params);
    let exports = [export("f", "f", &[I32; 5], &[])];
    let dwarf = read(&exports, dwarf);
    let f = &dwarf.exports["f"].signature;
    assert_eq!(
        f.in_go(),
        "f(p *struct Packed, p *U, p *struct Bits, p *struct FILE, p unsafe.Pointer)"
    );
    let nil = crate::go::Value::zero(&f.params[0].ty).unwrap();
    assert_eq!(nil, crate::go::Value::Pointer(crate::go::Pointer::Nil));
}

#[test]
fn rust_and_zig_are_shown_in_their_own_words() {
    for (producer, language, f, g) in [
        (
            "clang LLVM (rustc version 1.95.0)",
            gimli::DW_LANG_Rust,
            "fn f(p: *const u8, n: usize) -> bool",
            "fn g()",
        ),
        (
            "zig 0.14",
            gimli::DW_LANG_Zig,
            "fn f(p: *const u8, n: usize) bool",
            "fn g() void",
        ),
    ] {
        let mut dwarf = Written::new(4);
        let unit = dwarf.unit(producer, language);
        let space = dwarf.named(unit, gimli::DW_TAG_namespace, "greet");
        let u8 = dwarf.base(unit, "u8", gimli::DW_ATE_unsigned, 1);
        let usize = dwarf.base(unit, "usize", gimli::DW_ATE_unsigned, 4);
        let bool = dwarf.base(unit, "bool", gimli::DW_ATE_boolean, 1);
        let bytes = dwarf.pointer(unit, u8);
        dwarf.text(bytes, gimli::DW_AT_name, "*const u8");
        let function = dwarf.function(space, "f", &[("p", bytes), ("n", usize)]);
        dwarf.refer(function, gimli::DW_AT_type, bool);
        dwarf.function(space, "g", &[]);
        let exports = [
            export("f", "f", &[I32, I32], &[I32]),
            export("g", "g", &[], &[]),
        ];
        let dwarf = read(&exports, dwarf);
        assert_eq!(shown(&dwarf), [f, g]);
        assert_eq!(
            dwarf.exports["f"].signature.in_go(),
            "f(p *u8, n usize) bool"
        );
    }
}

#[test]
fn an_import_may_be_described() {
    let (exports, mut dwarf) = tinygo();
    let unit = dwarf.unit("TinyGo", gimli::DW_LANG_C99);
    let uint32 = dwarf.base(unit, "uint32", gimli::DW_ATE_unsigned, 4);
    dwarf.function(unit, "main.log", &[("ptr", uint32), ("size", uint32)]);
    let dwarf = read(&exports, dwarf);
    let log = &dwarf.imports[&("env".to_owned(), "log".to_owned())][0];
    assert_eq!(log.signature.to_string(), "log(ptr uint32, size uint32)");
}

#[test]
fn what_is_said_of_one_of_several_functions_with_one_body_is_a_guess_for_the_others() {
    let described = || {
        let mut dwarf = Written::new(4);
        let unit = dwarf.unit("TinyGo", gimli::DW_LANG_C99);
        let int32 = dwarf.base(unit, "int32", gimli::DW_ATE_signed, 4);
        let both = dwarf.function(unit, "main.two", &[("q", int32), ("r", int32)]);
        dwarf.refer(both, gimli::DW_AT_type, int32);
        let wrapper = dwarf.function(unit, "main.two#wasmexport", &[]);
        dwarf.low_pc(wrapper, 2);
        // Of the first parameter alone is known.
        let first = dwarf.function(unit, "main.first", &[("q", int32)]);
        dwarf.refer(first, gimli::DW_AT_type, int32);
        let wrapper = dwarf.function(unit, "main.first#wasmexport", &[]);
        dwarf.low_pc(wrapper, 6);
        let renamed = dwarf.function(unit, "main.inGo", &[("n", int32)]);
        dwarf.refer(renamed, gimli::DW_AT_type, int32);
        dwarf.function(unit, "main.helper", &[("h", int32)]);
        dwarf
    };
    let exports = [
        export("two", "main.two#wasmexport", &[I32, I32], &[]),
        export("first", "main.first#wasmexport", &[I32, I32], &[]),
        export("outside", "main.inGo#wasmexport", &[I32], &[]),
        export("alone", "main.helper", &[I32], &[]),
    ];
    let further = [("greet", 1), ("also", 2), ("log2", 0)];
    for names in [true, false] {
        let dwarf = signatures(&folded(&exports, &further, &described().sections(), names));
        let problems: Vec<String> = Vec::new();
        assert_eq!(dwarf.problems, problems);
        let certain = if names {
            &["outside(n int32)", "two(q int32, r int32)"][..]
        } else {
            &["two(q int32, r int32)"]
        };
        assert_eq!(shown(&dwarf), certain);
        assert_eq!(dwarf.beginnings.keys().collect::<Vec<_>>(), ["first"]);
        let alike: Vec<String> = dwarf.alike.values().map(Signature::to_string).collect();
        let expected = if names {
            &["alone(h int32)", "greet(q int32, r int32)"][..]
        } else {
            &["greet(q int32, r int32)"]
        };
        assert_eq!(alike, expected);
        assert_eq!(dwarf.alike_beginnings.keys().collect::<Vec<_>>(), ["also"]);
    }
}

#[test]
fn cycles_end() {
    let mut dwarf = Written::new(4);
    let unit = dwarf.unit("TinyGo", gimli::DW_LANG_C99);
    // A definition of itself; a pointer to itself; an array of itself; an instance of itself; a struct
    // that contains itself.
    let alias = dwarf.named(unit, gimli::DW_TAG_typedef, "main.A");
    dwarf.refer(alias, gimli::DW_AT_type, alias);
    let pointer = dwarf.entry(unit, gimli::DW_TAG_pointer_type);
    dwarf.refer(pointer, gimli::DW_AT_type, pointer);
    let array = dwarf.array(unit, alias, 3);
    dwarf.refer(array, gimli::DW_AT_type, array);
    let to_array = dwarf.pointer(unit, array);
    let body = dwarf.structure(unit, "", 8, &[]);
    let own = dwarf.typed(unit, gimli::DW_TAG_typedef, "main.S", body);
    dwarf.member(body, "s", own, 0);
    let to_own = dwarf.pointer(unit, own);
    dwarf.function(
        unit,
        "main.f",
        &[("a", pointer), ("b", to_array), ("c", to_own)],
    );
    let looped = dwarf.function(unit, "main.g", &[("a", alias)]);
    dwarf.refer(looped, gimli::DW_AT_abstract_origin, looped);
    let exports = [
        export("f", "main.f#wasmexport", &[I32; 3], &[]),
        export("g", "main.g#wasmexport", &[I32], &[]),
    ];
    let dwarf = read(&exports, dwarf);
    assert_eq!(shown(&dwarf), ["f(a *…, b *[3]…, c *S)"]);
    assert_eq!(dwarf.problems.len(), 1);
}

#[test]
fn types_that_grow_exponentially_are_cut_off() {
    let mut dwarf = Written::new(4);
    let unit = dwarf.unit("TinyGo", gimli::DW_LANG_C99);
    let mut ty = dwarf.base(unit, "int8", gimli::DW_ATE_signed, 1);
    for _ in 0..50 {
        let to = dwarf.pointer(unit, ty);
        ty = dwarf.structure(unit, "", 8, &[("a", to, 0), ("b", to, 4)]);
    }
    let to = dwarf.pointer(unit, ty);
    dwarf.function(unit, "main.f", &[("a", to)]);
    let exports = [export("f", "main.f#wasmexport", &[I32], &[])];
    assert_eq!(read(&exports, dwarf).exports.len(), 1);
}

#[test]
fn a_module_without_debug_information_has_none() {
    let exports = [export("f", "f", &[], &[])];
    assert_eq!(signatures(&module(&exports, &[], true)), Dwarf::default());
    let elsewhere = [("external_debug_info".to_owned(), b"\x06f.dbgs".to_vec())];
    let dwarf = signatures(&module(&exports, &elsewhere, true));
    assert_eq!(
        dwarf.problems,
        ["the debug information is in a file of its own, f.dbgs: build without splitting it off"]
    );
}

#[test]
fn broken_debug_information_is_said() {
    let exports = [export("f", "f", &[], &[])];
    let info = |bytes: &[u8]| {
        let sections = [(".debug_info".to_owned(), bytes.to_vec())];
        signatures(&module(&exports, &sections, true)).problems
    };
    assert_eq!(info(b"rubbish").len(), 1);
    assert!(
        info(b"rubbish")[0].starts_with("the debug information is broken in the unit at 0x0: ")
    );
    assert_eq!(info(&[7, 0, 0, 0, 4, 0, 0, 0, 0, 0, 4]).len(), 1);
    assert!(signatures(b"\0asm\x01\0\0\0\x01").problems[0].starts_with("the module is broken: "));
    assert!(signatures(b"").problems.len() < 2);
}

/// Truncations and mutations of a good module, by a generator with a fixed seed.
#[test]
fn no_mutation_of_a_module_panics() {
    let (exports, dwarf) = tinygo();
    let good = module(&exports, &dwarf.sections(), true);
    for length in 0..good.len() {
        let _ = signatures(&good[..length]);
    }
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as usize % below
    };
    let code = good.len() / 5;
    for _ in 0..5000 {
        let mut bad = good.clone();
        for _ in 0..=random(6) {
            // The debug information is behind the code.
            let at = code + random(bad.len() - code);
            bad[at] = match random(3) {
                0 => random(256) as u8,
                1 => bad[at] ^ 1 << random(8),
                _ => bad[random(bad.len())],
            };
        }
        let dwarf = signatures(&bad);
        for (found, export) in exports
            .iter()
            .filter_map(|e| Some((dwarf.exports.get(e.name)?, e)))
        {
            let (params, _) = crate::go::abi::flatten(&found.signature).unwrap();
            assert_eq!(params.len(), export.params.len(), "what is found fits");
            for param in &found.signature.params {
                if let Ok(value) = crate::go::Value::zero(&param.ty) {
                    let _ = crate::go::value::show(&value, &param.ty).to_string();
                }
                let _ = crate::go::layout::spans(&param.ty, crate::go::Abi::TinyGo, 100);
            }
        }
    }
}
