//! Lists of buffers.
//!
//! ```text
//!      address     length      address     length
//!     +---------+ +---------+ +---------+ +---------+
//!  [?, 18, 0,0,0,  4, 0, 0,0,  23, 0,0,0,  2, 0, 0,0, …]
//!      ^-- iovs                ^-- the second of iovs_len = 2
//! ```

use super::Errno;
use super::memory::{GuestPtr, Memory, Span};
use super::raw::Raw;

/// The size of an `iovec` or `ciovec`.
const SIZE: u32 = 8;

/// How many bytes one call moves at most, so that none takes long. A guest that gets fewer than it
/// asked for asks again, as it must on any system.
const TRANSFER_MAX: u64 = 64 << 20;

/// A list of buffers, all of which are known to lie in memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Buffers {
    start: GuestPtr,
    count: u32,
    total: u64,
}

impl Buffers {
    /// Reads the next two arguments: the address and the length of the list.
    ///
    /// # Errors
    /// [`Errno::Fault`] unless the list and every buffer lie in memory, [`Errno::Inval`] if they are
    /// longer together than 32 bits can say.
    pub fn read(memory: &Memory<'_>, raw: &mut Raw<'_>) -> Result<Buffers, Errno> {
        let start = raw.pointer()?;
        let count = raw.u32()?;
        memory.array(start, count, SIZE)?;
        let mut buffers = Buffers {
            start,
            count,
            total: 0,
        };
        for index in 0..count {
            buffers.total += buffers.span(memory, index)?.len() as u64;
        }
        if u32::try_from(buffers.total).is_err() {
            return Err(Errno::Inval);
        }
        Ok(buffers)
    }

    /// Whether there is not a single byte in them.
    pub fn is_empty(self) -> bool {
        self.total == 0
    }

    /// Hands each buffer in turn to `transfer`, in pieces if memory lies elsewhere, which returns how many bytes it moved,
    /// until one is not moved whole. Returns how many bytes were moved together: at most [`TRANSFER_MAX`].
    ///
    /// # Errors
    /// Those of `transfer`, if not a single byte has been moved before.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "no more than the total, which is a u32"
    )]
    pub fn transfer<E: From<Errno>>(
        self,
        memory: &mut Memory<'_>,
        mut transfer: impl FnMut(&mut Memory<'_>, Span) -> Result<usize, E>,
    ) -> Result<u32, E> {
        let mut moved = 0_u64;
        'all: for index in 0..self.count {
            let left = usize::try_from(TRANSFER_MAX - moved).unwrap_or(usize::MAX);
            // What is read may have overwritten the list itself.
            let mut rest = match self.span(memory, index) {
                Ok(span) => span.head(left),
                Err(_) if moved > 0 => break,
                Err(errno) => return Err(errno.into()),
            };
            while rest.len() > 0 {
                let piece = rest.head(memory.piece());
                match transfer(memory, piece) {
                    Ok(count) => {
                        moved += count as u64;
                        if count < piece.len() || moved >= TRANSFER_MAX {
                            break 'all;
                        }
                    }
                    Err(_) if moved > 0 => break 'all,
                    Err(error) => return Err(error),
                }
                rest = rest.tail(piece.len());
            }
        }
        Ok(moved as u32)
    }

    fn span(self, memory: &Memory<'_>, index: u32) -> Result<Span, Errno> {
        // No overflow: the list lies in memory.
        let entry = self.start.0 + index * SIZE;
        let [a, b, c, d, length @ ..] = memory.read::<8>(GuestPtr(entry))?;
        memory.span(
            GuestPtr(u32::from_le_bytes([a, b, c, d])),
            u32::from_le_bytes(length),
        )
    }
}
