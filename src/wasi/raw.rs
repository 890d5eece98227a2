//! The raw arguments of a call, read in order and given their types.

use super::Errno;
use super::abi::{Flags, Lookup};
use super::fd_table::Fd;
use super::memory::{GuestPtr, Memory};
use std::borrow::Cow;

pub(super) struct Raw<'a>(std::slice::Iter<'a, u64>);

impl<'a> Raw<'a> {
    pub fn new(args: &'a [u64]) -> Raw<'a> {
        Raw(args.iter())
    }

    /// The next argument, an `i64`.
    pub fn u64(&mut self) -> Result<u64, Errno> {
        self.0.next().copied().ok_or(Errno::Inval)
    }

    /// The next argument, an `i32`.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "an engine may extend the sign: only the low half is the value"
    )]
    pub fn u32(&mut self) -> Result<u32, Errno> {
        Ok(self.u64()? as u32)
    }

    /// The next argument, a descriptor.
    pub fn fd(&mut self) -> Result<Fd, Errno> {
        Ok(Fd(self.u32()?))
    }

    /// The next argument, an address.
    pub fn pointer(&mut self) -> Result<GuestPtr, Errno> {
        Ok(GuestPtr(self.u32()?))
    }

    /// The next argument, a set of flags.
    ///
    /// # Errors
    /// [`Errno::Inval`] for bits that mean nothing.
    pub fn flags<F: Flags>(&mut self) -> Result<F, Errno> {
        F::from_bits(self.u32()?).ok_or(Errno::Inval)
    }

    /// The next argument, lookup flags.
    ///
    /// # Errors
    /// [`Errno::Inval`] for bits that mean nothing.
    pub fn lookup(&mut self) -> Result<Lookup, Errno> {
        self.flags()
    }

    /// The next two arguments, the address and the length of a path, and the path that is there.
    ///
    /// # Errors
    /// [`Errno::Fault`], [`Errno::Ilseq`].
    pub fn path<'m>(&mut self, memory: &'m Memory<'_>) -> Result<Cow<'m, str>, Errno> {
        let pointer = self.pointer()?;
        let length = self.u32()?;
        memory.path(pointer, length)
    }
}
