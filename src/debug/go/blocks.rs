//! Where in the code the blocks of Go's functions are, and with them their lines.

use super::lines::Lines;
use crate::debug::lines::At;
use crate::debug::module::Module;
use crate::debug::names;
use wasmparser::{BinaryReader, FunctionBody, Operator};

/// Where the lines of functions begin that do not belong to the runtime: the place, the function, its file and the number
/// of the line; 0: what follows is of none; and the calls that are inlined there. A line without a block of its own is not among them.
pub(in super::super) fn statements(
    module: &Module,
    lines: &Lines<'_>,
    mut found: impl FnMut(u32, &str, &str, u32, usize, &[At<'_>]),
) {
    for place in 0..lines.tables.count() {
        let Some(function) = lines.tables.nth(place) else {
            continue;
        };
        let raw = lines.tables.raw_name(function);
        let name = String::from_utf8_lossy(raw);
        if names::is_runtime_of_go(&name) {
            continue;
        }
        for (place, block) in blocks(module, module.imported().saturating_add(function.index)) {
            // The innermost of what was inlined there.
            let frames = lines.frames(function, Some(block));
            let Some(frame) = frames.first() else {
                continue;
            };
            let line = if frame.runtime { 0 } else { frame.line };
            let callers = frames.iter().skip(1).rev();
            let callers = callers.map(|frame| (frame.file.as_deref().unwrap_or(""), frame.line));
            let callers: Vec<At<'_>> = callers.collect();
            found(
                place,
                &frame.function,
                frame.file.as_deref().unwrap_or(""),
                line,
                frames.len(),
                &callers,
            );
        }
    }
}

/// The block that a place of a function is in.
pub(in super::super) fn block_at(module: &Module, function: u32, place: u32) -> Option<u32> {
    let blocks = blocks(module, function).into_iter();
    let before = blocks.filter(|(begins, _)| *begins <= place);
    before
        .max_by_key(|(begins, _)| *begins)
        .map(|(_, block)| block)
}

/// The places where the blocks of a function begin. Its code begins with blocks within blocks, and a `br_table` on PC_B
/// that goes to where each of them ends.
fn blocks(module: &Module, function: u32) -> Vec<(u32, u32)> {
    let Some(body) = module.body(function) else {
        return Vec::new();
    };
    let mut found = vec![(body.start, 0)];
    let code = BinaryReader::new(module.code_of(&body), body.start as usize);
    let Ok(mut operators) = FunctionBody::new(code).get_operators_reader() else {
        return found;
    };
    // For each construct that is open, the block that begins at its end.
    let mut open: Vec<Option<u32>> = Vec::new();
    let (mut is_entered, mut is_pc) = (false, false);
    while !operators.eof() {
        let Ok(operator) = operators.read() else {
            break;
        };
        match &operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => open.push(None),
            Operator::BrTable { targets } if is_pc && !is_entered => {
                is_entered = true;
                for (block, depth) in (0..).zip(targets.targets().map_while(Result::ok)) {
                    let at = open.len().checked_sub(depth as usize + 1);
                    if let Some(begins @ None) = at.and_then(|at| open.get_mut(at)) {
                        *begins = Some(block);
                    }
                }
            }
            Operator::End => {
                if let Some(Some(block)) = open.pop()
                    && let Ok(place) = u32::try_from(operators.original_position())
                {
                    found.push((place, block));
                }
            }
            _ => {}
        }
        is_pc = matches!(operator, Operator::LocalGet { local_index: 0 });
    }
    found
}
