//! The bytes of a file: sparse, in chunks, so that holes cost nothing and growth copies nothing.

use std::collections::BTreeMap;

/// How many bytes one chunk covers.
const CHUNK: u64 = 4 * 1024;

/// What a file is charged for is rounded up to whole blocks of this size, as on a disk.
const BLOCK: u64 = 512;

/// What a file holds.
///
/// A chunk may be shorter than [`CHUNK`], or absent: what it does not hold reads as zeros.
#[derive(Debug, Default)]
pub(super) struct Content {
    size: u64,
    chunks: BTreeMap<u64, Vec<u8>>,
    charged: u64,
}

impl Content {
    /// The size that the file has for its readers, in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What it is charged for, in bytes.
    pub fn charged(&self) -> u64 {
        self.charged
    }

    /// Copies bytes from `offset` on into `buffer`; returns how many there were.
    pub fn read(&self, offset: u64, buffer: &mut [u8]) -> usize {
        let available = usize::try_from(self.size.saturating_sub(offset)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(available);
        let mut position = offset;
        let mut rest = buffer.get_mut(..wanted).unwrap_or_default();
        while !rest.is_empty() {
            let (index, start, room) = locate(position);
            let length = rest.len().min(room);
            let (part, after) = std::mem::take(&mut rest).split_at_mut(length);
            let held = self
                .chunks
                .get(&index)
                .and_then(|chunk| chunk.get(start..))
                .unwrap_or_default();
            let copied = held.len().min(part.len());
            let (head, tail) = part.split_at_mut(copied);
            head.copy_from_slice(held.get(..copied).unwrap_or_default());
            tail.fill(0);
            position += length as u64;
            rest = after;
        }
        wanted
    }

    /// Writes `bytes` at `offset`, growing the file, but charging at most `allowance` bytes more.
    /// Returns how many bytes were written: fewer than all if the allowance was used up.
    ///
    /// `offset + bytes.len()` must not exceed `u64::MAX`.
    pub fn write(&mut self, offset: u64, bytes: &[u8], allowance: u64) -> usize {
        let mut left = allowance;
        let mut written = 0;
        let mut rest = bytes;
        while !rest.is_empty() {
            let position = offset + written as u64;
            let (index, start, room) = locate(position);
            let held = self.chunks.get(&index).map_or(0, Vec::len);
            let reachable = blocks(held as u64).saturating_add(left / BLOCK * BLOCK);
            let reachable = usize::try_from(reachable).unwrap_or(usize::MAX);
            let length = rest.len().min(room).min(reachable.saturating_sub(start));
            if length == 0 {
                break;
            }
            let end = start + length;
            let growth = blocks(end as u64).saturating_sub(blocks(held as u64));
            let chunk = self.chunks.entry(index).or_default();
            if chunk.len() < end {
                chunk.resize(end, 0);
            }
            let (part, after) = rest.split_at(length);
            if let Some(place) = chunk.get_mut(start..end) {
                place.copy_from_slice(part);
            }
            left -= growth;
            self.charged += growth;
            written += length;
            rest = after;
        }
        if written > 0 {
            self.size = self.size.max(offset + written as u64);
        }
        written
    }

    /// Cuts the file to `size`, or lets it grow to it with a hole.
    pub fn resize(&mut self, size: u64) {
        if size < self.size {
            let (index, start, _) = locate(size);
            let dropped = self.chunks.split_off(&(index + 1));
            self.charged -= dropped
                .values()
                .map(|chunk| blocks(chunk.len() as u64))
                .sum::<u64>();
            if let Some(chunk) = self.chunks.get_mut(&index) {
                let before = blocks(chunk.len() as u64);
                chunk.truncate(start);
                chunk.shrink_to_fit();
                self.charged -= before - blocks(chunk.len() as u64);
                if chunk.is_empty() {
                    self.chunks.remove(&index);
                }
            }
        }
        self.size = size;
    }
}

/// The chunk that holds `position`, where in it, and how many bytes there are from there to its end.
#[expect(clippy::cast_possible_truncation, reason = "both are at most a chunk")]
fn locate(position: u64) -> (u64, usize, usize) {
    let start = (position % CHUNK) as usize;
    (position / CHUNK, start, CHUNK as usize - start)
}

/// `bytes`, rounded up to whole blocks.
fn blocks(bytes: u64) -> u64 {
    bytes.div_ceil(BLOCK) * BLOCK
}
