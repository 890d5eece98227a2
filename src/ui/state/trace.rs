//! The host calls, as the panel shows them: a window on a list that stays with the session.

mod plugins;

use self::plugins::Plugins;
use super::board::{Board, Effect};
use super::format::decimal;
use super::shared::Shared;
use crate::protocol::{CallId, Command, Trace, TraceFilter, TraceForm, TraceReport, TraceRow};
use crate::wasi::describe::UNCOVERED;

/// As many rows are asked for before and behind those in view.
const MARGIN: u64 = 60;

/// Which calls' host calls are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Calls {
    #[default]
    All,
    /// Those of the latest call, whichever that is.
    Latest,
    Only(CallId),
}

/// What is known of the host calls.
#[derive(Clone, Debug)]
pub(crate) struct TraceView {
    /// Whether the panel is open.
    is_open: bool,
    pub(crate) recording: bool,
    pub(crate) text: String,
    pub(crate) failed: bool,
    pub(crate) calls: Calls,
    /// All since the list was cleared.
    pub(crate) recorded: u64,
    /// How many of these are no longer held.
    pub(crate) dropped: u64,
    /// How many pass the filter.
    pub(crate) passing: u64,
    /// How many rows these are.
    pub(crate) rows: u64,
    pub(crate) filtering: bool,
    /// The place of the first of the rows that were told.
    first: u64,
    told: Vec<TraceRow>,
    /// Whether what comes may change some of them.
    goes_on: bool,
    /// What of the counts was so when they were asked for.
    stale: bool,
    asking: bool,
    /// Whether what is on its way is of another list.
    is_void: bool,
    /// The row that is chosen, with its place; an entry is looked into.
    pub(crate) chosen: Option<(u64, TraceRow)>,
    /// What the entry has kept of memory.
    pub(crate) bytes: Vec<(String, u32, Vec<u8>)>,
    pub(crate) exporting: bool,
    plugins: Plugins,
}

impl Default for TraceView {
    fn default() -> Self {
        Self {
            is_open: false,
            recording: true,
            text: String::new(),
            failed: false,
            calls: Calls::All,
            recorded: 0,
            dropped: 0,
            passing: 0,
            rows: 0,
            filtering: false,
            first: 0,
            told: Vec::new(),
            goes_on: false,
            stale: false,
            asking: false,
            is_void: false,
            chosen: None,
            bytes: Vec::new(),
            exporting: false,
            plugins: Plugins::default(),
        }
    }
}

impl TraceView {
    /// The row at a place, if it has been told.
    pub(crate) fn row(&self, place: u64) -> Option<&TraceRow> {
        let index = usize::try_from(place.checked_sub(self.first)?).ok()?;
        self.told.get(index)
    }

    /// Which module a call was of, if not the one on the board.
    pub(crate) fn before(&self, call: u32) -> Option<String> {
        self.plugins.before(call)
    }

    /// The last path, of the rows that have been told, that no open directory covers.
    pub(crate) fn uncovered(&self) -> Option<&str> {
        let mut results = self.told.iter().rev().map(|row| &row.entry.result);
        results.find_map(|result| Some(result.split_once(UNCOVERED)?.1))
    }

    /// The first place to draw where `first` is in view, with so many rows. Who follows the end of a
    /// flood sees the end of what has been told: what is there now is on its way.
    pub(crate) fn drawn_from(&self, first: u64, count: u64, follows: bool) -> u64 {
        let told = self.first.saturating_add(self.told.len() as u64);
        let is_told = self.row(first).is_some();
        if !follows || is_told || self.told.is_empty() || told > first {
            return first;
        }
        // A row is half in view at the end.
        told.saturating_sub(count.saturating_sub(1)).max(self.first)
    }

    /// When the rows at so many places from `first` on begin and end, in nanoseconds: those that have been told.
    /// The call of an export counts if nothing else does: what is under it may be far out of view.
    pub(crate) fn span(&self, first: u64, count: u64) -> (u64, u64) {
        let rows = (first..first.saturating_add(count)).filter_map(|place| self.row(place));
        let (calls, others): (Vec<_>, Vec<_>) = rows.partition(|row| row.level == 1);
        let counted = if others.is_empty() { calls } else { others };
        let spans = counted.into_iter().map(during);
        let all = spans.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
        all.unwrap_or_default()
    }

    /// Whether some are filtered out.
    pub(crate) fn is_filtered(&self) -> bool {
        !self.text.is_empty() || self.failed || self.calls != Calls::All
    }

    fn has(&self, first: u64, count: u64) -> bool {
        let end = first.saturating_add(count).min(self.rows);
        let told = self.first.saturating_add(self.told.len() as u64);
        !self.stale && first >= self.first && end <= told
    }

    /// What was told is of another list.
    fn forget(&mut self) {
        self.told.clear();
        self.stale = true;
        self.is_void = self.asking;
        self.chosen = None;
        self.bytes.clear();
    }
}

