//! Where the guest's fuel went: a profile as rows and as files for other programs.

use super::Plain;
use crate::debug::Places;
use crate::debug::profile::Profile;
use crate::protocol::{Measure, ProfileFile, ProfileRow, Sample, TableView};

/// Samples in the words of the module's source, as the caller gets them.
#[must_use]
pub fn to_plain(places: &Places, samples: &[Sample]) -> Plain {
    let profile = Profile::read(places, samples);
    let total = profile.total();
    let folded = String::from_utf8(profile.file(ProfileFile::Folded)).unwrap_or_default();
    object([
        ("samples", number(total.count)),
        ("fuel", number(total.fuel)),
        ("hostNanos", number(total.nanos)),
        ("functions", rows(&profile, false)),
        ("lines", rows(&profile, true)),
        ("folded", Plain::Text(folded)),
        ("pprof", Plain::Bytes(profile.file(ProfileFile::Pprof))),
    ])
}

/// A row for each function, or for each line, those first that used the most by themselves.
fn rows(profile: &Profile, lines: bool) -> Plain {
    let view = TableView {
        lines,
        by: Measure::Fuel,
        own: true,
    };
    let mut rows = profile.table(view).rows;
    if lines {
        // Those of a function stand behind it.
        rows.retain(|row| row.is_line);
        rows.sort_by_key(|row| std::cmp::Reverse((row.fuel, row.nanos)));
    }
    Plain::List(rows.into_iter().map(row).collect())
}

fn row(row: ProfileRow) -> Plain {
    let [own, total] = row.fuel;
    let [_, nanos] = row.nanos;
    object([
        ("function", Plain::Text(row.frame.function)),
        ("file", row.frame.file.map_or(Plain::Undefined, Plain::Text)),
        (
            "line",
            match row.frame.line {
                line if row.is_line && line > 0 => number(line.into()),
                _ => Plain::Undefined,
            },
        ),
        ("self", number(own)),
        ("total", number(total)),
        ("hostNanos", number(nanos)),
    ])
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
