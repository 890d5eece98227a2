//! Extism: what its plugins find in `extism:host/env`, as its runtime has it.
//!
//! The memory that a plugin shares with its host is the host's own ([`blocks`]): the plugin has handles of blocks, and asks for each byte
//! or eight of them. Everything that crosses, input, output, configuration, log lines, is such a block. Handle 0 is the empty value.
//!
//! A call frees the blocks of the one before, stores the input, and calls the export: 0 is well, and so is whatever it returns that gives
//! nothing. Text that was given to `error_set` is an error whatever it returns. Variables last as long as the instance.

mod allowed;
mod blocks;
mod form;
mod functions;
mod http;
mod telling;

pub(super) use self::form::form;
pub(super) use self::functions::serves;

use self::blocks::Blocks;
use self::form::{LEVELS, key};
use self::functions::Extern;
use super::{Begin, Caller, Came, Flow, FunctionId, GuestCall, Host, Next, Shown, World};
use crate::linear::Linear;
use crate::wasi::describe::Text;
use std::collections::BTreeMap;

/// The most bytes of all variables.
const MOST_VARIABLES: usize = 1 << 20;

/// What Extism's runtime counts for a variable beside its name and value.
const VARIABLE: usize = 48;

/// The most lines of the log that are kept to be shown, and the most bytes of each; the console has all.
const MOST_LINES: usize = 200;
const MOST_LINE: usize = 2000;

/// The host of one plugin.
#[derive(Default)]
pub(super) struct Extism {
    blocks: Blocks,
    export: String,
    /// Where input and output begin, and their lengths.
    input: (u64, u64),
    output: (u64, u64),
    /// The handle of the error's text; 0: none.
    error: u64,
    config: Vec<(String, String)>,
    allowed: Vec<String>,
    /// The least level of lines that are logged, a place in [`LEVELS`].
    level: usize,
    variables: BTreeMap<String, Vec<u8>>,
    /// The same before the call.
    before: BTreeMap<String, Vec<u8>>,
    /// Of the latest response: its status, and its headers as JSON.
    status: u16,
    headers: Option<String>,
    log: Vec<(&'static str, String)>,
    returned: Option<i32>,
    failed: Option<String>,
}

impl Host for Extism {
    fn begin(&mut self, call: Begin<'_>) -> Result<(), String> {
        self.reset();
        call.export.clone_into(&mut self.export);
        self.config = call.values.pairs(key::CONFIG).to_vec();
        self.allowed = call.values.list(key::ALLOWED).to_vec();
        let level = call.values.text(key::LEVEL);
        let level = LEVELS.iter().position(|name| *name == level);
        self.level = level.ok_or("log level: needs one of those that there are")?;
        if call.is_fresh {
            let pairs = call.values.pairs(key::VARIABLES).iter();
            self.variables = pairs
                .map(|(name, value)| (name.clone(), value.clone().into_bytes()))
                .collect();
        }
        self.before = self.variables.clone();
        self.log.clear();
        (self.status, self.headers) = (0, None);
        (self.returned, self.failed) = (None, None);
        let input = call.values.bytes(key::INPUT).to_vec();
        let length = input.len() as u64;
        let input = self.blocks.give(input, call.room);
        self.input = (
            input.map_err(|problem| format!("input: {problem}"))?,
            length,
        );
        Ok(())
    }

    fn next(&mut self, came: Came, _: &mut dyn World) -> Next {
        let problem = match came {
            Came::Begun => return Next::Call(GuestCall::new(&self.export, &[])),
            Came::Returned(results) => {
                #[expect(clippy::cast_possible_truncation, reason = "the bits of an i32")]
                let result = results.first().map(|bits| (*bits as u32).cast_signed());
                self.returned = result;
                result.filter(|code| *code != 0).map(|code| {
                    format!(
                        "it returned {code}, which is an error to Extism, and set no text for it"
                    )
                })
            }
            Came::Exited(0) => None,
            Came::Exited(code) => Some(format!("the plugin exited with code {code}")),
            Came::Http(_) => None,
        };
        self.failed = match self.error {
            0 => problem,
            error => {
                let text = self.blocks.read(error).unwrap_or_default();
                Some(String::from_utf8_lossy(&text).into_owned())
            }
        };
        Next::Done
    }

