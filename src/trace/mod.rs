//! The list of host calls: recorded by the engine, looked at through the session.
//!
//! It holds the newest calls, as many as there is room for, packed into few large blocks of bytes,
//! and forgets the oldest. What is said of a call is text when it comes here: it must not know what
//! was called, nor who asks.
//!
//! A call gets its number when it begins. One that waits is [opened](Trace::open) and
//! [finished](Trace::finish) later; all others are recorded whole, at their end.

mod chunk;
mod filter;
mod looking;
mod pack;
mod rows;
mod write;

pub use self::filter::Filter;
pub use self::looking::Looking;
pub use self::write::write;

use self::chunk::Chunk;
use self::pack::Record;
use crate::protocol::{CallId, TraceEntry};
use std::collections::VecDeque;
use std::rc::Rc;

/// The most calls that are held.
pub const ENTRIES: usize = 1_000_000;

/// The most bytes that they take, about.
pub const BYTES: usize = 192 << 20;

/// The most bytes of text that the arguments, and the result, of a call have.
pub const TEXT: usize = 1_024;

/// The most bytes that are kept of a stretch of memory.
pub const STRETCH: usize = 256;

/// The most bytes that are kept of all stretches of one call.
const KEPT: usize = 768;

/// The call of an export that host calls belong to.
#[derive(Clone, Debug)]
struct Scope {
    call: CallId,
    export: Rc<str>,
}

/// What is known of a host call until it is recorded. It is used over and over.
#[derive(Debug, Default)]
pub struct Draft {
    at: u64,
    fuel: u64,
    /// What was called.
    name: String,
    /// Its arguments, decoded.
    pub arguments: String,
    /// What came back, decoded.
    pub result: String,
    kept: Vec<u8>,
}

impl Draft {
    /// Keeps the first bytes of a stretch of memory, as far as there is room.
    pub fn keep(&mut self, name: &str, address: u32, bytes: &[u8]) {
        let room = KEPT.saturating_sub(self.kept.len()).min(STRETCH);
        let bytes = bytes.get(..room).unwrap_or(bytes);
        if !bytes.is_empty() {
            pack::push_stretch(&mut self.kept, name, address, bytes);
        }
    }

    /// Makes it the draft of a call at this time of the monotonic clock, in nanoseconds, when its
    /// run had used so much fuel.
    fn begin(&mut self, at: u64, fuel: u64, name: &str) {
        self.at = at;
        self.fuel = fuel;
        self.name.clear();
        self.name.push_str(name);
        self.arguments.clear();
        self.result.clear();
        self.kept.clear();
    }
}

/// How a call that has waited ended.
#[derive(Debug)]
struct Late {
    duration: u64,
    failed: bool,
    result: Box<str>,
    kept: Box<[u8]>,
}

/// A call that has begun and not ended.
#[derive(Clone, Copy, Debug)]
struct Open {
    number: u64,
    at: u64,
}

/// The list of host calls.
#[derive(Debug)]
pub struct Trace {
    chunks: VecDeque<Chunk>,
    /// The number of the first call since it was cleared.
    cleared: u64,
    /// The number of the oldest call that is held.
    first: u64,
    /// The number of the next call.
    next: u64,
    scope: Scope,
    draft: Draft,
    open: Vec<Open>,
    /// The ends of those that ended late, in the order of their numbers.
    late: VecDeque<(u64, Late)>,
    /// Those that have ended late since this was last asked.
    ended: Vec<u64>,
    most_entries: usize,
    most_bytes: usize,
    bytes: usize,
}

impl Default for Trace {
    fn default() -> Self {
        Self::bounded(ENTRIES, BYTES)
    }
}

impl Trace {
    /// An empty one that holds so many calls, in about so many bytes.
    #[must_use]
    pub fn bounded(entries: usize, bytes: usize) -> Self {
        Self {
            chunks: VecDeque::new(),
            cleared: 0,
            first: 0,
            next: 0,
            scope: Scope {
                call: CallId(0),
                export: Rc::from(""),
            },
            draft: Draft::default(),
            open: Vec::new(),
            late: VecDeque::new(),
            ended: Vec::new(),
            most_entries: entries,
            most_bytes: bytes,
            bytes: 0,
        }
    }

