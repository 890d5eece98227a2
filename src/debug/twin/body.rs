//! One function of the twin: what it does, and before that what notes where it is.

use super::Line;
use super::kept::{self, Slot, Slots};
use super::lines::{Lines, Looked};
use super::turns::{self, Turns};
use crate::rewrite::bodies::Head;
use crate::rewrite::code::{Code, Op};
use crate::rewrite::outline::Type;
use crate::rewrite::write::{self, constant, op};

/// Bytes of a frame that keeps none: the place.
pub(super) const FRAME: u32 = 4;

/// What the probes name: indices in the twin.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Probes {
    /// The memory of the rows and the frames.
    pub(super) memory: u32,
    /// Where the next frame begins.
    pub(super) top: u32,
    /// Where a function that calls none is; 0: in none.
    pub(super) leaf: u32,
    /// The type of the function that is called at a row whose bit is set, and the table that it is in.
    pub(super) at_type: u32,
    pub(super) at_table: u32,
    /// Whether there are rows, and each function has a frame that keeps its locals.
    pub(super) debug: bool,
    /// Whether it keeps its parameters, too.
    pub(super) params: bool,
}

/// What all functions are written with.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) probes: Probes,
    /// The rows so far: where each is, and its line.
    pub(super) rows: Vec<Line>,
    points: Vec<Point>,
    slots: Slots,
}

/// A function as it is.
pub(super) struct Body<'a> {
    pub(super) bytes: &'a [u8],
    /// Where it is in the contents of the code section.
    pub(super) place: u32,
    pub(super) ty: &'a Type,
    /// What a block of the function's results has as its type.
    pub(super) block: &'a [u8],
    /// The locals that its frame keeps, if it is debugged.
    pub(super) kept: &'a [u32],
    /// The lines from where it begins, or before, on.
    pub(super) lines: &'a [Line],
    /// The stores in it whose value is moved through a local; offsets in `bytes`.
    pub(super) moved: &'a [usize],
    /// Whether the engine would run it no longer if it grew.
    pub(super) is_tight: bool,
}

/// Where something is put into the code.
#[derive(Clone, Copy, Debug, Default)]
struct Point {
    at: usize,
    rows: Option<Rows>,
    /// The place that is noted, and the locals that are stored before.
    note: Option<u32>,
    stale: u64,
    leave: bool,
    moved: bool,
    /// A local that was written before, and is stored at once.
    keeps: Option<Slot>,
}

/// Rows that are looked at together.
#[derive(Clone, Copy, Debug, Default)]
struct Rows {
    /// The first one, and how many they are.
    first: usize,
    count: usize,
    /// The locals that are stored before the host is asked, and the place that is noted again behind.
    stale: u64,
    again: Option<u32>,
}

/// How a function says where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Not at all.
    Silent,
    /// By a global, since it calls no other.
    Leaf,
    /// By a frame, whose address it has in a local.
    Framed,
}

/// What a first look at a function finds.
#[derive(Default)]
struct Facts {
    head: Head,
    /// Where its last `end` begins.
    last: usize,
    calls: bool,
    /// Whether it may trap or go on for long.
    may_end: bool,
    /// Whether something branches to the function's own label.
    own_label: bool,
    /// What the function notes first.
    entry: Option<u32>,
    /// The locals that its frame does not have then.
    later: u64,
}

impl Writer {
    pub(super) fn new(probes: Probes) -> Self {
        Self {
            probes,
            ..Self::default()
        }
    }

