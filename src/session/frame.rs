//! One call of one export: the `start` section and `_initialize` if they are due, room for the
//! arguments, the call itself, and the room given back, each a guest call that can be suspended.
//!
//! Must not know what it is a part of: a call of the page's, or one that a host function makes.

mod hosted;
mod outcome;

use self::hosted::Driven;
use super::board::Board;
use super::callable::{check_call, exited, plan};
use super::host_call::{HostCallId, Open};
use super::meter::Meter;
use super::placement::Placement;
use super::run::Hosted;
use crate::amount::grouped;
use crate::engine::{Activation, Instance, Mark, Step, Trap};
use crate::go::{Signature, Value};
use crate::module::{Kind, START, ValType};
use crate::protocol::{Held, InstanceState, Outcome, Placed, Settings};
use crate::wasi;
use std::collections::VecDeque;

/// Fuel for giving room back, whatever the limit: after a run that ended in the middle, when the guest
/// may be in any state, it is all that there is.
const CLEAN_UP_FUEL: u64 = 10_000_000;

/// A call that has not ended.
pub(super) struct Frame {
    export: String,
    target: Target,
    /// How high the guest's stack was when it began.
    base: Mark,
    /// What is still to be done, in order.
    todo: VecDeque<Task>,
    pub(super) current: Option<(Task, Activation)>,
    placement: Placement,
    /// The host call that the guest is in, if it waits for whoever drives the session.
    pub(super) open: Option<Open>,
    /// The least fuel that gets the current task further.
    required: u64,
    /// Where the guest has trapped, and is held before that ends the call.
    pub(super) trap: Option<(Task, String)>,
    /// Set once the call itself has ended; what is left gives room back.
    outcome: Option<Outcome>,
    /// Fuel that is left of [`CLEAN_UP_FUEL`].
    clean_up: u64,
    /// Whether what has to run before it has just returned.
    pub(super) is_set_up: bool,
}

enum Target {
    /// `_start` or `_initialize`.
    Start,
    Export {
        signature: Signature,
        args: Vec<Value>,
    },
    /// Room for these bytes, which stays theirs.
    Room(Vec<u8>),
    /// What the framework's host says.
    Hosted(Box<Driven>),
    /// An export with these arguments, as bits.
    Guest(Vec<u64>),
}

#[derive(Clone, Copy)]
pub(super) enum Task {
    StartSection,
    /// `_start`, before an export is called: hosts of frameworks do that.
    Start,
    Initialize,
    Allocate(usize),
    Call,
    /// What the framework's host has asked for.
    Driven,
    Free(usize),
}

/// What a step came to.
pub(super) enum Progress {
    Ready,
    /// The guest runs outside of this program.
    Running,
    Wait(wasi::Wait),
    /// The guest waits for what answers the import at this place.
    Host(usize),
    /// The guest has stopped.
    Stopped(Held),
    Ended(Outcome),
}

impl Frame {
    /// A call of `_start` or `_initialize`, whichever the guest has.
    pub(super) fn start(export: Option<&str>) -> Self {
        Self::new(export.unwrap_or_default().to_owned(), Target::Start)
    }

    /// A call of any other export.
    pub(super) fn call(export: String, signature: Signature, args: Vec<Value>) -> Self {
        Self::new(export, Target::Export { signature, args })
    }

    /// Bytes that are to be put into room that `export` gives.
    pub(super) fn put(export: String, bytes: Vec<u8>) -> Self {
        Self::new(export, Target::Room(bytes))
    }

    fn new(export: String, target: Target) -> Self {
        Self {
            export,
            target,
            base: Mark::default(),
            todo: VecDeque::new(),
            current: None,
            placement: Placement::default(),
            open: None,
            required: 0,
            trap: None,
            outcome: None,
            clean_up: CLEAN_UP_FUEL,
            is_set_up: false,
        }
    }

    pub(super) fn export(&self) -> &str {
        &self.export
    }

