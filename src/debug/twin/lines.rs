//! The lines of a function, as its instructions are gone through: where each is looked at, and where it has to be noted.
//!
//! What is looked at is not noted: the host does that where the guest asks it. It is noted before whatever may end a slice
//! or trap, unless the same line is noted already on each way that leads there.

use super::Line;
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
    /// What has been noted on the way to the instruction; `None`: none leads there.
    way: Option<Way>,
    labels: Vec<Label>,
    /// Where the instructions begin that have done nothing so far that could be seen from outside: a row may be looked at there
    /// as well. In the middle of an expression that would cost more.
    quiet: usize,
    /// The point at which the rows since then are looked at, and how many are.
    group: Option<(usize, u32)>,
}

/// What has been noted on each way that leads somewhere.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// The line of the place that is noted; `None`: it may be one or another.
    line: Option<u32>,
    /// Whether something was noted since the innermost loop began its turn: a slice that ends then is within the loop.
    is_within: bool,
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

/// Where a row is looked at.
pub(super) enum Looked {
    /// Together with others, at this point.
    With(usize),
    /// At this offset in the body.
    At(usize),
}

impl<'a> Lines<'a> {
    /// Those of the function at `place`, whose first instruction is at `first` in its body.
    pub(super) fn new(place: u32, lines: &'a [Line], first: usize) -> Self {
        let skipped = lines.partition_point(|line| line.0 < place);
        Self {
            place,
            rest: lines.get(skipped..).unwrap_or_default(),
            line: 0,
            is_new: false,
            told: 0,
            way: Some(Way {
                line: None,
                is_within: true,
            }),
            labels: vec![Label::default()],
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
        // Where the guest asks, the host notes the place.
        if let Some(way) = &mut self.way {
            way.line = way.line.filter(|line| *line == self.line);
        }
        if let Some((point, count)) = &mut self.group
            && *count < TOGETHER
        {
            *count += 1;
            return Looked::With(*point);
        }
        self.group = Some((next, 1));
        Looked::At(self.quiet)
    }

    /// The place has been noted, and is of the line that the code is at.
    pub(super) fn is_noted(&mut self) {
        if let Some(way) = &mut self.way {
            (way.line, way.is_within) = (Some(self.line), true);
        }
    }

    /// Whether the place has to be noted before this instruction, which does not do so anyway.
    pub(super) fn is_due(&self, op: Op) -> bool {
        let Some(way) = &self.way else { return false };
        match op {
            Op::Memory | Op::Bulk { .. } | Op::GrowMemory(_) => way.line != Some(self.line),
            // A slice may end there.
            Op::If | Op::Loop => !way.is_within,
            Op::Branch(label) | Op::BranchIf(label) => {
                !way.is_within && self.label(label).is_some_and(|it| it.is_loop)
            }
            Op::Branches(outermost) => {
                let mut labels = self.labels.iter().rev().take(outermost as usize + 1);
                !way.is_within && labels.any(|label| label.is_loop)
            }
            _ => false,
        }
    }

    fn label(&self, label: u32) -> Option<&Label> {
        self.labels.iter().rev().nth(label as usize)
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

    /// What has been noted on the way behind the instruction.
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
                self.way = self.way.map(|_| Way {
                    line: None,
                    is_within: false,
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
                self.way = match label.is_loop {
                    // Something was noted before it.
                    true => self.way.map(|way| Way {
                        is_within: true,
                        ..way
                    }),
                    false => meet(meet(label.ends, label.skips), self.way),
                };
            }
            Op::Return | Op::TailCall | Op::Branches(_) => self.way = None,
            _ if matches!(opcode, write::UNREACHABLE | write::BR) => self.way = None,
            _ => {}
        }
    }
}

/// What has been noted where two ways meet.
fn meet(one: Option<Way>, other: Option<Way>) -> Option<Way> {
    let (Some(a), Some(b)) = (one, other) else {
        return one.or(other);
    };
    Some(Way {
        line: a.line.filter(|line| b.line == Some(*line)),
        is_within: a.is_within && b.is_within,
    })
}
