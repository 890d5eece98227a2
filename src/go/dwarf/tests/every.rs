//! A module that exports every type that can cross the border, as TinyGo describes it: 33 exports, of
//! which all are found but three whose bodies were so trivial that only their first parameter is left.

use gimli::write::AttributeValue;

use super::written::{At, Export, F32, F64, I32, I64, Written, export, module};
use super::{Dwarf, signatures};
use crate::go::layout::layout;
use crate::go::types::{Abi, Signature, Type};

/// The exports with their Wasm parameters and results, and what is shown of them.
const EXPORTS: [(&str, &[u8], &[u8], &str); 33] = [
    ("b", &[I32], &[], "b(v bool)"),
    ("i32", &[I32], &[I32], "i32(v int32) int32"),
    ("u32", &[I32], &[], "u32(v uint32)"),
    ("i64", &[I64], &[I64], "i64(v int64) int64"),
    ("u64", &[I64], &[], "u64(v uint64)"),
    ("f32", &[F32], &[F32], "f32(v float32) float32"),
    ("f64", &[F64], &[F64], "f64(v float64) float64"),
    ("up", &[I32], &[], "up(v uintptr)"),
    ("raw", &[I32], &[], "raw(v unsafe.Pointer)"),
    ("text", &[I32, I32], &[], "text(v string)"),
    ("pb", &[I32], &[], "pb(v *bool)"),
    ("pi8", &[I32], &[], "pi8(v *int8)"),
    ("pu8", &[I32], &[], "pu8(v *uint8)"),
    ("pi16", &[I32], &[], "pi16(v *int16)"),
    ("pu16", &[I32], &[], "pu16(v *uint16)"),
    ("pi32", &[I32], &[], "pi32(v *int32)"),
    ("pu32", &[I32], &[], "pu32(v *uint32)"),
    ("pi64", &[I32], &[], "pi64(v *int64)"),
    ("pu64", &[I32], &[], "pu64(v *uint64)"),
    ("pf32", &[I32], &[], "pf32(v *float32)"),
    ("pf64", &[I32], &[], "pf64(v *float64)"),
    ("array", &[I32], &[], "array(v *[4]int32)"),
    ("grid", &[I32], &[], "grid(v *[2][3]int16)"),
    ("empty", &[I32], &[], "empty(v *struct{})"),
    ("point", &[I32], &[], "point(v *Point)"),
    ("outer", &[I32], &[], "outer(v *Outer)"),
    ("list", &[I32], &[], "list(v *List)"),
    ("heat", &[F32], &[], "heat(v units.Celsius)"),
    (
        "three",
        &[I32, I32, I32, I64],
        &[],
        "three(p *Point, text string, n int64)",
    ),
    ("none", &[], &[], "none()"),
    ("lost1", &[I32, I32], &[], ""),
    ("lost2", &[I64, I64], &[I64], ""),
    ("lost3", &[I32, I32, I32], &[], ""),
];

