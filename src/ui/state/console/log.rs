//! The store behind the console: bounded, appended to in constant time, read by row.

use super::Source;
use super::line::{Ending, Filter, Line, Row};
use super::screen::{Hand, MAX_HEIGHT, Screen};
use super::stream::{Lines, Stream};
use crate::ui::state::blocks::Blocks;

/// Lines that are kept.
pub(crate) const MAX_LINES: u64 = 1_000_000;

/// Bytes that are kept.
pub(crate) const MAX_BYTES: u64 = 64 << 20;

/// Bytes that a terminal takes in at once.
const PIECE: usize = 1024;

/// What was written, in order, by everyone.
#[derive(Debug)]
pub(crate) struct Console {
    streams: [Stream; 6],
    pub(super) lines: Blocks<Line>,
    /// Who wrote last.
    wrote: Option<Source>,
    /// The lines and the columns of the screen.
    size: (u64, usize),
    /// Lines that were dropped to stay within bounds.
    dropped: u64,
    version: u64,
}

impl Default for Console {
    fn default() -> Self {
        Self {
            streams: Default::default(),
            lines: Blocks::default(),
            wrote: None,
            size: (24, 80),
            dropped: 0,
            version: 0,
        }
    }
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

    /// Takes in what a person types at the prompt: it is seen behind what was written last, as in a
    /// terminal, and its newline ends every line.
    pub(crate) fn echo(&mut self, text: &str) {
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let asked = self.wrote.filter(|&source| {
            self.stream(source)
                .is_some_and(|stream| stream.open.is_some())
        });
        if let Some(mut hand) = asked.and_then(|source| self.hand(source)) {
            hand.engage();
            hand.echo(first);
        } else {
            self.write(Source::Typed, first.as_bytes());
        }
        if first.len() < text.len() {
            if asked.is_none() {
                self.write(Source::Typed, b"\n");
            }
            self.break_lines();
            self.write(Source::Typed, rest.as_bytes());
        }
        self.version += 1;
    }

    /// What the terminals answer to what the guest has asked of them since this was last called.
    pub(crate) fn take_replies(&mut self) -> String {
        let streams = [Source::Stdout, Source::Stderr].map(Source::index);
        let mut replies = String::new();
        for index in streams {
            if let Some(stream) = self.streams.get_mut(index) {
                replies.push_str(&std::mem::take(&mut stream.screen.replies));
            }
        }
        replies
    }

    /// The lines and the columns that a screen has from now on.
    pub(crate) fn resize(&mut self, lines: u64, columns: usize) {
        self.size = (lines.clamp(4, MAX_HEIGHT), columns.clamp(20, 1000));
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        *self = Self {
            version: self.version + 1,
            size: self.size,
            ..Self::default()
        };
    }

    /// How many rows there are.
    pub(crate) fn len(&self, filter: Filter) -> u64 {
        if filter.all() {
            return self.lines.len();
        }
        filter
            .shown()
            .filter_map(|source| self.stream(source))
            .map(|stream| stream.numbers.len())
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

    /// The place of a line among those that the filter shows.
    pub(crate) fn place(&self, filter: Filter, number: u64) -> u64 {
        if filter.all() {
            return number.saturating_sub(self.lines.start());
        }
        filter
            .shown()
            .filter_map(|source| self.stream(source))
            .map(|stream| stream.numbers.partition_point(|&n| n < number))
            .sum()
    }

    /// Appends what is seen of a line to `into`; who wrote it, and whether it stays as it is.
    pub(super) fn read_line(&self, number: u64, into: &mut Vec<u8>) -> Option<(Source, bool)> {
        let line = self.lines.get(number)?;
        let stream = self.stream(line.source)?;
        let on_screen = stream.screen.of(number).is_some();
        if on_screen || line.drawn {
            into.extend_from_slice(stream.seen(number, &line).0.as_bytes());
        } else {
            stream.plain(&line, into);
        }
        // A line above the cursor may yet be written over; only one that is open mostly is.
        Some((line.source, line.ending != Ending::Open && !on_screen))
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
            if let Some(stream) = self.stream(*source) {
                stream.bytes.copy(0, u64::MAX, &mut output);
            }
            return output;
        }
        for number in self.lines.start()..self.lines.end() {
            if let Some(line) = self.lines.get(number)
                && sources.contains(&line.source)
                && let Some(stream) = self.stream(line.source)
            {
                stream.bytes.copy(line.start, line.end(), &mut output);
            }
        }
        for stream in sources.iter().filter_map(|&source| self.stream(source)) {
            stream.copy_held(&mut output);
        }
        output
    }

