//! What came of the call, as a program prints it.

use super::arguments::Arguments;
use super::go_file::{GoFile, identifiers};
use super::words::{decoded, decoded_raw};
use crate::go::value::{legible, quote};
use crate::go::{Type, layout};
use crate::protocol::Case;

/// The most parts of what an argument points at that are printed.
const MOST_PARTS: usize = 32;

/// Writes what prints the results.
pub(super) fn print(file: &mut GoFile, case: &Case) {
    file.import("fmt");
    let name = legible(&case.export).replace('%', "%%");
    let Some(ty) = case.exported().and_then(|export| export.ty.func()) else {
        return;
    };
    let result = case.signature.as_ref().and_then(|one| one.result.as_ref());
    let mut verbs = Vec::new();
    let mut values = Vec::new();
    for (index, wasm) in ty.results.iter().enumerate() {
        let word = format!("results[{index}]");
        let known = match result {
            Some(Type::Several(types)) => types.get(index),
            known => known,
        };
        let (value, verb) = match known {
            Some(ty) => decoded(ty, &word),
            None => decoded_raw(*wasm, &word),
        };
        if value.starts_with("api.") {
            file.import("github.com/tetratelabs/wazero/api");
        }
        verbs.push(verb);
        values.push(value);
    }
    if values.is_empty() {
        let text = quote(format!("{} returned", legible(&case.export)).as_bytes());
        file.line(&format!("fmt.Println({text})"));
    } else {
        let format = quote(format!("{name} returned {}\n", verbs.join(", ")).as_bytes());
        file.line(&format!("fmt.Printf({format}, {})", values.join(", ")));
    }
}

/// Writes what prints the parts of what the arguments point at, as they are after the call.
pub(super) fn print_pointees(file: &mut GoFile, case: &Case, arguments: &Arguments) {
    let Some(signature) = &case.signature else {
        return;
    };
    let names = identifiers(signature.params.iter().map(|param| &*param.name));
    let params = signature.params.iter().zip(&names);
    for ((param, name), address) in params.zip(&arguments.addresses) {
        let (Type::Pointer(element), Some(address)) = (param.ty.underlying(), address) else {
            continue;
        };
        let abi = case.module.abi();
        let (Ok(layout), Ok(spans)) = (
            layout::layout(element, abi),
            layout::spans(element, abi, MOST_PARTS),
        ) else {
            continue;
        };
        let parts: Vec<(String, String, &str)> = spans
            .iter()
            .filter_map(|span| {
                let path = span.path.as_ref()?;
                let (value, verb) = part(&span.ty, span.offset, span.size)?;
                Some((format!("{name}{path}"), value, verb))
            })
            .collect();
        if parts.is_empty() {
            continue;
        }
        file.import("fmt");
        file.open(&format!(
            "if after, ok := module.Memory().Read({address}, {}); ok {{",
            layout.size
        ));
        for (path, value, verb) in parts {
            if value.contains("binary.") {
                file.import("encoding/binary");
            }
            if value.contains("math.") {
                file.import("math");
            }
            let format = quote(format!("{path} = {verb}\n").as_bytes());
            file.line(&format!("fmt.Printf({format}, {value})"));
        }
        file.close("}");
    }
}

/// An expression for the part of `after` at an offset, and the verb that prints it.
fn part(ty: &str, offset: u32, size: u32) -> Option<(String, &'static str)> {
    let word = match size {
        1 => format!("after[{offset}]"),
        2 => format!("binary.LittleEndian.Uint16(after[{offset}:])"),
        4 => format!("binary.LittleEndian.Uint32(after[{offset}:])"),
        8 => format!("binary.LittleEndian.Uint64(after[{offset}:])"),
        _ => return None,
    };
    let known = Type::predeclared(ty);
    Some(match (known, size) {
        (Some(Type::Bool), _) => (format!("{word} != 0"), "%v"),
        (Some(Type::Int8), _) => (format!("int8({word})"), "%v"),
        (Some(Type::Int16), _) => (format!("int16({word})"), "%v"),
        (Some(Type::Int32), _) => (format!("int32({word})"), "%v"),
        (Some(Type::Int64), _) => (format!("int64({word})"), "%v"),
        (Some(Type::Float32), _) => (format!("math.Float32frombits({word})"), "%v"),
        (Some(Type::Float64), _) => (format!("math.Float64frombits({word})"), "%v"),
        (Some(Type::Uint8 | Type::Uint16 | Type::Uint32 | Type::Uint64), _) => (word, "%v"),
        (Some(Type::String), _) => return None,
        _ => (word, "%#x"),
    })
}
