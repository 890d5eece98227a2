//! Preview 0, which is imported from `wasi_unstable`: what C libraries and TinyGo wrote before preview 1.
//!
//! Its functions are those of preview 1, but for `sock_accept`, which it does not have, and for what is
//! here: how `fd_seek` counts, and two structs that are laid out otherwise. Functions that differ are
//! variants of their own ([`Function::of_import`]).

use super::memory::{GuestPtr, Memory};
use super::{Errno, Function};

/// A version of WASI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Preview {
    Zero,
    One,
}

/// Where a seek starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whence {
    Set,
    Cur,
    End,
}

impl Function {
    /// The function that a module imports by this name from the module of this name.
    pub fn of_import(module: &str, name: &str) -> Option<Function> {
        let function = Function::from_name(name);
        match (module, function?) {
            (Function::PREVIEW_1, _) => function,
            (Function::PREVIEW_0, function) => match function {
                Function::FdSeek => Some(Function::FdSeek0),
                Function::FdFilestatGet => Some(Function::FdFilestatGet0),
                Function::PathFilestatGet => Some(Function::PathFilestatGet0),
                Function::PollOneoff => Some(Function::PollOneoff0),
                Function::SockAccept => None,
                function => Some(function),
            },
            _ => None,
        }
    }
}

impl Preview {
    /// # Errors
    /// [`Errno::Inval`] for a number that is none.
    pub fn whence(self, number: u32) -> Result<Whence, Errno> {
        match (self, number) {
            (Preview::One, 0) | (Preview::Zero, 2) => Ok(Whence::Set),
            (Preview::One, 1) | (Preview::Zero, 0) => Ok(Whence::Cur),
            (Preview::One, 2) | (Preview::Zero, 1) => Ok(Whence::End),
            _ => Err(Errno::Inval),
        }
    }

    /// Writes a `filestat` of these fields, in their order. In preview 0 the number of links is a `u32`
    /// that lies in the padding of the one before:
    ///
    /// ```text
    ///  u64    u64    u8, padding  u32      u64     u64     u64     u64
    ///  dev …, ino …, filetype …,  nlink …, size …, atim …, mtim …, ctim …
    ///  ^ +0   ^ +8   ^ +16        ^ +20    ^ +24   ^ +32   ^ +40   ^ +48
    /// ```
    ///
    /// # Errors
    /// [`Errno::Fault`] unless it lies in memory.
    pub fn put_filestat(
        self,
        memory: &mut Memory<'_>,
        at: GuestPtr,
        fields: [u64; 8],
    ) -> Result<(), Errno> {
        let [dev, ino, kind, links, size, accessed, modified, changed] = fields;
        let packed = kind | links.min(u32::MAX.into()) << 32;
        let words = match self {
            Preview::Zero => &[dev, ino, packed, size, accessed, modified, changed][..],
            Preview::One => &fields[..],
        };
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let length = u32::try_from(bytes.len()).map_err(|_| Errno::Overflow)?;
        let place = memory.span(at, length)?;
        memory.put(place, &bytes);
        Ok(())
    }

    /// The size of a `subscription`.
    pub const fn subscription_size(self) -> u32 {
        match self {
            Preview::Zero => 56,
            Preview::One => 48,
        }
    }

    /// The subscription at this address, as preview 1 lays it out. In preview 0 a clock's has an
    /// identifier of 8 bytes, which nobody uses, before the number of the clock.
    ///
    /// # Errors
    /// [`Errno::Fault`] unless it lies in memory.
    pub fn subscription(self, memory: &Memory<'_>, at: GuestPtr) -> Result<[u8; 48], Errno> {
        if self == Preview::One {
            return memory.read(at);
        }
        let bytes = memory.read::<56>(at)?;
        let mut subscription = [0; 48];
        let is_clock = bytes.get(8) == Some(&0);
        let (head, tail) = bytes.split_at(16);
        let what = tail.get(if is_clock { 8 } else { 0 }..).unwrap_or_default();
        for (place, byte) in subscription.iter_mut().zip(head.iter().chain(what)) {
            *place = *byte;
        }
        Ok(subscription)
    }
}