/// The types, in a unit of their own.
struct Types {
    all: Vec<(&'static str, At)>,
}

impl Types {
    fn get(&self, name: &str) -> At {
        let mut all = self.all.iter();
        all.find(|(known, _)| *known == name).expect(name).1
    }
}

fn types(dwarf: &mut Written) -> Types {
    let unit = dwarf.unit("TinyGo", gimli::DW_LANG_C99);
    let mut all = Vec::new();
    for (name, encoding, size) in [
        ("bool", gimli::DW_ATE_boolean, 1),
        ("int8", gimli::DW_ATE_signed, 1),
        ("uint8", gimli::DW_ATE_unsigned, 1),
        ("int16", gimli::DW_ATE_signed, 2),
        ("uint16", gimli::DW_ATE_unsigned, 2),
        ("int32", gimli::DW_ATE_signed, 4),
        ("uint32", gimli::DW_ATE_unsigned, 4),
        ("int64", gimli::DW_ATE_signed, 8),
        ("uint64", gimli::DW_ATE_unsigned, 8),
        ("float32", gimli::DW_ATE_float, 4),
        ("float64", gimli::DW_ATE_float, 8),
        ("uintptr", gimli::DW_ATE_unsigned, 4),
    ] {
        let base = dwarf.base(unit, name, encoding, size);
        all.push((name, base));
    }
    let types = Types { all };
    let get = |name| types.get(name);
    let bytes = dwarf.pointer(unit, get("uint8"));
    let string = [("ptr", bytes, 0), ("len", get("uintptr"), 4)];
    let string = dwarf.structure(unit, "string", 8, &string);
    let raw = dwarf.named(unit, gimli::DW_TAG_pointer_type, "unsafe.Pointer");
    let array = dwarf.array(unit, get("int32"), 4);
    let row = dwarf.array(unit, get("int16"), 3);
    let grid = dwarf.array(unit, row, 2);
    let empty = dwarf.structure(unit, "", 0, &[]);
    let marker = dwarf.typed(unit, gimli::DW_TAG_typedef, "structs.HostLayout", empty);
    let point = [
        ("_", marker, 0),
        ("x", get("int32"), 0),
        ("on", get("bool"), 4),
        ("y", get("float64"), 8),
    ];
    let point = dwarf.structure(unit, "", 16, &point);
    let point = dwarf.typed(unit, gimli::DW_TAG_typedef, "main.Point", point);
    let two = dwarf.array(unit, point, 2);
    let outer = [
        ("_", marker, 0),
        ("Point", point, 0),
        ("points", two, 16),
        ("name", string, 48),
        ("last", get("uint16"), 56),
    ];
    let outer = dwarf.structure(unit, "", 64, &outer);
    let outer = dwarf.typed(unit, gimli::DW_TAG_typedef, "main.Outer", outer);
    let list = dwarf.entry(unit, gimli::DW_TAG_typedef);
    dwarf.text(list, gimli::DW_AT_name, "main.List");
    let next = dwarf.pointer(unit, list);
    let node = [("next", next, 0), ("v", get("int8"), 4)];
    let node = dwarf.structure(unit, "", 8, &node);
    dwarf.refer(list, gimli::DW_AT_type, node);
    let heat = get("float32");
    let heat = dwarf.typed(
        unit,
        gimli::DW_TAG_typedef,
        "example.com/x/units.Celsius",
        heat,
    );
    let mut all = types.all;
    all.extend([
        ("string", string),
        ("unsafe.Pointer", raw),
        ("[4]int32", array),
        ("[2][3]int16", grid),
        ("struct{}", empty),
        ("Point", point),
        ("Outer", outer),
        ("List", list),
        ("units.Celsius", heat),
    ]);
    Types { all }
}

/// The parameters that the text of a signature has, as entries for their types.
fn params<'t>(dwarf: &mut Written, unit: At, types: &Types, shown: &'t str) -> Vec<(&'t str, At)> {
    let list = shown
        .split_once('(')
        .and_then(|(_, list)| list.split_once(')'));
    let list = list.map(|(list, _)| list).unwrap_or_default();
    let params = list.split(", ").filter_map(|param| param.split_once(' '));
    params
        .map(|(name, ty)| match ty.strip_prefix('*') {
            Some(element) => (name, dwarf.pointer(unit, types.get(element))),
            None => (name, types.get(ty)),
        })
        .collect()
}

/// What TinyGo says of them: functions in several units that share the types of another one; every
/// third only as an abstract function whose code is elsewhere, and as what is inlined there.
fn written() -> (Vec<Export>, Written) {
    let mut dwarf = Written::new(4);
    let types = types(&mut dwarf);
    let mut exports = Vec::new();
    let mut unit = dwarf.unit("TinyGo", gimli::DW_LANG_C99);
    for (index, (name, wasm_params, wasm_results, shown)) in EXPORTS.into_iter().enumerate() {
        if index % 8 == 7 {
            unit = dwarf.unit("TinyGo", gimli::DW_LANG_C99);
        }
        let symbol = format!("main.{name}");
        let shown = match name {
            "lost1" | "lost3" => "lost(a int32)",
            "lost2" => "lost(a int64)",
            _ => shown,
        };
        let params = params(&mut dwarf, unit, &types, shown);
        let function = dwarf.function(unit, &symbol, &params);
        // The quirk: the type of a function is that of its first parameter.
        if let Some((_, first)) = params.first() {
            dwarf.refer(function, gimli::DW_AT_type, *first);
        }
        let wrapper = dwarf.function(unit, &format!("{symbol}#wasmexport"), &[]);
        if index % 3 == 0 {
            let inlined = AttributeValue::Inline(gimli::DW_INL_inlined);
            dwarf.set(function, gimli::DW_AT_inline, inlined);
            let call = dwarf.entry(wrapper, gimli::DW_TAG_inlined_subroutine);
            dwarf.refer(call, gimli::DW_AT_abstract_origin, function);
            for _ in params.iter().skip(1) {
                dwarf.entry(call, gimli::DW_TAG_formal_parameter);
            }
        }
        exports.push(export(name, "", wasm_params, wasm_results));
    }
    (exports, dwarf)
}

