//! Calls as rows: each call of an export is a heading, and the host calls that it has made lie under it; a run
//! of equal ones is one row, which opens.
//!
//! Only what begins a run, or a call of an export, knows its row. What is opened moves the rows behind it, which
//! are counted anew; what is forgotten at the front moves none, since they are counted from far below.

use std::collections::VecDeque;
use std::ops::Range;

/// So many equal calls, one after the other, are one row. Fewer are as easily read as they are.
const GROUPED: u64 = 4;

/// The number of the first row. Three calls take more rows than four did, so that the first ones may get
/// numbers below it as others are forgotten.
const FIRST_ROW: u64 = 1 << 20;

/// A call that passes.
#[derive(Clone, Copy, Debug)]
struct Passed {
    number: u64,
    /// How long it and all before it have taken, in nanoseconds.
    elapsed: u64,
}

/// Equal calls, one after the other.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// The place of the first among all that have ever passed.
    start: u64,
    row: u64,
    is_open: bool,
}

/// A call of an export, with its runs.
#[derive(Clone, Copy, Debug)]
struct Call {
    /// The place of the first run among all that there have ever been.
    run: u64,
    row: u64,
    is_open: bool,
}

/// What a call that passes is put behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joins {
    /// The last run: it is equal.
    Run,
    /// The last call of an export.
    Call,
    /// It is the first of another call.
    Nothing,
}

/// A row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The number of the host call; of several the last one.
    pub number: u64,
    pub group: Option<Group>,
    /// 1: a call of an export; 2: what lies under it; 3: what lies under a run.
    pub level: u8,
    /// How many rows above it that is which it lies under.
    pub above: u64,
    /// Whether what comes may change it.
    pub goes_on: bool,
}

/// What a row stands for, if that is several calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// The number of the first.
    pub first: u64,
    pub count: u64,
    /// How long they took, in nanoseconds.
    pub elapsed: u64,
    pub is_open: bool,
}

/// The rows.
#[derive(Debug, Default)]
pub(super) struct Rows {
    passed: VecDeque<Passed>,
    /// How many that have passed are forgotten, and how long these took.
    forgotten: u64,
    elapsed: u64,
    runs: VecDeque<Run>,
    forgotten_runs: u64,
    calls: VecDeque<Call>,
    /// The numbers of the first calls of what was opened, or closed, in case that it is put together again.
    opened: Vec<u64>,
    closed: Vec<u64>,
}

impl Rows {
    /// How many calls there are.
    pub fn passed(&self) -> u64 {
        self.passed.len() as u64
    }

    /// How many rows.
    pub fn count(&self) -> u64 {
        self.end() - self.begin()
    }

    /// The number of the last call.
    pub fn last(&self) -> Option<u64> {
        Some(self.passed.back()?.number)
    }

    /// Adds a call.
    pub fn push(&mut self, number: u64, duration: u64, joins: Joins) {
        let row = self.end();
        let before = self.passed.back().map_or(self.elapsed, |last| last.elapsed);
        let start = self.places().end;
        self.passed.push_back(Passed {
            number,
            elapsed: before.wrapping_add(duration),
        });
        if joins == Joins::Run && !self.runs.is_empty() {
            return;
        }
        let mut row = row;
        if joins == Joins::Nothing || self.calls.is_empty() {
            self.calls.push_back(Call {
                run: self.forgotten_runs + self.runs.len() as u64,
                row,
                is_open: !self.closed.contains(&number),
            });
            row += 1;
        }
        self.runs.push_back(Run {
            start,
            row,
            is_open: self.opened.contains(&number),
        });
    }

    /// Forgets all calls before a number.
    pub fn forget_before(&mut self, number: u64) {
        let gone = self.passed.partition_point(|call| call.number < number);
        let Some(last) = self.passed.drain(..gone).next_back() else {
            return;
        };
        self.elapsed = last.elapsed;
        self.forgotten += gone as u64;
        if self.passed.is_empty() {
            self.forgotten_runs += self.runs.len() as u64;
            self.runs.clear();
            return self.calls.clear();
        }
        while (self.runs.get(1)).is_some_and(|run| run.start <= self.forgotten) {
            self.runs.pop_front();
            self.forgotten_runs += 1;
        }
        while (self.calls.get(1)).is_some_and(|call| call.run <= self.forgotten_runs) {
            self.calls.pop_front();
        }
        // What is behind the first run stays where it is.
        let before = self.height(0);
        if let Some(run) = self.runs.front_mut() {
            run.start = self.forgotten;
        }
        let after = self.height(0);
        if let (Some(run), Some(call)) = (self.runs.front_mut(), self.calls.front_mut()) {
            call.run = self.forgotten_runs;
            if call.is_open {
                run.row = run.row + before - after;
                call.row = run.row - 1;
            }
        }
    }

    /// Takes the calls from a number on away.
    pub fn go_back(&mut self, number: u64) {
        let kept = self.passed.partition_point(|call| call.number < number);
        self.passed.truncate(kept);
        let end = self.places().end;
        while self.runs.back().is_some_and(|run| run.start >= end) {
            self.runs.pop_back();
        }
        let end = self.forgotten_runs + self.runs.len() as u64;
        while self.calls.back().is_some_and(|call| call.run >= end) {
            self.calls.pop_back();
        }
    }

