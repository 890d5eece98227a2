//! What the page sees of a guest beside its output: host calls, memory, globals.

use super::Session;
use super::board::Board;
use super::run::Run;
use crate::engine::Instance;
use crate::protocol::{Event, Memory, MemoryReport, Trace, TraceReport};
use crate::trace;
use std::cell::RefCell;
use std::rc::Rc;

impl Session {
    /// The list of host calls, for a driver that takes them as they come.
    #[must_use]
    pub fn trace(&self) -> &Rc<RefCell<trace::Trace>> {
        self.tracing.trace()
    }

    pub(super) fn obey_trace(&mut self, command: Trace) {
        if command == Trace::Made {
            let made = TraceReport::Made(self.made());
            return self.events.push(Event::Trace(made));
        }
        let instance = self.board.as_mut().and_then(Board::instance_mut);
        let running = instance.zip(self.run.as_ref().map(Run::id));
        let report = self.tracing.obey(command, running);
        self.events.extend(report.map(Event::Trace));
    }

    pub(super) fn obey_memory(&mut self, command: Memory) {
        if let Memory::Write { address, bytes } = command {
            let written = self.write_memory(address, &bytes);
            let written = written.map(|()| (address, bytes.len() as u64));
            return self
                .events
                .push(Event::Memory(MemoryReport::Written(written)));
        }
        if command == Memory::Touched {
            let touched = self.tracing.trace().borrow().touched();
            return self
                .events
                .push(Event::Memory(MemoryReport::Touched(touched)));
        }
        let instance = self.board.as_ref().and_then(Board::instance);
        let report = self.watch.obey(command, instance);
        self.events.extend(report.map(Event::Memory));
    }

    /// Goes on with a filter, a file or a search, for about a millisecond: whether there is more to
    /// do.
    pub(super) fn look(&mut self) -> bool {
        let (filtering, part) = self.tracing.step();
        self.events.extend(part.map(Event::Trace));
        let instance = self.board.as_ref().and_then(Board::instance);
        let memory = instance.map(Instance::memory).unwrap_or_default();
        let (searching, found) = self.watch.step(memory);
        self.events.extend(found.map(Event::Memory));
        filtering || searching
    }

    /// A run is about to begin in the instance.
    pub(super) fn watch_run(&mut self) {
        let instance = self.board.as_mut().and_then(Board::instance_mut);
        if let (Some(instance), Some(run)) = (instance, &self.run) {
            self.tracing.attach(instance, run.id());
            self.tracing.call_begins();
            self.watch.call_begins(instance.memory());
        }
    }

    /// If what had to run before the call has returned, the call itself begins.
    pub(super) fn begin_proper(&mut self) {
        if let Some(run) = &mut self.run
            && run.take_set_up()
        {
            self.events.push(Event::Began {
                call: run.id(),
                export: run.export().to_owned(),
            });
            self.tracing.call_begins();
        }
    }

    /// The calls of imports, but for WASI's and those that a framework's host answers, that the last run has made, a line each; `None`: not
    /// all of them are known.
    #[must_use]
    #[inline(never)]
    pub fn made(&self) -> Option<Vec<String>> {
        let served = self.board.as_ref().map(Board::served).unwrap_or_default();
        self.tracing.made(&served)
    }

    /// A run has ended: calls that wait never return.
    pub(super) fn unwatch_run(&mut self) {
        if let Some(instance) = self.board.as_ref().and_then(Board::instance) {
            self.tracing.run_ended(instance.wasi().glance());
        }
    }
}
