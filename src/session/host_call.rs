//! Host calls that whoever drives the session answers: what the guest asks, what it gets, and the
//! calls of its exports in between.
//!
//! The guest is suspended inside the call. Its driver takes the call ([`Session::host_call`]), may read
//! and write memory and call exports ([`Session::call_within`], a run within the run), and answers
//! ([`Session::host_answer`]), now or later: the session waits for it as for anything else.

use super::Session;
use super::board::Board;
use super::frame::Frame;
use super::run::Hosted;
use crate::amount::amount;
use crate::engine::{self, Instance, Wanted};
use crate::go::{self, Received, Signature, Source, Type, Value};
use crate::hosts::{Ask, GuestCall};
use crate::module::{Info, ValType};
use crate::protocol::{Answer, Outcome, WaitingFor};
use std::borrow::Cow;

/// names a host call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HostCallId(pub(super) u32);

impl HostCallId {
    /// A number for it, which JavaScript can hold.
    #[must_use]
    pub fn number(self) -> f64 {
        self.0.into()
    }

    /// The host call that has this number; it need not be open, or ever have been.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "no other call has the number that comes of it"
    )]
    pub fn from_number(number: f64) -> Self {
        Self(number as u32)
    }
}

/// Names a call that a host function makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WithinId(pub(super) u32);

/// A host call that waits for its answer.
pub(super) struct Open {
    pub(super) id: HostCallId,
    pub(super) call: engine::HostCall,
    /// Whether whoever drives the session knows of it.
    pub(super) taken: bool,
    /// What a framework's host wants before it answers; `None`: it is another one that does.
    pub(super) hosted: Option<Hosted>,
    /// What the host function returned, or why it failed.
    pub(super) answer: Option<Result<Vec<u64>, String>>,
}

impl Open {
    /// Whether it is this one, and not answered yet.
    pub(super) fn is(&self, id: HostCallId) -> bool {
        self.id == id && self.answer.is_none()
    }

    /// What a framework's host asks of the world.
    pub(super) fn asks(&self) -> Option<&Ask> {
        match &self.hosted.as_ref()?.wanted {
            Some(Wanted::Ask(ask)) => Some(ask),
            _ => None,
        }
    }

    /// The call that a framework's host wants made; it is told once.
    pub(super) fn wants_guest(&mut self) -> Option<GuestCall> {
        let wanted = &mut self.hosted.as_mut()?.wanted;
        match wanted.take() {
            Some(Wanted::Guest(call)) => Some(call),
            other => {
                *wanted = other;
                None
            }
        }
    }
}

/// A call of an import whose answer is [`Answer::Script`] or [`Answer::Driver`].
#[derive(Clone, Debug)]
pub struct HostCall {
    /// Names it.
    pub id: HostCallId,
    /// The place of the import in [`Info::imports`].
    pub import: u32,
    /// What messages call the import: `module.name`.
    pub name: String,
    /// Its Go signature; where none is known, one that takes the numbers themselves. Where these are handles of what a framework's host has,
    /// it takes that as strings; a result that may be one is a string, too, or a number.
    pub signature: Signature,
    /// Its arguments, by the signature.
    pub args: Vec<Received>,
    /// Its arguments as Wasm has them: their bits, zero-extended.
    pub raw: Vec<u64>,
}

/// What a host function returned.
#[derive(Clone, Debug, PartialEq)]
pub enum HostResult {
    /// A Go value, of the type that the signature has; `None`: nothing.
    Value(Option<Value>),
    /// The results as Wasm has them: their bits, zero-extended.
    Raw(Vec<u64>),
}

impl Session {
    /// The host call that the guest waits in. Each is told once.
    pub fn host_call(&mut self) -> Option<HostCall> {
        let board = self.board.as_ref()?;
        let open = self.run.as_mut()?.open();
        let open = open.filter(|open| !open.taken && open.hosted.is_none())?;
        open.taken = true;
        let index = open.call.import;
        let mut signature = board.signature(index)?;
        let memory = board.instance().map(Instance::memory).unwrap_or_default();
        let raw = open.call.args.clone();
        let mut args = go::received(&signature, &raw, memory, board.info.abi());
        if has_handles(board) {
            lift(board, &raw, &mut signature, &mut args);
        }
        Some(HostCall {
            id: open.id,
            import: u32::try_from(index).ok()?,
            name: board.import_name(index),
            args,
            signature,
            raw,
        })
    }

