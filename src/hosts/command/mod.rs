//! Commands that a tool starts by a contract: arguments, environment and stdin go in, stdout comes out, both in protobuf's wire format.
//!
//! Each call is of `_start` in an instance of its own. A folder's file has what a tool gives and what it reads out of the answer; what is here
//! must not know which it is.

mod buf;
mod sqlc;

use super::fields::text;
use super::{
    Begin, Caller, Came, Flow, Form, FunctionId, GuestCall, Host, Kind, Next, Part, Shown, Values,
    World,
};
use crate::module::{Info, Kind as Module};
use crate::wasi::Stream;

/// The export that is called.
const START: &str = "_start";

/// The program's name, as the tools have it.
const PROGRAM: &str = "plugin.wasm";

/// What the process of a call is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// The command line, with the program's name.
    pub args: Vec<String>,
    /// The environment.
    pub env: Vec<(String, String)>,
    /// What can be read from stdin.
    pub stdin: Vec<u8>,
}

/// What a command's tool is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    Sqlc,
    Buf,
}

impl Tool {
    pub fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Sqlc => Some(Self::Sqlc),
            Kind::Buf => Some(Self::Buf),
            _ => None,
        }
    }
}

/// What is to be filled in for an export; `None`: it is not what the tool starts.
pub(super) fn form(tool: Tool, info: &Info, export: &str) -> Option<Form> {
    if info.kind != Module::Command || export != START {
        return None;
    }
    Some(match tool {
        Tool::Sqlc => sqlc::form(START),
        Tool::Buf => buf::form(START),
    })
}

/// What the process of a call is given.
pub(super) fn process(tool: Tool, action: &str, values: &Values) -> Process {
    match tool {
        Tool::Sqlc => sqlc::process(values),
        Tool::Buf => buf::process(action, values),
    }
}

/// The tool, for one instance.
#[derive(Debug)]
pub(super) struct Command {
    tool: Tool,
    action: String,
    /// Whether it is called by the form, and not otherwise.
    is_called: bool,
    stdout: Vec<u8>,
    /// Whether it has come to its end, with code 0.
    is_over: bool,
}

impl Command {
    pub fn new(tool: Tool) -> Self {
        Self {
            tool,
            action: String::new(),
            is_called: false,
            stdout: Vec::new(),
            is_over: false,
        }
    }
}

impl Host for Command {
    fn begin(&mut self, call: Begin<'_>) -> Result<(), String> {
        call.action.clone_into(&mut self.action);
        self.is_called = true;
        self.stdout.clear();
        self.is_over = false;
        Ok(())
    }

    fn next(&mut self, came: Came, _world: &mut dyn World) -> Next {
        match came {
            Came::Begun => return Next::Call(GuestCall::new(START, &[])),
            Came::Exited(code) if code != 0 => return Next::Exit(code),
            _ => self.is_over = true,
        }
        Next::Done
    }

    fn call(&mut self, _function: FunctionId, _caller: Caller<'_>) -> Flow {
        Flow::Trap("it is not answered by a host".to_owned())
    }

    fn printed(&mut self, stream: Stream, bytes: &[u8]) {
        // How much that may be is a limit of the guest's output.
        if self.is_called && stream == Stream::Stdout {
            self.stdout.extend_from_slice(bytes);
        }
    }

    fn shown(&self) -> Shown {
        let mut shown = Shown::default();
        if self.is_over {
            match self.tool {
                Tool::Sqlc => sqlc::show(&self.stdout, &mut shown),
                Tool::Buf => buf::show(&self.action, &self.stdout, &mut shown),
            }
        } else if !self.stdout.is_empty() {
            shown.add("stdout", Part::Bytes(self.stdout.clone()));
        }
        shown
    }
}

#[cfg(test)]
mod tests;
