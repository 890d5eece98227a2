//! Saved calls as a file: JSON, to be read, edited and given to others, and to be run in a terminal.
//!
//! ```json
//! {
//!   "plugboard": 1,
//!   "in_order": false,
//!   "calls": [
//!     {
//!       "name": "greets Ada",
//!       "export": "greet",
//!       "signature": "greet(name string)",
//!       "args": ["Ada"],
//!       "expect": { "exit": null, "stdout": "", "stderr": "", "printed": "wasm >> Hello, Ada\n",
//!                   "host_calls": ["log.log(\"wasm >> Hello, Ada\\n\")"] }
//!     }
//!   ]
//! }
//! ```
//!
//! A call by the form of a framework's host has `"host"`, `"action"` and `"fields"` ([`ByForm`]) in place of signature and arguments, and may
//! expect `"failed"` and `"shown"`.
//!
//! Values are written as [`json`](crate::go::value::json) writes them. Each expectation may be left out. Other
//! parts of such a file are for others to read.

use super::SavedCall;
use super::came::MOST_OUTPUT;
use super::expected::{
    ALL, ARGS_AFTER, EXIT, FAILED, HOST_CALLS, PRINTED, SHOWN, STDERR, STDOUT, TRAP,
};
use crate::hosts::ByForm;
use serde_json::{Map, Value as Json};

/// The version of the form.
pub const VERSION: u64 = 1;

/// The most calls of a file.
const MOST_CALLS: usize = 10_000;

/// What is in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calls {
    /// The calls.
    pub calls: Vec<SavedCall>,
    /// Whether they are made one after the other in one instance, and not each in a fresh one.
    pub in_order: bool,
}

/// The text of a file.
#[must_use]
pub fn write(file: &Calls) -> String {
    let mut object = Map::new();
    object.insert("plugboard".to_owned(), VERSION.into());
    object.insert("in_order".to_owned(), file.in_order.into());
    object.insert("calls".to_owned(), to_json(&file.calls));
    format!("{:#}\n", Json::Object(object))
}

/// What is in a file.
///
/// # Errors
///
/// What is wrong, and where.
pub fn read(text: &str) -> Result<Calls, String> {
    let json: Json =
        serde_json::from_str(text).map_err(|error| format!("it is not JSON: {error}"))?;
    match json.get("plugboard") {
        Some(Json::Number(version)) if version.as_u64() == Some(VERSION) => {}
        Some(Json::Number(version)) => {
            return Err(format!(
                "it is of version {version}, and this Plugboard reads version {VERSION}: use a later one"
            ));
        }
        Some(Json::String(what)) => {
            return Err(format!(
                "it is no file of calls: its \"plugboard\" is {what:?}"
            ));
        }
        _ => {
            return Err(format!(
                "it is no file of calls: it has no \"plugboard\": {VERSION}"
            ));
        }
    }
    parts(&json)
}

/// What a file, or another one with the same parts, has of calls.
///
/// # Errors
///
/// What is wrong, and where.
pub fn parts(json: &Json) -> Result<Calls, String> {
    let in_order = match json.get("in_order") {
        None => false,
        Some(Json::Bool(in_order)) => *in_order,
        Some(other) => return Err(needs("in_order", "true or false", other)),
    };
    let calls = json.get("calls").ok_or("it has no \"calls\"")?;
    let calls = from_json(calls)?;
    Ok(Calls { calls, in_order })
}

/// Calls as a list.
#[must_use]
pub fn to_json(calls: &[SavedCall]) -> Json {
    calls.iter().map(call_to_json).collect()
}

/// A call as an object.
#[must_use]
pub fn call_to_json(call: &SavedCall) -> Json {
    let mut object = Map::new();
    let mut put = |key: &str, value: Json| object.insert(key.to_owned(), value);
    put("name", call.name.clone().into());
    put("export", call.export.clone().into());
    if let Some(signature) = &call.signature {
        put("signature", signature.clone().into());
    }
    match &call.by_form {
        Some(form) => form.put(&mut object),
        None => {
            object.insert("args".to_owned(), Json::Array(call.args.clone()));
        }
    }
    object.insert("expect".to_owned(), Json::Object(call.expect.clone()));
    Json::Object(object)
}

