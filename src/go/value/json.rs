//! Values as JSON, both ways.
//!
//! Numbers are JSON numbers as long as JavaScript can hold them exactly; larger integers and
//! `NaN`, `+Inf`, `-Inf` are strings. A struct is an object, an array a list, several
//! results too, a nil pointer `null`, a pointer to
//! a new value that value. What JSON has no form for is an object with one key, which no Go field
//! can have: `{"$bytes": "ff00"}` for a string that is not UTF-8, `{"$address": 4096}` for a pointer to
//! something that is there, `{"$ref": 1}` for a Wasm reference, `{"$new": null}` for a new pointer that is nil.
//!
//! Must not know of memory.

use crate::amount::amount;
use serde_json::{Map, Number, Value as Json};

use super::read::{at, hex, scalar};
use super::{Budget, F32, F64, MAX_VALUE_DEPTH, Pointer, Value, ValueError, float, zero};
use crate::go::place::Place;
use crate::go::types::{Signature, Type};

/// The largest integer that JavaScript holds exactly.
const MAX_SAFE: u64 = (1 << 53) - 1;

/// `value` as JSON.
#[must_use]
pub fn to_json(value: &Value, ty: &Type) -> Json {
    write(value, &Place::of(ty), MAX_VALUE_DEPTH)
}

/// The value of type `ty` that JSON means. Fields that are not named are zero.
///
/// # Errors
///
/// What does not fit, and where.
pub fn from_json(json: &Json, ty: &Type) -> Result<Value, ValueError> {
    read(json, &Place::of(ty), &mut Budget::default())
}

/// The arguments of a call as a list.
#[must_use]
pub fn arguments_to_json(arguments: &[Value], signature: &Signature) -> Json {
    let values = arguments.iter().zip(&signature.params);
    Json::Array(values.map(|(value, p)| to_json(value, &p.ty)).collect())
}

/// The arguments of a call from a list.
///
/// # Errors
///
/// If it is no list of as many values as there are parameters, or one does not fit.
pub fn arguments_from_json(json: &Json, signature: &Signature) -> Result<Vec<Value>, ValueError> {
    let wrong = |message: String| ValueError::Other {
        ty: signature.to_string(),
        message,
    };
    let list = json
        .as_array()
        .ok_or_else(|| wrong("the arguments must be a list".to_owned()))?;
    if list.len() != signature.params.len() {
        let (want, have) = (signature.params.len(), list.len());
        return Err(wrong(format!(
            "needs {}, has {have}",
            amount(want as u64, "argument")
        )));
    }
    list.iter()
        .zip(&signature.params)
        .enumerate()
        .map(|(index, (json, p))| {
            from_json(json, &p.ty).map_err(|error| at(p.called(index), error))
        })
        .collect()
}

