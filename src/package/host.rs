//! The host of the framework that a plugin is written for, as the package has it.

use super::driver::Driver;
use super::hosts;
use super::plugin::Plugin;
use crate::browser::js::{define, error, from_plain, to_plain};
use crate::hosts::{ByForm, Kind, Shown};
use crate::module::Info;
use crate::protocol::hosts::{Chosen, FromHost, ToHost};
use crate::protocol::{CallId, Command, decode, encode};
use js_sys::{Array, Object, Promise};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// What the session has said of it.
#[derive(Debug, Default)]
pub(super) struct Heard {
    chosen: RefCell<Option<Chosen>>,
    shown: RefCell<Option<Shown>>,
}

impl Heard {
    /// Takes in an [`Event::Host`](crate::protocol::Event::Host).
    pub(super) fn hear(&self, bytes: &[u8]) {
        match decode(bytes) {
            Ok(FromHost::Chosen(chosen)) => {
                self.chosen.replace(Some(*chosen));
            }
            Ok(FromHost::Shown { shown, .. }) => {
                self.shown.replace(Some(*shown));
            }
            // The session says nothing else.
            Err(_) => {}
        }
    }

    /// What there is to show of the call that has just ended.
    pub(super) fn take_shown(&self) -> Option<Shown> {
        self.shown.take()
    }
}

impl Driver {
    /// Runs the module with the host that was asked for, or the one that it is recognised by, unless the caller answers what that would.
    #[inline(never)]
    pub(super) fn choose_host(
        &self,
        wanted: Option<Option<Kind>>,
        info: &Info,
        given: &[(&str, &str)],
    ) -> Result<(), JsValue> {
        let (wanted, now) = {
            let chosen = self.host.chosen.borrow();
            let chosen = chosen.as_ref();
            let now = chosen.and_then(|chosen| chosen.kind);
            let served = chosen.into_iter().flat_map(|chosen| &chosen.serves);
            let mut served = served.filter_map(|place| info.imports.get(*place as usize));
            let answers = served.any(|import| given.contains(&(&*import.module, &*import.name)));
            (wanted.unwrap_or(if answers { None } else { now }), now)
        };
        self.run_with(wanted, now)
    }

    fn run_with(&self, wanted: Option<Kind>, now: Option<Kind>) -> Result<(), JsValue> {
        if wanted != now {
            self.handle(tell(&ToHost::Choose(wanted)));
            // The session says which one it is.
            self.deliver()?;
        }
        Ok(())
    }

    /// The command for a saved call by a form, with the host that it names from now on; or why it cannot be made.
    pub(super) fn made_by_form(
        &self,
        export: &str,
        by_form: &ByForm,
    ) -> Result<Result<Command, String>, JsValue> {
        let now = self
            .host
            .chosen
            .borrow()
            .as_ref()
            .and_then(|chosen| chosen.kind);
        self.run_with(Some(by_form.kind), now)?;
        let chosen = self.host.chosen.borrow();
        let chosen = chosen.as_ref().ok_or_else(|| error("it has no host"))?;
        let filled = chosen.fill(export, by_form);
        Ok(filled.map(|(action, values)| {
            tell(&ToHost::Call {
                call: CallId(0),
                export: export.to_owned(),
                action,
                values,
            })
        }))
    }
}

fn tell(told: &ToHost) -> Command {
    // No message here cannot be written.
    Command::Host(encode(told).unwrap_or_default())
}

#[wasm_bindgen]
impl Plugin {
    /// What it is written for, and the exports that are called by a form.
    #[wasm_bindgen(getter, skip_typescript)]
    #[must_use]
    pub fn host(&self) -> JsValue {
        let chosen = self.driver.host.chosen.borrow();
        let Some(chosen) = &*chosen else {
            return JsValue::NULL;
        };
        let object = Object::new();
        let name = chosen.kind.map(Kind::key);
        define(&object, "name", &name.map_or(JsValue::NULL, JsValue::from));
        if let Some(recognised) = &chosen.recognised {
            define(&object, "framework", &(&*recognised.name).into());
            define(&object, "why", &(&*recognised.why).into());
            let notes = recognised.notes.iter().map(JsValue::from);
            define(&object, "notes", &notes.collect::<Array>());
        }
        let exports = chosen.forms.iter().map(|(export, _)| JsValue::from(export));
        define(&object, "exports", &exports.collect::<Array>());
        object.into()
    }

    /// Calls an export by its form.
    #[wasm_bindgen(skip_typescript)]
    pub fn perform(&self, export: &JsValue, fields: &JsValue, action: &JsValue) -> Promise {
        match self.performance(export, fields, action) {
            Ok(told) => self.run(tell(&told), None, false),
            Err(problem) => Promise::reject(&problem),
        }
    }
}

impl Plugin {
    fn performance(
        &self,
        export: &JsValue,
        fields: &JsValue,
        action: &JsValue,
    ) -> Result<ToHost, JsValue> {
        let export = export
            .as_string()
            .ok_or_else(|| error("perform: needs the name of an export"))?;
        let chosen = self.driver.host.chosen.borrow();
        let forms = chosen.iter().flat_map(|chosen| &chosen.forms);
        let names: Vec<&str> = forms.clone().map(|(name, _)| name.as_str()).collect();
        let mut found = forms.filter(|(name, _)| *name == export);
        let form = found.next().map(|(_, form)| form).ok_or_else(|| {
            let known = match names.as_slice() {
                [] => "it runs with no host".to_owned(),
                names => format!("its host calls {}", names.join(", ")),
            };
            error(&format!("perform: {export} has no form: {known}"))
        })?;
        let keys = form.actions.iter().map(|action| action.key.clone());
        let keys: Vec<String> = keys.collect();
        let action = match action.as_string() {
            Some(action) if keys.contains(&action) => action,
            None if action.is_undefined() => keys.first().cloned().unwrap_or_default(),
            _ => {
                return Err(error(&format!(
                    "perform: needs an action: {}",
                    keys.join(", ")
                )));
            }
        };
        let fields = to_plain(fields, "fields")?;
        let values = hosts::values(&fields, form).map_err(|problem| error(&problem.to_string()))?;
        Ok(ToHost::Call {
            call: CallId(0),
            export,
            action,
            values,
        })
    }
}

/// Adds what there is to show of a call to what came of it.
pub(super) fn define_shown(object: &JsValue, shown: Option<Shown>) {
    if let (Some(shown), Some(object)) = (shown, object.dyn_ref::<Object>()) {
        define(object, "shown", &from_plain(&hosts::shown(&shown)));
    }
}
