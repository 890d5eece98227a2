//! Host functions in JavaScript: calls one for a host call of the session's, with the `guest` that it
//! may use meanwhile, and answers with what it returns, now or when its promise is settled.
//!
//! Must not know whose functions they are: the worker's scripts and the package's are alike.

use super::fetch::fetch;
use super::js::{bytes, define, error, from_plain, range_error, to_plain};
use crate::go::Signature;
use crate::hosts::Ask;
use crate::package::{Plain, answers, calls, options};
use crate::protocol::Outcome;
use crate::session::{HostCall, HostCallId, Session, WithinId};
use js_sys::{Array, Function, Object, Promise, Proxy, Reflect, Uint8Array};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortController;

/// The property of a `guest` that names the host call that it is for.
const CALL: &str = "$call";

/// What functions are called by.
pub(crate) struct HostFunctions {
    session: Rc<RefCell<Session>>,
    /// Has the session stepped again.
    wake: Rc<dyn Fn()>,
    /// What every `guest` inherits.
    prototype: Object,
    /// The console of scripts. It is one for all calls: to make one takes longer than a call.
    console: Object,
    /// The promises of calls of exports that are under way.
    within: RefCell<HashMap<WithinId, Pending>>,
    /// The request that is under way, and what ends it.
    fetching: RefCell<Option<(HostCallId, AbortController)>>,
    /// Hears of a promise that is rejected, so that one which nobody awaits is no error of the program's.
    ignore: Closure<dyn FnMut(JsValue)>,
}

struct Pending {
    resolve: Function,
    reject: Function,
    signature: Signature,
    /// Whether the arguments came as a list: so do they go back.
    is_list: bool,
}

/// How a function is called.
pub(crate) struct Callee {
    pub(crate) function: Function,
    /// Whether it has `guest` and then a console after its arguments, or only `guest` before them.
    pub(crate) is_script: bool,
}

impl HostFunctions {
    pub(crate) fn new(session: Rc<RefCell<Session>>, wake: Rc<dyn Fn()>) -> Rc<Self> {
        Rc::new_cyclic(|weak: &Weak<Self>| {
            let prototype = Object::new();
            let method = |name: &str, act: Method| {
                let weak = weak.clone();
                method(move |this, arguments| {
                    let functions = weak.upgrade().ok_or_else(|| error("the guest is gone"))?;
                    let id = functions.open_call(this)?;
                    act(&functions, id, arguments)
                })
                .map(|method| define(&prototype, name, &method))
            };
            for (name, act) in METHODS {
                // A closure can always be what a proxy stands before.
                let _ = method(name, *act);
            }
            Self {
                console: console(weak.clone()),
                session,
                wake,
                prototype,
                within: RefCell::default(),
                fetching: RefCell::default(),
                ignore: Closure::new(|_| {}),
            }
        })
    }

    /// Calls a function for a host call, and answers with what it returns.
    pub(crate) fn call(self: &Rc<Self>, callee: &Callee, call: HostCall) {
        let arguments = match answers::arguments(&call.signature, &call.args) {
            Ok(arguments) => arguments,
            Err(reason) => return self.fail(call.id, reason),
        };
        let list: Array = arguments.iter().map(from_plain).collect();
        let guest = Object::create(&self.prototype);
        let id = Reflect::set(&guest, &CALL.into(), &call.id.number().into());
        // What it does with memory goes by that name too.
        define(&guest, "memory", &guest);
        if callee.is_script {
            list.push(&guest);
            list.push(&self.console);
        } else {
            list.unshift(&guest);
        }
        match id.and_then(|_| callee.function.apply(&JsValue::UNDEFINED, &list)) {
            Ok(value) if value.has_type::<Promise>() => {
                let this = Rc::clone(self);
                spawn_local(async move {
                    let settled = JsFuture::from(value.unchecked_into::<Promise>()).await;
                    this.answer(&call, settled);
                });
            }
            returned => self.answer(&call, returned),
        }
    }

