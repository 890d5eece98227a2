//! What a twin notes, read as the stack that it is.

use super::Line;
use super::body::FRAME;
use super::kept::KEPT_AT;
use crate::module::PAGE;
use crate::protocol::{At, RawFrame, Seen, Stack};
use crate::rewrite::outline::Outline;

/// How to read what a twin notes.
#[derive(Debug, Default)]
pub struct Map {
    /// What the names of the twin's own exports begin with.
    pub(super) name: String,
    /// Where the bodies of the functions begin, as places.
    pub(super) bodies: Vec<u32>,
    /// The bytes of each one's frame, where they differ.
    frames: Vec<u32>,
    is_debug: bool,
    largest: u32,
    rows: Vec<Line>,
    imported_functions: u32,
    own_memories: u32,
    own_tables: u32,
}

/// What a twin has noted.
#[derive(Clone, Copy, Debug)]
pub struct Noted<'a> {
    /// Its memory.
    pub memory: &'a [u8],
    /// Where the next frame would begin.
    pub top: u32,
    /// Where a function that calls none is; 0: in none.
    pub leaf: u32,
    /// Whether the innermost function is where it has noted: else it has gone on.
    pub is_there: bool,
}

impl Map {
    /// What standard Go keeps in globals, by the names that they get in a twin, and their indices.
    pub const REGISTERS: [(&str, u32); 2] = [("Go SP", 0), ("Go g", 2)];

    pub(super) fn new(outline: &Outline, is_debug: bool) -> Self {
        Self {
            imported_functions: outline.imported_functions(),
            own_memories: outline.own_memories,
            own_tables: outline.own_tables,
            is_debug,
            ..Self::default()
        }
    }

    /// The next function begins there and has frames of so many bytes.
    pub(super) fn function(&mut self, place: u32, frame: u32) {
        self.bodies.push(place);
        self.largest = self.largest.max(frame);
        if self.is_debug {
            self.frames.push(frame);
        }
    }

    pub(super) fn complete(&mut self, rows: Vec<Line>) {
        self.rows = rows;
    }

    /// The name of an export of the twin's own.
    #[must_use]
    pub fn export(&self, what: &str) -> String {
        format!("{}{what}", self.name)
    }

    /// Whether an export is the twin's own.
    #[must_use]
    pub fn is_own(&self, export: &str) -> bool {
        export.starts_with(&self.name)
    }

    /// The memories that the module has itself, and the tables: those of the twin come after them.
    #[must_use]
    pub fn own(&self) -> (u32, u32) {
        (self.own_memories, self.own_tables)
    }

    /// The rows: where each is, and its line. The bit of each is the byte of its number in the twin's memory.
    #[must_use]
    pub fn rows(&self) -> &[Line] {
        &self.rows
    }

    /// The number of the row at a place, or of the next one in the same function, or else of the last one before it.
    #[must_use]
    pub fn row_near(&self, place: u32) -> Option<usize> {
        let next = self.rows.partition_point(|row| row.0 < place);
        let function = self.index(place)?;
        let is_there = |row: &usize| {
            let found = self.rows.get(*row);
            found.is_some_and(|row| self.index(row.0) == Some(function))
        };
        let before = next.checked_sub(1);
        Some(next)
            .filter(is_there)
            .or_else(|| before.filter(is_there))
    }

    /// Whether a function begins at the row at a place: no other line of it comes before; `None`: there is no row.
    #[must_use]
    pub fn begins_at(&self, place: u32) -> Option<bool> {
        let row = self.rows.binary_search_by_key(&place, |row| row.0).ok()?;
        let (at, line) = *self.rows.get(row)?;
        let function = self.index(at);
        let before = self.rows.get(..row)?.iter().rev();
        let mut before = before.take_while(|row| self.index(row.0) == function);
        Some(before.all(|row| row.1 == line))
    }

    /// Whether it is a twin that can be stopped.
    #[must_use]
    pub fn is_debug(&self) -> bool {
        self.is_debug
    }

    /// Where the first frame begins, in bytes: behind the rows, and three bytes that are looked at with the last of them.
    #[must_use]
    pub fn bottom(&self) -> u32 {
        match u32::try_from(self.rows.len()) {
            Ok(0) => 0,
            Ok(rows) => (rows + 3).next_multiple_of(8),
            Err(_) => u32::MAX,
        }
    }

