//! A guest's linear memory, which may lie elsewhere than in this program's own.
//!
//! wasmi has it as bytes. That of the browser's engine is another `WebAssembly.Memory`, out of which bytes are copied, and into which.
//! What reads and writes a guest's memory takes a view of it, [`Linear`] or [`LinearMut`], and cannot tell the two apart; what
//! reads much in small pieces takes [`Near`], which asks for fewer and larger ones, or is given a [`Still`].
//!
//! Nothing of what lies elsewhere is kept from one call to the next: a guest may have run in between.

mod still;

pub use self::still::Still;

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

/// A linear memory that is not among this program's bytes. To ask it for something costs about as much as to copy some hundred
/// bytes.
pub trait Elsewhere {
    /// Its size, in bytes. It is asked for often.
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

    /// Where `length` bytes from `start` on are; `None` unless all of them exist.
    #[must_use]
    pub fn range(self, start: u64, length: u64) -> Option<Range<usize>> {
        let end = usize::try_from(start.checked_add(length)?).ok()?;
        (end <= self.size()).then_some(usize::try_from(start).ok()?..end)
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
                if length > 0 {
                    memory.read(range.start, &mut bytes);
                }
                Some(Cow::Owned(bytes))
            }
        }
    }

    /// The `N` bytes from `at` on; `None` unless they exist.
    #[must_use]
    pub fn read<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        match self {
            Self::Here(bytes) => bytes.get(at..)?.first_chunk().copied(),
            Self::Elsewhere(memory) => {
                let mut read = [0; N];
                (at.checked_add(N)? <= memory.size()).then(|| {
                    memory.read(at, &mut read);
                    read
                })
            }
        }
    }

    /// Those of `length` bytes from `start` on that exist.
    #[must_use]
    pub fn head(self, start: usize, length: usize) -> Cow<'a, [u8]> {
        let size = self.size();
        let end = start.saturating_add(length).min(size);
        self.get(start.min(size)..end).unwrap_or_default()
    }

    /// All of it.
    #[must_use]
    pub fn to_vec(self) -> Vec<u8> {
        self.head(0, usize::MAX).into_owned()
    }
}

impl Default for Linear<'_> {
    fn default() -> Self {
        Self::Here(&[])
    }
}

impl<'a> From<&'a [u8]> for Linear<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Here(bytes)
    }
}

impl<'a> From<&'a Vec<u8>> for Linear<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Here(bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Linear<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
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

impl LinearMut<'_> {
    /// The same, to be read.
    #[must_use]
    pub fn view(&self) -> Linear<'_> {
        match self {
            Self::Here(bytes) => Linear::Here(bytes),
            Self::Elsewhere(memory) => Linear::Elsewhere(*memory),
        }
    }

    /// The same, for a while.
    pub fn reborrow(&mut self) -> LinearMut<'_> {
        match self {
            Self::Here(bytes) => LinearMut::Here(bytes),
            Self::Elsewhere(memory) => LinearMut::Elsewhere(*memory),
        }
    }

    /// Writes `from` to `at`; says whether there was room for all of it. Otherwise nothing is written.
    pub fn write(&mut self, at: u64, from: &[u8]) -> bool {
        let Some(range) = self.view().range(at, from.len() as u64) else {
            return false;
        };
        match self {
            Self::Here(bytes) => match bytes.get_mut(range) {
                Some(room) => room.copy_from_slice(from),
                None => return false,
            },
            Self::Elsewhere(_) if from.is_empty() => {}
            Self::Elsewhere(memory) => memory.write(range.start, from),
        }
        true
    }
}

impl<'a> From<&'a mut [u8]> for LinearMut<'a> {
    fn from(bytes: &'a mut [u8]) -> Self {
        Self::Here(bytes)
    }
}

/// A stretch of a memory that lies elsewhere, as it is now.
#[derive(Debug, Default)]
struct Window {
    start: usize,
    bytes: Vec<u8>,
}

impl Window {
    /// Copies what begins at `at` into `to`, out of a stretch of `size` bytes that is asked for at once if there is none yet;
    /// says whether all of it exists.
    fn read(&mut self, memory: &dyn Elsewhere, at: usize, to: &mut [u8], size: usize) -> bool {
        let Some(end) = at.checked_add(to.len()) else {
            return false;
        };
        if at < self.start || end > self.start + self.bytes.len() {
            let all = memory.size();
            if end > all {
                return false;
            }
            // What is asked for next may lie a little before.
            self.start = at - at % (size / 2).max(1);
            let stop = self.start.saturating_add(size).max(end).min(all);
            self.bytes.resize(stop - self.start, 0);
            memory.read(self.start, &mut self.bytes);
        }
        let known = self.bytes.get(at - self.start..end - self.start);
        known.is_some_and(|known| {
            to.copy_from_slice(known);
            true
        })
    }
}

/// A linear memory of which many small pieces are read, often near one another, while no guest runs.
pub struct Near<'a> {
    memory: Linear<'a>,
    window: RefCell<Window>,
    /// How many bytes are asked for at once where it lies elsewhere.
    size: usize,
}

impl<'a> Near<'a> {
    /// Of which `size` bytes are asked for at once.
    #[must_use]
    pub fn new(memory: Linear<'a>, size: usize) -> Self {
        Self {
            memory,
            window: RefCell::default(),
            size,
        }
    }

    /// All of it.
    pub fn memory(&self) -> Linear<'a> {
        self.memory
    }

    /// The `N` bytes from `at` on; `None` unless they exist.
    pub fn read<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        match self.memory {
            Linear::Here(_) => self.memory.read(at),
            Linear::Elsewhere(memory) => {
                let mut read = [0; N];
                let mut window = self.window.borrow_mut();
                let all = window.read(memory, at, &mut read, self.size);
                all.then_some(read)
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