/// The calls of a list.
///
/// # Errors
///
/// What is wrong, and where: `calls[2].expect.stdot: …`.
pub fn from_json(list: &Json) -> Result<Vec<SavedCall>, String> {
    let calls = list
        .as_array()
        .ok_or_else(|| needs("calls", "a list", list))?;
    if calls.len() > MOST_CALLS {
        return Err(format!("calls: more than {MOST_CALLS}"));
    }
    let calls = calls.iter().enumerate();
    calls
        .map(|(index, call)| call_from_json(call, &format!("calls[{index}]")))
        .collect()
}

/// The call of an object, which stands at `place`.
///
/// # Errors
///
/// What is wrong, and where.
pub fn call_from_json(json: &Json, place: &str) -> Result<SavedCall, String> {
    let object = json
        .as_object()
        .ok_or_else(|| needs(place, "an object", json))?;
    let mut call = SavedCall::default();
    let mut is_called = false;
    for (key, value) in object {
        let at = format!("{place}.{key}");
        let text = || match value {
            Json::String(text) => Ok(text.clone()),
            other => Err(needs(&at, "a string", other)),
        };
        match &**key {
            "name" => call.name = text()?,
            "export" => {
                call.export = text()?;
                is_called = true;
            }
            "signature" if value.is_null() => {}
            "signature" => call.signature = Some(text()?),
            "args" => match value {
                Json::Array(args) => call.args.clone_from(args),
                other => return Err(needs(&at, "a list", other)),
            },
            "expect" => call.expect = expectations(value, &at)?,
            // They are read together.
            part if ByForm::PARTS.contains(&part) => {}
            _ => {
                let known = "name, export, signature, args, host, action, fields, expect";
                return Err(format!(
                    "{at}: there is no such part of a call, only {known}"
                ));
            }
        }
    }
    if !is_called {
        return Err(format!("{place}: it needs an \"export\""));
    }
    call.by_form = ByForm::get(object).map_err(|why| format!("{place}.{why}"))?;
    if call.by_form.is_some() && (call.signature.is_some() || !call.args.is_empty()) {
        return Err(format!(
            "{place}: what is called by a form has neither \"signature\" nor \"args\""
        ));
    }
    if call.name.is_empty() {
        call.name = call.written();
    }
    Ok(call)
}

fn expectations(json: &Json, place: &str) -> Result<Map<String, Json>, String> {
    let object = json
        .as_object()
        .ok_or_else(|| needs(place, "an object", json))?;
    for (key, value) in object {
        let at = format!("{place}.{key}");
        let size = |length: usize| match length {
            0..=MOST_OUTPUT => Ok(()),
            _ => Err(format!(
                "{at}: more than {MOST_OUTPUT} bytes cannot be compared"
            )),
        };
        let bytes = || Some(value.as_object()?.get("$bytes")?.as_str()?.len() / 2);
        match (&**key, value) {
            (STDOUT | STDERR | PRINTED, Json::String(text)) => size(text.len())?,
            (STDOUT | STDERR | PRINTED, other) => match bytes() {
                Some(length) => size(length)?,
                None => return Err(needs(&at, "a string", other)),
            },
            (TRAP | FAILED, Json::String(_)) | (EXIT, Json::Null) | (SHOWN, Json::Object(_)) => {}
            (SHOWN, other) => return Err(needs(&at, "an object", other)),
            (TRAP | FAILED, other) => return Err(needs(&at, "a part of its text", other)),
            (EXIT, Json::Number(code))
                if code.as_u64().is_some_and(|it| u32::try_from(it).is_ok()) => {}
            (EXIT, other) => return Err(needs(&at, "an exit code, or null", other)),
            (ARGS_AFTER, Json::Array(_)) => {}
            (ARGS_AFTER, other) => return Err(needs(&at, "a list", other)),
            (HOST_CALLS, Json::Array(calls)) if calls.iter().all(Json::is_string) => {}
            (HOST_CALLS, other) => return Err(needs(&at, "a list of strings", other)),
            (key, _) if ALL.contains(&key) => {}
            _ => {
                let known = ALL.join(", ");
                return Err(format!("{at}: there is no such expectation, only {known}"));
            }
        }
    }
    Ok(object.clone())
}

fn needs(place: &str, what: &str, got: &Json) -> String {
    let mut got = got.to_string();
    if let Some((end, _)) = got.char_indices().nth(40) {
        got.truncate(end);
        got.push('…');
    }
    format!("{place}: needs {what}, got {got}")
}
