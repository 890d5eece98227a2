//! The memory and the globals of the instance, as the page looks at them.

use super::kept::Kept;
use crate::engine::Instance;
use crate::linear::Linear;
use crate::protocol::{Memory, MemoryReport, Sought};

/// Bytes that one step searches.
const SEARCH_STEP: usize = 256 << 10;

/// Bytes that are skipped at once where the first byte searched for is not among them.
const SKIP: usize = 4 << 10;

/// What is known of the memory beside what is in it.
#[derive(Debug, Default)]
pub(super) struct Watch {
    watching: bool,
    /// The memory when the latest call began.
    before: Option<Kept>,
    search: Option<Search>,
}

/// A search that goes on.
#[derive(Debug)]
struct Search {
    /// `None`: a change.
    needle: Option<Needle>,
    /// Where it goes on.
    at: usize,
    /// Whether it goes back.
    back: bool,
}

impl Watch {
    /// A call begins.
    pub(super) fn call_begins(&mut self, memory: Linear<'_>) {
        if self.watching {
            self.before.get_or_insert_default().keep(memory);
        }
    }

    /// Does what the page asks for.
    pub(super) fn obey(
        &mut self,
        command: Memory,
        instance: Option<&Instance>,
    ) -> Option<MemoryReport> {
        let memory = instance.map(Instance::memory).unwrap_or_default();
        match command {
            Memory::Read { address, length } => Some(self.read(memory, address, length)),
            Memory::Search { sought, from, back } => {
                self.search = Some(Search {
                    needle: match sought {
                        Sought::Bytes(bytes) => Some(Needle::new(bytes)),
                        Sought::Change => None,
                    },
                    at: usize::try_from(from).unwrap_or(usize::MAX),
                    back,
                });
                None
            }
            Memory::Globals => Some(MemoryReport::Globals(
                instance.map(Instance::globals).unwrap_or_default(),
            )),
            // Only the session can.
            Memory::Write { .. } | Memory::Touched => None,
            Memory::Watch(watching) => {
                self.watching = watching;
                self.before = None;
                None
            }
        }
    }

    /// Goes on with a search: whether there is more to do, and what there is to tell.
    pub(super) fn step(&mut self, memory: Linear<'_>) -> (bool, Option<MemoryReport>) {
        let Some(search) = &mut self.search else {
            return (false, None);
        };
        let (start, end) = if search.back {
            let end = search.at.min(memory.size());
            (end.saturating_sub(SEARCH_STEP), end)
        } else {
            (search.at, search.at.saturating_add(SEARCH_STEP))
        };
        let found = match (&search.needle, &self.before) {
            (Some(needle), _) => needle.find(memory, start, end, search.back),
            (None, Some(before)) => before
                .changes(memory, start, end)
                .map(|(first, last)| if search.back { last } else { first }),
            (None, None) => None,
        };
        let has_more = if search.back {
            start > 0
        } else {
            end < memory.size()
        };
        if found.is_none() && has_more {
            search.at = if search.back { start } else { end };
            return (true, None);
        }
        self.search = None;
        (false, Some(MemoryReport::Found(found.map(|at| at as u64))))
    }

    fn read(&self, memory: Linear<'_>, address: u64, length: u32) -> MemoryReport {
        let start = usize::try_from(address).unwrap_or(usize::MAX);
        let length = usize::try_from(length.min(Memory::MOST)).unwrap_or(usize::MAX);
        let bytes = memory.head(start, length);
        MemoryReport::Bytes {
            address,
            changed: self
                .before
                .as_ref()
                .map(|before| before.changed(memory, start, start.saturating_add(bytes.len()))),
            bytes: bytes.into_owned(),
            size: memory.size() as u64,
        }
    }
}

/// Bytes to be searched for, by Knuth, Morris and Pratt: no memory makes it slow.
#[derive(Debug)]
struct Needle {
    bytes: Vec<u8>,
    /// For each length of a beginning of it: that of the longest shorter beginning that it ends with.
    shorter: Vec<usize>,
}

impl Needle {
    fn new(bytes: Vec<u8>) -> Self {
        let mut needle = Self {
            shorter: vec![0, 0],
            bytes,
        };
        for index in 1..needle.bytes.len() {
            let byte = needle.bytes.get(index).copied().unwrap_or_default();
            let last = needle.shorter.last().copied().unwrap_or_default();
            let next = needle.advance(last, byte);
            needle.shorter.push(next);
        }
        needle
    }

    /// How much of it has been seen when `seen` of it is followed by `byte`.
    fn advance(&self, mut seen: usize, byte: u8) -> usize {
        loop {
            if self.bytes.get(seen) == Some(&byte) {
                return seen + 1;
            }
            if seen == 0 {
                return 0;
            }
            seen = self.shorter.get(seen).copied().unwrap_or_default();
        }
    }

    /// Its first place in memory that begins at `from` or later, but before `end`; or the last one.
    fn find(&self, memory: Linear<'_>, from: usize, end: usize, last: bool) -> Option<usize> {
        // One that begins before the end may go on behind it.
        let stretch = end.saturating_sub(from);
        let bytes = memory.head(from, stretch.saturating_add(self.bytes.len()));
        Some(from + self.find_in(&bytes, stretch, last)?)
    }

