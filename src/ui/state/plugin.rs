//! What makes a plugin the one that it was: what a person gave it does not go to another one.
//!
//! A file that is the same but for its name is the same plugin. So is one that was built anew: it has the
//! name of the one before and most of its exports and imports. What every plugin has says nothing
//! (WASI, `memory`, what compilers add), so that only the others count, if there are any.

use super::module::is_plumbing;
use crate::module::{ExternType, Info};

/// The exports and imports of a module, each as a line, sorted.
#[derive(Debug, PartialEq, Eq)]
struct Interface {
    /// The functions that the plugin is there for.
    exports: Vec<String>,
    /// What it asks of its host, but WASI.
    imports: Vec<String>,
    /// All others.
    usual: Vec<String>,
}

impl Interface {
    fn of(info: &Info) -> Self {
        let mut interface = Self {
            exports: Vec::new(),
            imports: Vec::new(),
            usual: Vec::new(),
        };
        for export in &info.exports {
            let own = export.ty.func().is_some() && !is_plumbing(&export.name);
            let line = format!("export {}\0{}", export.name, shape(&export.ty));
            let lines = [&mut interface.usual, &mut interface.exports];
            push(lines, own, line);
        }
        for import in &info.imports {
            let ty = shape(&import.ty);
            let line = format!("import {}\0{}\0{ty}", import.module, import.name);
            let lines = [&mut interface.usual, &mut interface.imports];
            push(lines, !import.is_wasi(), line);
        }
        for lines in interface.all_mut() {
            lines.sort_unstable();
        }
        interface
    }

    fn all_mut(&mut self) -> [&mut Vec<String>; 3] {
        [&mut self.exports, &mut self.imports, &mut self.usual]
    }
}

fn push([usual, own]: [&mut Vec<String>; 2], is_own: bool, line: String) {
    if is_own { own } else { usual }.push(line);
}

/// The type, without how large a memory or a table is: that changes with what is in it.
fn shape(ty: &ExternType) -> String {
    match ty {
        ExternType::Memory(_) => "memory".to_owned(),
        ExternType::Table(..) => "table".to_owned(),
        other => other.to_string(),
    }
}

/// Whether the module that comes is the plugin that was there: the same file, or that one built anew.
pub(super) fn is_same(before: &Info, now: &Info) -> bool {
    let (was, is) = (Interface::of(before), Interface::of(now));
    let is_file = before.size == now.size
        && before.functions == now.functions
        && before.sections == now.sections;
    if is_file && was == is {
        return true;
    }
    if before.name != now.name {
        return false;
    }
    let exports = common(&was.exports, &is.exports);
    let imports = common(&was.imports, &is.imports);
    let most = |before: usize, now: usize| before.max(now);
    let own = most(
        was.exports.len() + was.imports.len(),
        is.exports.len() + is.imports.len(),
    );
    if own == 0 {
        // A program: all that can be seen of it is what it asks of WASI.
        let usual = common(&was.usual, &is.usual);
        return usual * 4 >= most(was.usual.len(), is.usual.len()) * 3;
    }
    let exports_none = was.exports.is_empty() && is.exports.is_empty();
    (exports > 0 || exports_none) && (exports + imports) * 2 >= own
}

/// How many of the lines are in both.
fn common(one: &[String], other: &[String]) -> usize {
    let both = one.iter().filter(|line| other.binary_search(line).is_ok());
    both.count()
}

/// Under which what a person gave such a plugin is kept beyond a visit: a hash (FNV-1a) of its exports and
/// imports with their types.
pub(super) fn key(info: &Info) -> String {
    let mut interface = Interface::of(info);
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for lines in interface.all_mut() {
        for byte in lines.iter().flat_map(|line| line.bytes().chain([b'\n'])) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests;
