//! What is filled in for a host, as JSON, to be kept and shared.
//!
//! ```json
//! { "kind": "Extism", "forms": { "greet": { "input": { "text": "Ada" }, "config": [["key", "value"]],
//!   "allowed_hosts": ["example.com"], "log_level": "info" } } }
//! ```
//!
//! `kind` is there if somebody chose another host than the module is recognised by; `""` is none.

use super::{Entry, Filled};
use crate::hosts::{Kind, Value, hex, read_hex, value_from_json, value_to_json};
use crate::ui::state::json::{Mistake, entries, text};
use litemap::LiteMap;
use serde_json::{Map, Value as Json};

/// The most bytes of a file that are kept in it.
const MOST_FILE: usize = 64 << 10;

impl Filled {
    pub(in crate::ui::state) fn to_json(&self) -> Map<String, Json> {
        let mut json = Map::new();
        if let Some(kind) = self.kind {
            json.insert("kind".to_owned(), kind.map_or("", Kind::name).into());
        }
        let forms = self.entries.iter().map(|(form, entries)| {
            let entries = entries.iter();
            let entries =
                entries.filter_map(|(key, entry)| Some((key.clone(), entry_to_json(entry)?)));
            (form.clone(), Json::Object(entries.collect()))
        });
        let forms: Map<String, Json> = forms.collect();
        if !forms.is_empty() {
            json.insert("forms".to_owned(), forms.into());
        }
        json
    }

    pub(in crate::ui::state) fn from_json(json: &Json) -> Result<Self, Mistake> {
        let kind = match text(json, "kind")? {
            None => None,
            Some("") => Some(None),
            Some(name) => {
                let kind = Kind::named(name);
                Some(Some(
                    kind.ok_or_else(|| format!("kind: there is no host {name}"))?,
                ))
            }
        };
        let mut filled = Self {
            kind,
            ..Self::default()
        };
        for (form, fields) in entries(json, "forms")?.into_iter().flatten() {
            let fields = fields.as_object();
            let fields = fields.ok_or_else(|| format!("forms: {form:?} is no object"))?;
            let mut of_form = LiteMap::new();
            for (key, field) in fields {
                let entry = entry_from_json(field);
                let entry = entry
                    .ok_or_else(|| format!("forms: {form:?}: {key:?} is no value of a field"))?;
                of_form.insert(key.clone(), entry);
            }
            filled.entries.insert(form.clone(), of_form);
        }
        Ok(filled)
    }
}

fn entry_to_json(entry: &Entry) -> Option<Json> {
    let bytes = |way: &str, text: &str| {
        let mut json = Map::new();
        json.insert(way.to_owned(), text.into());
        Json::Object(json)
    };
    Some(match entry {
        Entry::Text(text) => bytes("text", text),
        Entry::Hex(digits) => bytes("hex", digits),
        Entry::File(name, content) if content.len() <= MOST_FILE => {
            let mut json = bytes("hex", &hex(content));
            json.as_object_mut()?
                .insert("file".to_owned(), name.as_str().into());
            json
        }
        Entry::File(..) | Entry::Value(Value::Bytes(_)) => return None,
        Entry::Value(value) => value_to_json(value),
    })
}

fn entry_from_json(json: &Json) -> Option<Entry> {
    let Json::Object(bytes) = json else {
        return value_from_json(json).map(Entry::Value);
    };
    let text = |key: &str| bytes.get(key)?.as_str().map(str::to_owned);
    Some(match (text("text"), text("hex"), text("file")) {
        (Some(text), ..) => Entry::Text(text),
        (_, Some(digits), None) => Entry::Hex(digits),
        (_, Some(digits), Some(name)) => Entry::File(name, read_hex(&digits).ok()?),
        _ => return None,
    })
}
