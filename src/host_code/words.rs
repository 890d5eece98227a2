//! Wasm's values as Go has them in a host program.

use crate::go::value::{F32, F64, plain, show};
use crate::go::{Type, Value};
use crate::module::ValType;

/// The Go type of a host function's parameter or result, and of a call's; `None`: wazero has none.
pub(super) fn go_type(ty: ValType) -> Option<&'static str> {
    Some(match ty {
        ValType::I32 => "uint32",
        ValType::I64 => "uint64",
        ValType::F32 => "float32",
        ValType::F64 => "float64",
        ValType::ExternRef => "uintptr",
        ValType::V128 | ValType::FuncRef => return None,
    })
}

/// A constant of a parameter's or result's type, from its bits.
pub(super) fn constant(ty: ValType, bits: u64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "the upper half is zero")]
    let low = bits as u32;
    match ty {
        ValType::F32 if f32::from_bits(low).is_finite() && low != 1 << 31 => plain(bits, &F32),
        ValType::F32 => format!("math.Float32frombits({low:#x})"),
        ValType::F64 if f64::from_bits(bits).is_finite() && bits != 1 << 63 => plain(bits, &F64),
        ValType::F64 => format!("math.Float64frombits({bits:#x})"),
        _ => bits.to_string(),
    }
}

/// Whether [`constant`] needs the package math.
pub(super) fn needs_math(text: &str) -> bool {
    text.contains("math.")
}

/// An argument as the uint64 that a call takes, where it is a scalar with these bits.
pub(super) fn encoded(ty: &Type, value: &Value, bits: u64) -> String {
    let text = show(value, ty).to_string();
    match (ty.underlying(), value) {
        (Type::Int8 | Type::Int16 | Type::Int32, _) => format!("api.EncodeI32({text})"),
        (Type::Int64, _) => format!("api.EncodeI64({text})"),
        (Type::Float32, Value::Float32(_)) if is_plain(&text) => format!("api.EncodeF32({text})"),
        (Type::Float64, Value::Float64(_)) if is_plain(&text) => format!("api.EncodeF64({text})"),
        // Of a string, its length.
        (
            Type::Bool | Type::Uint8 | Type::Uint16 | Type::Uint32 | Type::Uint64 | Type::String,
            _,
        ) => bits.to_string(),
        _ => format!("{bits:#x}"),
    }
}

/// Whether Go reads the number as what it is: it has no literal for NaN, infinities and −0.
fn is_plain(text: &str) -> bool {
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | '+' | '-');
    text.chars().all(digits) && !matches!(text, "-0" | "-0.0")
}

/// An expression for the Go value of the result `word`, a uint64, and the verb that prints it.
pub(super) fn decoded(ty: &Type, word: &str) -> (String, &'static str) {
    match ty.underlying() {
        Type::Bool => (format!("{word} != 0"), "%v"),
        Type::Int8 => (format!("int8({word})"), "%v"),
        Type::Int16 => (format!("int16({word})"), "%v"),
        Type::Int32 => (format!("int32({word})"), "%v"),
        Type::Int64 => (format!("int64({word})"), "%v"),
        Type::Uint8 => (format!("uint8({word})"), "%v"),
        Type::Uint16 => (format!("uint16({word})"), "%v"),
        Type::Uint32 => (format!("uint32({word})"), "%v"),
        Type::Uint64 => (word.to_owned(), "%v"),
        Type::Float32 => (format!("api.DecodeF32({word})"), "%v"),
        Type::Float64 => (format!("api.DecodeF64({word})"), "%v"),
        _ => (format!("uint32({word})"), "%#x"),
    }
}

/// The same, of a result of which only the Wasm type is known.
pub(super) fn decoded_raw(ty: ValType, word: &str) -> (String, &'static str) {
    match ty {
        ValType::I32 => decoded(&Type::Int32, word),
        ValType::I64 => decoded(&Type::Int64, word),
        ValType::F32 => decoded(&Type::Float32, word),
        ValType::F64 => decoded(&Type::Float64, word),
        _ => (word.to_owned(), "%#x"),
    }
}
