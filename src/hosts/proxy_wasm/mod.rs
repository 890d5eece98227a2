//! proxy-wasm: what a plugin for Envoy, Istio or Higress finds in `env`, by ABI 0.2.1 and as Envoy has it.
//!
//! The plugin has callbacks for each phase of a request and its response, which it may change, hold up, or answer itself; and some for what
//! comes later: replies to its own requests, ticks, queues. All are made by [`drive`], over what is kept in [`state`]. Bytes go to the
//! plugin in room that an export of its own makes.

mod call;
mod callouts;
mod drive;
mod foreign;
mod form;
mod functions;
mod maps;
mod redis;
mod share;
mod shared;
mod state;
mod status;
mod stream;

pub(super) use self::form::form;

use self::callouts::Reply;
use self::drive::Drive;
use self::functions::{Function, TABLE};
use self::state::State;
use self::status::{Answer, Give, STATUSES, Status, Stop};
use self::stream::Half;
use super::fields::Fields;
use super::guest::{self, Args, Outside, length};
use super::held::Failure;
use super::table::{Param, low};
use super::{
    Ask, Begin, Caller, Came, Flow, FunctionId, GuestCall, Host, Next, Served, Shown, Values, World,
};
use crate::linear::LinearMut;
use crate::module::{Import, Info};
use crate::wasi::describe::Text;

/// The levels of a log, by their numbers.
const LEVELS: &[&str] = &["trace", "debug", "info", "warn", "error", "critical"];

/// The exports that make room for bytes, the better first.
const ALLOCATORS: [&str; 2] = ["proxy_on_memory_allocate", "malloc"];

/// What an import is to the host.
pub(super) fn serves(import: &Import) -> Option<Served> {
    super::Function::find("proxy-wasm", "env", TABLE, import)
}

/// The host of one plugin.
#[derive(Debug, Default)]
pub(super) struct ProxyWasm {
    state: State,
    drive: Drive,
    allocator: Option<&'static str>,
}

impl ProxyWasm {
    /// That of this plugin.
    pub fn new(info: &Info) -> Self {
        let exports = info
            .exports
            .iter()
            .filter(|export| export.ty.func().is_some());
        Self::with_exports(exports.map(|export| export.name.clone()))
    }

    fn with_exports(exports: impl Iterator<Item = String>) -> Self {
        let mut host = Self::default();
        host.state.plugin = state::PLUGIN;
        host.drive.exports = exports.collect();
        let mut allocators = ALLOCATORS.into_iter();
        host.allocator = allocators.find(|name| host.drive.exports.contains(*name));
        host
    }

    /// Hands bytes to the guest, once it has made room for them.
    fn give(
        &mut self,
        give: &Give,
        memory: &mut LinearMut<'_>,
        came: &[Came],
    ) -> Result<Option<GuestCall>, Stop> {
        let length = length(give.bytes.len());
        let room = match came.last() {
            _ if length == 0 => 0,
            Some(Came::Returned(results)) => match low(results.first().copied().unwrap_or(0)) {
                0 => return Err(Status::InternalFailure.into()),
                room => room,
            },
            _ => {
                // Nothing is asked of the guest for what cannot be handed over.
                guest::read(memory, (give.to.0, 4))?;
                guest::read(memory, (give.to.1, 4))?;
                let Some(allocator) = self.allocator else {
                    return Err(Stop::Failure(Failure::Trap(
                        "the plugin exports neither proxy_on_memory_allocate nor malloc, so it cannot be given anything".to_owned(),
                    )));
                };
                return Ok(Some(GuestCall::new(allocator, &[length.into()])));
            }
        };
        self.hand_over(give, room, length, memory)?;
        if let Some(queue) = give.queue {
            share::dequeued(&mut self.state, queue);
        }
        Ok(None)
    }

    fn hand_over(
        &self,
        give: &Give,
        room: u32,
        length: u32,
        memory: &mut LinearMut<'_>,
    ) -> Result<(), Outside> {
        guest::write(memory, room, &give.bytes)?;
        guest::write(memory, give.to.0, &room.to_le_bytes())?;
        guest::write(memory, give.to.1, &length.to_le_bytes())?;
        match give.also {
            Some((at, number)) => guest::write(memory, at, &number.to_le_bytes()),
            None => Ok(()),
        }
    }
}

