//! Hosts of plugin frameworks: what a plugin that is written for one finds there, over its memory and a small view of the world.
//!
//! A folder for each. It says what it [recognises](recognise()) a module by, which imports it answers, what is to be filled in for a call
//! ([`Form`]), which exports are called for it and in which order, and what there is to show of it ([`Shown`]).
//!
//! Sans-IO: a host never waits. What it wants of the world (an HTTP request) or of the guest (room in its memory) it asks for,
//! and is called again when that has come. So it must not know the engine, the session or the page, and these know it only by [`Host`].
//!
//! To add one: a folder, a variant of [`Kind`], and an arm in each function at the end of this file.

mod by_form;
mod command;
mod extism;
mod fields;
mod form;
mod function;
mod guest;
mod held;
mod http_wasm;
mod log;
pub mod protobuf;
mod proxy_wasm;
mod recognise;
mod table;
#[cfg(test)]
mod testing;
mod wapc;
mod world;

pub use self::by_form::{
    ByForm, camel, hex, read_hex, shown_to_json, value_from_json, value_to_json,
};
pub use self::command::Process;
pub use self::form::{Action, Change, Field, Form, Input, Part, Recognised, Shown, Value, Values};
pub use self::function::{Function, FunctionId, Served};
pub use self::recognise::{recognise, recognise_command};
pub use self::world::{Ask, Request, Response, World};

use self::table::Param;
use crate::linear::{Linear, LinearMut};
use crate::module::{Import, Info};
use crate::wasi::Stream;
use crate::wasi::describe::Text;
use serde::{Deserialize, Serialize};

/// A framework whose host is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Extism.
    Extism,
    /// http-wasm.
    HttpWasm,
    /// proxy-wasm.
    ProxyWasm,
    /// Kubewarden, on waPC.
    Kubewarden,
    /// waPC.
    Wapc,
    /// sqlc, which starts commands.
    Sqlc,
    /// buf, which starts commands.
    Buf,
}

impl Kind {
    /// All of them, in the order in which a module is held against them: the more particular first.
    pub const ALL: &[Self] = &[
        Self::Extism,
        Self::HttpWasm,
        Self::ProxyWasm,
        Self::Kubewarden,
        Self::Wapc,
        Self::Sqlc,
        Self::Buf,
    ];
}

/// The host of one instance. What it keeps for the guest (variables, shared data) lasts as long as the instance does.
///
/// A call on the page is [`Host::begin`], then [`Host::next`] until that says [`Next::Done`]. In between the guest calls
/// [`Host::call`]. It can end at any point, by a trap or because somebody has stopped it: [`Host::shown`] is asked for all the same,
/// and the next thing is another `begin`.
pub trait Host {
    /// A call begins, of what was filled in. The guest has been instantiated, and nothing of it has run since if `is_fresh`: `_start` and
    /// `_initialize`, each that there is, run between this and the first `next` (an exit in them is let be), and may ask for what was filled in.
    ///
    /// # Errors
    ///
    /// What is wrong with what was filled in, by field: nothing runs then.
    fn begin(&mut self, call: Begin<'_>) -> Result<(), String>;

    /// What is to be done next, now that what it wanted before has come; the first time [`Came::Begun`].
    fn next(&mut self, came: Came, world: &mut dyn World) -> Next;

    /// The guest calls the function that `function` names.
    ///
    /// One that asks for something ([`Flow::Ask`], [`Flow::Guest`]) is called again with the same arguments when that has come, and finds it in
    /// [`Caller::came`], with all that came before: nothing need be kept for it, and nothing may be done twice.
    fn call(&mut self, function: FunctionId, caller: Caller<'_>) -> Flow;

    /// What there is to show of the call, whether it came to its end or not.
    fn shown(&self) -> Shown;

    /// The guest has written this to stdout or stderr. It is not told while the host is asked for something.
    fn printed(&mut self, _stream: Stream, _bytes: &[u8]) {}

    /// Bytes that it holds for the guest: they count as the guest's memory.
    fn held(&self) -> u64 {
        0
    }

    /// Whether functions of the user's own take and give handles of bytes that the host has, as i64.
    fn has_handles(&self) -> bool {
        false
    }

    /// The bytes that such a handle stands for; `None`: it is none, but a number.
    fn lift(&self, _bits: u64) -> Option<Vec<u8>> {
        None
    }

    /// A handle for bytes, where all together may take `room`.
    ///
    /// # Errors
    ///
    /// When there is no room.
    fn lower(&mut self, _bytes: Vec<u8>, _room: u64) -> Result<u64, String> {
        Err("the host has no handles".to_owned())
    }

    /// What the parameters of a function are, where the host has a table of them.
    fn params(&self, _function: FunctionId) -> Option<&'static [Param]> {
        None
    }

    /// Writes the arguments of a call for the trace: `"Ada", 3`.
    fn tell_arguments(
        &self,
        function: FunctionId,
        args: &[u64],
        memory: Linear<'_>,
        to: &mut Text<'_>,
    ) {
        if let Some(params) = self.params(function) {
            return table::tell(params, args, memory, to);
        }
        for (place, arg) in args.iter().enumerate() {
            if place > 0 {
                to.push(", ");
            }
            to.number(*arg);
        }
    }

    /// Writes what the call returned, for the trace.
    fn tell_results(&self, _function: FunctionId, results: &[u64], to: &mut Text<'_>) {
        match results {
            [] => to.push("returned"),
            [result, ..] => to.number(*result),
        }
    }
}

/// A call that begins.
#[derive(Clone, Copy, Debug)]
pub struct Begin<'a> {
    /// The export whose form it is.
    pub export: &'a str,
    /// Which of the form's [actions](Form::actions), by its key.
    pub action: &'a str,
    /// What was filled in.
    pub values: &'a Values,
    /// Whether nothing has run in the instance.
    pub is_fresh: bool,
    /// The most bytes that the host may hold.
    pub room: u64,
}

