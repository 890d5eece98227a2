//! Modules with debug information in TinyGo's shape and proportions, as large as one likes.

use crate::written::{At, F32, I32, I64, Written};
use gimli::write::AttributeValue;
use wasm_encoder::{
    CodeSection, CustomSection, ExportKind, ExportSection, Function, FunctionSection, Module,
    NameMap, NameSection, TypeSection, ValType,
};

/// Functions that one unit describes.
const UNIT: usize = 200;

/// Bytes of debug information that describe a function, about.
const DESCRIBED: usize = 250;

/// Bytes of a module for each byte of `.debug_info`, in hundredths.
const WHOLE: usize = 400;

/// The exports that are found in each of them, with their Wasm types.
const EXPORTS: [(&str, &[u8]); 4] = [
    ("greet", &[I32, I32]),
    ("move", &[I32, F32]),
    ("mix", &[I64, I32]),
    ("tick", &[]),
];

/// A module of about so many bytes, whose exports begin with `prefix`.
pub(crate) fn module(prefix: &str, size: usize) -> Vec<u8> {
    let functions = size * 100 / WHOLE / DESCRIBED;
    let (mut dwarf, types) = types();
    describe_exports(&mut dwarf, &types, prefix);
    for first in (0..functions).step_by(UNIT) {
        let unit = dwarf.unit("TinyGo", gimli::DW_LANG_C99);
        for index in first..functions.min(first + UNIT) {
            describe(&mut dwarf, unit, &types, index);
        }
    }
    let mut module = code(prefix, functions);
    for (name, data) in &dwarf.sections() {
        module.section(&CustomSection {
            name: name.into(),
            data: data.into(),
        });
    }
    // The rest of what TinyGo writes: lines, locations, names by place.
    let rest = vec![0x5a; size.saturating_sub(module.as_slice().len())];
    module.section(&CustomSection {
        name: ".debug_line".into(),
        data: (&rest).into(),
    });
    module.finish()
}

/// The types that all units refer to.
struct Types {
    string: At,
    int32: At,
    int64: At,
    float32: At,
    point: At,
}

fn types() -> (Written, Types) {
    let mut dwarf = Written::new(4);
    let unit = dwarf.unit("TinyGo", gimli::DW_LANG_C99);
    let int32 = dwarf.base(unit, "int32", gimli::DW_ATE_signed, 4);
    let int64 = dwarf.base(unit, "int64", gimli::DW_ATE_signed, 8);
    let float32 = dwarf.base(unit, "float32", gimli::DW_ATE_float, 4);
    let uint8 = dwarf.base(unit, "uint8", gimli::DW_ATE_unsigned, 1);
    let uintptr = dwarf.base(unit, "uintptr", gimli::DW_ATE_unsigned, 4);
    let bytes = dwarf.pointer(unit, uint8);
    let string = [("ptr", bytes, 0), ("len", uintptr, 4)];
    let string = dwarf.structure(unit, "string", 8, &string);
    let body = dwarf.structure(unit, "", 8, &[("x", int32, 0), ("y", float32, 4)]);
    let point = dwarf.typed(unit, gimli::DW_TAG_typedef, "main.Point", body);
    let point = dwarf.pointer(unit, point);
    let types = Types {
        string,
        int32,
        int64,
        float32,
        point,
    };
    (dwarf, types)
}

fn describe_exports(dwarf: &mut Written, types: &Types, prefix: &str) {
    let unit = dwarf.unit("TinyGo", gimli::DW_LANG_C99);
    for (name, params) in [
        ("greet", vec![("name", types.string)]),
        ("move", vec![("p", types.point), ("by", types.float32)]),
        ("mix", vec![("a", types.int64), ("b", types.int32)]),
        ("tick", Vec::new()),
    ] {
        dwarf.function(unit, &format!("main.{prefix}{name}"), &params);
        dwarf.function(unit, &format!("main.{prefix}{name}#wasmexport"), &[]);
    }
}

/// A function with parameters, variables, and another one inlined into it.
fn describe(dwarf: &mut Written, unit: At, types: &Types, index: usize) {
    let symbol = format!(
        "(*example.com/some/package{}.Type{index}).Method",
        index % 50
    );
    let params = [("receiver", types.point), ("text", types.string)];
    let inlined = dwarf.function(unit, &format!("{symbol}.inner"), &params);
    let function = dwarf.function(unit, &symbol, &params);
    let place = u64::try_from(1000 + index * 100).unwrap();
    dwarf.low_pc(function, place);
    for scope in 0..3 {
        let block = dwarf.entry(function, gimli::DW_TAG_lexical_block);
        dwarf.low_pc(block, place + scope);
        for (name, ty) in [("index", types.int64), ("found", types.int32)] {
            let variable = dwarf.typed(block, gimli::DW_TAG_variable, name, ty);
            dwarf.set(variable, gimli::DW_AT_decl_line, AttributeValue::Udata(300));
        }
        let call = dwarf.entry(block, gimli::DW_TAG_inlined_subroutine);
        dwarf.refer(call, gimli::DW_AT_abstract_origin, inlined);
        dwarf.low_pc(call, place + scope);
        for _ in 0..4 {
            let param = dwarf.entry(call, gimli::DW_TAG_formal_parameter);
            dwarf.refer(param, gimli::DW_AT_abstract_origin, inlined);
            dwarf.set(param, gimli::DW_AT_const_value, AttributeValue::Udata(1));
        }
    }
}

/// The module without its debug information: a small function for each that is described.
fn code(prefix: &str, functions: usize) -> Module {
    let mut types = TypeSection::new();
    let mut declared = FunctionSection::new();
    let mut exports = ExportSection::new();
    let mut code = CodeSection::new();
    let mut names = NameMap::new();
    let mut body = Function::new([]);
    let mut instructions = body.instructions();
    for number in 0..12 {
        instructions.i32_const(number).drop();
    }
    instructions.end();
    for (index, (name, params)) in (0u32..).zip(EXPORTS) {
        let params = params.iter().map(|ty| match *ty {
            I32 => ValType::I32,
            I64 => ValType::I64,
            _ => ValType::F32,
        });
        types.ty().function(params, []);
        declared.function(index);
        exports.export(&format!("{prefix}{name}"), ExportKind::Func, index);
        code.function(&body);
        names.append(index, &format!("main.{prefix}{name}#wasmexport"));
    }
    let last = u32::try_from(EXPORTS.len() - 1).unwrap();
    for index in 0..u32::try_from(functions).unwrap() {
        declared.function(last);
        code.function(&body);
        names.append(last + 1 + index, &format!("package.function{index}"));
    }
    let mut named = NameSection::new();
    named.functions(&names);
    let mut module = Module::new();
    module
        .section(&types)
        .section(&declared)
        .section(&exports)
        .section(&code)
        .section(&named);
    module
}
