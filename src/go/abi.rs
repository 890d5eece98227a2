//! How a Go function becomes a Wasm function: its parameters flattened to Wasm types, arguments
//! lowered to Wasm values and memory, results lifted back.
//!
//! A bool and everything up to 32 bits is an i32, a pointer too, a string is two of them: where its
//! bytes are and how many. Must not know how the guest's memory is asked for.

use crate::amount::amount;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::encode::{self, Plan, WrongAddresses};
use super::place::Place;
use super::types::{Abi, Signature, Type};
use super::value::{Budget, Pointer, Value, ValueError};

/// A Wasm value type: those that Go uses, and references.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are WebAssembly's")]
pub enum WasmType {
    I32,
    I64,
    F32,
    F64,
    FuncRef,
    ExternRef,
}

/// A signature whose Wasm form is not the module's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what the fields are")]
pub enum Mismatch {
    #[error("{signature} needs {needs}; the module has {has}")]
    Types {
        signature: String,
        needs: String,
        has: String,
    },
    #[error("{signature}: type {ty} cannot be passed by value")]
    NoWasmType { signature: String, ty: String },
}

/// The arguments of a call, ready but for the addresses of what is to be put into memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lowered {
    /// What to put into memory before the call.
    pub plan: Plan,
    /// For each parameter the block that it points to: a string's bytes, a pointee.
    pub roots: Vec<Option<usize>>,
    words: Vec<Word>,
}

/// A Wasm value of the arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Word {
    /// These bits, in the low ones.
    Bits(u64),
    /// The address of this block of the plan.
    Block(usize),
}

/// The Wasm parameters and results of a function with this signature.
///
/// # Errors
///
/// If a type has no Wasm form.
pub fn flatten(signature: &Signature) -> Result<(Vec<WasmType>, Vec<WasmType>), Mismatch> {
    let no_form = |ty: &Type| Mismatch::NoWasmType {
        signature: signature.to_string(),
        ty: ty.to_string(),
    };
    let mut params = Vec::new();
    for param in &signature.params {
        let types = wasm_types(&param.ty).ok_or_else(|| no_form(&param.ty))?;
        params.extend_from_slice(types);
    }
    let mut results = Vec::new();
    for ty in signature.result.iter().flat_map(each) {
        match wasm_types(ty) {
            Some(types @ [_]) => results.extend_from_slice(types),
            _ => return Err(no_form(ty)),
        }
    }
    Ok((params, results))
}

/// What a parameter of this type is in Wasm; `None` if it cannot be one.
#[must_use]
pub fn wasm_types(ty: &Type) -> Option<&'static [WasmType]> {
    Some(match Place::of(ty).kind() {
        Type::Bool
        | Type::Int8
        | Type::Int16
        | Type::Int32
        | Type::Uint8
        | Type::Uint16
        | Type::Uint32
        | Type::Uintptr
        | Type::UnsafePointer
        | Type::Pointer(_) => &[WasmType::I32],
        Type::Int64 | Type::Uint64 => &[WasmType::I64],
        Type::Float32 => &[WasmType::F32],
        Type::Float64 => &[WasmType::F64],
        Type::String => &[WasmType::I32, WasmType::I32],
        Type::Ref(WasmType::FuncRef) => &[WasmType::FuncRef],
        Type::Ref(_) => &[WasmType::ExternRef],
        Type::Array(..)
        | Type::Struct(_)
        | Type::Several(_)
        | Type::Named { .. }
        | Type::Other(_) => return None,
    })
}

/// The types of the results: of several, each.
#[must_use]
pub fn each(result: &Type) -> &[Type] {
    match result {
        Type::Several(types) => types,
        one => std::slice::from_ref(one),
    }
}

/// Whether a function with this signature has these Wasm types.
///
/// # Errors
///
/// Both, for the person to compare: `greet(name string) needs (i32, i32); the module has (i32)`.
pub fn matches(
    signature: &Signature,
    params: &[WasmType],
    results: &[WasmType],
) -> Result<(), Mismatch> {
    let (needs_params, needs_results) = flatten(signature)?;
    if needs_params == params && needs_results == results {
        return Ok(());
    }
    Err(Mismatch::Types {
        signature: signature.to_string(),
        needs: wasm_text(&needs_params, &needs_results),
        has: wasm_text(params, results),
    })
}

