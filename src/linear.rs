//! A guest's linear memory, which may lie elsewhere than in this program's own.
//!
//! wasmi has it as bytes. That of the browser's engine is another `WebAssembly.Memory`, out of which bytes are copied, and into which.

use std::borrow::Cow;
use std::ops::Range;

/// A linear memory that is not among this program's bytes.
pub trait Elsewhere {
    /// Its size, in bytes.
    fn size(&self) -> usize;

    /// Copies what begins at `at` into `to`. All of it is within the size.
    fn read(&self, at: usize, to: &mut [u8]);

    /// Copies `from` to `at`. All of it is within the size.
    fn write(&self, at: usize, from: &[u8]);
}

/// A linear memory, to be read.
#[derive(Clone, Copy)]
pub enum Linear<'a> {
    /// These are its bytes.
    Here(&'a [u8]),
    /// They are elsewhere.
    Elsewhere(&'a dyn Elsewhere),
}

impl<'a> Linear<'a> {
    /// Its size, in bytes.
    #[must_use]
    pub fn size(self) -> usize {
        match self {
            Self::Here(bytes) => bytes.len(),
            Self::Elsewhere(memory) => memory.size(),
        }
    }

    /// Bytes of it; `None` unless all of them exist.
    #[must_use]
    pub fn get(self, range: Range<usize>) -> Option<Cow<'a, [u8]>> {
        match self {
            Self::Here(bytes) => bytes.get(range).map(Cow::Borrowed),
            Self::Elsewhere(memory) => {
                let length = range.end.checked_sub(range.start)?;
                if range.end > memory.size() {
                    return None;
                }
                let mut bytes = vec![0; length];
                memory.read(range.start, &mut bytes);
                Some(Cow::Owned(bytes))
            }
        }
    }
}

impl<'a> From<&'a [u8]> for Linear<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Here(bytes)
    }
}

/// A linear memory, to be read and written.
pub enum LinearMut<'a> {
    /// These are its bytes.
    Here(&'a mut [u8]),
    /// They are elsewhere.
    Elsewhere(&'a dyn Elsewhere),
}

impl<'a> From<&'a mut [u8]> for LinearMut<'a> {
    fn from(bytes: &'a mut [u8]) -> Self {
        Self::Here(bytes)
    }
}
