//! Between JavaScript's values and plain ones.

use crate::package::Plain;
use crate::script::callers;
use js_sys::{Array, ArrayBuffer, JsString, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

/// How deep a value may be nested.
const MAX_DEPTH: usize = 256;

/// How many values a value may consist of: one that contains itself twice would never end.
const MAX_PARTS: usize = 1 << 20;

#[wasm_bindgen]
extern "C" {
    /// What kind of object it is: `[object Map]`.
    #[wasm_bindgen(js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn tag(value: &JsValue) -> JsString;

    /// A bigint of decimal digits, which throws for anything else.
    #[wasm_bindgen(catch, js_name = BigInt)]
    fn bigint(digits: &str) -> Result<JsValue, JsValue>;
}

/// The value as plain data; `name` is what an error calls it.
pub(crate) fn to_plain(value: &JsValue, name: &str) -> Result<Plain, JsValue> {
    let mut parts = MAX_PARTS;
    plain(value, MAX_DEPTH, &mut parts)
        .map_err(|problem| problem.unwrap_or_else(|| error(&format!("{name}: {TOO_LARGE}"))))
}

const TOO_LARGE: &str = "nested too deeply, or contains itself";

/// `Err(None)` if it is too large, `Err(Some(…))` with what a getter threw.
fn plain(value: &JsValue, depth: usize, parts: &mut usize) -> Result<Plain, Option<JsValue>> {
    *parts = parts.checked_sub(1).ok_or(None)?;
    let depth = depth.checked_sub(1).ok_or(None)?;
    if let Some(number) = value.as_f64() {
        return Ok(Plain::Number(number));
    }
    if let Some(text) = value.as_string() {
        return Ok(Plain::Text(text));
    }
    if let Some(bool) = value.as_bool() {
        return Ok(Plain::Bool(bool));
    }
    if let Some(bytes) = bytes(value) {
        return Ok(Plain::Bytes(bytes));
    }
    if value.is_undefined() {
        return Ok(Plain::Undefined);
    }
    if value.is_null() {
        return Ok(Plain::Null);
    }
    if value.is_bigint() {
        let digits = value.unchecked_ref::<js_sys::BigInt>().to_string(10);
        return Ok(Plain::BigInt(
            digits.map_or_else(|_| String::new(), String::from),
        ));
    }
    if value.is_function() {
        return Ok(Plain::Function);
    }
    if Array::is_array(value) {
        let array = value.unchecked_ref::<Array>();
        let mut list = Vec::new();
        for index in 0..array.length() {
            let item = Reflect::get_u32(array, index).map_err(Some)?;
            list.push(plain(&item, depth, parts)?);
        }
        return Ok(Plain::List(list));
    }
    if value.is_symbol() {
        return Ok(Plain::Other("a symbol".to_owned()));
    }
    let tag = String::from(tag(value));
    if tag != "[object Object]" {
        let kind = tag.trim_start_matches("[object ").trim_end_matches(']');
        return Ok(Plain::Other(format!("a {kind}")));
    }
    let mut entries = Vec::new();
    let object: &Object = value.unchecked_ref();
    for key in Object::keys(object) {
        let value = Reflect::get(value, &key).map_err(Some)?;
        let key = key.as_string().unwrap_or_default();
        entries.push((key, plain(&value, depth, parts)?));
    }
    Ok(Plain::Object(entries))
}

/// The bytes, if it is bytes.
pub(crate) fn bytes(value: &JsValue) -> Option<Vec<u8>> {
    if let Some(array) = value.dyn_ref::<Uint8Array>() {
        return Some(array.to_vec());
    }
    let buffer = value.dyn_ref::<ArrayBuffer>()?;
    Some(Uint8Array::new(buffer).to_vec())
}

/// The plain value as JavaScript has it.
pub(crate) fn from_plain(value: &Plain) -> JsValue {
    match value {
        Plain::Undefined | Plain::Function | Plain::Other(_) => JsValue::UNDEFINED,
        Plain::Null => JsValue::NULL,
        Plain::Bool(value) => (*value).into(),
        Plain::Number(value) => (*value).into(),
        Plain::BigInt(digits) => bigint(digits).unwrap_or(JsValue::UNDEFINED),
        Plain::Text(text) => text.into(),
        Plain::Bytes(bytes) => Uint8Array::from(bytes.as_slice()).into(),
        Plain::List(list) => list.iter().map(from_plain).collect::<Array>().into(),
        Plain::Object(entries) => {
            let object = Object::new();
            for (key, value) in entries {
                define(&object, key, &from_plain(value));
            }
            object.into()
        }
    }
}

/// Sets a property of an object that was made here.
pub(crate) fn define(object: &Object, key: &str, value: &JsValue) {
    if key == "__proto__" {
        // To set that one would not make a property.
        let descriptor = Object::new();
        for attribute in ["writable", "enumerable", "configurable"] {
            let _ = Reflect::set(&descriptor, &attribute.into(), &JsValue::TRUE);
        }
        let _ = Reflect::set(&descriptor, &"value".into(), value);
        let _ = Reflect::define_property(object, &key.into(), &descriptor);
    } else {
        let _ = Reflect::set(object, &key.into(), value);
    }
}

/// The message of what was thrown.
pub(crate) fn message(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => error.message().into(),
        None => "unknown reason".to_owned(),
    }
}

/// An `Error` with this message.
pub(crate) fn error(message: &str) -> JsValue {
    without_own_calls(js_sys::Error::new(message).into())
}

/// A `RangeError` with this message.
pub(crate) fn range_error(message: &str) -> JsValue {
    without_own_calls(js_sys::RangeError::new(message).into())
}

/// The error with a stack trace of its caller's: the calls within this program say nothing to anybody.
fn without_own_calls(error: JsValue) -> JsValue {
    let stack = Reflect::get(&error, &"stack".into()).ok();
    if let Some(stack) = stack.and_then(|stack| stack.as_string()) {
        // It fails only if somebody froze it.
        let _ = Reflect::set(&error, &"stack".into(), &callers(&stack).into());
    }
    error
}