    fn call(&mut self, function: FunctionId, caller: Caller<'_>) -> Flow {
        let Caller {
            args,
            results,
            came,
            room,
            world,
            ..
        } = caller;
        let (first, second) = match args {
            [first, second, ..] => (*first, *second),
            [first] => (*first, 0),
            [] => (0, 0),
        };
        let flow = match Extern::of(function) {
            Some(function) => self.answer(function, (first, second), came, room, results, world),
            None => Err(Flow::Trap("it is no function of Extism's".to_owned())),
        };
        flow.unwrap_or_else(|flow| flow)
    }

    fn shown(&self) -> Shown {
        self.show()
    }

    fn held(&self) -> u64 {
        self.blocks.held()
    }

    fn has_handles(&self) -> bool {
        true
    }

    fn lift(&self, bits: u64) -> Option<Vec<u8>> {
        self.blocks.read(bits).filter(|_| bits != 0)
    }

    fn lower(&mut self, bytes: Vec<u8>, room: u64) -> Result<u64, String> {
        self.blocks.give(bytes, room)
    }

    fn tell_arguments(&self, function: FunctionId, args: &[u64], _: Linear<'_>, to: &mut Text<'_>) {
        self.tell(function, args, to);
    }

    fn tell_results(&self, function: FunctionId, results: &[u64], to: &mut Text<'_>) {
        self.tell_result(function, results, to);
    }
}

impl Extism {
    /// Answers a call with its first two arguments; `Err` is a flow, too.
    fn answer(
        &mut self,
        function: Extern,
        (first, second): (u64, u64),
        came: &[Came],
        room: u64,
        results: &mut [u64],
        world: &mut dyn World,
    ) -> Result<Flow, Flow> {
        let mut set = |bits: u64| {
            if let [result] = results {
                *result = bits;
            }
        };
        match function {
            Extern::Alloc => set(self.blocks.allocate(first, room).map_err(Flow::Limit)?),
            Extern::Free => self.free(first),
            Extern::Length | Extern::LengthUnsafe => {
                set(self.blocks.length(first).unwrap_or(0));
            }
            Extern::LoadU8 => set(self.blocks.load::<1>(first)[0].into()),
            Extern::LoadU64 => set(u64::from_le_bytes(self.blocks.load(first))),
            Extern::StoreU8 => {
                let [byte, ..] = second.to_le_bytes();
                self.blocks.store(first, &[byte]);
            }
            Extern::StoreU64 => self.blocks.store(first, &second.to_le_bytes()),
            Extern::InputSet => self.input = self.stretch((first, second), self.input),
            Extern::InputLength => set(self.input.1),
            Extern::InputOffset => set(self.input.0),
            Extern::InputLoadU8 if first < self.input.1 => {
                set(self.blocks.load::<1>(self.input.0 + first)[0].into());
            }
            Extern::InputLoadU64 if first.saturating_add(8) <= self.input.1 => {
                set(u64::from_le_bytes(self.blocks.load(self.input.0 + first)));
            }
            Extern::InputLoadU8 | Extern::InputLoadU64 => {}
            Extern::OutputSet => self.output = self.stretch((first, second), self.output),
            Extern::OutputLength => set(self.output.1),
            Extern::OutputOffset => set(self.output.0),
            Extern::ErrorSet => self.error = first,
            Extern::ErrorGet => set(self.error),
            Extern::ConfigGet => {
                let key = self.take_text(first, "config key")?;
                let mut config = self.config.iter().rev();
                let value = config.find(|(name, _)| *name == key);
                let value = value.map(|(_, value)| value.clone().into_bytes());
                return Ok(self.give(value.unwrap_or_default(), room, results));
            }
            Extern::VarGet => {
                let key = self.take_text(first, "var key")?;
                let value = self.variables.get(&key).cloned();
                return Ok(self.give(value.unwrap_or_default(), room, results));
            }
            Extern::VarSet => self.set_variable(first, second)?,
            Extern::HttpRequest => {
                return Ok(self.http_request((first, second), came, room, results));
            }
            Extern::HttpStatusCode => set(self.status.into()),
            Extern::HttpHeaders => {
                let headers = self.headers.clone().unwrap_or_default();
                return Ok(self.give(headers.into_bytes(), room, results));
            }
            Extern::LogTrace => self.log(0, first, world)?,
            Extern::LogDebug => self.log(1, first, world)?,
            Extern::LogInfo => self.log(2, first, world)?,
            Extern::LogWarn => self.log(3, first, world)?,
            Extern::LogError => self.log(4, first, world)?,
            Extern::GetLogLevel => set(match self.level {
                level if level + 1 == LEVELS.len() => i32::MAX.unsigned_abs().into(),
                level => level as u64,
            }),
            Extern::MemoryBytes => set(self.blocks.held()),
            Extern::Reset => self.reset(),
        }
        Ok(Flow::Return)
    }