/// A number of nanoseconds as one reads it: `1.25 ms`.
pub(crate) fn duration(nanos: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let count = nanos as f64;
    match nanos {
        0..1_000 => format!("{nanos} ns"),
        1_000..1_000_000 => format!("{} µs", decimal(count / 1e3, 1)),
        1_000_000..1_000_000_000 => format!("{} ms", decimal(count / 1e6, 2)),
        _ => format!("{} s", decimal(count / 1e9, 3)),
    }
}

/// A time of the monotonic clock in seconds: `12.345678`.
pub(crate) fn time(nanos: u64) -> String {
    let micros = nanos / 1_000;
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

/// When the first call of a row was made, in nanoseconds.
pub(crate) fn since(row: &TraceRow) -> u64 {
    let group = row.group.as_ref();
    group.map_or(row.entry.at, |group| group.since)
}

/// When the calls of a row begin and end. (A call of an export may go on in an instance whose clock begins anew.)
fn during(row: &TraceRow) -> (u64, u64) {
    let end = row.entry.at.saturating_add(row.entry.duration);
    (since(row).min(end), end)
}

/// Where a row lies in a span, and how long it is, in thousandths of that; the shortest can still be seen.
pub(crate) fn bar(row: &TraceRow, span: (u64, u64)) -> (u64, u64) {
    let (start, end) = during(row);
    let whole = span.1.saturating_sub(span.0).max(1);
    let part = |nanos: u64| {
        let part = u128::from(nanos) * 1_000 / u128::from(whole);
        u64::try_from(part).unwrap_or(1_000).min(1_000)
    };
    let width = part(end.saturating_sub(start.max(span.0))).max(8);
    let start = part(start.saturating_sub(span.0));
    (start.min(1_000_u64.saturating_sub(width)), width)
}

impl Board {
    pub(crate) fn trace(&self) -> &Shared<TraceView> {
        &self.trace
    }

    /// The panel is opened: from now on the session tells what there is.
    pub(crate) fn open_trace(&mut self) -> Vec<Effect> {
        let trace = self.trace.make_mut();
        trace.is_open = true;
        // What was on its way when the panel was closed was not taken in.
        (trace.asking, trace.is_void) = (false, false);
        trace.stale = true;
        vec![self.send_filter()]
    }

    pub(crate) fn close_trace(&mut self) {
        self.trace.make_mut().is_open = false;
    }

    /// These places are in view.
    pub(crate) fn see_trace(&mut self, first: u64, count: u64) -> Vec<Effect> {
        if self.trace.asking || !self.trace.is_open || self.trace.has(first, count) {
            return Vec::new();
        }
        self.trace.make_mut().asking = true;
        let count = count.saturating_add(2 * MARGIN);
        vec![ask(Trace::Show {
            first: first.saturating_sub(MARGIN),
            count: u32::try_from(count).unwrap_or(Trace::MOST),
        })]
    }

    pub(crate) fn filter_trace(&mut self, text: String) -> Vec<Effect> {
        self.refilter(|trace| trace.text = text)
    }

    pub(crate) fn only_failed(&mut self, failed: bool) -> Vec<Effect> {
        self.refilter(|trace| trace.failed = failed)
    }

    pub(crate) fn only_calls(&mut self, calls: Calls) -> Vec<Effect> {
        self.refilter(|trace| trace.calls = calls)
    }

    pub(crate) fn record_trace(&mut self, recording: bool) -> Vec<Effect> {
        self.trace.make_mut().recording = recording;
        vec![ask(Trace::Record(recording))]
    }

    pub(crate) fn clear_trace(&mut self) -> Vec<Effect> {
        self.trace.make_mut().forget();
        vec![ask(Trace::Clear)]
    }

    /// A row is chosen, and looked into if it is an entry; one that has not been told is only moved to.
    pub(crate) fn choose_row(&mut self, place: u64) -> Vec<Effect> {
        let Some(row) = self.trace.row(place).cloned() else {
            return Vec::new();
        };
        let number = row.entry.number;
        let is_entry = row.group.is_none();
        let trace = self.trace.make_mut();
        trace.chosen = Some((place, row));
        trace.bytes.clear();
        if is_entry {
            return vec![ask(Trace::Expand { number })];
        }
        Vec::new()
    }

    /// What a row stands for is to be seen, or no longer.
    pub(crate) fn open_row(&mut self, place: u64) -> Vec<Effect> {
        let Some(row) = self.trace.row(place) else {
            return Vec::new();
        };
        let Some(group) = row.group.as_ref() else {
            return Vec::new();
        };
        let asked = Trace::Open {
            number: group.first,
            call: row.level == 1,
            open: !group.is_open,
        };
        let trace = self.trace.make_mut();
        trace.stale = true;
        trace.is_void = trace.asking;
        vec![ask(asked)]
    }

    pub(crate) fn choose_no_row(&mut self) {
        self.trace.make_mut().chosen = None;
    }

    pub(crate) fn export_trace(&mut self, form: TraceForm) -> Vec<Effect> {
        if self.trace.exporting {
            return Vec::new();
        }
        self.trace.make_mut().exporting = true;
        vec![ask(Trace::Export(form))]
    }

    /// Another plugin is on the board: nothing is looked for in its host calls.
    pub(super) fn trace_of_another(&mut self) -> Vec<Effect> {
        if !self.trace.is_filtered() {
            return Vec::new();
        }
        self.refilter(|trace| {
            trace.text.clear();
            trace.failed = false;
            trace.calls = Calls::All;
        })
    }

    /// A module is on the board: calls from now on are its own.
    pub(super) fn trace_of(&mut self, name: &str) {
        let calls = self.calls;
        self.trace.make_mut().plugins.push(name, calls);
    }

    /// A call begins: it is the latest one.
    pub(super) fn trace_next_call(&mut self) -> Vec<Effect> {
        if self.trace.calls == Calls::Latest {
            return self.refilter(|_| {});
        }
        Vec::new()
    }

    /// A fresh worker has no list yet, and records unless it is told.
    pub(super) fn trace_anew(&mut self) -> Vec<Effect> {
        let trace = self.trace.make_mut();
        trace.forget();
        (trace.recorded, trace.dropped) = (0, 0);
        (trace.passing, trace.rows) = (0, 0);
        (trace.asking, trace.is_void) = (false, false);
        (trace.exporting, trace.filtering) = (false, false);
        let mut effects = Vec::new();
        if !trace.recording {
            effects.push(ask(Trace::Record(false)));
        }
        if trace.is_open {
            effects.push(self.send_filter());
        }
        effects
    }

    /// Calls that had not returned may have by now.
    pub(super) fn trace_goes_on(&mut self) {
        let trace = &self.trace;
        if trace.is_open && !trace.stale && trace.told.iter().any(|row| row.entry.result.is_empty())
        {
            self.trace.make_mut().stale = true;
        }
    }

    pub(super) fn trace_report(&mut self, report: TraceReport) -> Vec<Effect> {
        if let TraceReport::Made(lines) = report {
            return self.made(lines);
        }
        if !self.trace.is_open && !matches!(report, TraceReport::Exported { .. }) {
            return Vec::new();
        }
        let trace = self.trace.make_mut();
        match report {
            TraceReport::Grown {
                recorded,
                dropped,
                passing,
                rows,
                filtering,
            } => {
                if recorded < trace.recorded {
                    trace.forget();
                }
                // The places of all others move; or some of them stand for more than they did.
                trace.stale |= dropped != trace.dropped
                    || trace.goes_on && (passing, rows) != (trace.passing, trace.rows);
                trace.recorded = recorded;
                trace.dropped = dropped;
                trace.passing = passing;
                trace.rows = rows;
                trace.filtering = filtering;
            }
            TraceReport::Shown {
                first,
                rows,
                goes_on,
            } => {
                trace.asking = false;
                if std::mem::take(&mut trace.is_void) {
                    return Vec::new();
                }
                trace.first = first;
                trace.told = rows;
                trace.goes_on = goes_on;
                trace.stale = false;
                if let Some((place, chosen)) = &mut trace.chosen
                    && let Some(at) = trace.told.iter().position(|row| is_same(row, chosen))
                    && let Some(now) = trace.told.get(at)
                {
                    chosen.clone_from(now);
                    *place = first.saturating_add(at as u64);
                }
            }
            TraceReport::Expanded { number, bytes } => {
                if trace
                    .chosen
                    .as_ref()
                    .is_some_and(|it| it.1.group.is_none() && it.1.entry.number == number)
                {
                    trace.bytes = bytes;
                }
            }
            TraceReport::Exported { form, last, .. } => {
                trace.exporting = !last;
                let name = match form {
                    TraceForm::JsonLines => "trace.jsonl",
                    TraceForm::Text => "trace.txt",
                };
                let last = last.then(|| name.to_owned());
                return vec![Effect::SavePart { last }];
            }
            // Saved calls ask for it.
            TraceReport::Made(_) => {}
        }
        Vec::new()
    }

    fn refilter(&mut self, change: impl FnOnce(&mut TraceView)) -> Vec<Effect> {
        let trace = self.trace.make_mut();
        change(trace);
        trace.forget();
        vec![self.send_filter()]
    }

    fn send_filter(&self) -> Effect {
        ask(Trace::Filter(TraceFilter {
            text: self.trace.text.clone(),
            failed: self.trace.failed,
            call: match self.trace.calls {
                Calls::All => None,
                Calls::Latest => Some(CallId(self.calls)),
                Calls::Only(call) => Some(call),
            },
        }))
    }
}

/// Whether one row has become the other.
fn is_same(row: &TraceRow, other: &TraceRow) -> bool {
    row.level == other.level
        && match (&row.group, &other.group) {
            (Some(group), Some(other)) => group.first == other.first,
            (None, None) => row.entry.number == other.entry.number,
            _ => false,
        }
}

fn ask(trace: Trace) -> Effect {
    Effect::Send(Command::Trace(trace))
}

#[cfg(test)]
#[path = "trace/tests.rs"]
mod tests;
