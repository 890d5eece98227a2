//! What happens between a call's start and its outcome: `_initialize` if it is due, room for the
//! arguments, the call itself, and the room given back, each a guest call that can be suspended.

use super::board::Board;
use super::placement::Placement;
use crate::engine::{Activation, Step, Trap};
use crate::go::{self, Signature, Value};
use crate::module::{Kind, ValType};
use crate::protocol::{CallId, InstanceState, Outcome, Placed, Settings, Usage};
use crate::wasi;
use std::collections::VecDeque;

/// Fuel for giving room back after a run that ended in the middle: the guest may be in any state.
const CLEAN_UP_FUEL: u64 = 10_000_000;

/// A run.
pub(super) struct Run {
    id: CallId,
    export: String,
    target: Target,
    /// What is still to be done, in order.
    todo: VecDeque<Task>,
    current: Option<(Task, Activation)>,
    placement: Placement,
    usage: Usage,
    /// Pages of memory before it.
    pages_before: Option<u64>,
    fuel_limit: Option<u64>,
    /// The least fuel that gets the current task further.
    required: u64,
    /// Set once the call itself has ended; what is left gives room back.
    outcome: Option<Outcome>,
}

enum Target {
    /// `_start` or `_initialize`.
    Start,
    Export {
        signature: Signature,
        args: Vec<Value>,
    },
}

#[derive(Clone, Copy)]
enum Task {
    Initialize,
    Allocate(usize),
    Call,
    Free(usize),
}

/// What a step of a run came to.
pub(super) enum Progress {
    Ready,
    Wait(wasi::Wait),
    Ended(Outcome),
}

impl Run {
    /// A call of `_start` or `_initialize`, whichever the guest has.
    pub(super) fn start(id: CallId, export: Option<&str>) -> Self {
        Self::new(id, export.unwrap_or_default().to_owned(), Target::Start)
    }

    /// A call of any other export.
    pub(super) fn call(id: CallId, export: String, signature: Signature, args: Vec<Value>) -> Self {
        Self::new(id, export, Target::Export { signature, args })
    }

    fn new(id: CallId, export: String, target: Target) -> Self {
        Self {
            id,
            export,
            target,
            todo: VecDeque::new(),
            current: None,
            placement: Placement::default(),
            usage: Usage::default(),
            pages_before: None,
            fuel_limit: None,
            required: 0,
            outcome: None,
        }
    }

    pub(super) fn id(&self) -> CallId {
        self.id
    }

    pub(super) fn export(&self) -> &str {
        &self.export
    }

    pub(super) fn usage(&self) -> Usage {
        self.usage
    }

    /// The room that the arguments had in memory, if they needed some.
    pub(super) fn placed(&mut self) -> Option<Placed> {
        self.placement.take_record()
    }

    /// Checks that the call can be made, and plans it; the text says why it cannot.
    pub(super) fn prepare(&mut self, board: &Board, settings: &Settings) -> Result<(), String> {
        self.fuel_limit = settings.limits.fuel;
        match &self.target {
            Target::Start => {
                self.check_start(board)?;
                self.todo.push_back(Task::Call);
            }
            Target::Export { signature, args } => {
                check_call(&self.export, board, settings)?;
                let export = board.info.exports.iter().find(|e| e.name == self.export);
                let ty = export.and_then(|export| export.ty.func());
                let Some(ty) = ty else {
                    return Err(format!("the module exports no function {}", self.export));
                };
                if ty.in_go().is_none() {
                    return Err(format!(
                        "{} has the type {ty}, which no Go function has: it cannot be called here",
                        self.export
                    ));
                }
                ty.admits(signature)?;
                self.placement =
                    Placement::plan(signature, args, &board.info, board.allocator.as_ref())?;
                if !board.started() && board.info.kind == Kind::Reactor {
                    self.todo.push_back(Task::Initialize);
                }
                self.todo
                    .extend(self.placement.blocks().map(Task::Allocate));
                self.todo.push_back(Task::Call);
            }
        }
        Ok(())
    }

