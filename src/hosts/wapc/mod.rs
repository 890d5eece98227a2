//! waPC: what a guest finds in `wapc`, as wapc-go has it; and Kubewarden's policies, which are such guests.
//!
//! A call is an operation, by its name, with a payload of bytes. The guest fetches both, and hands over a response or an error; on the way it
//! may ask the host something, by three names and a payload.

mod call;
mod form;
mod functions;
mod policy;

use self::call::{Asked, Invocation};
use self::functions::{Function, TABLE};
use super::fields::shown_bytes;
use super::guest::Args;
use super::table::Param;
use super::{
    Begin, Caller, Came, Flow, Form, FunctionId, GuestCall, Host, Next, Part, Served, Shown, World,
};
use crate::module::{Import, Info};

/// What an import is to the host.
pub(super) fn serves(import: &Import) -> Option<Served> {
    super::Function::find("waPC", "wapc", TABLE, import)
}

/// What is to be filled in for an export of any guest.
pub(super) fn form(export: &str) -> Option<Form> {
    (export == CALL).then(form::of_any)
}

/// What is to be filled in for an export of a policy.
pub(super) fn form_of_policy(export: &str) -> Option<Form> {
    (export == CALL).then(form::of_policy)
}

/// The export that is called.
const CALL: &str = "__guest_call";

/// The export that makes a guest ready, if it has one.
const INIT: &str = "wapc_init";

/// How far a call has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// The guest is to be made ready first.
    Fresh,
    /// The guest is ready.
    #[default]
    Before,
    /// It has been called, and has not returned.
    Called,
    /// The call is over.
    Over,
}

/// The host of one guest.
#[derive(Debug, Default)]
pub(super) struct Wapc {
    is_policy: bool,
    /// Whether it has an export that makes it ready, which has not been called.
    needs_init: bool,
    stage: Stage,
    invocation: Invocation,
    /// The operation and the payload that are to come.
    coming: (String, Vec<u8>),
    failed: Option<String>,
    /// Whether the guest has answered.
    answered: bool,
}

impl Wapc {
    /// That of a guest which may be a policy.
    pub fn new(info: &Info, is_policy: bool) -> Self {
        Self {
            is_policy,
            needs_init: info.exports.iter().any(|export| export.name == INIT),
            ..Self::default()
        }
    }

    /// What has come of the call.
    fn returned(&mut self, results: &[u64]) {
        let operation = &self.invocation.operation;
        if !self.invocation.error.is_empty() {
            self.failed = Some(self.invocation.error.clone());
        } else if results.first() == Some(&1) {
            self.answered = true;
        } else {
            self.failed = Some(format!(
                "the guest did not return 1 for {operation}, and gave no reason (__guest_error)"
            ));
        }
    }
}

impl Host for Wapc {
    fn begin(&mut self, call: Begin<'_>) -> Result<(), String> {
        let values = call.values;
        self.coming = if self.is_policy {
            let payload = policy::payload(call.action, values)?;
            (call.action.to_owned(), payload)
        } else {
            let operation = values.text("operation").to_owned();
            if operation.is_empty() {
                return Err("Operation: it is empty; a guest has a name for each".to_owned());
            }
            (operation, values.bytes("payload").to_vec())
        };
        let replies = values.pairs("replies").iter();
        self.invocation = Invocation {
            replies: replies
                .map(|(name, reply)| (name.clone(), reply.clone().into_bytes()))
                .collect(),
            errors: values.pairs("errors").to_vec(),
            ..Invocation::default()
        };
        self.stage = match self.needs_init {
            true => Stage::Fresh,
            false => Stage::Before,
        };
        self.failed = None;
        self.answered = false;
        Ok(())
    }

    fn next(&mut self, came: Came, _world: &mut dyn World) -> Next {
        match (self.stage, came) {
            (Stage::Fresh, _) => {
                self.needs_init = false;
                self.stage = Stage::Before;
                return Next::Call(GuestCall::new(INIT, &[]));
            }
            (Stage::Before, Came::Exited(code)) if code != 0 => {
                self.failed = Some(format!("{INIT} exited with code {code}"));
            }
            (Stage::Before, _) => {
                self.stage = Stage::Called;
                let (operation, payload) = std::mem::take(&mut self.coming);
                let lengths = [operation.len() as u64, payload.len() as u64];
                self.invocation.operation = operation;
                self.invocation.payload = payload;
                return Next::Call(GuestCall::new(CALL, &lengths));
            }
            (Stage::Called, Came::Returned(results)) => self.returned(&results),
            (Stage::Called, Came::Exited(code)) => {
                self.failed = Some(format!(
                    "the guest exited with code {code} instead of returning"
                ));
            }
            _ => {}
        }
        self.stage = Stage::Over;
        Next::Done
    }

    fn call(&mut self, function: FunctionId, caller: Caller<'_>) -> Flow {
        let Some(function) = Function::of(function) else {
            return Flow::Trap("there is no such function".to_owned());
        };
        let mut memory = caller.memory;
        self.invocation.held.room = caller.room;
        let args = Args::new(caller.args);
        match call::call(&mut self.invocation, function, args, &mut memory) {
            Ok(answer) => {
                if let (Some(result), Some(bits)) = (caller.results.first_mut(), answer) {
                    *result = bits;
                }
                for line in self.invocation.lines.drain(..) {
                    caller.world.print(&line);
                }
                Flow::Return
            }
            Err(failure) => failure.into(),
        }
    }

    fn shown(&self) -> Shown {
        let Invocation {
            operation,
            payload,
            response,
            asked,
            log,
            ..
        } = &self.invocation;
        let mut shown = Shown {
            failed: self.failed.clone(),
            ..Shown::default()
        };
        if self.answered && self.is_policy {
            policy::show(operation, payload, response, &mut shown);
        }
        if !response.is_empty() {
            shown.add("Response", Part::Bytes(response.clone()));
        }
        if !asked.is_empty() {
            let columns = ["binding/namespace/operation", "payload", "reply"];
            shown.add(
                "Host calls",
                Part::Table {
                    columns: columns.map(str::to_owned).to_vec(),
                    rows: asked.iter().map(Asked::row).collect(),
                },
            );
        }
        if let Some(log) = log.part() {
            shown.add("Log", log);
        }
        shown
    }

    fn held(&self) -> u64 {
        self.invocation.held.bytes()
    }

    fn params(&self, function: FunctionId) -> Option<&'static [Param]> {
        Function::of(function).map(Function::params)
    }
}

impl Asked {
    /// It in a table.
    fn row(&self) -> Vec<String> {
        let reply = match &self.reply {
            Ok(reply) => shown_bytes(reply).into_owned(),
            Err(why) => format!("error: {why}"),
        };
        let payload = shown_bytes(&self.payload).into_owned();
        vec![self.name.clone(), payload, reply]
    }
}

#[cfg(test)]
mod tests;
