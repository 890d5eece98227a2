//! What is read from JSON that people may have written: each mistake is told with where it is.

use serde_json::{Map, Value as Json};

/// A mistake, and where it is.
pub(crate) type Mistake = String;

/// The text under a key, if there is one.
///
/// # Errors
///
/// When something else is there.
pub(crate) fn text<'j>(json: &'j Json, key: &str) -> Result<Option<&'j str>, Mistake> {
    match json.get(key) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("{key:?} is not a text")),
    }
}

/// Whether the switch of this name is on, if it is there.
///
/// # Errors
///
/// When something else is there.
pub(crate) fn switch(json: &Json, key: &str) -> Result<Option<bool>, Mistake> {
    match json.get(key) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Bool(on)) => Ok(Some(*on)),
        Some(_) => Err(format!("{key:?} is neither true nor false")),
    }
}

/// The entries of the object under a key; none if it is not there.
///
/// # Errors
///
/// When something else is there.
pub(crate) fn entries<'j>(
    json: &'j Json,
    key: &str,
) -> Result<Option<&'j Map<String, Json>>, Mistake> {
    match json.get(key) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Object(entries)) => Ok(Some(entries)),
        Some(_) => Err(format!("{key:?} is not an object")),
    }
}

/// Puts a text under a key, unless it is `usual`.
pub(crate) fn put(json: &mut Map<String, Json>, key: &str, text: &str, usual: &str) {
    if text != usual {
        json.insert(key.to_owned(), text.into());
    }
}

/// An object of these, unless it has nothing in it.
pub(crate) fn object(entries: Map<String, Json>) -> Option<Json> {
    (!entries.is_empty()).then_some(Json::Object(entries))
}
