//! Calls by Go signature: which signature is meant, the arguments by it, and values read back.

use super::Plain;
use super::plain::whole;
use crate::go::value::json::{self, finite};
use crate::go::{Pointer, Signature, Source, Type, Value, parse};
use serde_json::{Map, Value as Json};

/// The largest number up to which JavaScript's are exact integers.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Signatures of an export, the best first, and where each comes from.
pub type Signatures = [(Signature, Source)];

/// The signature that a call of `export` is made by, and the arguments as Go values.
///
/// `go` is what the caller says, and decides. Else it is the first of `signatures`; unless they are
/// guesses: then it is the first that the arguments fit.
///
/// # Errors
///
/// When `go` cannot be read, there is no signature, or the arguments do not fit.
pub fn read(
    export: &str,
    signatures: &Signatures,
    go: Option<&str>,
    args: &[Plain],
) -> Result<(Signature, Vec<Value>), String> {
    if let Some(text) = go {
        let mut signature =
            parse::signature(text, export).map_err(|error| format!("options.go: {error}"))?;
        export.clone_into(&mut signature.name);
        let args = arguments(&signature, args)?;
        return Ok((signature, args));
    }
    let mut problem = None;
    for (signature, source) in signatures {
        match arguments(signature, args) {
            Ok(args) => return Ok((signature.clone(), args)),
            Err(error) if !source.is_guess() => return Err(error),
            Err(error) if signature.params.len() == args.len() => problem = Some(error),
            Err(error) => problem = problem.or(Some(error)),
        }
    }
    Err(problem.unwrap_or_else(|| {
        format!("{export}: no Go function has its type, so that it cannot be called")
    }))
}

/// What a call returned: its result, if it has one, and the list of its arguments after it.
#[must_use]
pub fn returned(
    result: Option<&Value>,
    args: &[Value],
    signature: &Signature,
) -> (Option<Plain>, Plain) {
    let result = result.zip(signature.result.as_ref());
    let args = args.iter().zip(&signature.params);
    let args = args.map(|(arg, param)| to_plain(arg, &param.ty));
    (
        result.map(|(result, ty)| to_plain(result, ty)),
        Plain::List(args.collect()),
    )
}

fn arguments(signature: &Signature, args: &[Plain]) -> Result<Vec<Value>, String> {
    let name = &signature.name;
    let mut list = Vec::new();
    for (index, arg) in args.iter().enumerate() {
        let ty = signature.params.get(index).map(|param| &param.ty);
        let json = to_json(arg, ty, &Scope::default())
            .map_err(|what| format!("{name}: args[{index}]: cannot be {what}"))?;
        list.push(json);
    }
    json::arguments_from_json(&Json::Array(list), signature)
        .map_err(|error| format!("{name}: {error}"))
}

/// The value in the JSON form of [`json`]; `None` for what cannot be a value.
pub(super) fn json_of(value: &Plain, ty: &Type) -> Option<Json> {
    to_json(value, Some(ty), &Scope::default()).ok()
}

/// The definitions around a type, for those that refer back to one.
#[derive(Clone, Default)]
struct Scope<'t>(Vec<(&'t str, &'t Type)>);

impl<'t> Scope<'t> {
    /// `ty` without its names, and the scope of what is inside it.
    fn enter(&self, mut ty: &'t Type) -> (&'t Type, Scope<'t>) {
        let mut scope = self.clone();
        loop {
            let Type::Named { name, underlying } = ty else {
                return (ty, scope);
            };
            match underlying {
                Some(inner) => {
                    scope.0.push((name, inner));
                    ty = inner;
                }
                None => match scope.0.iter().rev().find(|(known, _)| known == name) {
                    Some((_, inner)) if !matches!(inner, Type::Named { .. }) => ty = inner,
                    _ => return (ty, scope),
                },
            }
        }
    }
}

/// The value in the JSON form of [`json`]. The type says what bytes are: a string, or an array.
fn to_json<'t>(value: &Plain, ty: Option<&'t Type>, scope: &Scope<'t>) -> Result<Json, String> {
    let (ty, scope) = match ty {
        Some(ty) => {
            let (ty, scope) = scope.enter(ty);
            (Some(ty), scope)
        }
        None => (None, scope.clone()),
    };
    if let (Some(Type::Pointer(element)), Plain::Bytes(_) | Plain::List(_)) = (ty, value) {
        return to_json(value, Some(element), &scope);
    }
    Ok(match value {
        Plain::Undefined | Plain::Null => Json::Null,
        Plain::Bool(value) => Json::Bool(*value),
        Plain::Number(value) if value.abs() > EXACT && is_integer(ty, &scope) => {
            return Err("a number beyond 2⁵³, which is not exact: give a bigint".to_owned());
        }
        Plain::Number(value) => number(*value),
        Plain::BigInt(digits) => Json::String(digits.clone()),
        Plain::Text(text) => Json::String(text.clone()),
        Plain::Bytes(bytes) if matches!(ty, Some(Type::String)) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            Json::Object(Map::from_iter([("$bytes".to_owned(), Json::String(hex))]))
        }
        Plain::Bytes(bytes) => bytes.iter().map(|byte| Json::from(*byte)).collect(),
        Plain::List(list) => {
            let element = match ty {
                Some(Type::Array(element, _)) => Some(&**element),
                _ => None,
            };
            let items = list.iter().map(|value| to_json(value, element, &scope));
            Json::Array(items.collect::<Result<_, _>>()?)
        }
        Plain::Object(entries) => {
            let mut object = Map::new();
            for (key, value) in entries {
                if *value != Plain::Undefined {
                    let field = field(ty, key, &scope);
                    object.insert(key.clone(), to_json(value, field, &scope)?);
                }
            }
            Json::Object(object)
        }
        Plain::Function | Plain::Other(_) => return Err(value.to_string()),
    })
}

