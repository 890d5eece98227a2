//! The Go signatures of a module's exports and imports, from wherever they can be had.

use crate::go::{Abi, Signature, Source, dwarf, fitting, parse};
use crate::module::{FuncType, Info};
use crate::protocol::Signatures;
use std::collections::BTreeMap;

/// A signature and where it comes from.
type Sourced = (Signature, Source);

/// What has been found besides the Wasm types. The Wasm types have the last word.
#[derive(Default)]
pub(super) struct Known {
    from_dwarf: Found,
    from_source: Found,
}

#[derive(Default)]
struct Found {
    exports: BTreeMap<String, Sourced>,
    imports: BTreeMap<(String, String), Sourced>,
    problems: Vec<String>,
}

impl Known {
    /// Reads the debug information in `bytes`, a whole module.
    pub(super) fn read_dwarf(&mut self, bytes: &[u8]) {
        let found = dwarf::signatures(bytes);
        let sourced = |found: dwarf::Found| (found.signature, Source::Dwarf);
        let exports = found.exports.into_iter();
        let imports = found.imports.into_iter();
        self.from_dwarf = Found {
            exports: exports
                .map(|(name, found)| (name, sourced(found)))
                .collect(),
            imports: imports
                .map(|(name, found)| (name, sourced(found)))
                .collect(),
            problems: found.problems,
        };
    }

    /// Reads Go files, given as name and text, instead of those read before.
    pub(super) fn read_source(&mut self, files: &[(String, String)], info: &Info) {
        let compiler = match &info.producer {
            Some(producer) if producer.starts_with("Go ") => Some(Abi::Go),
            Some(producer) if producer.starts_with("TinyGo") => Some(Abi::TinyGo),
            _ => None,
        };
        let texts = files
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()));
        let read = parse::read(texts, compiler);
        let mut found = Found {
            problems: read.problems.iter().map(ToString::to_string).collect(),
            ..Found::default()
        };
        for function in read.functions {
            let sourced = (
                function.signature,
                Source::GoSource {
                    file: function.file,
                },
            );
            match function.binding {
                parse::Binding::Export { name } => {
                    found.exports.insert(name, sourced);
                }
                parse::Binding::Import { module, name } => {
                    found.imports.insert((module, name), sourced);
                }
            }
        }
        found.mismatches(info);
        self.from_source = found;
    }

    /// Puts what is known into `info`, and says it.
    pub(super) fn tell(&self, info: &mut Info) -> Signatures {
        for export in &mut info.exports {
            if let Some(ty) = export.ty.func() {
                export.signatures = self.export(&export.name, ty);
            }
        }
        for import in &mut info.imports {
            if let Some(ty) = import.ty.func() {
                let name = (import.module.clone(), import.name.clone());
                let sources = [&self.from_dwarf, &self.from_source];
                let mut found = sources.iter().filter_map(|found| found.imports.get(&name));
                import.signature = found.find(|(signature, _)| fits(signature, ty)).cloned();
            }
        }
        let problems = [&self.from_dwarf.problems, &self.from_source.problems];
        Signatures {
            exports: info
                .exports
                .iter()
                .map(|export| export.signatures.clone())
                .collect(),
            imports: info
                .imports
                .iter()
                .map(|import| import.signature.clone())
                .collect(),
            problems: problems.into_iter().flatten().cloned().collect(),
        }
    }

    /// The signatures that fit an export, the best first.
    fn export(&self, name: &str, ty: &FuncType) -> Vec<Sourced> {
        let mut signatures: Vec<Sourced> = Vec::new();
        for found in [&self.from_dwarf, &self.from_source] {
            if let Some(sourced) = found.exports.get(name)
                && fits(&sourced.0, ty)
                && signatures.iter().all(|(known, _)| *known != sourced.0)
            {
                signatures.push(sourced.clone());
            }
        }
        if let Some((params, results)) = ty.in_go() {
            let guesses = fitting::fitting(name, &params, &results);
            signatures.extend(guesses.into_iter().map(|guess| (guess, Source::Guess)));
        }
        signatures
    }
}

impl Found {
    /// Reports what does not fit the module, and what is not in it.
    fn mismatches(&mut self, info: &Info) {
        for (name, (signature, _)) in &self.exports {
            let export = info.exports.iter().find(|export| export.name == *name);
            match export.and_then(|export| export.ty.func()) {
                Some(ty) => {
                    if let Err(reason) = ty.admits(signature) {
                        self.problems.push(reason);
                    }
                }
                None => self.problems.push(format!(
                    "{signature} is exported in the source, but the module exports no function {name}"
                )),
            }
        }
    }
}

fn fits(signature: &Signature, ty: &FuncType) -> bool {
    ty.admits(signature).is_ok()
}
