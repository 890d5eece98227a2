//! A goroutine's stack, as the runtime itself walks it (`runtime/traceback.go`): each call has stored its return
//! address in linear memory, and the tables say how far above SP a function has its own.

use super::goroutines::{self, Variables};
use super::known::Known;
use super::tables::{Function, Part, Tables};
use crate::linear::{Linear, Near};
use crate::protocol::{At, Goroutines, RawFrame, Seen, Stack};
use std::cell::Cell;
use std::collections::VecDeque;

/// How many words above SP the first return address is looked for among: no function has larger frames.
const LARGEST_FRAME: u32 = 1 << 17;

/// Frames and entries of tables that are gone through for one stack.
const BUDGET: u32 = 1 << 23;

/// Bytes of a stack that are asked for at once where memory lies elsewhere, and of all of memory.
const WINDOW: usize = 4 << 10;
const PIECE: usize = 64 << 10;

/// The flag of a function that is at the top of its stack.
const TOP: u8 = 1;

/// Bytes of a pointer.
const WORD: u64 = 8;

/// Where a `runtime.g` and the `runtime.m` of its thread have what is looked at here, in bytes. What comes later in
/// an `m` moves from version to version.
pub(super) mod at {
    pub(super) const G_STACK_END: u64 = 8;
    pub(super) const G_M: u64 = 48;
    pub(in super::super) const G_SP: u64 = 56;
    pub(in super::super) const G_PC: u64 = 64;
    pub(in super::super) const G_ITSELF: u64 = 72;
    pub(super) const M_G0: u64 = 0;
    pub(super) const M_SEARCHED: std::ops::Range<u64> = 8..1024;
}

/// What Go's compiler keeps in globals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registers {
    /// The stack pointer: global 0.
    pub sp: u32,
    /// The address of the running goroutine's `runtime.g`: global 2.
    pub g: u64,
    /// The function that runs, if that is known.
    pub running: Option<Running>,
}

/// The function that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// Its index.
    pub function: u32,
    /// Whether it stands where it begins, before it has made room for its frame, if that is known.
    pub begins: Option<bool>,
}

/// The stack of a guest that standard Go has made, with the registers as they are: `imported` functions come before
/// its own. `None`: it has not begun to run, or nothing that is in memory reads as a stack.
///
/// The function that runs is told only if it has called another one. What an earlier call has left in the room of
/// the one that runs cannot be told from a call that is under way: the [`Stack`] says in
/// [`Seen::Returns`] how far above SP the first return address is, so that whoever has the code can.
#[must_use]
pub fn stack(memory: Linear<'_>, registers: Registers, imported: u32) -> Option<Stack> {
    stack_again(memory, registers, imported, &Known::default())
}

/// The same, of a guest whose stack is looked at often: `known` keeps where in memory the tables are.
#[must_use]
pub fn stack_again(
    memory: Linear<'_>,
    registers: Registers,
    imported: u32,
    known: &Known,
) -> Option<Stack> {
    let image = known.image(memory)?;
    let tables = image.tables(known)?;
    let memory = Near::new(memory, WINDOW);
    let (first, above) = walk(&memory, registers, imported, tables)?;
    let others = match registers.running {
        Some(_) => Vec::new(),
        None => others(&memory, registers, imported, &first, above),
    };
    let mut stack = first.told(above);
    stack.perhaps = others;
    Some(stack)
}

/// What else the stack can be, which begins further above SP.
fn others(
    memory: &Near<'_>,
    registers: Registers,
    imported: u32,
    first: &Walk<'_>,
    above: u32,
) -> Vec<Stack> {
    const MOST: usize = 4;
    /// How far they are looked for, in words.
    const FURTHER: u32 = 1 << 11;
    let tables = first.tables;
    let mut budget = BUDGET;
    // A part of one that was found is none.
    let mut known: Vec<u64> = first.behind_returns().collect();
    let mut others = Vec::new();
    for above in (1..FURTHER).map(|words| above.saturating_add(words * 8)) {
        let at = u64::from(registers.sp) + u64::from(above);
        let Some(pc) = read(memory, at) else { break };
        let is_part = known.contains(&(at + WORD));
        if is_part || pc & 0xffff == 0 || tables.at_pc(pc).is_none() {
            continue;
        }
        let mut walk = Walk::new(memory, tables, registers.g, imported);
        if walk.goes_through(pc, at + WORD, &mut budget) {
            known.push(at + WORD);
            known.extend(walk.behind_returns());
            others.push(walk.told(above));
        }
        if others.len() == MOST {
            break;
        }
    }
    others
}

