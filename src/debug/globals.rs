//! The variables that packages have in memory for as long as the program runs.

use super::dwarf::Lines;
use super::names;
use crate::go::dwarf::address;
use crate::protocol::{Argument, Frame};
use std::collections::HashSet;

/// Variables that are told.
const MOST: usize = 500;

impl Lines<'_> {
    /// Those of the packages whose functions are among the frames, by their names; of a language without packages, those that
    /// were compiled together with one of the functions.
    pub(super) fn globals(&self, frames: &[Frame]) -> Vec<Argument> {
        let own = frames.iter().filter(|frame| !frame.runtime);
        let packages: HashSet<&str> = own
            .clone()
            .filter_map(|frame| package(&frame.function))
            .collect();
        let units: HashSet<usize> = own
            .filter_map(|frame| Some(self.subprogram(frame.index)?.at.unit))
            .collect();
        let mut told = Vec::new();
        for unit in 0..self.debug.units() {
            // What comes before a break is of use all the same.
            let _ = self.debug.tagged(unit, gimli::DW_TAG_variable, |entry| {
                /// Where linkers put what they have dropped.
                const DROPPED: [u64; 3] = [0, 0xffff_ffff, u64::MAX];
                let at = address(&self.debug, entry);
                if told.len() >= MOST || at.is_none_or(|at| DROPPED.contains(&at)) {
                    return;
                }
                // What is constant, a string's bytes as a rule, has none.
                let Some(name) = self.named(entry) else {
                    return;
                };
                let is_its = match package(&name) {
                    // The path of what is exported is not in its name.
                    Some(package) if !name.contains("::") => packages.contains(package),
                    package => {
                        units.contains(&unit) || package.is_some_and(|it| packages.contains(it))
                    }
                };
                // A compiler's own have names that nobody has written.
                if is_its && !name.contains(['{', '<']) && !names::is_runtime(&name) {
                    told.push(self.variable(entry, &name, None));
                }
            });
        }
        told.sort_by(|one, other| one.name.cmp(&other.name));
        told.dedup();
        told
    }
}

/// The package, or in Rust the crate, that something of this name is in.
fn package(name: &str) -> Option<&str> {
    let is_path = |name: &&str| name.contains("::");
    let path = name.trim_start_matches(['<', '&', '*', '(']);
    match Some(path).filter(is_path) {
        Some(path) => path.split("::").next(),
        None => name.contains('.').then(|| names::package(name)),
    }
}
