//! What happens in the turns of a function's loops, which has to be known where a loop begins: a first look at a function that
//! is debugged.

use super::body::Body;
use super::kept::Slots;
use crate::rewrite::code::{Code, Op};

/// Lines in which a turn begins, at most: more are not looked at.
const LEADS: usize = 4;

/// A loop.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Turn {
    /// Where whoever leaves off in the loop is said to be: a place that each turn comes by first, and its line.
    pub(super) at: Option<(u32, u32)>,
    /// Whether nothing in it notes another line.
    pub(super) is_one: bool,
    /// Whether each turn notes something before it may go one way or another, so that nothing need be noted before the loop.
    pub(super) is_noting: bool,
    /// Whether its frame may be looked at where it has noted exactly where it is.
    pub(super) is_exact: bool,
    /// The locals that are kept and written in it.
    pub(super) written: u64,
}

/// The loops of a function, in the order in which they begin.
#[derive(Debug, Default)]
pub(super) struct Turns {
    pub(super) loops: Vec<Turn>,
    /// The locals that are kept and written by one instruction.
    pub(super) once: u64,
}

/// Whether the place of an instruction that comes behind `before` is noted, whatever was noted before: it calls, or traps where it is.
pub(super) fn is_exact(op: Op, before: Op) -> bool {
    match op {
        Op::Call | Op::TailCall | Op::Trap | Op::Elements(_) => true,
        Op::Divide { overflows } => match before {
            Op::Constant(0) => true,
            Op::Constant(-1) => overflows,
            before => !matches!(before, Op::Constant(_)),
        },
        _ => false,
    }
}

/// Whether its line is noted, since a guest may end there: somewhere in the line.
pub(super) fn is_in_line(op: Op) -> bool {
    matches!(op, Op::Memory | Op::Bulk { .. } | Op::GrowMemory(_))
}

/// The lines that are noted in a loop.
#[derive(Clone, Copy, Default)]
enum Noted {
    #[default]
    None,
    One(u32),
    More,
}

impl Noted {
    fn add(&mut self, line: u32) {
        *self = match *self {
            Self::None => Self::One(line),
            Self::One(one) if one == line => return,
            _ => Self::More,
        };
    }

    fn add_all(&mut self, others: Self) {
        match others {
            Self::None => {}
            Self::One(line) => self.add(line),
            Self::More => *self = Self::More,
        }
    }
}

/// A loop that is gone through.
struct Open {
    /// Its number.
    index: usize,
    noted: Noted,
    /// The lines that each turn comes by before it may go one way or another, with a place of each.
    leads: Vec<(u32, u32)>,
    /// Whether more may come.
    is_leading: bool,
    turn: Turn,
}

impl Turns {
    /// Those of a function whose instructions are `code`.
    pub(super) fn read(body: &Body<'_>, mut code: Code<'_>, slots: &Slots) -> Option<Self> {
        let mut turns = Self::default();
        let (mut written, mut before) = (0_u64, Op::Plain);
        let skipped = body.lines.partition_point(|line| line.0 < body.place);
        let mut rest = body.lines.get(skipped..).unwrap_or_default();
        let mut line = 0;
        // The labels, whether each is a loop's.
        let (mut labels, mut open) = (Vec::new(), Vec::<Open>::new());
        loop {
            let at = code.at();
            let now = code.next()?;
            let place = body.place.checked_add(u32::try_from(at).ok()?)?;
            while let [(begins, next), behind @ ..] = rest
                && *begins <= place
            {
                (line, rest) = (*next, behind);
            }
            let kept = slots.written(body.bytes, at).map_or(0, |index| 1 << index);
            turns.once = (turns.once | kept) & !(written & kept);
            written |= kept;
            if let Some(within) = open.last_mut() {
                within.pass(now, before, (line, place));
                within.turn.written |= kept;
            }
            match now {
                Op::Block | Op::If => labels.push(false),
                Op::Loop => {
                    labels.push(true);
                    open.push(Open {
                        index: turns.loops.len(),
                        noted: Noted::None,
                        leads: Vec::new(),
                        is_leading: true,
                        turn: Turn::default(),
                    });
                    turns.loops.push(Turn::default());
                }
                Op::End => match labels.pop() {
                    Some(true) => turns.close(open.pop()?, open.last_mut()),
                    Some(false) => {}
                    None => return Some(turns),
                },
                _ => {}
            }
            before = now;
        }
    }

    /// A loop ends, within another one if there is one.
    fn close(&mut self, open: Open, around: Option<&mut Open>) {
        let Open {
            noted,
            leads,
            mut turn,
            ..
        } = open;
        let its = |line: u32| leads.iter().find(|lead| lead.0 == line);
        let known = leads.iter().find(|lead| lead.0 != 0).or(leads.first());
        let lead = match noted {
            Noted::None => known.map(|lead| (lead, true)),
            Noted::One(line) => its(line).map(|lead| (lead, true)),
            Noted::More => None,
        };
        let lead = lead.or_else(|| Some((known?, false)));
        if let Some(((line, place), is_one)) = lead {
            (turn.at, turn.is_one) = (Some((*place, *line)), is_one);
        }
        if let Some(slot) = self.loops.get_mut(open.index) {
            *slot = turn;
        }
        if let Some(around) = around {
            around.noted.add_all(noted);
            if let Some((_, line)) = turn.at {
                around.noted.add(line);
            }
            around.turn.is_exact |= turn.is_exact;
            around.turn.written |= turn.written;
            if around.leads.is_empty() {
                around.leads = leads;
            }
        }
    }
}

impl Open {
    /// An instruction of it, where it is.
    fn pass(&mut self, op: Op, before: Op, (line, place): (u32, u32)) {
        let is_exact = is_exact(op, before);
        if is_exact || is_in_line(op) {
            self.turn.is_exact |= is_exact;
            // One line that is noted once and for all is less than one that each turn notes.
            self.turn.is_noting |= self.is_leading && is_exact;
            self.noted.add(line);
        }
        let is_new = || self.leads.iter().all(|lead| lead.0 != line);
        let is_there = !matches!(op, Op::Loop | Op::Else | Op::End);
        if self.is_leading && is_there && self.leads.len() < LEADS && is_new() {
            self.leads.push((line, place));
        }
        self.is_leading &= !matches!(
            op,
            Op::Branch(_)
                | Op::BranchIf(_)
                | Op::Branches(_)
                | Op::If
                | Op::Else
                | Op::End
                | Op::Loop
                | Op::Return
                | Op::TailCall
        );
    }
}
