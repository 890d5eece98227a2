//! What is typed for an export as it is kept.

use super::entries::Entry;
use super::{Entries, Form, Hand, Path, Way};
use crate::module::Export;
use crate::ui::state::json::{Mistake, entries, put, text};
use serde_json::{Map, Value as Json};
use std::rc::Rc;

/// Bytes at most of a picked file that are kept: more would be written each time that something is typed.
const MOST_FILE: usize = 1 << 20;

impl Form {
    /// What is typed, and chosen.
    pub(crate) fn to_json(&self) -> Map<String, Json> {
        let mut json = Map::new();
        let texts = [
            ("reading", &self.reading),
            (
                "signature",
                &self.hand.as_ref().map(|hand| hand.text.clone()),
            ),
            ("json", &self.json),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                json.insert(key.to_owned(), text.as_str().into());
            }
        }
        let typed = self.typed.iter();
        let typed: Map<_, _> = typed
            .map(|(signature, entries)| (signature.clone(), entries.to_json()))
            .collect();
        if !typed.is_empty() {
            json.insert("typed".to_owned(), Json::Object(typed));
        }
        json
    }

    /// What was kept, for the export; `None`: the module does not have it now.
    ///
    /// # Errors
    ///
    /// What is not as it should be.
    pub(crate) fn from_json(json: &Json, export: Option<&Export>) -> Result<Self, Mistake> {
        let mut form = Self {
            reading: text(json, "reading")?.map(str::to_owned),
            json: text(json, "json")?.map(str::to_owned),
            ..Self::default()
        };
        if let Some(line) = text(json, "signature")? {
            let mut hand = Hand::new(line);
            if let Some(export) = export {
                hand.enter(export, line);
            }
            form.hand = Some(hand);
        }
        for (signature, typed) in entries(json, "typed")?.into_iter().flatten() {
            let typed =
                Entries::from_json(typed).map_err(|mistake| format!("{signature:?}: {mistake}"))?;
            form.typed.insert(signature.clone(), typed);
        }
        Ok(form)
    }
}

impl Entries {
    fn to_json(&self) -> Json {
        let entries = self
            .0
            .iter()
            .map(|(path, entry)| (path.to_string(), entry.to_json()));
        Json::Object(entries.collect())
    }

    fn from_json(json: &Json) -> Result<Self, Mistake> {
        let mut entries = Self::default();
        for (place, entry) in json.as_object().into_iter().flatten() {
            let path = Path::read(place).ok_or_else(|| format!("{place:?} is no place"))?;
            let entry = Entry::from_json(entry).map_err(|mistake| format!("{place}: {mistake}"))?;
            entries.0.insert(path, entry);
        }
        Ok(entries)
    }
}

impl Entry {
    /// The text alone, if there is nothing else.
    fn to_json(&self) -> Json {
        let mut json = Map::new();
        if let Some(way) = self.way {
            json.insert("as".to_owned(), way.label().into());
        }
        if self.more > 0 {
            json.insert("more".to_owned(), self.more.into());
        }
        if let Some(file) = self.file.as_ref().filter(|file| file.len() <= MOST_FILE) {
            // Each byte as the character of its number.
            let text: String = file.iter().copied().map(char::from).collect();
            json.insert("file".to_owned(), text.into());
        }
        if json.is_empty() {
            return self.text.as_ref().into();
        }
        put(&mut json, "text", &self.text, "");
        Json::Object(json)
    }

    fn from_json(json: &Json) -> Result<Self, Mistake> {
        if let Some(text) = json.as_str() {
            return Ok(Self {
                text: Rc::from(text),
                ..Self::default()
            });
        }
        let way = match text(json, "as")? {
            Some(label) => {
                let way = Way::ALL.into_iter().find(|way| way.label() == label);
                Some(way.ok_or_else(|| format!("\"as\" has no {label:?}"))?)
            }
            None => None,
        };
        let file = text(json, "file")?.map(|text| {
            let bytes = text.chars().map(u8::try_from);
            bytes
                .collect::<Result<Rc<[u8]>, _>>()
                .map_err(|_| "\"file\" has a character that is no byte")
        });
        let more = json.get("more").and_then(Json::as_u64).unwrap_or_default();
        Ok(Self {
            text: Rc::from(text(json, "text")?.unwrap_or_default()),
            way,
            file: file.transpose()?,
            more: usize::try_from(more).unwrap_or_default().min(1 << 20),
        })
    }
}
