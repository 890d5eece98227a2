//! The calls that pass a filter, found a few at a time, and arranged as rows.

use super::filter::Filter;
use super::pack::Record;
use super::rows::{Joins, Row, Rows};
use super::{Scope, Trace};
use crate::protocol::{TraceGroup, TraceRow};

/// The most calls that one step looks at.
const STEP_ENTRIES: u32 = 16_384;

/// The most bytes of text that one step searches, about.
const STEP_BYTES: usize = 96 << 10;

/// The calls that pass a filter, as far as it has been applied.
#[derive(Debug, Default)]
pub struct Looking {
    filter: Filter,
    rows: Rows,
    /// What the last one that passes is like.
    last: Option<Likeness>,
    /// The number of the first call that it has not been applied to.
    next: u64,
}

/// What calls have in common that are one row.
#[derive(Debug)]
struct Likeness {
    scope: Scope,
    name: Box<str>,
    failed: bool,
    waits: bool,
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
        // What has ended by now is another call than it was, and may be like its neighbours.
        let again = ended.into_iter().min().unwrap_or(self.next);
        if again < self.next {
            self.go_back(trace, again.max(held.start));
        }
        self.rows.forget_before(held.start);
        self.next = self.next.max(held.start);
        let mut line = String::new();
        let mut bytes = 0;
        for _ in 0..STEP_ENTRIES {
            if self.next >= held.end || bytes >= STEP_BYTES {
                break;
            }
            if let Some((record, scope)) = trace.look(self.next)
                && self.filter.admits(&record, scope.call, &mut line)
            {
                self.take_in(self.next, &record, scope);
            }
            bytes += line.len();
            self.next += 1;
        }
        self.next < held.end
    }

    /// How many of those held pass, as far as it has been applied.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.rows.passed()
    }

    /// How many rows these are.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows.count()
    }

    /// Whether it has been applied to all.
    #[must_use]
    pub fn is_applied(&self, trace: &Trace) -> bool {
        self.next >= trace.held().end
    }

    /// The rows from the place `first` on, at most `count`; and whether what comes may change some of them.
    #[must_use]
    pub fn show(&self, trace: &Trace, first: u64, count: u32) -> (Vec<TraceRow>, bool) {
        let places = first..first.saturating_add(count.into());
        let rows = places.map_while(|place| self.rows.at(place));
        let mut goes_on = false;
        let told = rows.filter_map(|row| {
            goes_on |= row.goes_on;
            told(trace, &row)
        });
        (told.collect(), goes_on)
    }

    /// Opens what the call of this number lies in, or closes it: the call of an export, or else the
    /// run of equal host calls.
    pub fn open(&mut self, number: u64, call: bool, open: bool) {
        self.rows.open(number, call, open);
    }

    fn take_in(&mut self, number: u64, record: &Record<'_>, scope: &Scope) {
        let joins = match &self.last {
            Some(last) if !last.is_of(scope) => Joins::Nothing,
            Some(last) if last.is_like(record) => Joins::Run,
            Some(_) => Joins::Call,
            None => Joins::Nothing,
        };
        if joins != Joins::Run {
            self.last = Some(Likeness::of(record, scope));
        }
        self.rows.push(number, record.duration, joins);
    }

    fn go_back(&mut self, trace: &Trace, number: u64) {
        self.rows.go_back(number);
        self.next = number;
        let last = self.rows.last().and_then(|number| trace.look(number));
        self.last = last.map(|(record, scope)| Likeness::of(&record, scope));
    }
}

impl Likeness {
    fn of(record: &Record<'_>, scope: &Scope) -> Self {
        Self {
            scope: scope.clone(),
            name: record.name.into(),
            failed: record.failed,
            waits: record.result.is_empty(),
        }
    }

    fn is_of(&self, scope: &Scope) -> bool {
        self.scope.call == scope.call && self.scope.export == scope.export
    }

    fn is_like(&self, record: &Record<'_>) -> bool {
        *self.name == *record.name
            && self.failed == record.failed
            && self.waits == record.result.is_empty()
    }
}

/// A row as it is told.
fn told(trace: &Trace, row: &Row) -> Option<TraceRow> {
    let group = match row.group {
        Some(group) => {
            let first = trace.entry(group.first)?;
            Some(TraceGroup {
                first: first.number,
                since: first.at,
                count: group.count,
                total: group.elapsed,
                is_open: group.is_open,
            })
        }
        None => None,
    };
    Some(TraceRow {
        entry: trace.entry(row.number)?,
        group,
        level: row.level,
        above: row.above,
    })
}
