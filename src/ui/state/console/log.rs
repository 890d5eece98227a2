//! The store behind the console: bounded, appended to in constant time, read by row.

use super::{Source, text};
use crate::ui::state::blocks::Blocks;

/// Lines that are kept.
pub(crate) const MAX_LINES: u64 = 1_000_000;

/// Bytes that are kept.
pub(crate) const MAX_BYTES: u64 = 64 << 20;

/// Bytes in a row; a longer line takes several rows, so that showing one row is always cheap.
const MAX_ROW: u32 = 4096;

/// A line, or a part of one that is longer than [`MAX_ROW`].
#[derive(Clone, Copy, Debug)]
struct Line {
    /// Where it starts in the bytes of its source.
    start: u64,
    /// Bytes, without the newline.
    len: u32,
    source: Source,
    ending: Ending,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// More may follow.
    Open,
    /// A newline.
    Newline,
    /// None: it is too long for a row, or something else was written in between.
    Broken,
}

impl Line {
    /// Where the next line of its source starts.
    fn end(&self) -> u64 {
        self.start + u64::from(self.len) + u64::from(self.ending == Ending::Newline)
    }
}

/// Which sources are shown. What the page itself says always is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    hidden: [bool; 3],
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

    fn all(self) -> bool {
        self == Self::default()
    }
}

/// A row as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Names it for as long as the console is not cleared.
    pub(crate) number: u64,
    pub(crate) source: Source,
    pub(crate) text: String,
    /// Whether it goes on in the source's next row.
    pub(crate) goes_on: bool,
}

/// What was written, in order, by everyone.
#[derive(Debug, Default)]
pub(crate) struct Console {
    /// What each source wrote, exactly.
    bytes: [Blocks<u8>; 6],
    lines: Blocks<Line>,
    /// The numbers of each source's lines.
    by_source: [Blocks<u64>; 6],
    /// The line of each source that is still open.
    open: [Option<u64>; 6],
    /// Lines that were dropped to stay within bounds.
    dropped: u64,
    version: u64,
}

