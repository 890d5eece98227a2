//! The memory and the globals of the instance, as the page looks at them.

use crate::engine::Instance;
use crate::protocol::{Memory, MemoryReport};

/// Bytes that one step searches.
const SEARCH_STEP: usize = 256 << 10;

/// Bytes that are skipped at once where the first byte searched for is not among them.
const SKIP: usize = 4 << 10;

/// What is known of the memory beside what is in it.
#[derive(Debug, Default)]
pub(super) struct Watch {
    watching: bool,
    /// The beginning of the memory when the latest call began.
    before: Option<Vec<u8>>,
    search: Option<Search>,
}

/// A search that goes on.
#[derive(Debug)]
struct Search {
    needle: Needle,
    /// Where it goes on.
    at: usize,
}

impl Watch {
    /// A call begins.
    pub(super) fn call_begins(&mut self, memory: &[u8]) {
        if self.watching {
            let watched = memory.get(..Memory::WATCHED).unwrap_or(memory);
            let before = self.before.get_or_insert_default();
            before.clear();
            before.extend_from_slice(watched);
        }
    }

    /// Does what the page asks for.
    pub(super) fn obey(
        &mut self,
        command: Memory,
        instance: Option<&Instance>,
    ) -> Option<MemoryReport> {
        let memory = instance.map_or(&[][..], Instance::memory);
        match command {
            Memory::Read { address, length } => Some(self.read(memory, address, length)),
            Memory::Search { bytes, from } => {
                self.search = Some(Search {
                    needle: Needle::new(bytes),
                    at: usize::try_from(from).unwrap_or(usize::MAX),
                });
                None
            }
            Memory::Globals => Some(MemoryReport::Globals(
                instance.map(Instance::globals).unwrap_or_default(),
            )),
            Memory::Watch(watching) => {
                self.watching = watching;
                self.before = None;
                None
            }
        }
    }

    /// Goes on with a search: whether there is more to do, and what there is to tell.
    pub(super) fn step(&mut self, memory: &[u8]) -> (bool, Option<MemoryReport>) {
        let Some(search) = &mut self.search else {
            return (false, None);
        };
        let end = search.at.saturating_add(SEARCH_STEP);
        let found = search.needle.find(memory, search.at, end);
        if found.is_none() && end < memory.len() && !search.needle.bytes.is_empty() {
            search.at = end;
            return (true, None);
        }
        self.search = None;
        (false, Some(MemoryReport::Found(found.map(|at| at as u64))))
    }

    fn read(&self, memory: &[u8], address: u64, length: u32) -> MemoryReport {
        let start = usize::try_from(address).unwrap_or(usize::MAX);
        let length = usize::try_from(length.min(Memory::MOST)).unwrap_or(usize::MAX);
        let rest = memory.get(start..).unwrap_or_default();
        let bytes = rest.get(..length).unwrap_or(rest);
        MemoryReport::Bytes {
            address,
            bytes: bytes.to_vec(),
            changed: self.changed(start, bytes),
            size: memory.len() as u64,
        }
    }

    /// Which of the bytes from `start` on have changed since the latest call began.
    fn changed(&self, start: usize, bytes: &[u8]) -> Option<Vec<(u32, u32)>> {
        let before = self.before.as_ref()?;
        if start >= Memory::WATCHED {
            return None;
        }
        let before = before.get(start..).unwrap_or_default();
        let mut changed: Vec<(u32, u32)> = Vec::new();
        for (index, byte) in bytes.iter().enumerate() {
            // Memory grows by zeros.
            if before.get(index).copied().unwrap_or(0) == *byte {
                continue;
            }
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            match changed.last_mut() {
                Some((first, length)) if *first + *length == index => *length += 1,
                _ => changed.push((index, 1)),
            }
        }
        Some(changed)
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

    /// Its first place in memory that begins at `from` or later, but before `end`.
    fn find(&self, memory: &[u8], from: usize, end: usize) -> Option<usize> {
        let first = self.bytes.first()?;
        let mut seen = 0;
        let mut at = from;
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
                    return None;
                }
            }
            let byte = memory.get(at).copied().unwrap_or_default();
            seen = self.advance(seen, byte);
            at += 1;
            if seen == self.bytes.len() {
                return Some(at - seen);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(memory: &[u8], bytes: &[u8], from: u64) -> Option<u64> {
        let mut watch = Watch::default();
        let bytes = bytes.to_vec();
        watch.obey(Memory::Search { bytes, from }, None);
        loop {
            if let (false, Some(MemoryReport::Found(at))) = watch.step(memory) {
                return at;
            }
        }
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
            memory[at..at + 3].fill(0);
        }
        assert_eq!(found(&memory, b"aab", 0), None);
        assert_eq!(found(&memory, b"", 0), None);
        assert_eq!(found(&[], b"a", u64::MAX), None);
        assert_eq!(found(b"aaaab", b"aab", 0), Some(2));
        assert_eq!(found(b"abababac", b"ababac", 0), Some(2));
    }

    #[test]
    fn a_search_through_what_almost_fits_is_done_in_steps() {
        let memory = vec![0; 8 << 20];
        let mut bytes = vec![0; 1 << 10];
        bytes.push(1);
        let mut watch = Watch::default();
        watch.obey(Memory::Search { bytes, from: 0 }, None);
        let mut steps = 1;
        while watch.step(&memory).0 {
            steps += 1;
        }
        assert_eq!(steps, memory.len() / SEARCH_STEP);
    }

    #[test]
    fn what_has_changed_is_told_in_stretches() {
        let mut watch = Watch::default();
        let changed = |watch: &Watch, memory: &[u8], from| {
            let MemoryReport::Bytes { changed, .. } = watch.read(memory, from, 100) else {
                panic!("bytes were asked for");
            };
            changed
        };
        watch.call_begins(&[0; 8]);
        assert_eq!(changed(&watch, &[1; 8], 0), None, "it is not watched");
        watch.obey(Memory::Watch(true), None);
        assert_eq!(changed(&watch, &[1; 8], 0), None, "no call has begun");
        watch.call_begins(&[0; 8]);
        let grown = [0, 1, 1, 0, 1, 0, 0, 0, 0, 7];
        assert_eq!(
            changed(&watch, &grown, 0),
            Some(vec![(1, 2), (4, 1), (9, 1)])
        );
        assert_eq!(
            changed(&watch, &grown, 2),
            Some(vec![(0, 1), (2, 1), (7, 1)])
        );
        assert_eq!(changed(&watch, &grown, 99), Some(vec![]));
    }
}
