//! Values of Go types, as the page holds them: exact for every bit pattern.
//!
//! How a value is written in Go is in [`show`], how it is read from what a person typed in
//! [`read`], how it travels as JSON in [`json`]. Must not know how it lies in memory.

mod float;
pub mod json;
mod number;
mod quote;
pub mod read;
pub mod show;
mod whole;

use crate::amount::amount;
use serde::{Deserialize, Serialize};

use super::layout::LayoutError;
use super::place::Place;
use super::types::Type;

pub(crate) use float::{F32, F64, plain};
pub(super) use quote::rune;
pub use quote::{legible, named, quote, unquote};
pub(crate) use read::parse_at;
pub use read::{StringForm, parse, parse_string};
pub(crate) use show::show_at;
pub use show::{Shown, show};

/// How many values a value may consist of. More is refused, so that a type like
/// `[4294967295]struct{}` cannot fill the host's memory.
pub const MAX_PARTS: usize = 1 << 20;

/// How deep values may be nested: pointers to new values can go on where types end.
pub const MAX_VALUE_DEPTH: usize = 128;

/// A Go value. Its [`Type`] says how to read it: `Int(7)` may be an int8 or an int64.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are Go's")]
pub enum Value {
    Bool(bool),
    /// int8, int16, int32, int64.
    Int(i64),
    /// uint8, uint16, uint32, uint64, uintptr.
    Uint(u64),
    /// The bits of a float32.
    Float32(u32),
    /// The bits of a float64.
    Float64(u64),
    /// The bytes of a string; not always UTF-8.
    String(Vec<u8>),
    /// A pointer, or an unsafe.Pointer; a Wasm reference.
    Pointer(Pointer),
    /// Of an array, or several results.
    Array(Vec<Value>),
    /// Fields in memory order, with the blank ones.
    Struct(Vec<(String, Value)>),
}

/// A pointer into the guest's memory; or a Wasm reference, whose "address" is the number that stands for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Pointer {
    /// Go's nil: address 0.
    Nil,
    /// Where something is already.
    Address(u32),
    /// Something for which room is to be found; or, in what was read back, what is there.
    New(Box<Value>),
}

/// What is wrong with a value, or with the text of one. The text names the type first, as Go's own
/// messages do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what is meant")]
pub enum ValueError {
    #[error("{ty}: {text} is out of range {min} to {max}")]
    OutOfRange {
        ty: String,
        text: String,
        min: String,
        max: String,
    },
    #[error("{ty}: {text:?} is not {expected}")]
    Syntax {
        ty: String,
        text: String,
        expected: String,
    },
    #[error("{ty}: {message}")]
    Other { ty: String, message: String },
    #[error("{ty}: needs {expected}, not {found}")]
    Mismatch {
        ty: String,
        expected: &'static str,
        found: &'static str,
    },
    #[error("{ty}: {} where the array has {expected}", amount(*found as u64, "element"))]
    Length {
        ty: String,
        expected: u32,
        found: usize,
    },
    #[error("{ty} has no field {field}")]
    NoField { ty: String, field: String },
    #[error("{path}: {error}")]
    At {
        path: String,
        error: Box<ValueError>,
    },
    #[error("{0}: more than {MAX_PARTS} values")]
    TooLarge(String),
    #[error("{0}: nested too deeply")]
    TooDeep(String),
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

impl Value {
    /// A string value.
    #[must_use]
    pub fn string(text: impl AsRef<[u8]>) -> Value {
        Value::String(text.as_ref().to_vec())
    }

    /// A pointer to a new value.
    #[must_use]
    pub fn new(value: Value) -> Value {
        Value::Pointer(Pointer::New(Box::new(value)))
    }

    /// The zero value of `ty`.
    ///
    /// # Errors
    ///
    /// If the type cannot have values here, or they would be too large.
    pub fn zero(ty: &Type) -> Result<Value, ValueError> {
        zero_at(&Place::of(ty))
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Value::Bool(_) => "a bool",
            Value::Int(_) => "a signed integer",
            Value::Uint(_) => "an unsigned integer",
            Value::Float32(_) => "a float32",
            Value::Float64(_) => "a float64",
            Value::String(_) => "a string",
            Value::Pointer(_) => "a pointer",
            Value::Array(_) => "an array",
            Value::Struct(_) => "a struct",
        }
    }
}

/// Where `after` differs from `before`, as paths that Go would write: `.pos.x`, `[3]`. An empty
/// path is the value itself.
#[must_use]
pub fn changes(before: &Value, after: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    differ(before, after, "", &mut paths);
    paths
}

fn differ(before: &Value, after: &Value, path: &str, paths: &mut Vec<String>) {
    match (before, after) {
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                if old != new {
                    differ(old, new, &format!("{path}[{index}]"), paths);
                }
            }
        }
        (Value::Struct(old), Value::Struct(new)) if old.len() == new.len() => {
            for ((_, old), (name, new)) in old.iter().zip(new) {
                if old != new {
                    differ(old, new, &format!("{path}.{name}"), paths);
                }
            }
        }
        (Value::Pointer(Pointer::New(old)), Value::Pointer(Pointer::New(new))) => {
            differ(old, new, path, paths);
        }
        _ => {
            if before != after {
                paths.push(path.to_owned());
            }
        }
    }
}