    /// Where the innermost frame begins, which ends at `top` and is of the function that the place is in.
    #[must_use]
    pub fn innermost(&self, place: u32, top: u32) -> Option<u32> {
        let frame = self.index(place).and_then(|index| self.frames.get(index));
        top.checked_sub(*frame?)
    }

    /// The bytes of the largest frame.
    #[must_use]
    pub fn largest(&self) -> u32 {
        self.largest
    }

    /// Pages for the rows and some frames.
    pub(super) fn least_pages(&self) -> u32 {
        self.bottom() / u32::try_from(PAGE).unwrap_or(u32::MAX) + 1
    }

    /// The function that a place is in, by its number among the module's own.
    fn index(&self, place: u32) -> Option<usize> {
        let after = self.bodies.partition_point(|body| *body <= place);
        after.checked_sub(1)
    }

    /// The places that have been noted, with where each frame is; the innermost last.
    fn noted(&self, noted: &Noted<'_>) -> Vec<(u32, u32)> {
        let mut places = Vec::new();
        let mut at = self.bottom();
        while at < noted.top {
            let Some(place) = word(noted.memory, at) else {
                break;
            };
            places.push((place, at));
            let frame = match self.is_debug {
                true => self.index(place).and_then(|index| self.frames.get(index)),
                false => Some(&FRAME),
            };
            match frame {
                Some(frame) if *frame > 0 => at += frame,
                _ => break,
            }
        }
        places.extend((noted.leaf != 0).then_some((noted.leaf, u32::MAX)));
        places
    }

    /// What the functions of the stack were called with, and what their locals are, as far as their frames keep it: as many as [`Map::stack`] has
    /// frames, or none.
    #[must_use]
    pub fn given(&self, noted: &Noted<'_>) -> Vec<Vec<u64>> {
        if !self.is_debug {
            return Vec::new();
        }
        let mut places = self.noted(noted);
        cut(&mut places);
        let its = places
            .into_iter()
            .rev()
            .filter(|(place, _)| self.index(*place).is_some());
        let given = its.map(|(place, at)| {
            let frame = self.index(place).and_then(|index| self.frames.get(index));
            let end = at.saturating_add(frame.copied().unwrap_or(0));
            let mut kept = Vec::new();
            let mut next = at.saturating_add(KEPT_AT);
            while next < end {
                let Some(low) = word(noted.memory, next) else {
                    break;
                };
                let high = word(noted.memory, next + 4).unwrap_or(0);
                kept.push(u64::from(low) | (u64::from(high) << 32));
                next += 8;
            }
            kept
        });
        given.collect()
    }

    /// The stack.
    #[must_use]
    pub fn stack(&self, noted: &Noted<'_>) -> Stack {
        let half = Stack::MOST / 2;
        let mut places = self.noted(noted);
        let left_out = cut(&mut places);
        let mut frames: Vec<RawFrame> = places
            .into_iter()
            .rev()
            .filter_map(|(place, _)| self.frame(place))
            .collect();
        if let (false, Some(innermost)) = (noted.is_there, frames.first_mut()) {
            innermost.at = At::Unknown;
        }
        Stack {
            frames,
            left_out: left_out.map(|more| {
                let innermost = Stack::MOST - half;
                let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
                (number(more), number(innermost))
            }),
            seen: Seen::Noted,
            ..Stack::default()
        }
    }

    fn frame(&self, place: u32) -> Option<RawFrame> {
        let index = self.index(place)?;
        let begins = *self.bodies.get(index)?;
        Some(RawFrame {
            function: self.imported_functions + u32::try_from(index).ok()?,
            // That is noted at the beginning, where no instruction is.
            at: match place == begins {
                true => At::Unknown,
                false => At::Place(place),
            },
        })
    }
}

/// Leaves out the middle of a deep stack: how many frames, if it is one.
fn cut(places: &mut Vec<(u32, u32)>) -> Option<usize> {
    let half = Stack::MOST / 2;
    let more = places
        .len()
        .checked_sub(Stack::MOST)
        .filter(|more| *more > 0)?;
    places.drain(half..half + more);
    Some(more)
}

fn word(memory: &[u8], at: u32) -> Option<u32> {
    let bytes = memory.get(at as usize..)?.first_chunk()?;
    Some(u32::from_le_bytes(*bytes))
}