    /// What is recorded from now on belongs to this call, in which `export` runs.
    pub fn enter(&mut self, call: CallId, export: &str) {
        if self.scope.call == call && *self.scope.export == *export {
            return;
        }
        self.scope = Scope {
            call,
            export: Rc::from(export),
        };
        if let Some(chunk) = self.chunks.back_mut() {
            chunk.leave_scope();
        }
    }

    /// Begins a call: what is known of it is to be written into the draft.
    pub fn begin(&mut self, at: u64, fuel: u64, name: &str) -> &mut Draft {
        self.draft.begin(at, fuel, name);
        &mut self.draft
    }

    /// Begins the draft of the end of a call that is open. What it has kept, it keeps.
    pub fn begin_again(&mut self, number: u64) -> &mut Draft {
        let kept = self.look(number).map(|(record, _)| record.kept.to_vec());
        self.draft.begin(0, 0, "");
        self.draft.kept = kept.unwrap_or_default();
        &mut self.draft
    }

    /// The draft of the call that was begun.
    pub fn draft(&mut self) -> &mut Draft {
        &mut self.draft
    }

    /// Records the call that was begun: it has ended at this time.
    pub fn end(&mut self, at: u64, failed: bool) {
        let duration = at.saturating_sub(self.draft.at);
        self.record(duration, failed, false);
    }

    /// Records the call that was begun, although it has not ended: says its number.
    pub fn open(&mut self) -> u64 {
        let number = self.next;
        self.open.push(Open {
            number,
            at: self.draft.at,
        });
        self.record(0, false, true);
        number
    }

    /// Ends a call that is open, with the result and the stretches of the draft, which was
    /// [begun again](Self::begin_again).
    pub fn finish(&mut self, number: u64, at: u64, failed: bool) {
        let Some(place) = self.open.iter().position(|open| open.number == number) else {
            return;
        };
        let open = self.open.remove(place);
        if number < self.first {
            return;
        }
        let late = Late {
            duration: at.saturating_sub(open.at),
            failed,
            result: self.draft.result.as_str().into(),
            kept: self.draft.kept.as_slice().into(),
        };
        self.bytes += late.size();
        let place = self.late.partition_point(|(other, _)| *other < number);
        self.late.insert(place, (number, late));
        self.ended.push(number);
        self.make_room();
    }

    /// Ends all calls that are open: their runs have ended, and say so.
    pub fn finish_all(&mut self, at: u64, result: &str) {
        while let Some(open) = self.open.last().copied() {
            self.begin_again(open.number).result.push_str(result);
            self.finish(open.number, at, true);
        }
    }

    /// Forgets everything, and counts anew.
    pub fn clear(&mut self) {
        self.forget_before(self.next);
        self.cleared = self.next;
    }

    /// Forgets all before a number.
    pub fn forget_before(&mut self, number: u64) {
        self.first = self.first.max(number.min(self.next));
        while let Some(chunk) = self.chunks.front()
            && chunk.end() <= self.first
        {
            self.bytes = self.bytes.saturating_sub(chunk.size());
            self.chunks.pop_front();
        }
        while let Some((number, late)) = self.late.front()
            && *number < self.first
        {
            self.bytes = self.bytes.saturating_sub(late.size());
            self.late.pop_front();
        }
    }

    /// The numbers of the calls that are held, counted from the very first one.
    #[must_use]
    pub fn held(&self) -> std::ops::Range<u64> {
        self.first..self.next
    }

    /// The number of the first call since it was cleared: entries are told as counted from there.
    #[must_use]
    pub fn cleared(&self) -> u64 {
        self.cleared
    }

    /// Bytes that it takes, about.
    #[must_use]
    pub fn size(&self) -> usize {
        self.bytes
    }

