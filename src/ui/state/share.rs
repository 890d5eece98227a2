//! A session for others: what a link or a file would open is shown first, and waits for a person's yes.
//!
//! To what [`Board::session`] says of a plugin comes what is to be had with it: `module` and `stdin`, compressed and
//! in base64, and `files`, each with its `preopen`, its `path` and, unless it is a directory, its `data`.

use super::board::{Board, Effect};
use super::console::Source;
use super::files::{Added, shown};
use super::format;
use super::go_source::Binary;
use super::json::{Mistake, text};
use super::module::Plugged;
use super::samples::{SAMPLES, Sample};
use super::session_file::Session;
use super::shared::Shared;
use crate::go;
use crate::protocol::Place;
use serde_json::{Map, Value as Json};

/// What a link or a file would open.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Opening {
    /// What it is: `This link`, or the name of a file.
    pub(crate) title: String,
    /// The name of the module.
    pub(crate) name: String,
    pub(crate) module: Module,
    /// What is in it, in words.
    pub(crate) lines: Vec<String>,
    /// All of it.
    pub(crate) json: Json,
    /// The files, once they are there.
    pub(crate) files: Vec<Added>,
}

/// Where the module is to be had.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Module {
    Sample(Sample),
    Url(String),
    /// In the session itself.
    Within(String),
    /// To be built of the source in the session.
    Source,
    /// Nowhere: somebody has to open it.
    Missing,
}

impl Board {
    /// What would be opened, if somebody agreed.
    pub(crate) fn offered_session(&self) -> Option<&Shared<Opening>> {
        self.offered_session.as_ref()
    }

    /// A link or a file came, with this text in it.
    pub(crate) fn offer_session(&mut self, title: &str, text: &str) {
        let json = serde_json::from_str(text).map_err(|error| format!("it is not JSON: {error}"));
        match json.and_then(|json| Opening::read(title, json)) {
            Ok(opening) => self.offered_session = Some(Shared::new(opening)),
            Err(mistake) => self.refuse(title, &mistake),
        }
    }

    /// A link came that is written in words: `sample=greet&call=greet("Ada")`.
    pub(crate) fn offer_link(&mut self, title: &str, words: &[(String, String)]) {
        match from_words(words).and_then(|json| Opening::read(title, json)) {
            Ok(opening) => self.offered_session = Some(Shared::new(opening)),
            Err(mistake) => self.refuse(title, &mistake),
        }
    }

    /// A link or a file came that cannot be read.
    pub(crate) fn refuse_session(&mut self, title: &str, reason: &str) {
        self.refuse(
            title,
            &format!("it is malformed, or a part of it is missing: {reason}"),
        );
    }

    /// It is not wanted.
    pub(crate) fn dismiss_session(&mut self) {
        self.offered_session = None;
    }

    /// The source that was offered is on the board, with these files for guests.
    pub(crate) fn opened_source(&mut self, files: Vec<Added>) -> Vec<Effect> {
        self.offered_session = None;
        let mut effects = vec![Effect::AddShared];
        if !files.is_empty() {
            effects.extend(self.add_files("", files));
        }
        effects
    }

    /// Files of its program that are no texts stand otherwise here than in what is offered: each as it did, and as it does.
    /// One that did not come with it is no file of it.
    pub(crate) fn settle_binaries(&mut self, binaries: &[(String, String)]) {
        let Some(offered) = &mut self.offered_session else {
            return;
        };
        let json = &mut offered.make_mut().json;
        for part in ["source", "own"] {
            let Some(texts) = json.get_mut(part).and_then(Json::as_object_mut) else {
                continue;
            };
            texts.retain(|_, text| {
                let Some(before) = text.as_str().filter(|text| Binary::of(text).is_some()) else {
                    return true;
                };
                let now = binaries.iter().find(|(text, _)| text == before);
                let now = now.map(|(_, now)| now.as_str().into());
                now.map(|now| *text = now).is_some()
            });
        }
    }

    /// It is wanted, with these files: it is for the module that comes, or for the one that is there
    /// ([`Board::open_what_was_agreed_to`]).
    pub(crate) fn agree_to_session(&mut self, files: Vec<Added>) {
        if let Some(mut opening) = self.offered_session.take() {
            opening.make_mut().files = files;
            self.unfolds = opening.call();
            self.opening = Some(opening);
        }
    }

