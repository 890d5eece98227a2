//! A memory that lies elsewhere, while no guest runs.

use super::Elsewhere;
use std::cell::{Cell, OnceCell, RefCell};

/// Bytes that are asked for at once where small things are read.
const PIECE: usize = 64;

/// What a host call reads is often in as many places: a list of buffers, a buffer, a result.
const PIECES: usize = 4;

/// A memory of which is kept what was read last: whoever has it sees to it that no guest runs meanwhile, and that nobody else writes.
pub struct Still<'a> {
    memory: &'a dyn Elsewhere,
    size: OnceCell<usize>,
    pieces: RefCell<[Piece; PIECES]>,
    /// Which of them is given up next.
    oldest: Cell<usize>,
}

#[derive(Clone, Copy)]
struct Piece {
    start: usize,
    length: usize,
    bytes: [u8; PIECE],
}

impl<'a> Still<'a> {
    /// As it is now.
    #[must_use]
    pub fn new(memory: &'a dyn Elsewhere) -> Self {
        let none = Piece {
            start: 0,
            length: 0,
            bytes: [0; PIECE],
        };
        Self {
            memory,
            size: OnceCell::new(),
            pieces: RefCell::new([none; PIECES]),
            oldest: Cell::default(),
        }
    }
}

impl Piece {
    /// Its bytes that begin at `at`, if it has so many.
    fn get(&self, at: usize, length: usize) -> Option<&[u8]> {
        let from = at.checked_sub(self.start)?;
        self.bytes
            .get(..self.length)?
            .get(from..from.checked_add(length)?)
    }

    /// Takes in that `from` has been written to `at`.
    fn written(&mut self, at: usize, from: &[u8]) {
        let start = at.max(self.start);
        let end = at.saturating_add(from.len());
        let end = end.min(self.start + self.length);
        if start < end
            && let Some(known) = self.bytes.get_mut(start - self.start..end - self.start)
            && let Some(new) = from.get(start - at..end - at)
        {
            known.copy_from_slice(new);
        }
    }
}

impl Elsewhere for Still<'_> {
    fn size(&self) -> usize {
        *self.size.get_or_init(|| self.memory.size())
    }

    fn read(&self, at: usize, to: &mut [u8]) {
        let mut pieces = self.pieces.borrow_mut();
        if let Some(known) = pieces.iter().find_map(|piece| piece.get(at, to.len())) {
            to.copy_from_slice(known);
            return;
        }
        let oldest = self.oldest.get();
        let Some(piece) = pieces.get_mut(oldest).filter(|_| to.len() <= PIECE) else {
            return self.memory.read(at, to);
        };
        self.oldest.set((oldest + 1) % PIECES);
        // What is asked for next may lie a little before.
        let before = at - at % (PIECE / 2);
        piece.start = match before + PIECE < at + to.len() {
            true => at,
            false => before,
        };
        piece.length = PIECE.min(self.size().saturating_sub(piece.start));
        if let Some(bytes) = piece.bytes.get_mut(..piece.length) {
            self.memory.read(piece.start, bytes);
        }
        if let Some(known) = piece.get(at, to.len()) {
            to.copy_from_slice(known);
        }
    }

    fn write(&self, at: usize, from: &[u8]) {
        self.memory.write(at, from);
        for piece in &mut *self.pieces.borrow_mut() {
            piece.written(at, from);
        }
    }
}
