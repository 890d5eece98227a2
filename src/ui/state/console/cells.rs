//! A line on the screen: what can be written over.

use super::pen::{Pen, STORED};
use unicode_width::UnicodeWidthChar;

/// Columns that a line may have.
pub(super) const MAX_COLUMNS: usize = 4096;

/// Columns between the stops of the tabulator.
pub(super) const TAB: usize = 8;

/// Columns that what moves the rest of a line about (inserting, deleting) works on.
const MAX_MOVED: usize = 512;

/// Marks that a character may carry: a family of four has six.
const MAX_MARKS: usize = 6;

/// Makes one picture of what is before and behind it.
pub(super) const JOINER: char = '\u{200d}';

/// Stands before a pen in a line that is stored: a byte that UTF-8 does not have.
const PEN: u8 = 0xff;

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell {
    /// NUL: the right half of what is on the left.
    character: char,
    /// Combining marks, joiners and selectors; NUL where there is none.
    marks: [char; MAX_MARKS],
    pen: Pen,
}

impl Cell {
    const fn new(character: char, pen: Pen) -> Self {
        Self {
            character,
            marks: ['\0'; MAX_MARKS],
            pen,
        }
    }

    fn blank(pen: Pen) -> Self {
        Self::new(' ', pen.blank())
    }
}

/// A line of cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cells(Vec<Cell>);

/// The columns that a character takes.
pub(super) fn width(character: char) -> usize {
    if character.is_ascii() {
        usize::from(!character.is_ascii_control())
    } else {
        character.width().unwrap_or(0)
    }
}

/// Whether a character, behind a joiner, is part of the picture before that.
pub(super) fn joins(character: char) -> bool {
    width(character) == 2 || matches!(character, '\u{2190}'..='\u{2bff}')
}

/// Whether it says which tone the skin has in the picture before it.
pub(super) fn is_tone(character: char) -> bool {
    matches!(character, '\u{1f3fb}'..='\u{1f3ff}')
}

impl Cells {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The last character.
    pub(super) fn last(&self) -> Option<char> {
        let characters = self.0.iter().map(|cell| cell.character);
        characters.rev().find(|&character| character != '\0')
    }

    /// The line that a text is, where its parts look so up to where they end.
    pub(super) fn from_text(text: &str, spans: &[(usize, Pen)]) -> Self {
        let mut line = Self::default();
        let mut column = 0;
        let mut spans = spans.iter().peekable();
        for (place, character) in text.char_indices() {
            while spans.next_if(|span| span.0 <= place).is_some() {}
            let pen = spans.peek().map_or(Pen::default(), |span| span.1);
            let width = width(character);
            if character == '\t' {
                column = (column / TAB + 1) * TAB;
            } else if width == 0 || line.takes(column, character) {
                line.mark(column, character);
            } else {
                line.put(column, character, pen);
                column += width;
            }
        }
        if line.len() < column {
            line.0
                .resize(column.min(MAX_COLUMNS), Cell::blank(Pen::default()));
        }
        line
    }

    /// Writes a character of a width above zero at a column.
    pub(super) fn put(&mut self, column: usize, character: char, pen: Pen) {
        let width = width(character);
        if column + width > MAX_COLUMNS {
            return;
        }
        let end = column + width;
        if self.0.len() < column {
            self.0.resize(column, Cell::blank(Pen::default()));
        }
        self.split_wide(column);
        self.split_wide(end);
        if self.0.len() < end {
            self.0.resize(end, Cell::blank(Pen::default()));
        }
        for (place, cell) in self.0.iter_mut().enumerate().take(end).skip(column) {
            *cell = Cell::new(if place == column { character } else { '\0' }, pen);
        }
    }

    /// Whether a character is part of the picture before the column, and takes no column of its own.
    pub(super) fn takes(&self, column: usize, character: char) -> bool {
        let is_tone = is_tone(character);
        if !is_tone && !joins(character) {
            return false;
        }
        let before = self.0.get(..column).unwrap_or_default();
        let carrier = before.iter().rfind(|cell| cell.character != '\0');
        carrier.is_some_and(|cell| {
            let marks = cell.marks.iter().take_while(|&&mark| mark != '\0');
            width(cell.character) == 2
                && cell.marks.last() == Some(&'\0')
                && (is_tone || marks.last() == Some(&JOINER))
        })
    }

