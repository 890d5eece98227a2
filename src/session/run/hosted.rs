//! Calls of imports that the framework's host answers, and cannot at once: it wants an export called first, or something of the world.

use super::{MAX_NESTED, Run};
use crate::engine::{Again, Wanted};
use crate::hosts::{Came, Process, Values};
use crate::protocol::{CallId, Outcome};
use crate::session::board::Board;
use crate::session::frame::{Frame, Progress};
use crate::session::host_call::WithinId;

impl Run {
    /// A call of the framework's, of an export by its form.
    pub(in crate::session) fn hosted(
        id: CallId,
        export: String,
        action: String,
        values: Values,
    ) -> Self {
        Self::new(id, Frame::hosted(export, action, values))
    }

    /// Whether the framework's host says what is called.
    pub(in crate::session) fn is_hosted(&self) -> bool {
        self.outermost.is_hosted()
    }

    /// What the guest's process is given for it, if the framework's host says so.
    pub(in crate::session) fn process(&self, board: &Board) -> Option<Process> {
        self.outermost.process(board)
    }

    /// Begins the call that the host wants made, if it is that which the guest waits for; whether it was.
    pub(super) fn serve(&mut self, progress: &Progress, board: &mut Board) -> bool {
        if !matches!(progress, Progress::Host(_)) {
            return false;
        }
        let Some(call) = self.open().and_then(|open| open.wants_guest()) else {
            return false;
        };
        if self.within.len() >= MAX_NESTED {
            let deep = format!(
                "calls within host calls are nested {MAX_NESTED} deep, and may not be deeper"
            );
            self.host_came(board, Err(deep));
            return true;
        }
        let mut frame = Frame::guest(call);
        match frame.prepare_within(board) {
            Ok(()) => {
                self.meter.names = self.meter.names.wrapping_add(1);
                self.within.push((WithinId(self.meter.names), frame));
            }
            Err(problem) => self.host_came(board, Err(problem)),
        }
        true
    }

    /// A call within a host call has ended: whether it was one that the host wanted, which goes on now.
    pub(super) fn take_in(&mut self, outcome: &Outcome, board: &mut Board) -> bool {
        if self.open().is_none_or(|open| open.hosted.is_none()) {
            return false;
        }
        let came = match outcome {
            Outcome::Returned { raw, .. } => {
                Ok(Came::Returned(raw.iter().map(|(_, bits)| *bits).collect()))
            }
            Outcome::Trapped(text) | Outcome::Limited(text) | Outcome::Refused(text) => {
                Err(text.clone())
            }
            Outcome::Exited(code) => Err(format!("the guest exited with code {code}")),
            Outcome::Stopped => Err("the run was stopped".to_owned()),
        };
        self.host_came(board, came);
        true
    }

    /// What the host wanted has come, or why it will not.
    pub(in crate::session) fn host_came(&mut self, board: &mut Board, came: Result<Came, String>) {
        let Some(open) = self.open() else {
            return;
        };
        let Some(hosted) = &mut open.hosted else {
            return;
        };
        let again = match came {
            Err(problem) => Again::Failed(problem),
            Ok(came) => {
                hosted.came.push(came);
                let Some(instance) = board.instance_mut() else {
                    return;
                };
                instance.host_again(open.call.import, &open.call.args, &hosted.came)
            }
        };
        match again {
            Again::Returned(results) => open.answer = Some(Ok(results)),
            Again::Failed(problem) => open.answer = Some(Err(problem)),
            Again::Wants(wanted) => {
                hosted.wanted = Some(wanted);
                open.taken = false;
            }
            Again::Limited(text) => {
                let outcome = self.limited(text);
                self.end_all(board, &outcome);
            }
        }
    }
}

/// What a host has wanted before one of its functions returns.
pub(in crate::session) struct Hosted {
    pub(in crate::session) wanted: Option<Wanted>,
    pub(in crate::session) came: Vec<Came>,
}

impl Hosted {
    pub(in crate::session) fn new(wanted: Wanted) -> Self {
        Self {
            wanted: Some(wanted),
            came: Vec::new(),
        }
    }
}
