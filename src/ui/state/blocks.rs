//! A queue that never copies what it holds: it grows and shrinks by blocks.

use std::collections::VecDeque;

/// Elements in a block.
const BLOCK: usize = 1 << 14;

/// Elements numbered from zero, of which the first ones may have been dropped.
///
/// Appending costs the same however many there are (a `Vec` moves them all now and then, which is
/// felt at 60 frames a second), and so does looking one up.
#[derive(Debug)]
pub(crate) struct Blocks<T> {
    blocks: VecDeque<Vec<T>>,
    /// The number of the first element of the first block.
    base: u64,
    /// The number of the first element that is not dropped.
    start: u64,
    end: u64,
}

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Self {
            blocks: VecDeque::new(),
            base: 0,
            start: 0,
            end: 0,
        }
    }
}

impl<T: Copy> Blocks<T> {
    /// The number of the first element that is there.
    pub(crate) fn start(&self) -> u64 {
        self.start
    }

    /// The number of the element that will be appended next.
    pub(crate) fn end(&self) -> u64 {
        self.end
    }

    /// How many there are.
    pub(crate) fn len(&self) -> u64 {
        self.end - self.start
    }

    pub(crate) fn push(&mut self, element: T) {
        self.extend(&[element]);
    }

    pub(crate) fn extend(&mut self, mut elements: &[T]) {
        while !elements.is_empty() {
            let full = self.blocks.back().is_none_or(|block| block.len() == BLOCK);
            if full {
                self.blocks.push_back(Vec::new());
            }
            let Some(block) = self.blocks.back_mut() else {
                return;
            };
            let (now, later) = elements.split_at(elements.len().min(BLOCK - block.len()));
            block.extend_from_slice(now);
            self.end += now.len() as u64;
            elements = later;
        }
    }

    /// The element of the number; `None` if it is dropped or yet to come.
    pub(crate) fn get(&self, number: u64) -> Option<T> {
        let (block, place) = self.place(number)?;
        self.blocks.get(block)?.get(place).copied()
    }

    pub(crate) fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        let (block, place) = self.place(number)?;
        self.blocks.get_mut(block)?.get_mut(place)
    }

    /// Appends those from `from` to before `to` to `into`, as far as they are there.
    pub(crate) fn copy(&self, from: u64, to: u64, into: &mut Vec<T>) {
        let (mut from, to) = (from.max(self.start), to.min(self.end));
        while from < to {
            let Some((block, place)) = self.place(from) else {
                return;
            };
            let wanted = usize::try_from(to - from).unwrap_or(usize::MAX);
            let Some(rest) = self.blocks.get(block).and_then(|block| block.get(place..)) else {
                return;
            };
            let Some(part) = rest.get(..rest.len().min(wanted)) else {
                return;
            };
            into.extend_from_slice(part);
            from += part.len() as u64;
        }
    }

    /// Drops those before the number.
    pub(crate) fn drop_before(&mut self, number: u64) {
        self.start = self.start.max(number.min(self.end));
        while self.start - self.base >= BLOCK as u64 {
            self.blocks.pop_front();
            self.base += BLOCK as u64;
        }
    }

    /// How many come before the first for which `before` is false; it must be true for some first
    /// ones and false for all others.
    pub(crate) fn partition_point(&self, before: impl Fn(&T) -> bool) -> u64 {
        let (mut low, mut high) = (self.start, self.end);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(|element| before(&element)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low - self.start
    }

    fn place(&self, number: u64) -> Option<(usize, usize)> {
        if number < self.start || number >= self.end {
            return None;
        }
        let offset = usize::try_from(number - self.base).ok()?;
        Some((offset / BLOCK, offset % BLOCK))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANY: u64 = 3 * BLOCK as u64 + 7;

    fn counting() -> Blocks<u64> {
        let mut blocks = Blocks::default();
        blocks.extend(&(0..MANY).collect::<Vec<_>>());
        blocks
    }

    #[test]
    fn elements_keep_their_numbers_when_the_first_ones_are_dropped() {
        let mut blocks = counting();
        for start in [0, 1, BLOCK as u64, BLOCK as u64 + 1, MANY - 1, MANY] {
            blocks.drop_before(start);
            assert_eq!(blocks.start(), start);
            assert_eq!(blocks.len(), MANY - start);
            assert_eq!(blocks.get(start), (start < MANY).then_some(start));
            assert_eq!(start.checked_sub(1).and_then(|n| blocks.get(n)), None);
        }
        blocks.push(MANY);
        assert_eq!(blocks.get(MANY), Some(MANY));
    }

    #[test]
    fn copies_across_blocks_and_stops_at_both_ends() {
        let mut blocks = counting();
        blocks.drop_before(10);
        let mut copy = Vec::new();
        blocks.copy(0, u64::MAX, &mut copy);
        assert_eq!(copy, (10..MANY).collect::<Vec<_>>());
    }

    #[test]
    fn finds_where_a_property_ends() {
        let mut blocks = counting();
        blocks.drop_before(10);
        assert_eq!(blocks.partition_point(|&n| n < 30_000), 30_000 - 10);
        assert_eq!(blocks.partition_point(|_| true), blocks.len());
        assert_eq!(blocks.partition_point(|_| false), 0);
    }
}
