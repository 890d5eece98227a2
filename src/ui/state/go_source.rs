//! The Go source that belongs to a module: dropped beside it, pasted, or written here ([`super::program`]).

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

/// Texts by the names of their files, which may be paths.
type Texts = LiteMap<String, String>;

/// A file that is no text. The driver has its bytes, by this name; among the texts it stands as one that none can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Binary<'a> {
    /// The SHA-256 of its bytes, where the browser computes it.
    pub(crate) name: &'a str,
    /// In bytes.
    pub(crate) size: u64,
}

impl<'a> Binary<'a> {
    /// The file that stands as this text, unless that is one.
    pub(crate) fn of(text: &'a str) -> Option<Self> {
        let (name, size) = text.strip_prefix('\0')?.split_once(' ')?;
        let size = size.parse().ok()?;
        Some(Self { name, size })
    }

    /// As it stands among texts.
    pub(crate) fn as_text(&self) -> String {
        format!("\0{} {}", self.name, self.size)
    }
}

/// The files.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct GoSource {
    texts: Texts,
    /// Whether it is one's own, to be edited; else it was only found.
    own: bool,
    /// The files as the module on the board was built of them, where they have been edited since.
    built: Option<Texts>,
}

impl GoSource {
    /// Files of one's own.
    pub(super) fn own(files: &[(String, String)]) -> Self {
        Self {
            texts: files.iter().cloned().collect(),
            own: true,
            built: None,
        }
    }

    /// The names of the files that were dropped, or written here.
    pub(crate) fn dropped(&self) -> impl Iterator<Item = &str> {
        let names = self.texts.keys().map(String::as_str);
        names.filter(|name| *name != PASTED)
    }

    /// The text of a file; empty if there is none of the name.
    pub(crate) fn text(&self, file: &str) -> &str {
        self.texts.get(file).map_or("", String::as_str)
    }

    /// The text that the module on the board was built of.
    pub(crate) fn built_text(&self, file: &str) -> &str {
        let texts = self.built.as_ref().unwrap_or(&self.texts);
        texts.get(file).map_or("", String::as_str)
    }

    /// Whether there is a file of the name.
    pub(crate) fn has(&self, file: &str) -> bool {
        self.texts.contains_key(file)
    }

    /// Whether it is one's own, to be edited.
    pub(crate) fn is_own(&self) -> bool {
        self.own
    }

    /// Whether it is not what the module on the board was built of.
    pub(crate) fn is_edited(&self) -> bool {
        self.built.is_some()
    }

    /// It is one's own from now on.
    pub(super) fn make_own(&mut self) {
        self.own = true;
    }

    /// The module on the board was built of what there is now, or of `files` before it was edited.
    pub(super) fn set_built(&mut self, files: Option<Vec<(String, String)>>) {
        let built = files.map(|files| files.into_iter().collect::<Texts>());
        self.built = built.filter(|built| *built != self.texts);
    }

    /// What there is now is what the module on the board was built of: that is remembered, before something changes.
    pub(super) fn remember_built(&mut self) {
        self.built.get_or_insert_with(|| self.texts.clone());
    }

    /// Whether that is so again, since all changes have been undone.
    pub(super) fn forget_built(&mut self) {
        self.built.take_if(|built| *built == self.texts);
    }

    pub(super) fn put(&mut self, file: &str, text: &str) {
        self.texts.insert(file.to_owned(), text.to_owned());
    }

    pub(super) fn remove(&mut self, file: &str) -> Option<String> {
        self.texts.remove(file)
    }

    /// The text that was pasted or typed.
    pub(crate) fn pasted(&self) -> &str {
        self.text(PASTED)
    }

    pub(super) fn set(&mut self, name: &str, text: &str) {
        if name == PASTED && text.trim().is_empty() {
            self.remove(name);
        } else {
            self.put(name, text);
        }
    }

    pub(super) fn to_json(&self) -> Map<String, Json> {
        to_json(&self.texts)
    }

    /// What [`GoSource::to_json`] does not say; `None`: it was only found.
    pub(super) fn own_to_json(&self) -> Option<Json> {
        let built = || Json::Object(self.built.as_ref().map(to_json).unwrap_or_default());
        self.own.then(built)
    }

    /// Takes what [`GoSource::own_to_json`] says.
    pub(super) fn own_from_json(&mut self, built: &Map<String, Json>) -> Result<(), Mistake> {
        self.own = true;
        self.built = match built.is_empty() {
            true => None,
            false => Some(Self::from_json(built)?.texts),
        };
        Ok(())
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
        let files = self.texts.iter();
        files.map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The files that are no texts, now or as the module on the board was built of them.
    pub(super) fn binaries(&self) -> impl Iterator<Item = Binary<'_>> {
        let all = self
            .texts
            .values()
            .chain(self.built.iter().flat_map(Texts::values));
        all.filter_map(|text| Binary::of(text))
    }

    /// The Go files of the module on the board, for the reader.
    fn read(&self) -> Vec<(String, String)> {
        let texts = self.built.as_ref().unwrap_or(&self.texts).iter();
        let go = texts.filter(|(name, _)| name.ends_with(".go"));
        go.map(|(name, text)| (name.clone(), text.clone()))
            .collect()
    }
}

fn to_json(texts: &Texts) -> Map<String, Json> {
    let texts = texts.iter();
    texts
        .map(|(name, text)| (name.clone(), text.as_str().into()))
        .collect()
}

impl Board {
    /// Takes in Go files, given as name and text, in place of those of the same names.
    pub(crate) fn add_source(&mut self, files: &[(String, String)]) -> Vec<Effect> {
        match (&self.loading, &self.plugged) {
            (Some(loading), _) if !loading.read => {
                self.coming.extend_from_slice(files);
                return Vec::new();
            }
            // Without a module it is a program that is written here: [`Board::begin_program`].
            (None, None) if self.program.is_none() => return Vec::new(),
            _ => {}
        }
        let empty = || Shared::new(GoSource::default());
        let source = self.given.source.get_or_insert_with(empty).make_mut();
        for (name, text) in files {
            self.given.debug.follow(name, source.text(name), text);
            source.set(name, text);
        }
        source.set_built(None);
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
        source.make_mut().remove(file);
        self.send_source()
    }

    /// The command that tells of the source of the module on the board, if there is some or was
    /// some. One that has not been read yet hears of it when it has.
    pub(super) fn send_source(&self) -> Vec<Effect> {
        let coming = self.loading.as_ref().is_some_and(|loading| !loading.read);
        match self.go_source() {
            Some(source) if !coming && self.plugged.is_some() => {
                let files = source.read();
                vec![Effect::Send(Command::GoSource { files })]
            }
            _ => Vec::new(),
        }
    }
}
