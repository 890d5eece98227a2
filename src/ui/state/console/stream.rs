//! What one source wrote: its bytes, exactly, and what is seen of those lines that are not simply
//! their bytes.

use super::Source;
use super::cells::Cells;
use super::line::{Ending, Line, MAX_ROW, Row};
use super::screen::Screen;
use super::{cells, text};
use crate::ui::state::blocks::Blocks;

/// What a source wrote.
#[derive(Debug, Default)]
pub(super) struct Stream {
    pub(super) bytes: Blocks<u8>,
    /// The numbers of its lines.
    pub(super) numbers: Blocks<u64>,
    /// The line that is still open.
    pub(super) open: Option<u64>,
    /// What is seen of the lines that were written by position and have left the screen.
    drawn: Blocks<u8>,
    /// Which they are.
    index: Blocks<Drawn>,
    pub(super) screen: Screen,
    /// Where the bytes begin that nothing is seen of, and that belong to no line yet.
    held: Option<u64>,
}

/// Bytes that belong to no line, at most.
const MAX_HELD: u64 = 64 << 10;

/// A line that was written by position.
#[derive(Clone, Copy, Debug)]
struct Drawn {
    number: u64,
    /// Where it starts in what is drawn.
    start: u64,
    len: u32,
}

impl Stream {
    /// Whether bytes belong to no line yet.
    pub(super) fn holds(&self) -> bool {
        self.held.is_some()
    }

    /// Appends the bytes that belong to no line yet to `into`.
    pub(super) fn copy_held(&self, into: &mut Vec<u8>) {
        if let Some(held) = self.held {
            self.bytes.copy(held, u64::MAX, into);
        }
    }

    /// The bytes that are kept for it.
    pub(super) fn size(&self) -> u64 {
        self.bytes.len() + self.drawn.len()
    }

    /// A line of it, as a row.
    pub(super) fn row(&self, number: u64, line: &Line) -> Row {
        let (text, spans) = self.seen(number, line);
        Row {
            number,
            source: line.source,
            text,
            spans,
            goes_on: line.ending == Ending::TooLong,
        }
    }

    /// The text of a line, and how its parts look.
    pub(super) fn seen(&self, number: u64, line: &Line) -> (String, Vec<(usize, super::Pen)>) {
        if let Some(cells) = self.screen.of(number) {
            return cells::restore(&cells.store());
        }
        let mut bytes = Vec::with_capacity(line.len as usize);
        if line.drawn {
            let place =
                self.index.start() + self.index.partition_point(|drawn| drawn.number < number);
            if let Some(drawn) = self.index.get(place).filter(|drawn| drawn.number == number) {
                let end = drawn.start + u64::from(drawn.len);
                self.drawn.copy(drawn.start, end, &mut bytes);
            }
            return cells::restore(&bytes);
        }
        self.plain(line, &mut bytes);
        (text::line(&bytes, line.ending == Ending::Open), Vec::new())
    }

    /// Appends the bytes of a line to `into`.
    pub(super) fn plain(&self, line: &Line, into: &mut Vec<u8>) {
        let end = line.start + u64::from(line.len);
        self.bytes.copy(line.start, end, into);
    }

    /// Forgets its first line.
    pub(super) fn drop_line(&mut self, number: u64, line: &Line) {
        if self.open == Some(number) {
            self.open = None;
            self.screen.begin_anew(self.numbers.end());
        }
        self.bytes.drop_before(line.end());
        self.numbers.drop_before(self.numbers.start() + 1);
        self.screen.forget(number);
        while let Some(drawn) = self.index.get(self.index.start())
            && drawn.number <= number
        {
            self.drawn.drop_before(drawn.start + u64::from(drawn.len));
            self.index.drop_before(self.index.start() + 1);
        }
    }
}

/// A stream with the lines of all, to be written to.
pub(super) struct Lines<'a> {
    pub(super) stream: &'a mut Stream,
    pub(super) all: &'a mut Blocks<Line>,
    pub(super) source: Source,
    /// The lines of the screen.
    pub(super) height: u64,
    /// Its columns.
    pub(super) columns: usize,
}

