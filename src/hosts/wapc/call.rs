//! What each function of `wapc` does.

use super::functions::Function;
use super::policy;
use crate::hosts::fields::text;
use crate::hosts::guest::{self, Args, length};
use crate::hosts::held::{Failure, Held};
use crate::hosts::log::Log;
use crate::linear::LinearMut;

/// Calls of the host's that are kept, to be shown.
const SHOWN: usize = 1000;

/// What a guest asked of the host, and what it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// `binding/namespace/operation`.
    pub name: String,
    pub payload: Vec<u8>,
    pub reply: Result<Vec<u8>, String>,
}

/// One call of the guest.
#[derive(Debug, Default)]
pub(super) struct Invocation {
    /// Empty while the guest is being made ready.
    pub operation: String,
    pub payload: Vec<u8>,
    pub response: Vec<u8>,
    /// What the guest has said went wrong; empty: nothing.
    pub error: String,
    /// What was asked, the newest last.
    pub asked: Vec<Asked>,
    /// What came of the newest question.
    pub reply: Option<Result<Vec<u8>, String>>,
    /// Lines for the console.
    pub lines: Vec<String>,
    /// What a policy has logged.
    pub log: Log,
    /// What is answered, by `binding/namespace/operation`.
    pub replies: Vec<(String, Vec<u8>)>,
    /// What fails, and how.
    pub errors: Vec<(String, String)>,
    pub held: Held,
}

/// Calls a function; what it gives back, as bits.
pub(super) fn call(
    invocation: &mut Invocation,
    function: Function,
    mut args: Args<'_>,
    memory: &mut LinearMut<'_>,
) -> Result<Option<u64>, Failure> {
    match function {
        Function::GuestRequest => {
            let (operation, payload) = args.span();
            guest::write(memory, operation, invocation.operation.as_bytes())?;
            guest::write(memory, payload, &invocation.payload)?;
        }
        Function::GuestResponse => {
            let old = invocation.response.len();
            invocation.response = replace(&mut invocation.held, old, args.span(), memory)?;
        }
        Function::GuestError => {
            let old = invocation.error.len();
            let error = replace(&mut invocation.held, old, args.span(), memory)?;
            invocation.error = text(&error).into_owned();
        }
        Function::ConsoleLog => {
            let line = guest::read(memory, args.span())?;
            invocation.lines.push(text(&line).into_owned());
        }
        Function::HostCall => return invocation.ask(&mut args, memory),
        Function::HostResponseLen => {
            return Ok(Some(
                length(invocation.came().unwrap_or_default().len()).into(),
            ));
        }
        Function::HostErrorLen => {
            return Ok(Some(length(invocation.failure().len()).into()));
        }
        Function::HostResponse => {
            let reply = invocation.came().unwrap_or_default();
            guest::write(memory, args.u32(), reply)?;
        }
        Function::HostError => {
            guest::write(memory, args.u32(), invocation.failure().as_bytes())?;
        }
    }
    Ok(None)
}

/// Bytes that the guest gives in place of `old` others.
fn replace(
    held: &mut Held,
    old: usize,
    span: (u32, u32),
    memory: &LinearMut<'_>,
) -> Result<Vec<u8>, Failure> {
    let bytes = guest::read(memory, span)?;
    held.keep(span.1.into())?;
    held.drop(old);
    Ok(bytes)
}

impl Invocation {
    /// What the newest question was answered.
    fn came(&self) -> Option<&[u8]> {
        self.reply.as_ref()?.as_deref().ok()
    }

    /// Why it was not answered; empty: it was.
    fn failure(&self) -> &str {
        match &self.reply {
            Some(Err(why)) => why,
            _ => "",
        }
    }

    /// `__host_call(binding, namespace, operation, payload) → 1 or 0`: asks the host something. Whether it is answered is the result; the
    /// answer, or why there is none, is fetched by further calls.
    fn ask(&mut self, args: &mut Args<'_>, memory: &LinearMut<'_>) -> Result<Option<u64>, Failure> {
        let spans = [args.span(), args.span(), args.span()];
        let mut name = String::new();
        for (place, span) in spans.into_iter().enumerate() {
            if place > 0 {
                name.push('/');
            }
            name.push_str(&text(&guest::read(memory, span)?));
        }
        let payload = guest::read(memory, args.span())?;
        let is_filled_in = |of: &String| *of == name;
        if name == "kubewarden/tracing/log"
            && !self.replies.iter().map(|(of, _)| of).any(is_filled_in)
            && !self.errors.iter().map(|(of, _)| of).any(is_filled_in)
        {
            let (level, line) = policy::logged(&payload);
            self.log.add(level, &line);
            self.lines.push(format!("{level}: {line}"));
            self.reply = Some(Ok(Vec::new()));
            return Ok(Some(true.into()));
        }
        let reply = self.answer(&name);
        let answered = reply.is_ok();
        self.reply = Some(reply.clone());
        if self.asked.len() < SHOWN {
            let size = |reply: &Result<Vec<u8>, String>| match reply {
                Ok(reply) => reply.len(),
                Err(why) => why.len(),
            };
            self.held
                .keep((name.len() + payload.len() + size(&reply)) as u64)?;
            self.asked.push(Asked {
                name,
                payload,
                reply,
            });
        }
        Ok(Some(answered.into()))
    }

    fn answer(&self, name: &str) -> Result<Vec<u8>, String> {
        if let Some((_, why)) = self.errors.iter().find(|(of, _)| of == name) {
            return Err(why.clone());
        }
        if let Some((_, reply)) = self.replies.iter().find(|(of, _)| of == name) {
            return Ok(reply.clone());
        }
        Err(format!("no reply to {name} is filled in (Replies)"))
    }
}
