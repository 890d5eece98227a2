//! Where a guest's memory has Go's tables, so that they are looked for once. Where memory lies elsewhere, they are copied once: to
//! read them piece by piece would cost more with every frame.

use super::tables::{MAGIC, SEARCHED, Tables, long, word};
use crate::linear::Linear;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The bytes of what stands before the tables, up to where the functions are.
const HEADER: usize = 72;

/// Bytes of memory that they are looked for in at once.
const PIECE: usize = 64 << 10;

/// Bytes of them that are copied, where memory lies elsewhere.
const COPIED: usize = 64 << 20;

/// Bytes that the record of one function has at most.
const RECORD: usize = 4 << 10;

/// Where in memory the tables of a program were found; and, where that lies elsewhere, the tables themselves: a program does not
/// change them.
#[derive(Clone, Debug, Default)]
pub struct Known {
    start: Cell<usize>,
    copy: RefCell<Rc<[u8]>>,
}

/// What has the tables in it.
pub(super) enum Image<'a> {
    /// All of memory.
    Memory(&'a [u8]),
    /// They alone.
    Copy(Rc<[u8]>),
}

impl Known {
    /// What has the tables in it; `None`: there are none.
    pub(super) fn image<'a>(&self, memory: Linear<'a>) -> Option<Image<'a>> {
        match memory {
            Linear::Here(bytes) => Some(Image::Memory(bytes)),
            Linear::Elsewhere(_) => self.copied(memory).map(Image::Copy),
        }
    }

    fn copied(&self, memory: Linear<'_>) -> Option<Rc<[u8]>> {
        let copy = Rc::clone(&self.copy.borrow());
        let is_there = |header: &[u8]| *memory.head(self.start.get(), HEADER) == *header;
        if copy.get(..HEADER).is_some_and(is_there) {
            return Some(copy);
        }
        let pieces = (0..memory.size().min(SEARCHED)).step_by(PIECE);
        let (start, copy) = pieces
            .flat_map(|start| {
                let piece = memory.head(start, PIECE);
                let (words, _) = piece.as_chunks::<8>();
                let found = words.iter().enumerate().filter(|(_, word)| **word == MAGIC);
                let found = found.map(|(index, _)| start + index * 8);
                found.collect::<Vec<usize>>()
            })
            .find_map(|start| Some((start, copy_of(memory, start)?)))?;
        self.start.set(start);
        self.copy.replace(Rc::clone(&copy));
        Some(copy)
    }
}

/// The tables that begin there. The records of the functions are what they end with, in the order of the functions.
fn copy_of(memory: Linear<'_>, start: usize) -> Option<Rc<[u8]>> {
    let header = memory.head(start, HEADER);
    let count = usize::try_from(long(&header, 8)?).ok()?;
    let functions = usize::try_from(long(&header, 64)?).ok()?;
    let last = count.checked_sub(1)?.checked_mul(8)?.checked_add(4)?;
    let last = start.checked_add(functions)?.checked_add(last)?;
    let record = word(&memory.head(last, 4), 0)? as usize;
    let length = functions.checked_add(record)?.checked_add(RECORD)?;
    let copy = memory.head(start, length.min(COPIED));
    Tables::at(&copy, 0)?;
    Some(Rc::from(copy))
}

impl Image<'_> {
    /// The tables.
    pub(super) fn tables(&self, known: &Known) -> Option<Tables<'_>> {
        match self {
            Image::Memory(bytes) => Tables::find_again(bytes, &known.start),
            Image::Copy(bytes) => Tables::at(bytes, 0),
        }
    }
}
