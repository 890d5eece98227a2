//! What the engine gets of a module beside what its file exports.
//!
//! The `start` section: its function runs when a module is instantiated, where no engine can suspend
//! it. So that it can wait, be watched and be stopped like any other, the engine gets the module without
//! the section, and with an export of the function, which is called first. What standard Go keeps in globals is exported,
//! too, so that a stack can be walked.

use super::assemble::{self, Id, Kind};
use wasmparser::BinaryReader;

/// What the function is called wherever it shows.
pub const START: &str = "start section";

/// The ids of the two sections that change.
const EXPORT: u8 = Id::Export as u8;
const SECTION: u8 = 8;

/// An export that a module's file does not have.
#[derive(Clone, Copy)]
pub(super) struct Hidden {
    /// What it is called, if nothing else is.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) index: u32,
}

/// A valid module without its `start` section and with these exports; and how they are called. It has exports
/// or a `start` section already.
pub(super) fn exported(module: &[u8], hidden: &[Hidden]) -> Option<(Vec<u8>, Vec<String>)> {
    let mut names = None;
    let written = assemble::changed(module, &mut |id, contents, written| {
        match id {
            EXPORT => names = Some(export(written, contents, hidden)?),
            // Right behind where the exports would be, if there were any.
            SECTION if names.is_none() => {
                names = Some(export(written, BinaryReader::new(&[0], 0), hidden)?);
            }
            SECTION => {}
            _ => return Some(false),
        }
        Some(true)
    })?;
    Some((written, names?))
}

/// Writes the section of the exports, with some more; says how these are called.
fn export(
    module: &mut Vec<u8>,
    mut exports: BinaryReader<'_>,
    hidden: &[Hidden],
) -> Option<Vec<String>> {
    let count = exports.read_var_u32().ok()?;
    let others = exports.read_bytes(exports.bytes_remaining()).ok()?;
    let mut contents = assemble::leb128(count as usize + hidden.len());
    contents.extend(others);
    let mut names = Vec::new();
    for one in hidden {
        let mut name = one.name.to_owned();
        while others.windows(name.len()).any(|w| w == name.as_bytes()) {
            name.push('\'');
        }
        contents.extend(assemble::export(&name, one.kind, one.index as usize));
        names.push(name);
    }
    assemble::section(module, Id::Export, &contents);
    Some(names)
}
