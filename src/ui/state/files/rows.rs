//! The rows of the tree that can be seen.

use super::FilesView;
use crate::protocol::{Change, EntryKind, Place, PreopenListing};

/// At first, directories are open when there are no more entries than this.
const OPEN_AT_FIRST: usize = 200;

/// Rows that are shown at most of each preopen.
const MOST_ROWS: usize = 1_000;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) at: Place,
    pub(crate) name: String,
    /// How many directories it is in.
    pub(crate) depth: usize,
    pub(crate) kind: EntryKind,
    pub(crate) size: u64,
    pub(crate) modified: u64,
    pub(crate) change: Option<Change>,
    /// Whether it is a directory whose entries are shown.
    pub(crate) open: bool,
}

/// The rows of a preopen, and how many more there would be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) rows: Vec<Row>,
    pub(crate) more: usize,
}

impl FilesView {
    /// The rows of a preopen of the listing.
    pub(crate) fn rows(&self, preopen: &PreopenListing) -> Rows {
        let entries = self.listing.preopens.iter().map(|one| one.entries.len());
        let open_at_first = entries.sum::<usize>() <= OPEN_AT_FIRST;
        let mut rows = Rows::default();
        let mut closed: Option<&str> = None;
        for entry in &preopen.entries {
            let path = entry.path.as_str();
            let hidden = closed
                .and_then(|closed| path.strip_prefix(closed))
                .is_some_and(|rest| rest.starts_with('/'));
            if hidden {
                continue;
            }
            let at = Place {
                preopen: preopen.path.clone(),
                path: path.to_owned(),
            };
            let is_directory = entry.kind == EntryKind::Directory;
            let open = is_directory && open_at_first != self.toggled.contains_key(&at);
            closed = (is_directory && !open).then_some(path);
            if rows.rows.len() == MOST_ROWS {
                rows.more += 1;
                continue;
            }
            rows.rows.push(Row {
                at,
                name: path.rsplit('/').next().unwrap_or(path).to_owned(),
                depth: path.matches('/').count(),
                kind: entry.kind,
                size: entry.size,
                modified: entry.modified,
                change: entry.change,
                open,
            });
        }
        rows
    }
}

/// Nanoseconds since 1970 as `2023-11-14 22:13:20`, in UTC.
pub(crate) fn date(nanos: u64) -> String {
    let seconds = nanos / 1_000_000_000;
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Years begin in March here, so that the day that leap years add is their last.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = year + era * 400 + next;
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}