    /// Whether what has to run before the call has returned since this was last asked.
    pub(super) fn take_set_up(&mut self) -> bool {
        std::mem::take(&mut self.is_set_up)
    }

    /// The room that the arguments had in memory, if they needed some.
    pub(super) fn placed(&mut self) -> Option<Placed> {
        self.placement.take_record()
    }

    /// Checks that the call can be made, and plans it; the text says why it cannot.
    pub(super) fn prepare(&mut self, board: &mut Board, settings: &Settings) -> Result<(), String> {
        if board.section_due() {
            self.todo.push_back(Task::StartSection);
        }
        match &self.target {
            Target::Start => {
                self.check_start(board)?;
                self.todo.push_back(Task::Call);
            }
            Target::Export { signature, args } => {
                check_call(&self.export, board, settings)?;
                self.placement = plan(&self.export, signature, args, board)?;
                self.plan_start(board);
                self.plan_call();
            }
            Target::Room(bytes) => {
                let Some(allocator) = board.allocator() else {
                    return Err(
                        "the module exports nothing that gives room in memory: write at an address"
                            .to_owned(),
                    );
                };
                check_call(&self.export, board, settings)?;
                self.placement = Placement::room(bytes, &allocator, &board.info)?;
                self.plan_start(board);
                self.todo.push_back(Task::Allocate(0));
            }
            Target::Hosted(_) => self.prepare_hosted(board)?,
            Target::Guest(_) => self.todo.push_back(Task::Call),
        }
        Ok(())
    }

    /// The same for a call that a host function makes, while the guest runs: nothing is initialized
    /// for it.
    pub(super) fn prepare_within(&mut self, board: &Board) -> Result<(), String> {
        self.base = board.instance().map(Instance::mark).unwrap_or_default();
        if let Target::Export { signature, args } = &self.target {
            self.placement = plan(&self.export, signature, args, board)?;
        }
        self.plan_call();
        Ok(())
    }

    fn plan_start(&mut self, board: &Board) {
        if !board.started() && board.info.kind == Kind::Reactor {
            self.todo.push_back(Task::Initialize);
        }
    }

