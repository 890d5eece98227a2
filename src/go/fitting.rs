//! What Wasm types may have been in Go: the readings to offer where nothing else is known.
//!
//! Guesses, best first, and always shown as such. Must not know of the module they are for.

use super::abi::WasmType;
use super::types::{Param, Signature, Type};

/// How many readings are offered at most.
const MAX_READINGS: usize = 16;

/// The signatures that fit these Wasm types, the likeliest first: two i32 in a row may be a string,
/// so `(i32, i32)` is first one string and then two numbers. Empty if none fits: Go has at most
/// one result.
#[must_use]
pub fn fitting(name: &str, params: &[WasmType], results: &[WasmType]) -> Vec<Signature> {
    fitting_after(&[], name, params, results)
}

/// As [`fitting`], where the first parameters are `known`, and `params` are the Wasm types of those that
/// come after them.
#[must_use]
pub fn fitting_after(
    known: &[Param],
    name: &str,
    params: &[WasmType],
    results: &[WasmType],
) -> Vec<Signature> {
    let result = match results {
        [] => None,
        [result] => Some(number(*result)),
        _ => return Vec::new(),
    };
    let mut readings = Vec::new();
    split(params, &mut Vec::new(), &mut readings);
    // A string for every pair comes first; what has no string at all must be among them.
    let numbers: Vec<Type> = params.iter().map(|ty| number(*ty)).collect();
    if !readings.contains(&numbers) {
        readings.truncate(MAX_READINGS - 1);
        readings.push(numbers);
    }
    readings
        .into_iter()
        .map(|types| {
            let params = [known, &named(types, known)].concat();
            Signature::new(name, params, result.clone())
        })
        .collect()
}

/// The types that a parameter may have whose first Wasm type is the one at `index`: likeliest
/// first, with the number of Wasm parameters that each takes.
#[must_use]
pub fn choices_at(params: &[WasmType], index: usize) -> Vec<(Type, usize)> {
    let Some(first) = params.get(index) else {
        return Vec::new();
    };
    let mut choices = Vec::new();
    if *first == WasmType::I32 && params.get(index + 1) == Some(&WasmType::I32) {
        choices.push((Type::String, 2));
    }
    choices.extend(result_choices(*first).into_iter().map(|ty| (ty, 1)));
    choices
}

/// The types that a result of this Wasm type may have, likeliest first. A pointer to what, only the
/// person can say: `unsafe.Pointer` stands for all of them.
#[must_use]
pub fn result_choices(ty: WasmType) -> Vec<Type> {
    match ty {
        WasmType::I32 => vec![
            Type::Int32,
            Type::Uint32,
            Type::Bool,
            Type::UnsafePointer,
            Type::Uintptr,
        ],
        WasmType::I64 => vec![Type::Int64, Type::Uint64],
        WasmType::F32 => vec![Type::Float32],
        WasmType::F64 => vec![Type::Float64],
        WasmType::FuncRef | WasmType::ExternRef => vec![Type::Ref(ty)],
    }
}

fn number(ty: WasmType) -> Type {
    match ty {
        WasmType::I32 => Type::Int32,
        WasmType::I64 => Type::Int64,
        WasmType::F32 => Type::Float32,
        WasmType::F64 => Type::Float64,
        WasmType::FuncRef | WasmType::ExternRef => Type::Ref(ty),
    }
}

/// All ways to read `params`, strings before numbers, from the left.
fn split(params: &[WasmType], before: &mut Vec<Type>, readings: &mut Vec<Vec<Type>>) {
    // Walk on over what can be read in one way only, so that the recursion is as deep as there are
    // pairs; the readings are bounded, and so is the work.
    if readings.len() >= MAX_READINGS {
        return;
    }
    let pair = |at: usize| {
        params.get(at) == Some(&WasmType::I32) && params.get(at + 1) == Some(&WasmType::I32)
    };
    let length = before.len();
    let Some(at) = (0..params.len()).find(|at| pair(*at)) else {
        before.extend(params.iter().map(|ty| number(*ty)));
        readings.push(before.clone());
        before.truncate(length);
        return;
    };
    let (single, rest) = params.split_at(at);
    before.extend(single.iter().map(|ty| number(*ty)));
    before.push(Type::String);
    split(rest.get(2..).unwrap_or_default(), before, readings);
    before.pop();
    before.push(Type::Int32);
    split(rest.get(1..).unwrap_or_default(), before, readings);
    before.truncate(length);
}

/// Gives parameters the names that a person would, and none that is `taken`.
fn named(types: Vec<Type>, taken: &[Param]) -> Vec<Param> {
    let strings = types.iter().filter(|ty| **ty == Type::String).count();
    let numbers = types.len() - strings;
    let (mut string, mut other) = (0, 0);
    types
        .into_iter()
        .map(|ty| {
            let (letter, index, of) = if ty == Type::String {
                string += 1;
                ('s', string, strings)
            } else {
                other += 1;
                ('n', other, numbers)
            };
            let mut name = if of == 1 {
                letter.to_string()
            } else {
                format!("{letter}{index}")
            };
            while taken.iter().any(|param| param.name == name) {
                name.push('_');
            }
            Param::new(name, ty)
        })
        .collect()
}

#[cfg(test)]
#[path = "fitting/tests.rs"]
mod tests;
