//! The debugger's part of a session: the guest stops at a line, is sampled, and says which lines it has reached.

use super::board::Board;
use super::frame::Progress;
use super::run::Run;
use super::{Next, Session};
use crate::debug::samples::Samples;
use crate::debug::values;
use crate::engine::Instance;
use crate::protocol::{Debug, Debugged, Event, Held, Sample, WaitingFor, decode, encode};
use std::cell::RefCell;
use std::rc::Rc;

/// Fuel between two samples at most: some hundred of them in a second.
const SAMPLE: u64 = 500_000;

/// At least. A short call has samples, too; a long one no more than it needs.
const SHORTEST: u64 = 500;

/// How many samples a run has had when the fuel between them begins to grow.
const MANY: u64 = 200;

/// What the debugger has been asked.
#[derive(Default)]
pub(super) struct Debugging {
    /// Whether the run has stopped at a line.
    pub(super) is_stopped: bool,
    /// Where the guest was; `None`: nobody wants to know.
    samples: Option<Rc<RefCell<Samples>>>,
    /// Fuel between two samples; `None`: [`SAMPLE`] at most, and less at first.
    every: Option<u64>,
    /// Fuel used since the last sample, and left until the next one; 0: that has to be decided.
    since: u64,
    due: u64,
}

impl Session {
    /// Has samples taken each time that a guest has used about so much fuel; `None`: as usual.
    pub fn sample_every(&mut self, fuel: Option<u64>) {
        self.debugging.every = fuel.map(|fuel| fuel.max(1));
    }

    /// Where the guest can be stopped, of what [`Debug::Lines`] has told: places, each with the number that stands for its
    /// line. A line has none if nothing but an `end` or an `else` is of it.
    #[must_use]
    pub fn stopping_places(&self) -> &[(u32, u32)] {
        self.board.as_ref().map_or(&[], Board::rows)
    }

    /// Where guests were since samples are taken.
    #[must_use]
    pub fn samples(&self) -> Vec<Sample> {
        let samples = self.debugging.samples.as_ref();
        samples.map_or_else(Vec::new, |samples| samples.borrow().all())
    }

    pub(super) fn obey_debug(&mut self, command: Debug) {
        let told = match command {
            Debug::Lines(lines) => return self.debug_lines(lines),
            Debug::Breakpoints(places) => {
                return self.on_board(|board| {
                    board.set_breakpoints(places);
                    Ok(())
                });
            }
            Debug::Keep(kept) => {
                return self.on_board(|board| {
                    board.keep(decode(&kept).unwrap_or_default());
                    Ok(())
                });
            }
            Debug::Inlined(inlined) => {
                return self.on_board(|board| {
                    board.set_inlined(decode(&inlined).unwrap_or_default());
                    Ok(())
                });
            }
            Debug::Hold { imports, traps } => {
                return self.on_board(|board| {
                    board.hold(imports, traps);
                    Ok(())
                });
            }
            Debug::Cover(wanted) => {
                return self.on_board(|board| {
                    board.cover(wanted);
                    Ok(())
                });
            }
            Debug::Go(how) => {
                if self.run.is_some()
                    && let Some(instance) = self.instance_mut()
                {
                    instance.go(how);
                }
                if std::mem::take(&mut self.debugging.is_stopped) {
                    self.waiting = None;
                    self.tell_progress();
                }
                return;
            }
            Debug::Profile(wanted) => {
                self.debugging.samples = wanted.then(Rc::default);
                (self.debugging.since, self.debugging.due) = (0, 0);
                return;
            }
            Debug::Covered => {
                Debugged::Covered(self.instance().map_or_else(Vec::new, Instance::covered))
            }
            Debug::Show(values) => {
                let memory = self.instance().map(Instance::memory).unwrap_or_default();
                let shown = values.iter();
                let shown = shown.map(|(shape, words)| values::shown(shape, words, memory));
                Debugged::Shown(shown.collect())
            }
            // No message here fails to be written.
            Debug::Profiled => Debugged::Profiled(encode(&self.samples()).unwrap_or_default()),
        };
        self.events.push(Event::Debug(Box::new(told)));
    }

    /// The module gets another twin, and a fresh instance.
    fn debug_lines(&mut self, lines: Option<Vec<(u32, u32)>>) {
        if self.run.is_some() {
            self.stop();
        }
        let limits = self.settings.limits;
        let Some(board) = &mut self.board else {
            return self.on_board(|_| Ok(()));
        };
        match board.debug(lines, &limits) {
            Ok(ready) => {
                board.reset(&mut self.rest);
                self.events.extend(ready);
                self.announce();
            }
            Err(reason) => self.events.push(Event::Rejected(reason)),
        }
    }

    /// The run has stopped, and is held until it is to go on.
    pub(super) fn stopped(&mut self, held: Held) -> Next {
        self.debugging.is_stopped = true;
        let told = Debugged::Stopped(held);
        self.events.push(Event::Debug(Box::new(told)));
        self.wait_for(WaitingFor::Debugger);
        Next::Wait(None)
    }
}

impl Debugging {
    /// Goes on for about `fuel`, and takes samples on the way.
    pub(super) fn step(&mut self, run: &mut Run, board: &mut Board, fuel: u64) -> Progress {
        if let Some(instance) = board.instance_mut() {
            instance.time_host_calls(self.samples.as_ref());
        }
        let Some(samples) = &self.samples else {
            return run.step(board, fuel);
        };
        let mut left = fuel;
        let mut stalled = false;
        loop {
            if self.due == 0 {
                let usual = (run.usage().fuel / MANY).clamp(SHORTEST, SAMPLE);
                self.due = self.every.unwrap_or(usual);
            }
            let before = run.usage().fuel;
            let slice = left.min(self.due);
            let progress = run.step(board, slice);
            let spent = run.usage().fuel.saturating_sub(before);
            self.since += spent;
            self.due = self.due.saturating_sub(spent);
            left = left.saturating_sub(spent);
            let goes_on = matches!(progress, Progress::Ready);
            // Not where a step ends: that depends on how fast the machine is.
            if self.due == 0 || !goes_on {
                self.due = 0;
                if let Some(stack) = board.instance().and_then(Instance::stack)
                    && self.since > 0
                {
                    samples
                        .borrow_mut()
                        .take(stack, std::mem::take(&mut self.since));
                }
            }
            // Where it leaves off early again and again somebody is to hear of it. Once, a block may have needed more.
            let was_stalled = std::mem::replace(&mut stalled, spent <= slice / 2);
            if left == 0 || !goes_on || (stalled && was_stalled) || run.is_set_up() {
                return progress;
            }
        }
    }
}
