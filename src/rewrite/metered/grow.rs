//! The functions that are called in the place of `memory.grow` and `table.grow`, and the one that asks the host.

use super::Shape;
use crate::rewrite::assemble::Added;
use crate::rewrite::write::{self, constant, op};

/// Adds the functions, in the order in which [`super::Parts`] counts them.
pub(super) fn functions(shape: &Shape, added: &mut Added) {
    let parts = &shape.parts;
    let mut tick = vec![0];
    write::call_indirect(&mut tick, parts.gate_type, parts.gate);
    tick.extend([
        write::IF,
        write::NOTHING,
        write::UNREACHABLE,
        write::END,
        write::END,
    ]);
    let nothing = ty(shape, added, &[], &[]);
    added.functions.push((nothing, tick));
    for (index, memory) in (0..).zip(&shape.outline.memories) {
        let address = address(memory.is_64);
        let ty = ty(shape, added, &[address], &[address]);
        let grow = Grow {
            is_64: memory.is_64,
            size: &[write::MEMORY_SIZE],
            grow: &[write::MEMORY_GROW],
            index,
            most: parts.pages,
            asked: parts.asked_pages,
        };
        added.functions.push((ty, grow.body(0)));
    }
    for (index, table) in (0..).zip(&shape.outline.tables) {
        let address = address(table.is_64);
        let mut params = table.element.to_vec();
        params.push(address);
        let ty = counted_type(shape, added, (2, &params), &[address]);
        let grow = Grow {
            is_64: table.is_64,
            size: &[write::MISC, write::TABLE_SIZE],
            grow: &[write::MISC, write::TABLE_GROW],
            index,
            most: parts.elements,
            asked: parts.asked_elements,
        };
        added.functions.push((ty, grow.body(1)));
    }
}

fn address(is_64: bool) -> u8 {
    match is_64 {
        true => write::I64,
        false => write::I32,
    }
}

/// Adds a type of functions; gives its index.
fn ty(shape: &Shape, added: &mut Added, params: &[u8], results: &[u8]) -> u32 {
    counted_type(shape, added, (params.len(), params), results)
}

fn counted_type(shape: &Shape, added: &mut Added, params: (usize, &[u8]), results: &[u8]) -> u32 {
    let mut ty = vec![write::FUNCTION_TYPE];
    write::count(&mut ty, params.0);
    ty.extend(params.1);
    write::count(&mut ty, results.len());
    ty.extend(results);
    let index = shape.outline.types.len() + added.types.len();
    added.types.push(ty);
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// What grows.
struct Grow<'a> {
    is_64: bool,
    /// The instructions that say how large it is, and that make it grow.
    size: &'a [u8],
    grow: &'a [u8],
    index: u32,
    /// The globals that say how large it may be, and how large it was to be.
    most: u32,
    asked: u32,
}

impl Grow<'_> {
    /// A function that gives -1 instead of growing beyond the limit. Its parameter `delta` says by how much; before it comes what
    /// new elements are.
    fn body(&self, delta: u32) -> Vec<u8> {
        let [wanted, size] = [delta + 1, delta + 2];
        let mut out = vec![1, 2, write::I64];
        op(&mut out, write::LOCAL_GET, delta);
        self.extend(&mut out);
        op(&mut out, write::LOCAL_TEE, wanted);
        out.extend(self.size);
        write::number(&mut out, self.index);
        self.extend(&mut out);
        out.push(write::I64_ADD);
        op(&mut out, write::LOCAL_TEE, size);
        // Where that is more than 64 bits have, it is more than any limit.
        op(&mut out, write::LOCAL_GET, wanted);
        out.push(write::I64_LT_U);
        op(&mut out, write::LOCAL_GET, size);
        op(&mut out, write::GLOBAL_GET, self.most);
        out.push(write::I64_GT_U);
        out.extend([write::I32_OR, write::IF, write::NOTHING]);
        op(&mut out, write::LOCAL_GET, size);
        op(&mut out, write::GLOBAL_SET, self.asked);
        match self.is_64 {
            true => out.extend([write::I64_CONST, 0x7f]),
            false => constant(&mut out, u32::MAX),
        }
        out.extend([write::RETURN, write::END]);
        for param in 0..=delta {
            op(&mut out, write::LOCAL_GET, param);
        }
        out.extend(self.grow);
        write::number(&mut out, self.index);
        out.push(write::END);
        out
    }

    fn extend(&self, out: &mut Vec<u8>) {
        if !self.is_64 {
            out.push(write::I64_EXTEND_I32_U);
        }
    }
}
