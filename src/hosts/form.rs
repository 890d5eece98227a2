//! What is filled in for a call, and what is shown of it: data that a host describes, and one view draws.

use super::Kind;
use serde::{Deserialize, Serialize};

/// What a module is written for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recognised {
    /// Its name.
    pub name: String,
    /// The host, if it is here; `None`: it is known by name only.
    pub kind: Option<Kind>,
    /// What it is recognised by: `it imports alloc from extism:host/env`.
    pub why: String,
    /// Whether that leaves no doubt.
    pub is_certain: bool,
    /// What is to be said of the module as one of these: that the framework's own host refuses it, and why.
    pub notes: Vec<String>,
}

/// What is to be filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// What names it: exports with the same name have the same form, and what was filled in is theirs together.
    pub name: String,
    /// What can be done with it; the first is the usual one. There is at least one.
    pub actions: Vec<Action>,
    /// The fields, in their order.
    pub fields: Vec<Field>,
}

/// What can be done with a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What the host knows it by: [`Begin::action`](super::Begin::action).
    pub key: String,
    /// What the button says.
    pub label: String,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// What the host knows it by.
    pub key: String,
    /// What stands before it.
    pub label: String,
    /// The fields that stand together have the same; empty: it stands with what is always seen.
    pub group: String,
    /// What is to be known of it; empty: nothing.
    pub help: String,
    /// How it is filled in.
    pub input: Input,
    /// What it is until somebody fills it in. It fits the input.
    pub default: Value,
}

impl Field {
    /// A field that is always seen.
    #[must_use]
    pub fn new(key: &str, label: &str, input: Input, default: Value) -> Self {
        Self {
            key: key.to_owned(),
            label: label.to_owned(),
            group: String::new(),
            help: String::new(),
            input,
            default,
        }
    }

    /// The same among those of a group.
    #[must_use]
    pub fn of(mut self, group: &str) -> Self {
        group.clone_into(&mut self.group);
        self
    }

    /// The same with what is to be known of it.
    #[must_use]
    pub fn with_help(mut self, help: &str) -> Self {
        help.clone_into(&mut self.help);
        self
    }
}

/// How a field is filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// A line of text: [`Value::Text`].
    Line,
    /// Text of any number of lines: [`Value::Text`].
    Text,
    /// JSON, which need not be valid: [`Value::Text`].
    Json,
    /// Bytes, from text, hexadecimal digits or a file: [`Value::Bytes`].
    Bytes,
    /// A number that is not negative: [`Value::Text`] of digits.
    Number,
    /// One of these: [`Value::Text`].
    Choice(Vec<String>),
    /// Yes or no: [`Value::Flag`].
    Switch,
    /// Lines of text: [`Value::List`].
    List,
    /// Names and their values, in an order; a name can be there more than once: [`Value::Pairs`].
    Pairs {
        /// What the names are: `header`.
        name: String,
        /// What the values are: `value`.
        value: String,
    },
}

/// What a field was filled in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// As it was typed.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Yes or no.
    Flag(bool),
    /// Lines.
    List(Vec<String>),
    /// Names and values.
    Pairs(Vec<(String, String)>),
}

/// What was filled in, by the fields' keys; a field that is missing has its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values(pub Vec<(String, Value)>);

impl Values {
    /// What a field was filled in with.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        let mut values = self.0.iter();
        values.find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The text of a field.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        match self.get(key) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// The bytes of a field; those of text are its UTF-8.
    #[must_use]
    pub fn bytes(&self, key: &str) -> &[u8] {
        match self.get(key) {
            Some(Value::Bytes(bytes)) => bytes,
            Some(Value::Text(text)) => text.as_bytes(),
            _ => &[],
        }
    }

    /// Whether a switch is on.
    #[must_use]
    pub fn flag(&self, key: &str) -> bool {
        matches!(self.get(key), Some(Value::Flag(true)))
    }

    /// The lines of a field.
    #[must_use]
    pub fn list(&self, key: &str) -> &[String] {
        match self.get(key) {
            Some(Value::List(list)) => list,
            _ => &[],
        }
    }

    /// The names and values of a field.
    #[must_use]
    pub fn pairs(&self, key: &str) -> &[(String, String)] {
        match self.get(key) {
            Some(Value::Pairs(pairs)) => pairs,
            _ => &[],
        }
    }

    /// Sets what a field was filled in with.
    pub fn set(&mut self, key: &str, value: Value) {
        match self.0.iter_mut().find(|(name, _)| name == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key.to_owned(), value)),
        }
    }

    /// These, with the defaults of a form where there is nothing.
    #[must_use]
    pub fn over(mut self, form: &Form) -> Self {
        for field in &form.fields {
            if self.get(&field.key).is_none() {
                self.0.push((field.key.clone(), field.default.clone()));
            }
        }
        self
    }
}

/// What there is to show of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Why it failed, in the plugin's own words or the framework's; `None`: it did not.
    pub failed: Option<String>,
    /// What came of it, in a word or two, where it did not fail: `accepted`, `next was called`. Empty: nothing to say.
    pub said: String,
    /// The rest, in order.
    pub parts: Vec<(String, Part)>,
}

impl Shown {
    /// Adds a part.
    pub fn add(&mut self, label: &str, part: Part) {
        self.parts.push((label.to_owned(), part));
    }
}

/// A part of what is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// A line or more of text.
    Text(String),
    /// Bytes that the plugin gave: JSON, text, a picture or whatever they are.
    Bytes(Vec<u8>),
    /// A table.
    Table {
        /// The heads of its columns.
        columns: Vec<String>,
        /// As many cells in each.
        rows: Vec<Vec<String>>,
    },
    /// What something was before and what it is after, by name: headers, variables.
    Changes(Vec<Change>),
    /// What text was before, and what it is after.
    Difference {
        /// Before.
        before: String,
        /// After.
        after: String,
    },
}

/// What has become of something that has a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its name.
    pub name: String,
    /// What it was; `None`: it was not there.
    pub before: Option<String>,
    /// What it is; `None`: it is not there.
    pub after: Option<String>,
}

impl Part {
    /// What names and values have become, in the order of the names; one that is there more than once is there once, its values joined by
    /// commas, as headers may be.
    #[must_use]
    pub fn changes(before: &[(String, String)], after: &[(String, String)]) -> Self {
        let of = |pairs: &[(String, String)], name: &str| {
            let values = pairs.iter().filter(|(one, _)| one == name);
            let values: Vec<&str> = values.map(|(_, value)| value.as_str()).collect();
            (!values.is_empty()).then(|| values.join(", "))
        };
        let mut names: Vec<&String> = before.iter().chain(after).map(|(name, _)| name).collect();
        names.sort();
        names.dedup();
        let changes = names.into_iter().map(|name| Change {
            name: name.clone(),
            before: of(before, name),
            after: of(after, name),
        });
        Self::Changes(changes.collect())
    }
}
