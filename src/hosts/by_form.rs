//! A call by a form, as it is kept to be made again; and as JSON, with what is shown of one.
//!
//! ```json
//! { "host": "Extism", "action": "call", "fields": { "input": "Ada", "allowed_hosts": ["example.com"], "config": [["key", "value"]] } }
//! ```
//!
//! Bytes are a string, or `{"hex": "00 ff"}` where they are no text.

use super::{Change, Field, Form, Input, Kind, Part, Shown, Value, Values};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// The most bytes of what is shown that are written.
const MOST_SHOWN: usize = 64 << 10;

/// A call by a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByForm {
    /// The host whose form it is.
    pub kind: Kind,
    /// Which of the form's [actions](Form::actions), by its key; empty: the usual one.
    pub action: String,
    /// What was filled in, where that is not the form's default.
    pub values: Values,
}

impl ByForm {
    /// What is filled in in all, and the action, by the form as it is now.
    ///
    /// # Errors
    ///
    /// When something does not fit the form: says what.
    pub fn fill(&self, form: &Form) -> Result<(String, Values), String> {
        let mut actions = form.actions.iter().map(|action| &action.key);
        let action = match self.action.as_str() {
            "" => actions.next(),
            wanted => actions.find(|key| *key == wanted),
        };
        let action = action.ok_or_else(|| format!("action: there is no {}", self.action))?;
        let mut values = Values::default();
        for (key, value) in &self.values.0 {
            let mut fields = form.fields.iter();
            let Some(field) = fields.find(|field| field.key == *key) else {
                let known: Vec<&str> = form.fields.iter().map(|field| &*field.key).collect();
                let known = known.join(", ");
                return Err(format!("fields: there is no {key}, only {known}"));
            };
            let fitting = field.fitting(value);
            values.set(key, fitting.ok_or_else(|| field.needs())?);
        }
        Ok((action.clone(), values.over(form)))
    }

    /// Writes its parts into the object of a call.
    pub fn put(&self, json: &mut Map<String, Json>) {
        json.insert("host".to_owned(), self.kind.name().into());
        json.insert("action".to_owned(), self.action.as_str().into());
        let fields = self.values.0.iter();
        let fields = fields.map(|(key, value)| (key.clone(), value_to_json(value)));
        json.insert("fields".to_owned(), Json::Object(fields.collect()));
    }

    /// The parts of an object that are its own.
    pub const PARTS: [&str; 3] = ["host", "action", "fields"];

    /// Reads its parts out of the object of a call; `None`: it has none of them, and is another call.
    ///
    /// # Errors
    ///
    /// What is wrong, and where.
    pub fn get(json: &Map<String, Json>) -> Result<Option<Self>, String> {
        if Self::PARTS.iter().all(|part| !json.contains_key(*part)) {
            return Ok(None);
        }
        let text = |key: &str| match json.get(key) {
            None => Ok(""),
            Some(Json::String(text)) => Ok(text.as_str()),
            Some(_) => Err(format!("{key}: needs a string")),
        };
        let kind = Kind::named(text("host")?).ok_or_else(|| {
            let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
            format!("host: needs one of {}", names.join(", "))
        })?;
        let mut values = Values::default();
        match json.get("fields") {
            None => {}
            Some(Json::Object(fields)) => {
                for (key, field) in fields {
                    let value = value_from_json(field);
                    let value =
                        value.ok_or_else(|| format!("fields.{key}: it is no value of a field"))?;
                    values.set(key, value);
                }
            }
            Some(_) => return Err("fields: needs an object".to_owned()),
        }
        Ok(Some(Self {
            kind,
            action: text("action")?.to_owned(),
            values,
        }))
    }

