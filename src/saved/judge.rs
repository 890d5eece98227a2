//! Whether what came of a call is what was expected.

use super::came::MOST_OUTPUT;
use super::diff::diff;
use super::expected::{ARGS_AFTER, EXIT, FAILED, HOST_CALLS, RESULT, SHOWN, TRAP};
use super::host_calls::matches;
use crate::go::value::{json, quote};
use crate::go::{Signature, Value};
use crate::protocol::{Difference, Judging, Mark};
use serde_json::{Map, Value as Json};

/// How what came differs from what was expected; nothing: it is as it should be.
///
/// A call that expects no `"trap"` has to come to its end; with neither `"trap"` nor `"exit"` it returns, or exits
/// with 0. One that expects no `"failed"` must not fail. Of what is shown only those parts matter that are expected. `signature` says how values are read: `1` and `1.0` are one float.
#[must_use]
pub fn judge(
    expect: &Map<String, Json>,
    came: &Map<String, Json>,
    signature: Option<&Signature>,
) -> Vec<Difference> {
    let mut differences: Vec<Difference> = end(expect, came).into_iter().collect();
    for (key, expected) in expect {
        if matches!(&**key, EXIT | TRAP | FAILED) {
            continue;
        }
        let happened = came.get(key);
        // What did not come to its end has neither result nor arguments, which needs no more words.
        if happened.is_none()
            && came.contains_key(TRAP)
            && matches!(&**key, RESULT | ARGS_AFTER | SHOWN)
        {
            continue;
        }
        let lines = match (&**key, happened) {
            (HOST_CALLS, happened) => calls(expected, happened),
            (RESULT | ARGS_AFTER, Some(happened)) if same(key, expected, happened, signature) => {
                Vec::new()
            }
            (SHOWN, Some(happened)) => {
                let happened = among(expected, happened);
                match *expected == happened {
                    true => Vec::new(),
                    false => {
                        let (expected, happened) = (text(expected), text(&happened));
                        diff(&lines(&expected), &lines(&happened), |a, b| a == b)
                    }
                }
            }
            (_, Some(happened)) if expected == happened => Vec::new(),
            (_, Some(happened)) => {
                let (expected, happened) = (text(expected), text(happened));
                diff(&lines(&expected), &lines(&happened), |a, b| a == b)
            }
            (RESULT, None) => vec![
                (Mark::Expected, text(expected)),
                (Mark::Happened, "no result".to_owned()),
            ],
            (ARGS_AFTER, None) => {
                let expected = text(expected);
                diff(&lines(&expected), &["no argument is in memory"], |a, b| {
                    a == b
                })
            }
            (_, None) => vec![(
                Mark::Happened,
                format!("more than {MOST_OUTPUT} bytes, which cannot be compared"),
            )],
        };
        differences.extend(difference(key, lines));
    }
    differences
}

/// How it ended, against how it should have.
fn end(expect: &Map<String, Json>, came: &Map<String, Json>) -> Option<Difference> {
    let trap = came.get(TRAP).and_then(Json::as_str);
    let code = came.get(EXIT).and_then(Json::as_u64);
    let failed = came.get(FAILED).and_then(Json::as_str);
    if failed.is_some() || expect.contains_key(FAILED) && trap.is_none() {
        let wanted = expect.get(FAILED).and_then(Json::as_str);
        let is_so = failed
            .zip(wanted)
            .is_some_and(|(it, part)| it.contains(part));
        let told = |failed: Option<&str>| match failed {
            Some(why) => format!("failed: {why}"),
            None => "did not fail".to_owned(),
        };
        let (wanted, happened) = (told(wanted), told(failed));
        let lines = diff(&lines(&wanted), &lines(&happened), |_, _| false);
        return difference("end", if is_so { Vec::new() } else { lines });
    }
    let is_so = match (expect.get(TRAP), expect.get(EXIT)) {
        (Some(wanted), _) => {
            let wanted = wanted.as_str().unwrap_or_default();
            trap.is_some_and(|trap| trap.contains(wanted))
        }
        (None, Some(wanted)) => trap.is_none() && wanted.as_u64() == code,
        (None, None) => trap.is_none() && code.unwrap_or(0) == 0,
    };
    if is_so {
        return None;
    }
    let ended = |trap: Option<&str>, code: Option<u64>| match (trap, code) {
        (Some(""), _) => "trapped".to_owned(),
        (Some(trap), _) => trap.to_owned(),
        (None, Some(code)) => format!("exited with code {code}"),
        (None, None) => "returned".to_owned(),
    };
    let wanted = ended(
        expect.get(TRAP).and_then(Json::as_str),
        expect.get(EXIT).and_then(Json::as_u64),
    );
    let happened = ended(trap, code);
    difference(
        "end",
        diff(&lines(&wanted), &lines(&happened), |_, _| false),
    )
}

