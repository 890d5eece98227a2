//! Host functions in JavaScript: what the guest passes as they get it, and what they return as the guest
//! gets it. The worker's scripts and the package's functions are the same in this.

use super::plain::whole;
use super::{Plain, calls, hosts};
use crate::go::value::json;
use crate::go::{Pointer, Received, Signature, Type, Value};
use crate::module::{FuncType, ValType};
use crate::session::HostResult;

/// The property that tells an address.
const ADDRESS: &str = "$address";

/// The arguments of a host call for JavaScript: as [`calls::to_plain`] has values, but that a pointer to
/// a struct is an object of its fields with `$address`, one to anything else is `{ $address, value }`,
/// and an `unsafe.Pointer` is a number.
///
/// # Errors
///
/// If an argument is none: a string that is not all in memory, say.
pub fn arguments(signature: &Signature, received: &[Received]) -> Result<Vec<Plain>, String> {
    let params = signature.params.iter().zip(received).enumerate();
    let arguments = params.map(|(place, (param, received))| {
        let value = received.value.as_ref();
        let value = value.map_err(|error| match param.name.as_str() {
            "" => format!("parameter {place}: {error}"),
            name => format!("parameter {name}: {error}"),
        })?;
        Ok(argument(value, received.address, &param.ty))
    });
    arguments.collect()
}

fn argument(value: &Value, address: Option<u32>, ty: &Type) -> Plain {
    let at = || Plain::Number(address.unwrap_or_default().into());
    match (value, ty.underlying()) {
        (Value::Pointer(Pointer::Nil), Type::UnsafePointer) => Plain::Number(0.0),
        (Value::Pointer(Pointer::Address(address)), Type::UnsafePointer) => {
            Plain::Number((*address).into())
        }
        (Value::Pointer(Pointer::New(_)), _) => match calls::to_plain(value, ty) {
            Plain::Object(mut fields) => {
                fields.insert(0, (ADDRESS.to_owned(), at()));
                Plain::Object(fields)
            }
            value => Plain::Object(vec![
                (ADDRESS.to_owned(), at()),
                ("value".to_owned(), value),
            ]),
        },
        _ => calls::to_plain(value, ty),
    }
}

/// What a host function returned, for an import of this signature and type.
///
/// # Errors
///
/// If it is not of the type: says what it needs to be, and what it is.
pub fn result(value: &Plain, signature: &Signature, ty: &FuncType) -> Result<HostResult, String> {
    let wrong = |needs: String| Err(format!("it needs to return {needs}, and returned {value}"));
    match (ty.results.as_slice(), &signature.result) {
        ([], _) => Ok(HostResult::Value(None)),
        ([_], Some(ty)) => {
            let result = one(value, ty).map(|result| HostResult::Value(Some(result)));
            let for_handle = || (*ty == Type::String).then(|| for_handle(value)).flatten();
            match result.or_else(for_handle) {
                Some(result) => Ok(result),
                None => wrong(ty.to_string()),
            }
        }
        (types, _) => {
            let list = match value {
                Plain::List(list) if list.len() == types.len() => list.as_slice(),
                _ => return wrong(format!("an array of {} values", types.len())),
            };
            let pairs = list.iter().zip(types);
            let bits: Option<Vec<u64>> = pairs.map(|(value, ty)| raw(value, *ty)).collect();
            match bits {
                Some(bits) => Ok(HostResult::Raw(bits)),
                None => wrong(ty.to_string()),
            }
        }
    }
}

/// What stands for a handle, where one is to be returned that what is no text is given for: its JSON, or a number, which is one.
fn for_handle(value: &Plain) -> Option<HostResult> {
    match value {
        Plain::Number(_) | Plain::BigInt(_) => {
            raw(value, ValType::I64).map(|bits| HostResult::Raw(vec![bits]))
        }
        Plain::Object(_) | Plain::List(_) => {
            let json = hosts::to_json(value)?.to_string();
            Some(HostResult::Value(Some(Value::String(json.into_bytes()))))
        }
        _ => None,
    }
}

fn one(value: &Plain, ty: &Type) -> Option<Value> {
    match (value, ty.underlying()) {
        (Plain::Undefined, _) => None,
        (Plain::Number(number), Type::Pointer(_) | Type::UnsafePointer) => {
            let address = u32::try_from(whole(*number)?).ok()?;
            Some(Value::Pointer(match address {
                0 => Pointer::Nil,
                address => Pointer::Address(address),
            }))
        }
        _ => json::from_json(&calls::json_of(value, ty)?, ty).ok(),
    }
}

/// The bits of a value that an import of this Go type returns; `None` if it is not of the type.
#[must_use]
pub fn result_bits(value: &Plain, ty: &Type) -> Option<u64> {
    crate::go::abi::lower_result(&one(value, ty)?, ty).ok()
}

/// The bits of a number of a Wasm type.
pub(super) fn raw(value: &Plain, ty: ValType) -> Option<u64> {
    let ty = FuncType {
        params: Vec::new(),
        results: vec![ty],
    };
    result_bits(value, &ty.numbers("").result?)
}

#[cfg(test)]
#[path = "answers/tests.rs"]
mod tests;