    /// What was filled in, on one line, as far as there is room: `input "Ada"`.
    #[must_use]
    pub fn written(&self, most: usize) -> String {
        let fields = self.values.0.iter();
        let fields = fields.map(|(key, value)| format!("{key}: {}", value_to_json(value)));
        let text = fields.collect::<Vec<_>>().join(", ");
        match text.char_indices().nth(most) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text,
        }
    }

    /// About how many bytes it takes.
    #[must_use]
    pub fn weight(&self) -> usize {
        let values = self.values.0.iter().map(|(_, value)| match value {
            Value::Text(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            Value::Flag(_) => 1,
            Value::List(list) => list.iter().map(String::len).sum(),
            Value::Pairs(pairs) => pairs.iter().map(|(a, b)| a.len() + b.len()).sum(),
        });
        values.sum()
    }
}

impl Kind {
    /// The one of this [name](Kind::name).
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// What it is called in JavaScript.
    #[must_use]
    pub fn key(self) -> String {
        self.name().to_lowercase().replace(' ', "-")
    }
}

impl Values {
    /// Without what is the form's default.
    #[must_use]
    pub fn beyond(mut self, form: &Form) -> Self {
        self.0.retain(|(key, value)| {
            let mut fields = form.fields.iter();
            !fields.any(|field| field.key == *key && field.default == *value)
        });
        self
    }
}

impl Field {
    /// The value as this field has it; `None`: it cannot be its.
    fn fitting(&self, value: &Value) -> Option<Value> {
        Some(match (&self.input, value) {
            (Input::Bytes, Value::Text(text)) => Value::Bytes(text.clone().into_bytes()),
            (Input::Bytes, Value::Bytes(_))
            | (Input::Line | Input::Text | Input::Json, Value::Text(_))
            | (Input::Switch, Value::Flag(_))
            | (Input::List, Value::List(_))
            | (Input::Pairs { .. }, Value::Pairs(_)) => value.clone(),
            (Input::Number, Value::Text(text)) if text.bytes().all(|it| it.is_ascii_digit()) => {
                value.clone()
            }
            (Input::Choice(choices), Value::Text(text)) if choices.contains(text) => value.clone(),
            // In JSON an empty list is one of either.
            (Input::Pairs { .. }, Value::List(list)) if list.is_empty() => Value::Pairs(Vec::new()),
            _ => return None,
        })
    }

    fn needs(&self) -> String {
        let what = match &self.input {
            Input::Line | Input::Text | Input::Json => "a string".to_owned(),
            Input::Bytes => "a string, or {\"hex\": …}".to_owned(),
            Input::Number => "a string of digits".to_owned(),
            Input::Choice(choices) => format!("one of {}", choices.join(", ")),
            Input::Switch => "true or false".to_owned(),
            Input::List => "a list of strings".to_owned(),
            Input::Pairs { .. } => "a list of pairs of strings".to_owned(),
        };
        format!("fields.{}: needs {what}", self.key)
    }
}

/// A value as JSON.
#[must_use]
pub fn value_to_json(value: &Value) -> Json {
    match value {
        Value::Text(text) => text.as_str().into(),
        Value::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => Json::Object(Map::from_iter([("hex".to_owned(), hex(bytes).into())])),
        },
        Value::Flag(on) => (*on).into(),
        Value::List(list) => list.clone().into(),
        Value::Pairs(pairs) => {
            let pairs = pairs.iter();
            let pairs = pairs.map(|(name, value)| vec![name.clone(), value.clone()]);
            pairs.collect::<Vec<_>>().into()
        }
    }
}

/// The value that is written so; bytes that are text are [`Value::Text`].
#[must_use]
pub fn value_from_json(json: &Json) -> Option<Value> {
    Some(match json {
        Json::String(text) => Value::Text(text.clone()),
        Json::Bool(on) => Value::Flag(*on),
        Json::Object(bytes) => Value::Bytes(read_hex(bytes.get("hex")?.as_str()?).ok()?),
        Json::Array(list) if list.iter().all(Json::is_string) => {
            let lines = list.iter().filter_map(Json::as_str);
            Value::List(lines.map(str::to_owned).collect())
        }
        Json::Array(list) => {
            let pairs = list.iter().map(|pair| match pair.as_array()?.as_slice() {
                [Json::String(name), Json::String(value)] => Some((name.clone(), value.clone())),
                _ => None,
            });
            Value::Pairs(pairs.collect::<Option<_>>()?)
        }
        Json::Null | Json::Number(_) => return None,
    })
}

