//! The lines of a function, as its instructions are gone through: where each is looked at, and where it has to be noted.
//!
//! What is looked at is not noted: the host does that where the guest asks it, and then the guest notes again what it has noted before.
//! It is noted before whatever may trap, unless the same line is noted already on each way that leads there, and before a loop, in which a
//! slice may end: a place in it. Locals that are kept are stored where the frame may be looked at, not where they are written.

use super::Line;
use super::turns::{self, Turns};
use crate::rewrite::code::Op;
use crate::rewrite::write;

/// Rows that are looked at together, at most: the bytes of the largest number that is loaded.
const TOGETHER: u32 = 8;

pub(super) struct Lines<'a> {
    place: u32,
    rest: &'a [Line],
    /// The line that the code is at; 0: none.
    line: u32,
    /// Whether it begins with the next instruction.
    is_new: bool,
    /// The line that has a row, since paths met last.
    told: u32,
    /// What has been done on the way to the instruction; `None`: none leads there.
    way: Option<Way>,
    labels: Vec<Label>,
    turns: Turns,
    /// How many of the loops have begun.
    begun: usize,
    /// Where the instructions begin that have done nothing so far that could be seen from outside: a row may be looked at there
    /// as well. In the middle of an expression that would cost more.
    quiet: usize,
    /// The point at which the rows since then are looked at, and how many are.
    group: Option<(usize, u32)>,
}

/// What has been done on each way that leads somewhere.
#[derive(Clone, Copy, Debug, Default)]
struct Way {
    /// The place that is noted, and its line; `None`: it may be of one line or another.
    noted: Option<(u32, u32)>,
    /// The locals that the frame may have otherwise.
    stale: u64,
}

impl Way {
    fn is_at(&self, line: u32) -> bool {
        self.noted.is_some_and(|(_, noted)| noted == line)
    }
}

/// A label that is open.
#[derive(Clone, Copy, Debug, Default)]
struct Label {
    is_loop: bool,
    /// On the ways that branch to where it ends.
    ends: Option<Way>,
    /// On the way to an `if` that has no `else` so far.
    skips: Option<Way>,
}

/// What is to be done before an instruction.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Due {
    /// The place that is noted.
    pub(super) note: Option<u32>,
    /// The locals that are stored.
    pub(super) stale: u64,
}

/// Where a row is looked at.
pub(super) enum Looked {
    /// Together with others, at this point.
    With(usize),
    /// At this offset in the body.
    At(usize),
}

impl<'a> Lines<'a> {
    /// Those of the function at `place`, whose first instruction is at `first` in its body. Its frame does not have the locals `stale` at first.
    pub(super) fn new(
        place: u32,
        lines: &'a [Line],
        first: usize,
        turns: Turns,
        stale: u64,
    ) -> Self {
        let skipped = lines.partition_point(|line| line.0 < place);
        Self {
            place,
            rest: lines.get(skipped..).unwrap_or_default(),
            line: 0,
            is_new: false,
            told: 0,
            way: Some(Way { noted: None, stale }),
            labels: vec![Label::default()],
            turns,
            begun: 0,
            quiet: first,
            group: None,
        }
    }

    /// The line that begins at the instruction `op` at `at`.
    pub(super) fn begins(&mut self, at: usize, op: Op) -> Option<Line> {
        let place = self.place + u32::try_from(at).unwrap_or(u32::MAX - self.place);
        while let [(begins, line), rest @ ..] = self.rest
            && *begins <= place
        {
            (self.line, self.is_new, self.rest) = (*line, true, rest);
        }
        // These end one path, or are passed once where what follows is passed many times: what follows says it.
        if matches!(op, Op::End | Op::Else | Op::Loop) {
            self.told = 0;
            return None;
        }
        if !std::mem::take(&mut self.is_new) {
            return None;
        }
        let told = std::mem::replace(&mut self.told, self.line);
        (self.line != 0 && told != self.line).then_some((place, self.line))
    }

    /// Where that line, which is to have the point `next` unless it joins others, is looked at.
    pub(super) fn look_at(&mut self, next: usize) -> Looked {
        if let Some((point, count)) = &mut self.group
            && *count < TOGETHER
        {
            *count += 1;
            return Looked::With(*point);
        }
        self.group = Some((next, 1));
        Looked::At(self.quiet)
    }

