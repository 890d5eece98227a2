//! The `start` section: its function runs when a module is instantiated, where no engine can suspend
//! it. So that it can wait, be watched and be stopped like any other, the engine gets the module without
//! the section, and with an export of the function, which is called first.

use super::assemble::{self, Id};
use wasmparser::BinaryReader;

/// What the function is called wherever it shows.
pub const START: &str = "start section";

/// The ids of the two sections that change.
const EXPORT: u8 = Id::Export as u8;
const SECTION: u8 = 8;

/// A valid module whose `start` section names the function that has this index: the module as the
/// engine gets it, and the name of the export.
pub(super) fn exported(module: &[u8], function: u32) -> Option<(Vec<u8>, String)> {
    let mut name = None;
    let written = assemble::changed(module, &mut |id, contents, written| {
        match id {
            EXPORT => name = Some(export(written, contents, function)?),
            // Right behind where the exports would be, if there were any.
            SECTION if name.is_none() => {
                name = Some(export(written, BinaryReader::new(&[0], 0), function)?);
            }
            SECTION => {}
            _ => return Some(false),
        }
        Some(true)
    })?;
    Some((written, name?))
}

/// Writes the section of the exports, with one more; says how it is called.
fn export(module: &mut Vec<u8>, mut exports: BinaryReader<'_>, function: u32) -> Option<String> {
    let count = exports.read_var_u32().ok()?;
    let others = exports.read_bytes(exports.bytes_remaining()).ok()?;
    let mut name = START.to_owned();
    while others.windows(name.len()).any(|w| w == name.as_bytes()) {
        name.push('\'');
    }
    let mut contents = assemble::leb128(count as usize + 1);
    contents.extend(others);
    contents.extend(assemble::export(&name, function as usize));
    assemble::section(module, Id::Export, &contents);
    Some(name)
}