/// What is shown of a call, as JSON: `said` and each part by its label; `None`: it is more than can be compared.
#[must_use]
pub fn shown_to_json(shown: &Shown) -> Option<Json> {
    let mut json = Map::new();
    json.insert("said".to_owned(), shown.said.as_str().into());
    let mut left = MOST_SHOWN;
    for (label, part) in &shown.parts {
        left = left.checked_sub(part.size())?;
        json.insert(label.clone(), part_to_json(part));
    }
    Some(Json::Object(json))
}

impl Part {
    /// About how many bytes it is.
    fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::Table { rows, .. } => rows.iter().flatten().map(String::len).sum(),
            Self::Changes(changes) => {
                let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
                let sizes = changes.iter();
                let sizes = sizes.map(|it| it.name.len() + text(&it.before) + text(&it.after));
                sizes.sum()
            }
            Self::Difference { before, after } => before.len() + after.len(),
        }
    }
}

fn part_to_json(part: &Part) -> Json {
    match part {
        Part::Text(text) => lines(text),
        Part::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => lines(text),
            Err(_) => value_to_json(&Value::Bytes(bytes.clone())),
        },
        Part::Table { columns, rows } => {
            let row = |row: &Vec<String>| -> Json {
                let cells = columns.iter().cloned().zip(row.iter().cloned());
                Json::Object(cells.map(|(column, cell)| (column, cell.into())).collect())
            };
            rows.iter().map(row).collect()
        }
        Part::Changes(changes) => {
            let side = |side: &Option<String>| side.as_deref().map_or(Json::Null, lines);
            let change = |change: &Change| {
                let (before, after) = (side(&change.before), side(&change.after));
                let sides = [("before".to_owned(), before), ("after".to_owned(), after)];
                (
                    change.name.clone(),
                    Json::Object(sides.into_iter().collect()),
                )
            };
            Json::Object(changes.iter().map(change).collect())
        }
        Part::Difference { before, after } => {
            let sides = [("before", before), ("after", after)];
            let sides = sides.map(|(key, text)| (key.to_owned(), lines(text)));
            Json::Object(sides.into_iter().collect())
        }
    }
}

/// A text; one of several lines is a list of these, so that it is seen which of them differ.
fn lines(text: &str) -> Json {
    match text.contains('\n') {
        true => text.split('\n').map(Json::from).collect(),
        false => text.into(),
    }
}

/// `allowed_hosts` as `allowedHosts`: a field's key as JavaScript has it.
#[must_use]
pub fn camel(key: &str) -> String {
    let mut words = key.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut all, word| {
        let mut chars = word.chars();
        all.extend(chars.next().map(|char| char.to_ascii_uppercase()));
        all + chars.as_str()
    })
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.join(" ")
}