/// As in a module that names its functions.
fn found() -> Dwarf {
    let (mut exports, dwarf) = written();
    for export in &mut exports {
        export.symbol = format!("main.{}#wasmexport", export.name).leak();
    }
    signatures(&module(&exports, &dwarf.sections(), true))
}

#[test]
fn all_exports_are_found_whose_parameters_survive() {
    let dwarf = found();
    let mut expected: Vec<&str> = EXPORTS.iter().map(|(.., shown)| *shown).collect();
    expected.retain(|shown| !shown.is_empty());
    expected.sort_unstable();
    let mut shown: Vec<String> = dwarf
        .exports
        .values()
        .map(|found| found.signature.to_string())
        .collect();
    shown.sort_unstable();
    assert_eq!(shown, expected);
    assert_eq!(shown.len(), 30);
    for found in dwarf.exports.values() {
        crate::go::check(&found.signature).unwrap();
    }
    // What is left of the others is where they begin.
    assert_eq!(dwarf.problems, Vec::<String>::new());
    let beginnings: Vec<String> = dwarf
        .beginnings
        .iter()
        .map(|(name, params)| Signature::new(&**name, params.clone(), None).to_string())
        .collect();
    assert_eq!(
        beginnings,
        ["lost1(a int32)", "lost2(a int64)", "lost3(a int32)"]
    );
}

#[test]
fn a_parameter_that_is_left_begins_the_others_only_where_it_is_the_first() {
    let mut dwarf = Written::new(4);
    let types = types(&mut dwarf);
    let unit = dwarf.unit("TinyGo", gimli::DW_LANG_C99);
    // The type of a function, as TinyGo has it, and the parameters that are left.
    for (name, first, left) in [
        ("second", "int64", vec![("b", "int32")]),
        ("text", "string", vec![("a", "string")]),
        ("unnamed", "string", vec![]),
        ("whole", "string", vec![]),
        ("other", "int64", vec![("a", "int64")]),
    ] {
        let left: Vec<_> = left
            .iter()
            .map(|(name, ty)| (*name, types.get(ty)))
            .collect();
        let function = dwarf.function(unit, &format!("main.{name}"), &left);
        dwarf.refer(function, gimli::DW_AT_type, types.get(first));
    }
    let exports = [
        export("second", "main.second#wasmexport", &[I32, I32], &[]),
        export("text", "main.text#wasmexport", &[I32, I32, I64], &[]),
        export(
            "unnamed",
            "main.unnamed#wasmexport",
            &[I32, I32, F32],
            &[I32],
        ),
        export("whole", "main.whole#wasmexport", &[I32, I32], &[I64]),
        export("other", "main.other#wasmexport", &[I32, I64], &[]),
    ];
    let found = signatures(&module(&exports, &dwarf.sections(), true));
    let shown = |name: &str| {
        let params = found.beginnings.get(name)?.clone();
        Some(Signature::new(name, params, None).to_string())
    };
    assert_eq!(shown("text").as_deref(), Some("text(a string)"));
    assert_eq!(shown("unnamed").as_deref(), Some("unnamed(p string)"));
    assert_eq!(found.beginnings.len(), 2);
    let whole = found.exports["whole"].signature.to_string();
    assert_eq!(whole, "whole(p string) int64");
    assert_eq!(
        found.problems,
        [
            "the debug information about second is not used: second(b int32) needs (i32); the module \
             has (i32, i32)",
            "the debug information about other is not used: other(a int64) needs (i64); the module \
             has (i32, i64)",
        ]
    );
}

#[test]
fn structs_lie_as_tinygo_says() {
    let dwarf = found();
    for (export, fields, size) in [
        (
            "point",
            "struct{ _ structs.HostLayout; x int32; on bool; y float64 }",
            16,
        ),
        (
            "outer",
            "struct{ _ structs.HostLayout; Point Point; points [2]Point; name string; last uint16 }",
            64,
        ),
        (
            "list",
            "struct{ _ structs.HostLayout; next *List; v int8 }",
            8,
        ),
    ] {
        let Type::Pointer(element) = &dwarf.exports[export].signature.params[0].ty else {
            panic!("{export} takes no pointer");
        };
        assert_eq!(element.underlying().to_string(), fields);
        assert_eq!(layout(element, Abi::TinyGo).unwrap().size, size);
    }
}
