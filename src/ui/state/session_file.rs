//! What belongs to a plugin, as JSON: what a person gave it, and what was called. It is kept so beyond a visit.
//!
//! ```json
//! {
//!   "plugboard": 1,
//!   "plugin": { "name": "greet.wasm", "size": 1234, "sha256": "…" },
//!   "from": { "sample": "greet.wasm" },
//!   "selected": "greet",
//!   "settings": { "environment": "KEY=value", "memory": "256 MiB" },
//!   "arguments": { "greet": { "typed": { "greet(name string)": { "0": "Ada" } } } },
//!   "allocator": { "allocate": "malloc", "free": "free" },
//!   "answers": { "log": { "log": { "answer": "print-string" } } },
//!   "source": { "main.go": "package main…" },
//!   "own": { "main.go": "package main…" },
//!   "history": [ { "export": "greet", "signature": "greet(name string)", "arguments": ["Ada"],
//!                  "ended": "returned", "tone": "good" } ],
//!   "engine": "browser",
//!   "host": { "forms": { "greet": { "input": { "text": "Ada" } } } },
//!   "in_order": false,
//!   "calls": [ { "name": "greets Ada", "export": "greet", "args": ["Ada"], "expect": { "stderr": "" } } ]
//! }
//! ```
//!
//! Settings and arguments are what is typed, as it is typed; `answers` is as in a file of answers,
//! `calls` as in one of saved calls ([`saved::file`]). Where `own` is there, the source is one's own, to be edited: in it is
//! what the module was built of, unless that is the source as it is. A file that is no text is a NUL, a name and its size
//! there; where a session is shared, `binary` has its data by that, compressed and in base64.

use super::board::{Board, Effect};
use super::debugger::Wanted;
use super::form::Form;
use super::go_source::GoSource;
use super::hosts::Filled;
use super::json::{Mistake, entries, object, text};
use super::outcome::{Called, Finished, Tone};
use super::settings::SettingsForm;
use super::shared::Shared;
use crate::go::value::json::{arguments_from_json, arguments_to_json};
use crate::go::{Signature, Source};
use crate::hosts::ByForm;
use crate::module::Export;
use crate::protocol::{Allocator, CallId, Engine, Usage};
use crate::saved;
use litemap::LiteMap;
use serde_json::{Map, Value as Json};

/// The version of the file that this page writes; it reads none that is later.
const VERSION: u64 = 1;

/// What the engines are called in a file.
const INTERPRETER: &str = "interpreter";
const BROWSER: &str = "browser";

/// Calls of the history that are kept.
const MOST_CALLS: usize = 50;

/// About how many bytes the arguments of a call take on the page at most, to be kept.
const MOST_ARGUMENTS: usize = 16 << 10;

const TONES: [Tone; 3] = [Tone::Good, Tone::Neutral, Tone::Bad];

/// What is read of a session, before any of it holds.
pub(super) struct Session {
    selected: Option<String>,
    settings: Option<SettingsForm>,
    forms: LiteMap<String, Form>,
    allocator: Option<Allocator>,
    source: Option<Shared<GoSource>>,
    debug: Option<Wanted>,
    engine: Option<Engine>,
    host: Option<Filled>,
    history: Vec<Shared<Finished>>,
    calls: Option<saved::file::Calls>,
}

impl Board {
    /// What belongs to the plugin on the board.
    pub(crate) fn session(&self) -> Option<Json> {
        let plugged = self.plugged.as_ref();
        if plugged.is_none() && self.program.is_none() {
            return None;
        }
        let mut json = Map::new();
        let mut put = |key: &str, value: Option<Json>| {
            if let Some(value) = value {
                json.insert(key.to_owned(), value);
            }
        };
        put("plugboard", Some(VERSION.into()));
        let mut plugin = Map::new();
        plugin.insert("name".to_owned(), self.module_name().into());
        if let Some(plugged) = plugged {
            plugin.insert("size".to_owned(), plugged.info.size.into());
            if let Some(hash) = &plugged.about.hash {
                plugin.insert("sha256".to_owned(), hash.as_str().into());
            }
            put("from", plugged.origin.clone());
        }
        put("plugin", object(plugin));
        put("selected", self.selected.as_deref().map(Json::from));
        put("settings", object(self.given.settings.to_json()));
        let forms = self.given.forms.iter();
        let forms = forms.map(|(export, form)| (export.clone(), form.to_json().into()));
        put("arguments", object(forms.collect()));
        put(
            "allocator",
            self.given.allocator.as_ref().map(allocator_to_json),
        );
        put("answers", object(self.answers_to_json()));
        put(
            "source",
            self.go_source().and_then(|source| object(source.to_json())),
        );
        put(
            "own",
            self.go_source().and_then(|source| source.own_to_json()),
        );
        put("debug", object(self.given.debug.to_json()));
        let is_chosen = self.given.engine == Engine::Browser;
        put("engine", is_chosen.then(|| BROWSER.into()));
        let host = self.given.host.as_ref();
        put("host", host.and_then(|filled| object(filled.to_json())));
        let calls = self.given.calls.file();
        if !calls.calls.is_empty() {
            put("calls", Some(saved::file::to_json(&calls.calls)));
            put("in_order", Some(calls.in_order.into()));
        }
        let history = self.given.history.iter();
        let history = history
            .take(MOST_CALLS)
            .filter_map(|call| call_to_json(call));
        let history: Vec<Json> = history.collect();
        put("history", (!history.is_empty()).then(|| history.into()));
        Some(Json::Object(json))
    }

