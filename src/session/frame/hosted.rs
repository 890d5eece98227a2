//! A call whose steps the framework's host says: which exports are called for it, one after the other.

use super::{Frame, Target, Task};
use crate::engine::Trap;
use crate::hosts::{Begin, Came, GuestCall, Next, Process, Values};
use crate::module::ValType;
use crate::protocol::{InstanceState, Outcome};
use crate::session::board::Board;
use crate::session::callable::exited;
use std::rc::Rc;

/// What a host was told to do, and how far it is.
pub(super) struct Driven {
    action: String,
    values: Rc<Values>,
    /// The call that the host has asked for last.
    call: GuestCall,
    /// What has come of it, until the host knows.
    came: Option<Came>,
    /// The results of the one that returned last.
    raw: Vec<(ValType, u64)>,
}

impl Frame {
    /// A call of the framework's, of an export by its form.
    pub(in crate::session) fn hosted(export: String, action: String, values: Values) -> Self {
        let driven = Driven {
            action,
            values: Rc::new(values),
            call: GuestCall::new(&export, &[]),
            came: None,
            raw: Vec::new(),
        };
        Self::new(export, Target::Hosted(Box::new(driven)))
    }

    /// A call that the host needs made before one of its functions returns.
    pub(in crate::session) fn guest(call: GuestCall) -> Self {
        Self::new(call.export, Target::Guest(call.args))
    }

    /// Whether the framework's host says what is called.
    pub(in crate::session) fn is_hosted(&self) -> bool {
        matches!(self.target, Target::Hosted(_))
    }

    /// What the guest's process is given for it, if the framework's host says so.
    pub(in crate::session) fn process(&self, board: &Board) -> Option<Process> {
        match &self.target {
            Target::Hosted(driven) => board.process(&driven.action, &driven.values),
            _ => None,
        }
    }

    /// Has the host begin; the text says why it cannot.
    pub(super) fn prepare_hosted(&mut self, board: &mut Board) -> Result<(), String> {
        let state = board.state();
        match state {
            InstanceState::Exited(code) => return Err(exited(&self.export, code, &board.info)),
            InstanceState::Broken if !board.started() => {
                return Err(format!(
                    "{}: what runs before it was ended in the middle: Restart gives a fresh instance",
                    self.export
                ));
            }
            _ => {}
        }
        let Target::Hosted(driven) = &mut self.target else {
            return Ok(());
        };
        let exports = &board.info.exports;
        let has = |name: &str| exports.iter().any(|one| one.name == name);
        if !board.started() {
            // A form can be that of _start itself.
            if has("_start") && self.export != "_start" {
                self.todo.push_back(Task::Start);
            }
            if has("_initialize") {
                self.todo.push_back(Task::Initialize);
            }
        }
        driven.came = Some(Came::Begun);
        let values = Rc::clone(&driven.values);
        let begin = Begin {
            export: &self.export,
            action: &driven.action,
            values: &values,
            is_fresh: state == InstanceState::Fresh,
            room: 0,
        };
        match board.instance_mut() {
            Some(instance) => instance.host_begins(begin),
            None => Ok(()),
        }
    }

    /// What the host wants next; `None`: the call is over, or none of a host's.
    pub(super) fn next_of_host(&mut self, board: &mut Board) -> Option<Task> {
        if self.outcome.is_some() {
            return None;
        }
        let Target::Hosted(driven) = &mut self.target else {
            return None;
        };
        let came = driven.came.take()?;
        match board.instance_mut()?.host_goes_on(came) {
            Ok(Next::Call(call)) => {
                driven.call = call;
                Some(Task::Driven)
            }
            Ok(Next::Done) => {
                self.outcome = Some(Outcome::Returned {
                    result: None,
                    shown: None,
                    raw: std::mem::take(&mut driven.raw),
                    args: Vec::new(),
                });
                None
            }
            Ok(Next::Exit(code)) => {
                self.ended(Outcome::Exited(code));
                None
            }
            Err(trap) => {
                self.ended(self.outcome_of(Task::Driven, trap));
                None
            }
        }
    }

    /// The call that the host has asked for: the export, and its arguments.
    pub(super) fn driven(&self) -> (&str, &[u64]) {
        match &self.target {
            Target::Hosted(driven) => (&driven.call.export, &driven.call.args),
            _ => (&self.export, &[]),
        }
    }

    /// The call that the host asked for has returned.
    pub(super) fn driven_returned(&mut self, results: &[(ValType, u64)]) {
        if let Target::Hosted(driven) = &mut self.target {
            driven.raw = results.to_vec();
            let bits = results.iter().map(|(_, bits)| *bits);
            driven.came = Some(Came::Returned(bits.collect()));
        }
    }

    /// Whether a task that ended by this goes on: a host calls a guest that has exited, too.
    pub(super) fn survives(&mut self, task: Task, trap: &Trap, board: &mut Board) -> bool {
        let (Trap::Exit(code), Target::Hosted(driven)) = (trap, &mut self.target) else {
            return false;
        };
        match (task, code) {
            (Task::Start | Task::Initialize, 0) => {
                board.mark_started();
                self.is_set_up = true;
                true
            }
            (Task::Driven, code) => {
                driven.came = Some(Came::Exited(*code));
                true
            }
            _ => false,
        }
    }
}