/// Bytes of hexadecimal digits, with or without spaces.
///
/// # Errors
///
/// What is no digit, or that one is missing.
pub fn read_hex(text: &str) -> Result<Vec<u8>, String> {
    let digits: Vec<u32> = text
        .chars()
        .filter(|char| !char.is_whitespace())
        .map(|char| {
            let digit = char.to_digit(16);
            digit.ok_or_else(|| format!("{char:?} is no hexadecimal digit"))
        })
        .collect::<Result<_, _>>()?;
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(high * 16 + low).map_err(|error| error.to_string()),
        _ => Err("a byte has two hexadecimal digits".to_owned()),
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosts::Action;

    fn form() -> Form {
        let text = |text: &str| Value::Text(text.to_owned());
        let action = |key: &str| Action {
            key: key.to_owned(),
            label: key.to_owned(),
        };
        let pairs = Input::Pairs {
            name: "name".to_owned(),
            value: "value".to_owned(),
        };
        let levels = Input::Choice(vec!["info".to_owned(), "off".to_owned()]);
        Form {
            name: "run".to_owned(),
            actions: vec![action("call"), action("tick")],
            fields: vec![
                Field::new("input", "Input", Input::Bytes, Value::Bytes(Vec::new())),
                Field::new("level", "Level", levels, text("info")),
                Field::new("config", "Config", pairs, Value::Pairs(Vec::new())),
                Field::new("status", "Status", Input::Number, text("200")),
            ],
        }
    }

    fn read(text: &str) -> Result<Option<ByForm>, String> {
        ByForm::get(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn a_call_is_written_and_read() {
        for text in [
            r#"{"host":"Extism","action":"call","fields":{"input":"Ada","config":[["a","b"]],"level":"off"}}"#,
            r#"{"host":"waPC","action":"","fields":{"input":{"hex":"00 ff"},"x":true,"y":["1"]}}"#,
        ] {
            let call = read(text).unwrap().unwrap();
            let mut json = Map::new();
            call.put(&mut json);
            assert_eq!(Json::Object(json).to_string(), text);
        }
        assert_eq!(read(r#"{"export": "f", "args": []}"#), Ok(None));
    }

    #[test]
    fn what_is_filled_in_is_over_the_defaults_of_the_form() {
        let call = read(r#"{"host":"Extism","fields":{"input":"Ada","config":[]}}"#);
        let call = call.unwrap().unwrap();
        let (action, values) = call.fill(&form()).unwrap();
        assert_eq!(action, "call");
        assert_eq!(values.get("input"), Some(&Value::Bytes(b"Ada".to_vec())));
        assert_eq!(values.text("level"), "info");
        let beyond = values.beyond(&form());
        assert_eq!(
            beyond.0,
            [("input".to_owned(), Value::Bytes(b"Ada".to_vec()))]
        );
    }

    #[test]
    fn what_does_not_fit_is_told() {
        for (text, problem) in [
            (
                r#"{"host":"Envoy"}"#,
                "host: needs one of Extism, http-wasm",
            ),
            (r#"{"fields":{}}"#, "host: needs one of"),
            (r#"{"host":"Extism","action":1}"#, "action: needs a string"),
            (
                r#"{"host":"Extism","fields":[]}"#,
                "fields: needs an object",
            ),
            (
                r#"{"host":"Extism","fields":{"a":{"hex":"0"}}}"#,
                "fields.a: it is no value",
            ),
            (
                r#"{"host":"Extism","action":"fly"}"#,
                "action: there is no fly",
            ),
            (
                r#"{"host":"Extism","fields":{"in":""}}"#,
                "fields: there is no in, only input, level",
            ),
            (
                r#"{"host":"Extism","fields":{"level":"loud"}}"#,
                "fields.level: needs one of info, off",
            ),
            (
                r#"{"host":"Extism","fields":{"status":"-1"}}"#,
                "fields.status: needs a string of digits",
            ),
            (
                r#"{"host":"Extism","fields":{"config":["a"]}}"#,
                "fields.config: needs a list of pairs",
            ),
        ] {
            let refused = read(text).and_then(|call| call.unwrap().fill(&form()));
            let refused = refused.unwrap_err();
            assert!(refused.starts_with(problem), "{refused}");
        }
    }

    #[test]
    fn what_is_shown_is_an_object_by_label() {
        let mut shown = Shown {
            said: "returned 0".to_owned(),
            ..Shown::default()
        };
        shown.add("Output", Part::Bytes(b"a\nb".to_vec()));
        shown.add("Raw", Part::Bytes(vec![255]));
        shown.add(
            "Variables",
            Part::changes(&[], &[("n".to_owned(), "1".to_owned())]),
        );
        shown.add(
            "Log",
            Part::Table {
                columns: vec!["Level".to_owned()],
                rows: vec![vec!["info".to_owned()]],
            },
        );
        assert_eq!(
            shown_to_json(&shown).unwrap().to_string(),
            r#"{"said":"returned 0","Output":["a","b"],"Raw":{"hex":"ff"},"Variables":{"n":{"before":null,"after":"1"}},"Log":[{"Level":"info"}]}"#
        );
        shown.add("More", Part::Text("x".repeat(MOST_SHOWN)));
        assert_eq!(shown_to_json(&shown), None);
    }
}
