//! What a run has used, and where it last was.

use super::board::Board;
use crate::engine::Instance;
use crate::protocol::{Stack, Usage};

/// What all frames of a run have in common.
#[derive(Default)]
pub(super) struct Meter {
    pub(super) usage: Usage,
    /// Pages of memory before the run.
    pub(super) pages_before: Option<u64>,
    pub(super) fuel_limit: Option<u64>,
    /// How many names have been given to host calls and to calls within them, in all runs: an answer
    /// that comes late is never taken for another call's.
    pub(super) names: u32,
    /// The stack when a call last ended in the middle.
    pub(super) stack: Option<Box<Stack>>,
}

impl Meter {
    /// Keeps the stack as it is: what comes next is room given back, by the guest.
    pub(super) fn note_stack(&mut self, board: &Board) {
        self.stack = board
            .instance()
            .and_then(Instance::whole_stack)
            .map(Box::new);
    }
}
