//! From a place in the metered module to that in the module as it was.

use super::{Shape, body};
use crate::rewrite::outline;

/// `call`, `call_indirect` and `call_ref`.
const CALLS: [u8; 3] = [0x10, 0x11, 0x14];

/// Where a function of the module's own is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    /// Where its body begins in the original file, and its bytes.
    pub(super) original: usize,
    pub(super) length: usize,
    /// Where it begins in the code that is written.
    pub(super) begins: usize,
}

/// Where what the metered module does stands in the module as it was.
#[derive(Debug)]
pub struct Places {
    pub(super) shape: Shape,
    pub(super) functions: Vec<Written>,
    /// Where the code of these begins and ends in the file of the metered module.
    pub(super) code: std::ops::Range<usize>,
}

impl Places {
    /// The same, with the place in the contents of the code section, as DWARF counts.
    #[must_use]
    pub fn in_code(&self, offset: usize) -> Option<(u32, u32)> {
        let (function, place) = self.original(offset)?;
        let begins = self.shape.outline.contents(outline::CODE).start;
        Some((function, u32::try_from(place.checked_sub(begins)?).ok()?))
    }

    /// Whether an instruction of the original module that calls begins at a place, as DWARF counts.
    #[must_use]
    pub fn calls(&self, place: u32) -> bool {
        let begins = self.shape.outline.contents(outline::CODE).start;
        let at = usize::try_from(place)
            .ok()
            .and_then(|place| begins.checked_add(place));
        let opcode = at.and_then(|at| self.shape.module.get(at));
        opcode.is_some_and(|opcode| CALLS.contains(opcode))
    }

    /// The function at an offset in the file of the metered module, by its index, and the offset in the original one: engines tell
    /// such offsets in their stacks. What is put in is where the instruction behind it is. `None`: it is in no function of the module's own.
    #[must_use]
    pub fn original(&self, offset: usize) -> Option<(u32, usize)> {
        if !self.code.contains(&offset) {
            return None;
        }
        let at = offset - self.code.start;
        let behind = self
            .functions
            .partition_point(|function| function.begins <= at);
        let index = behind.checked_sub(1)?;
        let function = self.functions.get(index)?;
        let Shape { outline, parts, .. } = &self.shape;
        let range = function.original..function.original + function.length;
        let body = self.shape.body(index, range)?;
        let at = at - function.begins;
        // Behind the last point there is the last `end`, of one byte, and what is put in before it.
        let (mut last, mut next) = ((0, 0), function.length.checked_sub(1)?);
        let mut written = Vec::new();
        body::write(&body, outline, parts, &mut written, |original, new| {
            if new <= at {
                last = (original, new);
            } else {
                next = next.min(original);
            }
        })?;
        if at >= written.len() {
            // The size of the next one.
            return None;
        }
        let original = (last.0 + (at - last.1)).min(next);
        let number = outline.imported_functions() + u32::try_from(index).ok()?;
        Some((number, function.original + original))
    }
}
