//! Where in the code entries are, and the rows of lines.
//!
//! Must not know what lines are wanted for.

use super::sections::{Bytes, Debug, Entry};
use gimli::{
    AttributeValue, DebugLine, DebugRanges, DebugRngLists, DebugRngListsBase, EndianSlice,
    LittleEndian, RangeLists, RangeListsOffset,
};
use std::ops::Range;

/// Rows of one unit beyond this number are left out.
const MAX_ROWS: usize = 1 << 22;
/// Ranges of one entry beyond this number are.
const MAX_RANGES: usize = 1 << 10;
/// Files of one unit beyond this number are.
const MAX_FILES: u64 = 1 << 16;

/// From here on the code is of this line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// In bytes from the start of the code section's contents.
    at: u64,
    file: u64,
    line: u32,
    column: u32,
    /// Whether a debugger is to stop there.
    is_statement: bool,
    /// Whether it is none, but the end of a stretch of code.
    is_end: bool,
}

/// The rows of a unit.
#[derive(Default)]
pub(crate) struct Rows {
    /// By where they are.
    rows: Vec<Row>,
    /// By the number that the unit gives them; empty: there is no such file.
    files: Vec<String>,
}

impl Rows {
    /// The file, line and column of a place; a line of 0 is none, a column of 0 as well.
    pub(crate) fn at(&self, place: u64) -> Option<(&str, u32, u32)> {
        let after = self.rows.partition_point(|row| row.at <= place);
        let row = self.rows.get(after.checked_sub(1)?)?;
        let file = self.file(row.file).filter(|_| !row.is_end)?;
        Some((file, row.line, row.column))
    }

    /// Where the statements in a stretch of code begin, with their files and lines; a line of 0 is none.
    pub(crate) fn statements(&self, code: Range<u64>) -> impl Iterator<Item = (u64, &str, u32)> {
        let from = self.rows.partition_point(|row| row.at < code.start);
        let rows = self.rows.get(from..).unwrap_or_default().iter();
        let rows = rows.take_while(move |row| row.at < code.end);
        let statements = rows.filter(|row| row.is_statement && !row.is_end);
        statements.map(|row| (row.at, self.file(row.file).unwrap_or(""), row.line))
    }

    /// The file of this number.
    pub(crate) fn file(&self, number: u64) -> Option<&str> {
        let file = self.files.get(usize::try_from(number).ok()?)?;
        (!file.is_empty()).then_some(file)
    }
}

impl<'a> Debug<'a> {
    /// Where the code of an entry is, in bytes from the start of the code section's contents.
    pub(crate) fn ranges(&self, entry: &Entry<'a>) -> Vec<Range<u64>> {
        self.contiguous(entry)
            .map(|range| vec![range])
            .or_else(|| self.listed(entry))
            .unwrap_or_default()
    }

    fn contiguous(&self, entry: &Entry<'a>) -> Option<Range<u64>> {
        let high = entry.value(gimli::DW_AT_high_pc)?;
        let low = self.address(entry.at, &entry.value(gimli::DW_AT_low_pc)?)?;
        let high = match self.address(entry.at, &high) {
            Some(high) => high,
            None => low.checked_add(high.udata_value()?)?,
        };
        Some(low..high)
    }

    fn listed(&self, entry: &Entry<'a>) -> Option<Vec<Range<u64>>> {
        let unit = self.units.get(entry.at.unit)?;
        let root = unit.entry(unit.header.root_offset(), entry.at.unit).ok()?;
        let lists = RangeLists::new(
            DebugRanges::from(bytes(self.sections.ranges)),
            DebugRngLists::from(bytes(self.sections.rnglists)),
        );
        let encoding = unit.header.encoding();
        let offset = match entry.value(gimli::DW_AT_ranges)? {
            AttributeValue::RangeListsRef(offset) => RangeListsOffset(offset.0),
            AttributeValue::SecOffset(offset) => RangeListsOffset(offset),
            AttributeValue::DebugRngListsIndex(index) => {
                let base = match root.value(gimli::DW_AT_rnglists_base) {
                    Some(AttributeValue::DebugRngListsBase(base)) => base,
                    _ => DebugRngListsBase(0),
                };
                lists.get_offset(encoding, base, index).ok()?
            }
            _ => return None,
        };
        let low = root.value(gimli::DW_AT_low_pc);
        let low = low.and_then(|low| self.address(root.at, &low)).unwrap_or(0);
        let mut ranges = lists
            .ranges(offset, encoding, low, &self.addresses, unit.addresses)
            .ok()?;
        let mut found = Vec::new();
        while let Ok(Some(range)) = ranges.next() {
            found.push(range.begin..range.end);
            if found.len() == MAX_RANGES {
                break;
            }
        }
        Some(found)
    }

