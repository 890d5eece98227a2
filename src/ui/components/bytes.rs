//! Bytes of memory, as hex and as text.

use std::fmt::Write;
use yew::prelude::*;

/// A byte as text: what is no visible ASCII is a dot.
pub(super) fn letter(byte: u8) -> char {
    match byte {
        b' '..=b'~' => char::from(byte),
        _ => '·',
    }
}

/// Some bytes, eight a line.
pub(super) fn dump(address: u64, bytes: &[u8]) -> Html {
    let mut text = String::new();
    for (line, bytes) in bytes.chunks(8).enumerate() {
        // Writing to a text does not fail.
        let _ = write!(text, "{:08x} ", address + line as u64 * 8);
        for place in 0..8 {
            let _ = match bytes.get(place) {
                Some(byte) => write!(text, " {byte:02x}"),
                None => write!(text, "   "),
            };
        }
        text.push_str("  ");
        text.extend(bytes.iter().map(|byte| letter(*byte)));
        text.push('\n');
    }
    html! { <pre>{ text }</pre> }
}