    /// What the guest does where it asks the host about that line: it stores these locals before, and notes this place behind.
    pub(super) fn asked(&self) -> (u64, Option<u32>) {
        let way = self.way.unwrap_or_default();
        let other = way.noted.filter(|_| !way.is_at(self.line));
        (way.stale, other.map(|(place, _)| place))
    }

    /// The function begins at this place, which is of the line that the code is at.
    pub(super) fn begins_at(&mut self, place: u32) {
        if let Some(way) = &mut self.way {
            way.noted = Some((place, self.line));
        }
    }

    /// A local is written that is not stored there.
    pub(super) fn writes(&mut self, local: u64) {
        if let Some(way) = &mut self.way {
            way.stale |= local;
        }
    }

    /// What is to be done before the instruction `op` at `place`. `is_exact`: the place is noted in any case.
    pub(super) fn due(&mut self, op: Op, place: u32, is_exact: bool) -> Due {
        let turn = match op {
            Op::Loop => self.turns.loops.get(self.begun).copied(),
            _ => None,
        };
        self.begun += usize::from(op == Op::Loop);
        let Some(way) = &mut self.way else {
            let note = is_exact.then_some(place);
            return Due { note, stale: 0 };
        };
        let turn = turn.unwrap_or_default();
        let mut due = Due::default();
        if is_exact || turn.is_exact {
            due.stale = std::mem::take(&mut way.stale);
        }
        let at = match op {
            _ if is_exact => Some((place, self.line)),
            Op::Loop if turn.is_noting => None,
            Op::Loop => turn.at.filter(|(_, line)| !way.is_at(*line)),
            _ if turns::is_in_line(op) && !way.is_at(self.line) => Some((place, self.line)),
            _ => None,
        };
        way.noted = at.or(way.noted);
        due.note = at.map(|(place, _)| place);
        if op == Op::Loop {
            way.noted = way.noted.filter(|_| turn.is_one && !turn.is_noting);
            way.stale |= turn.written;
        }
        due
    }

    /// The instruction is done. `is_quiet`: nobody could tell.
    pub(super) fn pass(&mut self, op: Op, opcode: u8, is_quiet: bool, behind: usize) {
        self.follow(op, opcode);
        let ends_statement = matches!(opcode, write::DROP | write::LOCAL_SET);
        if !is_quiet {
            (self.quiet, self.group) = (behind, None);
        } else if ends_statement && self.group.is_none() {
            self.quiet = behind;
        }
    }

    /// What has been done on the way behind the instruction.
    fn follow(&mut self, op: Op, opcode: u8) {
        let branches = match op {
            Op::Branch(label) | Op::BranchIf(label) => label..label.saturating_add(1),
            Op::Branches(outermost) => 0..outermost.saturating_add(1),
            _ => 0..0,
        };
        let (first, count) = (branches.start as usize, branches.len());
        for label in self.labels.iter_mut().rev().skip(first).take(count) {
            label.ends = meet(label.ends, self.way);
        }
        match op {
            Op::Block => self.labels.push(Label::default()),
            Op::If => self.labels.push(Label {
                skips: self.way,
                ..Label::default()
            }),
            Op::Loop => {
                self.labels.push(Label {
                    is_loop: true,
                    ..Label::default()
                });
            }
            Op::Else => {
                if let Some(label) = self.labels.last_mut() {
                    label.ends = meet(label.ends, self.way);
                    self.way = label.skips.take();
                }
            }
            Op::End => {
                let label = self.labels.pop().unwrap_or_default();
                if !label.is_loop {
                    self.way = meet(meet(label.ends, label.skips), self.way);
                }
            }
            Op::Return | Op::TailCall | Op::Branches(_) => self.way = None,
            _ if matches!(opcode, write::UNREACHABLE | write::BR) => self.way = None,
            _ => {}
        }
    }
}

/// What has been done where two ways meet.
fn meet(one: Option<Way>, other: Option<Way>) -> Option<Way> {
    let (Some(a), Some(b)) = (one, other) else {
        return one.or(other);
    };
    Some(Way {
        noted: a.noted.filter(|(_, line)| b.is_at(*line)),
        stale: a.stale | b.stale,
    })
}
