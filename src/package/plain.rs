//! JavaScript values as plain data.

use crate::amount::amount;
use crate::go::value::{F64, plain};
use std::fmt;

use super::options::OptionError;

/// How much of a text a message quotes, in characters.
const QUOTED: usize = 40;

/// A JavaScript value, as far as options, arguments and results are made of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Plain {
    /// `undefined`: not given.
    Undefined,
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A bigint, in decimal digits.
    BigInt(String),
    /// A string.
    Text(String),
    /// An `ArrayBuffer`, or an `Uint8Array` and what is derived from it, such as Node's `Buffer`.
    Bytes(Vec<u8>),
    /// An array.
    List(Vec<Plain>),
    /// An object's own properties.
    Object(Vec<(String, Plain)>),
    /// A function.
    Function,
    /// Anything else: what it is.
    Other(String),
}

impl Plain {
    /// What stands under `key`; undefined where there is nothing.
    #[must_use]
    pub fn get(&self, key: &str) -> &Plain {
        let Plain::Object(entries) = self else {
            return &Plain::Undefined;
        };
        let entry = entries.iter().find(|(name, _)| name == key);
        entry.map_or(&Plain::Undefined, |(_, value)| value)
    }
}

/// As a message says what it got.
impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Plain::Undefined => f.write_str("undefined"),
            Plain::Null => f.write_str("null"),
            Plain::Bool(value) => value.fmt(f),
            Plain::Number(value) => {
                let text = plain(value.to_bits(), &F64);
                f.write_str(text.strip_suffix(".0").unwrap_or(&text))
            }
            Plain::BigInt(digits) if digits.len() > QUOTED => f.write_str("a very large bigint"),
            Plain::BigInt(digits) => write!(f, "{digits}n"),
            Plain::Text(text) => {
                let mut quoted: String = text.chars().take(QUOTED).collect();
                if quoted.len() < text.len() {
                    quoted.push('…');
                }
                write!(f, "{quoted:?}")
            }
            Plain::Bytes(bytes) => f.write_str(&amount(bytes.len() as u64, "byte")),
            Plain::List(_) => f.write_str("an array"),
            Plain::Object(_) => f.write_str("an object"),
            Plain::Function => f.write_str("a function"),
            Plain::Other(what) => f.write_str(what),
        }
    }
}

/// Where in the options a value stands.
pub(super) struct Place(String);

impl Place {
    pub(super) fn root() -> Self {
        Self("options".to_owned())
    }

    /// Something beside the options.
    pub(super) fn named(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// The property `key` of what is here.
    pub(super) fn at(&self, key: &str) -> Self {
        let mut characters = key.chars();
        let starts = characters
            .next()
            .is_some_and(|c| c.is_alphabetic() || c == '_');
        if starts && characters.all(|c| c.is_alphanumeric() || c == '_') {
            Self(format!("{}.{key}", self.0))
        } else {
            Self(format!("{}[{}]", self.0, Plain::Text(key.to_owned())))
        }
    }

    /// The element `index` of what is here.
    pub(super) fn item(&self, index: usize) -> Self {
        Self(format!("{}[{index}]", self.0))
    }

    pub(super) fn error(&self, message: &str) -> OptionError {
        OptionError {
            path: self.0.clone(),
            message: message.to_owned(),
        }
    }

    pub(super) fn needs(&self, what: &str, got: &Plain) -> OptionError {
        self.error(&format!("needs {what}, got {got}"))
    }

    /// The properties of the object that is here.
    pub(super) fn entries<'v>(
        &self,
        value: &'v Plain,
    ) -> Result<&'v [(String, Plain)], OptionError> {
        match value {
            Plain::Object(entries) => Ok(entries),
            other => Err(self.needs("an object", other)),
        }
    }

    /// Refuses properties that are not `known`, which may be misspelt. Undefined has none.
    pub(super) fn only(&self, value: &Plain, known: &[&str]) -> Result<(), OptionError> {
        if *value == Plain::Undefined {
            return Ok(());
        }
        let unknown = |(key, _): &&(String, Plain)| !known.contains(&key.as_str());
        match self.entries(value)?.iter().find(unknown) {
            None => Ok(()),
            Some((key, _)) => {
                let known = known.join(", ");
                Err(self
                    .at(key)
                    .error(&format!("there is no such option, only {known}")))
            }
        }
    }

    /// A whole number up to `max`.
    pub(super) fn unsigned(&self, value: &Plain, max: u64) -> Result<u64, OptionError> {
        let number = match value {
            Plain::Number(number) => whole(*number),
            Plain::BigInt(digits) => digits.parse().ok(),
            _ => None,
        };
        match number {
            Some(number) if number <= max => Ok(number),
            // Too large even for that: it is told how far it goes.
            _ if max == u64::MAX
                && !matches!(value, Plain::BigInt(digits) if !digits.starts_with('-')) =>
            {
                Err(self.needs("a bigint or a number ≥ 0", value))
            }
            _ => Err(self.needs(&format!("a bigint or a number from 0 to {max}"), value)),
        }
    }
}

/// The number, if it is whole and not negative, and exact.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "in the range of exact integers"
)]
pub(super) fn whole(number: f64) -> Option<u64> {
    let exact = (0.0..=9_007_199_254_740_992.0).contains(&number) && number.fract() == 0.0;
    exact.then_some(number as u64)
}
