//! The guest's memory, with every access checked.

use super::Errno;

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
}

pub(super) struct Memory<'m>(&'m mut [u8]);

impl<'m> Memory<'m> {
    pub fn new(bytes: &'m mut [u8]) -> Memory<'m> {
        Memory(bytes)
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
        if end > self.0.len() as u64 {
            return Err(Errno::Fault);
        }
        Ok(Span {
            start: start as usize,
            end: end as usize,
        })
    }

    pub fn get(&self, span: Span) -> &[u8] {
        self.0.get(span.start..span.end).unwrap_or_default()
    }

    pub fn get_mut(&mut self, span: Span) -> &mut [u8] {
        self.0.get_mut(span.start..span.end).unwrap_or_default()
    }

    /// Copies `bytes` to the start of `span`; what does not fit is left out.
    pub fn put(&mut self, span: Span, bytes: &[u8]) {
        let head = span.head(bytes.len());
        let source = bytes.get(..head.len()).unwrap_or_default();
        self.get_mut(head).copy_from_slice(source);
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
        self.get(span).try_into().map_err(|_| Errno::Fault)
    }

    /// The path of `length` bytes at `pointer`.
    ///
    /// # Errors
    /// [`Errno::Fault`] unless all of it exists, [`Errno::Ilseq`] unless it is UTF-8.
    pub fn path(&self, pointer: GuestPtr, length: u32) -> Result<&str, Errno> {
        let span = self.span(pointer, length)?;
        std::str::from_utf8(self.get(span)).map_err(|_| Errno::Ilseq)
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