    /// Does what a framework's host asks of the world, and answers when that is there.
    pub(crate) fn ask(self: &Rc<Self>, id: HostCallId, ask: Ask) {
        let Ask::Http(request) = ask;
        let abort = match AbortController::new() {
            Ok(abort) => abort,
            Err(thrown) => {
                let why = format!("{thrown:?}");
                return self.session.borrow_mut().http_answer(id, Err(why));
            }
        };
        self.fetching.replace(Some((id, abort.clone())));
        let this = Rc::clone(self);
        spawn_local(async move {
            let answer = fetch(&request, &abort).await;
            this.session.borrow_mut().http_answer(id, answer);
            (this.wake)();
        });
    }

    /// Answers a host call with why it failed.
    pub(crate) fn fail(&self, id: HostCallId, reason: String) {
        self.session.borrow_mut().host_answer(id, Err(reason));
        (self.wake)();
    }

    fn answer(&self, call: &HostCall, returned: Result<JsValue, JsValue>) {
        let answer = match returned {
            Ok(value) => to_plain(&value, "the result")
                .map_err(|thrown| thrown_text(&thrown, call.import))
                .and_then(|value| {
                    let session = self.session.borrow();
                    let import = session
                        .info()
                        .and_then(|info| info.imports.get(call.import as usize));
                    let ty = import
                        .and_then(|import| import.ty.func())
                        .cloned()
                        .unwrap_or_default();
                    answers::result(&value, &call.signature, &ty)
                }),
            Err(thrown) => Err(thrown_text(&thrown, call.import)),
        };
        self.session.borrow_mut().host_answer(call.id, answer);
        (self.wake)();
    }

    /// Settles the promises of calls of exports that have ended, and ends a request that nobody waits for any more. To be called after steps.
    pub(crate) fn settle(&self) {
        self.abort();
        let returned = self.session.borrow_mut().take_returned();
        for (id, outcome) in returned {
            let pending = self.within.borrow_mut().remove(&id);
            let Some(pending) = pending else { continue };
            // They only fail if they are no functions.
            let _ = match value_of(&outcome, &pending) {
                Ok(value) => pending.resolve.call1(&JsValue::UNDEFINED, &value),
                Err(reason) => pending.reject.call1(&JsValue::UNDEFINED, &error(&reason)),
            };
        }
    }

    /// Ends the request that is under way if its call has ended, by Stop or by a limit; does nothing to one that is over.
    fn abort(&self) {
        let is_over =
            |(id, _): &mut (HostCallId, AbortController)| !self.session.borrow().is_open(*id);
        if let Some((_, abort)) = self.fetching.borrow_mut().take_if(|it| is_over(it)) {
            abort.abort();
        }
    }

    /// The host call that a `guest` is for, while that is open.
    fn open_call(&self, this: &JsValue) -> Result<HostCallId, JsValue> {
        let number = Reflect::get(this, &CALL.into())
            .ok()
            .and_then(|id| id.as_f64());
        let id = number.map(HostCallId::from_number);
        match id {
            Some(id) if self.session.borrow().is_open(id) => Ok(id),
            Some(_) => Err(error("the host call is over: await what it is to wait for")),
            None => Err(error("to be called as a method of guest: guest.call(…)")),
        }
    }
}

/// What prints on behalf of the host call that the guest waits in.
fn console(functions: Weak<HostFunctions>) -> Object {
    let console = Object::new();
    let print = method(move |_, arguments| {
        let mut line: Vec<String> = arguments.iter().map(|value| shown(&value)).collect();
        line.push("\n".to_owned());
        let text = line.join(" ").replace(" \n", "\n");
        if let Some(functions) = functions.upgrade() {
            functions.session.borrow_mut().print(text.as_bytes());
            (functions.wake)();
        }
        Ok(JsValue::UNDEFINED)
    });
    if let Ok(print) = print {
        for name in ["log", "info", "warn", "error", "debug"] {
            define(&console, name, &print);
        }
    }
    console
}

type Returned = Result<JsValue, JsValue>;

/// A method of a `guest`, for the host call that it is for.
type Method = fn(&Rc<HostFunctions>, HostCallId, &Array) -> Returned;

