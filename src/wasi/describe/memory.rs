//! The guest's memory, to be looked at: what is not there is not an error.

use crate::linear::Linear;
use std::borrow::Cow;

/// The most buffers of a list that are looked at.
const IOVECS: u32 = 1024;

/// Whether all `length` bytes at `address` are there; no bytes are anywhere.
pub(super) fn has(memory: Linear<'_>, address: u32, length: u32) -> bool {
    let range = memory.range(address.into(), length.into());
    length == 0 || range.is_some()
}

/// The first `most` of all `length` bytes at `address`; no bytes are anywhere.
pub(super) fn all<'m>(
    memory: Linear<'m>,
    address: u32,
    length: u32,
    most: usize,
) -> Option<Cow<'m, [u8]>> {
    has(memory, address, length).then(|| bytes(memory, address, length, most))
}

/// Those of the first `most` of `length` bytes at `address` that are there.
pub(super) fn bytes<'m>(
    memory: Linear<'m>,
    address: u32,
    length: u32,
    most: usize,
) -> Cow<'m, [u8]> {
    let start = usize::try_from(address).unwrap_or(usize::MAX);
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    memory.head(start, length.min(most))
}

pub(super) fn u32_at(memory: Linear<'_>, address: u32) -> Option<u32> {
    let bytes = memory.read(usize::try_from(address).ok()?)?;
    Some(u32::from_le_bytes(bytes))
}

pub(super) fn u64_at(memory: Linear<'_>, address: u32) -> Option<u64> {
    let bytes = memory.read(usize::try_from(address).ok()?)?;
    Some(u64::from_le_bytes(bytes))
}

/// What stands before the first NUL.
pub(super) fn until_nul(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| *byte == 0);
    end.and_then(|end| bytes.get(..end)).unwrap_or(bytes)
}

/// A buffer of a list, which need not be in memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Buffer {
    pub address: u32,
    /// How long it is said to be.
    pub length: u32,
}

/// How many bytes the buffers of a list have together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    Bytes(u64),
    /// There are more buffers than are looked at.
    TooMany,
    /// The list or a buffer is not all in memory.
    Outside,
}

/// A list of buffers: the first of them, as far as it is in memory.
#[derive(Clone)]
pub(super) struct Iovecs<'m> {
    memory: Linear<'m>,
    next: u32,
    count: u32,
    /// How many more are looked at.
    left: u32,
}

impl<'m> Iovecs<'m> {
    pub fn new(memory: Linear<'m>, address: u32, count: u32) -> Self {
        Self {
            memory,
            next: address,
            count,
            left: count.min(IOVECS),
        }
    }

    /// The first `most` bytes of a buffer, as far as they are in memory.
    pub fn bytes(&self, buffer: Buffer, most: usize) -> Cow<'m, [u8]> {
        bytes(self.memory, buffer.address, buffer.length, most)
    }

    pub fn size(self) -> Size {
        let (memory, count) = (self.memory, self.count);
        if !has(memory, self.next, count.saturating_mul(8)) {
            return Size::Outside;
        }
        let mut total = 0;
        for buffer in self {
            if !has(memory, buffer.address, buffer.length) {
                return Size::Outside;
            }
            total += u64::from(buffer.length);
        }
        if count > IOVECS {
            return Size::TooMany;
        }
        Size::Bytes(total)
    }
}

impl Iterator for Iovecs<'_> {
    type Item = Buffer;

    fn next(&mut self) -> Option<Buffer> {
        self.left = self.left.checked_sub(1)?;
        let entry = u64_at(self.memory, self.next)?;
        self.next = self.next.saturating_add(8);
        let (address, length) = (super::low(entry), super::low(entry >> 32));
        Some(Buffer { address, length })
    }
}
