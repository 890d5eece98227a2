//! A signature that somebody types.

use crate::go::parse::signature;
use crate::go::{self, Signature, Source, abi, fitting};
use crate::module::Export;
use crate::saved::typed;

/// Lines that are offered at most to complete what is typed.
const MAX_COMPLETIONS: usize = 24;

/// The line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hand {
    pub(crate) text: String,
    /// What is wrong with it.
    pub(crate) problem: Option<String>,
    /// The last signature that was right, if one has been typed.
    pub(super) good: Option<(Signature, Source)>,
}

impl Hand {
    /// A line that nobody has changed yet.
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            problem: None,
            good: None,
        }
    }

    /// Takes in what is typed.
    pub(super) fn enter(&mut self, export: &Export, text: &str) {
        text.clone_into(&mut self.text);
        match typed(export, text) {
            Ok(signature) => {
                self.problem = None;
                self.good = Some((signature, Source::ByHand));
            }
            Err(problem) => self.problem = Some(problem),
        }
    }
}

/// Signatures that fit the export and go on from what is typed.
pub(crate) fn completions(export: &Export, text: &str) -> Vec<String> {
    let Some((params, results)) = export.ty.func().and_then(|ty| ty.in_go()) else {
        return Vec::new();
    };
    let known = export.signatures.iter().map(|(known, _)| known.in_go());
    let mut lines: Vec<String> = known.collect();
    let readings = fitting::fitting(&export.name, &params, &results);
    lines.extend(readings.iter().map(Signature::in_go));
    lines.extend(endings(export, text, &params, &results));
    let mut unlike: Vec<String> = Vec::new();
    for line in lines {
        if line != text && !unlike.contains(&line) && unlike.len() < MAX_COMPLETIONS {
            unlike.push(line);
        }
    }
    unlike
}

/// The text with each type that fits where it ends: after the last parameter that is whole.
fn endings(
    export: &Export,
    text: &str,
    params: &[go::WasmType],
    results: &[go::WasmType],
) -> Vec<String> {
    // What has been typed of the parameters, up to the name of the one that has no type yet.
    let Some((head, list)) = text.split_once('(') else {
        return Vec::new();
    };
    if list.contains(')') {
        let (Some((before, _)), [result]) = (text.rsplit_once(')'), results) else {
            return Vec::new();
        };
        let choices = fitting::result_choices(*result);
        return choices.iter().map(|ty| format!("{before}) {ty}")).collect();
    }
    let (whole, last) = list.rsplit_once(',').unwrap_or(("", list));
    let taken = if whole.is_empty() {
        Some(0)
    } else {
        let parsed = signature(&format!("{head}({whole})"), &export.name).ok();
        parsed.and_then(|parsed| Some(abi::flatten(&parsed).ok()?.0.len()))
    };
    let name = last.split_whitespace().next().unwrap_or("x");
    let comma = if whole.is_empty() { "" } else { ", " };
    let choices = fitting::choices_at(params, taken.unwrap_or(usize::MAX));
    let ending = |(ty, width): (go::Type, usize)| {
        let last = taken.is_some_and(|taken| taken + width == params.len());
        let close = if last { ")" } else { ", " };
        format!("{head}({whole}{comma}{name} {ty}{close}")
    };
    choices.into_iter().map(ending).collect()
}
