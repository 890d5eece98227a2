//! The fields of an HTTP message, headers or trailers: names in lower case, each with any number of values, in their order.

use super::held::EACH;
use crate::amount::amount;
use std::borrow::Cow;
use std::fmt::Write;

/// The most fields that a message may have.
pub(super) const FIELDS: usize = 4096;

/// Headers, or trailers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(Vec<(String, Vec<u8>)>);

impl Fields {
    /// Its fields, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values of a name.
    pub fn values<'f>(&'f self, name: &str) -> impl Iterator<Item = &'f [u8]> {
        let name = name.to_ascii_lowercase();
        let of = move |(other, _): &&(String, Vec<u8>)| *other == name;
        self.0.iter().filter(of).map(|(_, value)| value.as_slice())
    }

    /// The names, each once, in the order of the alphabet.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// One more field, behind the others.
    pub fn add(&mut self, name: &str, value: Vec<u8>) {
        self.0.push((name.to_ascii_lowercase(), value));
    }

    /// The only field of the name from now on, where the first of them was.
    pub fn set(&mut self, name: &str, value: Vec<u8>) {
        let name = name.to_ascii_lowercase();
        let first = self.0.iter().position(|(other, _)| *other == name);
        match first.and_then(|first| self.0.get_mut(first)) {
            Some((_, first)) => *first = value,
            None => {
                self.0.push((name, value));
                return;
            }
        }
        let mut seen = false;
        self.0
            .retain(|(other, _)| *other != name || !std::mem::replace(&mut seen, true));
    }

    /// No fields of the name from now on.
    pub fn remove(&mut self, name: &str) {
        let name = name.to_ascii_lowercase();
        self.0.retain(|(other, _)| *other != name);
    }

    /// The same with the length of the body, as whoever sends one says it, unless they say how it is sent.
    pub fn with_length(mut self, body: &[u8]) -> Self {
        let mut says = ["content-length", "transfer-encoding"].into_iter();
        if !body.is_empty() && !says.any(|name| self.values(name).next().is_some()) {
            self.add("content-length", body.len().to_string().into_bytes());
        }
        self
    }

    /// How many bytes they are.
    pub fn size(&self) -> u64 {
        let size = |(name, value): &(String, Vec<u8>)| (name.len() + value.len()) as u64;
        self.0.iter().map(size).sum()
    }

    /// What keeping them costs, in bytes.
    pub fn cost(&self) -> u64 {
        self.size() + self.0.len() as u64 * EACH
    }

    /// As lines, `name: value`.
    pub fn lines(&self) -> String {
        let mut lines = String::new();
        for (name, value) in self.iter() {
            let _ = writeln!(lines, "{name}: {}", text(value));
        }
        lines
    }
}

impl<N: AsRef<str>, V: Into<Vec<u8>>> FromIterator<(N, V)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let lower = |(name, value): (N, V)| (name.as_ref().to_ascii_lowercase(), value.into());
        Self(pairs.into_iter().map(lower).collect())
    }
}

/// Bytes as text, as far as they are that.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// Bytes for whoever looks at them: text, or else hexadecimal digits.
pub(super) fn shown_bytes(bytes: &[u8]) -> Cow<'_, str> {
    let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains(is_odd) => Cow::Borrowed(text),
        _ => Cow::Owned(super::hex(bytes)),
    }
}

/// Writes what is behind the first line of a message: headers, body, trailers.
pub(super) fn message(lines: &mut String, headers: &Fields, body: &[u8], trailers: &Fields) {
    lines.push_str(&headers.lines());
    match std::str::from_utf8(body) {
        Ok("") => {}
        Ok(body) => {
            let _ = write!(lines, "\n{body}");
            if !lines.ends_with('\n') {
                lines.push('\n');
            }
        }
        Err(_) => {
            let _ = writeln!(
                lines,
                "\n{} that are no text",
                amount(body.len() as u64, "byte")
            );
        }
    }
    if !trailers.is_empty() {
        let _ = write!(lines, "\n{}", trailers.lines());
    }
}