    /// Opens or closes what the call of this number lies in: its call of an export, or else its run.
    pub fn open(&mut self, number: u64, is_call: bool, open: bool) {
        let Ok(place) = (self.passed).binary_search_by_key(&number, |call| call.number) else {
            return;
        };
        let place = self.forgotten + place as u64;
        let run = self.runs.partition_point(|run| run.start <= place);
        let run = run.saturating_sub(1);
        let among = self.forgotten_runs + run as u64;
        let call = self.calls.partition_point(|call| call.run <= among);
        let call = call.saturating_sub(1);
        let (Some(run), Some(of)) = (self.runs.get_mut(run), self.calls.get_mut(call)) else {
            return;
        };
        let others = if is_call {
            of.is_open = open;
            &mut self.closed
        } else {
            run.is_open = open;
            &mut self.opened
        };
        others.retain(|other| *other != number);
        if open != is_call {
            others.push(number);
        }
        self.count_from(call);
    }

    /// The row at a place, from 0.
    pub fn at(&self, place: u64) -> Option<Row> {
        let row = self.begin().checked_add(place)?;
        if row >= self.end() {
            return None;
        }
        let index = self.calls.partition_point(|call| call.row <= row) - 1;
        let call = self.calls.get(index)?;
        let runs = self.runs_of(index);
        if row == call.row {
            let start = self.runs.get(runs.start)?.start;
            let places = start..self.run_end(runs.end.checked_sub(1)?);
            return Some(Row {
                number: self.number(places.end - 1)?,
                group: self.group(places, call.is_open),
                level: 1,
                above: 0,
                goes_on: index + 1 == self.calls.len(),
            });
        }
        let index = self.runs.partition_point(|run| run.row <= row) - 1;
        let run = self.runs.get(index)?;
        let places = run.start..self.run_end(index);
        let is_group = places.end - places.start >= GROUPED;
        let below = row - run.row;
        let goes_on = index + 1 == self.runs.len();
        if is_group && below == 0 {
            return Some(Row {
                number: self.number(places.end - 1)?,
                group: self.group(places, run.is_open),
                level: 2,
                above: row - call.row,
                goes_on,
            });
        }
        Some(Row {
            number: self.number(run.start + below - u64::from(is_group))?,
            group: None,
            level: 2 + u8::from(is_group),
            above: if is_group { below } else { row - call.row },
            goes_on: goes_on && !is_group,
        })
    }

    /// The places of the calls, counted from the first that has ever passed.
    fn places(&self) -> Range<u64> {
        self.forgotten..self.forgotten + self.passed()
    }

    /// The first row.
    fn begin(&self) -> u64 {
        self.calls.front().map_or(FIRST_ROW, |call| call.row)
    }

    /// The row behind the last one.
    fn end(&self) -> u64 {
        match (self.calls.back(), self.runs.back()) {
            (Some(call), Some(run)) if call.is_open => run.row + self.height(self.runs.len() - 1),
            (Some(call), _) => call.row + 1,
            _ => FIRST_ROW,
        }
    }

    /// The place behind the last call of a run.
    fn run_end(&self, run: usize) -> u64 {
        let next = self.runs.get(run + 1);
        next.map_or(self.places().end, |next| next.start)
    }

    /// How many rows a run has when it is not folded away.
    fn height(&self, run: usize) -> u64 {
        let Some(it) = self.runs.get(run) else {
            return 0;
        };
        match self.run_end(run) - it.start {
            count @ 0..GROUPED => count,
            count if it.is_open => count + 1,
            _ => 1,
        }
    }

    fn runs_of(&self, call: usize) -> Range<usize> {
        let at = |call: &Call| usize::try_from(call.run.saturating_sub(self.forgotten_runs));
        let start = self.calls.get(call).map_or(Ok(0), at);
        let end = self.calls.get(call + 1).map_or(Ok(self.runs.len()), at);
        start.unwrap_or_default()..end.unwrap_or_default()
    }

    /// Counts the rows from a call of an export on.
    fn count_from(&mut self, call: usize) {
        let mut row = self.calls.get(call).map_or(FIRST_ROW, |call| call.row);
        for call in call..self.calls.len() {
            let runs = self.runs_of(call);
            let Some(call) = self.calls.get_mut(call) else {
                return;
            };
            call.row = row;
            row += 1;
            let is_open = call.is_open;
            for run in runs {
                let height = self.height(run);
                if let Some(run) = self.runs.get_mut(run) {
                    run.row = row;
                }
                if is_open {
                    row += height;
                }
            }
        }
    }

    fn passed_at(&self, place: u64) -> Option<&Passed> {
        let place = place.checked_sub(self.forgotten)?;
        self.passed.get(usize::try_from(place).ok()?)
    }

    fn number(&self, place: u64) -> Option<u64> {
        Some(self.passed_at(place)?.number)
    }

    fn group(&self, places: Range<u64>, is_open: bool) -> Option<Group> {
        let before = places.start.checked_sub(1);
        let before = before.and_then(|place| self.passed_at(place));
        let before = before.map_or(self.elapsed, |call| call.elapsed);
        let last = self.passed_at(places.end.checked_sub(1)?)?;
        Some(Group {
            first: self.number(places.start)?,
            count: places.end - places.start,
            elapsed: last.elapsed.wrapping_sub(before),
            is_open,
        })
    }
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
