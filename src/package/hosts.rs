//! Calls by the form of a framework's host: what the caller gives becomes what is filled in, and what there is to show becomes an object.

use super::Plain;
use super::options::OptionError;
use super::plain::Place;
use crate::hosts::{Field, Form, Input, Kind, Part, Shown, Value, Values, camel};

/// The host of this name, as `host` is written: `extism`, or `none`.
///
/// # Errors
///
/// When there is none of that name: says which there are.
pub(super) fn kind(value: &Plain, at: &Place) -> Result<Option<Kind>, OptionError> {
    let mut names: Vec<String> = Kind::ALL.iter().map(|kind| kind.key()).collect();
    names.push("none".to_owned());
    if let Plain::Text(given) = value {
        let found = names.iter().position(|one| one == given);
        if let Some(place) = found {
            return Ok(Kind::ALL.get(place).copied());
        }
    }
    let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    Err(at.needs(&names.join(" or "), value))
}

/// The host that somebody chose on the page, as the page's session has it; `None`: nobody did.
pub(super) fn of_session(text: &str) -> Option<Option<Kind>> {
    let json: serde_json::Value = serde_json::from_str(text).ok()?;
    match json.get("host")?.get("kind")?.as_str()? {
        "" => Some(None),
        name => Kind::named(name).map(Some),
    }
}

/// What is filled in for a call, by the keys of the form's fields, as JavaScript writes them: `allowedHosts`.
///
/// # Errors
///
/// The first thing that fits no field: says which, and what it needs.
pub fn values(given: &Plain, form: &Form) -> Result<Values, OptionError> {
    let root = Place::named("fields");
    let keys: Vec<String> = form.fields.iter().map(|field| camel(&field.key)).collect();
    let known: Vec<&str> = keys.iter().map(String::as_str).collect();
    root.only(given, &known)?;
    let mut values = Values::default();
    for (field, key) in form.fields.iter().zip(&keys) {
        match given.get(key) {
            Plain::Undefined => {}
            value => values.set(&field.key, read(value, field, &root.at(key))?),
        }
    }
    Ok(values.over(form))
}

fn read(value: &Plain, field: &Field, at: &Place) -> Result<Value, OptionError> {
    let text = |value: &Plain| match value {
        Plain::Text(text) => Some(text.clone()),
        _ => None,
    };
    let (read, needs) = match &field.input {
        Input::Line | Input::Text => (text(value).map(Value::Text), "a string".to_owned()),
        Input::Json => (
            json(value).map(Value::Text),
            "what JSON can have".to_owned(),
        ),
        Input::Bytes => {
            let read = match value {
                Plain::Text(text) => Some(text.clone().into_bytes()),
                Plain::Bytes(bytes) => Some(bytes.clone()),
                _ => None,
            };
            (
                read.map(Value::Bytes),
                "a string or a Uint8Array".to_owned(),
            )
        }
        Input::Number => {
            let number = at.unsigned(value, u64::MAX)?;
            return Ok(Value::Text(number.to_string()));
        }
        Input::Choice(choices) => {
            let read = text(value).filter(|text| choices.contains(text));
            let names: Vec<String> = choices.iter().map(|name| format!("{name:?}")).collect();
            (read.map(Value::Text), names.join(" or "))
        }
        Input::Switch => {
            let read = match value {
                Plain::Bool(on) => Some(*on),
                _ => None,
            };
            (read.map(Value::Flag), "a boolean".to_owned())
        }
        Input::List => {
            let read = match value {
                Plain::List(list) => list.iter().map(text).collect::<Option<_>>(),
                _ => None,
            };
            (read.map(Value::List), "an array of strings".to_owned())
        }
        Input::Pairs { .. } => (
            pairs(value).map(Value::Pairs),
            "an object of strings, or an array of pairs of them".to_owned(),
        ),
    };
    read.ok_or_else(|| at.needs(&needs, value))
}

/// JSON: as text, or written of a value.
fn json(value: &Plain) -> Option<String> {
    match value {
        Plain::Text(text) => Some(text.clone()),
        value => to_json(value).map(|json| json.to_string()),
    }
}