/// Wasm types as a function's type: `(i32, i32)`, `(i64) -> f64`.
#[must_use]
pub fn wasm_text(params: &[WasmType], results: &[WasmType]) -> String {
    let list = |types: &[WasmType]| {
        let names: Vec<&str> = types.iter().map(|ty| ty.name()).collect();
        names.join(", ")
    };
    match results {
        [] => format!("({})", list(params)),
        [result] => format!("({}) -> {result}", list(params)),
        results => format!("({}) -> ({})", list(params), list(results)),
    }
}

/// Turns arguments into Wasm values, and into the memory that they need.
///
/// # Errors
///
/// If there is not one argument for each parameter, or one is not of its type.
pub fn lower(signature: &Signature, arguments: &[Value], abi: Abi) -> Result<Lowered, ValueError> {
    if signature.params.len() != arguments.len() {
        return Err(ValueError::Other {
            ty: signature.to_string(),
            message: format!(
                "needs {}, has {}",
                amount(signature.params.len() as u64, "argument"),
                arguments.len()
            ),
        });
    }
    let mut lowered = Lowered {
        plan: Plan::default(),
        roots: Vec::new(),
        words: Vec::new(),
    };
    let mut budget = Budget::default();
    for (index, (param, value)) in signature.params.iter().zip(arguments).enumerate() {
        let root = lowered
            .argument(value, &Place::of(&param.ty), abi, &mut budget)
            .map_err(|error| ValueError::At {
                path: param.called(index),
                error: Box::new(error),
            })?;
        lowered.roots.push(root);
    }
    Ok(lowered)
}

impl Lowered {
    /// The Wasm values, in order.
    pub fn words(&self) -> impl Iterator<Item = Word> + '_ {
        self.words.iter().copied()
    }

    /// The Wasm values of the arguments, in the low bits: an i32 and an f32 have 32, an i64 and an
    /// f64 64 of them. `addresses` are where the blocks of the plan were put.
    ///
    /// # Errors
    ///
    /// If there is not one address for each block.
    pub fn values(&self, addresses: &[u32]) -> Result<Vec<u64>, WrongAddresses> {
        let wrong = WrongAddresses {
            blocks: self.plan.blocks.len(),
            addresses: addresses.len(),
        };
        if addresses.len() != self.plan.blocks.len() {
            return Err(wrong);
        }
        self.words
            .iter()
            .map(|word| match word {
                Word::Bits(bits) => Ok(*bits),
                Word::Block(block) => addresses.get(*block).map(|a| u64::from(*a)).ok_or(wrong),
            })
            .collect()
    }

    fn argument(
        &mut self,
        value: &Value,
        place: &Place<'_>,
        abi: Abi,
        budget: &mut Budget,
    ) -> Result<Option<usize>, ValueError> {
        match (place.kind(), value) {
            (Type::String, Value::String(bytes)) => {
                let root = (!bytes.is_empty()).then(|| self.plan.add_bytes(bytes));
                self.words.push(root.map_or(Word::Bits(0), Word::Block));
                let length = u32::try_from(bytes.len()).map_err(|_| ValueError::Other {
                    ty: place.written(),
                    message: format!("{} bytes do not fit into a Wasm memory", bytes.len()),
                })?;
                self.words.push(Word::Bits(length.into()));
                Ok(root)
            }
            (Type::Pointer(element), Value::Pointer(Pointer::New(value))) => {
                let root = self.plan.add(value, &place.inner(element), abi, budget)?;
                self.words.push(Word::Block(root));
                Ok(Some(root))
            }
            _ => {
                self.words.push(Word::Bits(scalar(value, place)?));
                Ok(None)
            }
        }
    }
}

/// The Wasm value of a result that the host gives, in the low bits.
///
/// # Errors
///
/// If the value is not one of the type, or needs memory.
pub fn lower_result(value: &Value, ty: &Type) -> Result<u64, ValueError> {
    scalar(value, &Place::of(ty))
}

/// What a function returned: of several results the values as an array.
///
/// # Errors
///
/// If a type cannot be a result, or there are fewer bits than results.
pub fn lift_all(result: &Type, bits: &[u64]) -> Result<Value, ValueError> {
    let missing = || ValueError::Other {
        ty: result.to_string(),
        message: "the function returned less".to_owned(),
    };
    match result {
        Type::Several(types) if types.len() == bits.len() => {
            let values = types.iter().zip(bits).map(|(ty, bits)| lift(ty, *bits));
            Ok(Value::Array(values.collect::<Result<_, _>>()?))
        }
        Type::Several(_) => Err(missing()),
        one => lift(one, *bits.first().ok_or_else(missing)?),
    }
}

