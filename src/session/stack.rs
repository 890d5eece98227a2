//! The stack of the guest, told when it is held or ends in the middle.

use super::Session;
use crate::engine::Instance;
use crate::module::Kind;
use crate::protocol::{CallId, Event, Outcome, Stack};

impl Session {
    /// The functions that the guest has called and that have not returned, as far as can be seen.
    #[must_use]
    pub fn stack(&self) -> Option<Stack> {
        self.instance().and_then(Instance::whole_stack)
    }

    /// Tells it, of a run that is held.
    pub(super) fn tell_stack(&mut self) {
        if let Some((run, stack)) = self.run.as_ref().zip(self.stack()) {
            let (call, stack) = (run.id(), Box::new(stack));
            self.events.push(Event::Stack { call, stack });
        }
    }

    /// Tells what it was when the run ended.
    pub(super) fn tell_last_stack(
        &mut self,
        call: CallId,
        outcome: &Outcome,
        stack: Option<Box<Stack>>,
    ) {
        let in_the_middle = match outcome {
            Outcome::Returned { .. } | Outcome::Refused(_) => false,
            // A command ends by it.
            Outcome::Exited(0) => self.info().is_some_and(|info| info.kind != Kind::Command),
            Outcome::Exited(_) | Outcome::Trapped(_) | Outcome::Stopped | Outcome::Limited(_) => {
                true
            }
        };
        let stack = stack.filter(|_| in_the_middle);
        self.events
            .extend(stack.map(|stack| Event::Stack { call, stack }));
    }
}