    /// Adds what has no width to the character before the column.
    pub(super) fn mark(&mut self, column: usize, mark: char) {
        let before = self.0.get_mut(..column).unwrap_or_default();
        let carrier = before.iter_mut().rfind(|cell| cell.character != '\0');
        if let Some(cell) = carrier
            && let Some(free) = cell.marks.iter_mut().find(|mark| **mark == '\0')
        {
            *free = mark;
        }
    }

    /// Erases the columns from `from` to before `to`.
    pub(super) fn erase(&mut self, from: usize, to: usize, pen: Pen) {
        let blank = Cell::blank(pen);
        if to >= self.0.len() && blank.pen == Pen::default() {
            self.split_wide(from);
            self.0.truncate(from);
            return;
        }
        self.split_wide(from);
        self.split_wide(to);
        for cell in self.0.iter_mut().take(to).skip(from) {
            *cell = blank;
        }
    }

    /// Erases the whole line.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Makes room for `count` columns at one.
    pub(super) fn insert(&mut self, column: usize, count: usize, pen: Pen) {
        if column >= self.0.len() || column >= MAX_MOVED {
            return;
        }
        self.split_wide(column);
        let count = count.min(MAX_MOVED - column);
        self.0.truncate(MAX_MOVED.max(column));
        let blanks = std::iter::repeat_n(Cell::blank(pen), count);
        self.0.splice(column..column, blanks);
        self.0.truncate(MAX_MOVED.max(column));
        self.split_wide(self.0.len());
    }

    /// Takes `count` columns away; the rest moves to the left.
    pub(super) fn delete(&mut self, column: usize, count: usize) {
        if column >= self.0.len() || column >= MAX_MOVED {
            return;
        }
        let end = column.saturating_add(count).min(self.0.len());
        self.split_wide(column);
        self.split_wide(end);
        self.0.truncate(end.max(MAX_MOVED));
        self.0.drain(column..end);
    }

    /// A wide character that begins before the column and ends behind it becomes blank.
    fn split_wide(&mut self, column: usize) {
        if column > 0
            && self
                .0
                .get(column)
                .is_some_and(|cell| cell.character == '\0')
        {
            for place in [column - 1, column] {
                if let Some(cell) = self.0.get_mut(place) {
                    *cell = Cell::blank(cell.pen);
                }
            }
        }
    }

    /// The line as bytes: UTF-8, with a [`PEN`] and what it is wherever it changes.
    pub(super) fn store(&self) -> Vec<u8> {
        let blank = Cell::blank(Pen::default());
        let end = self.0.iter().rposition(|cell| *cell != blank);
        let cells = self.0.get(..end.map_or(0, |end| end + 1));
        let cells = cells.unwrap_or_default();
        let mut stored = Vec::with_capacity(cells.len() + STORED);
        let mut pen = Pen::default();
        let mut buffer = [0; 4];
        for cell in cells {
            if cell.pen != pen {
                pen = cell.pen;
                stored.push(PEN);
                stored.extend_from_slice(&pen.store());
            }
            for character in std::iter::once(cell.character).chain(cell.marks) {
                if character != '\0' {
                    stored.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
                }
            }
        }
        stored
    }
}

/// The text of a line that was stored, with the pen of each part of it and where that ends.
pub(super) fn restore(mut stored: &[u8]) -> (String, Vec<(usize, Pen)>) {
    let mut text = String::new();
    let mut spans = Vec::new();
    let mut pen = Pen::default();
    while !stored.is_empty() {
        if let Some((&PEN, rest)) = stored.split_first()
            && let Some((first, rest)) = rest.split_first_chunk::<STORED>()
        {
            pen = Pen::restore(*first);
            stored = rest;
            continue;
        }
        let end = stored.iter().position(|&byte| byte == PEN);
        let (part, rest) = stored.split_at(end.unwrap_or(stored.len()).max(1));
        text.push_str(&String::from_utf8_lossy(part));
        spans.push((text.len(), pen));
        stored = rest;
    }
    (text, spans)
}
