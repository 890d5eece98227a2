//! What each block of memory holds that the arguments of a call were given.
//!
//! A block comes after those that it points to, as [`lower`](crate::go::abi::lower) plans them.

use crate::go::value::Pointer;
use crate::go::{Place, Signature, Type, Value};

/// What a block holds.
pub(super) struct Pointee<'t> {
    /// The number of the parameter that leads to it.
    pub(super) param: usize,
    /// How Go reaches it from there; empty for what the parameter itself points at.
    pub(super) path: String,
    /// Its type; `None`: the bytes of a string.
    pub(super) place: Option<Place<'t>>,
}

/// What the blocks hold that these arguments take, in order.
pub(super) fn pointees<'t>(signature: &'t Signature, args: &[Value]) -> Vec<Pointee<'t>> {
    let mut pointees = Vec::new();
    for (param, (declared, value)) in signature.params.iter().zip(args).enumerate() {
        let path = declared.name.clone();
        walk(value, &Place::of(&declared.ty), param, &path, &mut pointees);
        if let Some(own) = pointees.last_mut().filter(|own| own.param == param) {
            own.path.clear();
        }
    }
    pointees
}

fn walk<'t>(
    value: &Value,
    place: &Place<'t>,
    param: usize,
    path: &str,
    pointees: &mut Vec<Pointee<'t>>,
) {
    let mut found = |place| {
        pointees.push(Pointee {
            param,
            path: path.to_owned(),
            place,
        });
    };
    match (value, place.kind()) {
        (Value::String(bytes), Type::String) if !bytes.is_empty() => found(None),
        (Value::Pointer(Pointer::New(value)), Type::Pointer(element)) => {
            let inner = place.inner(element);
            let inside = match inner.kind() {
                Type::Struct(_) | Type::Array(..) => path.to_owned(),
                _ => format!("(*{path})"),
            };
            walk(value, &inner, param, &inside, pointees);
            pointees.push(Pointee {
                param,
                path: path.to_owned(),
                place: Some(inner),
            });
        }
        (Value::Array(values), Type::Array(element, _)) => {
            let inner = place.inner(element);
            for (index, value) in values.iter().enumerate() {
                walk(value, &inner, param, &format!("{path}[{index}]"), pointees);
            }
        }
        (Value::Struct(values), Type::Struct(structure)) => {
            for ((name, value), field) in values.iter().zip(&structure.fields) {
                let path = format!("{path}.{name}");
                walk(value, &place.inner(&field.ty), param, &path, pointees);
            }
        }
        _ => {}
    }
}