    /// Has the plugin on the board have what is in a session; what that does not mention stays. Unless it is
    /// `trusted`, the JavaScript in it is held until somebody agrees.
    ///
    /// # Errors
    ///
    /// What is not as it should be; then nothing is changed.
    pub(crate) fn take_session(
        &mut self,
        json: &Json,
        trusted: bool,
    ) -> Result<Vec<Effect>, Mistake> {
        let plugged = self.plugged.clone();
        if plugged.is_none() && self.program.is_none() {
            return Ok(Vec::new());
        }
        let session = Session::read(json, &|export| plugged.as_ref()?.function(export))?;
        let answers = match json.get("answers") {
            Some(answers) => self
                .take_answers(answers, trusted)
                .map_err(|mistake| format!("answers: {mistake}"))?,
            None => Vec::new(),
        };
        if let (Some(origin), Some(plugged)) = (json.get("from"), &mut self.plugged) {
            plugged
                .make_mut()
                .origin
                .get_or_insert_with(|| origin.clone());
        }
        let before = self.chosen();
        if let Some(selected) = session.selected {
            self.select(&selected);
        }
        let mut effects = Vec::new();
        if let Some(settings) = session.settings {
            self.given.settings = Shared::new(settings);
            effects.extend(self.edit_settings(|_| {}));
        }
        for (export, form) in session.forms {
            self.given.forms.insert(export, form);
        }
        effects.extend(self.tell_chosen(&before));
        if session.source.is_some() {
            self.given.source = session.source;
            effects.extend(self.send_source());
        }
        self.given.history.extend(session.history);
        if let Some(calls) = session.calls {
            self.given.calls.make_mut().take(calls);
        }
        if let Some(debug) = session.debug {
            self.given.debug = debug;
            effects.extend(self.debug_anew());
        }
        if let Some(engine) = session.engine {
            effects.extend(self.choose_engine(engine));
        }
        if let Some(host) = session.host {
            self.given.host = Some(Shared::new(host));
            let is_ready = self.plugged.as_ref().is_some_and(|plugged| plugged.ready);
            effects.extend(is_ready.then(|| self.host_anew()).flatten());
        }
        if session.allocator.is_some() {
            effects.extend(self.choose_allocator(session.allocator));
        }
        if self.plugged.as_ref().is_some_and(|plugged| plugged.ready) {
            effects.extend(answers);
        }
        Ok(effects)
    }
}

impl Session {
    pub(super) fn read<'e>(
        json: &Json,
        export: &dyn Fn(&str) -> Option<&'e Export>,
    ) -> Result<Self, Mistake> {
        match json.get("plugboard").and_then(Json::as_u64) {
            Some(0..=VERSION) => {}
            Some(version) => {
                return Err(format!(
                    "it is of version {version}, and this page reads none after {VERSION}: reload the page to \
                     get a later one"
                ));
            }
            None => return Err("it is no session: it has no \"plugboard\": 1".to_owned()),
        }
        let within = |place: &str| {
            let place = place.to_owned();
            move |mistake: Mistake| format!("{place}: {mistake}")
        };
        let none = Json::Null;
        let part = |key: &str| json.get(key).unwrap_or(&none);
        entries(json, "settings")?;
        let settings = match json.get("settings") {
            Some(settings) => Some(SettingsForm::from_json(settings).map_err(within("settings"))?),
            None => None,
        };
        let mut forms = LiteMap::new();
        for (name, form) in entries(json, "arguments")?.into_iter().flatten() {
            let form = Form::from_json(form, export(name));
            forms.insert(
                name.clone(),
                form.map_err(within(&format!("arguments of {name:?}")))?,
            );
        }
        let source = match entries(json, "source")? {
            Some(files) => {
                let mut source = GoSource::from_json(files).map_err(within("source"))?;
                if let Some(built) = entries(json, "own")? {
                    source.own_from_json(built).map_err(within("own"))?;
                }
                Some(Shared::new(source))
            }
            None => None,
        };
        let calls = match json.get("calls") {
            Some(_) => Some(saved::file::parts(json)?),
            None => None,
        };
        let history = json.get("history").and_then(Json::as_array);
        let history = history.into_iter().flatten();
        Ok(Self {
            selected: text(json, "selected")?.map(str::to_owned),
            settings,
            forms,
            allocator: allocator_from_json(part("allocator")).map_err(within("allocator"))?,
            source,
            debug: match json.get("debug") {
                Some(debug) => Some(Wanted::from_json(debug).map_err(within("debug"))?),
                None => None,
            },
            host: match json.get("host") {
                Some(host) => Some(Filled::from_json(host).map_err(within("host"))?),
                None => None,
            },
            engine: match text(json, "engine")? {
                None => None,
                Some(BROWSER) => Some(Engine::Browser),
                Some(INTERPRETER) => Some(Engine::Interpreter),
                Some(other) => {
                    return Err(format!(
                        "engine: {other} is none: {INTERPRETER} or {BROWSER}"
                    ));
                }
            },
            calls,
            // A call that this page cannot read is not worth the rest.
            history: history
                .filter_map(|call| call_from_json(call, export))
                .collect(),
        })
    }
}

