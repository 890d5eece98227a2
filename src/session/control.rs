//! How far a run is, and what holds it or ends it from outside: Pause, the time that it may take.

use super::{Board, Next, Run, Session};
use crate::amount::millis;
use crate::protocol::{Event, InstanceState, WaitingFor};
use crate::wasi::Used;

/// Nanoseconds in a millisecond.
const MILLI: u64 = 1_000_000;

/// What the driver has told of time, in nanoseconds.
#[derive(Debug, Default)]
pub(super) struct Time {
    /// What the driver's clock showed last.
    now: Option<u64>,
    /// How long the run under way has taken, of what counts.
    spent: u64,
}

impl Session {
    /// Tells what was printed.
    pub(super) fn collect_output(&mut self) {
        let Some(instance) = self.board.as_mut().and_then(Board::instance_mut) else {
            return;
        };
        for (stream, bytes) in instance.take_output() {
            self.untaken += bytes.len() as u64;
            self.events.push(Event::Output { stream, bytes });
        }
    }

    /// Tells what is waited for, if that is news.
    pub(super) fn wait_for(&mut self, what: WaitingFor) {
        if self.waiting != Some(what) {
            self.waiting = Some(what);
            self.events.push(Event::Waiting(what));
            if let WaitingFor::Resume
            | WaitingFor::Stdin
            | WaitingFor::StdinOrClock
            | WaitingFor::Debugger = what
            {
                self.tell_stack();
            }
        }
    }

    /// What a monotonic clock shows, in nanoseconds: the one that [`Next::Wait`] speaks of. Without it
    /// the time that a run takes has no limit. To be told before a command is handled and before a step.
    pub fn tell_time(&mut self, now: u64) {
        if let Some(before) = self.time.now.replace(now)
            && self.run.is_some()
            && self.time_counts()
        {
            let passed = now.saturating_sub(before);
            self.time.spent = self.time.spent.saturating_add(passed);
        }
    }

    /// Whether what the run does now is counted: running, sleeping, and while an import is answered.
    fn time_counts(&self) -> bool {
        match self.waiting {
            None | Some(WaitingFor::Clock | WaitingFor::Import(_)) => !self.paused,
            Some(
                WaitingFor::Stdin
                | WaitingFor::StdinOrClock
                | WaitingFor::Page
                | WaitingFor::Resume
                | WaitingFor::Debugger,
            ) => false,
        }
    }

    /// A run begins.
    pub(super) fn start_time(&mut self) {
        self.time.spent = 0;
        self.paused = false;
    }

    /// Lets the run end if it has taken all the time that it may.
    pub(super) fn check_time(&mut self) {
        let Some(limit) = self.settings.limits.wall_millis else {
            return;
        };
        if self.time.spent < limit.saturating_mul(MILLI) {
            return;
        }
        if let (Some(run), Some(board)) = (&mut self.run, &mut self.board)
            && !run.is_ending()
        {
            let limit = millis(limit);
            let text = format!("the time limit of {limit} is reached (Settings, wall time)");
            let outcome = run.limited(text);
            run.end_all(board, &outcome);
        }
    }

    /// A wait until then, or until the run has taken all the time that it may.
    pub(super) fn wait_until(&self, until: Option<u64>) -> Next {
        let limit = self.settings.limits.wall_millis;
        let end = limit.zip(self.time.now).map(|(limit, now)| {
            let left = limit.saturating_mul(MILLI).saturating_sub(self.time.spent);
            now.saturating_add(left)
        });
        match (until, end.filter(|_| self.time_counts())) {
            (Some(until), Some(end)) => Next::Wait(Some(until.min(end))),
            (until, end) => Next::Wait(until.or(end)),
        }
    }

    /// What holds the run until somebody lets it go on.
    pub(super) fn held(&self) -> Option<WaitingFor> {
        match () {
            () if self.paused => Some(WaitingFor::Resume),
            // What had stopped may have been ended from outside.
            () if self.debugging.is_stopped && self.run.as_ref().is_some_and(Run::is_stopped) => {
                Some(WaitingFor::Debugger)
            }
            () => None,
        }
    }

    /// Holds the run that is under way. Nothing happens without one.
    pub(super) fn pause(&mut self) {
        self.paused = self.run.is_some();
    }

    /// Lets it go on.
    pub(super) fn resume(&mut self) {
        if std::mem::take(&mut self.paused) {
            self.waiting = None;
            self.tell_progress();
        }
    }

    /// Tells what the run has done to the files so far, not too often; when to go on, so that it is told
    /// during a long wait, too.
    pub(super) fn tell_files(&mut self, next: Next) -> Next {
        let (fuel, now) = (self.fuel_spent, self.time.now);
        let (Some(due), Some(now), Some(_)) = (self.disk.owes(fuel), now, &self.run) else {
            return next;
        };
        if now >= due {
            let news = self.with_disk(|disk, fs| disk.tell(fuel, now, fs));
            self.events.extend(news.map(Event::Files));
            return next;
        }
        match next {
            Next::Wait(until) => Next::Wait(Some(until.map_or(due, |until| until.min(due)))),
            next => next,
        }
    }

    /// Tells how often imports have been called, if that is news.
    pub(super) fn tell_called(&mut self) {
        let Some(instance) = self.board.as_ref().and_then(Board::instance) else {
            return;
        };
        let called = instance.called();
        if !called.is_empty() && *called != self.called {
            self.called = called.to_vec();
            self.events.push(Event::Called(self.called.clone()));
        }
        let wasi = instance.wasi();
        if *wasi.used() != self.used {
            self.used = wasi.used().clone();
            self.events.push(Event::Used(Box::new(self.used.clone())));
        }
    }

    /// Tells how far the run under way is, if there is one. The driver asks for it about ten times a
    /// second.
    pub fn tell_progress(&mut self) {
        if let Some(usage) = self.usage() {
            self.events.push(Event::Progress(usage));
            self.tell_called();
            if let Some(waiting) = self.waiting {
                // How far it got is of before it began to wait.
                self.events.push(Event::Waiting(waiting));
            }
        }
    }

    /// Tells of the state of the instance, if that is news.
    pub(super) fn announce(&mut self) {
        let state = self
            .board
            .as_ref()
            .map_or(InstanceState::Fresh, Board::state);
        if state != self.announced {
            self.announced = state;
            if state == InstanceState::Fresh {
                self.called.clear();
                self.used = Used::default();
            }
            self.events.push(Event::Instance(state));
        }
    }
}
