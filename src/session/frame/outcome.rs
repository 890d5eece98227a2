//! How a call ends.

use super::{Frame, Progress, Target, Task};
use crate::engine::Trap;
use crate::go::{self, Abi, Type};
use crate::linear::Linear;
use crate::module::ValType;
use crate::protocol::{Held, Outcome};
use crate::session::placement::Placement;

impl Frame {
    /// The bytes are in their room, and the call has returned its address; the room is kept.
    pub(super) fn put_at(&mut self, address: u64) {
        self.placement = Placement::default();
        let result = go::abi::lift(&Type::UnsafePointer, address).ok();
        self.outcome = Some(Outcome::Returned {
            result,
            shown: Some(format!("{address:#x}")),
            raw: vec![(ValType::I32, address)],
            args: Vec::new(),
        });
    }

    pub(super) fn outcome_of_return(
        &self,
        results: &[(ValType, u64)],
        memory: Linear<'_>,
        abi: Abi,
    ) -> Outcome {
        let (result, args) = match &self.target {
            Target::Start | Target::Room(_) | Target::Hosted(_) | Target::Guest(_) => {
                (None, Vec::new())
            }
            Target::Export { signature, .. } => {
                (signature.result.as_ref(), self.placement.read_back(memory))
            }
        };
        let bits: Vec<u64> = results.iter().map(|(_, bits)| *bits).collect();
        Outcome::Returned {
            shown: result.map(|ty| go::show_result(ty, &bits, memory, abi)),
            result: result.and_then(|ty| go::abi::lift_all(ty, &bits).ok()),
            raw: results.to_vec(),
            args,
        }
    }

    pub(super) fn outcome_of(&self, task: Task, trap: Trap) -> Outcome {
        let name = self.name_of(task);
        let after = match task {
            Task::Free(_) => format!(", after {} had returned", self.export),
            _ => String::new(),
        };
        match trap {
            Trap::Exit(code) => Outcome::Exited(code),
            Trap::Trap(text) => Outcome::Trapped(format!("{name}{after}: {text}")),
            Trap::Limit(text) => Outcome::Limited(format!("{name}{after}: {text}")),
        }
    }

    /// The call has come to `outcome`; unless the guest is gone, room is given back.
    pub(super) fn ended(&mut self, outcome: Outcome) {
        self.todo.clear();
        if !matches!(outcome, Outcome::Exited(_)) {
            self.todo.extend(self.placement.placed().map(Task::Free));
        }
        // What ended in the middle stays that, whatever comes of giving room back.
        if !self.is_ending() {
            self.outcome = Some(outcome);
        }
    }

    /// A task has trapped: the call ends, or first is held there.
    pub(super) fn trapped(&mut self, task: Task, trap: Trap, holds: bool) -> Option<Progress> {
        match trap {
            Trap::Trap(text) if holds && self.outcome.is_none() => {
                self.trap = Some((task, text.clone()));
                Some(Progress::Stopped(Held::Trap(text)))
            }
            trap => {
                self.ended(self.outcome_of(task, trap));
                None
            }
        }
    }
}