/// What is where each function of that stack has its parameters, in words: as many as have parameters that Go's own traceback
/// prints.
#[must_use]
pub fn given(
    memory: Linear<'_>,
    registers: Registers,
    imported: u32,
    known: &Known,
) -> Option<Vec<Vec<u64>>> {
    /// Offsets of what is printed have a byte.
    const WORDS: u64 = 32;
    let image = known.image(memory)?;
    let tables = image.tables(known)?;
    let memory = Near::new(memory, WINDOW);
    let (walk, _) = walk(&memory, registers, imported, tables)?;
    let frames = walk.inner.into_iter().chain(walk.outer);
    let words = |at: u64| {
        let words = (0..WORDS).map_while(|word| read(&memory, at.checked_add(word * WORD)?));
        words.collect()
    };
    Some(frames.map(|(_, at)| words(at)).collect())
}

/// The goroutines that there are, the one with that stack among them. `None`: what is in memory does not read as such, or
/// there is no stack. `variables` keeps where in memory those of the runtime are; `now` is what its monotonic clock says.
#[must_use]
pub fn goroutines(
    memory: Linear<'_>,
    registers: Registers,
    imported: u32,
    known: &Known,
    variables: &Cell<Variables>,
    now: u64,
) -> Option<Goroutines> {
    let image = known.image(memory)?;
    let tables = image.tables(known)?;
    let memory = Near::new(memory, WINDOW);
    let (walk, _) = walk(&memory, registers, imported, tables)?;
    goroutines::all(&memory, tables, walk.g, imported, variables, now)
}

/// What has gone through that stack, and how far above SP it began.
fn walk<'a>(
    memory: &'a Near<'a>,
    registers: Registers,
    imported: u32,
    tables: Tables<'a>,
) -> Option<(Walk<'a>, u32)> {
    let mut budget = BUDGET;
    let known = registers
        .running
        .map_or_else(Vec::new, |running| distances(running, imported, tables));
    let any = (0..LARGEST_FRAME).map(|words| words * 8);
    let distances = known.into_iter().chain(any);
    for above in distances.take_while(|_| registers.sp != 0) {
        let at = u64::from(registers.sp) + u64::from(above);
        let pc = read(memory, at)?;
        if pc & 0xffff == 0 || tables.at_pc(pc).is_none() {
            continue;
        }
        let mut walk = Walk::new(memory, tables, registers.g, imported);
        if walk.goes_through(pc, at + WORD, &mut budget) {
            return Some((walk, above));
        }
    }
    None
}

/// How far above SP the return address of the function that runs can be, the likelier first: what an earlier call has left below it may read as
/// one, too.
fn distances(running: Running, imported: u32, tables: Tables<'_>) -> Vec<u32> {
    const MOST_BLOCKS: u32 = 1 << 12;
    let own = running.function.checked_sub(imported);
    let table = own
        .and_then(|own| tables.by_index(own))
        .and_then(|function| tables.part(function, Part::Sp));
    let mut budget = MOST_BLOCKS;
    let mut found = Vec::new();
    for block in 0..MOST_BLOCKS {
        let Some(size) = table.and_then(|table| tables.value(table, block, &mut budget)) else {
            break;
        };
        let size = u32::try_from(size)
            .ok()
            .filter(|size| *size < LARGEST_FRAME * 8);
        found.extend(size.filter(|size| !found.contains(size)));
    }
    // Where it begins SP is at its return address.
    found.sort_by_key(|size| match running.begins {
        Some(begins) => (*size == 0) != begins,
        None => false,
    });
    found
}

pub(super) struct Walk<'a> {
    memory: &'a Near<'a>,
    tables: Tables<'a>,
    g: u64,
    imported: u32,
    /// The innermost frames, and where each has its parameters.
    inner: Vec<(RawFrame, u64)>,
    /// The outermost ones, as far as it has got.
    outer: VecDeque<(RawFrame, u64)>,
    /// How many between them.
    left_out: u32,
}

