//! The terminal that each stream writes to: its screen is the last lines of the stream.
//!
//! Lines are as long as they are written, and are not wrapped; so nothing moves when the width
//! changes, and what scrolls out of the screen is what stays in the console. What a line holds once it
//! has been written by position is in its [`Cells`]; all other lines are their bytes.

mod sequences;

use super::cells::{Cells, MAX_COLUMNS};
use super::line::Ending;
use super::pen::{Flag, Pen};
use super::stream::Lines;
use super::text;
use vte::{Parser, Perform};

/// The most lines that a screen has.
pub(super) const MAX_HEIGHT: u64 = 200;

/// Bytes of answers that wait for a program to read them.
const MAX_REPLIES: usize = 1024;

/// What a stream's terminal knows.
#[derive(Default)]
pub(super) struct Screen {
    parser: Option<Box<Parser>>,
    /// The beginning of a code point whose end is yet to come. (The parser would keep it too, but loses
    /// what follows it if that is no UTF-8.)
    partial: Vec<u8>,
    /// Whether what is written goes through the terminal.
    pub(super) engaged: bool,
    /// The place, among the stream's lines, before which nothing can be reached.
    pub(super) base: u64,
    /// The cursor: the place of its line, and the column.
    place: u64,
    column: usize,
    pen: Pen,
    /// Whether a newline was obeyed, and is no part of a sequence.
    newline: bool,
    /// A row from the top, a column, and a pen.
    saved: Option<(u64, usize, Pen)>,
    /// The rows from the top between which lines scroll, if not all of them.
    margins: Option<(u64, u64)>,
    /// Whether characters push what is behind them to the right.
    inserts: bool,
    /// Lines that were written by position, by their number, in order.
    pub(super) cells: Vec<(u64, Cells)>,
    /// The last character, for `CSI b`.
    last: Option<char>,
    /// What it answers to what the program asked of it.
    pub(super) replies: String,
}

impl std::fmt::Debug for Screen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Screen")
            .field("cursor", &(self.place, self.column))
            .field("pen", &self.pen)
            .finish_non_exhaustive()
    }
}

impl Screen {
    /// How many bytes come before the first that needs the terminal.
    pub(super) fn plain(bytes: &[u8]) -> usize {
        let mut bytes_left = bytes.iter().enumerate();
        bytes_left
            .find(|&(place, &byte)| {
                byte < b' '
                    && !matches!(byte, b'\n' | b'\t')
                    && !(byte == b'\r' && bytes.get(place + 1) == Some(&b'\n'))
            })
            .map_or(bytes.len(), |(place, _)| place)
    }

    /// What was being written is at its end: the next line is the first that can be reached.
    pub(super) fn begin_anew(&mut self, base: u64) {
        self.parser = None;
        self.partial.clear();
        self.engaged = false;
        self.base = base;
        self.pen = Pen::default();
        self.saved = None;
        self.margins = None;
        self.inserts = false;
    }

    /// The cells of the line of this number, if it has been written by position.
    pub(super) fn of(&self, number: u64) -> Option<&Cells> {
        let found = self.cells.binary_search_by_key(&number, |line| line.0);
        self.cells.get(found.ok()?).map(|line| &line.1)
    }

    pub(super) fn forget(&mut self, number: u64) {
        if self.cells.first().is_some_and(|line| line.0 == number) {
            self.cells.remove(0);
        }
    }

    /// The place behind the line of the cursor.
    pub(super) fn end(&self) -> u64 {
        if self.engaged { self.place + 1 } else { 0 }
    }

    /// Whether characters would look as if there were no terminal.
    fn is_plain(&self) -> bool {
        self.column == 0 && self.pen == Pen::default() && !self.inserts && self.margins.is_none()
    }
}

/// What writes on a screen.
pub(super) struct Hand<'a> {
    pub(super) lines: Lines<'a>,
}

