//! A run: the call that the page made, and those that host functions make within it, each inside a
//! host call of the one before.

mod hosted;

pub(super) use self::hosted::Hosted;

use super::board::Board;
use super::frame::{Frame, Progress};
use super::host_call::{HostCallId, Open, WithinId};
use super::meter::Meter;
use crate::go::{Signature, Value};
use crate::protocol::{CallId, Outcome, Placed, Settings, Stack, Usage};

/// Calls within host calls may be nested this deep.
pub(super) const MAX_NESTED: usize = 64;

/// A run.
pub(super) struct Run {
    id: CallId,
    /// The call of the page's.
    outermost: Frame,
    /// Those within it, the innermost last.
    within: Vec<(WithinId, Frame)>,
    /// What has come of calls within host calls, and has not been told.
    pub(super) returned: Vec<(WithinId, Outcome)>,
    meter: Meter,
}

impl Run {
    /// A call of `_start` or `_initialize`, whichever the guest has.
    pub(super) fn start(id: CallId, export: Option<&str>) -> Self {
        Self::new(id, Frame::start(export))
    }

    /// A call of any other export.
    pub(super) fn call(id: CallId, export: String, signature: Signature, args: Vec<Value>) -> Self {
        Self::new(id, Frame::call(export, signature, args))
    }

    /// Bytes put into room that `export` is asked for.
    pub(super) fn put(id: CallId, export: String, bytes: Vec<u8>) -> Self {
        Self::new(id, Frame::put(export, bytes))
    }

    fn new(id: CallId, outermost: Frame) -> Self {
        Self {
            id,
            outermost,
            within: Vec::new(),
            returned: Vec::new(),
            meter: Meter::default(),
        }
    }

    pub(super) fn id(&self) -> CallId {
        self.id
    }

    pub(super) fn export(&self) -> &str {
        self.outermost.export()
    }

    pub(super) fn usage(&self) -> Usage {
        self.meter.usage
    }

    /// Whether what has to run before the call has returned since this was last asked.
    pub(super) fn take_set_up(&mut self) -> bool {
        self.outermost.take_set_up()
    }

    /// Whether that has returned, and has not been asked.
    pub(super) fn is_set_up(&self) -> bool {
        self.outermost.is_set_up
    }

    /// The room that the arguments had in memory, if they needed some.
    pub(super) fn placed(&mut self) -> Option<Placed> {
        self.outermost.placed()
    }

    /// The stack when it ended in the middle.
    pub(super) fn take_stack(&mut self) -> Option<Box<Stack>> {
        self.meter.stack.take()
    }

    /// The latest of the names that were given to host calls and to calls within them.
    pub(super) fn names(&self) -> u32 {
        self.meter.names
    }

    /// Checks that the call can be made, and plans it; the text says why it cannot. The `names` up to
    /// this have been given in runs before.
    pub(super) fn prepare(
        &mut self,
        board: &mut Board,
        settings: &Settings,
        names: u32,
    ) -> Result<(), String> {
        self.meter.names = names;
        self.meter.fuel_limit = settings.limits.fuel;
        self.outermost.prepare(board, settings)
    }

    /// Goes on for about `fuel`.
    pub(super) fn step(&mut self, board: &mut Board, fuel: u64) -> Progress {
        let mut left = fuel;
        loop {
            let Some((_, innermost)) = self.within.last_mut() else {
                let progress = self.outermost.step(board, &mut self.meter, &mut left);
                match self.serve(&progress, board) {
                    true => continue,
                    false => return progress,
                }
            };
            let outcome = match innermost.step(board, &mut self.meter, &mut left) {
                Progress::Ended(outcome) => outcome,
                progress if self.serve(&progress, board) => continue,
                progress => return progress,
            };
            let Some((id, ended)) = self.within.pop() else {
                continue;
            };
            ended.unwind(board);
            if let Outcome::Exited(_) | Outcome::Limited(_) = outcome {
                self.end_frames(board, &outcome);
            }
            if !self.take_in(&outcome, board) {
                self.returned.push((id, outcome));
            }
        }
    }

    /// The outcome when a limit of the run is reached, which says what it was at.
    pub(super) fn limited(&self, text: String) -> Outcome {
        let innermost = self.within.last().map(|(_, frame)| frame);
        innermost.unwrap_or(&self.outermost).limited(text)
    }

    /// Whether it was ended in the middle, and only gives room back.
    pub(super) fn is_ending(&self) -> bool {
        self.outermost.is_ending()
    }

    /// Ends the run in the middle, from the innermost call out; room is given back.
    pub(super) fn stop(&mut self, board: &mut Board) -> Outcome {
        self.note_stack(board);
        self.drop_within(0, board, &Outcome::Stopped);
        self.outermost
            .abandon(board, &mut self.meter, Outcome::Stopped)
    }