/// Whether this is an integer, or points to one.
fn is_integer(ty: Option<&Type>, scope: &Scope<'_>) -> bool {
    let ty = match ty {
        Some(Type::Pointer(element)) => scope.enter(element).0,
        Some(ty) => ty,
        None => return false,
    };
    matches!(
        ty,
        Type::Int8
            | Type::Int16
            | Type::Int32
            | Type::Int64
            | Type::Uintptr
            | Type::Uint8
            | Type::Uint16
            | Type::Uint32
            | Type::Uint64
    )
}

/// The type of the field `name` of a struct, or of what points to one.
fn field<'t>(ty: Option<&'t Type>, name: &str, scope: &Scope<'t>) -> Option<&'t Type> {
    let structure = match ty? {
        Type::Struct(structure) => structure,
        Type::Pointer(element) => match scope.enter(element).0 {
            Type::Struct(structure) => structure,
            _ => return None,
        },
        _ => return None,
    };
    let field = structure.fields.iter().find(|field| field.name == name)?;
    Some(&field.ty)
}

fn number(value: f64) -> Json {
    let text = |text: &str| Json::String(text.to_owned());
    match whole(value.abs()).and_then(|number| i64::try_from(number).ok()) {
        Some(0) if value.is_sign_negative() => finite(value),
        Some(number) if value < 0.0 => Json::from(-number),
        Some(number) => Json::from(number),
        None if value.is_nan() => text("NaN"),
        None if value == f64::INFINITY => text("+Inf"),
        None if value == f64::NEG_INFINITY => text("-Inf"),
        None => finite(value),
    }
}

/// A value for JavaScript: 64-bit integers are bigints, strings that are not UTF-8 and arrays of
/// bytes are `Uint8Array`s, structs are objects, a nil pointer is `null`, a pointer to what the call
/// was given is what it points at, and any other is `{ $address: number }`.
#[must_use]
pub fn to_plain(value: &Value, ty: &Type) -> Plain {
    plain(value, ty, &Scope::default())
}

#[expect(clippy::cast_precision_loss, reason = "at most 32 bits")]
fn plain<'t>(value: &Value, ty: &'t Type, scope: &Scope<'t>) -> Plain {
    let (ty, scope) = scope.enter(ty);
    match (value, ty) {
        (Value::Bool(value), _) => Plain::Bool(*value),
        (Value::Int(value), Type::Int64) => Plain::BigInt(value.to_string()),
        (Value::Uint(value), Type::Uint64) => Plain::BigInt(value.to_string()),
        (Value::Int(value), _) => Plain::Number(*value as f64),
        (Value::Uint(value), _) => Plain::Number(*value as f64),
        (Value::Float32(bits), _) => Plain::Number(f32::from_bits(*bits).into()),
        (Value::Float64(bits), _) => Plain::Number(f64::from_bits(*bits)),
        (Value::String(bytes), _) => match std::str::from_utf8(bytes) {
            Ok(text) => Plain::Text(text.to_owned()),
            Err(_) => Plain::Bytes(bytes.clone()),
        },
        (Value::Pointer(Pointer::Nil), _) => Plain::Null,
        (Value::Pointer(Pointer::Address(number)), Type::Ref(_)) => {
            Plain::Object(vec![("$ref".to_owned(), Plain::Number((*number).into()))])
        }
        (Value::Pointer(Pointer::Address(address)), _) => Plain::Object(vec![(
            "$address".to_owned(),
            Plain::Number((*address).into()),
        )]),
        (Value::Pointer(Pointer::New(value)), Type::Pointer(element)) => {
            plain(value, element, &scope)
        }
        (Value::Array(values), Type::Array(element, _)) => {
            if *scope.enter(element).0 == Type::Uint8 {
                Plain::Bytes(values.iter().map(byte).collect())
            } else {
                let items = values.iter().map(|value| plain(value, element, &scope));
                Plain::List(items.collect())
            }
        }
        (Value::Array(values), Type::Several(types)) => {
            let values = values.iter().zip(types);
            Plain::List(values.map(|(value, ty)| plain(value, ty, &scope)).collect())
        }
        (Value::Struct(values), Type::Struct(structure)) => {
            let named = values.iter().zip(&structure.fields);
            let named = named.filter(|((name, _), _)| name != "_");
            let fields =
                named.map(|((name, value), field)| (name.clone(), plain(value, &field.ty, &scope)));
            Plain::Object(fields.collect())
        }
        // The value is of another type than it should be.
        _ => Plain::Undefined,
    }
}

fn byte(value: &Value) -> u8 {
    match value {
        Value::Uint(value) => u8::try_from(*value).unwrap_or_default(),
        _ => 0,
    }
}