    fn plan_call(&mut self) {
        self.todo
            .extend(self.placement.blocks().map(Task::Allocate));
        self.todo.push_back(Task::Call);
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
                InstanceState::Exited(code) => Err(exited(&self.export, code, &board.info)),
                InstanceState::Fresh | InstanceState::Initialized => Ok(()),
            },
        }
    }

    /// Goes on for about the fuel that is `left`, and takes off what it used.
    pub(super) fn step(
        &mut self,
        board: &mut Board,
        meter: &mut Meter,
        left: &mut u64,
    ) -> Progress {
        loop {
            if let Some(Open {
                call, answer: None, ..
            }) = &self.open
            {
                return Progress::Host(call.import);
            }
            if let Some((task, text)) = self.trap.take() {
                self.ended(self.outcome_of(task, Trap::Trap(text)));
            }
            if let Some(progress) = self.take_answer(board, meter) {
                return progress;
            }
            let Some((task, activation)) = self.take_task(board) else {
                return Progress::Ended(self.outcome.take().unwrap_or(Outcome::Stopped));
            };
            let limit = meter.fuel_limit.unwrap_or(u64::MAX);
            let unused = limit.saturating_sub(meter.usage.fuel);
            let allowance = match &self.outcome {
                None => unused,
                Some(Outcome::Returned { .. }) => unused.max(self.clean_up),
                Some(_) => self.clean_up,
            };
            let slice = (*left).max(self.required).min(allowance);
            self.required = 0;
            let Some(instance) = board.instance_mut() else {
                return Progress::Ended(Outcome::Stopped);
            };
            let before = *meter.pages_before.get_or_insert(instance.memory_pages());
            instance.enter(self.name_of(task), meter.usage.fuel);
            let (step, used) = activation.step(instance, slice);
            meter.usage.fuel += used;
            if self.outcome.is_some() {
                self.clean_up = self.clean_up.saturating_sub(used);
            }
            meter.usage.memory_pages = instance.memory_pages();
            meter.usage.grown_pages = meter.usage.memory_pages.saturating_sub(before);
            if let (Task::Call, Step::Returned(_) | Step::Ended(_)) = (task, &step) {
                self.placement.record_after(instance.memory());
            }
            *left = left.saturating_sub(used);
            let out_of_all = matches!(&step, Step::OutOfFuel(_, required) if *required > allowance.saturating_sub(used));
            if !self.is_ending() && (out_of_all || matches!(step, Step::Ended(_))) {
                meter.note_stack(board);
            }
            match step {
                Step::Returned(results) => {
                    self.returned(task, &results, board);
                    if matches!(task, Task::StartSection | Task::Start | Task::Initialize) {
                        // What has been printed until now is not the call's.
                        self.is_set_up = true;
                        return Progress::Ready;
                    }
                }
                Step::OutOfFuel(..) if out_of_all => {
                    // An engine that charges whole blocks charges the last one, too.
                    meter.usage.fuel = meter.usage.fuel.min(limit);
                    let limit = grouped(limit);
                    let text = format!("the fuel limit of {limit} is reached (Settings, fuel)");
                    let outcome = self.outcome_of(task, Trap::Limit(text));
                    self.ended(outcome);
                }
                Step::OutOfFuel(activation, required) => {
                    self.required = required;
                    self.current = Some((task, activation));
                    return Progress::Ready;
                }
                Step::Running(activation) => {
                    self.current = Some((task, activation));
                    return Progress::Running;
                }
                Step::Waiting(activation, wait) => {
                    self.current = Some((task, activation));
                    return Progress::Wait(wait);
                }
                Step::Host(activation, call) => {
                    self.current = Some((task, activation));
                    meter.names = meter.names.wrapping_add(1);
                    let import = call.import;
                    let wanted = board.instance_mut().and_then(Instance::take_wanted);
                    self.open = Some(Open {
                        id: HostCallId(meter.names),
                        call,
                        taken: false,
                        hosted: wanted.map(Hosted::new),
                        answer: None,
                    });
                    return Progress::Host(import);
                }
                Step::Stopped(activation, held) => {
                    self.current = Some((task, activation));
                    // What gives room back is not what anybody wants to stop in.
                    return match self.outcome {
                        None => Progress::Stopped(held),
                        Some(_) => Progress::Ready,
                    };
                }
                Step::Ended(trap) if self.survives(task, &trap, board) => return Progress::Ready,
                Step::Ended(trap) => {
                    if let Some(held) = self.trapped(task, trap, board.holds_traps()) {
                        return held;
                    }
                }
            }
            if *left == 0 && (self.current.is_some() || !self.todo.is_empty()) {
                return Progress::Ready;
            }
        }
    }

    /// Goes on with what the host function answered: the guest has its results, or the call fails.
    fn take_answer(&mut self, board: &Board, meter: &mut Meter) -> Option<Progress> {
        let Some(Open {
            call,
            answer: Some(answer),
            ..
        }) = self.open.take()
        else {
            return None;
        };
        let (task, mut activation) = self.current.take()?;
        match answer {
            Ok(results) => {
                activation.answer(results);
                self.current = Some((task, activation));
                None
            }
            Err(reason) => {
                meter.note_stack(board);
                if let Some(instance) = board.instance() {
                    activation.fail(instance, &reason);
                }
                let text = format!("import {}: {reason}", board.import_name(call.import));
                self.trapped(task, Trap::Trap(text), board.holds_traps())
            }
        }
    }

    /// It goes no further: whatever called it goes on with the stack as it was.
    pub(super) fn unwind(&self, board: &mut Board) {
        if let Some(instance) = board.instance_mut() {
            instance.unwind(self.base);
        }
    }

    /// Whether it was ended in the middle, and only gives room back.
    pub(super) fn is_ending(&self) -> bool {
        !matches!(&self.outcome, None | Some(Outcome::Returned { .. }))
    }

    /// Ends the call in the middle, with `outcome`; room is still to be given back.
    pub(super) fn end_with(&mut self, outcome: Outcome) {
        self.open = None;
        self.current = None;
        self.trap = None;
        self.ended(outcome);
    }

    /// What it is at.
    fn task(&self) -> Task {
        let current = self.current.as_ref().map(|(task, _)| task);
        *current.or(self.todo.front()).unwrap_or(&Task::Call)
    }

    /// The limit that is reached, of the run that it is in.
    pub(super) fn limited(&self, text: String) -> Outcome {
        self.outcome_of(self.task(), Trap::Limit(text))
    }

    /// Ends the call in the middle and gives room back at once: what the guest does then cannot be
    /// stopped again, so it gets one slice.
    pub(super) fn abandon(
        &mut self,
        board: &mut Board,
        meter: &mut Meter,
        outcome: Outcome,
    ) -> Outcome {
        self.end_with(outcome.clone());
        match self.step(board, meter, &mut CLEAN_UP_FUEL.clone()) {
            Progress::Ended(outcome) => outcome,
            _ => self.outcome.take().unwrap_or(outcome),
        }
    }

    /// The next thing to do, with its activation.
    fn take_task(&mut self, board: &mut Board) -> Option<(Task, Activation)> {
        if let Some(current) = self.current.take() {
            return Some(current);
        }
        loop {
            let task = match self.todo.pop_front() {
                Some(task) => task,
                None => self.next_of_host(board)?,
            };
            let instance = board.instance_mut()?;
            // What was called before has returned, or was ended in the middle.
            instance.unwind(self.base);
            let activation = match task {
                Task::StartSection => instance.start_section(),
                Task::Initialize => instance.call("_initialize", &[]),
                Task::Start => instance.call("_start", &[]),
                Task::Call => match &self.target {
                    Target::Guest(args) => instance.call(&self.export, args),
                    _ => instance.call(&self.export, &self.placement.wasm_args()),
                },
                Task::Driven => {
                    let (export, args) = self.driven();
                    instance.call(export, args)
                }
                Task::Allocate(block) => {
                    let (allocate, args) = self.placement.allocation(block);
                    instance.call(&allocate, &args)
                }
                Task::Free(block) => match self.placement.release(block) {
                    Some((free, args)) => instance.call(&free, &args),
                    None => continue,
                },
            };
            match activation {
                Ok(activation) => return Some((task, activation)),
                Err(error) => self.ended(Outcome::Refused(error.to_string())),
            }
        }
    }

    /// A task has returned.
    fn returned(&mut self, task: Task, results: &[(ValType, u64)], board: &mut Board) {
        match task {
            Task::StartSection => board.section_done(),
            Task::Start | Task::Initialize => board.mark_started(),
            Task::Driven => self.driven_returned(results),
            Task::Allocate(block) => {
                let address = results.first().map_or(0, |(_, bits)| *bits);
                let size = board
                    .instance()
                    .map_or(0, |instance| instance.memory().size());
                if let Err(reason) = self.placement.place(block, address, size) {
                    self.ended(Outcome::Refused(reason));
                } else if self.placement.is_complete()
                    && let Some(instance) = board.instance_mut()
                {
                    self.placement.write(instance.memory_mut());
                    if let Target::Room(_) = self.target {
                        self.put_at(address);
                    }
                }
            }
            Task::Call => {
                let memory = board.instance().map(Instance::memory).unwrap_or_default();
                let outcome = self.outcome_of_return(results, memory, board.info.abi());
                if matches!(self.target, Target::Start) {
                    board.mark_started();
                }
                self.ended(outcome);
            }
            Task::Free(_) => {}
        }
    }

    /// What runs in a task.
    fn name_of(&self, task: Task) -> &str {
        match task {
            Task::StartSection => START,
            Task::Start => "_start",
            Task::Initialize => "_initialize",
            Task::Driven => self.driven().0,
            Task::Allocate(_) => self.placement.allocator_name(),
            Task::Call => &self.export,
            Task::Free(_) => self.placement.releaser_name(),
        }
    }
}