    /// What somebody has agreed to becomes that of the plugin on the board, if it is meant.
    pub(crate) fn open_what_was_agreed_to(&mut self) -> Vec<Effect> {
        let is_ready = |plugged: &Shared<Plugged>| plugged.ready && !self.is_recalling(&plugged.id);
        if !self.plugged.as_ref().is_some_and(is_ready) {
            return Vec::new();
        }
        let Some(opening) = self.opening.take() else {
            return Vec::new();
        };
        if !self.is_meant(&opening) {
            // One that has to be opened by hand may come later.
            self.opening = Some(opening).filter(|opening| opening.module == Module::Missing);
            return Vec::new();
        }
        let mut effects = match self.take_session(&opening.json, false) {
            Ok(effects) => effects,
            Err(mistake) => {
                self.refuse(&opening.title, &mistake);
                return Vec::new();
            }
        };
        effects.push(Effect::AddShared);
        if !opening.files.is_empty() {
            effects.extend(self.add_files("", opening.files.clone()));
        }
        self.unfold_arguments();
        self.say(Source::Note, &format!("opened: {}", opening.title));
        effects
    }

    /// Whether the plugin on the board is the one that a session is of.
    fn is_meant(&self, opening: &Opening) -> bool {
        let hash = opening
            .json
            .get("plugin")
            .and_then(|plugin| plugin.get("sha256"));
        self.plugged.as_ref().is_some_and(|plugged| {
            let is_file = plugged.about.hash.as_deref() == hash.and_then(Json::as_str);
            plugged.info.name == opening.name || (hash.is_some() && is_file)
        })
    }

    /// Arguments that came as JSON become fields, once the signature is known and they are right for it.
    pub(super) fn unfold_arguments(&mut self) {
        let Some(export) = self
            .selected()
            .filter(|export| Some(&export.name) == self.unfolds.as_ref())
        else {
            return;
        };
        let form = self.form();
        let is_known = form.signature(export).is_some_and(|(_, source)| {
            !matches!(source, go::Source::Guess | go::Source::GuessAfter { .. })
        });
        // Before the module is ready there is nothing of it to be unfolded.
        if self.opening.is_none() && is_known && form.is_right(export) {
            self.unfolds = None;
            self.switch_json(false);
        }
    }

    /// What was shared, or why it was not.
    pub(crate) fn shared(&mut self, message: &str, alarm: bool) {
        self.say(if alarm { Source::Alarm } else { Source::Note }, message);
    }
}

impl Opening {
    fn read(title: &str, json: Json) -> Result<Self, Mistake> {
        Session::read(&json, &|_| None)?;
        let none = Json::Null;
        let plugin = json.get("plugin").unwrap_or(&none);
        let from = json.get("from").unwrap_or(&none);
        let module = if let Some(module) = text(&json, "module")? {
            Module::Within(module.to_owned())
        } else if let Some(name) = text(from, "sample")? {
            let sample = SAMPLES.into_iter().find(|sample| sample.file == name);
            Module::Sample(sample.ok_or_else(|| no_sample(name))?)
        } else if let Some(url) = text(from, "url")? {
            Module::Url(url.to_owned())
        } else if json.get("own").is_some_and(Json::is_object) {
            Module::Source
        } else {
            Module::Missing
        };
        let name = match &module {
            Module::Sample(sample) => sample.file.to_owned(),
            _ => text(plugin, "name")?.unwrap_or("plugin.wasm").to_owned(),
        };
        let mut lines = vec![match &module {
            Module::Sample(_) => format!("the sample {name}"),
            Module::Url(url) => format!("{name}, from {url}"),
            Module::Within(packed) => format!(
                "{name}, which is in it ({} compressed)",
                format::bytes(packed.len() as u64 / 4 * 3)
            ),
            Module::Source => format!("the Go source of {name}: Build makes the module"),
            Module::Missing => format!("no module: open {name} afterwards, and it gets the rest"),
        }];
        lines.extend(words(&json));
        Ok(Self {
            title: title.to_owned(),
            name,
            module,
            lines,
            json,
            files: Vec::new(),
        })
    }

    /// The files that are in it: each place, with its data unless it is a directory.
    pub(crate) fn shared_files(&self) -> Vec<(Place, Option<&str>)> {
        let files = self.json.get("files").and_then(Json::as_array);
        let files = files.into_iter().flatten().filter_map(|file| {
            let part = |key: &str| file.get(key)?.as_str();
            let at = Place {
                preopen: part("preopen")?.to_owned(),
                path: part("path")?.to_owned(),
            };
            Some((at, part("data")))
        });
        files.collect()
    }

    /// The files of its program that are no texts: each as it stands among these, with its data.
    pub(crate) fn binaries(&self) -> impl Iterator<Item = (&str, &str)> {
        let binaries = self.json.get("binary").and_then(Json::as_object);
        let binaries = binaries.into_iter().flatten();
        binaries.filter_map(|(text, data)| Some((text.as_str(), data.as_str()?)))
    }

    /// The file for stdin that is in it.
    pub(crate) fn stdin(&self) -> Option<&str> {
        self.json.get("stdin")?.as_str()
    }

