//! The guest's memory, as the panel shows it: a window on bytes that stay with the session.

mod address;
mod growth;
mod writing;

pub(crate) use self::address::{address, needle};
pub(crate) use self::growth::Growth;
pub(crate) use self::writing::Writing;

use super::arrangement::Panel;
use super::board::{Board, Effect};
use super::shared::Shared;
use crate::protocol::{Command, GlobalValue, Memory, MemoryReport, Sought};

/// As many bytes are asked for before and behind those in view.
const MARGIN: u64 = 2_048;

/// What is known of the memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemoryView {
    /// Whether the panel is open.
    is_open: bool,
    /// The size of the whole, in bytes; 0: there is none.
    pub(crate) size: u64,
    /// The first address of the bytes that were told.
    first: u64,
    bytes: Vec<u8>,
    /// Which of them have changed since the latest call began, if that is known.
    changed: Option<Vec<(u32, u32)>>,
    stale: bool,
    asking: bool,
    /// The byte that is looked at.
    pub(crate) cursor: u64,
    /// Where it was before it jumped.
    pub(crate) back: Vec<u64>,
    /// Counts the jumps: after each the view scrolls to the cursor.
    pub(crate) jumps: u64,
    /// Counts the addresses that somebody has followed from elsewhere: at each the panel is opened.
    pub(crate) shown: u64,
    /// The latest call, when the panel was last opened, or led to an address.
    seen: u32,
    /// What is typed to go to, and to search for.
    pub(crate) typed_address: String,
    pub(crate) typed_needle: String,
    /// Whether that is hex.
    pub(crate) hex: bool,
    pub(crate) searching: bool,
    pub(crate) writing: Writing,
    /// What is searched for, and whether before the cursor.
    sought: Sought,
    backwards: bool,
    /// Whether the search goes on from the other end when it comes to one.
    wraps: bool,
    /// What came of the last thing that was asked; a problem if the second is set.
    pub(crate) said: Option<(String, bool)>,
    /// How many bytes were found, or written, from the cursor on.
    pub(crate) found: u64,
    pub(crate) globals: Vec<GlobalValue>,
    pub(crate) growth: Growth,
}

/// A byte as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Byte {
    pub(crate) value: u8,
    pub(crate) changed: bool,
}

impl MemoryView {
    /// The bytes from an address on: as many as have been told, at most `count`.
    pub(crate) fn bytes(&self, address: u64, count: usize) -> Vec<Byte> {
        let Some(start) = address.checked_sub(self.first) else {
            return Vec::new();
        };
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let rest = self.bytes.get(start..).unwrap_or_default();
        let changed = |index: usize| {
            let place = u64::try_from(start + index).unwrap_or(u64::MAX);
            let stretches = self.changed.as_deref().unwrap_or_default();
            let before = stretches.partition_point(|(first, _)| u64::from(*first) <= place);
            let stretch = before.checked_sub(1).and_then(|at| stretches.get(at));
            stretch.is_some_and(|(first, length)| place < u64::from(*first) + u64::from(*length))
        };
        let bytes = rest.iter().take(count).enumerate();
        bytes
            .map(|(index, value)| Byte {
                value: *value,
                changed: changed(index),
            })
            .collect()
    }

    /// Whether it is known what the latest call has changed.
    pub(crate) fn knows_changes(&self) -> bool {
        self.changed.is_some()
    }

    /// The number that the bytes at the cursor are, if there are so many.
    pub(crate) fn word(&self, bytes: usize) -> Option<u64> {
        let word = self.bytes(self.cursor, bytes);
        (word.len() == bytes).then(|| {
            let bytes = word.iter().rev();
            bytes.fold(0, |word, byte| word << 8 | u64::from(byte.value))
        })
    }

    fn has(&self, first: u64, count: u64) -> bool {
        let end = first.saturating_add(count).min(self.size);
        let told = self.first.saturating_add(self.bytes.len() as u64);
        !self.stale && first >= self.first && end <= told
    }

    /// Goes somewhere, and remembers where it was.
    fn jump(&mut self, to: u64) {
        self.back.push(self.cursor);
        self.land(to);
    }

    fn land(&mut self, to: u64) {
        self.cursor = to;
        self.found = 0;
        self.jumps += 1;
    }
}

impl Board {
    pub(crate) fn memory(&self) -> &Shared<MemoryView> {
        &self.memory
    }

    /// The panel is opened: from now on changes are watched.
    pub(crate) fn open_memory(&mut self) -> Vec<Effect> {
        let growth = self.growth.clone();
        let memory = self.memory.make_mut();
        memory.is_open = true;
        memory.asking = false;
        memory.stale = true;
        memory.growth = growth;
        let mut effects = vec![ask(Memory::Globals)];
        if !std::mem::replace(&mut self.watched, true) {
            effects.push(ask(Memory::Watch(true)));
        }
        effects.extend(self.go_where_it_was_touched());
        effects
    }

