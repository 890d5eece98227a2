//! How a message travels between page and worker: an object with the bytes of the message and,
//! for a command, the file that goes with it.

use crate::protocol::{self, CodecError, Command, Report};
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

const MESSAGE: &str = "message";
const FILE: &str = "file";
const READY: &str = "ready";
const PANIC: &str = "panic";

/// A command as it is heard, and the file that goes with it.
pub(super) type Heard = (Command, Option<Blob>);

/// What the worker sends.
pub(super) enum FromWorker {
    /// It takes commands now.
    Ready,
    /// What happened.
    Report(Report),
    /// It has panicked, with this message.
    Panic(String),
}

/// A command and its file, as an object to post, and the buffers to transfer with it.
pub(super) fn command(
    command: &Command,
    file: Option<&Blob>,
) -> Result<(Object, Array), CodecError> {
    let (object, transfer) = object(&protocol::encode(command)?);
    if let Some(file) = file {
        set(&object, FILE, file);
    }
    Ok((object, transfer))
}

/// The command in a message, and its file.
pub(super) fn read_command(value: &JsValue) -> Result<Heard, CodecError> {
    let command = protocol::decode(&bytes(value, MESSAGE))?;
    let file = Reflect::get(value, &FILE.into()).ok();
    Ok((command, file.and_then(|file| file.dyn_into().ok())))
}

/// A report, as an object to post, and the buffers to transfer with it.
pub(super) fn report(report: &Report) -> Result<(Object, Array), CodecError> {
    Ok(object(&protocol::encode(report)?))
}

/// The message that the worker takes commands.
pub(super) fn ready() -> Object {
    let object = Object::new();
    set(&object, READY, &JsValue::TRUE);
    object
}

/// The message that the worker has panicked.
pub(super) fn panicked(text: &str) -> Object {
    let object = Object::new();
    set(&object, PANIC, &text.into());
    object
}

/// What the worker said.
pub(super) fn read_from_worker(value: &JsValue) -> Result<FromWorker, CodecError> {
    let has = |key: &str| Reflect::get(value, &key.into()).unwrap_or(JsValue::UNDEFINED);
    if has(READY).is_truthy() {
        return Ok(FromWorker::Ready);
    }
    if let Some(text) = has(PANIC).as_string() {
        return Ok(FromWorker::Panic(text));
    }
    Ok(FromWorker::Report(protocol::decode(&bytes(
        value, MESSAGE,
    ))?))
}

fn object(bytes: &[u8]) -> (Object, Array) {
    let array = Uint8Array::from(bytes);
    let object = Object::new();
    set(&object, MESSAGE, &array);
    (object, Array::of1(&array.buffer()))
}

fn set(object: &Object, key: &str, value: &JsValue) {
    // Fails only for frozen objects and proxies: this one was made above.
    let _ = Reflect::set(object, &key.into(), value);
}

fn bytes(value: &JsValue, key: &str) -> Vec<u8> {
    Reflect::get(value, &key.into())
        .ok()
        .and_then(|value| value.dyn_into::<Uint8Array>().ok())
        .map(|array| array.to_vec())
        .unwrap_or_default()
}