/// What a `guest` can do.
const METHODS: &[(&str, Method)] = &[
    ("read", read),
    ("write", write),
    ("string", string),
    ("size", size),
    ("call", call),
];

/// `guest.read(address, length)`: a copy of a stretch of memory.
fn read(this: &Rc<HostFunctions>, _: HostCallId, arguments: &Array) -> Returned {
    stretch(this, arguments, |bytes| Uint8Array::from(bytes).into())
}

/// `guest.string(address, length)`: the same as text; what is no UTF-8 is replaced.
fn string(this: &Rc<HostFunctions>, _: HostCallId, arguments: &Array) -> Returned {
    stretch(this, arguments, |bytes| {
        String::from_utf8_lossy(bytes).as_ref().into()
    })
}

fn stretch(
    this: &Rc<HostFunctions>,
    arguments: &Array,
    give: impl FnOnce(&[u8]) -> JsValue,
) -> Returned {
    let (address, length) = (number(&arguments.get(0))?, number(&arguments.get(1))?);
    let session = this.session.borrow();
    let bytes = session.read_memory(address, length);
    bytes
        .map(|bytes| give(&bytes))
        .map_err(|reason| range_error(&reason))
}

/// `guest.write(address, bytes or string)`: how many bytes were written.
fn write(this: &Rc<HostFunctions>, _: HostCallId, arguments: &Array) -> Returned {
    write_into(&this.session, &arguments.get(0), &arguments.get(1))
}

/// Writes a string or bytes into memory: how many bytes were written.
pub(crate) fn write_into(
    session: &RefCell<Session>,
    address: &JsValue,
    data: &JsValue,
) -> Result<JsValue, JsValue> {
    let (address, data) = (number(address)?, data_of(data)?);
    let written = session.borrow_mut().write_memory(address, &data);
    written.map_err(|reason| range_error(&reason))?;
    #[expect(clippy::cast_precision_loss, reason = "memory is not that large")]
    Ok((data.len() as f64).into())
}

/// What is to be written: the bytes of a string, or bytes.
pub(crate) fn data_of(value: &JsValue) -> Result<Vec<u8>, JsValue> {
    let text = value.as_string().map(String::into_bytes);
    text.or_else(|| bytes(value))
        .ok_or_else(|| error("write: needs a string or a Uint8Array"))
}

/// `guest.size()`: the bytes of the memory.
fn size(this: &Rc<HostFunctions>, _: HostCallId, _: &Array) -> Returned {
    let session = this.session.borrow();
    let size = session
        .instance()
        .map_or(0, |instance| instance.memory().size());
    #[expect(clippy::cast_precision_loss, reason = "memory is not that large")]
    Ok((size as f64).into())
}

/// `guest.call(export, ...arguments)`: a promise of what it returns; `guest.call(export, arguments,
/// options)`: of that and of the arguments after the call.
fn call(this: &Rc<HostFunctions>, id: HostCallId, arguments: &Array) -> Returned {
    let export = arguments.shift().as_string();
    let export = export.ok_or_else(|| error("guest.call: needs the name of an export"))?;
    let is_list = Array::is_array(&arguments.get(0));
    let (list, options) = if is_list {
        (arguments.get(0), to_plain(&arguments.get(1), "options")?)
    } else {
        (arguments.into(), Plain::Undefined)
    };
    let Plain::List(list) = to_plain(&list, "args")? else {
        return Err(error("guest.call: needs arguments"));
    };
    let go = options::call_options(&options).map_err(|problem| error(&problem.to_string()))?;
    let begun = {
        let mut session = this.session.borrow_mut();
        let signatures = session.signatures_of(&export);
        let signatures =
            signatures.ok_or_else(|| error(&format!("the module exports no function {export}")))?;
        let (signature, values) =
            calls::read(&export, &signatures, go, &list).map_err(|reason| error(&reason))?;
        session
            .call_within(id, &export, signature.clone(), values)
            .map(|within| (within, signature))
    };
    let (within, signature) = begun.map_err(|reason| error(&format!("guest.call: {reason}")))?;
    let promise = Promise::new(&mut |resolve, reject| {
        let pending = Pending {
            resolve,
            reject,
            signature: signature.clone(),
            is_list,
        };
        this.within.borrow_mut().insert(within, pending);
    });
    let _ = promise.catch(&this.ignore);
    (this.wake)();
    Ok(promise.into())
}

