//! Signatures from the debug information in a module.
//!
//! An export leads to a function, the function to its name in the `name` section (`main.greet#wasmexport`
//! in TinyGo's modules), the name to the subprogram with that linkage name, and its parameters to
//! their types. Where there are no names, the function's place in the code leads to the subprogram.
//! What is found counts only if it fits the function's Wasm types: debug information may be broken,
//! left over from another build, or a lie. Functions with equal bodies are one to LLVM, and only one of
//! them is described: what it takes is a guess for the others.
//!
//! TinyGo does not say what a function returns (the subprogram's type is that of its first
//! parameter); it is guessed from the Wasm result. Other languages are read too, and their functions
//! shown in their own words. Standard Go writes no debug information for Wasm.
//!
//! Must not know what the signatures are for. Time and memory are bounded by the size of the module.

mod code;
mod index;
mod language;
mod locations;
mod module;
mod sections;
mod signature;
mod types;
mod variables;

use std::collections::{BTreeMap, HashSet};

use super::types::{Param, Signature};
use signature::Description;

pub(crate) use code::Rows;
pub use language::Language;
pub(crate) use locations::Location;
pub(crate) use module::Sections;
pub(crate) use sections::{Debug, Die, Entry};
pub(crate) use signature::parameters;
pub(crate) use variables::address;
pub use variables::{Variable, variables};

/// How many problems are reported.
const MAX_PROBLEMS: usize = 50;

/// Entries that are gone through to write one type.
const MAX_ENTRIES_OF_TYPE: usize = 1 << 12;

/// What TinyGo appends to the name of the function that it exports in place of the one with the
/// `//go:wasmexport`.
const EXPORT_SUFFIX: &str = "#wasmexport";

/// The type of a parameter as its language writes it.
pub(crate) fn written<'a>(debug: &Debug<'a>, param: &Entry<'a>) -> String {
    let language = debug.language_of(param.at);
    let mut budget = MAX_ENTRIES_OF_TYPE;
    types::Types::new(debug, language, &mut budget)
        .of_attribute(param)
        .1
}

/// What a module's debug information says about the functions at its border.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dwarf {
    /// By the name of the export. Each fits the Wasm types of its function.
    pub exports: BTreeMap<String, Found>,
    /// By the name of the export, the first parameters, where no others are described. (TinyGo keeps no
    /// more of a function that does next to nothing.) They fit the first Wasm types of the function,
    /// which has more.
    pub beginnings: BTreeMap<String, Vec<Param>>,
    /// By the name of the export, signatures of functions with equal bodies, which LLVM folds into one: they
    /// fit, and are a guess.
    pub alike: BTreeMap<String, Signature>,
    /// The same of first parameters.
    pub alike_beginnings: BTreeMap<String, Vec<Param>>,
    /// By module and name of the import, of which there may be several. Compilers rarely describe functions
    /// that they only declare.
    pub imports: BTreeMap<(String, String), Vec<Found>>,
    /// What is wrong with the debug information, as sentences.
    pub problems: Vec<String>,
    /// The language of the functions found; of most, if there are several. `None` without debug
    /// information.
    pub language: Option<Language>,
}

/// A signature that the debug information gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Named as the export or import.
    pub signature: Signature,
    /// Whether the result's type is a guess from the Wasm type alone, as always with TinyGo.
    pub result_guessed: bool,
}

/// Reads the debug information of a module.
#[must_use]
pub fn signatures(wasm: &[u8]) -> Dwarf {
    let mut dwarf = Dwarf::default();
    let module = module::read(wasm);
    if let Some(problem) = &module.problem {
        dwarf.problem(format!("the module is broken: {problem}"));
    }
    if let Some(file) = module.external {
        dwarf.problem(format!(
            "the debug information is in a file of its own, {file}: build without splitting it off"
        ));
    }
    if module.sections.info.is_empty() {
        return dwarf;
    }
    let (debug, broken) = sections::Debug::read(&module.sections);
    if let Some(broken) = broken {
        dwarf.problem(broken);
    }

    let mut wanted = HashSet::new();
    for function in &module.functions {
        wanted.extend(function.symbol.map(plain));
        wanted.insert(function.name);
    }
    let mut index = index::Index::default();
    let mut result = index.fill(&debug, &wanted, &module);
    // Without a name section, the wrapper's place in the code leads to its name, and that to the
    // function.
    let wrapped = index.wrapped();
    if wrapped.iter().any(|name| !wanted.contains(name)) {
        wanted.extend(wrapped);
        index = index::Index::default();
        result = index.fill(&debug, &wanted, &module);
    }
    if let Err(broken) = result {
        dwarf.problem(broken);
    }

    let mut reader = signature::Reader::new(&debug);
    let mut languages: BTreeMap<Language, usize> = BTreeMap::new();
    for function in &module.functions {
        match reader.find(function, &index) {
            Ok(None) => {}
            Ok(Some((description, language))) => {
                *languages.entry(language).or_default() += 1;
                let name = function.name.to_owned();
                match (description, function.import) {
                    (Description::Whole(found), Some(module)) => {
                        let import = (module.to_owned(), name);
                        dwarf.imports.entry(import).or_default().push(found);
                    }
                    (Description::Whole(found), None) => {
                        dwarf.exports.insert(name, found);
                    }
                    // Imports are not guessed at.
                    (_, Some(_)) => {}
                    (Description::Beginning(params), None) => {
                        dwarf.beginnings.insert(name, params);
                    }
                    (Description::Alike(alike), None) => match *alike {
                        Description::Whole(found) => {
                            dwarf.alike.insert(name, found.signature);
                        }
                        Description::Beginning(params) => {
                            dwarf.alike_beginnings.insert(name, params);
                        }
                        Description::Alike(_) => {}
                    },
                }
            }
            Err(problem) => dwarf.problem(format!(
                "the debug information about {} is not used: {problem}",
                function.name
            )),
        }
    }
    dwarf.language = languages
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(language, _)| language)
        .or_else(|| debug.language());
    dwarf
}

impl Dwarf {
    fn problem(&mut self, problem: String) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }
}

/// The name of the function that a wrapper of this name exports.
fn plain(symbol: &str) -> &str {
    symbol.strip_suffix(EXPORT_SUFFIX).unwrap_or(symbol)
}

#[cfg(test)]
#[path = "dwarf/tests.rs"]
mod tests;
