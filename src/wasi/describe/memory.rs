//! The guest's memory, to be looked at: what is not there is not an error.

/// The most buffers of a list that are looked at.
const IOVECS: u32 = 1024;

/// All `length` bytes at `address`; no bytes are anywhere.
pub(super) fn all(memory: &[u8], address: u32, length: u32) -> Option<&[u8]> {
    if length == 0 {
        return Some(&[]);
    }
    let start = usize::try_from(address).ok()?;
    let end = start.checked_add(usize::try_from(length).ok()?)?;
    memory.get(start..end)
}

/// Those of `length` bytes at `address` that are there.
pub(super) fn bytes(memory: &[u8], address: u32, length: u32) -> &[u8] {
    let start = usize::try_from(address).unwrap_or(usize::MAX);
    let rest = memory.get(start..).unwrap_or_default();
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    rest.get(..length).unwrap_or(rest)
}

pub(super) fn u32_at(memory: &[u8], address: u32) -> Option<u32> {
    let bytes = all(memory, address, 4)?.try_into().ok()?;
    Some(u32::from_le_bytes(bytes))
}

pub(super) fn u64_at(memory: &[u8], address: u32) -> Option<u64> {
    let bytes = all(memory, address, 8)?.try_into().ok()?;
    Some(u64::from_le_bytes(bytes))
}

/// What stands before the first NUL.
pub(super) fn until_nul(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| *byte == 0);
    end.and_then(|end| bytes.get(..end)).unwrap_or(bytes)
}

/// A buffer of a list, as far as it is in memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Buffer<'m> {
    pub address: u32,
    /// How long it is said to be.
    pub length: u32,
    pub bytes: &'m [u8],
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
#[derive(Clone, Debug)]
pub(super) struct Iovecs<'m> {
    memory: &'m [u8],
    next: u32,
    count: u32,
    left: u32,
}

impl<'m> Iovecs<'m> {
    pub fn new(memory: &'m [u8], address: u32, count: u32) -> Self {
        Self {
            memory,
            next: address,
            count,
            left: count.min(IOVECS),
        }
    }

    pub fn size(self) -> Size {
        let (memory, count) = (self.memory, self.count);
        if all(memory, self.next, count.saturating_mul(8)).is_none() {
            return Size::Outside;
        }
        let mut total = 0;
        for buffer in self {
            if all(memory, buffer.address, buffer.length).is_none() {
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

impl<'m> Iterator for Iovecs<'m> {
    type Item = Buffer<'m>;

    fn next(&mut self) -> Option<Buffer<'m>> {
        self.left = self.left.checked_sub(1)?;
        let entry = u64_at(self.memory, self.next)?;
        self.next = self.next.saturating_add(8);
        let (address, length) = (super::low(entry), super::low(entry >> 32));
        Some(Buffer {
            address,
            length,
            bytes: bytes(self.memory, address, length),
        })
    }
}
