//! Which function a call in the code of Go's calls, so that a return address in memory can be told from one that an
//! earlier call has left there.

use super::lines::Lines;
use super::tables::{FIRST, Part};
use crate::debug::module::Module;
use crate::protocol::{At, RawFrame, Seen, Stack};
use std::collections::HashMap;
use wasmparser::{BinaryReader, FunctionBody, Operator};

/// A call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Call {
    /// What it calls; `None`: what a value says.
    target: Option<u32>,
    /// Where the instruction is, in bytes from the start of the code section's contents.
    pub(in super::super) place: u32,
}

/// The calls of a function, by the block that they return to: each stores its return address before.
pub(in super::super) fn calls(module: &Module, function: u32) -> HashMap<u32, Call> {
    let mut calls = HashMap::new();
    let Some(body) = module.body(function) else {
        return calls;
    };
    let own = i64::from(function - module.imported()) + i64::from(FIRST);
    let code = BinaryReader::new(module.code_of(&body), body.start as usize);
    let Ok(mut operators) = FunctionBody::new(code).get_operators_reader() else {
        return calls;
    };
    let mut returns_to = None;
    while !operators.eof() {
        let place = u32::try_from(operators.original_position()).unwrap_or(u32::MAX);
        let Ok(operator) = operators.read() else {
            break;
        };
        let target = match operator {
            Operator::I64Const { value } if value >> 16 == own => {
                returns_to = u32::try_from(value & 0xffff).ok();
                continue;
            }
            Operator::Call { function_index } => Some(function_index),
            Operator::CallIndirect { .. } => None,
            _ => continue,
        };
        if let Some(block) = returns_to.take() {
            calls.entry(block).or_insert(Call { target, place });
        }
    }
    calls
}

/// The calls of a module's functions, found as they are asked for.
pub(in super::super) struct Calls<'a> {
    module: &'a Module,
    known: HashMap<u32, HashMap<u32, Call>>,
}

impl<'a> Calls<'a> {
    pub(in super::super) fn new(module: &'a Module) -> Self {
        let known = HashMap::new();
        Self { module, known }
    }

    /// The call that a frame is in.
    pub(in super::super) fn of(&mut self, frame: &RawFrame) -> Option<Call> {
        let At::Block(block) = frame.at else {
            return None;
        };
        let of = self
            .known
            .entry(frame.function)
            .or_insert_with(|| calls(self.module, frame.function));
        // A call returns to the block behind it, but for that of an exported function without a frame.
        of.get(&block.saturating_add(1))
            .or_else(|| of.get(&block))
            .copied()
    }
}

/// A stack as it is.
pub(in super::super) struct Settled {
    /// How many of the innermost frames an earlier call has left.
    pub(in super::super) left_behind: usize,
    /// The function that runs, if the code tells.
    pub(in super::super) running: Option<u32>,
    /// For each frame the call that it is in.
    pub(in super::super) calls: Vec<Option<Call>>,
}

impl Settled {
    /// The function that runs is known to be this one: what does not call it was left behind.
    pub(in super::super) fn is_running(&mut self, function: u32) {
        let target = |call: &Option<Call>| call.and_then(|call| call.target);
        let calls = self
            .calls
            .iter()
            .position(|call| target(call) == Some(function));
        if let Some(caller) = calls.filter(|_| self.running != Some(function)) {
            self.left_behind = caller;
        }
        self.running = Some(function);
    }
}

/// Finds out which frames of a stack are there, by what each calls: a frame is the innermost if SP is as far below
/// its return address as the function has it that it calls.
pub(in super::super) fn settle(module: &Module, lines: &Lines<'_>, stack: &Stack) -> Settled {
    let mut known = Calls::new(module);
    let calls: Vec<Option<Call>> = stack.frames.iter().map(|frame| known.of(frame)).collect();
    let mut settled = Settled {
        left_behind: 0,
        running: None,
        calls,
    };
    let Seen::Returns { above } = stack.seen else {
        return settled;
    };
    let end = stack
        .left_out
        .map_or(stack.frames.len(), |(_, behind)| behind as usize);
    let mut distance = i64::from(above);
    let mut weak = None;
    for (place, frame) in stack.frames.iter().take(end).enumerate() {
        let call = settled.calls.get(place).copied().flatten();
        let called = place
            .checked_sub(1)
            .and_then(|inner| stack.frames.get(inner));
        let target = call.and_then(|call| call.target);
        if let (Some(target), Some(called)) = (target, called)
            && target != called.function
        {
            // What is further in is not called by it, unless stacks were switched between.
            weak = None;
            if settled.running.is_some() && !switches(lines, module, called.function) {
                settled.running = None;
            }
        }
        match target {
            Some(target) if fits(lines, module, target, distance) => {
                settled.left_behind = place;
                settled.running = Some(target);
            }
            None if call.is_some() => weak = weak.or(Some(place)),
            _ => {}
        }
        distance += 8 + frame_size(lines, module, frame).unwrap_or(1 << 40);
        if distance > 1 << 20 {
            break;
        }
    }
    if settled.running.is_none() {
        settled.left_behind = weak.unwrap_or(0);
    }
    settled
}

/// Whether SP can be this far below the return address of a function that runs.
fn fits(lines: &Lines<'_>, module: &Module, function: u32, distance: i64) -> bool {
    let tables = &lines.tables;
    let found = function
        .checked_sub(module.imported())
        .and_then(|own| tables.by_index(own));
    let Some(table) = found.and_then(|found| tables.part(found, Part::Sp)) else {
        return false;
    };
    let mut budget = 1 << 12;
    let sizes = (0..64).map_while(|block| tables.value(table, block, &mut budget));
    distance == 0 || sizes.map(i64::from).any(|size| size == distance)
}

fn frame_size(lines: &Lines<'_>, module: &Module, frame: &RawFrame) -> Option<i64> {
    let (At::Block(block), tables) = (frame.at, &lines.tables) else {
        return None;
    };
    let function = tables.by_index(frame.function.checked_sub(module.imported())?)?;
    let table = tables.part(function, Part::Sp)?;
    let mut budget = 1 << 16;
    let size = tables.value(table, block.checked_add(1)?, &mut budget);
    size.or_else(|| tables.value(table, block, &mut budget))
        .map(i64::from)
}

/// Whether the stack goes on elsewhere behind a function.
fn switches(lines: &Lines<'_>, module: &Module, function: u32) -> bool {
    let own = function.checked_sub(module.imported());
    let found = own.and_then(|own| lines.tables.by_index(own));
    found.is_some_and(|found| {
        let name = lines.tables.raw_name(found);
        matches!(
            name,
            b"runtime.systemstack" | b"runtime.mcall" | b"runtime.morestack"
        )
    })
}