    fn check_start(&self, board: &Board) -> Result<(), String> {
        match board.info.kind {
            Kind::Bare => Err("the module exports neither _start nor _initialize: \
                               call any of its exports"
                .to_owned()),
            Kind::Reactor if board.started() => Err(
                "_initialize has already run: it runs once; Restart gives a fresh instance"
                    .to_owned(),
            ),
            Kind::Reactor | Kind::Command => match board.state() {
                InstanceState::Broken => Err(format!(
                    "{} was ended in the middle: Restart gives a fresh instance",
                    self.export
                )),
                InstanceState::Exited(code) => Err(exited(&self.export, code, board.info.kind)),
                InstanceState::Fresh | InstanceState::Initialized => Ok(()),
            },
        }
    }

    /// Goes on for about `fuel`.
    pub(super) fn step(&mut self, board: &mut Board, fuel: u64) -> Progress {
        let mut left = fuel;
        loop {
            let Some((task, activation)) = self.take_task(board) else {
                return Progress::Ended(self.outcome.take().unwrap_or(Outcome::Stopped));
            };
            let allowance = match self.fuel_limit {
                Some(limit) if self.outcome.is_none() => limit.saturating_sub(self.usage.fuel),
                _ => u64::MAX,
            };
            let slice = left.max(self.required).min(allowance);
            self.required = 0;
            let Some(instance) = board.instance_mut() else {
                return Progress::Ended(Outcome::Stopped);
            };
            let before = *self.pages_before.get_or_insert(instance.memory_pages());
            let (step, used) = activation.step(instance, slice);
            self.usage.fuel += used;
            self.usage.memory_pages = instance.memory_pages();
            self.usage.grown_pages = self.usage.memory_pages.saturating_sub(before);
            if let (Task::Call, Step::Returned(_) | Step::Ended(_)) = (task, &step) {
                self.placement.record_after(instance.memory());
            }
            left = left.saturating_sub(used);
            match step {
                Step::Returned(results) => self.returned(task, &results, board),
                Step::OutOfFuel(_, required) if required > allowance.saturating_sub(used) => {
                    let limit = self.fuel_limit.unwrap_or_default();
                    self.ended(
                        task,
                        Outcome::Limited(format!(
                            "{}: the fuel limit of {limit} is reached (Settings, fuel)",
                            self.export
                        )),
                    );
                }
                Step::OutOfFuel(activation, required) => {
                    self.required = required;
                    self.current = Some((task, activation));
                    return Progress::Ready;
                }
                Step::Waiting(activation, wait) => {
                    self.current = Some((task, activation));
                    return Progress::Wait(wait);
                }
                Step::Ended(trap) => self.ended(task, self.outcome_of(task, trap)),
            }
            if left == 0 && (self.current.is_some() || !self.todo.is_empty()) {
                return Progress::Ready;
            }
        }
    }

    /// Ends the run in the middle, giving room back.
    pub(super) fn stop(&mut self, board: &mut Board) -> Outcome {
        if let Some(instance) = board.instance_mut() {
            instance.wasi_mut().abandon_wait();
        }
        let task = self.current.take().map_or(Task::Call, |(task, _)| task);
        self.ended(task, Outcome::Stopped);
        // What the guest does now cannot be stopped again: it gets one slice.
        match self.step(board, CLEAN_UP_FUEL) {
            Progress::Ended(outcome) => outcome,
            Progress::Ready | Progress::Wait(_) => self.outcome.take().unwrap_or(Outcome::Stopped),
        }
    }

    /// The next thing to do, with its activation.
    fn take_task(&mut self, board: &Board) -> Option<(Task, Activation)> {
        if let Some(current) = self.current.take() {
            return Some(current);
        }
        loop {
            let task = self.todo.pop_front()?;
            let (export, args) = match task {
                Task::Initialize => ("_initialize".to_owned(), Vec::new()),
                Task::Call => (self.export.clone(), self.placement.wasm_args()),
                Task::Allocate(block) => self.placement.allocation(block),
                Task::Free(block) => match self.placement.release(block) {
                    Some(call) => call,
                    None => continue,
                },
            };
            let instance = board.instance()?;
            match instance.call(&export, &args) {
                Ok(activation) => return Some((task, activation)),
                Err(error) => self.ended(task, Outcome::Refused(error.to_string())),
            }
        }
    }

