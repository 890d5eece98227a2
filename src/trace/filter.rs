//! Which calls are looked at, found a few at a time.

use super::Trace;
use super::pack::Record;
use crate::protocol::{CallId, TraceFilter};
use std::collections::VecDeque;

/// The most calls that one step looks at.
const STEP_ENTRIES: u32 = 2_048;

/// The most bytes of text that one step searches, about.
const STEP_BYTES: usize = 96 << 10;

/// A filter, ready to be applied.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    text: String,
    failed: bool,
    call: Option<CallId>,
}

impl Filter {
    /// The filter that the page asks for.
    #[must_use]
    pub fn new(asked: &TraceFilter) -> Self {
        Self {
            text: asked.text.to_ascii_lowercase(),
            failed: asked.failed,
            call: asked.call,
        }
    }

    /// Whether everything passes.
    fn is_open(&self) -> bool {
        self.text.is_empty() && !self.failed && self.call.is_none()
    }

    /// Whether a call passes; it is written into `line` as it is searched, and `line` says how long
    /// that took.
    fn admits(&self, record: &Record<'_>, call: CallId, line: &mut String) -> bool {
        line.clear();
        if self.failed && !record.failed || self.call.is_some_and(|wanted| wanted != call) {
            return false;
        }
        if self.text.is_empty() {
            return true;
        }
        for part in [record.name, "(", record.arguments, ")"] {
            line.push_str(part);
        }
        if !record.result.is_empty() {
            line.push_str(" = ");
            line.push_str(record.result);
        }
        line.make_ascii_lowercase();
        line.contains(&self.text)
    }

    /// Whether the call of this number passes.
    pub(super) fn admits_number(&self, trace: &Trace, number: u64, line: &mut String) -> bool {
        let looked = trace.look(number);
        looked.is_some_and(|(record, scope)| self.admits(&record, scope.call, line))
    }
}

/// The calls that pass a filter, as far as it has been applied.
#[derive(Debug, Default)]
pub struct Looking {
    filter: Filter,
    /// The numbers of those that pass, in order; nothing is kept while everything passes.
    passing: VecDeque<u64>,
    /// The number of the first call that it has not been applied to.
    next: u64,
}

impl Looking {
    /// Begins to apply a filter.
    #[must_use]
    pub fn new(filter: Filter) -> Self {
        Self {
            filter,
            ..Self::default()
        }
    }

    /// The filter.
    #[must_use]
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Applies it to some more calls: says whether there are more still.
    pub fn step(&mut self, trace: &mut Trace) -> bool {
        let ended = trace.take_ended();
        let held = trace.held();
        if self.filter.is_open() {
            self.next = held.end;
            return false;
        }
        self.drop_forgotten(held.start);
        let mut line = String::new();
        for number in ended {
            self.look_again(trace, number, &mut line);
        }
        self.next = self.next.max(held.start);
        let mut bytes = 0;
        for _ in 0..STEP_ENTRIES {
            if self.next >= held.end || bytes >= STEP_BYTES {
                break;
            }
            if self.filter.admits_number(trace, self.next, &mut line) {
                self.passing.push_back(self.next);
            }
            bytes += line.len();
            self.next += 1;
        }
        self.next < held.end
    }

    /// How many of those held pass, as far as it has been applied.
    #[must_use]
    pub fn count(&self, trace: &Trace) -> u64 {
        let held = trace.held();
        if self.filter.is_open() {
            return held.end - held.start;
        }
        (self.passing.len() - self.forgotten(held.start)) as u64
    }

    /// Whether it has been applied to all.
    #[must_use]
    pub fn is_applied(&self, trace: &Trace) -> bool {
        self.filter.is_open() || self.next >= trace.held().end
    }

    /// The numbers of those that pass, from the place `first` among them on.
    pub fn numbers(&self, trace: &Trace, first: u64, count: u32) -> Vec<u64> {
        let held = trace.held();
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        if self.filter.is_open() {
            let first = held.start.saturating_add(first);
            return (first..held.end).take(count).collect();
        }
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        let skipped = self.forgotten(held.start).saturating_add(first);
        let passing = self.passing.iter().skip(skipped);
        passing.take(count).copied().collect()
    }

    /// How many of those that pass are no longer held.
    fn forgotten(&self, first: u64) -> usize {
        self.passing.partition_point(|number| *number < first)
    }

    fn drop_forgotten(&mut self, first: u64) {
        self.passing.drain(..self.forgotten(first));
    }

    /// A call has ended that it may have been applied to before.
    fn look_again(&mut self, trace: &Trace, number: u64, line: &mut String) {
        if number >= self.next || number < trace.held().start {
            return;
        }
        let passes = self.filter.admits_number(trace, number, line);
        match (self.passing.binary_search(&number), passes) {
            (Err(place), true) => self.passing.insert(place, number),
            (Ok(place), false) => {
                self.passing.remove(place);
            }
            _ => {}
        }
    }
}
