//! The debugger's part of a session: the guest stops at a line, is sampled, and says which lines it has reached.

use super::board::Board;
use super::frame::Progress;
use super::run::Run;
use super::{Next, Session};
use crate::debug::samples::Samples;
use crate::engine::Instance;
use crate::protocol::{Debug, Debugged, Event, Sample, WaitingFor};

/// Fuel between two samples: some hundred of them in a second.
const SAMPLE: u64 = 500_000;

/// What the debugger has been asked.
#[derive(Default)]
pub(super) struct Debugging {
    /// Whether the run has stopped at a line.
    pub(super) is_stopped: bool,
    /// Where the guest was; `None`: nobody wants to know.
    samples: Option<Samples>,
    /// Fuel between two of them; `None`: [`SAMPLE`].
    every: Option<u64>,
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
        samples.map_or_else(Vec::new, Samples::all)
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
                self.debugging.samples = wanted.then(Samples::default);
                return;
            }
            Debug::Covered => {
                Debugged::Covered(self.instance().map_or_else(Vec::new, Instance::covered))
            }
            Debug::Profiled => Debugged::Profiled(self.samples()),
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

    /// The run has stopped at a line, and is held until it is to go on.
    pub(super) fn stopped(&mut self) -> Next {
        self.debugging.is_stopped = true;
        self.wait_for(WaitingFor::Debugger);
        Next::Wait(None)
    }
}

impl Debugging {
    /// Goes on for about `fuel`, and takes samples on the way.
    pub(super) fn step(&mut self, run: &mut Run, board: &mut Board, fuel: u64) -> Progress {
        let Some(samples) = &mut self.samples else {
            return run.step(board, fuel);
        };
        let mut left = fuel;
        loop {
            let slice = left.min(self.every.unwrap_or(SAMPLE));
            let before = run.usage().fuel;
            let progress = run.step(board, slice);
            let spent = run.usage().fuel.saturating_sub(before);
            if let Some(stack) = board.instance().and_then(Instance::stack)
                && spent > 0
            {
                samples.take(stack, spent);
            }
            left = left.saturating_sub(slice);
            // Where it has left off early somebody is to hear of it.
            let goes_on = matches!(progress, Progress::Ready) && spent > slice / 2;
            if left == 0 || !goes_on || run.is_set_up() {
                return progress;
            }
        }
    }
}