/// What a call of an export returned, or why it did not.
fn value_of(outcome: &Outcome, pending: &Pending) -> Result<JsValue, String> {
    match outcome {
        Outcome::Returned { result, args, .. } => {
            let (result, args) = calls::returned(result.as_ref(), args, &pending.signature);
            if !pending.is_list {
                return Ok(result.as_ref().map_or(JsValue::UNDEFINED, from_plain));
            }
            let result = result.map(|result| ("result".to_owned(), result));
            let args = ("args".to_owned(), args);
            let fields = result.into_iter().chain([args]).collect();
            Ok(from_plain(&Plain::Object(fields)))
        }
        Outcome::Trapped(text) | Outcome::Limited(text) | Outcome::Refused(text) => {
            Err(text.clone())
        }
        Outcome::Exited(code) => Err(format!("the guest exited with code {code}")),
        Outcome::Stopped => Err("the run was stopped".to_owned()),
    }
}

/// A function that is given what it is a method of, and its arguments.
fn method(act: impl Fn(&JsValue, &Array) -> Returned + 'static) -> Returned {
    type Apply = dyn Fn(JsValue, JsValue, Array) -> Returned;
    let apply = Closure::<Apply>::new(move |_: JsValue, this: JsValue, arguments: Array| {
        act(&this, &arguments)
    })
    .into_js_value();
    let handler = Object::new();
    define(&handler, "apply", &apply);
    // Any function will do for what is called: the handler is called instead.
    Ok(Proxy::new(&apply, &handler).into())
}

/// An address or a length: a whole number, or what has an `$address`.
pub(crate) fn number(value: &JsValue) -> Result<u64, JsValue> {
    let address = Reflect::get(value, &"$address".into()).ok();
    let address = address.filter(|address| !address.is_undefined());
    let value = address.as_ref().unwrap_or(value);
    let plain = to_plain(value, "number")?;
    options::unsigned(&plain)
        .ok_or_else(|| error(&format!("needs an address or a length, got {plain}")))
}

/// A value as the console shows it.
fn shown(value: &JsValue) -> String {
    if let Some(text) = value.as_string() {
        return text;
    }
    if let Some(error) = value.dyn_ref::<js_sys::Error>() {
        return String::from(error.to_string());
    }
    let text = js_sys::JSON::stringify(value).ok();
    let text = text.filter(|_| value.is_object() && !value.is_function());
    let text = text.and_then(|text| text.as_string());
    text.unwrap_or_else(|| {
        let plain = to_plain(value, "value");
        plain.map_or_else(|_| "?".to_owned(), |plain| plain.to_string())
    })
}

/// What was thrown, in words, and where in the script, if it was one.
pub(super) fn thrown_text(thrown: &JsValue, import: u32) -> String {
    let Some(error) = thrown.dyn_ref::<js_sys::Error>() else {
        let plain = to_plain(thrown, "what was thrown");
        return plain.map_or_else(|_| "it failed".to_owned(), |plain| plain.to_string());
    };
    let (name, message) = (String::from(error.name()), String::from(error.message()));
    let text = match (name.as_str(), message.as_str()) {
        ("Error" | "", message) if !message.is_empty() => message.to_owned(),
        (name, "") => name.to_owned(),
        (name, message) => format!("{name}: {message}"),
    };
    let stack = Reflect::get(error, &"stack".into()).ok();
    let stack = stack
        .and_then(|stack| stack.as_string())
        .unwrap_or_default();
    match crate::script::position(&stack, &crate::script::source_name(import)) {
        Some((line, column)) => crate::script::at(&text, &format!("{line}:{column}")),
        None => text,
    }
}
