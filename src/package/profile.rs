//! Where the guest's fuel went: samples in the words of its source, as rows and as files for other programs.

use super::Plain;
use crate::debug::Places;
use crate::debug::profile::{self, Seen};
use crate::protocol::{Frame, Sample, Stack};
use std::collections::{BTreeMap, BTreeSet};

/// What something used by itself, and with all that it called.
#[derive(Clone, Copy, Default)]
struct Used {
    own: u64,
    total: u64,
}

/// Samples with the functions, files and lines of a module.
#[must_use]
pub fn seen(places: &Places, samples: Vec<Sample>) -> Vec<Seen> {
    let seen = samples.into_iter().map(|sample| {
        let stack = Stack {
            frames: sample.frames,
            ..Stack::default()
        };
        Seen {
            frames: places.backtrace(&stack).frames,
            count: sample.count,
            fuel: sample.fuel,
        }
    });
    seen.collect()
}

/// The profile as the caller gets it.
#[must_use]
pub fn to_plain(seen: &[Seen]) -> Plain {
    let sum = |of: fn(&Seen) -> u64| number(seen.iter().map(of).fold(0, u64::saturating_add));
    let parts = [
        ("samples", sum(|one| one.count)),
        ("fuel", sum(|one| one.fuel)),
        ("functions", rows(seen, false)),
        ("lines", rows(seen, true)),
        ("folded", Plain::Text(profile::folded(seen))),
        ("pprof", Plain::Bytes(profile::pprof(seen))),
    ];
    object(parts)
}

/// A row for each function, or for each line, those first that used the most by themselves.
fn rows(seen: &[Seen], by_line: bool) -> Plain {
    type Key<'s> = (&'s str, Option<&'s str>, u32);
    fn key(frame: &Frame, by_line: bool) -> Key<'_> {
        let line = if by_line { frame.line } else { 0 };
        (&frame.function, frame.file.as_deref(), line)
    }
    let mut used = BTreeMap::<Key<'_>, Used>::new();
    for one in seen {
        if let Some(innermost) = one.frames.first() {
            let used = used.entry(key(innermost, by_line)).or_default();
            used.own = used.own.saturating_add(one.fuel);
        }
        // However often it has called itself.
        let there: BTreeSet<_> = one.frames.iter().map(|it| key(it, by_line)).collect();
        for key in there {
            let used = used.entry(key).or_default();
            used.total = used.total.saturating_add(one.fuel);
        }
    }
    let mut rows: Vec<(Key<'_>, Used)> = used.into_iter().collect();
    rows.sort_by_key(|(_, used)| std::cmp::Reverse((used.own, used.total)));
    let rows = rows.into_iter().map(|((function, file, line), used)| {
        object([
            ("function", Plain::Text(function.to_owned())),
            (
                "file",
                file.map_or(Plain::Undefined, |file| Plain::Text(file.to_owned())),
            ),
            (
                "line",
                if line > 0 {
                    number(line.into())
                } else {
                    Plain::Undefined
                },
            ),
            ("self", number(used.own)),
            ("total", number(used.total)),
        ])
    });
    Plain::List(rows.collect())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a sum of samples is none to the unit"
)]
fn number(number: u64) -> Plain {
    Plain::Number(number as f64)
}

/// An object of those parts that are known.
fn object<const N: usize>(parts: [(&str, Plain); N]) -> Plain {
    let parts = parts
        .into_iter()
        .filter(|(_, part)| *part != Plain::Undefined);
    Plain::Object(parts.map(|(key, value)| (key.to_owned(), value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(function: &str, line: u32) -> Frame {
        Frame {
            function: function.to_owned(),
            file: (line > 0).then(|| "main.go".to_owned()),
            line,
            ..Frame::default()
        }
    }

    fn told(rows: &Plain) -> Vec<String> {
        let Plain::List(rows) = rows else {
            panic!("{rows:?}");
        };
        let told = |row: &Plain| {
            let of = |key: &str| row.get(key).to_string();
            [of("function"), of("line"), of("self"), of("total")].join(" ")
        };
        rows.iter().map(told).collect()
    }

    #[test]
    fn a_function_that_calls_itself_counts_once() {
        let seen = [
            Seen {
                frames: vec![frame("main.f", 3), frame("main.f", 4), frame("run", 0)],
                count: 2,
                fuel: 30,
            },
            Seen {
                frames: vec![frame("main.f", 4), frame("run", 0)],
                count: 1,
                fuel: 5,
            },
            Seen {
                frames: Vec::new(),
                count: 1,
                fuel: 7,
            },
        ];
        let plain = to_plain(&seen);
        assert_eq!(*plain.get("samples"), Plain::Number(4.0));
        assert_eq!(*plain.get("fuel"), Plain::Number(42.0));
        assert_eq!(
            told(plain.get("functions")),
            ["\"main.f\" undefined 35 35", "\"run\" undefined 0 35"]
        );
        assert_eq!(
            told(plain.get("lines")),
            [
                "\"main.f\" 3 30 30",
                "\"main.f\" 4 5 35",
                "\"run\" undefined 0 35"
            ]
        );
        let folded = Plain::Text("(elsewhere) 7\nrun;main.f 5\nrun;main.f;main.f 30\n".to_owned());
        assert_eq!(*plain.get("folded"), folded);
    }
}
