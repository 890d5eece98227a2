//! How a call ended, in words.

use crate::go::value::{F32, F64, named, plain};
use crate::go::{self, Signature, Source as Origin, Value};
use crate::hosts::ByForm;
use crate::module::ValType;
use crate::protocol::{CallId, Expected, Outcome, Placed, Usage};
use crate::ui::state::console::Source;
use crate::ui::state::shared::Shared;
use serde_json::{Map, Value as Json};
use std::fmt;

/// Most characters of an argument that are repeated where a call is named.
const MAX_ECHO: usize = 200;

/// What an ending means to the person who called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As it should be.
    Good,
    /// Ended early, as asked.
    Neutral,
    /// Something is wrong.
    Bad,
}

impl Tone {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Neutral => "neutral",
            Self::Bad => "bad",
        }
    }

    /// How the console shows it.
    pub(crate) fn source(self) -> Source {
        match self {
            Self::Good | Self::Neutral => Source::Note,
            Self::Bad => Source::Alarm,
        }
    }
}

/// A call: what was called, and with what.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Called {
    pub(crate) export: String,
    /// The signature, and where it came from; `None` for what starts the guest.
    pub(crate) known: Option<(Signature, Origin)>,
    pub(crate) args: Vec<Value>,
    /// What was filled in, if it was called by the form of a framework's host.
    pub(super) by_form: Option<Shared<ByForm>>,
    /// The call as Go would write it.
    pub(crate) written: String,
    /// The arguments after the call; `None` if it has not returned.
    pub(crate) after: Option<Vec<Value>>,
    /// The room that they had in memory.
    pub(crate) placed: Option<Placed>,
}

impl Called {
    pub(crate) fn signature(&self) -> Option<&Signature> {
        self.known.as_ref().map(|(signature, _)| signature)
    }

    /// About how many bytes its arguments take on the page.
    pub(crate) fn weight(&self) -> usize {
        let filled = self.by_form.as_ref().map_or(0, |form| form.weight());
        filled + self.args.iter().map(weight).sum::<usize>()
    }
}

/// As Go would write it.
impl fmt::Display for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(signature) = self.signature() else {
            let form = self.by_form.as_ref();
            let filled = form.map_or_else(String::new, |form| form.written(MAX_ECHO));
            return write!(f, "{}({filled})", named(&self.export));
        };
        write!(f, "{}(", named(&signature.name))?;
        for (place, (param, value)) in signature.params.iter().zip(&self.args).enumerate() {
            if place > 0 {
                f.write_str(", ")?;
            }
            let text = go::value::show(value, &param.ty).to_string();
            match text.char_indices().nth(MAX_ECHO) {
                Some((end, _)) => write!(f, "{}…", text.get(..end).unwrap_or_default())?,
                None => f.write_str(&text)?,
            }
        }
        f.write_str(")")
    }
}

fn weight(value: &Value) -> usize {
    let inside = match value {
        Value::String(bytes) => bytes.len(),
        Value::Pointer(go::Pointer::New(value)) => weight(value),
        Value::Array(values) => values.iter().map(weight).sum(),
        Value::Struct(values) => values.iter().map(|(_, value)| weight(value)).sum(),
        _ => 0,
    };
    size_of::<Value>().saturating_add(inside)
}

/// A call that has ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finished {
    pub(crate) number: CallId,
    pub(crate) called: Called,
    pub(crate) tone: Tone,
    pub(crate) text: String,
    pub(crate) usage: Usage,
    /// Microseconds that the session worked for it.
    pub(crate) busy_micros: u64,
    /// Bytes that it printed.
    pub(crate) printed: u64,
    /// What a test may expect of it.
    pub(crate) expected: Option<Expected>,
    /// What came of it, as a saved call expects it; `None`: it did not end by itself.
    pub(crate) came: Option<Map<String, Json>>,
}

/// Says how a call ended.
pub(crate) fn describe(outcome: &Outcome) -> (Tone, String) {
    match outcome {
        Outcome::Returned {
            shown: Some(text), ..
        } => (Tone::Good, format!("returned {text}")),
        Outcome::Returned { raw, .. } => match raw.as_slice() {
            [] => (Tone::Good, "returned".to_owned()),
            raw => {
                let values: Vec<String> =
                    raw.iter().map(|&(ty, bits)| raw_value(ty, bits)).collect();
                (Tone::Good, format!("returned {}", values.join(", ")))
            }
        },
        Outcome::Exited(0) => (Tone::Good, "exited with code 0".to_owned()),
        Outcome::Exited(code) => (Tone::Bad, format!("exited with code {code}")),
        Outcome::Stopped => (Tone::Neutral, "stopped".to_owned()),
        Outcome::Trapped(text) | Outcome::Limited(text) | Outcome::Refused(text) => {
            (Tone::Bad, text.clone())
        }
    }
}

/// What is said, and the lines of Go that it advises to put into the plugin, if it does.
pub(crate) fn split_advice(text: &str) -> (&str, Option<&str>) {
    match text.split_once("\n\n") {
        Some((words, lines)) if lines.contains("//go:wasmexport") => (words, Some(lines)),
        _ => (text, None),
    }
}

/// A Wasm value, from its bits zero-extended: integers as signed, as the text format writes them.
pub(crate) fn raw_value(ty: ValType, bits: u64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "the upper half is zero")]
    let low = bits as u32;
    match ty {
        ValType::I32 => low.cast_signed().to_string(),
        ValType::I64 => bits.cast_signed().to_string(),
        ValType::F32 => plain(low.into(), &F32),
        ValType::F64 => plain(bits, &F64),
        ValType::FuncRef | ValType::ExternRef if bits == 0 => "null".to_owned(),
        ValType::FuncRef | ValType::ExternRef => format!("ref {bits}"),
        ValType::V128 => "a v128".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_shown_in_go_or_else_as_wasm_has_it() {
        let text = |shown: Option<&str>, raw| {
            let shown = shown.map(str::to_owned);
            let outcome = Outcome::Returned {
                result: None,
                shown,
                raw,
                args: Vec::new(),
            };
            describe(&outcome).1
        };
        let minus_one = (ValType::I32, 0xffff_ffff);
        assert_eq!(text(Some("true"), vec![minus_one]), "returned true");
        let raw = vec![minus_one, (ValType::F64, 0)];
        assert_eq!(text(None, raw), "returned -1, 0.0");
        assert_eq!(text(None, Vec::new()), "returned");
    }

    #[test]
    fn only_a_code_other_than_zero_is_bad() {
        assert_eq!(describe(&Outcome::Exited(0)).0, Tone::Good);
        let (tone, text) = describe(&Outcome::Exited(3));
        assert_eq!((tone, text.as_str()), (Tone::Bad, "exited with code 3"));
    }
}
