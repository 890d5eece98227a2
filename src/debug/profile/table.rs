//! A profile as a table: functions, or functions and their lines, the largest first.

use super::Profile;
use super::read::Used;
use crate::protocol::{Frame, Measure, ProfileRow, ProfileTable, TableView};

impl Profile {
    /// It as a table.
    #[must_use]
    pub fn table(&self, view: TableView) -> ProfileTable {
        let measure = usize::from(view.by == Measure::HostTime);
        let weight = |used: &Used| {
            let amounts = if view.own { used.own } else { used.total };
            // Of equal ones the one that has used more of the other.
            (
                amounts.get(measure).copied().unwrap_or(0),
                amounts
                    .iter()
                    .fold(0, |sum: u64, it| sum.saturating_add(*it)),
                used.total,
            )
        };
        // The first stands for everything.
        let mut functions: Vec<usize> = (1..self.functions.len()).collect();
        functions.sort_by_cached_key(|at| {
            let used = self.functions.get(*at).map(|it| it.used);
            std::cmp::Reverse(weight(&used.unwrap_or_default()))
        });
        let mut rows = Vec::new();
        for at in functions {
            let Some(function) = self.functions.get(at) else {
                continue;
            };
            rows.push(row(self.shown(at), function.used, false));
            if view.lines {
                let frames = function.frames.iter();
                let frames = frames.filter_map(|at| self.frames.get(*at));
                let mut lines: Vec<_> = frames.filter(|it| it.frame.line > 0).collect();
                lines.sort_by_cached_key(|it| (std::cmp::Reverse(weight(&it.used)), it.frame.line));
                rows.extend(
                    lines
                        .into_iter()
                        .map(|it| row(it.frame.clone(), it.used, true)),
                );
            }
        }
        let more = rows.len().saturating_sub(ProfileTable::MOST);
        rows.truncate(ProfileTable::MOST);
        ProfileTable {
            view,
            rows,
            more: u32::try_from(more).unwrap_or(u32::MAX),
        }
    }
}

fn row(frame: Frame, used: Used, is_line: bool) -> ProfileRow {
    let [fuel, nanos] = used.own;
    let [all_fuel, all_nanos] = used.total;
    ProfileRow {
        frame,
        is_line,
        fuel: [fuel, all_fuel],
        nanos: [nanos, all_nanos],
    }
}