impl<'a> Walk<'a> {
    pub(super) fn new(memory: &'a Near<'a>, tables: Tables<'a>, g: u64, imported: u32) -> Self {
        Self {
            memory,
            tables,
            g,
            imported,
            inner: Vec::new(),
            outer: VecDeque::new(),
            left_out: 0,
        }
    }

    /// Where in memory it is behind each return address that it has gone through, but for the first and those left out.
    fn behind_returns(&self) -> impl Iterator<Item = u64> {
        let frames = self.inner.iter().chain(&self.outer);
        frames.map(|(_, behind)| *behind)
    }

    /// Goes from the return address `pc`, and SP when it is used, to the top of the stack; says whether it has got
    /// there.
    pub(super) fn goes_through(&mut self, mut pc: u64, mut sp: u64, budget: &mut u32) -> bool {
        // In a recursion one frame is as the other.
        let mut last = None;
        loop {
            let (function, block, delta) = match last {
                Some((last, found)) if last == pc => found,
                _ => {
                    let Some((function, block)) = self.tables.at_pc(pc) else {
                        return false;
                    };
                    let found = (function, block, self.delta(function, block, budget));
                    last = Some((pc, found));
                    found
                }
            };
            // The call is before the place that it returns to.
            self.push(function, block.saturating_sub(1));
            if self.tables.byte(function, Part::Flags) & TOP != 0 {
                return true;
            }
            match self.switched(function, sp) {
                Switch::None => {}
                Switch::Sp(to) => sp = to,
                Switch::Returns(to, behind) => {
                    (pc, sp) = (to, behind);
                    continue;
                }
            }
            let at = delta.and_then(|delta| sp.checked_add(delta));
            let Some((at, next)) = at.and_then(|at| Some((at, read(self.memory, at)?))) else {
                return false;
            };
            // What is no stack may go in circles, from each of the words that it is looked for among.
            *budget = budget.saturating_sub(1);
            if *budget == 0 {
                return false;
            }
            (pc, sp) = (next, at + WORD);
            if let Some((_, given)) = self.outer.back_mut().or(self.inner.last_mut()) {
                *given = sp;
            }
        }
    }

    /// How far above SP the return address of a function is.
    fn delta(&self, function: Function, block: u32, budget: &mut u32) -> Option<u64> {
        let table = self.tables.part(function, Part::Sp)?;
        let mut at = |block| self.tables.value(table, block, budget);
        let delta = at(block).or_else(|| at(block.saturating_sub(1)))?;
        u64::try_from(delta).ok()
    }

    /// Where the stack goes on behind a function that has switched to another one; its own SP is `sp`.
    fn switched(&mut self, function: Function, sp: u64) -> Switch {
        if self.tables.byte(function, Part::Id) == 0 {
            return Switch::None;
        }
        let goroutine = match self.tables.raw_name(function) {
            b"runtime.systemstack" | b"runtime.morestack" => self.current(),
            // It has put the goroutine that it comes from where the called function takes its argument.
            b"runtime.mcall" => read(self.memory, sp).map(|parked| self.waits(parked)),
            _ => return Switch::None,
        };
        let Some(goroutine) = goroutine.filter(|g| self.is_goroutine(*g)) else {
            return Switch::None;
        };
        self.g = goroutine;
        let (pc, sp) = (
            self.field(goroutine, at::G_PC),
            self.field(goroutine, at::G_SP),
        );
        match (pc, sp, self.tables.raw_name(function)) {
            (_, Some(sp), b"runtime.systemstack") => Switch::Sp(sp),
            (Some(pc), Some(sp), _) => Switch::Returns(pc, sp),
            _ => Switch::None,
        }
    }

    /// The goroutine that the thread of this one runs, which is on the thread's own stack now.
    fn current(&self) -> Option<u64> {
        let m = self.field(self.g, at::G_M)?;
        let g0 = self.field(m, at::M_G0)?;
        let mut fields = at::M_SEARCHED
            .step_by(8)
            .filter_map(|field| self.field(m, field));
        fields.find(|g| *g != g0 && self.field(*g, at::G_M) == Some(m) && self.is_goroutine(*g))
    }

