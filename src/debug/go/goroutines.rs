//! The goroutines that there are, as the runtime's own `tracebackothers` goes through them (`runtime/traceback.go`).
//!
//! No symbol says where the runtime keeps them. What is looked for is a slice among its variables that holds nothing but
//! goroutines, and the texts of what they wait for; where in a `runtime.g` the rest is moves from version to version, so that
//! it is taken from where all of them have something that makes sense. If anything does not, none are told.

use super::tables::Tables;
use super::walk::{Walk, at, read};
use crate::linear::Near;
use crate::protocol::{At, Goroutines, RawFrame, RawGoroutine};
use std::cell::Cell;

/// The most that are told; the others are counted.
const MOST: usize = 100;
/// More than that are none.
const MOST_OF_ALL: u64 = 1 << 22;
/// Frames and entries of tables that are gone through for all of them.
const BUDGET: u32 = 1 << 22;
/// Goroutines at which it is found out where their fields are.
const COMPARED: usize = 64;
/// Bytes of memory that the runtime's variables are looked for in.
const SEARCHED: usize = 64 << 20;

/// Where a `runtime.g` may have its id: until Go 1.24 and since. The status is in the word before, the others are behind.
const IDS: [u64; 2] = [152, 160];
/// From the id on: since when it waits, what for, and the thread that it is locked to.
const SINCE: u64 = 16;
const REASON: u64 = 24;
const LOCKED: u64 = 56;
/// Where the PC of the `go` statement is looked for, from the id on.
const CREATED: std::ops::Range<u64> = 64..256;
/// From that PC on: who has created it, and the PC of its function.
const CREATOR: u64 = 8;
const FUNCTION: u64 = 16;

/// A status: what its text is in `runtime.gStatusStrings`.
const STATUSES: [&str; 11] = [
    "idle",
    "runnable",
    "running",
    "syscall",
    "waiting",
    "",
    "dead",
    "",
    "copystack",
    "preempted",
    "leaked",
];
const RUNNING: u32 = 2;
const SYSCALL: u32 = 3;
const WAITING: u32 = 4;
const DEAD: u32 = 6;
const LEAKED: u32 = 10;
const DEAD_EXTRA: u32 = 11;
/// In nanoseconds.
const MINUTE: u64 = 60_000_000_000;
/// That the collector looks at its stack.
const SCAN: u32 = 0x1000;

/// Where the runtime's variables were found in memory; 0: they have not been looked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Variables {
    all: u64,
    reasons: u64,
}

/// The goroutines of a program, with `told` apart, whose stack is known. `None`: what is in memory does not read as such.
pub(super) fn all(
    memory: &Near<'_>,
    tables: Tables<'_>,
    told: u64,
    imported: u32,
    known: &Cell<Variables>,
    now: u64,
) -> Option<Goroutines> {
    let mut variables = known.get();
    if !is_all(memory, variables.all) {
        variables.all = find(memory, |at| is_all(memory, at))?;
        variables.reasons = find(memory, |at| are_reasons(memory, at))?;
        known.set(variables);
    }
    let all = pointers(memory, variables.all)?;
    let reader = Reader {
        memory,
        tables,
        imported,
        reasons: variables.reasons,
        fields: fields(memory, tables, &all)?,
        now,
    };
    let mut goroutines = Goroutines::default();
    let mut budget = BUDGET;
    for g in &all {
        let status = reader.status(*g)?;
        if matches!(status & !SCAN, DEAD | DEAD_EXTRA) {
            continue;
        }
        if *g == told {
            goroutines.told = (reader.id(*g)?, reader.written(*g, status)?);
            continue;
        }
        if !reader.is_own(*g) {
            continue;
        }
        match goroutines.others.len() < MOST {
            true => goroutines
                .others
                .push(reader.goroutine(*g, status, &mut budget)?),
            false => goroutines.more += 1,
        }
    }
    // The one that is told is one of them, unless it is what the thread itself runs on.
    let is_known = goroutines.told.0 != 0 || reader.id(told) == Some(0);
    is_known.then_some(goroutines)
}