    /// The rows of a unit, up to the first thing that is wrong with them. Those of functions that the linker has
    /// dropped are left out: it has put them where no code is.
    pub(crate) fn rows(&self, unit: usize) -> Rows {
        let mut rows = Rows::default();
        // What comes before a break is of use all the same.
        let _ = self.read_rows(unit, &mut rows);
        rows.rows.sort_by_key(|row| (row.at, !row.is_end));
        rows
    }

    fn read_rows(&self, unit: usize, into: &mut Rows) -> Option<()> {
        let here = self.units.get(unit)?;
        let root = here.entry(here.header.root_offset(), unit).ok()?;
        let AttributeValue::DebugLineRef(offset) = root.value(gimli::DW_AT_stmt_list)? else {
            return None;
        };
        let text = |name| {
            let text = self.string_in(here, &root.value(name)?)?;
            Some(bytes(text.as_bytes()))
        };
        let lines = DebugLine::from(bytes(self.sections.line));
        let (folder, name) = (text(gimli::DW_AT_comp_dir), text(gimli::DW_AT_name));
        let program = lines
            .program(offset, here.header.address_size(), folder, name)
            .ok()?;
        let header = program.header();
        let string = |value| self.string_in(here, &value).unwrap_or_default();
        let count = (header.file_names().len() as u64)
            .saturating_add(1)
            .min(MAX_FILES);
        into.files.extend((0..count).map(|number| {
            let Some(file) = header.file(number) else {
                return String::new();
            };
            let folders = [header.directory(0), file.directory(header)];
            // What is not absolute is in the folder that the unit was compiled in.
            let folders = folders.into_iter().flatten().map(string);
            joined(folders.chain([string(file.path_name())]))
        }));
        let mut stretch: Vec<Row> = Vec::new();
        let mut rows = program.rows();
        while let Ok(Some((_, row))) = rows.next_row() {
            let small = |number: u64| u32::try_from(number).unwrap_or(0);
            stretch.push(Row {
                at: row.address(),
                file: row.file_index(),
                line: row.line().map_or(0, |line| small(line.get())),
                column: match row.column() {
                    gimli::ColumnType::LeftEdge => 0,
                    gimli::ColumnType::Column(column) => small(column.get()),
                },
                is_statement: row.is_stmt(),
                is_end: row.end_sequence(),
            });
            if row.end_sequence() {
                let ascend = stretch.is_sorted_by_key(|row| row.at);
                if ascend && stretch.first().is_some_and(|first| first.at != 0) {
                    into.rows.append(&mut stretch);
                }
                stretch.clear();
            }
            if into.rows.len() + stretch.len() >= MAX_ROWS {
                break;
            }
        }
        Some(())
    }
}

fn bytes(data: &[u8]) -> Bytes<'_> {
    EndianSlice::new(data, LittleEndian)
}

/// A path of several parts, from the last one that is absolute on.
fn joined<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    let mut path = String::new();
    for part in parts.filter(|part| !part.is_empty()) {
        let drive = part.as_bytes().get(1) == Some(&b':');
        if part.starts_with('/') || drive {
            path.clear();
        } else if path == part {
            // Before DWARF 5 the folder of the unit is that of number 0 as well.
            continue;
        }
        if !path.is_empty() && !path.ends_with('/') {
            path.push('/');
        }
        path.push_str(part);
    }
    path
}