/// The Go value of a Wasm result. `bits` has it in its low bits; what an i32 has above them is
/// ignored.
///
/// # Errors
///
/// If the type cannot be a result.
pub fn lift(ty: &Type, bits: u64) -> Result<Value, ValueError> {
    let place = Place::of(ty);
    let [a, b, c, d, ..] = bits.to_le_bytes();
    let low = u32::from_le_bytes([a, b, c, d]);
    Ok(match place.kind() {
        Type::Bool => Value::Bool(low != 0),
        Type::Int8 => Value::Int(i8::from_le_bytes([a]).into()),
        Type::Int16 => Value::Int(i16::from_le_bytes([a, b]).into()),
        Type::Int32 => Value::Int(low.cast_signed().into()),
        Type::Int64 => Value::Int(bits.cast_signed()),
        Type::Uint8 => Value::Uint(a.into()),
        Type::Uint16 => Value::Uint(u16::from_le_bytes([a, b]).into()),
        Type::Uint32 | Type::Uintptr => Value::Uint(low.into()),
        Type::Uint64 => Value::Uint(bits),
        Type::Float32 => Value::Float32(low),
        Type::Float64 => Value::Float64(bits),
        Type::UnsafePointer | Type::Pointer(_) | Type::Ref(_) => Value::Pointer(match low {
            0 => Pointer::Nil,
            address => Pointer::Address(address),
        }),
        _ => {
            return Err(ValueError::Other {
                ty: place.written(),
                message: "it cannot be a result".to_owned(),
            });
        }
    })
}

/// The bits of a value that is one Wasm value.
fn scalar(value: &Value, place: &Place<'_>) -> Result<u64, ValueError> {
    let low = u64::from(u32::MAX);
    match (place.kind(), value) {
        (Type::Bool, Value::Bool(b)) => Ok(u64::from(*b)),
        (Type::Int8 | Type::Int16 | Type::Int32, Value::Int(n)) => {
            encode::in_range(place, (*n).into())?;
            Ok(n.cast_unsigned() & low)
        }
        (Type::Int64, Value::Int(n)) => Ok(n.cast_unsigned()),
        (
            Type::Uint8 | Type::Uint16 | Type::Uint32 | Type::Uint64 | Type::Uintptr,
            Value::Uint(n),
        ) => {
            encode::in_range(place, (*n).into())?;
            Ok(*n)
        }
        (Type::Float32, Value::Float32(bits)) => Ok((*bits).into()),
        (Type::Float64, Value::Float64(bits)) => Ok(*bits),
        (Type::Pointer(_) | Type::UnsafePointer | Type::Ref(_), Value::Pointer(Pointer::Nil)) => {
            Ok(0)
        }
        (
            Type::Pointer(_) | Type::UnsafePointer | Type::Ref(_),
            Value::Pointer(Pointer::Address(a)),
        ) => Ok((*a).into()),
        (Type::Pointer(_), Value::Pointer(Pointer::New(_))) => Err(ValueError::Other {
            ty: place.written(),
            message: "what it points to needs memory in the guest".to_owned(),
        }),
        (ty, value) => Err(ValueError::Mismatch {
            ty: place.written(),
            expected: encode::expected(ty),
            found: value.kind(),
        }),
    }
}

impl WasmType {
    /// The name that WebAssembly gives it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            WasmType::I32 => "i32",
            WasmType::I64 => "i64",
            WasmType::F32 => "f32",
            WasmType::F64 => "f64",
            WasmType::FuncRef => "funcref",
            WasmType::ExternRef => "externref",
        }
    }
}

impl fmt::Display for WasmType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Fails, with the type, for those that Go does not use: vectors and references.
impl TryFrom<wasmparser::ValType> for WasmType {
    type Error = wasmparser::ValType;

    fn try_from(ty: wasmparser::ValType) -> Result<WasmType, wasmparser::ValType> {
        match ty {
            wasmparser::ValType::I32 => Ok(WasmType::I32),
            wasmparser::ValType::I64 => Ok(WasmType::I64),
            wasmparser::ValType::F32 => Ok(WasmType::F32),
            wasmparser::ValType::F64 => Ok(WasmType::F64),
            other => Err(other),
        }
    }
}

#[cfg(test)]
#[path = "abi/tests.rs"]
mod tests;
