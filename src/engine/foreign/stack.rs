//! Where a guest in another engine is: by what standard Go keeps in globals, and by the engine's own traces.

use super::Guest;
use super::trap::Failure;
use crate::debug::go::{self, Running};
use crate::engine::registers::Registers;
use crate::linear::Linear;
use crate::module::ValType;
use crate::protocol::{At, RawFrame, Seen, Stack};
use crate::rewrite::metered::Places;
use std::rc::Rc;

/// What traces are read by.
pub(super) struct Watch {
    places: Rc<Places>,
    registers: Option<Registers>,
}

impl Watch {
    pub(super) fn new(places: &Rc<Places>, registers: Option<[String; 2]>, imported: u32) -> Self {
        Self {
            places: Rc::clone(places),
            registers: registers.map(|names| Registers::new(names, imported)),
        }
    }

    /// Whether an export is a register.
    pub(super) fn is_register(&self, export: &str) -> bool {
        let registers = self.registers.as_ref();
        registers.is_some_and(|registers| registers.are(export))
    }

    /// The registers, where an engine has traced the innermost function, if it has.
    fn values(
        &self,
        guest: &dyn Guest,
        innermost: Option<&RawFrame>,
    ) -> Option<(&Registers, go::Registers)> {
        let registers = self.registers.as_ref()?;
        let [sp, g] = registers.names();
        let values = go::Registers {
            sp: u32::try_from(guest.global(sp, ValType::I32)?).ok()?,
            g: guest.global(g, ValType::I64)?,
            running: innermost.map(|frame| Running {
                function: frame.function,
                begins: None,
            }),
        };
        Some((registers, values))
    }

    /// The stack that a host function is called from: the one that standard Go keeps in memory, or what the engine traces.
    pub(super) fn calling(&self, guest: &dyn Guest) -> Option<Stack> {
        let walked = self.walked(guest, None);
        walked.or_else(|| Some(self.traced(&guest.calls_from())))
    }

    fn walked(&self, guest: &dyn Guest, innermost: Option<&RawFrame>) -> Option<Stack> {
        let (registers, values) = self.values(guest, innermost)?;
        registers.stack(values, memory(guest), innermost.copied())
    }

    /// The same, where a call is that an engine has traced.
    pub(super) fn stack(&self, guest: &dyn Guest, traced: &Failure) -> Option<Stack> {
        let traced = self.traced(traced);
        let walked = self.walked(guest, traced.frames.first());
        walked.or_else(|| (!traced.frames.is_empty()).then_some(traced))
    }

    /// Has a stack say what its functions were called with, where that is kept, and the goroutines that there are.
    pub(super) fn complete(&self, guest: &dyn Guest, stack: &mut Stack, now: u64) {
        let innermost = stack.frames.first();
        let innermost = innermost.filter(|frame| matches!(frame.at, At::Place(_)));
        if let Some((registers, values)) = self.values(guest, innermost) {
            let memory = memory(guest);
            stack.goroutines = registers.goroutines(values, memory, now);
            stack.given = registers.given(values, memory).unwrap_or_default();
        }
    }

    /// What the engine has traced.
    fn traced(&self, traced: &Failure) -> Stack {
        let frames = traced.frames.iter().filter_map(|(function, offset)| {
            // What is of another module, as the gate, has another function there.
            let (found, place) = self.places.in_code(*offset)?;
            (found == *function).then_some((found, place))
        });
        // Of what V8 has optimised it does not always trace the callers where they call.
        let frames = frames
            .enumerate()
            .map(|(depth, (function, place))| RawFrame {
                function,
                at: match depth == 0 || self.places.calls(place) {
                    true => At::Place(place),
                    false => At::Unknown,
                },
            });
        let mut frames: Vec<RawFrame> = frames.collect();
        let more = frames.len().saturating_sub(Stack::MOST);
        let half = Stack::MOST / 2;
        if more > 0 {
            frames.drain(half..half + more);
        }
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Stack {
            frames,
            left_out: (more > 0).then(|| (number(more), number(half))),
            seen: Seen::Traced,
            ..Stack::default()
        }
    }
}

fn memory(guest: &dyn Guest) -> Linear<'_> {
    guest.memory().map_or(Linear::default(), Linear::Elsewhere)
}
