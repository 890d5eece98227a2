//! The bodies of a module's functions, gone through one after the other, in steps; and what each begins with.

use super::code::Code;
use super::outline::{self, Outline};
use std::ops::Range;

/// How far the code of a module has been gone through.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bodies {
    /// The contents of the code section in the file, and how many bytes of them are done.
    section: Range<usize>,
    done: usize,
    /// How many functions are done, and how many there are.
    next: usize,
    count: usize,
}

impl Bodies {
    /// Those of a valid module; else where something in it is not known.
    pub(crate) fn new(module: &[u8], outline: &Outline) -> Result<Self, usize> {
        let section = outline.contents(outline::CODE);
        let mut contents = Code::new(module.get(section.clone()).unwrap_or_default());
        let count = match section.is_empty() {
            true => 0,
            false => contents.number().ok_or(section.start)? as usize,
        };
        if count != outline.functions.len() {
            return Err(section.start);
        }
        Ok(Self {
            done: contents.at(),
            section,
            next: 0,
            count,
        })
    }

    /// Where the code section's contents begin in the file, and how many bytes they are.
    pub(crate) fn section(&self) -> (usize, usize) {
        (self.section.start, self.section.len())
    }

    /// How many bytes of the code are done, and how many there are.
    pub(crate) fn progress(&self) -> (usize, usize) {
        (self.done, self.section.len())
    }

    /// Takes further bodies, by the function's number and where each is in the file: about `bytes` bytes, at least one. Says whether all
    /// are done; else where something is not known.
    pub(crate) fn step(
        &mut self,
        bytes: usize,
        module: &[u8],
        mut take: impl FnMut(usize, Range<usize>) -> Option<()>,
    ) -> Result<bool, usize> {
        let end = self.done.saturating_add(bytes);
        while self.next < self.count {
            if self.done >= end {
                return Ok(false);
            }
            let at = self.section.start + self.done;
            let mut take_next = || {
                let mut code = Code::new(module.get(at..self.section.end)?);
                let length = code.counted()?.len();
                let behind = at + code.at();
                take(self.next, behind - length..behind)?;
                Some(behind - self.section.start)
            };
            self.done = take_next().ok_or(at)?;
            self.next += 1;
        }
        Ok(true)
    }
}

/// What a body begins with.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Head {
    /// The groups of its locals, and how many these are.
    pub(crate) groups: u32,
    pub(crate) locals: u32,
    /// Where its locals and its instructions begin.
    pub(crate) declared: usize,
    pub(crate) first: usize,
}

impl Head {
    pub(crate) fn read(code: &mut Code<'_>) -> Option<Self> {
        let groups = code.number()?;
        let declared = code.at();
        let mut locals = 0_u32;
        for _ in 0..groups {
            locals = locals.checked_add(code.number()?)?;
            code.value_type()?;
        }
        Some(Self {
            groups,
            locals,
            declared,
            first: code.at(),
        })
    }
}