/// A value as JSON; `None`: it has parts that JSON has not.
pub(super) fn to_json(value: &Plain) -> Option<serde_json::Value> {
    use serde_json::Value as Json;
    Some(match value {
        Plain::Null => Json::Null,
        Plain::Bool(on) => (*on).into(),
        Plain::Number(_) | Plain::BigInt(_) => serde_json::from_str(&value.to_string()).ok()?,
        Plain::Text(text) => text.as_str().into(),
        Plain::List(list) => Json::Array(list.iter().map(to_json).collect::<Option<_>>()?),
        Plain::Object(entries) => {
            let entries = entries
                .iter()
                .filter(|(_, value)| *value != Plain::Undefined);
            let entries = entries.map(|(key, value)| Some((key.clone(), to_json(value)?)));
            Json::Object(entries.collect::<Option<_>>()?)
        }
        Plain::Undefined | Plain::Bytes(_) | Plain::Function | Plain::Other(_) => return None,
    })
}

fn pairs(value: &Plain) -> Option<Vec<(String, String)>> {
    let pair = |name: &Plain, value: &Plain| match (name, value) {
        (Plain::Text(name), Plain::Text(value)) => Some((name.clone(), value.clone())),
        _ => None,
    };
    match value {
        Plain::Object(entries) => entries
            .iter()
            .map(|(name, value)| pair(&Plain::Text(name.clone()), value))
            .collect(),
        Plain::List(list) => list
            .iter()
            .map(|item| match item {
                Plain::List(item) => match item.as_slice() {
                    [name, value] => pair(name, value),
                    _ => None,
                },
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

/// What there is to show, as an object: `failed`, `said`, and each part by its label in lower case.
#[must_use]
pub fn shown(shown: &Shown) -> Plain {
    let mut entries = Vec::new();
    if let Some(failed) = &shown.failed {
        entries.push(("failed".to_owned(), Plain::Text(failed.clone())));
    }
    entries.push(("said".to_owned(), Plain::Text(shown.said.clone())));
    for (label, part) in &shown.parts {
        let key = camel(&label.to_lowercase().replace([' ', '-'], "_"));
        entries.push((key, self::part(part)));
    }
    Plain::Object(entries)
}

fn part(part: &Part) -> Plain {
    let text = |text: &String| Plain::Text(text.clone());
    let maybe = |value: &Option<String>| value.as_ref().map_or(Plain::Undefined, text);
    match part {
        Part::Text(shown) => text(shown),
        Part::Bytes(bytes) => Plain::Bytes(bytes.clone()),
        Part::Table { columns, rows } => {
            let row = |row: &Vec<String>| {
                let cells = columns.iter().zip(row);
                let cells = cells.map(|(column, cell)| (column.to_lowercase(), text(cell)));
                Plain::Object(cells.collect())
            };
            Plain::List(rows.iter().map(row).collect())
        }
        Part::Changes(changes) => {
            let changes = changes.iter().map(|change| {
                let sides = vec![
                    ("before".to_owned(), maybe(&change.before)),
                    ("after".to_owned(), maybe(&change.after)),
                ];
                (change.name.clone(), Plain::Object(sides))
            });
            Plain::Object(changes.collect())
        }
        Part::Difference { before, after } => Plain::Object(vec![
            ("before".to_owned(), text(before)),
            ("after".to_owned(), text(after)),
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosts::{Action, Change};

    fn form() -> Form {
        let none = || Value::Text(String::new());
        let pairs = Input::Pairs {
            name: "name".to_owned(),
            value: "value".to_owned(),
        };
        let choices = Input::Choice(vec!["info".to_owned(), "off".to_owned()]);
        Form {
            name: "run".to_owned(),
            actions: vec![Action {
                key: "call".to_owned(),
                label: "Call".to_owned(),
            }],
            fields: vec![
                Field::new("input", "Input", Input::Bytes, Value::Bytes(Vec::new())),
                Field::new(
                    "allowed_hosts",
                    "Hosts",
                    Input::List,
                    Value::List(Vec::new()),
                ),
                Field::new("config", "Config", pairs, Value::Pairs(Vec::new())),
                Field::new(
                    "log_level",
                    "Level",
                    choices,
                    Value::Text("info".to_owned()),
                ),
                Field::new("body", "Body", Input::Json, none()),
                Field::new("status", "Status", Input::Number, none()),
            ],
        }
    }

    fn object(entries: &[(&str, Plain)]) -> Plain {
        let entries = entries.iter();
        Plain::Object(
            entries
                .map(|(key, value)| ((*key).to_owned(), value.clone()))
                .collect(),
        )
    }

    fn text(text: &str) -> Plain {
        Plain::Text(text.to_owned())
    }

    #[test]
    fn what_is_given_fills_the_form_in() {
        let given = object(&[
            ("input", text("Ada")),
            ("allowedHosts", Plain::List(vec![text("*.org")])),
            ("config", object(&[("a", text("1"))])),
            (
                "body",
                object(&[("n", Plain::Number(1.0)), ("no", Plain::Undefined)]),
            ),
            ("status", Plain::Number(204.0)),
        ]);
        let values = values(&given, &form()).expect("it fits");
        assert_eq!(values.bytes("input"), b"Ada");
        assert_eq!(values.list("allowed_hosts"), ["*.org"]);
        assert_eq!(values.pairs("config"), [("a".to_owned(), "1".to_owned())]);
        assert_eq!(values.text("log_level"), "info");
        assert_eq!(values.text("body"), r#"{"n":1}"#);
        assert_eq!(values.text("status"), "204");
        assert!(super::values(&Plain::Undefined, &form()).is_ok());
    }

    #[test]
    fn what_fits_no_field_is_refused() {
        for (key, value, problem) in [
            ("inputs", text(""), "fields.inputs"),
            (
                "input",
                Plain::Number(1.0),
                "fields.input: needs a string or a Uint8Array",
            ),
            (
                "allowedHosts",
                text("*"),
                "fields.allowedHosts: needs an array of strings",
            ),
            (
                "config",
                object(&[("a", Plain::Bool(true))]),
                "fields.config: needs an object",
            ),
            (
                "logLevel",
                text("loud"),
                "fields.logLevel: needs \"info\" or \"off\"",
            ),
            ("status", text("200"), "fields.status: needs"),
        ] {
            let refused = values(&object(&[(key, value)]), &form());
            let refused = refused.expect_err("it does not fit").to_string();
            assert!(refused.starts_with(problem), "{refused}");
        }
    }

    #[test]
    fn hosts_have_names() {
        let at = Place::root();
        assert_eq!(kind(&text("extism"), &at), Ok(Some(Kind::Extism)));
        assert_eq!(kind(&text("none"), &at), Ok(None));
        assert!(kind(&text("Extism"), &at).is_err());
        let of_session = |host: &str| of_session(&format!(r#"{{"plugboard": 1, "host": {host}}}"#));
        assert_eq!(of_session(r#"{"kind": ""}"#), Some(None));
        assert_eq!(of_session(r#"{"kind": "waPC"}"#), Some(Some(Kind::Wapc)));
        assert_eq!(of_session(r#"{"forms": {}}"#), None);
    }

    #[test]
    fn what_is_shown_is_an_object_of_its_parts() {
        let mut told = Shown {
            said: "returned 0".to_owned(),
            ..Shown::default()
        };
        told.add("Output", Part::Bytes(vec![1]));
        told.add(
            "Variables",
            Part::Changes(vec![Change {
                name: "n".to_owned(),
                before: None,
                after: Some("1".to_owned()),
            }]),
        );
        let expected = object(&[
            ("said", text("returned 0")),
            ("output", Plain::Bytes(vec![1])),
            (
                "variables",
                object(&[(
                    "n",
                    object(&[("before", Plain::Undefined), ("after", text("1"))]),
                )]),
            ),
        ]);
        assert_eq!(shown(&told), expected);
    }
}
