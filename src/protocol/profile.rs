//! A profile in the words of the guest's source: what the page asks of the reader, which keeps it, and what that says.

use super::Frame;
use serde::{Deserialize, Serialize};

/// What is asked about a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Profile {
    /// Read these samples, the bytes of a `Vec<Sample>`; those before are forgotten.
    Read(Vec<u8>),
    /// Tell it as a table.
    Table(TableView),
    /// Tell it as a flame graph.
    Flame(FlameView),
    /// Write it as a file.
    Save(ProfileFile),
}

/// What a profile measures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// What the guest has used, in units of fuel.
    #[default]
    Fuel,
    /// What its host calls took, in nanoseconds.
    HostTime,
}

/// What is looked at of the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableView {
    /// Whether each function is followed by its lines.
    pub lines: bool,
    /// What the rows are in the order of, the largest first.
    pub by: Measure,
    /// Whether that is what a function has used itself, and not also in what it has called.
    pub own: bool,
}

/// What is looked at of the flame graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlameView {
    /// What has all of the width: the number of a frame; 0: everything.
    pub focus: u32,
    /// How wide it is, in CSS pixels; frames narrower than one are told together.
    pub width: u32,
    /// What widths stand for.
    pub of: Measure,
}

/// A file that other programs open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProfileFile {
    /// For `go tool pprof`.
    Pprof,
    /// Folded stacks, with the fuel of each.
    Folded,
}

/// What there is to tell of a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProfileReport {
    /// The samples are read.
    Read(ProfileTotal),
    /// It as a table.
    Table(ProfileTable),
    /// It as a flame graph.
    Flame(Flame),
    /// It as a file.
    File(ProfileFile, Vec<u8>),
}

/// What a profile amounts to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileTotal {
    /// How many samples were taken, and host calls made.
    pub count: u64,
    /// Fuel.
    pub fuel: u64,
    /// Nanoseconds in host calls.
    pub nanos: u64,
    /// How many functions the module imports: those of a lower index are host calls.
    pub imports: u32,
    /// Why lines are missing or not to be relied on, as a sentence.
    pub problem: Option<String>,
}

/// A profile as a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileTable {
    /// What was asked for.
    pub view: TableView,
    /// The rows; at most [`ProfileTable::MOST`].
    pub rows: Vec<ProfileRow>,
    /// How many more there would be.
    pub more: u32,
}

impl ProfileTable {
    /// The most rows that are told.
    pub const MOST: usize = 20_000;
}

/// A function, or one of its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileRow {
    /// Where it is: a function's most used line.
    pub frame: Frame,
    /// Whether it is a line of the function above it.
    pub is_line: bool,
    /// Fuel used there itself, and with what was called there.
    pub fuel: [u64; 2],
    /// Nanoseconds in host calls, likewise.
    pub nanos: [u64; 2],
}

/// A flame graph: the outermost frames first, from the left to the right in each row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flame {
    /// What was asked for.
    pub view: FlameView,
    /// What it shows, of which the first one is everything.
    pub functions: Vec<Frame>,
    /// Its boxes.
    pub boxes: Vec<FlameBox>,
}

/// A frame in a flame graph, or several that are too narrow to be told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlameBox {
    /// Its number; 0 of what is no frame: several, or everything.
    pub node: u32,
    /// The place of what called it, among the boxes.
    pub parent: u32,
    /// How many frames there are around it.
    pub depth: u32,
    /// The place of its function.
    pub function: u32,
    /// How many frames it stands for, if it is not one alone.
    pub merged: u32,
    /// Where it begins, in millionths of the width.
    pub from: u32,
    /// How wide it is, likewise.
    pub width: u32,
    /// What it amounts to itself, and with what it has called.
    pub amount: [u64; 2],
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{decode, encode};

    #[test]
    fn what_is_told_crosses_the_border() {
        let report = ProfileReport::Flame(Flame {
            boxes: vec![FlameBox {
                width: 1_000_000,
                amount: [7, u64::MAX],
                ..FlameBox::default()
            }],
            ..Flame::default()
        });
        let bytes = encode(&report).unwrap_or_default();
        assert_eq!(decode::<ProfileReport>(&bytes).ok(), Some(report));
    }
}
