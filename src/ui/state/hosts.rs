//! Plugins that are written for a framework: their host, what is filled in for a call, and what came of it.

mod kept;
mod look;

pub(crate) use self::look::{Look, look};

use super::arrangement::Pane;
use super::board::{Board, Effect};
use super::outcome::{Called, Tone};
use super::shared::Shared;
use crate::hosts::{ByForm, Form, Kind, Shown, Value, Values, hex, read_hex};
use crate::protocol::hosts::{Chosen, FromHost, ToHost};
use crate::protocol::{CallId, Command, decode, encode};
use litemap::LiteMap;
use serde_json::{Map, Value as Json};

/// The host that the module on the board runs with, and what it has shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Hosting {
    pub(crate) chosen: Chosen,
    /// By export: its last call.
    shown: LiteMap<String, (CallId, Shared<Shown>)>,
}

/// What somebody chose and filled in; it is the plugin's.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filled {
    /// The host, if somebody chose another one than the module is recognised by: `Some(None)` is none.
    pub(super) kind: Option<Option<Kind>>,
    /// By the name of the form and the key of the field.
    pub(super) entries: LiteMap<String, LiteMap<String, Entry>>,
}

/// What a field is filled in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A value as it is.
    Value(Value),
    /// Bytes, as text.
    Text(String),
    /// Bytes, as hexadecimal digits.
    Hex(String),
    /// Bytes, of the file of this name.
    File(String, Vec<u8>),
}

impl Entry {
    /// That of a value.
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Bytes(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Self::Text(text.to_owned()),
                Err(_) => Self::Hex(hex(bytes)),
            },
            value => Self::Value(value.clone()),
        }
    }

    /// The value; the text says what is wrong with what is typed.
    pub(crate) fn value(&self) -> Result<Value, String> {
        Ok(match self {
            Self::Value(value) => value.clone(),
            Self::Text(text) => Value::Bytes(text.clone().into_bytes()),
            Self::Hex(digits) => Value::Bytes(read_hex(digits)?),
            Self::File(_, bytes) => Value::Bytes(bytes.clone()),
        })
    }

    /// The same bytes as text.
    pub(crate) fn as_text(&self) -> Self {
        Self::Text(String::from_utf8_lossy(&self.bytes()).into_owned())
    }

    /// The same bytes as hexadecimal digits.
    pub(crate) fn as_hex(&self) -> Self {
        Self::Hex(hex(&self.bytes()))
    }

    fn bytes(&self) -> Vec<u8> {
        match self.value() {
            Ok(Value::Bytes(bytes)) => bytes,
            _ => Vec::new(),
        }
    }
}

impl Filled {
    /// What a field is filled in with; `None`: with its default.
    pub(crate) fn entry(&self, form: &str, key: &str) -> Option<&Entry> {
        self.entries.get(form)?.get(key)
    }

    /// What is filled in that is not the default, or the first thing that is wrong: the label of its field, and what.
    fn values(&self, form: &Form) -> Result<Values, String> {
        let mut values = Values::default();
        for field in &form.fields {
            if let Some(entry) = self.entry(&form.name, &field.key) {
                let value = entry.value();
                let wrong = |why| format!("{}: {why}", field.label);
                values.set(&field.key, value.map_err(wrong)?);
            }
        }
        Ok(values.beyond(form))
    }
}

impl Hosting {
    /// The form of an export; `None`: it is called by its signature.
    pub(crate) fn form(&self, export: &str) -> Option<&Form> {
        self.chosen.form(export)
    }

    /// What there is to show of a call of an export.
    pub(crate) fn shown(&self, export: &str, call: CallId) -> Option<&Shared<Shown>> {
        let (last, shown) = self.shown.get(export)?;
        (*last == call).then_some(shown)
    }
}

impl Board {
    /// The host that the module on the board runs with, or could; `None`: it is written for no framework.
    pub(crate) fn hosting(&self) -> Option<&Shared<Hosting>> {
        self.hosting.as_ref()
    }

