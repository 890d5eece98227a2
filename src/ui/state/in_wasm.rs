//! How each part of a Go signature is seen from Wasm, in words.

use crate::amount::amount;
use crate::go::layout::{layout, spans};
use crate::go::{Abi, Place, Signature, Type, abi};

/// Parts of a pointee that are listed at most.
const MAX_SPANS: usize = 32;

/// A parameter, or the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// As Go has it: `name string`.
    pub(crate) go: String,
    /// As Wasm has it: `i32, i32`.
    pub(crate) wasm: String,
    /// What the Wasm values are.
    pub(crate) meaning: String,
    /// What lies where in the memory that an address leads to.
    pub(crate) memory: Vec<String>,
    /// Whether a value of it takes room in memory.
    pub(crate) needs_room: bool,
}

/// The parameters in order, then the result.
pub(crate) fn rows(signature: &Signature, compiler: Abi) -> Vec<Row> {
    let params = signature.params.iter().map(|param| {
        let go = format!("{} {}", param.name, param.ty);
        row(go.trim().to_owned(), &param.ty, compiler, false)
    });
    let result = signature.result.iter().flat_map(abi::each).map(|ty| {
        let go = format!("result {ty}");
        row(go, ty, compiler, true)
    });
    params.chain(result).collect()
}

fn row(go: String, ty: &Type, compiler: Abi, is_result: bool) -> Row {
    let types = abi::wasm_types(ty).unwrap_or_default();
    let names: Vec<&str> = types.iter().map(|ty| ty.name()).collect();
    let place = Place::of(ty);
    let (meaning, memory) = match place.kind() {
        Type::Bool if is_result => ("0 is false, 1 true".to_owned(), Vec::new()),
        Type::Bool => ("0 is false; true is sent as 1".to_owned(), Vec::new()),
        Type::Int32 | Type::Int64 => ("signed, two's complement".to_owned(), Vec::new()),
        Type::Uint32 | Type::Uint64 => (
            "unsigned: Wasm has no sign, only bits".to_owned(),
            Vec::new(),
        ),
        Type::Float32 | Type::Float64 => ("IEEE 754, the same bits".to_owned(), Vec::new()),
        Type::Uintptr => ("a number as wide as an address".to_owned(), Vec::new()),
        Type::UnsafePointer => ("an address; 0 is nil".to_owned(), Vec::new()),
        Type::Ref(_) => (
            "null, or a reference that a call has returned".to_owned(),
            Vec::new(),
        ),
        Type::String => (
            "address of its first byte, then its length in bytes; the bytes lie in memory that the \
             guest's allocator gave"
                .to_owned(),
            Vec::new(),
        ),
        Type::Pointer(element) => pointee(element, compiler),
        _ => (String::new(), Vec::new()),
    };
    Row {
        go,
        wasm: names.join(", "),
        meaning,
        memory,
        needs_room: !is_result && matches!(place.kind(), Type::String | Type::Pointer(_)),
    }
}

/// What a pointer's address leads to.
fn pointee(element: &Type, compiler: Abi) -> (String, Vec<String>) {
    let Ok(shape) = layout(element, compiler) else {
        return ("an address; 0 is nil".to_owned(), Vec::new());
    };
    let bytes = amount(shape.size.into(), "byte");
    let meaning = format!(
        "address of {bytes}, a multiple of {}; 0 is nil",
        shape.align
    );
    let parts = spans(element, compiler, MAX_SPANS + 1).unwrap_or_default();
    if parts.len() < 2 {
        return (meaning, Vec::new());
    }
    let mut lines: Vec<String> = parts
        .iter()
        .take(MAX_SPANS)
        .map(|span| match &span.path {
            Some(path) => format!("+{} {path} {}", span.offset, span.ty),
            None => format!(
                "+{} padding, {}",
                span.offset,
                amount(span.size.into(), "byte")
            ),
        })
        .collect();
    if parts.len() > MAX_SPANS {
        lines.push("…".to_owned());
    }
    (meaning, lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::parse::signature;

    #[test]
    fn a_string_is_an_address_and_a_length_and_a_struct_lies_in_memory() {
        let known = signature(
            "f(name string, p *struct{ _ structs.HostLayout; on bool; x int32 }) uint64",
            "f",
        )
        .unwrap();
        let rows = rows(&known, Abi::Go);
        assert_eq!((&*rows[0].go, &*rows[0].wasm), ("name string", "i32, i32"));
        assert_eq!(
            rows[1].meaning,
            "address of 8 bytes, a multiple of 4; 0 is nil"
        );
        assert_eq!(
            rows[1].memory,
            ["+0 .on bool", "+1 padding, 3 bytes", "+4 .x int32"]
        );
        assert_eq!((&*rows[2].go, &*rows[2].wasm), ("result uint64", "i64"));
    }
}
