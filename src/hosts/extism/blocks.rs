//! The memory of Extism's: blocks of the host's that the plugin has handles of, and reads and writes by the byte or by eight.
//!
//! A handle is the address of a block's first byte; addresses after it are within the block. Extism's own is one stretch of memory in which
//! plugins can read and write past a block. Here there is nothing between blocks: it reads as 0, and is not written.

use crate::amount::size;
use std::collections::BTreeMap;

/// What a block costs beside its bytes.
const HEADER: u64 = 64;

/// Where the first block is: an address that is none of the plugin's numbers by chance.
const FIRST: u64 = 0x1_0000;

/// The blocks of one plugin.
#[derive(Debug)]
pub(super) struct Blocks {
    by_address: BTreeMap<u64, Block>,
    /// Where the next one will be. Addresses are not used again, so that a handle that was freed stays none.
    next: u64,
    held: u64,
}

/// A block.
#[derive(Debug)]
struct Block {
    length: u64,
    /// Its first bytes; those that are missing have not been written, and are 0.
    bytes: Vec<u8>,
}

impl Default for Blocks {
    fn default() -> Self {
        Self {
            by_address: BTreeMap::new(),
            next: FIRST,
            held: 0,
        }
    }
}

impl Blocks {
    /// Frees all of them.
    pub(super) fn clear(&mut self) {
        self.by_address.clear();
        self.held = 0;
    }

    /// Bytes that they take.
    pub(super) fn held(&self) -> u64 {
        self.held
    }

    /// A block of so many zeros, where all together may take `room`: its handle, 0 for nothing.
    ///
    /// # Errors
    ///
    /// When there is no room: says so.
    pub(super) fn allocate(&mut self, length: u64, room: u64) -> Result<u64, String> {
        let mut bytes = Vec::new();
        // What is over the limit is not even tried.
        if length <= room
            && let Ok(length) = usize::try_from(length)
            && bytes.try_reserve_exact(length).is_err()
        {
            return Err(format!(
                "the plugin asked Extism for {} of memory, for which its host has no room",
                size(length as u64)
            ));
        }
        self.insert(length, bytes, room)
    }

    /// A block of these bytes, where all together may take `room`: its handle, 0 for nothing.
    ///
    /// # Errors
    ///
    /// When there is no room: says so.
    pub(super) fn give(&mut self, bytes: Vec<u8>, room: u64) -> Result<u64, String> {
        self.insert(bytes.len() as u64, bytes, room)
    }

    fn insert(&mut self, length: u64, bytes: Vec<u8>, room: u64) -> Result<u64, String> {
        if length == 0 {
            return Ok(0);
        }
        let left = room.saturating_sub(self.held);
        let cost = length.saturating_add(HEADER);
        if cost > left {
            return Err(format!(
                "the plugin asked Extism for {} of memory, and the limit leaves {} beside what it has (Settings, memory)",
                size(length),
                size(left)
            ));
        }
        let handle = self.next;
        self.by_address.insert(handle, Block { length, bytes });
        self.held += cost;
        // Eight more, so that no block begins where another one ends.
        self.next = handle.saturating_add(length).saturating_add(16) & !7;
        Ok(handle)
    }

    /// Frees a block. What is no handle is let be.
    pub(super) fn free(&mut self, handle: u64) {
        if let Some(block) = self.by_address.remove(&handle) {
            self.held = self.held.saturating_sub(block.length + HEADER);
        }
    }

    /// The length of a block; `None`: it is no handle.
    pub(super) fn length(&self, handle: u64) -> Option<u64> {
        Some(self.by_address.get(&handle)?.length)
    }

    /// What a block has; nothing for handle 0, `None` for what is no handle.
    pub(super) fn read(&self, handle: u64) -> Option<Vec<u8>> {
        match handle {
            0 => Some(Vec::new()),
            handle => self.stretch(handle, self.length(handle)?),
        }
    }

    /// So many bytes from an address on; `None` unless they are in one block.
    pub(super) fn stretch(&self, address: u64, length: u64) -> Option<Vec<u8>> {
        if length == 0 {
            return Some(Vec::new());
        }
        if !self.is_within(address, length) {
            return None;
        }
        let (block, at) = self.at(address)?;
        let (at, length) = (usize::try_from(at).ok()?, usize::try_from(length).ok()?);
        let known = block.bytes.get(at..).unwrap_or_default();
        let mut bytes = known.get(..length).unwrap_or(known).to_vec();
        bytes.resize(length, 0);
        Some(bytes)
    }

    /// Whether so many bytes from an address on are in one block; nothing at address 0 is.
    pub(super) fn is_within(&self, address: u64, length: u64) -> bool {
        match self.at(address) {
            Some((block, at)) => length <= block.length - at,
            None => (address, length) == (0, 0),
        }
    }

    /// The first bytes of a block, for whoever looks.
    pub(super) fn head(&self, handle: u64, most: usize) -> Option<&[u8]> {
        let bytes = &self.by_address.get(&handle)?.bytes;
        Some(bytes.get(..most).unwrap_or(bytes))
    }

    /// The block in which an address is, and how far from its start.
    fn at(&self, address: u64) -> Option<(&Block, u64)> {
        let (start, block) = self.by_address.range(..=address).next_back()?;
        let at = address - start;
        (at < block.length).then_some((block, at))
    }

    /// The `N` bytes from an address on: 0 where there are none.
    pub(super) fn load<const N: usize>(&self, address: u64) -> [u8; N] {
        let mut loaded = [0; N];
        if let Some((block, at)) = self.at(address)
            && let Ok(at) = usize::try_from(at)
        {
            let known = block.bytes.get(at..).unwrap_or_default();
            for (to, from) in loaded.iter_mut().zip(known) {
                *to = *from;
            }
        }
        loaded
    }

    /// Stores bytes from an address on: those that are within the block.
    pub(super) fn store(&mut self, address: u64, bytes: &[u8]) {
        let Some((start, block)) = self.by_address.range_mut(..=address).next_back() else {
            return;
        };
        let at = address - start;
        let Some(room) = block.length.checked_sub(at).filter(|room| *room > 0) else {
            return;
        };
        let count = bytes.len().min(usize::try_from(room).unwrap_or(usize::MAX));
        let Ok(at) = usize::try_from(at) else { return };
        if block.bytes.len() < at + count {
            block.bytes.resize(at + count, 0);
        }
        let to = block.bytes.iter_mut().skip(at);
        for (to, from) in to.zip(bytes.iter().take(count)) {
            *to = *from;
        }
    }
}