impl Lines<'_> {
    /// The number of the line to which bytes are appended.
    pub(super) fn open_line(&mut self) -> u64 {
        match self.stream.open {
            Some(number) => number,
            None => self.new_line(),
        }
    }

    /// Ends the line that is open so.
    pub(super) fn close_line(&mut self, ending: Ending) {
        if let Some(number) = self.stream.open.take()
            && let Some(line) = self.all.get_mut(number)
        {
            line.ending = ending;
            if ending == Ending::Newline {
                // It was appended with the rest, unless that went to the line before.
                match line.len.checked_sub(1) {
                    Some(len) => line.len = len,
                    None => line.ending = Ending::Broken,
                }
            }
        }
    }

    /// Appends bytes that need no terminal.
    pub(super) fn append_plain(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let number = self.open_line();
            let Some(line) = self.all.get_mut(number) else {
                return;
            };
            let log = &mut self.stream.bytes;
            let room = (MAX_ROW - line.len.min(MAX_ROW)) as usize;
            let window = bytes.get(..room.min(bytes.len())).unwrap_or(bytes);
            let newline = window.iter().position(|&byte| byte == b'\n');
            let taken = newline.unwrap_or(window.len());
            let rest = taken + usize::from(newline.is_some());
            log.extend(bytes.get(..rest).unwrap_or_default());
            line.len += u32::try_from(taken).unwrap_or(MAX_ROW);
            if newline.is_some() {
                line.ending = Ending::Newline;
            } else if line.len >= MAX_ROW {
                // The last bytes may be the start of a code point: they begin the next row.
                let mut row = Vec::with_capacity(MAX_ROW as usize);
                log.copy(line.start, line.end(), &mut row);
                line.len = u32::try_from(text::whole(&row).len()).unwrap_or(MAX_ROW);
                line.ending = Ending::TooLong;
            }
            let (ending, next) = (line.ending, line.end());
            bytes = bytes.get(rest..).unwrap_or_default();
            if ending != Ending::Open {
                self.stream.open = None;
                let behind = self.stream.bytes.end() - next;
                if behind > 0 {
                    let number = self.new_line();
                    if let Some(line) = self.all.get_mut(number) {
                        line.start = next;
                        line.len = u32::try_from(behind).unwrap_or(0);
                    }
                }
            }
        }
    }

    /// Appends bytes for the terminal to make something of: to the line that is open, or to the one
    /// that comes next if they turn out to need one.
    pub(super) fn append_raw(&mut self, bytes: &[u8]) {
        let end = self.stream.bytes.end();
        let held = end - *self.stream.held.get_or_insert(end);
        if self.stream.open.is_none() && held > MAX_HELD {
            self.open_line();
        }
        self.stream.bytes.extend(bytes);
        if let Some(number) = self.stream.open {
            self.stream.held = None;
            // What is seen of it is not its bytes any more.
            self.cells(self.stream.numbers.end().saturating_sub(1));
            if let Some(line) = self.all.get_mut(number) {
                let more = u32::try_from(bytes.len()).unwrap_or(0);
                line.len = line.len.saturating_add(more);
            }
        }
    }

    /// Begins a line, with the bytes that belong to none yet.
    pub(super) fn new_line(&mut self) -> u64 {
        let number = self.all.end();
        let end = self.stream.bytes.end();
        let start = self.stream.held.take().unwrap_or(end);
        self.all.push(Line {
            start,
            len: u32::try_from(end - start).unwrap_or(u32::MAX),
            source: self.source,
            ending: Ending::Open,
            drawn: false,
        });
        if start < end {
            let cells = &mut self.stream.screen.cells;
            cells.push((number, Cells::default()));
        }
        self.stream.numbers.push(number);
        self.stream.open = Some(number);
        self.settle();
        number
    }

    /// The place of the first line that is on the screen.
    pub(super) fn top(&self) -> u64 {
        let screen = &self.stream.screen;
        let end = self.stream.numbers.end().max(screen.end());
        let kept = screen.base.max(self.stream.numbers.start());
        end.saturating_sub(self.height).max(kept)
    }

    /// What has left the screen does not change any more.
    fn settle(&mut self) {
        if self.stream.screen.cells.is_empty() {
            return;
        }
        let Some(top) = self.stream.numbers.get(self.top()) else {
            return;
        };
        let cells = &self.stream.screen.cells;
        let left = cells.partition_point(|line| line.0 < top);
        if left > 0 {
            // Nor can it be reached if the screen grows.
            self.stream.screen.base = self.top();
        }
        for (number, cells) in self.stream.screen.cells.drain(..left) {
            let Some(line) = self.all.get_mut(number) else {
                continue;
            };
            let stored = cells.store();
            line.drawn = true;
            self.stream.index.push(Drawn {
                number,
                start: self.stream.drawn.end(),
                len: u32::try_from(stored.len()).unwrap_or(0),
            });
            self.stream.drawn.extend(&stored);
        }
    }

    /// The line at a place, to be written by position.
    pub(super) fn cells(&mut self, place: u64) -> &mut Cells {
        let number = self.stream.numbers.get(place).unwrap_or(u64::MAX);
        let at = match self
            .stream
            .screen
            .cells
            .binary_search_by_key(&number, |line| line.0)
        {
            Ok(at) => at,
            Err(at) => {
                let line = self.all.get(number);
                // What comes next does not complete a code point that is not complete.
                let ending = Ending::Broken;
                let line = line.map(|line| Line { ending, ..line });
                let seen = line.map(|line| self.stream.seen(number, &line));
                let cells = seen.map(|(text, spans)| Cells::from_text(&text, &spans));
                self.stream
                    .screen
                    .cells
                    .insert(at, (number, cells.unwrap_or_default()));
                at
            }
        };
        &mut self.stream.screen.cells[at].1
    }
}
