//! The guest's memory, with every access checked.
//!
//! Where it lies elsewhere, what is read is copied, and what is written goes there at once: so calls whose buffers lie over
//! one another, or over the list of them, do what they do over plain bytes.

use super::Errno;
use crate::linear::{Elsewhere, Linear, LinearMut};
use std::borrow::Cow;

/// Bytes of one buffer that are moved at once where it lies elsewhere.
const PIECE: usize = 256 << 10;

/// Bytes of a path that are copied: more than any that is not too long.
const PATH: usize = 2 * crate::vfs::PATH_MAX;

/// An address in the guest's memory, as the guest gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct GuestPtr(pub u32);

/// A range of the guest's memory that is known to exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    start: usize,
    end: usize,
}

impl Span {
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Its length, as a guest is told it.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a span is as long as a u32 said"
    )]
    pub fn guest_len(self) -> u32 {
        self.len() as u32
    }

    /// Its first `length` bytes; all of it if it has no more.
    pub fn head(self, length: usize) -> Span {
        Span {
            start: self.start,
            end: self.start + length.min(self.len()),
        }
    }

    /// What is behind its first `length` bytes.
    pub fn tail(self, length: usize) -> Span {
        Span {
            start: self.head(length).end,
            end: self.end,
        }
    }
}

pub(super) struct Memory<'m> {
    linear: LinearMut<'m>,
}

/// Room in memory that is being filled.
pub(super) enum Room<'r> {
    Here(&'r mut [u8]),
    Elsewhere {
        memory: &'r dyn Elsewhere,
        at: usize,
        bytes: Vec<u8>,
    },
}

impl Room<'_> {
    /// What is to be filled, from its beginning on; what is in it is of no account.
    pub fn bytes(&mut self) -> &mut [u8] {
        match self {
            Room::Here(bytes) => bytes,
            Room::Elsewhere { bytes, .. } => bytes,
        }
    }

    /// The first `count` bytes have been filled, and no others.
    pub fn filled(self, count: usize) {
        if let Room::Elsewhere { memory, at, bytes } = self
            && let Some(bytes @ [_, ..]) = bytes.get(..count)
        {
            memory.write(at, bytes);
        }
    }
}

impl<'m> Memory<'m> {
    pub fn new(linear: LinearMut<'m>) -> Memory<'m> {
        Memory { linear }
    }

    fn view(&self) -> Linear<'_> {
        self.linear.view()
    }

    /// Whether its bytes are copied.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self.linear, LinearMut::Elsewhere(_))
    }

    /// Bytes that are moved at once.
    pub fn piece(&self) -> usize {
        if self.is_elsewhere() {
            PIECE
        } else {
            usize::MAX
        }
    }

    /// # Errors
    /// [`Errno::Fault`] unless all `length` bytes from `pointer` on exist. No bytes exist anywhere.
    pub fn span(&self, pointer: GuestPtr, length: u32) -> Result<Span, Errno> {
        self.array(pointer, length, 1)
    }

    /// The span of `count` elements of `size` bytes each.
    ///
    /// # Errors
    /// [`Errno::Fault`] unless all of it exists.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "both are at most the length of the memory"
    )]
    pub fn array(&self, pointer: GuestPtr, count: u32, size: u32) -> Result<Span, Errno> {
        if count == 0 {
            return Ok(Span { start: 0, end: 0 });
        }
        let start = u64::from(pointer.0);
        let end = start + u64::from(count) * u64::from(size);
        if end > self.view().size() as u64 {
            return Err(Errno::Fault);
        }
        Ok(Span {
            start: start as usize,
            end: end as usize,
        })
    }

    pub fn get(&self, span: Span) -> Cow<'_, [u8]> {
        self.view().get(span.start..span.end).unwrap_or_default()
    }

    /// Room for all of `span`, which is filled with something new.
    pub fn room(&mut self, span: Span) -> Room<'_> {
        match &mut self.linear {
            LinearMut::Here(bytes) => {
                Room::Here(bytes.get_mut(span.start..span.end).unwrap_or_default())
            }
            LinearMut::Elsewhere(memory) => Room::Elsewhere {
                memory: *memory,
                at: span.start,
                bytes: vec![0; span.len()],
            },
        }
    }

    /// Copies `bytes` to the start of `span`; what does not fit is left out.
    pub fn put(&mut self, span: Span, bytes: &[u8]) {
        let head = span.head(bytes.len());
        let source = bytes.get(..head.len()).unwrap_or_default();
        self.linear.write(head.start as u64, source);
    }

    /// The `N` bytes at `pointer`.
    ///
    /// # Errors
    /// [`Errno::Fault`] unless they exist.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the sizes of the structs are small"
    )]
    pub fn read<const N: usize>(&self, pointer: GuestPtr) -> Result<[u8; N], Errno> {
        let span = self.array(pointer, 1, N as u32)?;
        self.view().read(span.start).ok_or(Errno::Fault)
    }

    /// The path of `length` bytes at `pointer`. Of one that is far too long there may be only the beginning, which is too
    /// long as well.
    ///
    /// # Errors
    /// [`Errno::Fault`] unless all of it exists, [`Errno::Ilseq`] unless it is UTF-8.
    pub fn path(&self, pointer: GuestPtr, length: u32) -> Result<Cow<'_, str>, Errno> {
        let span = self.span(pointer, length)?;
        if self.is_elsewhere() && span.len() > PATH {
            return self.beginning(span);
        }
        match self.get(span) {
            Cow::Borrowed(path) => std::str::from_utf8(path).map(Cow::Borrowed).ok(),
            Cow::Owned(path) => String::from_utf8(path).map(Cow::Owned).ok(),
        }
        .ok_or(Errno::Ilseq)
    }

    /// The beginning of a path, all of which is UTF-8: as much as a guest likes is not copied at once.
    fn beginning(&self, span: Span) -> Result<Cow<'_, str>, Errno> {
        let mut beginning = None;
        let mut rest = span;
        while rest.len() > 0 {
            let piece = self.get(rest.head(PATH));
            let (text, valid) = match std::str::from_utf8(&piece) {
                Ok(text) => (text, piece.len()),
                // The end of the piece cuts a code point in two.
                Err(error) if error.error_len().is_none() && piece.len() < rest.len() => {
                    let valid = piece.get(..error.valid_up_to()).unwrap_or_default();
                    (std::str::from_utf8(valid).unwrap_or_default(), valid.len())
                }
                Err(_) => return Err(Errno::Ilseq),
            };
            if beginning.is_none() {
                beginning = Some(text.to_owned());
            }
            rest = rest.tail(valid);
        }
        beginning.map(Cow::Owned).ok_or(Errno::Ilseq)
    }

    /// A place for a result of type `u32`.
    pub fn place_u32(&self, pointer: GuestPtr) -> Result<Span, Errno> {
        self.span(pointer, 4)
    }

    /// A place for a result of type `u64`.
    pub fn place_u64(&self, pointer: GuestPtr) -> Result<Span, Errno> {
        self.span(pointer, 8)
    }

    pub fn put_u32(&mut self, place: Span, value: u32) {
        self.put(place, &value.to_le_bytes());
    }

    pub fn put_u64(&mut self, place: Span, value: u64) {
        self.put(place, &value.to_le_bytes());
    }
}
