//! The Go source that belongs to a module: dropped beside it, or pasted.

use super::board::{Board, Effect};
use super::console::Source as Channel;
use super::json::Mistake;
use super::shared::Shared;
use crate::go::parse::FRAGMENT;
use crate::protocol::Command;
use litemap::LiteMap;
use serde_json::{Map, Value as Json};

/// What the text that is pasted or typed is called: it may be functions and types alone.
const PASTED: &str = FRAGMENT;

/// The files, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct GoSource(LiteMap<String, String>);

impl GoSource {
    /// The names of the files that were dropped.
    pub(crate) fn dropped(&self) -> impl Iterator<Item = &str> {
        let names = self.0.keys().map(String::as_str);
        names.filter(|name| *name != PASTED)
    }

    /// The text of a file; empty if there is none of the name.
    pub(crate) fn text(&self, file: &str) -> &str {
        self.0.get(file).map_or("", String::as_str)
    }

    /// The text that was pasted or typed.
    pub(crate) fn pasted(&self) -> &str {
        self.text(PASTED)
    }

    pub(super) fn set(&mut self, name: &str, text: &str) {
        if name == PASTED && text.trim().is_empty() {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_owned(), text.to_owned());
        }
    }

    pub(super) fn to_json(&self) -> Map<String, Json> {
        let files = self.0.iter();
        files
            .map(|(name, text)| (name.clone(), text.as_str().into()))
            .collect()
    }

    pub(super) fn from_json(json: &Map<String, Json>) -> Result<Self, Mistake> {
        let mut source = Self::default();
        for (name, text) in json {
            let text = text
                .as_str()
                .ok_or_else(|| format!("{name:?} is not a text"))?;
            source.set(name, text);
        }
        Ok(source)
    }

    /// Name and text of each.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        let files = self.0.iter();
        files.map(|(name, text)| (name.as_str(), text.as_str()))
    }

    fn all(&self) -> Vec<(String, String)> {
        self.0.clone().into_iter().collect()
    }
}

impl Board {
    /// Takes in Go files, given as name and text, in place of those of the same names.
    pub(crate) fn add_source(&mut self, files: &[(String, String)]) -> Vec<Effect> {
        match (&self.loading, &self.plugged) {
            (Some(loading), _) if !loading.read => {
                self.coming.extend_from_slice(files);
                return Vec::new();
            }
            (None, None) => {
                if let Some((name, _)) = files.first() {
                    let advice = "this is Go source: drop it together with the .wasm that is built \
                                  from it, or after it";
                    self.refuse(name, advice);
                }
                return Vec::new();
            }
            _ => {}
        }
        let empty = || Shared::new(GoSource::default());
        let source = self.given.source.get_or_insert_with(empty).make_mut();
        for (name, text) in files {
            self.given.debug.follow(name, source.text(name), text);
            source.set(name, text);
        }
        self.source_is_built();
        self.send_source()
    }

    /// Says what becomes of files that were dropped or picked, where it does not show: those that
    /// are read as source of the module that is there, and those that are not taken.
    pub(crate) fn taken(&mut self, module: Option<&str>, source: &[String], others: &[String]) {
        if !source.is_empty() && self.plugged.is_some() {
            let names = source.join(", ");
            let note = format!("{names}: read as Go source; dropped on Files, guests would see it");
            self.say(Channel::Note, &note);
        }
        if !others.is_empty() {
            let names = others.join(", ");
            let note = match module {
                Some(module) => format!(
                    "{module} was opened; not taken: {names}. There is one module at a time; drop on \
                     Files what guests are to see"
                ),
                None => format!("{names}: not taken; drop on Files what guests are to see"),
            };
            self.say(Channel::Note, &note);
        }
    }

    /// Takes in source as it is pasted or typed.
    pub(crate) fn paste_source(&mut self, text: &str) -> Vec<Effect> {
        self.add_source(&[(PASTED.to_owned(), text.to_owned())])
    }

    /// Forgets a file of the source.
    pub(crate) fn remove_source(&mut self, file: &str) -> Vec<Effect> {
        let Some(source) = &mut self.given.source else {
            return Vec::new();
        };
        source.make_mut().0.remove(file);
        self.send_source()
    }

    /// The command that tells of the source of the module on the board, if there is some or was
    /// some. One that has not been read yet hears of it when it has.
    pub(super) fn send_source(&self) -> Vec<Effect> {
        let coming = self.loading.as_ref().is_some_and(|loading| !loading.read);
        match self.go_source() {
            Some(source) if !coming => {
                let files = source.all();
                vec![Effect::Send(Command::GoSource { files })]
            }
            _ => Vec::new(),
        }
    }
}
