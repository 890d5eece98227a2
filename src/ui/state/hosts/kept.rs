//! What is filled in for a host, as JSON, to be kept and shared.
//!
//! ```json
//! { "kind": "Extism", "forms": { "greet": { "input": { "text": "Ada" }, "config": [["key", "value"]],
//!   "allowed_hosts": ["example.com"], "log_level": "info" } } }
//! ```
//!
//! `kind` is there if somebody chose another host than the module is recognised by; `""` is none.

use super::{Entry, Filled};
use crate::hosts::{Kind, Value};
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
                let mut kinds = Kind::ALL.iter();
                let kind = kinds.find(|kind| kind.name() == name);
                Some(Some(
                    *kind.ok_or_else(|| format!("kind: there is no host {name}"))?,
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
            let Entry::Hex(digits) = entry.as_hex() else {
                return None;
            };
            let mut json = bytes("hex", &digits);
            json.as_object_mut()?
                .insert("file".to_owned(), name.as_str().into());
            json
        }
        Entry::File(..) | Entry::Value(Value::Bytes(_)) => return None,
        Entry::Value(Value::Text(text)) => text.as_str().into(),
        Entry::Value(Value::Flag(on)) => (*on).into(),
        Entry::Value(Value::List(list)) => list.clone().into(),
        Entry::Value(Value::Pairs(pairs)) => {
            let pairs = pairs
                .iter()
                .map(|(name, value)| vec![name.clone(), value.clone()]);
            pairs.collect::<Vec<_>>().into()
        }
    })
}

fn entry_from_json(json: &Json) -> Option<Entry> {
    Some(match json {
        Json::String(text) => Entry::Value(Value::Text(text.clone())),
        Json::Bool(on) => Entry::Value(Value::Flag(*on)),
        Json::Object(bytes) => {
            let text = |key: &str| bytes.get(key)?.as_str().map(str::to_owned);
            match (text("text"), text("hex"), text("file")) {
                (Some(text), ..) => Entry::Text(text),
                (_, Some(digits), None) => Entry::Hex(digits),
                (_, Some(digits), Some(name)) => Entry::File(name, super::read_hex(&digits).ok()?),
                _ => return None,
            }
        }
        Json::Array(list) if list.iter().all(Json::is_string) => {
            let lines = list.iter().filter_map(Json::as_str);
            Entry::Value(Value::List(lines.map(str::to_owned).collect()))
        }
        Json::Array(list) => {
            let pairs = list.iter().map(|pair| match pair.as_array()?.as_slice() {
                [Json::String(name), Json::String(value)] => Some((name.clone(), value.clone())),
                _ => None,
            });
            Entry::Value(Value::Pairs(pairs.collect::<Option<_>>()?))
        }
        Json::Null | Json::Number(_) => return None,
    })
}