    /// The goroutine that is waited for, when the scheduler has nothing to run after `parked`: this one, unless
    /// it is the runtime's own; else the one that reads, else the first of the program's.
    fn waits(&self, parked: u64) -> u64 {
        const MOST: usize = 1000;
        let own = |name: &[u8]| !name.starts_with(b"runtime.");
        let reads = |name: &[u8]| name == b"internal/poll.runtime_pollWait";
        if self.is_goroutine(parked) && self.has(parked, own) {
            return parked;
        }
        let memory = self.memory.memory();
        let mut all = Vec::new();
        for start in (0..memory.size()).step_by(PIECE) {
            let piece = memory.head(start, PIECE);
            let (words, _) = piece.as_chunks::<8>();
            for (place, word) in words.iter().enumerate() {
                let g = u64::from_le_bytes(*word);
                let itself = (start as u64 + place as u64 * WORD).checked_sub(at::G_ITSELF);
                if Some(g) == itself && self.is_goroutine(g) {
                    all.push(g);
                }
            }
            if all.len() >= MOST {
                break;
            }
        }
        let find = |test: fn(&[u8]) -> bool| all.iter().find(|g| self.has(**g, test)).copied();
        find(reads).or_else(|| find(own)).unwrap_or(parked)
    }

    /// Whether a function that such a goroutine has called has a name like that.
    fn has(&self, goroutine: u64, like: fn(&[u8]) -> bool) -> bool {
        const DEEPEST: usize = 256;
        let mut budget = 1 << 12;
        let mut next = self
            .field(goroutine, at::G_PC)
            .zip(self.field(goroutine, at::G_SP));
        for _ in 0..DEEPEST {
            let Some((pc, sp)) = next else { break };
            let Some((function, block)) = self.tables.at_pc(pc) else {
                break;
            };
            if like(self.tables.raw_name(function)) {
                return true;
            }
            if self.tables.byte(function, Part::Flags) & TOP != 0 {
                break;
            }
            let delta = self.delta(function, block, &mut budget);
            let at = delta.and_then(|delta| sp.checked_add(delta));
            next = at.and_then(|at| Some((read(self.memory, at)?, at + WORD)));
        }
        false
    }

    /// Whether there is a `runtime.g` there that has been left in the middle.
    fn is_goroutine(&self, g: u64) -> bool {
        let sp = self.field(g, at::G_SP);
        let (start, end) = (self.field(g, 0), self.field(g, at::G_STACK_END));
        self.field(g, at::G_ITSELF) == Some(g) && start < sp && sp <= end
    }

    fn field(&self, of: u64, offset: u64) -> Option<u64> {
        read(self.memory, of.checked_add(offset).filter(|_| of != 0)?)
    }

    fn push(&mut self, function: Function, block: u32) {
        const HALF: usize = Stack::MOST / 2;
        let frame = RawFrame {
            function: function.index.saturating_add(self.imported),
            at: At::Block(block),
        };
        if self.inner.len() < HALF {
            self.inner.push((frame, u64::MAX));
            return;
        }
        if self.outer.len() == HALF {
            self.outer.pop_front();
            self.left_out = self.left_out.saturating_add(1);
        }
        self.outer.push_back((frame, u64::MAX));
    }

    /// The frames, of which the first was found so far above SP.
    pub(super) fn told(self, above: u32) -> Stack {
        let behind = u32::try_from(self.inner.len()).unwrap_or(u32::MAX);
        let frames = self.inner.into_iter().chain(self.outer);
        let frames = frames.map(|(frame, _)| frame).collect();
        Stack {
            frames,
            left_out: (self.left_out > 0).then_some((self.left_out, behind)),
            seen: Seen::Returns { above },
            ..Stack::default()
        }
    }
}

enum Switch {
    None,
    /// SP is this, on another stack.
    Sp(u64),
    /// It goes on with this return address, and SP behind it.
    Returns(u64, u64),
}

pub(super) fn read(memory: &Near<'_>, at: u64) -> Option<u64> {
    let bytes = memory.read(usize::try_from(at).ok()?)?;
    Some(u64::from_le_bytes(bytes))
}