    /// What is shown, as text: without what sets colours, and as it looks after what was written over.
    pub(crate) fn text(&self, filter: Filter) -> String {
        let mut text = Vec::new();
        for number in self.lines.start()..self.lines.end() {
            let line = self.lines.get(number);
            let Some(line) = line.filter(|line| filter.shows(line.source)) else {
                continue;
            };
            self.read_line(number, &mut text);
            if line.ending != Ending::TooLong {
                text.push(b'\n');
            }
        }
        String::from_utf8_lossy(&text).into_owned()
    }

    /// The next line behind `after` at which a stretch of stderr or of alarms begins that the filter shows; behind the
    /// last one, the first. `None`: there is none.
    pub(crate) fn next_error(&self, filter: Filter, after: Option<u64>) -> Option<u64> {
        let is_error = |number: u64| {
            let line = self.lines.get(number);
            line.is_some_and(|line| {
                matches!(line.source, Source::Stderr | Source::Alarm) && filter.shows(line.source)
            })
        };
        let (start, end) = (self.lines.start(), self.lines.end());
        let begins =
            |number: &u64| is_error(*number) && !number.checked_sub(1).is_some_and(is_error);
        let from = after.map_or(start, |after| after.saturating_add(1).max(start));
        (from..end)
            .find(begins)
            .or_else(|| (start..from.min(end)).find(begins))
    }

    fn append(&mut self, source: Source, mut bytes: &[u8]) {
        if matches!(source, Source::Note | Source::Alarm | Source::Typed) {
            self.wrote = None;
        } else {
            self.wrote = Some(source);
        }
        while !bytes.is_empty()
            && let Some(mut hand) = self.hand(source)
        {
            if hand.lines.stream.holds() {
                // They are the beginning of what comes next.
                hand.engage();
            }
            let taken = if hand.lines.stream.screen.engaged {
                let piece = bytes.get(..PIECE).unwrap_or(bytes);
                let newline = piece.iter().position(|&byte| byte == b'\n');
                let piece = piece.get(..=newline.unwrap_or(piece.len() - 1));
                let piece = piece.unwrap_or_default();
                hand.feed(piece);
                piece.len()
            } else {
                let (plain, rest) = bytes.split_at(Screen::plain(bytes));
                hand.lines.append_plain(plain);
                if !rest.is_empty() {
                    hand.engage();
                }
                plain.len()
            };
            bytes = bytes.get(taken..).unwrap_or_default();
        }
    }

    pub(super) fn stream(&self, source: Source) -> Option<&Stream> {
        self.streams.get(source.index())
    }

    fn hand(&mut self, source: Source) -> Option<Hand<'_>> {
        let (height, columns) = self.size;
        let lines = Lines {
            stream: self.streams.get_mut(source.index())?,
            all: &mut self.lines,
            source,
            height,
            columns,
        };
        Some(Hand { lines })
    }

    /// Ends every line that is open, without a newline.
    fn break_lines(&mut self) {
        for stream in &mut self.streams {
            if let Some(number) = stream.open.take()
                && let Some(line) = self.lines.get_mut(number)
            {
                line.ending = Ending::Broken;
            }
            stream.screen.begin_anew(stream.numbers.end());
        }
        self.wrote = None;
    }

    fn keep_within_bounds(&mut self) {
        let bytes = |console: &Self| console.streams.iter().map(Stream::size).sum::<u64>();
        while self.lines.len() > MAX_LINES || bytes(self) > MAX_BYTES {
            let number = self.lines.start();
            let Some(line) = self.lines.get(number) else {
                return;
            };
            if let Some(stream) = self.streams.get_mut(line.source.index()) {
                stream.drop_line(number, &line);
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
            filter
                .shown()
                .filter_map(|source| self.stream(source))
                .map(|stream| stream.numbers.partition_point(|&n| n <= number))
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
        Some(self.stream(line.source)?.row(number, &line))
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
