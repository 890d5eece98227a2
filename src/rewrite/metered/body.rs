//! One function of the metered module: what it does, and what it charges for that.

use super::Parts;
use crate::rewrite::bodies::Head;
use crate::rewrite::code::{Code, Op};
use crate::rewrite::outline::{Outline, Type};
use crate::rewrite::write::{self, constant, op};

/// What is charged for bytes that are moved: a unit for 64, as a power of 2.
const BYTES: u32 = 6;
/// The same for elements of tables and arrays, which count as 8 bytes.
const ELEMENTS: u32 = 3;

/// A function as it is.
pub(super) struct Body<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) ty: &'a Type,
    /// What a block of the function's results has as its type.
    pub(super) block: &'a [u8],
}

/// Where something is put into the code.
#[derive(Clone, Copy, Debug, Default)]
struct Point {
    /// Before the instruction that begins here.
    at: usize,
    /// A call has returned.
    called: bool,
    /// An exception may have been caught.
    caught: bool,
    block: Option<Block>,
    act: Act,
}

/// Instructions that are all executed if the first one is, unless one of them ends the call.
#[derive(Clone, Copy, Debug, Default)]
struct Block {
    cost: u32,
    /// Whether it is looked at whether there is fuel left.
    checks: bool,
}

/// What is done before an instruction because of what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Act {
    #[default]
    Nothing,
    /// The function calls another one, or throws.
    Call,
    /// The function is left.
    Leave,
    /// The uppermost operand says how much is to be done: whether it is an `i64`, and what is charged for it.
    Bulk { is_64: bool, shift: u32 },
    /// A function of the module's own is called in its place, up to where the next one begins.
    Replace { function: u32, next: usize },
}

/// What a look at a function finds.
#[derive(Default)]
struct Facts {
    head: Head,
    /// Where its last `end` begins.
    last: usize,
    calls: bool,
    loops: bool,
    catches: bool,
    /// Whether something branches to the function's own label.
    own_label: bool,
    bulk_32: bool,
    bulk_64: bool,
    points: Vec<Point>,
}

/// Appends the function without its size; tells for each place where something is put in how much of the original stands before it,
/// and how much of what is written.
pub(super) fn write(
    body: &Body<'_>,
    outline: &Outline,
    parts: &Parts,
    out: &mut Vec<u8>,
    mut put_in: impl FnMut(usize, usize),
) -> Option<()> {
    let facts = look(body, outline, parts)?;
    let head = &facts.head;
    // Where nothing loops, the fuel is looked at too seldom for a copy of it to be worth its while; behind an exception it
    // would be out of date.
    let copies = facts.loops && !facts.catches;
    let mut next = body.ty.params.count.checked_add(head.locals)?;
    let mut local = |wanted: bool| {
        let index = next;
        next += u32::from(wanted);
        wanted.then_some(index)
    };
    let fuel = local(copies);
    let depth = local(facts.catches && facts.calls);
    let bulk_32 = local(facts.bulk_32);
    let added = [fuel, depth, bulk_32].iter().flatten().count();
    let bulk_64 = local(facts.bulk_64);

    let begin = out.len();
    let groups = head.groups + u32::from(added > 0) + u32::from(facts.bulk_64);
    write::number(out, groups);
    out.extend(body.bytes.get(head.declared..head.first)?);
    if added > 0 {
        write::count(out, added);
        out.push(write::I32);
    }
    if facts.bulk_64 {
        write::number(out, 1);
        out.push(write::I64);
    }
    let mut function = Function {
        parts,
        calls: facts.calls,
        fuel,
        depth,
        bulk: [bulk_32, bulk_64],
        out,
    };
    function.enter();
    let wrapped = facts.own_label && function.must_leave();
    if wrapped {
        function.out.push(write::BLOCK);
        function.out.extend(body.block);
    }
    let mut from = head.first;
    for point in &facts.points {
        function.out.extend(body.bytes.get(from..point.at)?);
        from = point.at;
        function.point(point, point.at == head.first);
        put_in(point.at, function.out.len() - begin);
        if let Act::Replace {
            function: called,
            next,
        } = point.act
        {
            op(function.out, write::CALL, called);
            from = next;
        }
    }
    function.out.extend(body.bytes.get(from..facts.last)?);
    if wrapped {
        function.out.push(write::END);
    }
    function.leave();
    function.out.push(write::END);
    Some(())
}