    /// An address that stands elsewhere is to be shown.
    pub(crate) fn show_address(&mut self, at: u64) {
        let memory = self.memory.make_mut();
        memory.said = None;
        memory.seen = self.calls;
        memory.shown += 1;
        memory.jump(at);
        self.arrangement.show(Panel::Memory);
    }

    /// Goes to what the latest call has touched, unless its memory has been looked at already.
    fn go_where_it_was_touched(&mut self) -> Vec<Effect> {
        let calls = self.calls;
        if std::mem::replace(&mut self.memory.make_mut().seen, calls) == calls {
            return Vec::new();
        }
        let finished = self.given.history.front().filter(|_| self.run.is_none());
        let placed = finished.and_then(|finished| {
            let placed = finished.called.placed.as_ref()?;
            let (at, has_changed) = placed.touched()?;
            let export = &finished.called.export;
            Some((
                at.into(),
                match has_changed {
                    true => format!("{at:#x}: {export} has changed this argument"),
                    false => format!("{at:#x}: an argument of {export} was here"),
                },
            ))
        });
        match placed {
            Some((at, said)) => {
                self.touched(at, said);
                Vec::new()
            }
            None => vec![ask(Memory::Touched)],
        }
    }

    fn touched(&mut self, at: u64, said: String) {
        let memory = self.memory.make_mut();
        memory.jump(at);
        memory.said = Some((said, false));
    }

    pub(crate) fn close_memory(&mut self) {
        self.memory.make_mut().is_open = false;
    }

    /// These bytes are in view.
    pub(crate) fn see_memory(&mut self, first: u64, count: u64) -> Vec<Effect> {
        if self.memory.asking || !self.memory.is_open || self.memory.has(first, count) {
            return Vec::new();
        }
        self.memory.make_mut().asking = true;
        let length = count.saturating_add(2 * MARGIN);
        vec![ask(Memory::Read {
            address: first.saturating_sub(MARGIN),
            length: u32::try_from(length).unwrap_or(Memory::MOST),
        })]
    }

    pub(crate) fn type_address(&mut self, text: String) {
        let memory = self.memory.make_mut();
        memory.typed_address = text;
        memory.said = None;
    }

    /// Goes to the address that is typed.
    pub(crate) fn go_to_address(&mut self) {
        let memory = self.memory.make_mut();
        match address(&memory.typed_address, memory.size) {
            Ok(to) => {
                memory.said = None;
                memory.jump(to);
            }
            Err(problem) => memory.said = Some((problem.to_string(), true)),
        }
    }

    /// Goes where the four bytes at the cursor point.
    pub(crate) fn follow_pointer(&mut self) {
        let Some(to) = self.memory.word(4) else {
            return;
        };
        let memory = self.memory.make_mut();
        if to < memory.size {
            memory.said = None;
            memory.jump(to);
        } else {
            memory.said = Some((format!("{to:#x} is beyond the end of memory"), true));
        }
    }

    /// Goes back to where it jumped from.
    pub(crate) fn go_back(&mut self) {
        let memory = self.memory.make_mut();
        if let Some(to) = memory.back.pop() {
            memory.land(to);
        }
    }

    /// Goes to the next change of the latest call's, or to the one before.
    pub(crate) fn go_to_change(&mut self, back: bool) -> Vec<Effect> {
        self.seek(Sought::Change, back)
    }

    /// Moves the cursor: bytes further, or back.
    pub(crate) fn move_cursor(&mut self, by: i64) {
        let memory = self.memory.make_mut();
        let last = memory.size.saturating_sub(1);
        memory.cursor = memory.cursor.saturating_add_signed(by).min(last);
        memory.found = 0;
    }

    pub(crate) fn put_cursor(&mut self, at: u64) {
        let memory = self.memory.make_mut();
        memory.cursor = at;
        memory.found = 0;
    }

    pub(crate) fn type_needle(&mut self, text: String) {
        let memory = self.memory.make_mut();
        memory.typed_needle = text;
        memory.said = None;
    }

    pub(crate) fn search_hex(&mut self, hex: bool) {
        let memory = self.memory.make_mut();
        memory.hex = hex;
        memory.said = None;
    }

    /// Searches for what is typed, behind what was found last or before it.
    pub(crate) fn search_memory(&mut self, back: bool) -> Vec<Effect> {
        match needle(&self.memory.typed_needle, self.memory.hex) {
            Ok(bytes) => self.seek(Sought::Bytes(bytes), back),
            Err(problem) => {
                self.memory.make_mut().said = Some((problem, true));
                Vec::new()
            }
        }
    }

