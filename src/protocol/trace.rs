//! The messages about the trace: the list of host calls.
//!
//! It stays with the session, which may hold a million of them; the page asks for what it shows.

use super::CallId;
use serde::{Deserialize, Serialize};

/// What the page asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trace {
    /// Whether host calls are recorded from now on.
    Record(bool),
    /// Forget those that are recorded.
    Clear,
    /// Which of them the page looks at from now on; a [`TraceReport::Grown`] tells how many those
    /// are, now and as it changes.
    Filter(TraceFilter),
    /// Tell some rows of those that pass the filter.
    Show {
        /// The place of the first row, from 0.
        first: u64,
        /// How many at most; the session tells no more than [`Trace::MOST`].
        count: u32,
    },
    /// Open, or close, what an entry lies in.
    Open {
        /// Its number.
        number: u64,
        /// The call of an export; otherwise the run of equal host calls.
        call: bool,
        /// Whether what it stands for is to be seen.
        open: bool,
    },
    /// Tell the bytes that an entry kept.
    Expand {
        /// Its number.
        number: u64,
    },
    /// Tell the calls of imports, but for WASI's, that the last run has made.
    Made,
    /// Put all that pass the filter into one file.
    Export(TraceForm),
}

impl Trace {
    /// The most rows of one [`TraceReport::Shown`].
    pub const MOST: u32 = 1_000;
}

/// Which host calls are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceFilter {
    /// Part of `name(arguments) = result`, ASCII letters of either case; empty: all.
    pub text: String,
    /// Only those that failed: with an errno other than ESUCCESS, or by ending the run.
    pub failed: bool,
    /// Only those of this call.
    pub call: Option<CallId>,
}

/// The form of a file of host calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TraceForm {
    /// A JSON object a line.
    JsonLines,
    /// As strace writes it.
    Text,
}

/// What the session says about the trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TraceReport {
    /// How many there are.
    Grown {
        /// All that were recorded since it was cleared.
        recorded: u64,
        /// How many of these, the oldest, are no longer held.
        dropped: u64,
        /// How many of those held pass the filter, as far as it has been applied.
        passing: u64,
        /// How many rows these are.
        rows: u64,
        /// Whether the filter is still being applied.
        filtering: bool,
    },
    /// Some rows of those that pass the filter.
    Shown {
        /// The place of the first one.
        first: u64,
        /// The rows.
        rows: Vec<TraceRow>,
        /// Whether host calls that are still to come may change some of them.
        goes_on: bool,
    },
    /// What an entry kept of the guest's memory.
    Expanded {
        /// Its number.
        number: u64,
        /// For each argument that points to bytes: what it is, its address, the first bytes there
        /// (at most 256 of each, and some 700 together) as the call left them.
        bytes: Vec<(String, u32, Vec<u8>)>,
    },
    /// The answer to [`Trace::Made`]: a line each; `None`: not all of them are known.
    Made(Option<Vec<String>>),
    /// A part of a file; the parts come in order.
    Exported {
        /// Its form.
        form: TraceForm,
        /// The contents of this part, UTF-8. Between the worker and the page they travel beside the
        /// report.
        bytes: Vec<u8>,
        /// Whether it is the last one.
        last: bool,
    },
}

/// A row of the list. Each call of an export has one, with what it asks of its host under it; so have equal
/// host calls, one after the other, from four on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceRow {
    /// The host call; of several the last one.
    pub entry: TraceEntry,
    /// What it stands for, if that is several calls.
    pub group: Option<TraceGroup>,
    /// 1: a call of an export; 2: what lies under one; 3: what lies under equal host calls.
    pub level: u8,
    /// How many rows above it that is which it lies under; 0 for the call of an export.
    pub above: u64,
}

/// Several host calls as one row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceGroup {
    /// The number of the first that is held.
    pub first: u64,
    /// When that was made, in nanoseconds of the instance's monotonic clock.
    pub since: u64,
    /// How many are held and pass the filter.
    pub count: u64,
    /// How long these took together, in nanoseconds.
    pub total: u64,
    /// Whether they are rows of their own, below it.
    pub is_open: bool,
}

/// A host call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceEntry {
    /// Its number, from 0, since the trace was cleared.
    pub number: u64,
    /// When it was made, in nanoseconds of the instance's monotonic clock.
    pub at: u64,
    /// The fuel that its run had used by then.
    pub fuel: u64,
    /// How long it took, in nanoseconds of that clock, with what it waited.
    pub duration: u64,
    /// The call that it belongs to.
    pub call: u32,
    /// The export that runs.
    pub export: String,
    /// What was called: a function of WASI, or `module.name`.
    pub name: String,
    /// Its arguments, decoded, as in `3, SYMLINK_FOLLOW, "etc/motd", 0, …`.
    pub arguments: String,
    /// The errno by name with what was written back, or the result; empty: it has not returned.
    pub result: String,
    /// Whether it failed.
    pub failed: bool,
}
