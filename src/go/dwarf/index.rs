//! The subprograms that may describe the functions at the border: found in one pass over all units.
//!
//! Must not know how a subprogram is read.

use std::collections::{HashMap, HashSet};

use super::module::Module;
use super::sections::{Debug, Die};
use super::{EXPORT_SUFFIX, plain};

/// How many subprograms of one name are kept.
const MAX_NAMESAKES: usize = 8;

/// Subprograms by name, and by their place in the code.
#[derive(Default)]
pub(super) struct Index<'a> {
    by_name: HashMap<&'a str, Vec<Die>>,
    /// By the start of the function's body, with the subprogram's name.
    by_code: HashMap<u64, (Die, &'a str)>,
}

impl<'a> Index<'a> {
    /// Goes through all units for the subprograms of these names, and for those of the module's
    /// functions.
    ///
    /// # Errors
    ///
    /// If units are broken: the first problem. What could be read is in the index.
    pub(super) fn fill(
        &mut self,
        debug: &Debug<'a>,
        wanted: &HashSet<&str>,
        module: &Module<'a>,
    ) -> Result<(), String> {
        let functions = module.functions.iter();
        let mut bodies: Vec<_> = functions.filter_map(|f| f.code.clone()).collect();
        bodies.sort_by_key(|body| body.start);
        let mut result = Ok(());
        for unit in 0..debug.units() {
            let walked = debug.tagged(unit, gimli::DW_TAG_subprogram, |entry| {
                let own = |name| entry.value(name).and_then(|v| debug.string(entry.at, &v));
                let linkage = own(gimli::DW_AT_linkage_name);
                let name = linkage.or_else(|| own(gimli::DW_AT_name));
                if let Some(name) = name.filter(|name| wanted.contains(name)) {
                    let namesakes = self.by_name.entry(name).or_default();
                    if namesakes.len() < MAX_NAMESAKES {
                        namesakes.push(entry.at);
                    }
                }
                let address = entry
                    .value(gimli::DW_AT_low_pc)
                    .and_then(|value| debug.address(entry.at, &value))
                    .filter(|address| *address > 0);
                if let Some(address) = address {
                    let after = bodies.partition_point(|body| body.start <= address);
                    let body = after.checked_sub(1).and_then(|index| bodies.get(index));
                    if let Some(body) = body.filter(|body| address < body.end) {
                        let name = name.unwrap_or_default();
                        self.by_code.entry(body.start).or_insert((entry.at, name));
                    }
                }
            });
            if let Err(problem) = walked
                && result.is_ok()
            {
                result = Err(problem);
            }
        }
        result
    }

    /// The subprograms of this name.
    pub(super) fn named(&self, name: &str) -> &[Die] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The subprogram whose code begins in the function with this body, with its name.
    pub(super) fn at(&self, body_start: u64) -> Option<(Die, &'a str)> {
        self.by_code.get(&body_start).copied()
    }

    /// The names of the functions for which the code has only wrappers.
    pub(super) fn wrapped(&self) -> Vec<&'a str> {
        let names = self.by_code.values().map(|(_, name)| *name);
        names
            .filter(|name| name.ends_with(EXPORT_SUFFIX))
            .map(plain)
            .collect()
    }
}