    /// Answers a host call: with its results, which must be of the type of the import, or with why it
    /// failed, which traps. Ignored when the call is not open any more.
    pub fn host_answer(&mut self, id: HostCallId, answer: Result<HostResult, String>) {
        let (Some(run), Some(board)) = (&mut self.run, &mut self.board) else {
            return;
        };
        let Some(import) = run.import_of(id) else {
            return;
        };
        let answer = answer.and_then(|result| results(board, import, result));
        run.answer(id, answer, board);
    }

    /// Calls an export from inside a host call. What comes of it is in [`Session::take_returned`] after
    /// further steps; an exit or a limit ends the whole run instead.
    ///
    /// # Errors
    ///
    /// Why it cannot be called: the host call is over, another call is under way, the arguments do not
    /// fit, it would be nested too deep.
    pub fn call_within(
        &mut self,
        id: HostCallId,
        export: &str,
        signature: Signature,
        args: Vec<Value>,
    ) -> Result<WithinId, String> {
        let (Some(run), Some(board)) = (&mut self.run, &self.board) else {
            return Err("the host call is over".to_owned());
        };
        let frame = Frame::call(export.to_owned(), signature, args);
        run.call_within(id, frame, board)
    }

    /// What has come of calls within host calls since this was last asked. A trap has ended only the
    /// call: its host function is to hear of it.
    pub fn take_returned(&mut self) -> Vec<(WithinId, Outcome)> {
        let mut returned = std::mem::take(&mut self.returned);
        if let Some(run) = &mut self.run {
            returned.append(&mut run.returned);
        }
        returned
    }

    /// Whether the guest waits for what answers an import.
    #[must_use]
    pub fn waits_for_import(&self) -> bool {
        matches!(self.waiting, Some(WaitingFor::Import(_)))
    }

    /// Whether a host call waits for its answer.
    #[must_use]
    pub fn is_open(&self, id: HostCallId) -> bool {
        self.run.as_ref().is_some_and(|run| run.is_open(id))
    }

    /// How the import at this place is answered; `None`: by WASI, or it is no function.
    #[must_use]
    pub fn answer(&self, import: u32) -> Option<&Answer> {
        self.board.as_ref()?.answer_of(import as usize)
    }

    /// What is in the module on the board.
    #[must_use]
    pub fn info(&self) -> Option<&Info> {
        Some(&self.board.as_ref()?.info)
    }

    /// The signatures that host functions can call an export by, the best first; `None`: the module
    /// exports no such function.
    #[must_use]
    pub fn signatures_of(&self, export: &str) -> Option<Vec<(Signature, Source)>> {
        self.board.as_ref()?.signatures_of(export)
    }

    /// Writes into the guest's linear memory, whether it runs or not.
    ///
    /// # Errors
    ///
    /// When there is no instance yet, or not all of it is in memory: nothing is written then.
    pub fn write_memory(&mut self, address: u64, bytes: &[u8]) -> Result<(), String> {
        let Some(instance) = self.instance_mut() else {
            return Err(
                "there is no memory yet: it comes with the instance, at the first call".to_owned(),
            );
        };
        let mut memory = instance.memory_mut();
        match memory.write(address, bytes) {
            true => Ok(()),
            false => Err(outside(address, bytes.len() as u64, memory.view().size())),
        }
    }