/// What a function of the host's is called with.
pub struct Caller<'a> {
    /// The arguments, as bits, of the type that the function has.
    pub args: &'a [u64],
    /// Zero, one for each result: to be set.
    pub results: &'a mut [u64],
    /// The guest's memory.
    pub memory: LinearMut<'a>,
    /// What this call has asked for, and has come, in order.
    pub came: &'a [Came],
    /// The most bytes that the host may hold in all: what the limit leaves beside the guest's memory.
    pub room: u64,
    /// The rest.
    pub world: &'a mut dyn World,
}

/// What a function of the host's came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flow {
    /// It returns: the results are set.
    Return,
    /// It needs this of the world first.
    Ask(Ask),
    /// It needs an export of the guest's called first. What traps there ends all.
    Guest(GuestCall),
    /// It ends the run: says what was wrong, without the function's name.
    Trap(String),
    /// A limit ends the run: says which, and where it is set.
    Limit(String),
}

/// What a host wants next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// An export called. What traps there ends the call.
    Call(GuestCall),
    /// Nothing: the call is over, well or not; [`Shown::failed`] says which.
    Done,
    /// Nothing: that the guest has exited with this code is the end of the call.
    Exit(u32),
}

/// A call of an export, in Wasm's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuestCall {
    /// The export. It is an error of the guest's not to have it: look first.
    pub export: String,
    /// The bits of its arguments, zero-extended.
    pub args: Vec<u64>,
}

impl GuestCall {
    /// A call of this export with these arguments.
    #[must_use]
    pub fn new(export: &str, args: &[u64]) -> Self {
        Self {
            export: export.to_owned(),
            args: args.to_vec(),
        }
    }
}

/// What has come of what a host wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// Nothing was wanted yet.
    Begun,
    /// The export returned: the bits of its results.
    Returned(Vec<u64>),
    /// The guest called `proc_exit` in it. It can be called again all the same.
    Exited(u32),
    /// The answer to a request, or why there is none.
    Http(Result<Response, String>),
}

impl Kind {
    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Extism => "Extism",
            Self::HttpWasm => "http-wasm",
            Self::ProxyWasm => "proxy-wasm",
            Self::Kubewarden => "Kubewarden",
            Self::Wapc => "waPC",
            Self::Sqlc => "sqlc",
            Self::Buf => "buf",
        }
    }

    /// What the guest's process is given for a call by a form, in an instance of its own; `None`: what the settings say, and the call may be in
    /// an instance that has been called before.
    #[must_use]
    pub fn process(self, action: &str, values: &Values) -> Option<Process> {
        Some(command::process(command::Tool::of(self)?, action, values))
    }

    /// What an import is to it; `None`: nothing.
    #[must_use]
    pub fn serves(self, import: &Import) -> Option<Served> {
        match self {
            Self::Extism => extism::serves(import),
            Self::HttpWasm => http_wasm::serves(import),
            Self::ProxyWasm => proxy_wasm::serves(import),
            Self::Kubewarden | Self::Wapc => wapc::serves(import),
            Self::Sqlc | Self::Buf => None,
        }
    }

    /// What is to be filled in for an export; `None`: it is called by its Go signature, as elsewhere.
    #[must_use]
    pub fn form(self, info: &Info, export: &str) -> Option<Form> {
        match self {
            Self::Extism => extism::form(info, export),
            Self::HttpWasm => http_wasm::form(export),
            Self::ProxyWasm => proxy_wasm::form(export),
            Self::Kubewarden => wapc::form_of_policy(export),
            Self::Wapc => wapc::form(export),
            Self::Sqlc => command::form(command::Tool::Sqlc, info, export),
            Self::Buf => command::form(command::Tool::Buf, info, export),
        }
    }

    /// The host for an instance of this module.
    #[must_use]
    pub fn make(self, info: &Info) -> Box<dyn Host> {
        match self {
            Self::Extism => Box::new(extism::Extism::default()),
            Self::HttpWasm => Box::new(http_wasm::HttpWasm::default()),
            Self::ProxyWasm => Box::new(proxy_wasm::ProxyWasm::new(info)),
            Self::Kubewarden => Box::new(wapc::Wapc::new(info, true)),
            Self::Wapc => Box::new(wapc::Wapc::new(info, false)),
            Self::Sqlc => Box::new(command::Command::new(command::Tool::Sqlc)),
            Self::Buf => Box::new(command::Command::new(command::Tool::Buf)),
        }
    }
}