impl Console {
    /// Grows with every change.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// How many lines were dropped because there were too many, or too many bytes.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Takes in what a source wrote: any bytes, ending anywhere.
    pub(crate) fn write(&mut self, source: Source, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            // A flood that is larger than all that is kept is not indexed before it is dropped.
            let (now, later) = bytes.split_at(bytes.len().min(1 << 20));
            self.append(source, now);
            self.keep_within_bounds();
            bytes = later;
        }
        self.version += 1;
    }

    /// Takes in a message of the page's own: lines of their own, whatever was open.
    pub(crate) fn say(&mut self, source: Source, message: &str) {
        self.break_lines();
        self.write(source, message.as_bytes());
        self.write(source, b"\n");
    }

    /// Takes in what a person types at the prompt: a newline there ends every line, as in a terminal.
    pub(crate) fn echo(&mut self, text: &str) {
        if self.open.get(Source::Typed.index()) == Some(&None) {
            self.break_lines();
        }
        self.write(Source::Typed, text.as_bytes());
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        *self = Self {
            version: self.version + 1,
            ..Self::default()
        };
    }

    /// How many rows there are.
    pub(crate) fn len(&self, filter: Filter) -> u64 {
        if filter.all() {
            return self.lines.len();
        }
        shown(filter)
            .filter_map(|source| self.by_source.get(source.index()))
            .map(Blocks::len)
            .sum()
    }

    /// At most `count` rows, of those that the filter shows from the `first` on.
    pub(crate) fn rows(&self, filter: Filter, first: u64, count: usize) -> Vec<Row> {
        let end = self.len(filter);
        (first..end)
            .take(count)
            .filter_map(|place| self.row(self.number(filter, place)?))
            .collect()
    }

    /// The bytes of a guest's output, as they were written: of each source exactly, of several line
    /// by line in the order in which the lines began.
    pub(crate) fn output(&self, filter: Filter) -> Vec<u8> {
        let sources: Vec<Source> = Source::OUTPUT
            .into_iter()
            .filter(|&source| filter.shows(source))
            .collect();
        let mut output = Vec::new();
        if let [source] = sources.as_slice() {
            if let Some(bytes) = self.bytes.get(source.index()) {
                bytes.copy(0, u64::MAX, &mut output);
            }
            return output;
        }
        for number in self.lines.start()..self.lines.end() {
            if let Some(line) = self.lines.get(number)
                && sources.contains(&line.source)
                && let Some(bytes) = self.bytes.get(line.source.index())
            {
                bytes.copy(line.start, line.end(), &mut output);
            }
        }
        output
    }

    fn append(&mut self, source: Source, mut bytes: &[u8]) {
        let index = source.index();
        while !bytes.is_empty() {
            let number = self.open_line(source);
            let (Some(log), Some(line)) = (self.bytes.get_mut(index), self.lines.get_mut(number))
            else {
                return;
            };
            let room = (MAX_ROW - line.len) as usize;
            let window = bytes.get(..room.min(bytes.len())).unwrap_or(bytes);
            let newline = window.iter().position(|&byte| byte == b'\n');
            let taken = newline.unwrap_or(window.len());
            let rest = taken + usize::from(newline.is_some());
            log.extend(bytes.get(..rest).unwrap_or_default());
            line.len += u32::try_from(taken).unwrap_or(MAX_ROW);
            if newline.is_some() {
                line.ending = Ending::Newline;
            } else if line.len == MAX_ROW {
                // The last bytes may be the start of a code point: they begin the next row.
                let mut row = Vec::with_capacity(MAX_ROW as usize);
                log.copy(line.start, line.end(), &mut row);
                line.len = u32::try_from(text::whole(&row).len()).unwrap_or(MAX_ROW);
                line.ending = Ending::Broken;
            }
            let (ending, next) = (line.ending, line.end());
            bytes = bytes.get(rest..).unwrap_or_default();
            if ending != Ending::Open {
                let behind = log.end() - next;
                self.close(source);
                if behind > 0 {
                    self.begin_line(source, next, u32::try_from(behind).unwrap_or(0));
                }
            }
        }
    }

    /// The number of the line to which the source's bytes are appended.
    fn open_line(&mut self, source: Source) -> u64 {
        let index = source.index();
        if let Some(Some(number)) = self.open.get(index) {
            return *number;
        }
        let start = self.bytes.get(index).map_or(0, Blocks::end);
        self.begin_line(source, start, 0)
    }

    fn begin_line(&mut self, source: Source, start: u64, len: u32) -> u64 {
        let number = self.lines.end();
        self.lines.push(Line {
            start,
            len,
            source,
            ending: Ending::Open,
        });
        if let Some(numbers) = self.by_source.get_mut(source.index()) {
            numbers.push(number);
        }
        if let Some(open) = self.open.get_mut(source.index()) {
            *open = Some(number);
        }
        number
    }

    fn close(&mut self, source: Source) {
        if let Some(open) = self.open.get_mut(source.index()) {
            *open = None;
        }
    }

    /// Ends every line that is open, without a newline.
    fn break_lines(&mut self) {
        for source in Source::ALL {
            if let Some(number) = self.open.get_mut(source.index()).and_then(Option::take)
                && let Some(line) = self.lines.get_mut(number)
            {
                line.ending = Ending::Broken;
            }
        }
    }

    fn keep_within_bounds(&mut self) {
        let bytes = |console: &Self| console.bytes.iter().map(Blocks::len).sum::<u64>();
        while self.lines.len() > MAX_LINES || bytes(self) > MAX_BYTES {
            let number = self.lines.start();
            let Some(line) = self.lines.get(number) else {
                return;
            };
            let index = line.source.index();
            if self.open.get(index) == Some(&Some(number)) {
                self.close(line.source);
            }
            if let Some(log) = self.bytes.get_mut(index) {
                log.drop_before(line.end());
            }
            if let Some(numbers) = self.by_source.get_mut(index) {
                numbers.drop_before(numbers.start() + 1);
            }
            self.lines.drop_before(number + 1);
            self.dropped += 1;
        }
    }

    /// The number of the line that is at `place` among those that the filter shows.
    fn number(&self, filter: Filter, place: u64) -> Option<u64> {
        if filter.all() {
            return Some(self.lines.start() + place);
        }
        // The least number up to which, it included, more than `place` lines are shown.
        let shown_up_to = |number: u64| {
            shown(filter)
                .filter_map(|source| self.by_source.get(source.index()))
                .map(|numbers| numbers.partition_point(|&n| n <= number))
                .sum::<u64>()
        };
        let (mut low, mut high) = (self.lines.start(), self.lines.end());
        while low < high {
            let middle = low + (high - low) / 2;
            if shown_up_to(middle) > place {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        (low < self.lines.end()).then_some(low)
    }

    fn row(&self, number: u64) -> Option<Row> {
        let line = self.lines.get(number)?;
        let mut bytes = Vec::with_capacity(line.len as usize);
        let end = line.start + u64::from(line.len);
        self.bytes
            .get(line.source.index())?
            .copy(line.start, end, &mut bytes);
        Some(Row {
            number,
            source: line.source,
            text: text::line(&bytes, line.ending == Ending::Open),
            goes_on: line.ending == Ending::Broken && line.len >= MAX_ROW - 3,
        })
    }
}

fn shown(filter: Filter) -> impl Iterator<Item = Source> {
    Source::ALL
        .into_iter()
        .filter(move |&source| filter.shows(source))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