impl Host for ProxyWasm {
    fn begin(&mut self, call: Begin<'_>) -> Result<(), String> {
        let values = call.values;
        let piece = values.text("piece").trim();
        let piece = piece
            .parse::<usize>()
            .map_err(|_| format!("Bytes a piece: {piece:?} is no number"))?;
        let fields = |key| fields(values, key);
        let goal = form::goal(call.action);
        let half = |headers, usual, body, trailers| {
            let body = values.bytes(body);
            match goal {
                drive::Goal::Connect => {
                    Half::new(Fields::default(), body, Fields::default(), piece)
                }
                _ => Half::new(
                    with_pseudo(fields(headers), usual).with_length(body),
                    body,
                    fields(trailers),
                    piece,
                ),
            }
        };
        let request = half("headers", form::REQUEST, "body", "trailers");
        let response = half(
            "response-headers",
            form::RESPONSE,
            "response-body",
            "response-trailers",
        );
        let state = &mut self.state;
        state.plugin_configuration = values.bytes("plugin").to_vec();
        state.vm_configuration = values.bytes("vm").to_vec();
        values.text("vm_id").clone_into(&mut state.vm_id);
        let level = values.text("level");
        let level = LEVELS.iter().position(|name| *name == level);
        state.level = level.unwrap_or(2);
        state.callouts.fill_in(values.pairs("replies"));
        state.properties = values
            .pairs("properties")
            .iter()
            .map(|(path, value)| Ok((path.clone(), property(path, value)?)))
            .collect::<Result<_, String>>()?;
        state.log.clear();
        state.reply = None;
        self.drive.begin(goal, state)?;
        match goal {
            drive::Goal::Send | drive::Goal::Connect => {
                for stream in &mut state.streams {
                    stream.close();
                }
                self.drive.open(request, response, state);
            }
            drive::Goal::Next if state.streams.is_empty() => {
                self.drive.open(request, response, state);
            }
            drive::Goal::Next | drive::Goal::Tick => {}
        }
        Ok(())
    }

    fn next(&mut self, came: Came, world: &mut dyn World) -> Next {
        let next = self.drive.next(came, &mut self.state);
        for line in self.state.lines.drain(..) {
            world.print(&line);
        }
        next
    }

    fn call(&mut self, function: FunctionId, caller: Caller<'_>) -> Flow {
        let Some(function) = Function::of(function) else {
            return Flow::Trap("there is no such function".to_owned());
        };
        let Caller {
            args,
            results,
            mut memory,
            came,
            room,
            world,
        } = caller;
        let state = &mut self.state;
        state.held.room = room;
        if function == Function::HttpCall {
            match (came, state.callouts.request(args, &memory)) {
                ([], Some(request)) => return Flow::Ask(Ask::Http(request)),
                ([Came::Http(answer), ..], _) => {
                    let failed = answer.as_ref().err().cloned();
                    state.lines.extend(failed);
                    let reply = answer.as_ref().map(Reply::of);
                    state.callouts.fetched = Some(reply.unwrap_or_default());
                }
                _ => {}
            }
        }
        let answer = call::call(state, function, Args::new(args), &mut memory, world.now());
        for line in state.lines.drain(..) {
            world.print(&line);
        }
        let done = match answer {
            Ok(Answer::Ok) => Ok(None),
            Ok(Answer::Give(give)) => self.give(&give, &mut memory, came),
            Err(stop) => Err(stop),
        };
        let status = match done {
            Ok(None) => Status::Ok,
            Ok(Some(call)) => return Flow::Guest(call),
            Err(Stop::Status(status)) => status,
            Err(Stop::Failure(failure)) => return failure.into(),
        };
        if let Some(result) = results.first_mut() {
            *result = status as u64;
        }
        Flow::Return
    }

    fn shown(&self) -> Shown {
        form::shown(self)
    }

    fn held(&self) -> u64 {
        self.state.held.bytes()
    }

    fn params(&self, function: FunctionId) -> Option<&'static [Param]> {
        Function::of(function).map(Function::params)
    }

    fn tell_results(&self, _function: FunctionId, results: &[u64], to: &mut Text<'_>) {
        let [status, ..] = results else {
            return to.push("returned");
        };
        match usize::try_from(*status)
            .ok()
            .and_then(|at| STATUSES.get(at))
        {
            Some(name) => to.push(name),
            None => to.number(*status),
        }
    }
}

/// Headers that were filled in.
fn fields(values: &Values, key: &str) -> Fields {
    let pairs = values.pairs(key).iter();
    let pairs = pairs.filter(|(name, _)| !name.is_empty());
    pairs
        .map(|(name, value)| (name, value.as_bytes()))
        .collect()
}

/// The headers with the usual ones that say what is asked or answered, if none of these was filled in.
fn with_pseudo(headers: Fields, usual: &[(&str, &str)]) -> Fields {
    if headers.iter().any(|(name, _)| name.starts_with(':')) {
        return headers;
    }
    let usual = usual.iter().filter(|(name, _)| name.starts_with(':'));
    let usual = usual.map(|(name, value)| (*name, value.as_bytes()));
    usual.chain(headers.iter()).collect()
}

/// A property's value that was filled in: text, or a number of eight bytes.
fn property(path: &str, value: &str) -> Result<Vec<u8>, String> {
    match value.strip_prefix("i64:") {
        None => Ok(value.as_bytes().to_vec()),
        Some(number) => match number.trim().parse::<i64>() {
            Ok(number) => Ok(number.to_le_bytes().to_vec()),
            Err(_) => Err(format!("Properties: {path}: {number:?} is no number")),
        },
    }
}

#[cfg(test)]
mod tests;