    /// Its first place in a stretch of memory that begins before `end`; or the last one.
    fn find_in(&self, memory: &[u8], end: usize, last: bool) -> Option<usize> {
        let first = self.bytes.first()?;
        let mut found = None;
        let mut seen = 0;
        let mut at = 0;
        while at < memory.len() && at - seen < end {
            if seen == 0 {
                let block = memory.get(at..).unwrap_or_default();
                let block = block.get(..SKIP).unwrap_or(block);
                if !block.contains(first) {
                    at += block.len();
                    continue;
                }
                at += block.iter().position(|byte| byte == first).unwrap_or(0);
                if at >= end {
                    return found;
                }
            }
            let byte = memory.get(at).copied().unwrap_or_default();
            seen = self.advance(seen, byte);
            at += 1;
            if seen == self.bytes.len() {
                found = Some(at - seen);
                if !last {
                    return found;
                }
                seen = self.shorter.last().copied().unwrap_or_default();
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linear::tests::read_both;

    fn found(memory: &[u8], bytes: &[u8], from: u64) -> Option<u64> {
        search(memory, bytes, from, false)
    }

    fn search(memory: &[u8], bytes: &[u8], from: u64, back: bool) -> Option<u64> {
        read_both(memory, |memory| {
            let mut watch = Watch::default();
            let sought = Sought::Bytes(bytes.to_vec());
            watch.obey(Memory::Search { sought, from, back }, None);
            loop {
                if let (false, Some(MemoryReport::Found(at))) = watch.step(memory) {
                    return at;
                }
            }
        })
    }

    #[test]
    fn bytes_are_found_wherever_they_lie() {
        let mut memory = vec![0; 3 * SEARCH_STEP];
        for at in [
            0,
            1,
            SKIP - 1,
            SEARCH_STEP - 2,
            SEARCH_STEP,
            memory.len() - 3,
        ] {
            memory[at..at + 3].copy_from_slice(b"aab");
            assert_eq!(found(&memory, b"aab", 0), Some(at as u64));
            assert_eq!(found(&memory, b"aab", at as u64), Some(at as u64));
            assert_eq!(found(&memory, b"aab", at as u64 + 1), None);
            assert_eq!(search(&memory, b"aab", u64::MAX, true), Some(at as u64));
            assert_eq!(
                search(&memory, b"aab", at as u64 + 1, true),
                Some(at as u64)
            );
            assert_eq!(search(&memory, b"aab", at as u64, true), None);
            memory[at..at + 3].fill(0);
        }
        assert_eq!(found(&memory, b"aab", 0), None);
        assert_eq!(found(&memory, b"", 0), None);
        assert_eq!(found(&[], b"a", u64::MAX), None);
        assert_eq!(found(b"aaaab", b"aab", 0), Some(2));
        assert_eq!(found(b"abababac", b"ababac", 0), Some(2));
        assert_eq!(search(b"aaaa", b"aa", 9, true), Some(2), "they overlap");
        assert_eq!(search(b"aaaa", b"aa", 2, true), Some(1));
        assert_eq!(search(b"aaaa", b"", 9, true), None);
        assert_eq!(search(&[], b"a", 9, true), None);
    }

    #[test]
    fn a_search_through_what_almost_fits_is_done_in_steps() {
        let memory = vec![0; 8 << 20];
        let mut bytes = vec![0; 1 << 10];
        bytes.push(1);
        for (from, back) in [(0, false), (u64::MAX, true)] {
            let mut watch = Watch::default();
            let sought = Sought::Bytes(bytes.clone());
            watch.obey(Memory::Search { sought, from, back }, None);
            let mut steps = 1;
            while watch.step((&memory).into()).0 {
                steps += 1;
            }
            assert_eq!(steps, memory.len() / SEARCH_STEP);
        }
    }

    #[test]
    fn changes_are_known_once_a_call_has_begun_that_is_watched() {
        let mut watch = Watch::default();
        let changed = |watch: &Watch, memory: &[u8]| {
            let report = read_both(memory, |memory| watch.read(memory, 0, 100));
            let MemoryReport::Bytes { changed, .. } = report else {
                panic!("bytes were asked for");
            };
            changed
        };
        watch.call_begins((&[0; 8]).into());
        assert_eq!(changed(&watch, &[1; 8]), None, "it is not watched");
        watch.obey(Memory::Watch(true), None);
        assert_eq!(changed(&watch, &[1; 8]), None, "no call has begun");
        watch.call_begins((&[0; 8]).into());
        assert_eq!(changed(&watch, &[1; 8]), Some(vec![(0, 8)]));
    }

    #[test]
    fn changes_are_found_from_page_to_page() {
        let mut watch = Watch::default();
        let mut memory = vec![0; 3 * SEARCH_STEP];
        watch.obey(Memory::Watch(true), None);
        watch.call_begins((&memory).into());
        // The first goes from one step of the search to the next.
        memory[SEARCH_STEP - 10..SEARCH_STEP + 10].fill(1);
        memory[2 * SEARCH_STEP + 5] = 1;
        let mut next = |from, back| {
            let sought = Sought::Change;
            watch.obey(Memory::Search { sought, from, back }, None);
            loop {
                if let (false, Some(MemoryReport::Found(at))) = watch.step((&memory).into()) {
                    return at;
                }
            }
        };
        let places = [SEARCH_STEP - 10, 2 * SEARCH_STEP + 5].map(|at| at as u64);
        assert_eq!(next(0, false), Some(places[0]));
        assert_eq!(next(places[0] + 1, false), Some(places[1]));
        assert_eq!(next(places[1] + 1, false), None);
        assert_eq!(next(u64::MAX, true), Some(places[1]));
        assert_eq!(next(places[1], true), Some(places[0]));
        assert_eq!(next(places[0], true), None);
    }
}
