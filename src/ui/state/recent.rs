//! The plugins that were on the board, on this visit and before: what each is, and how it is known again.

use super::plugin::{Interface, insert};
use super::shared::Shared;
use crate::module::Info;
use serde_json::{Map, Value as Json};

/// Plugins that are kept at most; the ones that have not been used for longest go.
pub(crate) const MOST: usize = 16;

/// A plugin that is kept.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Recent {
    /// What it is kept under.
    pub(crate) id: String,
    pub(crate) about: About,
    /// When it was last used, in milliseconds since 1970.
    pub(crate) when: u64,
    /// The bytes that are kept of it.
    pub(crate) kept: u64,
}

/// What a plugin is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct About {
    /// The name of its file.
    pub(crate) name: String,
    /// In bytes.
    pub(crate) size: u64,
    /// The SHA-256 of the file, as hexadecimal digits, where the browser computes it.
    pub(crate) hash: Option<String>,
    pub(super) interface: Shared<Interface>,
}

impl About {
    pub(super) fn of(info: &Info, hash: Option<String>) -> Self {
        Self {
            name: info.name.clone(),
            size: info.size,
            hash,
            interface: Shared::new(Interface::of(info)),
        }
    }
}

impl Recent {
    /// As it is kept.
    pub(crate) fn to_json(&self) -> String {
        let mut json = Map::new();
        let mut put = |key: &str, value: Json| json.insert(key.to_owned(), value);
        put("name", self.about.name.as_str().into());
        put("size", self.about.size.into());
        put("when", self.when.into());
        put("kept", self.kept.into());
        if let Some(hash) = &self.about.hash {
            put("hash", hash.as_str().into());
        }
        for (key, lines) in self.about.interface.named() {
            put(key, lines.iter().map(String::as_str).collect());
        }
        Json::Object(json).to_string()
    }

    /// As it was kept. What cannot be read is of another version of the page.
    pub(super) fn from_json(id: &str, text: &str) -> Option<Self> {
        let json: Json = serde_json::from_str(text).ok()?;
        let number = |key: &str| json.get(key)?.as_u64();
        let text = |key: &str| Some(json.get(key)?.as_str()?.to_owned());
        let mut interface = Interface::default();
        for (key, lines) in interface.named_mut() {
            for line in json.get(key)?.as_array()? {
                insert(lines, line.as_str()?.to_owned());
            }
        }
        Some(Self {
            id: id.to_owned(),
            about: About {
                name: text("name")?,
                size: number("size")?,
                hash: text("hash"),
                interface: Shared::new(interface),
            },
            when: number("when")?,
            kept: number("kept")?,
        })
    }
}