    /// What somebody filled in for it.
    pub(crate) fn filled(&self) -> Shared<Filled> {
        self.given.host.clone().unwrap_or_default()
    }

    /// The form of the export that is selected.
    pub(crate) fn host_form(&self) -> Option<Form> {
        self.selected_form().cloned()
    }

    fn selected_form(&self) -> Option<&Form> {
        self.hosting.as_ref()?.form(self.selected.as_deref()?)
    }

    /// What the first thing that can be done with it is called.
    pub(crate) fn form_action(&self) -> Option<String> {
        Some(self.selected_form()?.actions.first()?.label.clone())
    }

    /// What the worker says of the host.
    #[inline(never)]
    pub(super) fn hear_host(&mut self, bytes: &[u8]) -> Vec<Effect> {
        match decode(bytes) {
            Ok(FromHost::Chosen(chosen)) => self.host_is(*chosen),
            Ok(FromHost::Shown { call, shown }) => {
                if let Some(run) = self.run.as_ref().filter(|run| run.call == call)
                    && let Some(hosting) = &mut self.hosting
                {
                    let export = run.called.export.clone();
                    let shown = (call, Shared::new(*shown));
                    hosting.make_mut().shown.insert(export, shown);
                }
            }
            Err(error) => self.rejected(&error.to_string()),
        }
        Vec::new()
    }

    fn host_is(&mut self, chosen: Chosen) {
        if let Some(plugged) = &mut self.plugged {
            let host = chosen.kind.map(|kind| kind.name().to_owned());
            plugged.make_mut().host = host.zip(Some(chosen.serves.clone()));
        }
        let hosting = Hosting {
            chosen,
            ..Hosting::default()
        };
        let selected = self.selected.as_deref();
        if selected.is_none_or(|export| hosting.form(export).is_none())
            && let Some((export, _)) = hosting.chosen.forms.first()
        {
            self.selected = Some(export.clone());
        }
        self.hosting = Some(Shared::new(hosting));
    }

    /// Runs the module with this host from now on, in a fresh instance.
    #[inline(never)]
    pub(crate) fn choose_host(&mut self, kind: Option<Kind>) -> Vec<Effect> {
        let recognised = self.hosting.as_ref();
        let recognised = recognised.and_then(|hosting| hosting.chosen.recognised.as_ref()?.kind);
        let mut filled = self.filled();
        filled.make_mut().kind = (kind != recognised).then_some(kind);
        self.given.host = Some(filled);
        self.changed = true;
        vec![tell(&ToHost::Choose(kind))]
    }

    /// Lets somebody choose a host for a module that is not recognised.
    #[inline(never)]
    pub(crate) fn offer_hosts(&mut self) -> Vec<Effect> {
        self.arrangement.reveal(Pane::Call);
        match self.hosting {
            Some(_) => Vec::new(),
            None => vec![tell(&ToHost::Choose(None))],
        }
    }

    /// The module is ready: it is to run with the host that somebody chose.
    pub(super) fn host_anew(&self) -> Option<Effect> {
        let kind = self.given.host.as_ref()?.kind?;
        Some(tell(&ToHost::Choose(kind)))
    }

    /// Something is filled in for the export that is selected.
    pub(crate) fn fill(&mut self, key: &str, entry: Entry) {
        let Some(form) = self.host_form() else {
            return;
        };
        let mut filled = self.filled();
        let entries = &mut filled.make_mut().entries;
        let mut of_form = entries.remove(&form.name).unwrap_or_default();
        of_form.insert(key.to_owned(), entry);
        entries.insert(form.name, of_form);
        self.given.host = Some(filled);
        self.changed = true;
    }

    /// A file was picked for a field of an export's form.
    pub(crate) fn fill_file(&mut self, export: &str, key: &str, name: &str, bytes: &[u8]) {
        // Somebody may have gone on to another one while it was read.
        if self.selected.as_deref() == Some(export) {
            self.fill(key, Entry::File(name.to_owned(), bytes.to_vec()));
        }
    }

