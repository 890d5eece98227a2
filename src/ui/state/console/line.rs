//! The lines of the console, and the rows that they are shown as.

use super::Source;
use super::pen::Pen;
use super::wide;

/// Bytes in a row of plain text; a longer line takes several rows, so that showing one row is always
/// cheap.
pub(super) const MAX_ROW: u32 = 4096;

/// A line, or a part of one that is longer than [`MAX_ROW`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Where it starts in the bytes of its source.
    pub(super) start: u64,
    /// Bytes, without the newline.
    pub(super) len: u32,
    pub(super) source: Source,
    pub(super) ending: Ending,
    /// Whether it is not simply its bytes: the stream has what is seen of it.
    pub(super) drawn: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// More may follow.
    Open,
    /// A newline.
    Newline,
    /// None: something else was written in between.
    Broken,
    /// None: it is too long for a row.
    TooLong,
}

impl Line {
    /// Where the next line of its source starts.
    pub(super) fn end(&self) -> u64 {
        self.start + u64::from(self.len) + u64::from(self.ending == Ending::Newline)
    }
}

/// Which sources are shown. What the page itself says always is, and what was typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    pub(super) hidden: [bool; 3],
}

impl Filter {
    pub(crate) fn shows(self, source: Source) -> bool {
        !self.hidden.get(source.index()).copied().unwrap_or(false)
    }

    /// Shows what is hidden, and hides what is shown.
    pub(crate) fn toggle(&mut self, source: Source) {
        if let Some(hidden) = self.hidden.get_mut(source.index()) {
            *hidden = !*hidden;
        }
    }

    pub(super) fn all(self) -> bool {
        self == Self::default()
    }

    /// The sources that are shown.
    pub(super) fn shown(self) -> impl Iterator<Item = Source> {
        Source::ALL
            .into_iter()
            .filter(move |&source| self.shows(source))
    }
}

/// A row as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Names it for as long as the console is not cleared.
    pub(crate) number: u64,
    pub(crate) source: Source,
    pub(crate) text: String,
    /// How its parts look, each up to where it ends in the text; none: all of it as it comes.
    pub(crate) spans: Vec<(usize, Pen)>,
    /// Whether it goes on in the source's next row.
    pub(crate) goes_on: bool,
}

/// A part of a row that looks the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece<'r> {
    pub(crate) text: &'r str,
    pub(crate) pen: Pen,
    /// Whether it is what is searched for.
    pub(crate) is_found: bool,
    /// The columns that it is drawn in; 0: as it comes.
    pub(crate) columns: usize,
}

impl Row {
    /// The parts of the text that look the same, with how they look.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (&str, Pen)> {
        let mut start = 0;
        self.spans.iter().filter_map(move |&(end, pen)| {
            let part = self.text.get(start..end)?;
            start = end;
            Some((part, pen.seen()))
        })
    }

    /// The parts of the text that look the same, are all found (in one of these places) or not, and are
    /// all wide or not.
    pub(crate) fn pieces(&self, found: &[(usize, usize)]) -> Vec<Piece<'_>> {
        let whole = [(self.text.len(), Pen::default())];
        let spans = match self.spans.as_slice() {
            [] => &whole[..],
            spans => spans,
        };
        let mut pieces = Vec::new();
        let (mut start, mut column) = (0, 0);
        let is_ascii = self.text.is_ascii();
        let mut found = found.iter().peekable();
        for &(end, pen) in spans {
            while start < end {
                while found.next_if(|place| place.1 <= start).is_some() {}
                let (stop, is_found) = match found.peek() {
                    Some(&&(from, _)) if start < from => (from.min(end), false),
                    Some(&&(_, to)) => (to.min(end), true),
                    None => (end, false),
                };
                let text = self.text.get(start..stop).unwrap_or_default();
                let pen = pen.seen();
                let runs = if is_ascii {
                    vec![(text, 0)]
                } else {
                    wide::runs(text, &mut column)
                };
                pieces.extend(runs.into_iter().map(|(text, columns)| Piece {
                    text,
                    pen,
                    is_found,
                    columns,
                }));
                start = stop;
            }
        }
        pieces
    }
}