fn write(value: &Value, place: &Place<'_>, depth: usize) -> Json {
    let Some(depth) = depth.checked_sub(1) else {
        return Json::Null;
    };
    match (value, place.kind()) {
        (Value::Bool(b), _) => Json::Bool(*b),
        (Value::Int(n), _) if n.unsigned_abs() > MAX_SAFE => Json::String(n.to_string()),
        (Value::Int(n), _) => Json::Number((*n).into()),
        (Value::Uint(n), _) if *n > MAX_SAFE => Json::String(n.to_string()),
        (Value::Uint(n), _) => Json::Number((*n).into()),
        (Value::Float32(bits), _) => {
            let number = f32::from_bits(*bits);
            let short = float::plain((*bits).into(), &F32);
            #[allow(
                clippy::cast_possible_truncation,
                reason = "to see whether it is exact"
            )]
            let good = float::read(&short, &F64)
                .is_ok_and(|read| (f64::from_bits(read) as f32).to_bits() == *bits);
            match number.is_finite() {
                true if good => written(&short),
                true => finite(number.into()),
                false => Json::String(float::show((*bits).into(), &F32)),
            }
        }
        (Value::Float64(bits), _) => match f64::from_bits(*bits).is_finite() {
            true => finite(f64::from_bits(*bits)),
            false => Json::String(float::show(*bits, &F64)),
        },
        (Value::String(bytes), _) => match std::str::from_utf8(bytes) {
            Ok(text) => Json::String(text.to_owned()),
            Err(_) => {
                let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                keyed("$bytes", Json::String(hex))
            }
        },
        (Value::Pointer(Pointer::Nil), _) => Json::Null,
        (Value::Pointer(Pointer::Address(number)), Type::Ref(_)) => {
            keyed("$ref", Json::Number((*number).into()))
        }
        (Value::Pointer(Pointer::Address(address)), _) => {
            keyed("$address", Json::Number((*address).into()))
        }
        (Value::Pointer(Pointer::New(value)), Type::Pointer(element)) => {
            let element = place.inner(element);
            let json = write(value, &element, depth);
            // null, {"$address": …} and the like would mean the outer pointer.
            if matches!(element.kind(), Type::Pointer(_) | Type::UnsafePointer) {
                keyed("$new", json)
            } else {
                json
            }
        }
        (Value::Array(values), Type::Array(element, _)) => {
            let element = place.inner(element);
            let list = values.iter().map(|value| write(value, &element, depth));
            Json::Array(list.collect())
        }
        (Value::Array(values), Type::Several(types)) => {
            let parts = values.iter().zip(types);
            let list = parts.map(|(value, ty)| write(value, &place.inner(ty), depth));
            Json::Array(list.collect())
        }
        (Value::Struct(values), Type::Struct(structure)) => {
            let mut object = Map::new();
            for ((name, value), field) in values.iter().zip(&structure.fields) {
                if name != "_" {
                    let json = write(value, &place.inner(&field.ty), depth);
                    object.insert(name.clone(), json);
                }
            }
            Json::Object(object)
        }
        // The value is of another type than it should be.
        _ => Json::Null,
    }
}

fn keyed(key: &str, json: Json) -> Json {
    let mut object = Map::new();
    object.insert(key.to_owned(), json);
    Json::Object(object)
}

/// What stands under `key`, if that is the only one.
fn only<'j>(json: &'j Json, key: &str) -> Option<&'j Json> {
    json.as_object()
        .filter(|object| object.len() == 1)
        .and_then(|object| object.get(key))
}

fn read(json: &Json, place: &Place<'_>, budget: &mut Budget) -> Result<Value, ValueError> {
    budget.part(place)?;
    budget.deeper(place, |budget| read_unlimited(json, place, budget))
}