/// The address of the first variable that is one like that.
fn find(memory: &Near<'_>, is_it: impl Fn(u64) -> bool) -> Option<u64> {
    let searched = memory.memory().size().min(SEARCHED) as u64;
    (8..searched).step_by(8).find(|at| is_it(*at))
}

/// Whether there is a `runtime.g`.
fn is_g(memory: &Near<'_>, g: u64) -> bool {
    g != 0 && read(memory, g.saturating_add(at::G_ITSELF)) == Some(g)
}

/// Whether a slice there looks like `runtime.allgs`.
fn is_all(memory: &Near<'_>, at: u64) -> bool {
    let found = || {
        let (first, length) = (read(memory, at)?, read(memory, at + 8)?);
        if first == 0 || first & 7 != 0 || length == 0 || length > MOST_OF_ALL {
            return None;
        }
        let room = read(memory, at + 16)?;
        let is_room = (length..=2 * MOST_OF_ALL).contains(&room);
        // What comes behind them is empty.
        let behind = match room > length {
            true => read(memory, first.checked_add(8 * length)?)?,
            false => 0,
        };
        (at != 0 && is_room && behind == 0 && is_g(memory, read(memory, first)?)).then_some(())
    };
    found().is_some()
}

fn pointers(memory: &Near<'_>, at: u64) -> Option<Vec<u64>> {
    let (first, length) = (read(memory, at)?, read(memory, at + 8)?);
    let all = (0..length).map(|index| {
        let g = read(memory, first.checked_add(8 * index)?)?;
        is_g(memory, g).then_some(g)
    });
    all.collect()
}

/// Whether `runtime.waitReasonStrings` is there: the first one is empty.
fn are_reasons(memory: &Near<'_>, at: u64) -> bool {
    read(memory, at + 8) == Some(0)
        && reason(memory, at, 1).as_deref() == Some("GC assist marking")
        && reason(memory, at, 2).as_deref() == Some("IO wait")
}

fn reason(near: &Near<'_>, reasons: u64, index: u8) -> Option<String> {
    const LONGEST: u64 = 64;
    let header = reasons + 16 * u64::from(index);
    let length = read(near, header + 8).filter(|length| *length <= LONGEST)?;
    let memory = near.memory();
    let bytes = memory.get(memory.range(read(near, header)?, length)?)?;
    let text = String::from_utf8(bytes.into_owned()).ok();
    text.filter(|text| text.bytes().all(|byte| (b' '..=b'~').contains(&byte)))
}

/// The status of a `runtime.g` that has its id there.
fn status(memory: &Near<'_>, g: u64, id: u64) -> Option<u32> {
    read(memory, g.checked_add(id - 8)?).map(|word| (word & 0xffff_ffff) as u32)
}

/// Where the fields of a `runtime.g` are.
#[derive(Clone, Copy)]
struct Fields {
    id: u64,
    /// The PC of the `go` statement.
    created: u64,
}

fn fields(memory: &Near<'_>, tables: Tables<'_>, all: &[u64]) -> Option<Fields> {
    let alive = |id: u64| {
        let status = move |g: &&u64| status(memory, **g, id).map(|status| status & !SCAN);
        all.iter()
            .filter(move |g| !matches!(status(g), Some(0 | DEAD | DEAD_EXTRA)))
            .take(COMPARED)
    };
    let mut fit = IDS.into_iter().filter(|id| {
        let mut ids = Vec::new();
        let mut alive = alive(*id).peekable();
        alive.peek().is_some()
            && alive.all(|g| {
                let status = status(memory, *g, *id).map(|status| status & !SCAN);
                let status = status.and_then(|status| STATUSES.get(status as usize));
                let number = read(memory, g + id).filter(|id| *id != 0 && *id < 1 << 48);
                status.is_some_and(|status| !status.is_empty())
                    && number.is_some_and(|number| {
                        let is_new = !ids.contains(&number);
                        ids.push(number);
                        is_new
                    })
            })
    });
    let id = fit.next().filter(|_| fit.next().is_none())?;
    let is_pc = |pc: Option<u64>| pc.filter(|pc| tables.at_pc(*pc).is_some());
    let mut fit = (CREATED.start..CREATED.end).step_by(8).filter(|created| {
        alive(id).all(|g| {
            let created = g + id + created;
            let is_entry = |pc: u64| pc & 0xffff == 0;
            is_pc(read(memory, created)).is_some_and(|pc| !is_entry(pc))
                && is_pc(read(memory, created + FUNCTION)).is_some_and(is_entry)
                && read(memory, created - CREATOR).is_some_and(|creator| creator < 1 << 48)
        })
    });
    let created = id + fit.next().filter(|_| fit.next().is_none())?;
    Some(Fields { id, created })
}