    fn seek(&mut self, sought: Sought, back: bool) -> Vec<Effect> {
        let memory = self.memory.make_mut();
        if memory.searching {
            return Vec::new();
        }
        let behind = !back && (memory.found > 0 || sought == Sought::Change);
        let from = memory.cursor + u64::from(behind);
        memory.searching = true;
        memory.sought = sought.clone();
        memory.backwards = back;
        memory.wraps = back || from > 0;
        memory.said = Some(("searching…".to_owned(), false));
        vec![ask(Memory::Search { sought, from, back })]
    }

    /// A run goes on, or has ended, with so many pages.
    pub(super) fn memory_goes_on(&mut self, pages: u64, ended: bool) -> Vec<Effect> {
        self.growth.push(pages);
        if !self.memory.is_open {
            return Vec::new();
        }
        let growth = self.growth.clone();
        let memory = self.memory.make_mut();
        memory.stale = true;
        memory.growth = growth;
        if ended {
            return vec![ask(Memory::Globals)];
        }
        Vec::new()
    }

    /// Another plugin is on the board: nothing is looked for in its memory.
    pub(super) fn memory_of_another(&mut self) {
        let memory = self.memory.make_mut();
        *memory = MemoryView {
            is_open: memory.is_open,
            asking: memory.asking,
            jumps: memory.jumps,
            shown: memory.shown,
            ..MemoryView::default()
        };
    }

    /// There is no memory any more.
    pub(super) fn memory_is_gone(&mut self) -> Vec<Effect> {
        self.growth = Growth::default();
        let memory = self.memory.make_mut();
        memory.stale = true;
        memory.growth = Growth::default();
        if memory.is_open {
            return vec![ask(Memory::Globals)];
        }
        Vec::new()
    }

    /// A fresh worker watches nothing.
    pub(super) fn memory_anew(&mut self) -> Vec<Effect> {
        let memory = self.memory.make_mut();
        (memory.asking, memory.searching) = (false, false);
        let mut effects = self.memory_is_gone();
        if self.watched {
            effects.push(ask(Memory::Watch(true)));
        }
        effects
    }

    pub(super) fn memory_report(&mut self, report: MemoryReport) -> Vec<Effect> {
        if !self.memory.is_open {
            if let MemoryReport::Found(_) = report {
                self.memory.make_mut().searching = false;
            }
            return Vec::new();
        }
        let memory = self.memory.make_mut();
        match report {
            MemoryReport::Bytes {
                address,
                bytes,
                changed,
                size,
            } => {
                memory.asking = false;
                memory.stale = false;
                memory.first = address;
                memory.bytes = bytes;
                memory.changed = changed;
                if std::mem::replace(&mut memory.size, size) == 0 && memory.cursor > 0 {
                    // Where it jumped to is only there now.
                    memory.jumps += 1;
                }
                memory.cursor = memory.cursor.min(size.saturating_sub(1));
            }
            MemoryReport::Globals(globals) => memory.globals = globals,
            MemoryReport::Touched(None) => {}
            MemoryReport::Touched(Some((what, at))) => {
                self.touched(
                    at,
                    format!("{at:#x}: {what}, of the latest host call with bytes"),
                );
            }
            MemoryReport::Found(at) => return self.found(at),
            MemoryReport::Written(Ok((address, length))) => self.show_written(address, length),
            MemoryReport::Written(Err(why)) => self.say_of_memory(why, true),
        }
        Vec::new()
    }

    fn found(&mut self, at: Option<u64>) -> Vec<Effect> {
        let memory = self.memory.make_mut();
        match at {
            Some(at) => {
                memory.searching = false;
                memory.jump(at);
                let said = match &memory.sought {
                    Sought::Bytes(bytes) => {
                        memory.found = bytes.len() as u64;
                        format!("found at {at:#x}")
                    }
                    Sought::Change => format!("changed at {at:#x}"),
                };
                memory.said = Some((said, false));
            }
            None if std::mem::take(&mut memory.wraps) => {
                let back = memory.backwards;
                return vec![ask(Memory::Search {
                    sought: memory.sought.clone(),
                    from: if back { u64::MAX } else { 0 },
                    back,
                })];
            }
            None => {
                memory.searching = false;
                let said = match memory.sought {
                    Sought::Bytes(_) => "found nowhere in memory",
                    Sought::Change => "nothing in memory has changed",
                };
                memory.said = Some((said.to_owned(), false));
            }
        }
        Vec::new()
    }
}

fn ask(memory: Memory) -> Effect {
    Effect::Send(Command::Memory(memory))
}

#[cfg(test)]
mod tests;
