//! Writing into memory: what is typed or a file, at the cursor or in room that the guest gives.

use super::needle;
use crate::go::{Param, Signature, Source, Type, Value};
use crate::protocol::{Allocator, CallId, Command, Memory, Outcome};
use crate::ui::state::board::{Board, Effect};
use crate::ui::state::outcome::Called;

/// What is to be written, and where.
#[derive(Clone, Debug, Default)]
pub(crate) struct Writing {
    pub(crate) text: String,
    /// Whether that is hex.
    pub(crate) hex: bool,
    /// Whether it goes into room that the guest gives; else it goes where the cursor is.
    pub(crate) in_room: bool,
    /// The call that asks for room, and how many bytes it is for.
    asking: Option<(CallId, u64)>,
}

impl Board {
    pub(crate) fn edit_writing(&mut self, edit: impl FnOnce(&mut Writing)) {
        let memory = self.memory.make_mut();
        memory.said = None;
        edit(&mut memory.writing);
    }

    /// Writes what is typed.
    pub(crate) fn write_typed(&mut self) -> Vec<Effect> {
        let Writing { text, hex, .. } = &self.memory.writing;
        let bytes = needle(text, *hex).map_err(|problem| match text.trim() {
            "" => "type what to write".to_owned(),
            _ => problem,
        });
        let length = bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        let command = bytes.and_then(|bytes| self.write(bytes, length));
        match command {
            Ok(command) => vec![Effect::Send(command)],
            Err(problem) => {
                self.say_of_memory(problem, true);
                Vec::new()
            }
        }
    }

    /// The command that writes a file of so many bytes, which goes beside it, if there can be one now.
    pub(crate) fn write_file(&mut self, length: u64) -> Option<Command> {
        let command = self.write(Vec::new(), length);
        command
            .map_err(|problem| self.say_of_memory(problem, true))
            .ok()
    }

    fn write(&mut self, bytes: Vec<u8>, length: u64) -> Result<Command, String> {
        if !self.memory.writing.in_room {
            let address = self.memory.cursor;
            return Ok(Command::Memory(Memory::Write { address, bytes }));
        }
        let plugged = self.plugged.as_ref().map(|plugged| &plugged.info);
        let usual = || plugged.and_then(|info| Allocator::usual(info));
        let allocator = self.allocator().cloned().or_else(usual);
        let allocator = allocator.ok_or("choose what gives room in memory")?;
        if !self.can_call() {
            return Err("room can be asked for when no call runs".to_owned());
        }
        let call = self.begin(asks_for_room(&allocator, length));
        self.memory.make_mut().writing.asking = Some((call, length));
        Ok(Command::Put { call, bytes })
    }

    /// A call has ended: if it was for room, what was written there is shown.
    pub(in crate::ui::state) fn put_ended(&mut self, call: CallId, outcome: &Outcome) {
        let asking = &mut self.memory.make_mut().writing.asking;
        let Some((_, length)) = asking.take_if(|(asked, _)| *asked == call) else {
            return;
        };
        match outcome {
            Outcome::Returned { raw, .. } => {
                let address = raw.first().map_or(0, |(_, bits)| *bits);
                self.show_written(address, length);
            }
            Outcome::Trapped(why) | Outcome::Limited(why) | Outcome::Refused(why) => {
                let why = why.lines().next().unwrap_or_default().to_owned();
                self.say_of_memory(why, true);
            }
            Outcome::Exited(_) | Outcome::Stopped => {}
        }
    }

    /// Goes to what was written, which is marked.
    pub(super) fn show_written(&mut self, address: u64, length: u64) {
        let memory = self.memory.make_mut();
        memory.jump(address);
        memory.found = length;
        memory.stale = true;
        let bytes = if length == 1 { "byte" } else { "bytes" };
        self.say_of_memory(format!("{length} {bytes} written at {address:#x}"), false);
    }

    pub(super) fn say_of_memory(&mut self, said: String, is_problem: bool) {
        self.memory.make_mut().said = Some((said, is_problem));
    }
}

/// The call that asks for room, as the history and the console have it.
fn asks_for_room(allocator: &Allocator, length: u64) -> Called {
    let numbers = match allocator {
        Allocator::Pair { .. } => vec![length],
        Allocator::Realloc(_) => vec![0, 0, 1, length],
    };
    let params = numbers.iter().map(|_| Param::new("", Type::Uint32));
    let signature = Signature::new(
        allocator.allocates(),
        params.collect(),
        Some(Type::UnsafePointer),
    );
    Called {
        export: allocator.allocates().to_owned(),
        known: Some((signature, Source::ByHand)),
        args: numbers.into_iter().map(Value::Uint).collect(),
        ..Called::default()
    }
}

#[cfg(test)]
mod tests;
