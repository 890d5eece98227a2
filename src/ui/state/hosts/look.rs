//! What bytes that a plugin gives look like.

use crate::ui::state::files::{hex, image_type};
use serde_json::Value as Json;

/// The most bytes that are shown as text or digits.
const MOST: usize = 64 << 10;

/// The most bytes of JSON that are set out anew.
const MOST_JSON: usize = 256 << 10;

/// The most bytes of a picture that are shown.
const MOST_PICTURE: usize = 8 << 20;

/// What bytes are shown as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// There are none.
    Nothing,
    /// A picture of this media type.
    Picture(&'static str),
    /// JSON, set out.
    Json(String),
    /// Text, and whether there is more of it.
    Text(String, bool),
    /// Lines of hexadecimal digits, and whether there are more.
    Hex(String, bool),
}

/// What bytes look like.
pub(crate) fn look(bytes: &[u8]) -> Look {
    if bytes.is_empty() {
        return Look::Nothing;
    }
    if let Some(kind) = image_type(bytes).filter(|_| bytes.len() <= MOST_PICTURE) {
        return Look::Picture(kind);
    }
    let is_json = matches!(bytes.trim_ascii().first(), Some(b'{' | b'['));
    if is_json
        && bytes.len() <= MOST_JSON
        && let Ok(json) = serde_json::from_slice::<Json>(bytes)
    {
        return Look::Json(format!("{json:#}"));
    }
    let head = bytes.get(..MOST).unwrap_or(bytes);
    let more = head.len() < bytes.len();
    match std::str::from_utf8(head) {
        Ok(text) if is_legible(text) => Look::Text(text.to_owned(), more),
        // A character may be cut at the end.
        Err(error) if more && error.error_len().is_none() => {
            let text = String::from_utf8_lossy(head.get(..error.valid_up_to()).unwrap_or_default());
            Look::Text(text.into_owned(), more)
        }
        _ => Look::Hex(hex(head), more),
    }
}

fn is_legible(text: &str) -> bool {
    let is_odd = |char: char| char.is_control() && !matches!(char, '\n' | '\r' | '\t' | '\x1b');
    !text.chars().any(is_odd)
}
