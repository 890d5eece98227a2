//! Saved calls: a call of an export with a name, and what is expected of it. They are the tests of a plugin.
//!
//! [`file`] is how they are written, [`came`] what came of a call, in the same form, and [`judge()`] whether that
//! is what was expected. The page and the JS package share all of it, so that both come to the same verdict.
//! It is pure, and must not know who makes a call, or when.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )
)]

pub mod came;
mod diff;
pub mod file;
mod host_calls;
mod judge;

pub use self::came::{Output, came, expectation, showed};
pub use self::file::{read, write};
pub use self::host_calls::{host_call, without_addresses};
pub use self::judge::judge;

use crate::go::value::json;
use crate::go::{self, Signature, Source, Value, parse};
use crate::hosts::ByForm;
use crate::module::{Export, Info};
use crate::protocol::{Difference, Mark};
use serde_json::{Map, Value as Json};

/// What can be expected of a call, by the names that a file has.
pub mod expected {
    /// The code that the guest exits with; null: it returns.
    pub const EXIT: &str = "exit";
    /// A part of what a trap, or a limit, says.
    pub const TRAP: &str = "trap";
    /// The result.
    pub const RESULT: &str = "result";
    /// The arguments after the call: what it changed.
    pub const ARGS_AFTER: &str = "args_after";
    /// What it writes to fd 1.
    pub const STDOUT: &str = "stdout";
    /// What it writes to fd 2.
    pub const STDERR: &str = "stderr";
    /// What its imports print.
    pub const PRINTED: &str = "printed";
    /// The calls that it makes of imports, but for WASI's and those that a framework's host answers.
    pub const HOST_CALLS: &str = "host_calls";
    /// A part of why it failed, in the terms of the framework whose form it is called by.
    pub const FAILED: &str = "failed";
    /// What there is to show of a call by a form: what it said, and each part by its label.
    pub const SHOWN: &str = "shown";
    /// All of them.
    pub const ALL: [&str; 10] = [
        EXIT, TRAP, FAILED, RESULT, SHOWN, ARGS_AFTER, STDOUT, STDERR, PRINTED, HOST_CALLS,
    ];
}

/// A call, and what is expected of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SavedCall {
    /// What a person calls it.
    pub name: String,
    /// The export that is called.
    pub export: String,
    /// The signature, as Go writes it; `None`: the one that is known.
    pub signature: Option<String>,
    /// The arguments, in the form of [`json`].
    pub args: Vec<Json>,
    /// What is filled in, if it is called by the form of a framework's host: it has neither signature nor arguments then.
    pub by_form: Option<ByForm>,
    /// What is expected, by the names of [`expected`]; what is not there may be as it likes.
    pub expect: Map<String, Json>,
}

/// What there is to call: the signature, where it comes from, and the arguments.
pub type Resolved = (Signature, Source, Vec<Value>);

impl SavedCall {
    /// The call as it is to be made of a module; `None`: by what starts it.
    ///
    /// # Errors
    ///
    /// When the module has no such export, or the arguments do not fit it.
    pub fn resolve(&self, info: &Info) -> Result<Option<Resolved>, String> {
        let mut exports = info.exports.iter();
        let found = exports.find(|it| it.name == self.export && it.ty.func().is_some());
        let export =
            found.ok_or_else(|| format!("the module exports no function {}", self.export))?;
        if info.kind.start_export() == Some(&*self.export) {
            return match self.args.is_empty() {
                true => Ok(None),
                false => Err(format!("{} takes no arguments", self.export)),
            };
        }
        let args = Json::Array(self.args.clone());
        let fit = |signature: &Signature| {
            let args = json::arguments_from_json(&args, signature);
            args.map_err(|error| error.to_string())
        };
        if let Some(text) = &self.signature {
            let mut known = export.signatures.iter();
            let known = known.find(|(signature, _)| signature.in_go() == *text);
            let (signature, source) = match known {
                Some(known) => known.clone(),
                None => (typed(export, text)?, Source::ByHand),
            };
            let args = fit(&signature)?;
            return Ok(Some((signature, source, args)));
        }
        let mut problem = None;
        for (signature, source) in &export.signatures {
            match fit(signature) {
                Ok(args) => return Ok(Some((signature.clone(), source.clone(), args))),
                Err(error) if !source.is_guess() => return Err(error),
                Err(error) => problem = problem.or(Some(error)),
            }
        }
        Err(problem.unwrap_or_else(|| format!("{} has a type that cannot be called", self.export)))
    }

    /// The call on one line, not too long: `greet("Ada")`.
    #[must_use]
    pub fn written(&self) -> String {
        const MOST: usize = 80;
        let args = match &self.by_form {
            Some(form) => form.written(MOST),
            None => {
                let args: Vec<String> = self.args.iter().map(Json::to_string).collect();
                args.join(", ")
            }
        };
        let text = format!("{}({args})", self.export);
        match text.char_indices().nth(MOST) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text,
        }
    }
}

/// The signature that a line typed by hand means, if the export can have it.
///
/// # Errors
///
/// What is wrong with the line, or does not fit.
pub fn typed(export: &Export, text: &str) -> Result<Signature, String> {
    let mut typed = parse::signature(text, &export.name).map_err(|error| error.to_string())?;
    typed.name.clone_from(&export.name);
    go::check(&typed).map_err(|refusal| refusal.to_string())?;
    match export.ty.func() {
        Some(ty) => ty.admits(&typed)?,
        None => return Err(format!("{} is not a function", export.name)),
    }
    Ok(typed)
}

/// Two texts line by line: what is in one of them, with the lines around it.
#[must_use]
pub fn between(before: &str, after: &str) -> Vec<(Mark, String)> {
    let before: Vec<&str> = before.lines().collect();
    let after: Vec<&str> = after.lines().collect();
    diff::diff(&before, &after, |a, b| a == b)
}

/// A difference that is one sentence: the call could not even be made.
#[must_use]
pub fn not_made(reason: &str) -> Difference {
    Difference {
        what: "it cannot be called".to_owned(),
        lines: vec![(Mark::Happened, reason.to_owned())],
    }
}

#[cfg(test)]
mod tests;