/// What a walk over values may still use.
#[derive(Debug)]
pub(super) struct Budget {
    parts: usize,
    depth: usize,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget {
            parts: MAX_PARTS,
            depth: MAX_VALUE_DEPTH,
        }
    }
}

impl Budget {
    /// Takes one part.
    pub(super) fn part(&mut self, place: &Place<'_>) -> Result<(), ValueError> {
        self.parts = self
            .parts
            .checked_sub(1)
            .ok_or_else(|| ValueError::TooLarge(place.written()))?;
        Ok(())
    }

    /// Goes one level down for as long as `walk` takes.
    pub(super) fn deeper<T>(
        &mut self,
        place: &Place<'_>,
        walk: impl FnOnce(&mut Budget) -> Result<T, ValueError>,
    ) -> Result<T, ValueError> {
        self.enter(place)?;
        let result = walk(self);
        self.leave();
        result
    }

    /// Goes one level down, until [`Budget::leave`].
    pub(super) fn enter(&mut self, place: &Place<'_>) -> Result<(), ValueError> {
        self.depth = self
            .depth
            .checked_sub(1)
            .ok_or_else(|| ValueError::TooDeep(place.written()))?;
        Ok(())
    }

    /// Comes back up.
    pub(super) fn leave(&mut self) {
        self.depth += 1;
    }
}

/// The zero value of a type inside another one.
pub(crate) fn zero_at(place: &Place<'_>) -> Result<Value, ValueError> {
    zero(place, &mut Budget::default())
}

pub(super) fn zero(place: &Place<'_>, budget: &mut Budget) -> Result<Value, ValueError> {
    budget.part(place)?;
    Ok(match place.kind() {
        Type::Bool => Value::Bool(false),
        Type::Int8 | Type::Int16 | Type::Int32 | Type::Int64 => Value::Int(0),
        Type::Uint8 | Type::Uint16 | Type::Uint32 | Type::Uint64 | Type::Uintptr => Value::Uint(0),
        Type::Float32 => Value::Float32(0),
        Type::Float64 => Value::Float64(0),
        Type::String => Value::String(Vec::new()),
        Type::UnsafePointer | Type::Pointer(_) | Type::Ref(_) => Value::Pointer(Pointer::Nil),
        Type::Array(element, length) => {
            let element = place.inner(element);
            let mut values = Vec::new();
            for _ in 0..*length {
                values.push(budget.deeper(place, |budget| zero(&element, budget))?);
            }
            Value::Array(values)
        }
        Type::Struct(structure) => {
            let mut values = Vec::new();
            for field in &structure.fields {
                let value = budget.deeper(place, |budget| zero(&place.inner(&field.ty), budget))?;
                values.push((field.name.clone(), value));
            }
            Value::Struct(values)
        }
        Type::Named { name, .. } => return Err(LayoutError::Undefined(name.clone()).into()),
        Type::Several(_) => return Err(LayoutError::Unknown(place.written()).into()),
        Type::Other(text) => return Err(LayoutError::Unknown(text.clone()).into()),
    })
}

/// The range of an integer type: smallest and largest value.
pub(super) fn range(ty: &Type) -> Option<(i128, i128)> {
    Some(match ty {
        Type::Int8 => (i8::MIN.into(), i8::MAX.into()),
        Type::Int16 => (i16::MIN.into(), i16::MAX.into()),
        Type::Int32 => (i32::MIN.into(), i32::MAX.into()),
        Type::Int64 => (i64::MIN.into(), i64::MAX.into()),
        Type::Uint8 => (0, u8::MAX.into()),
        Type::Uint16 => (0, u16::MAX.into()),
        Type::Uint32 | Type::Uintptr => (0, u32::MAX.into()),
        Type::Uint64 => (0, u64::MAX.into()),
        _ => return None,
    })
}

/// `number` as a value of the integer type `ty`, if it is in its range.
pub(super) fn integer(
    ty: &Type,
    name: &str,
    number: i128,
    text: &str,
) -> Result<Value, ValueError> {
    let (min, max) = range(ty).unwrap_or((0, 0));
    let error = || ValueError::OutOfRange {
        ty: name.to_owned(),
        text: text.to_owned(),
        min: min.to_string(),
        max: max.to_string(),
    };
    if number < min || number > max {
        return Err(error());
    }
    match ty {
        Type::Int8 | Type::Int16 | Type::Int32 | Type::Int64 => {
            i64::try_from(number).map(Value::Int)
        }
        _ => u64::try_from(number).map(Value::Uint),
    }
    .map_err(|_| error())
}

#[cfg(test)]
#[path = "value/tests.rs"]
mod tests;