fn allocator_to_json(allocator: &Allocator) -> Json {
    let mut json = Map::new();
    match allocator {
        Allocator::Pair { allocate, free } => {
            json.insert("allocate".to_owned(), allocate.as_str().into());
            if let Some(free) = free {
                json.insert("free".to_owned(), free.as_str().into());
            }
        }
        Allocator::Realloc(name) => {
            json.insert("realloc".to_owned(), name.as_str().into());
        }
    }
    Json::Object(json)
}

fn allocator_from_json(json: &Json) -> Result<Option<Allocator>, Mistake> {
    if let Some(name) = text(json, "realloc")? {
        return Ok(Some(Allocator::Realloc(name.to_owned())));
    }
    let pair = text(json, "allocate")?.map(|allocate| {
        let free = text(json, "free")?.map(str::to_owned);
        let allocate = allocate.to_owned();
        Ok(Allocator::Pair { allocate, free })
    });
    pair.transpose()
}

/// A call that has ended, unless it is too large.
fn call_to_json(finished: &Finished) -> Option<Json> {
    let called = &finished.called;
    if called.weight() > MOST_ARGUMENTS {
        return None;
    }
    let mut json = Map::new();
    json.insert("export".to_owned(), called.export.as_str().into());
    if let Some(form) = &called.by_form {
        form.put(&mut json);
    }
    if let Some(signature) = called.signature() {
        json.insert("signature".to_owned(), signature.in_go().into());
        json.insert(
            "arguments".to_owned(),
            arguments_to_json(&called.args, signature),
        );
    }
    json.insert("ended".to_owned(), finished.text.as_str().into());
    json.insert("tone".to_owned(), finished.tone.name().into());
    Some(Json::Object(json))
}

fn call_from_json<'e>(
    json: &Json,
    export: &dyn Fn(&str) -> Option<&'e Export>,
) -> Option<Shared<Finished>> {
    let text = |key: &str| json.get(key)?.as_str();
    let name = text("export")?;
    let mut called = Called {
        export: name.to_owned(),
        ..Called::default()
    };
    if let Some(signature) = text("signature") {
        let known = known(export(name)?, signature)?;
        called.args = arguments_from_json(json.get("arguments")?, &known.0).ok()?;
        called.known = Some(known);
    }
    // What is of no host needs nothing of the hosts.
    if json.get("host").is_some() {
        called.by_form = ByForm::get(json.as_object()?).ok()?.map(Shared::new);
    }
    called.written = called.to_string();
    let tone = text("tone")?;
    Some(Shared::new(Finished {
        // Of another visit: no call that this one counts.
        number: CallId(0),
        called,
        tone: TONES.into_iter().find(|one| one.name() == tone)?,
        text: text("ended")?.to_owned(),
        usage: Usage::default(),
        busy_micros: 0,
        printed: 0,
        expected: None,
        came: None,
    }))
}

/// The signature that is written so: one that is known of the export, or one that was typed.
fn known(export: &Export, text: &str) -> Option<(Signature, Source)> {
    let mut listed = export.signatures.iter();
    if let Some(known) = listed.find(|(signature, _)| signature.in_go() == text) {
        return Some(known.clone());
    }
    let mut form = Form::default();
    form.enter_signature(export, text);
    let (signature, _) = form.typed_signature()?;
    // Where it is listed later on, it is read so, and not typed.
    Some((signature.clone(), Source::Guess))
}

#[cfg(test)]
mod tests;