    /// `reset()`: frees all blocks, and forgets input, output and error.
    fn reset(&mut self) {
        self.blocks.clear();
        (self.input, self.output, self.error) = ((0, 0), (0, 0), 0);
    }

    /// `free(handle)`: the block that the output or the error is in stays until the call is over, since that is when they are read.
    fn free(&mut self, handle: u64) {
        let length = self.blocks.length(handle).unwrap_or(0);
        let is_read = |at: u64| at != 0 && (handle..handle + length).contains(&at);
        if is_read(self.output.0) || is_read(self.error) {
            return;
        }
        if handle == self.input.0 {
            self.input.1 = 0;
        }
        self.blocks.free(handle);
    }

    /// What input or output is set to: as it `was` unless it is within a block.
    fn stretch(&self, (at, length): (u64, u64), was: (u64, u64)) -> (u64, u64) {
        match self.blocks.is_within(at, length) {
            true => (at, length),
            false => was,
        }
    }

    /// The text that a block has, which is freed.
    fn take_text(&mut self, handle: u64, what: &str) -> Result<String, Flow> {
        let bytes = self.take(handle, what)?;
        String::from_utf8(bytes).map_err(|_| Flow::Trap(format!("the {what} is no UTF-8")))
    }

    /// What a block has, which is freed.
    fn take(&mut self, handle: u64, what: &str) -> Result<Vec<u8>, Flow> {
        let bytes = self.blocks.read(handle);
        let bytes = bytes
            .ok_or_else(|| Flow::Trap(format!("invalid handle offset for {what}: {handle}")))?;
        self.free(handle);
        Ok(bytes)
    }

    /// Returns a block of these bytes.
    fn give(&mut self, bytes: Vec<u8>, room: u64, results: &mut [u64]) -> Flow {
        match (self.blocks.give(bytes, room), results) {
            (Ok(handle), [result]) => *result = handle,
            (Ok(_), _) => {}
            (Err(problem), _) => return Flow::Limit(problem),
        }
        Flow::Return
    }

    /// `var_set(name, value)`: value 0 takes the variable away. The host frees both.
    fn set_variable(&mut self, name: u64, value: u64) -> Result<(), Flow> {
        let name = self.take_text(name, "var key")?;
        if value == 0 {
            self.variables.remove(&name);
            return Ok(());
        }
        let value = self.take(value, "var value")?;
        let all = self.variables.iter();
        let all: usize = all
            .map(|(name, value)| name.len() + value.len() + VARIABLE)
            .sum();
        if all + name.len() + value.len() + VARIABLE > MOST_VARIABLES {
            return Err(Flow::Trap("Variable store is full".to_owned()));
        }
        self.variables.insert(name, value);
        Ok(())
    }

    /// Prints a line of this level, and frees it.
    fn log(&mut self, level: usize, line: u64, world: &mut dyn World) -> Result<(), Flow> {
        let line = self.take(line, "log message")?;
        let Some(name) = LEVELS.get(level).filter(|_| level >= self.level) else {
            return Ok(());
        };
        let line = String::from_utf8_lossy(&line);
        world.print(&format!("{name}: {line}"));
        if self.log.len() < MOST_LINES {
            let kept = line.chars().take(MOST_LINE).collect();
            self.log.push((name, kept));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
