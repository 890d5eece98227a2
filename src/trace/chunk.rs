//! A block of calls, packed one behind another; it is forgotten as one.

use super::Scope;
use super::pack::{self, Record};

/// A chunk of so many bytes is full.
const FULL: usize = 256 << 10;

#[derive(Debug)]
pub(super) struct Chunk {
    /// The number of its first call.
    first: u64,
    /// The time that the times of its calls are counted from.
    at: u64,
    data: Vec<u8>,
    /// Where each call begins.
    starts: Vec<u32>,
    scopes: Vec<Scope>,
    /// Whether the last of the scopes is the one that goes on.
    in_scope: bool,
}

impl Chunk {
    pub fn new(first: u64, at: u64) -> Self {
        Self {
            first,
            at,
            data: Vec::new(),
            starts: Vec::new(),
            scopes: Vec::new(),
            in_scope: false,
        }
    }

    pub fn is_full(&self) -> bool {
        self.data.len() >= FULL
    }

    /// The number behind that of its last call.
    pub fn end(&self) -> u64 {
        self.first + self.starts.len() as u64
    }

    /// Bytes that it takes, about.
    pub fn size(&self) -> usize {
        self.data.capacity() + self.starts.capacity() * 4 + self.scopes.len() * 64
    }

    /// Gives back what it has in reserve: says how many bytes.
    pub fn seal(&mut self) -> usize {
        let before = self.size();
        self.data.shrink_to_fit();
        self.starts.shrink_to_fit();
        before.saturating_sub(self.size())
    }

    /// The next call is of another scope.
    pub fn leave_scope(&mut self) {
        self.in_scope = false;
    }

    pub fn push(&mut self, record: &Record<'_>, scope: &Scope) {
        if !std::mem::replace(&mut self.in_scope, true) {
            self.scopes.push(scope.clone());
        }
        // Far below 32 bits: a chunk is full before.
        let start = u32::try_from(self.data.len()).unwrap_or(u32::MAX);
        self.starts.push(start);
        let scope = self.scopes.len().saturating_sub(1) as u64;
        pack::push(&mut self.data, record, self.at, scope);
    }

    pub fn look(&self, number: u64) -> Option<(Record<'_>, &Scope)> {
        let place = usize::try_from(number.checked_sub(self.first)?).ok()?;
        let start = usize::try_from(*self.starts.get(place)?).ok()?;
        let end = match self.starts.get(place + 1) {
            Some(next) => usize::try_from(*next).ok()?,
            None => self.data.len(),
        };
        let (record, scope) = pack::read(self.data.get(start..end)?, self.at)?;
        let scope = self.scopes.get(usize::try_from(scope).ok()?)?;
        Some((record, scope))
    }
}
