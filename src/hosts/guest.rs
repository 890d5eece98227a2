//! What a host reads out of its guest's memory and writes into it, with every address checked; and the raw arguments of a call,
//! given their types.

use crate::amount::amount;
use crate::linear::{Linear, LinearMut};

/// An access to bytes that are not in the guest's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{at:#x} and the {} from there are not all in the guest's memory of {}",
    amount(*length, "byte"),
    amount(*size, "byte")
)]
pub(super) struct Outside {
    at: u32,
    length: u64,
    size: u64,
}

/// Bytes of the guest's memory. No bytes exist anywhere.
///
/// # Errors
/// Unless all of them exist.
pub(super) fn read(memory: &LinearMut<'_>, (at, length): (u32, u32)) -> Result<Vec<u8>, Outside> {
    read_view(memory.view(), (at, length))
}

/// The same of a memory that is only read.
///
/// # Errors
/// Unless all of them exist.
pub(super) fn read_view(view: Linear<'_>, (at, length): (u32, u32)) -> Result<Vec<u8>, Outside> {
    if length == 0 {
        return Ok(Vec::new());
    }
    let range = view.range(at.into(), length.into());
    let bytes = range.and_then(|range| view.get(range));
    bytes.map(Into::into).ok_or(Outside {
        at,
        length: length.into(),
        size: view.size() as u64,
    })
}

/// Writes bytes into the guest's memory. No bytes can be written anywhere.
///
/// # Errors
/// Unless there is room for all of them: nothing is written then.
pub(super) fn write(memory: &mut LinearMut<'_>, at: u32, bytes: &[u8]) -> Result<(), Outside> {
    if bytes.is_empty() || memory.write(at.into(), bytes) {
        return Ok(());
    }
    Err(Outside {
        at,
        length: bytes.len() as u64,
        size: memory.view().size() as u64,
    })
}

/// The raw arguments of a call, in their order. One that is missing is 0: the types have been compared when the guest was linked.
pub(super) struct Args<'a>(std::slice::Iter<'a, u64>);

impl<'a> Args<'a> {
    pub fn new(args: &'a [u64]) -> Self {
        Self(args.iter())
    }

    /// The next one, an `i64`.
    pub fn u64(&mut self) -> u64 {
        self.0.next().copied().unwrap_or_default()
    }

    /// The next one, an `i32`.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "an engine may extend the sign: only the low half is the value"
    )]
    pub fn u32(&mut self) -> u32 {
        self.u64() as u32
    }

    /// The next two, an address and a length.
    pub fn span(&mut self) -> (u32, u32) {
        (self.u32(), self.u32())
    }
}

/// A length, as a guest is told it.
pub(super) fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