    /// What is wrong with what is filled in for the export that is selected; `None`: it has no form.
    #[inline(never)]
    pub(super) fn filled_wrong(&self) -> Option<Result<(), String>> {
        let form = self.host_form()?;
        Some(self.filled().values(&form).map(|_| ()))
    }

    /// Calls the export that is selected by its form; `None`: it has none. The action is the usual one unless one is named.
    pub(crate) fn call_by_form(&mut self, action: Option<&str>) -> Option<Vec<Effect>> {
        let form = self.host_form()?;
        let export = self.selected.clone()?;
        if !self.can_call() {
            return Some(Vec::new());
        }
        let Some(mut by_form) = self.filled_in(&form) else {
            return Some(Vec::new());
        };
        if let Some(action) = action {
            action.clone_into(&mut by_form.make_mut().action);
        }
        Some(self.send_by_form(&export, &by_form).unwrap_or_default())
    }

    /// What is filled in for a form, as a call by its usual action; `None`: something is wrong with it.
    #[inline(never)]
    pub(super) fn filled_in(&self, form: &Form) -> Option<Shared<ByForm>> {
        let usual = form.actions.first()?;
        Some(Shared::new(ByForm {
            kind: self.hosting.as_ref()?.chosen.kind?,
            action: usual.key.clone(),
            values: self.filled().values(form).ok()?,
        }))
    }

    /// Makes a call with what was filled in for it.
    ///
    /// # Errors
    ///
    /// When it does not fit the host that the module runs with: says so.
    #[inline(never)]
    pub(super) fn send_by_form(
        &mut self,
        export: &str,
        by_form: &Shared<ByForm>,
    ) -> Result<Vec<Effect>, String> {
        let hosting = self.hosting.as_ref();
        let hosting = hosting.ok_or("the module runs with no host of a framework")?;
        let (action, values) = hosting.chosen.fill(export, by_form)?;
        let call = self.begin(Called {
            export: export.to_owned(),
            by_form: Some(by_form.clone()),
            ..Called::default()
        });
        let mut effects = self.trace_next_call();
        effects.push(tell(&ToHost::Call {
            call,
            export: export.to_owned(),
            action,
            values,
        }));
        Ok(effects)
    }

    /// Puts what was filled in for a call back into the form of the export that is selected.
    #[inline(never)]
    pub(super) fn refill(&mut self, by_form: &ByForm) {
        let Some(form) = self.host_form() else {
            return;
        };
        let values = by_form.values.0.iter();
        let entries = values.map(|(key, value)| (key.clone(), Entry::of(value)));
        let mut filled = self.filled();
        filled
            .make_mut()
            .entries
            .insert(form.name, entries.collect());
        self.given.host = Some(filled);
        self.changed = true;
    }

    /// Adds what a call by a form has shown to what came of it.
    #[inline(never)]
    pub(super) fn showed(&self, call: CallId, export: &str, came: &mut Map<String, Json>) {
        let hosting = self.hosting.as_ref();
        if let Some(shown) = hosting.and_then(|hosting| hosting.shown(export, call)) {
            crate::saved::showed(came, shown);
        }
    }

    /// How a call that returned ended in the framework's terms, and whether it was one of the framework's.
    #[inline(never)]
    pub(super) fn ended_by_form(&self, call: CallId, export: &str) -> Option<(Tone, String)> {
        let shown = self.hosting.as_ref()?.shown(export, call)?;
        Some(match (&shown.failed, shown.said.as_str()) {
            (Some(failed), _) if failed.is_empty() => {
                (Tone::Bad, "failed, and said nothing of it".to_owned())
            }
            (Some(failed), _) => (Tone::Bad, format!("failed: {failed}")),
            (None, "") => (Tone::Good, "returned".to_owned()),
            (None, said) => (Tone::Good, said.to_owned()),
        })
    }
}

/// Says something to the host.
fn tell(told: &ToHost) -> Effect {
    // No message here cannot be written.
    Effect::Send(Command::Host(encode(told).unwrap_or_default()))
}

#[cfg(test)]
mod tests;