    /// The number of the oldest call that has not ended; that of the next one if all have.
    #[must_use]
    pub fn settled(&self) -> u64 {
        let open = self.open.iter().map(|open| open.number).min();
        open.unwrap_or(self.next)
    }

    /// The call of this number, counted as in [`Trace::held`], if it is held.
    #[must_use]
    pub fn entry(&self, number: u64) -> Option<TraceEntry> {
        let (record, scope) = self.look(number)?;
        Some(TraceEntry {
            number: number.saturating_sub(self.cleared),
            at: record.at,
            fuel: record.fuel,
            duration: record.duration,
            call: scope.call.0,
            export: scope.export.as_ref().to_owned(),
            name: record.name.to_owned(),
            arguments: record.arguments.to_owned(),
            result: record.result.to_owned(),
            failed: record.failed,
        })
    }

    /// What the call of this number kept of the guest's memory: for each stretch its name, its
    /// address and its first bytes.
    #[must_use]
    pub fn stretches(&self, number: u64) -> Vec<(String, u32, Vec<u8>)> {
        self.look(number)
            .map(|(record, _)| pack::stretches(record.kept))
            .unwrap_or_default()
    }

    /// The latest call that has kept bytes, as in `buf of random_get`, and the address of the first of them.
    #[must_use]
    pub fn touched(&self) -> Option<(String, u64)> {
        /// The most calls that are looked at.
        const LOOKED_AT: usize = 4_096;
        let mut numbers = self.held().rev().take(LOOKED_AT);
        numbers.find_map(|number| {
            let (record, _) = self.look(number)?;
            let (what, address, _) = pack::stretches(record.kept).into_iter().next()?;
            Some((format!("{what} of {}", record.name), address.into()))
        })
    }

    /// Those that have ended late since this was last asked.
    fn take_ended(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.ended)
    }

    fn look(&self, number: u64) -> Option<(Record<'_>, &Scope)> {
        if !self.held().contains(&number) {
            return None;
        }
        let place = self.chunks.partition_point(|chunk| chunk.end() <= number);
        let (mut record, scope) = self.chunks.get(place)?.look(number)?;
        let late = self
            .late
            .binary_search_by_key(&number, |(number, _)| *number);
        if let Some((_, late)) = late.ok().and_then(|place| self.late.get(place)) {
            record.duration = late.duration;
            record.failed = late.failed;
            record.result = &late.result;
            record.kept = &late.kept;
        }
        Some((record, scope))
    }

    fn record(&mut self, duration: u64, failed: bool, is_open: bool) {
        let record = Record {
            at: self.draft.at,
            fuel: self.draft.fuel,
            duration,
            failed,
            name: &self.draft.name,
            arguments: &self.draft.arguments,
            result: if is_open { "" } else { &self.draft.result },
            kept: &self.draft.kept,
        };
        if self.chunks.back().is_none_or(Chunk::is_full) {
            if let Some(chunk) = self.chunks.back_mut() {
                self.bytes = self.bytes.saturating_sub(chunk.seal());
            }
            self.chunks.push_back(Chunk::new(self.next, record.at));
        }
        if let Some(chunk) = self.chunks.back_mut() {
            let before = chunk.size();
            chunk.push(&record, &self.scope);
            self.bytes = (self.bytes + chunk.size()).saturating_sub(before);
        }
        self.next += 1;
        self.make_room();
    }

    /// Forgets the oldest, until the rest is within the bounds.
    fn make_room(&mut self) {
        let most = u64::try_from(self.most_entries).unwrap_or(u64::MAX);
        if self.next - self.first > most {
            self.forget_before(self.next - most);
        }
        while self.bytes > self.most_bytes
            && self.chunks.len() > 1
            && let Some(chunk) = self.chunks.front()
        {
            self.forget_before(chunk.end());
        }
    }
}

impl Late {
    /// Bytes that it takes, about.
    fn size(&self) -> usize {
        self.result.len() + self.kept.len() + 64
    }
}

#[cfg(test)]
mod tests;