    /// Lets the run end with `outcome` in its next steps, from the innermost call out.
    pub(super) fn end_all(&mut self, board: &mut Board, outcome: &Outcome) {
        self.note_stack(board);
        self.end_frames(board, outcome);
    }

    fn end_frames(&mut self, board: &mut Board, outcome: &Outcome) {
        self.drop_within(0, board, outcome);
        self.outermost.end_with(outcome.clone());
    }

    /// Keeps the stack, unless something has ended the run before.
    fn note_stack(&mut self, board: &Board) {
        let innermost = self.within.last().map(|(_, frame)| frame);
        if !innermost.unwrap_or(&self.outermost).is_ending() {
            self.meter.note_stack(board);
        }
    }

    /// Ends the calls within host calls from the one at `depth` on.
    fn drop_within(&mut self, depth: usize, board: &mut Board, outcome: &Outcome) {
        if let Some(instance) = board.instance_mut() {
            instance.wasi_mut().abandon_wait();
        }
        while self.within.len() > depth {
            let Some((id, mut frame)) = self.within.pop() else {
                return;
            };
            frame.abandon(board, &mut self.meter, outcome.clone());
            frame.unwind(board);
            self.returned.push((id, outcome.clone()));
        }
    }

    /// Whether the guest has stopped.
    pub(super) fn is_stopped(&self) -> bool {
        let innermost = self.within.last().map(|(_, frame)| frame);
        let innermost = innermost.unwrap_or(&self.outermost);
        let current = innermost.current.as_ref();
        innermost.trap.is_some() || current.is_some_and(|(_, activation)| activation.is_stopped())
    }

    /// The host call that the guest waits in, if it does.
    pub(super) fn open(&mut self) -> Option<&mut Open> {
        let innermost = self.within.last_mut().map(|(_, frame)| frame);
        let open = innermost.unwrap_or(&mut self.outermost).open.as_mut();
        open.filter(|open| open.answer.is_none())
    }

    /// Whether a host call has not been answered.
    pub(super) fn has_open(&self) -> bool {
        let within = self.within.iter().map(|(_, frame)| frame);
        let mut frames = within.chain([&self.outermost]);
        frames.any(|frame| {
            let open = frame.open.as_ref();
            open.is_some_and(|open| open.answer.is_none())
        })
    }

    /// Whether the host call has not been answered.
    pub(super) fn is_open(&self, id: HostCallId) -> bool {
        let within = self.within.iter().map(|(_, frame)| frame);
        let mut frames = within.chain([&self.outermost]);
        frames.any(|frame| frame.open.as_ref().is_some_and(|open| open.is(id)))
    }

    /// The import whose call this is, while it is open.
    pub(super) fn import_of(&self, id: HostCallId) -> Option<usize> {
        let within = self.within.iter().map(|(_, frame)| frame);
        let mut opens = within
            .chain([&self.outermost])
            .filter_map(|frame| frame.open.as_ref());
        opens.find(|open| open.is(id)).map(|open| open.call.import)
    }

    /// Takes in what a host call returned, or why it failed. Ignored unless it is open.
    pub(super) fn answer(
        &mut self,
        id: HostCallId,
        mut answer: Result<Vec<u64>, String>,
        board: &mut Board,
    ) {
        let is_this = |frame: &Frame| frame.open.as_ref().is_some_and(|open| open.is(id));
        let depth = if is_this(&self.outermost) {
            0
        } else {
            match self.within.iter().position(|(_, frame)| is_this(frame)) {
                Some(index) => index + 1,
                None => return,
            }
        };
        if let Some((_, running)) = self.within.get(depth) {
            let export = running.export();
            answer = answer.and_then(|_| {
                Err(format!(
                    "it returned while {export}, which it called, was still running: await it"
                ))
            });
            self.drop_within(depth, board, &Outcome::Stopped);
        }
        if let Some(open) = self.open() {
            open.answer = Some(answer);
        }
    }

    /// Begins a call of an export inside a host call; the text says why it cannot be made.
    pub(super) fn call_within(
        &mut self,
        id: HostCallId,
        mut frame: Frame,
        board: &Board,
    ) -> Result<WithinId, String> {
        if !self.is_open(id) {
            return Err("the host call is over".to_owned());
        }
        if !self.open().is_some_and(|open| open.is(id)) {
            let running = self.within.last().map_or("", |(_, frame)| frame.export());
            return Err(format!(
                "{running}, which was called before, is still running: await it"
            ));
        }
        if self.within.len() >= MAX_NESTED {
            return Err(format!(
                "calls within host calls are nested {MAX_NESTED} deep, and may not be deeper"
            ));
        }
        frame.prepare_within(board)?;
        self.meter.names = self.meter.names.wrapping_add(1);
        let within = WithinId(self.meter.names);
        self.within.push((within, frame));
        Ok(within)
    }
}
