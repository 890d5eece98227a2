//! Saved calls, made and judged.

use super::driver::End;
use super::plugin::{BUSY, Plugin, busy, loaded_again};
use crate::browser::js::{define, error, from_plain, to_plain};
use crate::go::Signature;
use crate::package::Plain;
use crate::protocol::{CallId, Command, Difference, Outcome};
use crate::saved::expected::HOST_CALLS;
use crate::saved::file::{call_from_json, call_to_json};
use crate::saved::{self, SavedCall};
use js_sys::{Array, Object, Promise};
use serde_json::{Map, Value as Json};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// The command for a call, and the signature that it is made by.
type Made = (Command, Option<Signature>);

/// The saved calls of a file.
#[wasm_bindgen(js_name = savedCalls, skip_typescript)]
pub fn saved_calls(text: &JsValue) -> Result<JsValue, JsValue> {
    let text = text
        .as_string()
        .ok_or_else(|| error("savedCalls: needs the text of a file"))?;
    let file = saved::read(&text).map_err(|problem| error(&problem))?;
    let calls = file.calls.iter().map(|call| {
        let object = Object::new();
        define(&object, "name", &(&*call.name).into());
        define(&object, "call", &call_to_json(call).to_string().into());
        JsValue::from(object)
    });
    let object = Object::new();
    define(&object, "calls", &calls.collect::<Array>());
    define(&object, "inOrder", &file.in_order.into());
    Ok(object.into())
}

/// The text of a file with other calls at some places.
#[wasm_bindgen(js_name = updateCalls, skip_typescript)]
pub fn update_calls(text: &str, places: &[u32], calls: Vec<String>) -> Result<String, JsValue> {
    let update = || -> serde_json::Result<String> {
        let mut json: Json = serde_json::from_str(text)?;
        for (place, call) in places.iter().zip(calls) {
            let list = json.get_mut("calls").and_then(Json::as_array_mut);
            if let Some(there) = list.and_then(|list| list.get_mut(*place as usize)) {
                *there = serde_json::from_str(&call)?;
            }
        }
        Ok(format!("{json:#}\n"))
    };
    update().map_err(|problem| error(&format!("updateCalls: {problem}")))
}

#[wasm_bindgen]
impl Plugin {
    /// Makes a saved call, and says whether what came of it is what is expected.
    #[wasm_bindgen(skip_typescript)]
    pub fn check(&self, call: &JsValue, options: &JsValue) -> Promise {
        let read = || {
            let text = call
                .as_string()
                .ok_or("check: needs the text of a saved call")?;
            let json: Json = serde_json::from_str(&text).map_err(|it| format!("check: {it}"))?;
            call_from_json(&json, "call")
        };
        let fresh = to_plain(options, "options").map(|it| *it.get("fresh") == Plain::Bool(true));
        match (read(), fresh) {
            (Err(problem), _) => Promise::reject(&error(&problem)),
            (_, Err(problem)) => Promise::reject(&problem),
            (Ok(call), Ok(fresh)) => self.check_call(call, fresh),
        }
    }
}

impl Plugin {
    fn check_call(&self, call: SavedCall, fresh: bool) -> Promise {
        let (command, signature) = match self.command_of(&call) {
            Ok(Ok(command)) => command,
            Ok(Err(reason)) => {
                let verdict = verdict(&[saved::not_made(&reason)], None);
                return Promise::resolve(&verdict);
            }
            Err(thrown) => return Promise::reject(&thrown),
        };
        let info = self.info.clone();
        let driver = Rc::clone(&self.driver);
        let Some(ended) = self.begin_checked(command, fresh) else {
            return busy();
        };
        future_to_promise(async move {
            let ended = ended.await;
            let (output, made) = driver.stop_keeping();
            let (outcome, usage) = match ended? {
                End::Ended(outcome, usage) => (outcome, usage),
                End::Refused(message) => return Err(error(&message)),
                End::Ready(..) | End::Engine(_) => return Err(loaded_again()),
            };
            if let Outcome::Refused(reason) = &outcome {
                return Ok(verdict(&[saved::not_made(reason)], None));
            }
            let mut came = saved::came(&call.export, signature.as_ref(), &outcome, &output);
            if let (Some(_), Some(shown)) = (&call.by_form, driver.host.take_shown()) {
                saved::showed(&mut came, &shown);
            }
            if let Some(lines) = made {
                came.insert(HOST_CALLS.to_owned(), Json::from(lines));
            }
            let differences = saved::judge(&call.expect, &came, signature.as_ref());
            let updated = SavedCall {
                expect: kept(&saved::expectation(&came, &info), &call.expect),
                ..call
            };
            let verdict = verdict(&differences, Some(&updated));
            define(verdict.unchecked_ref(), "fuel", &usage.fuel.into());
            let told = driver.backtrace();
            if let Some(told) = told.filter(|_| !matches!(outcome, Outcome::Returned { .. })) {
                told.define_on(verdict.unchecked_ref());
            }
            Ok(verdict)
        })
    }
}

impl Plugin {
    /// What makes a saved call, and the signature that it is made by; or why it cannot be made.
    fn command_of(&self, call: &SavedCall) -> Result<Result<Made, String>, JsValue> {
        if let Some(by_form) = &call.by_form {
            if self.is_busy() {
                return Err(error(BUSY));
            }
            let command = self.driver.made_by_form(&call.export, by_form)?;
            return Ok(command.map(|command| (command, None)));
        }
        let id = CallId(0);
        let command = |resolved| match resolved {
            None => (Command::Start { call: id }, None),
            Some((signature, _, args)) => {
                let command = Command::Call {
                    call: id,
                    export: call.export.clone(),
                    signature: Signature::clone(&signature),
                    args,
                };
                (command, Some(signature))
            }
        };
        Ok(call.resolve(&self.info).map(command))
    }
}

/// Of what came, what was expected before; all if nothing was.
fn kept(came: &Map<String, Json>, before: &Map<String, Json>) -> Map<String, Json> {
    let is_kept = |key: &str| {
        let is_end = matches!(key, saved::expected::EXIT | saved::expected::TRAP);
        before.is_empty() || is_end || before.contains_key(key)
    };
    let came = came.iter().filter(|(key, _)| is_kept(key));
    came.map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

fn verdict(differences: &[Difference], updated: Option<&SavedCall>) -> JsValue {
    let object = Object::new();
    define(&object, "passed", &differences.is_empty().into());
    let each = differences.iter().map(|difference| {
        let object = Object::new();
        define(&object, "what", &(&*difference.what).into());
        let lines = difference.lines.iter();
        let lines = lines.map(|(mark, line)| JsValue::from(format!("{} {line}", mark.sign())));
        define(&object, "lines", &lines.collect::<Array>());
        JsValue::from(object)
    });
    define(&object, "differences", &each.collect::<Array>());
    if let Some(updated) = updated {
        let text = call_to_json(updated).to_string();
        define(&object, "updated", &from_plain(&Plain::Text(text)));
    }
    object.into()
}
