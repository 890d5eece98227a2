//! What came of a call, in the form in which it is expected.

use super::expected::{
    ARGS_AFTER, EXIT, FAILED, HOST_CALLS, PRINTED, RESULT, SHOWN, STDERR, STDOUT, TRAP,
};
use super::host_calls::without_addresses;
use crate::go::value::json;
use crate::go::{Pointer, Signature, Type, Value};
use crate::hosts::{Shown, shown_to_json};
use crate::module::{Import, Info};
use crate::protocol::{Outcome, Stream};
use serde_json::{Map, Value as Json};

/// The most bytes of output that are kept of a call: more cannot be expected.
pub const MOST_OUTPUT: usize = 64 << 10;

/// What a call has printed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    chunks: Vec<(Stream, Vec<u8>)>,
    bytes: usize,
    /// How many chunks were there when the call itself began.
    before: usize,
}

impl Output {
    /// Takes in what was printed, as far as there is room.
    pub fn keep(&mut self, stream: Stream, bytes: &[u8]) {
        self.bytes = self.bytes.saturating_add(bytes.len());
        if self.bytes > MOST_OUTPUT {
            return self.chunks.clear();
        }
        let goes_on = self.before < self.chunks.len();
        match self.chunks.last_mut() {
            Some((last, all)) if goes_on && *last == stream => {
                all.extend_from_slice(bytes);
            }
            _ => self.chunks.push((stream, bytes.to_vec())),
        }
    }

    /// The call itself begins: what came before was the guest being set up.
    pub fn begin(&mut self) {
        self.before = self.chunks.len();
        if self.bytes > MOST_OUTPUT {
            *self = Self::default();
        }
    }

    /// All that went to fd 1 and that imports printed, in order, also before the call; `None`: more than is kept.
    #[must_use]
    pub fn printed(&self) -> Option<Vec<u8>> {
        let chunks = self.chunks.iter().filter(|it| it.0 != Stream::Stderr);
        (self.bytes <= MOST_OUTPUT).then(|| chunks.flat_map(|it| it.1.iter().copied()).collect())
    }

    /// What the call printed there; `None`: more than is kept.
    fn of(&self, stream: Stream) -> Option<Json> {
        let chunks = self.chunks.iter().skip(self.before);
        let chunks = chunks.filter(|it| it.0 == stream);
        let bytes: Vec<u8> = chunks.flat_map(|it| it.1.iter().copied()).collect();
        let text = || json::to_json(&Value::String(bytes), &Type::String);
        (self.bytes <= MOST_OUTPUT).then(text)
    }
}

/// What came of a call: all that can be expected of one, but for host calls.
///
/// `signature`: `None` for what starts the guest. To return from `_start` is to exit with 0, as WASI has it.
#[must_use]
pub fn came(
    export: &str,
    signature: Option<&Signature>,
    outcome: &Outcome,
    output: &Output,
) -> Map<String, Json> {
    let mut came = Map::new();
    let mut put = |key: &str, value: Json| came.insert(key.to_owned(), value);
    match outcome {
        Outcome::Returned { result, args, .. } => {
            let code = if export == "_start" {
                Json::from(0)
            } else {
                Json::Null
            };
            put(EXIT, code);
            if let Some(signature) = signature {
                if let (Some(result), Some(ty)) = (result, &signature.result) {
                    put(RESULT, json::to_json(result, ty));
                }
                let is_new = |value: &Value| matches!(value, Value::Pointer(Pointer::New(_)));
                if args.iter().any(is_new) {
                    put(ARGS_AFTER, json::arguments_to_json(args, signature));
                }
            }
        }
        Outcome::Exited(code) => {
            put(EXIT, Json::from(*code));
        }
        Outcome::Trapped(text) | Outcome::Limited(text) | Outcome::Refused(text) => {
            put(TRAP, Json::from(&**text));
        }
        Outcome::Stopped => {
            put(TRAP, Json::from("stopped"));
        }
    }
    for (key, stream) in [
        (STDOUT, Stream::Stdout),
        (STDERR, Stream::Stderr),
        (PRINTED, Stream::Host),
    ] {
        if let Some(text) = output.of(stream) {
            put(key, text);
        }
    }
    came
}

/// Adds what a call by a form has shown, unless it ended in the middle.
pub fn showed(came: &mut Map<String, Json>, shown: &Shown) {
    if came.contains_key(TRAP) {
        return;
    }
    if let Some(failed) = &shown.failed {
        came.insert(FAILED.to_owned(), failed.as_str().into());
    }
    if let Some(shown) = shown_to_json(shown) {
        came.insert(SHOWN.to_owned(), shown);
    }
}

/// What is expected of a call of the module of which this came: all of it, but for addresses, which another
/// build moves.
#[must_use]
pub fn expectation(came: &Map<String, Json>, info: &Info) -> Map<String, Json> {
    let mut expect = came.clone();
    let is_address = |value: &mut Json| {
        let object = value.as_object();
        object.is_some_and(|object| object.contains_key("$address") || object.contains_key("$ref"))
    };
    if expect.get_mut(RESULT).is_some_and(is_address) {
        expect.shift_remove(RESULT);
    }
    let is_typed = |call: &str| {
        let called = |import: &Import| {
            let rest = call
                .strip_prefix(&*import.module)
                .and_then(|rest| rest.strip_prefix('.'));
            let rest = rest.and_then(|rest| rest.strip_prefix(&*import.name));
            rest.is_some_and(|rest| rest.starts_with('(')) && import.signature.is_some()
        };
        info.imports.iter().any(called)
    };
    if let Some(Json::Array(calls)) = expect.get_mut(HOST_CALLS) {
        for call in calls {
            if let Json::String(text) = call {
                *text = without_addresses(text, is_typed(text));
            }
        }
    }
    expect
}