    /// A task has returned.
    fn returned(&mut self, task: Task, results: &[(ValType, u64)], board: &mut Board) {
        match task {
            Task::Initialize => board.mark_started(),
            Task::Allocate(block) => {
                let address = results.first().map_or(0, |(_, bits)| *bits);
                let size = board
                    .instance()
                    .map_or(0, |instance| instance.memory().len());
                if let Err(reason) = self.placement.place(block, address, size) {
                    self.ended(task, Outcome::Refused(reason));
                } else if self.placement.is_complete()
                    && let Some(instance) = board.instance_mut()
                {
                    self.placement.write(instance.memory_mut());
                }
            }
            Task::Call => {
                let memory = board
                    .instance()
                    .map_or(&[][..], |instance| instance.memory());
                let outcome = self.outcome_of_return(results, memory);
                if matches!(self.target, Target::Start) {
                    board.mark_started();
                }
                self.ended(task, outcome);
            }
            Task::Free(_) => {}
        }
    }

    fn outcome_of_return(&self, results: &[(ValType, u64)], memory: &[u8]) -> Outcome {
        let (result, args) = match &self.target {
            Target::Start => (None, Vec::new()),
            Target::Export { signature, .. } => {
                let bits = results.first().map(|(_, bits)| *bits);
                let result = signature
                    .result
                    .as_ref()
                    .zip(bits)
                    .and_then(|(ty, bits)| go::abi::lift(ty, bits).ok());
                (result, self.placement.read_back(memory))
            }
        };
        Outcome::Returned {
            result,
            raw: results.to_vec(),
            args,
        }
    }

    fn outcome_of(&self, task: Task, trap: Trap) -> Outcome {
        let export = match task {
            Task::Initialize => "_initialize",
            Task::Allocate(_) => self.placement.allocator_name(),
            Task::Call | Task::Free(_) => self.export.as_str(),
        };
        match trap {
            Trap::Exit(code) => Outcome::Exited(code),
            Trap::Trap(text) => Outcome::Trapped(format!("{export}: {text}")),
            Trap::Limit(text) => Outcome::Limited(format!("{export}: {text}")),
        }
    }

    /// The call has come to `outcome`, in `task`; unless the guest is gone, room is given back.
    fn ended(&mut self, task: Task, outcome: Outcome) {
        self.todo.clear();
        if let Task::Free(block) = task {
            // The call has ended before; the blocks after this one are still to be given back.
            self.todo.extend(
                self.placement
                    .placed()
                    .filter(|b| *b > block)
                    .map(Task::Free),
            );
            return;
        }
        if !matches!(outcome, Outcome::Exited(_)) {
            self.todo.extend(self.placement.placed().map(Task::Free));
        }
        if self.outcome.is_none() {
            self.outcome = Some(outcome);
        }
    }
}

/// Whether an export other than the starting one can be called now.
fn check_call(export: &str, board: &Board, settings: &Settings) -> Result<(), String> {
    let kind = board.info.kind;
    match board.state() {
        InstanceState::Exited(code) => return Err(exited(export, code, kind)),
        InstanceState::Broken if !board.started() && kind != Kind::Bare => {
            let start = kind.start_export().unwrap_or_default();
            return Err(format!(
                "{export}: {start} was ended in the middle: Restart gives a fresh instance"
            ));
        }
        _ => {}
    }
    match kind {
        Kind::Reactor if !board.started() && !settings.auto_initialize => Err(format!(
            "{export}: _initialize has not run, and a Go plugin cannot run before it: \
             call _initialize first, or let Settings do so"
        )),
        Kind::Command if !board.started() => Err(format!(
            "{export}: _start has not run. This is a command, which runs once, from _start; for \
             exports to be called at any time, build it with -buildmode=c-shared"
        )),
        _ => Ok(()),
    }
}

/// Why nothing can be called after an exit.
fn exited(export: &str, code: u32, kind: Kind) -> String {
    let advice = match kind {
        Kind::Command => {
            "a command runs once; for exports to be called at any time, build it with \
             -buildmode=c-shared"
        }
        Kind::Reactor | Kind::Bare => "Restart gives a fresh instance",
    };
    format!("{export}: the guest has exited with code {code}: {advice}")
}