/// Goes through the function once, for its blocks and for the points where something is put in.
fn look(body: &Body<'_>, outline: &Outline, parts: &Parts) -> Option<Facts> {
    let mut facts = Facts::default();
    let mut code = Code::new(body.bytes);
    facts.head = Head::read(&mut code)?;
    let mut depth = 0_u32;
    // The point of the block that the code is in.
    let mut block = 0;
    let mut next = Point {
        block: Some(Block {
            cost: 0,
            checks: true,
        }),
        ..Point::default()
    };
    loop {
        let mut point = std::mem::take(&mut next);
        point.at = code.at();
        let now = code.next()?;
        if point.block.is_some() {
            block = facts.points.len();
        }
        let (mut cost, mut begins) = (1, None);
        match now {
            Op::Block | Op::Try(_) => {
                if let Op::Try(label) = now {
                    facts.own_label |= label == depth;
                    facts.catches = true;
                }
                depth = depth.checked_add(1)?;
                cost = 0;
            }
            Op::Loop => {
                depth = depth.checked_add(1)?;
                (facts.loops, next.caught) = (true, true);
                (cost, begins) = (0, Some(true));
            }
            Op::If => {
                depth = depth.checked_add(1)?;
                begins = Some(false);
            }
            Op::Else => (cost, begins) = (0, Some(false)),
            Op::Catch => {
                next.caught = true;
                (cost, begins) = (0, Some(false));
            }
            Op::End | Op::Delegate if depth > 0 => {
                depth -= 1;
                next.caught = true;
                (cost, begins) = (0, Some(false));
            }
            Op::End => {
                facts.last = point.at;
                facts.points.push(point);
                // What is behind the last `end` would be lost.
                return (code.at() == body.bytes.len()).then_some(facts);
            }
            Op::Delegate => return None,
            Op::Branch(label) | Op::Branches(label) => facts.own_label |= label == depth,
            Op::BranchIf(label) => {
                facts.own_label |= label == depth;
                begins = Some(false);
            }
            Op::Return | Op::TailCall => point.act = Act::Leave,
            Op::Throw => point.act = Act::Call,
            Op::Call => {
                (point.act, next.called, facts.calls) = (Act::Call, true, true);
            }
            Op::Bulk { memory, other } => {
                let is_64 = |memory| {
                    outline
                        .memories
                        .get(memory as usize)
                        .map(|memory| memory.is_64)
                };
                let is_64 = is_64(memory)? && is_64(other.unwrap_or(memory))?;
                point.act = Act::Bulk {
                    is_64,
                    shift: BYTES,
                };
            }
            Op::Elements(tables) => {
                let is_64 =
                    |table: u32| outline.tables.get(table as usize).map(|table| table.is_64);
                let is_64 = match tables {
                    Some((to, from)) => is_64(to)? && is_64(from)?,
                    None => false,
                };
                point.act = Act::Bulk {
                    is_64,
                    shift: ELEMENTS,
                };
            }
            Op::GrowMemory(memory) => {
                point.act = Act::Replace {
                    function: parts.grow_memory(memory)?,
                    next: code.at(),
                };
            }
            Op::GrowTable(table) => {
                point.act = Act::Replace {
                    function: parts.grow_table(table)?,
                    next: code.at(),
                };
            }
            Op::Plain
            | Op::Constant(_)
            | Op::Divide { .. }
            | Op::Trap
            | Op::Global
            | Op::Memory => {}
        }
        if let Act::Bulk { is_64, .. } = point.act {
            facts.bulk_64 |= is_64;
            facts.bulk_32 |= !is_64;
        }
        next.block = begins.map(|checks| Block { cost: 0, checks });
        if point.is_something() {
            facts.points.push(point);
        }
        let block = facts.points.get_mut(block)?.block.as_mut()?;
        block.cost = block.cost.saturating_add(cost);
    }
}

impl Point {
    fn is_something(&self) -> bool {
        self.called || self.caught || self.block.is_some() || self.act != Act::Nothing
    }
}

/// A function that is being written.
struct Function<'a> {
    parts: &'a Parts,
    /// Whether it counts as a call that others are nested in.
    calls: bool,
    /// The locals with a copy of the fuel, with how deep calls are nested, and with the operand of a bulk instruction, as an `i32` and
    /// as an `i64`.
    fuel: Option<u32>,
    depth: Option<u32>,
    bulk: [Option<u32>; 2],
    out: &'a mut Vec<u8>,
}