struct Reader<'a> {
    memory: &'a Near<'a>,
    tables: Tables<'a>,
    imported: u32,
    reasons: u64,
    fields: Fields,
    /// What the monotonic clock says.
    now: u64,
}

impl Reader<'_> {
    fn field(&self, g: u64, offset: u64) -> Option<u64> {
        read(self.memory, g.checked_add(offset)?)
    }

    fn id(&self, g: u64) -> Option<u64> {
        self.field(g, self.fields.id)
    }

    fn status(&self, g: u64) -> Option<u32> {
        status(self.memory, g, self.fields.id)
    }

    /// What it does, as Go writes it.
    fn written(&self, g: u64, status: u32) -> Option<String> {
        let bare = status & !SCAN;
        let mut written = (*STATUSES.get(bare as usize)?).to_owned();
        if matches!(bare, WAITING | LEAKED) {
            let index = (self.field(g, self.fields.id + REASON)? & 0xff) as u8;
            match index {
                0 => {}
                _ => written = reason(self.memory, self.reasons, index)?,
            }
        }
        if bare == LEAKED {
            written.push_str(" (leaked)");
        }
        if status & SCAN != 0 {
            written.push_str(" (scan)");
        }
        // The collector notes it when it finds that a goroutine waits.
        let since = self.field(g, self.fields.id + SINCE)?;
        if matches!(bare, WAITING | SYSCALL) && since != 0 {
            match self.now.saturating_sub(since) / MINUTE {
                0 => {}
                minutes => written.push_str(&format!(", {minutes} minutes")),
            }
        }
        if self.field(g, self.fields.id + LOCKED)? != 0 {
            written.push_str(", locked to thread");
        }
        Some(written)
    }

    /// Whether it is the program's and not one of the runtime's own.
    fn is_own(&self, g: u64) -> bool {
        let pc = self.field(g, self.fields.created + FUNCTION);
        let Some((function, _)) = pc.and_then(|pc| self.tables.at_pc(pc)) else {
            return true;
        };
        let name = self.tables.raw_name(function);
        let calls_others = [
            &b"runtime.main"[..],
            b"runtime.corostart",
            b"runtime.handleAsyncEvent",
        ];
        !name.starts_with(b"runtime.") || calls_others.contains(&name)
    }

    fn goroutine(&self, g: u64, status: u32, budget: &mut u32) -> Option<RawGoroutine> {
        let mut walk = Walk::new(self.memory, self.tables, g, self.imported);
        // The stack of one that runs is not where it was left.
        if status & !SCAN != RUNNING {
            let (pc, sp) = (self.field(g, at::G_PC)?, self.field(g, at::G_SP)?);
            walk.goes_through(pc, sp, budget);
        }
        let created = self.field(g, self.fields.created)?;
        let id = self.id(g)?;
        let created = self.tables.at_pc(created).filter(|_| id != 1);
        let created = created.map(|(function, block)| {
            let frame = RawFrame {
                function: function.index.saturating_add(self.imported),
                at: At::Block(block.saturating_sub(1)),
            };
            let creator = self.field(g, self.fields.created - CREATOR).unwrap_or(0);
            (frame, creator)
        });
        let stack = walk.told(0);
        Some(RawGoroutine {
            id,
            status: self.written(g, status)?,
            frames: stack.frames,
            left_out: stack.left_out,
            created,
        })
    }
}
