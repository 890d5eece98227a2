//! What guests and the page wrote, kept as bytes, read as lines.
//!
//! Each source writes to a terminal of its own, whose screen is the last of its lines. Text without
//! control sequences does not go through it: it is appended, and nothing else.

mod cells;
mod line;
mod log;
mod pattern;
mod pen;
mod screen;
mod search;
mod stream;
mod text;
mod wide;

pub(crate) use self::line::{Filter, Piece, Row};
pub(crate) use self::log::{Console, MAX_BYTES, MAX_LINES};
pub(crate) use self::pattern::Pattern;
#[cfg(test)]
pub(crate) use self::pen::Flag;
pub(crate) use self::pen::{Color, Pen};
pub(crate) use self::search::Search;

use crate::protocol::Stream;

/// Who wrote a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The guest, on fd 1.
    Stdout,
    /// The guest, on fd 2.
    Stderr,
    /// An import that prints.
    Host,
    /// A person, for the guest to read on stdin.
    Typed,
    /// The page: what was called, and how it ended.
    Note,
    /// The page: what went wrong.
    Alarm,
}

impl Source {
    /// All of them.
    pub(crate) const ALL: [Self; 6] = [
        Self::Stdout,
        Self::Stderr,
        Self::Host,
        Self::Typed,
        Self::Note,
        Self::Alarm,
    ];

    /// Those that are a guest's doing, and that a download holds.
    pub(crate) const OUTPUT: [Self; 3] = [Self::Stdout, Self::Stderr, Self::Host];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
            Self::Host => "host",
            Self::Typed => "typed",
            Self::Note => "note",
            Self::Alarm => "alarm",
        }
    }

    fn index(self) -> usize {
        match self {
            Self::Stdout => 0,
            Self::Stderr => 1,
            Self::Host => 2,
            Self::Typed => 3,
            Self::Note => 4,
            Self::Alarm => 5,
        }
    }
}

impl From<Stream> for Source {
    fn from(stream: Stream) -> Self {
        match stream {
            Stream::Stdout => Self::Stdout,
            Stream::Stderr => Self::Stderr,
            Stream::Host => Self::Host,
        }
    }
}