    /// A stretch of the guest's linear memory.
    ///
    /// # Errors
    ///
    /// When not all of it is in memory.
    pub fn read_memory(&self, address: u64, length: u64) -> Result<Cow<'_, [u8]>, String> {
        let memory = self.instance().map(Instance::memory).unwrap_or_default();
        let range = memory.range(address, length);
        range
            .and_then(|range| memory.get(range))
            .ok_or_else(|| outside(address, length, memory.size()))
    }

    /// Prints on behalf of a host function, while a host call is open.
    pub fn print(&mut self, bytes: &[u8]) {
        let (Some(run), Some(board)) = (&mut self.run, &mut self.board) else {
            return;
        };
        if !run.has_open() {
            return;
        }
        let printed = board.instance_mut().map(|instance| instance.print(bytes));
        if let Some(Err(limit)) = printed {
            let outcome = run.limited(limit);
            run.end_all(board, &outcome);
        }
        self.collect_output();
    }
}

fn outside(address: u64, length: u64, size: usize) -> String {
    let length = amount(length, "byte");
    format!("{address:#x} and the {length} from there are not all in the memory of {size} bytes")
}

/// Whether numbers may be handles of what a framework's host has.
fn has_handles(board: &Board) -> bool {
    board.instance().is_some_and(Instance::has_handles)
}

/// Arguments that are handles of a framework's host are what they stand for: text. So is a result that may be one.
fn lift(board: &Board, raw: &[u64], signature: &mut Signature, args: &mut [Received]) {
    let params = signature.params.iter_mut().zip(args).zip(raw);
    for ((param, arg), bits) in params {
        if is_handle(&param.ty)
            && let Some(bytes) = board.instance().and_then(|instance| instance.lift(*bits))
        {
            param.ty = Type::String;
            *arg = Received::text(bytes);
        }
    }
    if signature.result.as_ref().is_some_and(is_handle) {
        signature.result = Some(Type::String);
    }
}

/// Whether what has this type can be a handle, which is an i64.
fn is_handle(ty: &Type) -> bool {
    matches!(ty.underlying(), Type::Int64 | Type::Uint64)
}

/// The results of the import at this place, as bits; the text says what is wrong with them.
fn results(board: &mut Board, import: usize, result: HostResult) -> Result<Vec<u64>, String> {
    let found = board.info.imports.get(import);
    let ty = found.and_then(|import| import.ty.func());
    let ty = ty.cloned().unwrap_or_default();
    let known = |bits: &[u64]| {
        let instance = board.instance();
        instance.is_none_or(|instance| instance.can_return(import, bits))
    };
    match (result, ty.results.as_slice()) {
        (HostResult::Value(_), []) => Ok(Vec::new()),
        (HostResult::Value(Some(Value::String(bytes))), [ValType::I64]) if has_handles(board) => {
            let handle = board.instance_mut().map(|instance| instance.lower(bytes));
            Ok(vec![handle.unwrap_or(Ok(0))?])
        }
        (HostResult::Value(Some(value)), [_]) => {
            let signature = board.signature(import);
            let result = signature.and_then(|signature| signature.result);
            let result = result.unwrap_or(Type::Int32);
            let wrong = |why: String| format!("it needs to return {result}: {why}");
            let bits = go::abi::lower_result(&value, &result);
            let bits = vec![bits.map_err(|error| wrong(error.to_string()))?];
            if known(&bits) {
                return Ok(bits);
            }
            Err(wrong("the guest has given no such reference".to_owned()))
        }
        (HostResult::Value(given), types) => {
            let given = given.map_or("nothing", |_| "one value");
            let needed = list(types);
            Err(format!("it needs to return {needed}, and returned {given}"))
        }
        (HostResult::Raw(bits), types) => {
            let small = |ty: &ValType| matches!(ty, ValType::I32 | ValType::F32);
            let mut pairs = bits.iter().zip(types);
            let fits = pairs.all(|(bits, ty)| !small(ty) || *bits <= u64::from(u32::MAX));
            if bits.len() == types.len() && fits && known(&bits) {
                return Ok(bits);
            }
            Err(format!(
                "it needs to return {}, and returned {bits:#x?}",
                list(types)
            ))
        }
    }
}

fn list(types: &[ValType]) -> String {
    let names: Vec<String> = types.iter().map(ToString::to_string).collect();
    format!("({})", names.join(", "))
}