    /// Appends the function, with its size; gives the bytes of its frame.
    pub(super) fn function(&mut self, body: &Body<'_>, to: &mut Vec<u8>) -> Option<u32> {
        self.points.clear();
        self.slots = match self.probes.debug && !body.is_tight {
            true => Slots::of(body, self.probes.params),
            false => Slots::default(),
        };
        let facts = self.look(body)?;
        let head = &facts.head;
        let kind = match () {
            () if body.is_tight => Kind::Silent,
            () if facts.calls || self.probes.debug => Kind::Framed,
            () if facts.may_end => Kind::Leaf,
            () => Kind::Silent,
        };
        if kind == Kind::Silent && body.moved.is_empty() {
            write::count(to, body.bytes.len());
            to.extend(body.bytes);
            return Some(0);
        }
        let frame = match kind {
            Kind::Framed if self.probes.debug => self.slots.frame(),
            Kind::Framed => FRAME,
            Kind::Leaf | Kind::Silent => 0,
        };
        let mut out = Vec::with_capacity(body.bytes.len() + 64 + 8 * self.points.len());
        let own = u32::from(kind == Kind::Framed) + u32::from(!body.moved.is_empty());
        write::number(&mut out, head.groups + u32::from(own > 0));
        out.extend(body.bytes.get(head.declared..head.first)?);
        if own > 0 {
            write::number(&mut out, own);
            out.push(write::I32);
        }
        let mut function = Function {
            probes: &self.probes,
            kind,
            fp: body.ty.params.count + head.locals,
            out,
        };
        let at_first = self.slots.at_first(facts.later);
        function.enter(facts.entry.unwrap_or(body.place), frame, at_first);
        let wrapped = facts.own_label && kind != Kind::Silent;
        if wrapped {
            function.out.push(write::BLOCK);
            function.out.extend(body.block);
        }
        let mut from = head.first;
        for point in &self.points {
            function.out.extend(body.bytes.get(from..point.at)?);
            from = point.at;
            if let Some(slot) = point.keeps {
                function.keep(slot);
            }
            if let Some(rows) = &point.rows {
                let its = self.rows.get(rows.first..rows.first + rows.count)?;
                function.look_at(rows, its, &self.slots)?;
            }
            function.keep_all(point.stale, &self.slots);
            if let Some(place) = point.note {
                function.note(place);
            }
            if point.moved {
                let local = function.fp + u32::from(kind == Kind::Framed);
                op(&mut function.out, write::LOCAL_SET, local);
                op(&mut function.out, write::LOCAL_GET, local);
            }
            if point.leave {
                function.leave();
            }
        }
        function.out.extend(body.bytes.get(from..facts.last)?);
        if wrapped {
            function.out.push(write::END);
        }
        function.leave();
        function.out.push(write::END);
        write::count(to, function.out.len());
        to.extend(function.out);
        Some(frame)
    }

    /// Goes through the function once, for the points where something is put in.
    fn look(&mut self, body: &Body<'_>) -> Option<Facts> {
        let mut facts = Facts::default();
        let mut code = Code::new(body.bytes);
        facts.head = Head::read(&mut code)?;
        let is_debugged = self.probes.debug && !body.is_tight;
        let turns = match is_debugged {
            true => Turns::read(body, code, &self.slots)?,
            false => Turns::default(),
        };
        facts.later = self.slots.later(turns.once);
        let (first, later) = (facts.head.first, facts.later);
        let mut lines = Lines::new(body.place, body.lines, first, turns, later);
        let (mut depth, mut before) = (0_u32, Op::Plain);
        let mut moved = body.moved.iter().copied().peekable();
        loop {
            let at = code.at();
            let now = code.next()?;
            let mut point = Point {
                at,
                ..Point::default()
            };
            match now {
                Op::Block | Op::If | Op::Loop => {
                    depth = depth.checked_add(1)?;
                    facts.may_end |= now == Op::Loop;
                }
                Op::End if depth == 0 => {
                    facts.last = at;
                    // What is behind the last `end` would be lost.
                    return (code.at() == body.bytes.len()).then_some(facts);
                }
                Op::End => depth -= 1,
                Op::Branch(label) | Op::BranchIf(label) | Op::Branches(label) => {
                    facts.own_label |= label == depth;
                }
                Op::Return | Op::TailCall => point.leave = true,
                Op::Call => facts.calls = true,
                // wasmi has no exceptions.
                Op::Try(_) | Op::Catch | Op::Delegate | Op::Throw => return None,
                _ => {}
            }
            let is_exact = turns::is_exact(now, before);
            facts.may_end |= is_exact || turns::is_in_line(now);
            point.moved = moved.next_if_eq(&at).is_some();
            let mut keeps = None;
            let place = body.place.checked_add(u32::try_from(at).ok()?)?;
            if is_debugged {
                self.look_for_lines(&mut lines, now, &mut point, &mut facts);
                let due = lines.due(now, place, is_exact);
                (point.note, point.stale) = (due.note, due.stale);
                let written = self.slots.written(body.bytes, at);
                let is_quiet = match now {
                    // Whoever looks at a line sees what those before it have done.
                    _ if written.is_some() => false,
                    Op::Plain | Op::Constant(_) | Op::Block => true,
                    Op::Divide { .. } => !is_exact,
                    _ => false,
                };
                match written {
                    Some(index) if facts.later >> index & 1 == 1 => lines.writes(1 << index),
                    Some(index) => keeps = self.slots.kept().get(index).copied(),
                    None => {}
                }
                lines.pass(now, *body.bytes.get(at)?, is_quiet, code.at());
            } else {
                point.note = is_exact.then_some(place);
            }
            if body.is_tight {
                (point.note, point.leave) = (None, false);
            }
            if point.does_something() {
                self.points.push(point);
            }
            if keeps.is_some() {
                self.points.push(Point {
                    at: code.at(),
                    keeps,
                    ..Point::default()
                });
            }
            before = now;
        }
    }

