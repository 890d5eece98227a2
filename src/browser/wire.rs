//! How a message travels between page and worker: an object with the bytes of the message and,
//! for a command, the file that goes with it; for a report, the contents of files.

use crate::protocol::{self, CodecError, Command, Event, Report, TraceReport};
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag};

const MESSAGE: &str = "message";
const FILE: &str = "file";
const CONTENTS: &str = "contents";
const READY: &str = "ready";
const PANIC: &str = "panic";
const LOADING: &str = "loading";

/// A command as it is heard, and the file that goes with it.
pub(super) type Heard = (Command, Option<Blob>);

/// What the worker sends.
pub(super) enum FromWorker {
    /// It takes commands now.
    Ready,
    /// It begins with a module that it was sent: what is heard of modules from now on is about this
    /// one.
    Loading {
        /// Whether the module has debug information.
        has_debug: bool,
    },
    /// What happened, and the files to be saved that came with it, in the order of its events.
    Report(Report, Vec<Blob>),
    /// It has panicked, with this message.
    Panic(String),
}

/// What `worker.js` waits for: the address of the program's script, and the program, compiled, or
/// its address.
pub(super) fn start(script: &str, program: &JsValue) -> Object {
    let object = Object::new();
    set(&object, "js", &script.into());
    set(&object, "wasm", program);
    object
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

/// A report, as an object to post, and the buffers to transfer with it. Contents of files are taken
/// out of it.
pub(super) fn report(report: &mut Report) -> Result<(Object, Array), CodecError> {
    let contents = Array::new();
    let looked_at = Array::new();
    for (bytes, to_be_saved) in files(report) {
        let bytes = std::mem::take(bytes);
        if to_be_saved {
            // What is not there any more is no file; the browser says why.
            contents.push(&blob(&bytes).map_or(JsValue::NULL, JsValue::from));
        } else {
            let array = Uint8Array::from(bytes.as_slice());
            contents.push(&array);
            looked_at.push(&array.buffer());
        }
    }
    let (object, transfer) = object(&protocol::encode(report)?);
    if contents.length() > 0 {
        set(&object, CONTENTS, &contents);
    }
    Ok((object, transfer.concat(&looked_at)))
}

/// The message that the worker takes commands.
pub(super) fn ready() -> Object {
    let object = Object::new();
    set(&object, READY, &JsValue::TRUE);
    object
}

/// The message that the worker begins with a module.
pub(super) fn loading(has_debug: bool) -> Object {
    let object = Object::new();
    set(&object, LOADING, &has_debug.into());
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
    if let Some(has_debug) = has(LOADING).as_bool() {
        return Ok(FromWorker::Loading { has_debug });
    }
    let mut report: Report = protocol::decode(&bytes(value, MESSAGE))?;
    let contents = has(CONTENTS).dyn_into::<Array>().unwrap_or_default();
    let mut to_save = Vec::new();
    for ((bytes, to_be_saved), contents) in files(&mut report).zip(contents.iter()) {
        if to_be_saved {
            to_save.extend(contents.dyn_into::<Blob>());
        } else if let Ok(array) = contents.dyn_into::<Uint8Array>() {
            *bytes = array.to_vec();
        }
    }
    Ok(FromWorker::Report(report, to_save))
}

/// The contents of files in a report, and whether they are there to be saved.
fn files(report: &mut Report) -> impl Iterator<Item = (&mut Vec<u8>, bool)> {
    report.events.iter_mut().filter_map(|event| match event {
        Event::Files(file) if file.has_contents() => {
            let to_be_saved = file.is_to_be_saved();
            Some((file.contents_mut()?, to_be_saved))
        }
        Event::Trace(TraceReport::Exported { bytes, .. }) => Some((bytes, true)),
        Event::Built(module) => Some((module, true)),
        _ => None,
    })
}

fn blob(bytes: &[u8]) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type("application/octet-stream");
    let parts = Array::of1(&Uint8Array::from(bytes));
    Blob::new_with_u8_array_sequence_and_options(&parts, &options)
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
