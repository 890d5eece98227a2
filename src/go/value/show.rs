//! Values in Go syntax: `S{val: 7}`, `"a\x00b"`, `&[4]int32{1, 2, 3, 4}`.
//!
//! What is shown reads back as the same value (see [`super::read`]), but for addresses of things,
//! which Go cannot write: they are shown as `(*S)(0x1000)`. Blank fields are not shown, as Go
//! cannot write them either.

use std::fmt::{self, Write};

use super::{F32, F64, MAX_VALUE_DEPTH, Pointer, Value, float, quote};
use crate::go::place::Place;
use crate::go::types::Type;

/// A value with its type, to be written in Go syntax with `{}`.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    value: &'a Value,
    place: Place<'a>,
}

/// `value` in Go syntax.
#[must_use]
pub fn show<'a>(value: &'a Value, ty: &'a Type) -> Shown<'a> {
    show_at(value, Place::of(ty))
}

/// As [`show`], of a type inside another one.
pub(crate) fn show_at<'a>(value: &'a Value, place: Place<'a>) -> Shown<'a> {
    Shown { value, place }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self.value, &self.place, MAX_VALUE_DEPTH)
    }
}

fn write(
    f: &mut fmt::Formatter<'_>,
    value: &Value,
    place: &Place<'_>,
    depth: usize,
) -> fmt::Result {
    let Some(depth) = depth.checked_sub(1) else {
        return f.write_char('…');
    };
    match (value, place.kind()) {
        (Value::Bool(b), _) => write!(f, "{b}"),
        (Value::Int(n), _) => write!(f, "{n}"),
        (Value::Uint(n), Type::Uintptr) => write!(f, "{n:#x}"),
        (Value::Uint(n), _) => write!(f, "{n}"),
        (Value::Float32(bits), _) => f.write_str(&float::show((*bits).into(), &F32)),
        (Value::Float64(bits), _) => f.write_str(&float::show(*bits, &F64)),
        (Value::String(bytes), _) => f.write_str(&quote(bytes)),
        (Value::Pointer(Pointer::Nil), Type::Ref(_)) => f.write_str("null"),
        (Value::Pointer(Pointer::Nil), _) => f.write_str("nil"),
        (Value::Pointer(Pointer::Address(number)), Type::Ref(_)) => write!(f, "ref {number}"),
        (Value::Pointer(Pointer::Address(address)), Type::UnsafePointer) => {
            write!(f, "unsafe.Pointer({address:#x})")
        }
        (Value::Pointer(Pointer::Address(address)), _) => match place.name() {
            Some(name) => write!(f, "{name}({address:#x})"),
            None => write!(f, "({})({address:#x})", place.kind()),
        },
        (Value::Pointer(Pointer::New(value)), Type::Pointer(element)) => {
            let element = place.inner(element);
            match element.kind() {
                Type::Array(..) | Type::Struct(_) => {
                    f.write_char('&')?;
                    write(f, value, &element, depth)
                }
                // Go has no literal for a pointer to these; since 1.26 it has new(value).
                Type::Pointer(_) | Type::UnsafePointer => {
                    if **value == Value::Pointer(Pointer::Nil) {
                        return match element.name() {
                            Some(name) => write!(f, "new({name}(nil))"),
                            None => write!(f, "new(({})(nil))", element.kind()),
                        };
                    }
                    f.write_str("new(")?;
                    write(f, value, &element, depth)?;
                    f.write_char(')')
                }
                _ => {
                    write!(f, "new({}(", element.written())?;
                    write(f, value, &element, depth)?;
                    f.write_str("))")
                }
            }
        }
        (Value::Array(values), Type::Array(element, _)) => {
            let element = place.inner(element);
            write!(f, "{}{{", place.written())?;
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    f.write_str(", ")?;
                }
                write(f, value, &element, depth)?;
            }
            f.write_char('}')
        }
        (Value::Array(values), Type::Several(types)) => {
            f.write_char('(')?;
            for (index, (value, ty)) in values.iter().zip(types).enumerate() {
                if index > 0 {
                    f.write_str(", ")?;
                }
                write(f, value, &place.inner(ty), depth)?;
            }
            f.write_char(')')
        }
        (Value::Struct(values), Type::Struct(structure)) => {
            write!(f, "{}{{", place.written())?;
            let mut separator = "";
            for ((name, value), field) in values.iter().zip(&structure.fields) {
                if name == "_" {
                    continue;
                }
                write!(f, "{separator}{name}: ")?;
                write(f, value, &place.inner(&field.ty), depth)?;
                separator = ", ";
            }
            f.write_char('}')
        }
        // The value is of another type than it should be.
        (value, _) => write!(f, "{value:?}"),
    }
}
