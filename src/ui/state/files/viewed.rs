//! A file that is looked at.

use crate::protocol::Place;
use crate::ui::state::shared::Shared;
use std::fmt::Write;

/// A way to look at a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    Text,
    Hex,
    Image,
}

impl View {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Hex => "Hex",
            Self::Image => "Image",
        }
    }
}

/// A file that is looked at.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Viewed {
    pub(crate) at: Place,
    /// Its first bytes.
    pub(crate) bytes: Shared<Vec<u8>>,
    /// Bytes in all.
    pub(crate) size: u64,
    pub(crate) view: View,
}

impl Viewed {
    /// Bytes that are asked for.
    pub(crate) const MOST: u64 = 8 << 20;

    const MOST_TEXT: usize = 256 << 10;
    const MOST_HEX: usize = 16 << 10;

    pub(super) fn new(at: Place, bytes: Vec<u8>, size: u64) -> Self {
        let mut viewed = Self {
            at,
            bytes: Shared::new(bytes),
            size,
            view: View::Text,
        };
        let head = viewed.head(4 << 10);
        if viewed.image_type().is_some() {
            viewed.view = View::Image;
        } else if head.contains(&0) {
            viewed.view = View::Hex;
        }
        viewed
    }

    /// The ways to look at it.
    pub(crate) fn views(&self) -> Vec<View> {
        let image = self.image_type().map(|_| View::Image);
        [View::Text, View::Hex].into_iter().chain(image).collect()
    }

    /// Its MIME type, if it is an image that is there as a whole.
    pub(crate) fn image_type(&self) -> Option<&'static str> {
        let bytes = self.bytes.as_slice();
        if self.size != bytes.len() as u64 {
            return None;
        }
        image_type(bytes)
    }

    /// What is shown of it as text or as hex.
    pub(crate) fn text(&self) -> String {
        match self.view {
            View::Hex => hex(self.head(Self::MOST_HEX)),
            View::Text | View::Image => {
                String::from_utf8_lossy(self.head(Self::MOST_TEXT)).into_owned()
            }
        }
    }

    /// How many bytes of it are shown.
    pub(crate) fn shown(&self) -> u64 {
        let most = match self.view {
            View::Hex => Self::MOST_HEX,
            View::Text => Self::MOST_TEXT,
            View::Image => usize::MAX,
        };
        self.head(most).len() as u64
    }

    fn head(&self, most: usize) -> &[u8] {
        self.bytes.get(..most).unwrap_or(&self.bytes)
    }
}

/// `00000010  48 69 …  |Hi…|`, 16 bytes a line.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for (line, bytes) in bytes.chunks(16).enumerate() {
        // Writing into a text does not fail.
        let _ = write!(text, "{:08x} ", line * 16);
        for place in 0..16 {
            let gap = if place == 8 { " " } else { "" };
            let _ = match bytes.get(place) {
                Some(byte) => write!(text, "{gap} {byte:02x}"),
                None => write!(text, "{gap}   "),
            };
        }
        text.push_str("  |");
        text.extend(bytes.iter().map(|byte| match byte {
            b' '..=b'~' => char::from(*byte),
            _ => '.',
        }));
        text.push_str("|\n");
    }
    text
}
/// The media type of a picture, by how it begins. What can be more than a picture, as SVG, is none.
pub(crate) fn image_type(bytes: &[u8]) -> Option<&'static str> {
    let webp = || bytes.get(8..12) == Some(b"WEBP");
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'B', b'M', ..] if bytes.len() > 26 => Some("image/bmp"),
        [b'R', b'I', b'F', b'F', ..] if webp() => Some("image/webp"),
        _ => None,
    }
}