impl Hand<'_> {
    /// Takes part in what is written, from the end of the last line on.
    pub(super) fn engage(&mut self) {
        if self.screen().engaged {
            return;
        }
        let (mut place, mut column, mut last) = (self.lines.stream.numbers.end(), 0, None);
        if self.lines.stream.open.is_some() {
            place -= 1;
            let line = self.cells(place);
            (column, last) = (line.len(), line.last());
        }
        let screen = self.screen();
        screen.engaged = true;
        screen.place = place;
        screen.column = column;
        screen.last = last;
    }

    /// Takes in bytes, among which a newline is the last one or none.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.lines.append_raw(bytes);
        let first = self.lines.stream.numbers.start();
        let screen = self.screen();
        // Lines may have been dropped since.
        screen.place = screen.place.max(first);
        self.screen().newline = false;
        let mut parser = self.screen().parser.take().unwrap_or_default();
        let mut joined = std::mem::take(&mut self.screen().partial);
        let all = if joined.is_empty() {
            bytes
        } else {
            joined.extend_from_slice(bytes);
            &joined
        };
        let whole = text::whole(all);
        parser.advance(self, whole);
        self.screen().partial = all.get(whole.len()..).unwrap_or_default().to_vec();
        let stream = &mut self.lines.stream;
        stream.screen.parser = Some(parser);
        // At the beginning of a line that is not there yet.
        let begins = stream.screen.place == stream.numbers.end() && stream.open.is_none();
        if stream.screen.newline && begins && !stream.holds() && stream.screen.is_plain() {
            stream.screen.engaged = false;
        }
    }

    /// Writes what a person typed, which is no bytes of the stream.
    pub(super) fn echo(&mut self, text: &str) {
        let screen = self.screen();
        let pen = std::mem::replace(&mut screen.pen, Pen::default().with(Flag::Typed));
        for character in text.chars() {
            self.print(character);
        }
        self.screen().pen = pen;
    }

    fn screen(&mut self) -> &mut Screen {
        &mut self.lines.stream.screen
    }

    /// The place of the last line.
    fn last(&self) -> u64 {
        self.lines.stream.numbers.end().saturating_sub(1)
    }

    /// The place of the first line of the screen.
    fn top(&self) -> u64 {
        self.lines.top()
    }

    /// The cursor's row, from the top.
    fn row(&mut self) -> u64 {
        let top = self.top();
        self.screen().place.saturating_sub(top)
    }

    /// The line at a place, to be written by position.
    fn cells(&mut self, place: u64) -> &mut Cells {
        self.make(place);
        self.lines.cells(place)
    }

    /// Makes lines up to a place.
    fn make(&mut self, place: u64) {
        while self.lines.stream.numbers.end() <= place {
            self.lines.close_line(Ending::Broken);
            self.lines.new_line();
        }
    }

    /// The line of the cursor.
    fn line(&mut self) -> &mut Cells {
        let place = self.screen().place;
        self.cells(place)
    }

    /// Moves the cursor to a row from the top, which is made if there are not as many yet.
    fn go_to_row(&mut self, row: u64) {
        let row = row.min(self.lines.height - 1);
        // To be on a line that is not there yet makes it.
        self.make(self.lines.stream.screen.place);
        let place = self.top() + row;
        self.make(place);
        let screen = self.screen();
        screen.place = place;
    }

    fn go_to_column(&mut self, column: usize) {
        let columns = self.lines.columns;
        let screen = self.screen();
        // Who goes to the right of the screen wants its edge.
        screen.column = column.min(screen.column.max(columns.saturating_sub(1)));
    }

    /// To the beginning of the next line, or to below where the cursor is.
    fn next_line(&mut self, ending: Ending) {
        let row = self.row();
        let bottom = self.screen().margins.map(|(_, bottom)| bottom);
        if bottom == Some(row) {
            self.scroll(1, true);
        } else if self.screen().place < self.last() {
            self.screen().place += 1;
        } else {
            self.make(self.lines.stream.screen.place);
            self.lines.close_line(ending);
            let place = self.lines.stream.numbers.end();
            let screen = self.screen();
            screen.place = place;
            screen.column = 0;
            return;
        }
        self.screen().column = 0;
    }

    /// Scrolls what is between the margins.
    fn scroll(&mut self, count: u64, up: bool) {
        match self.screen().margins {
            None if up => {
                // What scrolls out stays.
                let row = self.row();
                self.make(self.lines.stream.screen.place);
                let count = count.min(self.lines.height);
                self.make(self.last() + count);
                self.go_to_row(row);
            }
            None => self.shift(0, self.lines.height - 1, count, false),
            Some((first, last)) => self.shift(first, last, count, up),
        }
    }

    /// Moves the lines of some rows up or down by `count`; what comes in is blank.
    fn shift(&mut self, first: u64, last: u64, count: u64, up: bool) {
        let (top, end) = (self.top(), self.last());
        let last = last.min(end.saturating_sub(top));
        if first > last {
            return;
        }
        let places = top + first..top + last + 1;
        let mut lines: Vec<Cells> = places
            .clone()
            .map(|place| std::mem::take(self.cells(place)))
            .collect();
        let count = usize::try_from(count)
            .unwrap_or(usize::MAX)
            .min(lines.len());
        if up {
            lines.drain(..count);
        } else {
            lines.splice(0..0, std::iter::repeat_n(Cells::default(), count));
        }
        for (place, line) in places.zip(lines) {
            *self.cells(place) = line;
        }
    }

    fn erase_in_line(&mut self, how: u16) {
        let screen = self.screen();
        let (column, pen) = (screen.column, screen.pen);
        let columns = self.lines.columns;
        match how {
            // With a colour the rest of the line has it too.
            0 => {
                let line = self.line();
                if pen.blank() != Pen::default() && line.len() < columns {
                    line.put(columns - 1, ' ', Pen::default());
                }
                line.erase(column, MAX_COLUMNS, pen);
            }
            1 => self.line().erase(0, column + 1, pen),
            2 => self.line().clear(),
            _ => {}
        }
    }

    fn erase_in_screen(&mut self, how: u16) {
        let (top, last) = (self.top(), self.last());
        let place = self.screen().place;
        let rows = match how {
            0 => place + 1..last + 1,
            1 => top..place,
            2 | 3 => top..last + 1,
            _ => return,
        };
        for place in rows {
            self.cells(place).clear();
        }
        self.erase_in_line(how);
    }

    fn set_margins(&mut self, top: u64, bottom: u64) {
        let height = self.lines.height;
        let bottom = if bottom == 0 {
            height
        } else {
            bottom.min(height)
        };
        let (first, last) = (top.max(1) - 1, bottom - 1);
        if first < last {
            self.screen().margins = (first > 0 || last + 1 < height).then_some((first, last));
            self.go_to_row(0);
            self.go_to_column(0);
        }
    }

    fn save(&mut self) {
        let row = self.row();
        let screen = self.screen();
        screen.saved = Some((row, screen.column, screen.pen));
    }

    fn restore(&mut self) {
        if let Some((row, column, pen)) = self.screen().saved {
            self.go_to_row(row);
            self.screen().column = column;
            self.screen().pen = pen;
        }
    }

    /// Whether a character is part of the picture before it.
    fn line_takes(&mut self, column: usize, character: char) -> bool {
        !character.is_ascii() && self.line().takes(column, character)
    }

    /// Answers the program, unless it asks and asks and does not read.
    fn reply(&mut self, text: &str) {
        let replies = &mut self.screen().replies;
        if replies.len() + text.len() <= MAX_REPLIES {
            replies.push_str(text);
        }
    }

    fn set_mode(&mut self, private: bool, mode: u16, on: bool) {
        match (private, mode) {
            (false, 4) => self.screen().inserts = on,
            // The other screen: it is what comes next, and stays as the record of it.
            (true, 47 | 1047 | 1049) => {
                if self.screen().column > 0 || self.screen().place < self.last() {
                    self.lines.close_line(Ending::Broken);
                }
                let mut place = self.lines.stream.numbers.end();
                if self.lines.stream.open.is_some() {
                    place -= 1;
                }
                let screen = self.screen();
                screen.begin_anew(place);
                screen.engaged = true;
                screen.place = place;
                screen.column = 0;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