/// A difference, if it has lines. What could not be seen in them is quoted, as Go does.
fn difference(what: &str, lines: Vec<(Mark, String)>) -> Option<Difference> {
    let seen = |(mark, line): (Mark, String)| match mark {
        Mark::Same | Mark::LeftOut => (mark, line),
        Mark::Expected | Mark::Happened => (mark, seen(line)),
    };
    let what = what.to_owned();
    let lines: Vec<_> = lines.into_iter().map(seen).collect();
    (!lines.is_empty()).then_some(Difference { what, lines })
}

/// The parts of what is shown that something is expected of.
fn among(expected: &Json, happened: &Json) -> Json {
    let (Json::Object(expected), Json::Object(happened)) = (expected, happened) else {
        return happened.clone();
    };
    let parts = expected.keys();
    let parts = parts.filter_map(|key| Some((key.clone(), happened.get(key)?.clone())));
    Json::Object(parts.collect())
}

/// Whether two values are one, as the signature has it.
fn same(key: &str, expected: &Json, happened: &Json, signature: Option<&Signature>) -> bool {
    let read = |json: &Json| -> Option<Vec<Value>> {
        let signature = signature?;
        if key == ARGS_AFTER {
            return json::arguments_from_json(json, signature).ok();
        }
        Some(vec![
            json::from_json(json, signature.result.as_ref()?).ok()?,
        ])
    };
    match (read(expected), read(happened)) {
        (Some(expected), Some(happened)) => expected == happened,
        _ => expected == happened,
    }
}

/// The host calls that were made, against those that should have been.
fn calls(expected: &Json, happened: Option<&Json>) -> Vec<(Mark, String)> {
    let Some(happened) = happened else {
        let lost =
            "more than are kept: they cannot be compared, and were not recorded if Trace is paused";
        return vec![(Mark::Happened, lost.to_owned())];
    };
    let list = |json: &'_ Json| -> Vec<String> {
        let items = json.as_array().into_iter().flatten();
        items.filter_map(Json::as_str).map(str::to_owned).collect()
    };
    let (expected, happened) = (list(expected), list(happened));
    let all = expected.len() == happened.len();
    if all && expected.iter().zip(&happened).all(|(a, b)| matches(a, b)) {
        return Vec::new();
    }
    let expected: Vec<&str> = expected.iter().map(|line| &**line).collect();
    let happened: Vec<&str> = happened.iter().map(|line| &**line).collect();
    diff(&expected, &happened, matches)
}

/// A value as lines: a text as it is, anything else as JSON.
fn text(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        value => format!("{value:#}"),
    }
}

/// The lines of a text. Where the last one is ended, there is an empty one more.
fn lines(text: &str) -> Vec<&str> {
    text.split('\n').collect()
}

fn seen(line: String) -> String {
    let unseen = |letter: char| letter.is_control() && letter != '\t';
    if line.contains(unseen) || line.ends_with([' ', '\t']) {
        return quote(line.as_bytes());
    }
    line
}

impl Judging {
    /// What is otherwise than expected.
    #[must_use]
    pub fn judge(&self) -> Vec<Difference> {
        let read = |text: &str| serde_json::from_str(text).unwrap_or_default();
        judge(
            &read(&self.expect),
            &read(&self.came),
            self.signature.as_ref(),
        )
    }
}
