//! The list of host calls, as the page looks at it: a filter applied and a file written little by
//! little, so that no step takes long.

use crate::engine::Instance;
use crate::protocol::{CallId, Trace, TraceForm, TraceReport};
use crate::saved;
use crate::trace::{self, Filter, Looking};
use std::cell::RefCell;
use std::rc::Rc;

/// A file is told in parts of about so many bytes.
const PART: usize = 1 << 20;

/// The most host calls of a run among which those of imports are looked for, and the most of these.
const MOST_LOOKED_AT: u64 = 100_000;
const MOST_MADE: usize = 1_000;

/// Who looks at the list of host calls, and what for.
#[derive(Debug)]
pub(super) struct Tracing {
    trace: Rc<RefCell<trace::Trace>>,
    recording: bool,
    /// What is looked at; `None`: nobody has asked.
    looking: Option<Looking>,
    /// The number of the first host call of the last run.
    made_from: u64,
    /// The counts that were told last.
    told: Option<TraceReport>,
    exporting: Option<Exporting>,
}

/// A file that is being written.
#[derive(Debug)]
struct Exporting {
    form: TraceForm,
    filter: Filter,
    /// The numbers of the calls that are still to be written.
    next: u64,
    end: u64,
    text: String,
}

impl Default for Tracing {
    fn default() -> Self {
        Self {
            trace: Rc::default(),
            recording: true,
            looking: None,
            made_from: 0,
            told: None,
            exporting: None,
        }
    }
}

impl Tracing {
    /// Lets the host calls of a run be recorded, or not, as the page wants it.
    pub(super) fn attach(&self, instance: &mut Instance, call: CallId) {
        let trace = self.recording.then(|| Rc::clone(&self.trace));
        instance.record(trace.map(|trace| (trace, call)));
    }

    /// The host calls of a run begin here.
    pub(super) fn call_begins(&mut self) {
        self.made_from = self.trace.borrow().held().end;
    }

    /// Those of imports, but for WASI's and these, that the last run has made; `None`: not all of them are known.
    pub(super) fn made(&self, but: &[String]) -> Option<Vec<String>> {
        let trace = self.trace.borrow();
        let held = trace.held();
        let is_known = self.recording
            && held.start <= self.made_from
            && held.end.saturating_sub(self.made_from) <= MOST_LOOKED_AT;
        let entries = (self.made_from..held.end).filter_map(|number| trace.entry(number));
        let entries = entries.filter(|entry| !but.contains(&entry.name));
        let lines = entries.filter_map(|entry| saved::host_call(&entry));
        let lines: Vec<String> = lines
            .take(if is_known { MOST_MADE + 1 } else { 0 })
            .collect();
        (is_known && lines.len() <= MOST_MADE).then_some(lines)
    }

    /// The first host calls of the last run, a line each, and how many there were in all.
    pub(super) fn calls(&self, most: usize) -> (Vec<String>, u64) {
        let trace = self.trace.borrow();
        let held = trace.held();
        let numbers = self.made_from.max(held.start)..held.end;
        let entries = numbers.take(most).filter_map(|it| trace.entry(it));
        let lines = entries.map(|it| format!("{}({}) → {}", it.name, it.arguments, it.result));
        (lines.collect(), held.end.saturating_sub(self.made_from))
    }

    /// A run has ended: what has not returned by now never will.
    pub(super) fn run_ended(&mut self, now: u64) {
        self.trace.borrow_mut().finish_all(now, "did not return");
    }

    /// Does what the page asks for.
    pub(super) fn obey(
        &mut self,
        command: Trace,
        running: Option<(&mut Instance, CallId)>,
    ) -> Option<TraceReport> {
        match command {
            Trace::Record(recording) => {
                self.recording = recording;
                if let Some((instance, call)) = running {
                    if !recording {
                        let now = instance.wasi().glance();
                        self.trace.borrow_mut().finish_all(now, "not recorded");
                    }
                    self.attach(instance, call);
                }
                None
            }
            Trace::Clear => {
                self.trace.borrow_mut().clear();
                None
            }
            Trace::Filter(filter) => {
                self.looking = Some(Looking::new(Filter::new(&filter)));
                self.told = None;
                None
            }
            Trace::Show { first, count } => Some(self.show(first, count)),
            Trace::Open { number, call, open } => {
                let number = number.saturating_add(self.trace.borrow().cleared());
                if let Some(looking) = &mut self.looking {
                    looking.open(number, call, open);
                }
                None
            }
            Trace::Expand { number } => {
                let trace = self.trace.borrow();
                Some(TraceReport::Expanded {
                    number,
                    bytes: trace.stretches(number.saturating_add(trace.cleared())),
                })
            }
            // What these are depends on the board.
            Trace::Made => None,
            Trace::Export(form) => {
                let held = self.trace.borrow().held();
                let looking = self.looking.as_ref();
                self.exporting = Some(Exporting {
                    form,
                    filter: looking.map_or_else(Filter::default, |it| it.filter().clone()),
                    next: held.start,
                    end: held.end,
                    text: String::new(),
                });
                None
            }
        }
    }

    /// Goes on with what is under way, for about a millisecond: whether there is more to do, and what
    /// there is to tell.
    pub(super) fn step(&mut self) -> (bool, Option<TraceReport>) {
        let mut trace = self.trace.borrow_mut();
        let filtering = match &mut self.looking {
            Some(looking) => looking.step(&mut trace),
            None => false,
        };
        let part = self.exporting.as_mut().and_then(|file| file.step(&trace));
        if let Some(TraceReport::Exported { last: true, .. }) = part {
            self.exporting = None;
        }
        (filtering || self.exporting.is_some(), part)
    }

    /// How many there are, if somebody looks and that is news.
    pub(super) fn news(&mut self) -> Option<TraceReport> {
        let looking = self.looking.as_ref()?;
        let trace = self.trace.borrow();
        let held = trace.held();
        let counts = TraceReport::Grown {
            recorded: held.end.saturating_sub(trace.cleared()),
            dropped: held.start.saturating_sub(trace.cleared()),
            passing: looking.count(),
            rows: looking.rows(),
            filtering: !looking.is_applied(&trace),
        };
        if self.told.as_ref() == Some(&counts) {
            return None;
        }
        self.told = Some(counts.clone());
        Some(counts)
    }

    /// The list itself.
    pub(super) fn trace(&self) -> &Rc<RefCell<trace::Trace>> {
        &self.trace
    }

    fn show(&self, first: u64, count: u32) -> TraceReport {
        let trace = self.trace.borrow();
        let looking = self.looking.as_ref();
        let shown = looking.map(|it| it.show(&trace, first, count.min(Trace::MOST)));
        let (rows, goes_on) = shown.unwrap_or_default();
        TraceReport::Shown {
            first,
            rows,
            goes_on,
        }
    }
}

impl Exporting {
    /// Writes some more: a part of the file, if there is enough for one.
    fn step(&mut self, trace: &trace::Trace) -> Option<TraceReport> {
        let rest = (self.next, self.end);
        self.next = trace::write(trace, &self.filter, self.form, rest, &mut self.text);
        let last = self.next >= self.end;
        (last || self.text.len() >= PART).then(|| TraceReport::Exported {
            form: self.form,
            bytes: std::mem::take(&mut self.text).into_bytes(),
            last,
        })
    }
}