fn read_unlimited(
    json: &Json,
    place: &Place<'_>,
    budget: &mut Budget,
) -> Result<Value, ValueError> {
    let mismatch = |expected| ValueError::Mismatch {
        ty: place.written(),
        expected,
        found: kind(json),
    };
    match place.kind() {
        Type::Bool => json
            .as_bool()
            .map(Value::Bool)
            .ok_or_else(|| mismatch("true or false")),
        Type::String => match json {
            Json::String(text) => Ok(Value::string(text)),
            _ => match only(json, "$bytes") {
                Some(Json::String(text)) => {
                    hex(text)
                        .map(Value::String)
                        .map_err(|message| ValueError::Other {
                            ty: place.written(),
                            message,
                        })
                }
                _ => Err(mismatch("a string")),
            },
        },
        Type::Array(element, length) => {
            let list = json.as_array().ok_or_else(|| mismatch("a list"))?;
            if u32::try_from(list.len()) != Ok(*length) {
                return Err(ValueError::Length {
                    ty: place.written(),
                    expected: *length,
                    found: list.len(),
                });
            }
            let element = place.inner(element);
            let mut values = Vec::with_capacity(list.len());
            for (index, json) in list.iter().enumerate() {
                let value = read(json, &element, budget)
                    .map_err(|error| at(format!("[{index}]"), error))?;
                values.push(value);
            }
            Ok(Value::Array(values))
        }
        Type::Struct(structure) => {
            let object = json.as_object().ok_or_else(|| mismatch("an object"))?;
            let known = |name: &String| structure.fields.iter().any(|f| f.name == *name);
            if let Some(unknown) = object.keys().find(|name| *name == "_" || !known(name)) {
                return Err(ValueError::NoField {
                    ty: place.written(),
                    field: unknown.clone(),
                });
            }
            let mut values = Vec::new();
            for field in &structure.fields {
                let inner = place.inner(&field.ty);
                let value = match object.get(&field.name) {
                    Some(json) => read(json, &inner, budget)
                        .map_err(|error| at(format!(".{}", field.name), error))?,
                    None => zero(&inner, budget)?,
                };
                values.push((field.name.clone(), value));
            }
            Ok(Value::Struct(values))
        }
        Type::Pointer(_) | Type::UnsafePointer => pointer(json, place, budget),
        Type::Ref(_) => {
            let number = only(json, "$ref").and_then(Json::as_u64);
            let number = number.and_then(|number| u32::try_from(number).ok());
            match (json, number) {
                (Json::Null, _) => Ok(Value::Pointer(Pointer::Nil)),
                (_, Some(number)) if number > 0 => Ok(Value::Pointer(Pointer::Address(number))),
                _ => Err(mismatch("null or a reference")),
            }
        }
        Type::Several(types) => {
            let list = json.as_array().filter(|list| list.len() == types.len());
            let list = list.ok_or_else(|| mismatch("a list with each result"))?;
            let parts = list.iter().zip(types);
            let values = parts.map(|(json, ty)| read(json, &place.inner(ty), budget));
            Ok(Value::Array(values.collect::<Result<_, _>>()?))
        }
        Type::Named { .. } | Type::Other(_) => zero(place, budget),
        _ => match json {
            Json::String(text) => scalar(place, text.trim()),
            Json::Number(number) => numeric(number, place),
            _ => Err(mismatch("a number")),
        },
    }
}

/// A number, which is finite.
pub(crate) fn finite(number: f64) -> Json {
    written(&float::plain(number.to_bits(), &F64))
}

fn written(number: &str) -> Json {
    number.parse().map_or(Json::Null, Json::Number)
}

fn numeric(number: &Number, place: &Place<'_>) -> Result<Value, ValueError> {
    let text = number.to_string();
    let integral = !matches!(place.kind(), Type::Float32 | Type::Float64);
    if integral && text.contains(['.', 'e', 'E']) {
        let float = float::read(&text, &F64).map_or(f64::INFINITY, f64::from_bits);
        // 1e3 and -0.0 are integers too; what is larger than JavaScript's integers is not exact.
        if float.fract() == 0.0 && float.abs() < 9e15 {
            #[allow(clippy::cast_possible_truncation, reason = "it is whole, and small")]
            return scalar(place, &(float as i64).to_string());
        }
    }
    scalar(place, &text)
}

fn pointer(json: &Json, place: &Place<'_>, budget: &mut Budget) -> Result<Value, ValueError> {
    if json.is_null() {
        return Ok(Value::Pointer(Pointer::Nil));
    }
    let address = match (only(json, "$address"), json) {
        (Some(address), _) => Some(address),
        (None, Json::Number(_)) if *place.kind() == Type::UnsafePointer => Some(json),
        _ => None,
    };
    if let Some(address) = address {
        let address = read(address, &Place::of(&Type::Uint32), budget)?;
        return Ok(Value::Pointer(match address {
            Value::Uint(address) if address > 0 => {
                Pointer::Address(u32::try_from(address).unwrap_or_default())
            }
            _ => Pointer::Nil,
        }));
    }
    let Type::Pointer(element) = place.kind() else {
        return Err(ValueError::Mismatch {
            ty: place.written(),
            expected: "null or an address",
            found: kind(json),
        });
    };
    let json = only(json, "$new").unwrap_or(json);
    read(json, &place.inner(element), budget).map(Value::new)
}

fn kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a bool",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}
