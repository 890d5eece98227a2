//! What makes a plugin the one that it was: what a person gave it does not go to another one.
//!
//! A file with the same bytes is the same plugin, whatever its name. So is one that was built anew: it has the
//! name of the one before and most of its exports and imports. What every plugin has says nothing
//! (WASI, `memory`, what compilers add), so that only the others count, if there are any.

use super::module::is_plumbing;
use super::recent::About;
use crate::module::{ExternType, Info};

/// The exports and imports of a module, each as a line, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Interface {
    /// The functions that the plugin is there for.
    exports: Vec<String>,
    /// What it asks of its host, but WASI.
    imports: Vec<String>,
    /// All others.
    usual: Vec<String>,
}

impl Interface {
    pub(super) fn of(info: &Info) -> Self {
        let mut interface = Self::default();
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
        interface
    }

    /// All of it, with what each part is called where it is kept.
    pub(super) fn named(&self) -> [(&'static str, &Vec<String>); 3] {
        [
            ("exports", &self.exports),
            ("imports", &self.imports),
            ("usual", &self.usual),
        ]
    }

    pub(super) fn named_mut(&mut self) -> [(&'static str, &mut Vec<String>); 3] {
        [
            ("exports", &mut self.exports),
            ("imports", &mut self.imports),
            ("usual", &mut self.usual),
        ]
    }
}

fn push([usual, own]: [&mut Vec<String>; 2], is_own: bool, line: String) {
    insert(if is_own { own } else { usual }, line);
}

/// Puts a line where it belongs among others.
pub(super) fn insert(lines: &mut Vec<String>, line: String) {
    let place = lines.partition_point(|other| *other < line);
    lines.insert(place, line);
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
pub(super) fn is_same(before: &About, now: &About) -> bool {
    if before.hash.is_some() && before.hash == now.hash {
        return true;
    }
    if before.name != now.name {
        return false;
    }
    let (was, is) = (&before.interface, &now.interface);
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

/// Whether the module that was built anew from where the other one came is still that plugin: unless nothing of
/// its own is left.
pub(super) fn is_akin(before: &About, now: &About) -> bool {
    let (was, is) = (&before.interface, &now.interface);
    let have_none = [&was.exports, &was.imports, &is.exports, &is.imports];
    have_none.iter().all(|lines| lines.is_empty())
        || common(&was.exports, &is.exports) + common(&was.imports, &is.imports) > 0
}

/// How many of the lines are in both.
fn common(one: &[String], other: &[String]) -> usize {
    let both = one.iter().filter(|line| other.binary_search(line).is_ok());
    both.count()
}

#[cfg(test)]
mod tests;