impl Function<'_> {
    fn must_leave(&self) -> bool {
        self.calls || self.fuel.is_some()
    }

    fn enter(&mut self) {
        let (parts, out) = (self.parts, &mut *self.out);
        if let Some(fuel) = self.fuel {
            op(out, write::GLOBAL_GET, parts.fuel);
            op(out, write::LOCAL_SET, fuel);
        }
        if self.calls {
            op(out, write::GLOBAL_GET, parts.depth);
            constant(out, 1);
            out.push(write::I32_SUB);
            if let Some(depth) = self.depth {
                op(out, write::LOCAL_TEE, depth);
            }
            op(out, write::GLOBAL_SET, parts.depth);
        }
    }

    fn leave(&mut self) {
        self.give_fuel_back();
        let (parts, out) = (self.parts, &mut *self.out);
        if self.calls {
            match self.depth {
                Some(depth) => op(out, write::LOCAL_GET, depth),
                None => op(out, write::GLOBAL_GET, parts.depth),
            }
            constant(out, 1);
            out.push(write::I32_ADD);
            op(out, write::GLOBAL_SET, parts.depth);
        }
    }

    fn give_fuel_back(&mut self) {
        if let Some(fuel) = self.fuel {
            op(self.out, write::LOCAL_GET, fuel);
            op(self.out, write::GLOBAL_SET, self.parts.fuel);
        }
    }

    fn take_fuel(&mut self) {
        if let Some(fuel) = self.fuel {
            op(self.out, write::GLOBAL_GET, self.parts.fuel);
            op(self.out, write::LOCAL_SET, fuel);
        }
    }

    fn point(&mut self, point: &Point, is_first: bool) {
        if point.called {
            self.take_fuel();
        }
        if let (true, Some(depth)) = (point.caught, self.depth) {
            op(self.out, write::LOCAL_GET, depth);
            op(self.out, write::GLOBAL_SET, self.parts.depth);
        }
        if let Some(block) = point.block {
            if block.cost > 0 {
                self.get_fuel();
                constant(self.out, block.cost);
                self.charge();
            }
            // What neither calls nor loops is over soon.
            if block.checks && (!is_first || self.calls) {
                self.check(is_first);
            }
        }
        match point.act {
            Act::Nothing | Act::Replace { .. } => {}
            Act::Call => self.give_fuel_back(),
            Act::Leave => self.leave(),
            Act::Bulk { is_64, shift } => self.bulk(is_64, shift),
        }
    }

    fn get_fuel(&mut self) {
        match self.fuel {
            Some(fuel) => op(self.out, write::LOCAL_GET, fuel),
            None => op(self.out, write::GLOBAL_GET, self.parts.fuel),
        }
    }

    /// Takes the uppermost operand from the one below, the fuel.
    fn charge(&mut self) {
        self.out.push(write::I32_SUB);
        match self.fuel {
            Some(fuel) => op(self.out, write::LOCAL_SET, fuel),
            None => op(self.out, write::GLOBAL_SET, self.parts.fuel),
        }
    }

    /// Asks the host where the fuel is used up; at the beginning, too, where calls are nested too deep.
    fn check(&mut self, is_first: bool) {
        self.get_fuel();
        let (parts, out) = (self.parts, &mut *self.out);
        if is_first && self.calls {
            op(out, write::GLOBAL_GET, parts.depth);
            out.push(write::I32_OR);
        }
        constant(out, 0);
        out.push(write::I32_LT_S);
        out.push(write::IF);
        out.push(write::NOTHING);
        self.give_fuel_back();
        op(self.out, write::CALL, self.parts.tick);
        self.take_fuel();
        self.out.push(write::END);
    }

    /// Charges for what the uppermost operand says, which stays.
    fn bulk(&mut self, is_64: bool, shift: u32) {
        let [bulk_32, bulk_64] = self.bulk;
        let Some(operand) = (if is_64 { bulk_64 } else { bulk_32 }) else {
            return;
        };
        op(self.out, write::LOCAL_TEE, operand);
        self.get_fuel();
        op(self.out, write::LOCAL_GET, operand);
        if is_64 {
            self.out.push(write::I64_CONST);
            write::signed(self.out, shift.into());
            self.out.extend([write::I64_SHR_U, write::I32_WRAP_I64]);
        } else {
            constant(self.out, shift);
            self.out.push(write::I32_SHR_U);
        }
        self.charge();
        self.check(false);
    }
}
