//! A call as a line of a file.

use super::Trace;
use super::filter::Filter;
use crate::protocol::{TraceEntry, TraceForm};
use std::borrow::Cow;
use std::fmt::Write;

/// The most calls that are looked at in one go.
const MOST: u64 = 512;

/// Writes some of the calls from `first` to before `end` that pass, a line each: says from which
/// one to go on; that is `end` when all are written.
pub fn write(
    trace: &Trace,
    filter: &Filter,
    form: TraceForm,
    (first, end): (u64, u64),
    text: &mut String,
) -> u64 {
    let first = first.max(trace.held().start);
    let stop = first.saturating_add(MOST).min(end);
    let mut line = String::new();
    for number in first..stop {
        if filter.admits_number(trace, number, &mut line)
            && let Some(entry) = trace.entry(number)
        {
            // Writing to a string does not fail.
            let _ = match form {
                TraceForm::JsonLines => json(&entry, text),
                TraceForm::Text => strace(&entry, text),
            };
        }
    }
    stop.max(first).min(end)
}

/// An object with the fields of the entry: times in nanoseconds.
fn json(entry: &TraceEntry, text: &mut String) -> std::fmt::Result {
    write!(
        text,
        "{{\"number\":{},\"at\":{},\"fuel\":{},\"duration\":{},\"call\":{}",
        entry.number, entry.at, entry.fuel, entry.duration, entry.call
    )?;
    for (name, value) in [
        ("export", &entry.export),
        ("name", &entry.name),
        ("arguments", &entry.arguments),
        ("result", &entry.result),
    ] {
        write!(text, ",\"{name}\":\"")?;
        for letter in value.chars() {
            match letter {
                '"' | '\\' => {
                    text.push('\\');
                    text.push(letter);
                }
                '\0'..='\x1f' => write!(text, "\\u{:04x}", u32::from(letter))?,
                letter => text.push(letter),
            }
        }
        text.push('"');
    }
    writeln!(text, ",\"failed\":{}}}", entry.failed)
}

/// As `strace -f -r -T` writes it: the run, the time in seconds, the call, how long it took.
fn strace(entry: &TraceEntry, text: &mut String) -> std::fmt::Result {
    const SECOND: u64 = 1_000_000_000;
    write!(
        text,
        "[{} {}] {}.{:09} {}({})",
        entry.call,
        on_one_line(&entry.export),
        entry.at / SECOND,
        entry.at % SECOND,
        on_one_line(&entry.name),
        on_one_line(&entry.arguments)
    )?;
    if entry.result.is_empty() {
        return writeln!(text, " <unfinished ...>");
    }
    writeln!(
        text,
        " = {} <{}.{:09}>",
        on_one_line(&entry.result),
        entry.duration / SECOND,
        entry.duration % SECOND
    )
}

/// The text without what would end its line: names come from the guest.
fn on_one_line(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) {
        text.replace(char::is_control, "\u{fffd}").into()
    } else {
        text.into()
    }
}