    /// The export whose arguments are JSON.
    fn call(&self) -> Option<String> {
        let selected = self.json.get("selected")?.as_str()?;
        let form = self.json.get("arguments")?.get(selected)?;
        form.get("json").map(|_| selected.to_owned())
    }
}

/// What is in a session, but its module, a line for each kind.
fn words(json: &Json) -> Vec<String> {
    let keys = |key: &str| -> Vec<&str> {
        let entries = json.get(key).and_then(Json::as_object);
        entries
            .into_iter()
            .flat_map(Map::keys)
            .map(String::as_str)
            .collect()
    };
    let mut lines = Vec::new();
    let mut list = |what: &str, names: Vec<&str>| {
        if !names.is_empty() {
            lines.push(format!("{what}: {}", names.join(", ")));
        }
    };
    list("settings", keys("settings"));
    list("arguments of", keys("arguments"));
    list("Go source", keys("source"));
    let host = json
        .get("host")
        .and_then(|host| host.get("forms")?.as_object());
    list(
        "what is filled in for its host",
        host.into_iter()
            .flat_map(Map::keys)
            .map(String::as_str)
            .collect(),
    );
    let chosen = json.get("host").and_then(|host| host.get("kind")?.as_str());
    if let Some(kind) = chosen {
        let kind = if kind.is_empty() { "none" } else { kind };
        lines.push(format!("host: {kind}"));
    }
    let answers = json.get("answers").and_then(Json::as_object);
    let answers: Vec<&Json> = answers
        .into_iter()
        .flat_map(Map::values)
        .filter_map(Json::as_object)
        .flat_map(Map::values)
        .collect();
    let answers: Vec<&Json> = answers
        .into_iter()
        .flat_map(|answer| match answer.as_array() {
            Some(several) => several.iter().collect::<Vec<_>>(),
            None => vec![answer],
        })
        .collect();
    let scripts = answers
        .iter()
        .filter(|answer| answer.get("code").is_some())
        .count();
    if !answers.is_empty() {
        let scripts = match scripts {
            0 => String::new(),
            scripts => {
                format!("; JavaScript in {scripts}, which runs when you have read it and agreed")
            }
        };
        lines.push(format!("answers of imports: {}{scripts}", answers.len()));
    }
    let files = json.get("files").and_then(Json::as_array);
    if let Some(files) = files.filter(|files| !files.is_empty()) {
        lines.push(format!("files for its guests: {}", files.len()));
    }
    lines
}

/// The session that a link in words means.
fn from_words(words: &[(String, String)]) -> Result<Json, Mistake> {
    let mut json = Map::new();
    json.insert("plugboard".to_owned(), 1.into());
    let mut object = |key: &str, name: &str, value: Json| {
        let mut entries = Map::new();
        entries.insert(name.to_owned(), value);
        json.insert(key.to_owned(), Json::Object(entries));
    };
    let mut call = None;
    for (key, value) in words {
        match key.as_str() {
            "sample" => {
                let file = |sample: &&Sample| {
                    sample.file.trim_end_matches(".wasm") == value.trim_end_matches(".wasm")
                };
                let sample = SAMPLES.iter().find(file).ok_or_else(|| no_sample(value))?;
                object("from", "sample", sample.file.into());
            }
            "url" => {
                let name = value
                    .split(['?', '#'])
                    .next()
                    .and_then(|path| path.rsplit('/').next());
                object("plugin", "name", name.unwrap_or("plugin.wasm").into());
                object("from", "url", value.as_str().into());
            }
            "call" => {
                let (export, list) = value.split_once('(').unwrap_or((value, ")"));
                let list = list
                    .trim_end()
                    .strip_suffix(')')
                    .ok_or_else(|| format!("call={value} does not end in )"))?;
                let mut form = Map::new();
                form.insert("json".to_owned(), format!("[{list}]").into());
                object("arguments", export, Json::Object(form));
                call = Some(export.to_owned());
            }
            _ => return Err(format!("a link has sample=, url= and call=, and no {key}=")),
        }
    }
    if let Some(call) = call {
        json.insert("selected".to_owned(), call.into());
    }
    Ok(Json::Object(json))
}

fn no_sample(name: &str) -> Mistake {
    let names = SAMPLES.map(|sample| sample.file).join(", ");
    format!("there is no sample {name:?}: there are {names}")
}

/// As it is written in a session.
pub(crate) fn file_to_json(at: &Place, data: Option<String>) -> Json {
    let mut file = Map::new();
    file.insert("preopen".to_owned(), at.preopen.as_str().into());
    file.insert("path".to_owned(), at.path.as_str().into());
    if let Some(data) = data {
        file.insert("data".to_owned(), data.into());
    }
    Json::Object(file)
}

/// What a link does not carry, as a list.
pub(crate) fn left_out(places: &[Place]) -> String {
    places.iter().map(shown).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