    /// Says at `point`, or before, that the line is looked at where the instruction `now` begins it.
    fn look_for_lines(
        &mut self,
        lines: &mut Lines<'_>,
        now: Op,
        point: &mut Point,
        facts: &mut Facts,
    ) {
        let Some(line) = lines.begins(point.at, now) else {
            return;
        };
        let first = self.rows.len();
        self.rows.push(line);
        let (stale, again) = lines.asked();
        let is_first = match lines.look_at(self.points.len()) {
            Looked::With(point) => {
                // When one of them asks, all do, and this one last.
                let is_first = point == 0 && facts.entry.is_some();
                let joined = self.points.get_mut(point);
                if let Some(rows) = joined.and_then(|point| point.rows.as_mut()) {
                    rows.count += 1;
                    rows.again = again.filter(|_| !is_first);
                }
                is_first
            }
            Looked::At(at) => {
                let rows = Some(Rows {
                    first,
                    count: 1,
                    stale,
                    again,
                });
                let is_first = at == facts.head.first && self.points.is_empty();
                match at == point.at {
                    true => point.rows = rows,
                    false => self.points.push(Point {
                        at,
                        rows,
                        ..Point::default()
                    }),
                }
                is_first
            }
        };
        if is_first {
            facts.entry = Some(line.0);
            lines.begins_at(line.0);
        }
    }
}

impl Point {
    fn does_something(&self) -> bool {
        let notes = self.note.is_some() || self.stale != 0;
        notes || self.leave || self.moved || self.rows.is_some()
    }
}

/// A function that is being written.
struct Function<'a> {
    probes: &'a Probes,
    kind: Kind,
    /// The local with the address of the frame, if there is one.
    fp: u32,
    out: Vec<u8>,
}

impl Function<'_> {
    /// It begins: its frame shows nothing of one that was there before.
    fn enter(&mut self, place: u32, frame: u32, slots: impl Iterator<Item = Slot>) {
        if self.kind == Kind::Framed {
            let out = &mut self.out;
            op(out, write::GLOBAL_GET, self.probes.top);
            op(out, write::LOCAL_TEE, self.fp);
            constant(out, frame);
            out.push(write::I32_ADD);
            op(out, write::GLOBAL_SET, self.probes.top);
            for slot in slots {
                self.keep(slot);
            }
        }
        self.note(place);
    }

    /// A local is as it is.
    fn keep(&mut self, slot: Slot) {
        if self.kind == Kind::Framed {
            kept::store(slot, self.fp, self.probes.memory, &mut self.out);
        }
    }

    /// These locals are as they are.
    fn keep_all(&mut self, mut which: u64, slots: &Slots) {
        while let Some(slot) = slots.kept().get(which.trailing_zeros() as usize) {
            self.keep(*slot);
            which &= which - 1;
        }
    }

    /// It is at this place.
    fn note(&mut self, place: u32) {
        let out = &mut self.out;
        match self.kind {
            Kind::Framed => {
                op(out, write::LOCAL_GET, self.fp);
                constant(out, place);
                write::access(out, write::I32_STORE, 2, self.probes.memory, 0);
            }
            Kind::Leaf => {
                constant(out, place);
                op(out, write::GLOBAL_SET, self.probes.leaf);
            }
            Kind::Silent => {}
        }
    }

    /// Where the bit of one of these rows is set, the host is asked at each of them.
    fn look_at(&mut self, rows: &Rows, lines: &[Line], slots: &Slots) -> Option<()> {
        let out = &mut self.out;
        constant(out, 0);
        let (opcode, is_wide) = match rows.count {
            0 | 1 => (write::I32_LOAD8_U, false),
            2 => (write::I32_LOAD16_U, false),
            3 | 4 => (write::I32_LOAD, false),
            _ => (write::I64_LOAD, true),
        };
        let first = u32::try_from(rows.first).ok()?;
        write::access(out, opcode, 0, self.probes.memory, first);
        if is_wide {
            out.extend([write::I64_CONST, 0, write::I64_NE]);
        }
        out.extend([write::IF, write::NOTHING]);
        self.keep_all(rows.stale, slots);
        for (place, _) in lines {
            constant(&mut self.out, *place);
            write::call_indirect(&mut self.out, self.probes.at_type, self.probes.at_table);
        }
        if let Some(place) = rows.again {
            self.note(place);
        }
        self.out.push(write::END);
        Some(())
    }

    /// It is left.
    fn leave(&mut self) {
        let out = &mut self.out;
        match self.kind {
            Kind::Framed => {
                op(out, write::LOCAL_GET, self.fp);
                op(out, write::GLOBAL_SET, self.probes.top);
            }
            Kind::Leaf => {
                constant(out, 0);
                op(out, write::GLOBAL_SET, self.probes.leaf);
            }
            Kind::Silent => {}
        }
    }
}
