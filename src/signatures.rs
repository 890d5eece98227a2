//! The Go signatures of a module's exports and imports, from wherever they can be had: debug
//! information, Go source, the Wasm types. The Wasm types have the last word.
//!
//! What reads debug information and source is an eighth of the worker, and many modules have neither.
//! So a session reads them only when it is given [`Readers`]; on the page, a worker of its own does
//! ([`Reader`]), which is fetched when there is something to read.

use crate::debug::{Places, Profile};
use crate::go::abi::wasm_types;
use crate::go::check::{Directive, check_for};
use crate::go::{Abi, Param, Signature, Source, WasmType, dwarf, fitting, parse};
use crate::module::{self, FuncType, Info};
use crate::protocol::{Backtrace, Lines, Sample, Signatures, Stack};
use std::collections::{BTreeMap, BTreeSet};

/// A signature and where it comes from.
type Sourced = (Signature, Source);

/// What reads signatures, for a session that does so itself.
#[derive(Clone, Copy)]
pub struct Readers {
    dwarf: fn(&mut Known, &[u8]),
    source: fn(&mut Known, &[(String, String)], &Info),
}

impl Readers {
    /// The readers of this crate.
    #[must_use]
    pub fn new() -> Self {
        Self {
            dwarf: Known::read_dwarf,
            source: Known::read_source,
        }
    }

    /// Reads the debug information in `bytes`, a whole module, into `known`.
    pub fn dwarf(self, known: &mut Known, bytes: &[u8]) {
        (self.dwarf)(known, bytes);
    }

    /// Reads Go files, given as name and text, into `known`.
    pub fn source(self, known: &mut Known, files: &[(String, String)], info: &Info) {
        (self.source)(known, files, info);
    }
}

impl Default for Readers {
    fn default() -> Self {
        Self::new()
    }
}

/// Reads the signatures of one module for a page whose session does not.
#[derive(Default)]
pub struct Reader {
    known: Known,
    info: Option<Info>,
    places: Option<Places>,
}

impl Reader {
    /// Takes a module in; what does not read as one has no signatures.
    pub fn load(&mut self, name: &str, bytes: &[u8]) -> Option<Signatures> {
        self.known = Known::default();
        self.info = module::read(name, bytes).ok();
        self.known.read_dwarf(bytes);
        self.tell()
    }

    /// Takes Go files in, given as name and text, instead of those taken in before.
    pub fn source(&mut self, files: &[(String, String)]) -> Option<Signatures> {
        self.known.read_source(files, self.info.as_ref()?);
        self.tell()
    }

    /// A stack of a module in the words of its source. The module's places are kept: the next stack comes soon.
    pub fn backtrace(&mut self, bytes: Vec<u8>, stack: &Stack) -> Backtrace {
        self.places(bytes).backtrace(stack)
    }

    /// The lines of a module's source that have code.
    pub fn lines(&mut self, bytes: Vec<u8>) -> Lines {
        self.places(bytes).lines()
    }

    /// Samples of a module in the words of its source.
    pub fn profile(&mut self, bytes: Vec<u8>, samples: &[Sample]) -> Profile {
        Profile::read(self.places(bytes), samples)
    }

    fn places(&mut self, bytes: Vec<u8>) -> &Places {
        let kept = self.places.take().filter(|places| places.are_of(&bytes));
        self.places
            .insert(kept.unwrap_or_else(|| Places::read(bytes)))
    }

    fn tell(&mut self) -> Option<Signatures> {
        let info = self.info.as_mut()?;
        Some(self.known.tell(info))
    }
}

/// What has been found besides the Wasm types. A session that does not read does without all that.
#[derive(Default)]
pub struct Known(Option<Box<dyn Knows>>);

/// What signatures are asked of.
trait Knows {
    /// Those of an export that fit it, the best first.
    fn export(&self, name: &str, ty: &FuncType) -> Vec<Sourced>;
    /// That of an import of this type.
    fn import(&self, module: &str, name: &str, ty: &FuncType) -> Option<Sourced>;
    /// What is wrong, as sentences.
    fn problems(&self) -> Vec<String>;
    fn read_dwarf(&mut self, bytes: &[u8]);
    fn read_source(&mut self, files: &[(String, String)], info: &Info);
}

impl Known {
    fn read(&mut self) -> &mut dyn Knows {
        &mut **self.0.get_or_insert_with(|| Box::new(Read::default()))
    }

    /// Reads the debug information in `bytes`, a whole module.
    pub fn read_dwarf(&mut self, bytes: &[u8]) {
        self.read().read_dwarf(bytes);
    }

    /// Reads Go files, given as name and text, instead of those read before.
    pub fn read_source(&mut self, files: &[(String, String)], info: &Info) {
        self.read().read_source(files, info);
    }

    /// Puts what is known into `info`, and says it.
    pub fn tell(&self, info: &mut Info) -> Signatures {
        for export in &mut info.exports {
            if let Some(ty) = export.ty.func() {
                export.signatures = match &self.0 {
                    Some(known) => known.export(&export.name, ty),
                    None => from_wasm(&export.name, &[], ty),
                };
            }
        }
        for import in &mut info.imports {
            if let (Some(ty), Some(known)) = (import.ty.func(), &self.0) {
                import.signature = known.import(&import.module, &import.name, ty);
            }
        }
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
            problems: self
                .0
                .as_ref()
                .map(|known| known.problems())
                .unwrap_or_default(),
        }
    }
}

/// What the Wasm types say of a function of which the first parameters are known, if any.
fn from_wasm(name: &str, known: &[Param], ty: &FuncType) -> Vec<Sourced> {
    match ty.in_go() {
        Some((params, results)) => guesses(name, known, &params, &results).collect(),
        None => vec![(ty.numbers(name), Source::Wasm)],
    }
}

/// What has been read.
#[derive(Default)]
struct Read {
    from_dwarf: Found,
    from_source: Found,
    /// The exports of which debug information knows the parameters alone.
    guessed_results: BTreeSet<String>,
    /// The exports of which it knows the first parameters alone.
    beginnings: BTreeMap<String, Vec<Param>>,
    /// By export, what functions with the same body take: all that they do, or their first parameters.
    alike: BTreeMap<String, Signature>,
    alike_beginnings: BTreeMap<String, Vec<Param>>,
}

#[derive(Default)]
struct Found {
    exports: BTreeMap<String, Sourced>,
    /// A module may import one name with several types.
    imports: BTreeMap<(String, String), Vec<Sourced>>,
    problems: Vec<String>,
}

impl Knows for Read {
    fn read_dwarf(&mut self, bytes: &[u8]) {
        let found = dwarf::signatures(bytes);
        let guessed = found
            .exports
            .iter()
            .filter(|(_, found)| found.result_guessed);
        self.guessed_results = guessed.map(|(name, _)| name.clone()).collect();
        self.beginnings = found.beginnings;
        self.alike = found.alike;
        self.alike_beginnings = found.alike_beginnings;
        let sourced = |found: dwarf::Found| (found.signature, Source::Dwarf);
        let exports = found.exports.into_iter();
        let imports = found.imports.into_iter();
        self.from_dwarf = Found {
            exports: exports
                .map(|(name, found)| (name, sourced(found)))
                .collect(),
            imports: imports
                .map(|(name, found)| (name, found.into_iter().map(sourced).collect()))
                .collect(),
            problems: found.problems,
        };
    }

    fn read_source(&mut self, files: &[(String, String)], info: &Info) {
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
            let is_in = is_in(info, &function);
            if let Some(refusal) = refusal(&function, compiler) {
                found.problems.push(refusal);
                // What the module has all the same is used, and nothing more said of the rest.
                if !is_in {
                    continue;
                }
            }
            let sourced = (
                function.signature,
                Source::GoSource {
                    file: function.file,
                },
            );
            // Of several of one name, in several programs or for several compilers, one that the
            // module has.
            match function.binding {
                parse::Binding::Export { name } if is_in => {
                    found.exports.insert(name, sourced);
                }
                parse::Binding::Export { name } => {
                    found.exports.entry(name).or_insert(sourced);
                }
                parse::Binding::Import { module, name } => {
                    found
                        .imports
                        .entry((module, name))
                        .or_default()
                        .push(sourced);
                }
            }
        }
        found.mismatches(info);
        self.from_source = found;
    }

    fn import(&self, module: &str, name: &str, ty: &FuncType) -> Option<Sourced> {
        let name = (module.to_owned(), name.to_owned());
        let sources = [&self.from_dwarf, &self.from_source];
        let found = sources.iter().filter_map(|found| found.imports.get(&name));
        let mut found = found.flatten();
        found.find(|(signature, _)| fits(signature, ty)).cloned()
    }

    fn problems(&self) -> Vec<String> {
        let problems = [&self.from_dwarf.problems, &self.from_source.problems];
        problems.into_iter().flatten().cloned().collect()
    }

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
        // Source that agrees about the parameters knows the result too.
        if let [(dwarf, _), (source, _), ..] = &signatures[..]
            && self.guessed_results.contains(name)
            && params_in_go(dwarf) == params_in_go(source)
        {
            signatures.swap(0, 1);
        }
        let beginning = self.beginnings.get(name).map_or(&[][..], Vec::as_slice);
        signatures.extend(from_wasm(name, beginning, ty));
        if let Some((params, results)) = ty.in_go() {
            // What is known of another function shuts out none.
            let alike = self.alike.get(name).cloned();
            let begun = self.alike_beginnings.get(name);
            let begun = begun.map(|known| guesses(name, known, &params, &results));
            let begun = begun.into_iter().flatten().map(|(guess, _)| guess);
            for guess in alike.into_iter().chain(begun) {
                if signatures.iter().all(|(known, _)| *known != guess) {
                    signatures.push((guess, Source::Guess));
                }
            }
        }
        signatures
    }
}

/// What a function may take and return of which the first parameters are known, if any.
fn guesses(
    name: &str,
    known: &[Param],
    params: &[WasmType],
    results: &[WasmType],
) -> impl Iterator<Item = Sourced> {
    let types = known.iter().filter_map(|param| wasm_types(&param.ty));
    let taken: usize = types.map(<[WasmType]>::len).sum();
    let rest = params.get(taken..).unwrap_or_default();
    let source = match known.len() {
        0 => Source::Guess,
        known => Source::GuessAfter { known },
    };
    let all = fitting::fitting_after(known, name, rest, results);
    all.into_iter().map(move |guess| (guess, source.clone()))
}

impl Found {
    /// Reports what does not fit the module, and what is exported but not in it.
    fn mismatches(&mut self, info: &Info) {
        for ((module, name), signatures) in &self.imports {
            let types: Vec<&FuncType> = functions(info, module, name).collect();
            let fit = |(signature, _): &Sourced| types.iter().any(|ty| fits(signature, ty));
            // Of several for one name, for several compilers, say, one that fits is enough.
            if let (Some(ty), Some((signature, _))) = (types.first(), signatures.first())
                && !signatures.iter().any(fit)
                && let Err(reason) = ty.admits(signature)
            {
                self.problems.push(format!("import {module}.{reason}"));
            }
        }
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

/// The types of the parameters, as Go writes them.
fn params_in_go(signature: &Signature) -> Vec<String> {
    let params = signature.params.iter();
    params.map(|param| param.ty.to_string()).collect()
}

/// Why the compiler of the module, or any if it is not known, would not have accepted the function.
fn refusal(function: &parse::Function, compiler: Option<Abi>) -> Option<String> {
    let directive = match function.binding {
        parse::Binding::Export { .. } => Directive::WasmExport,
        parse::Binding::Import { .. } => Directive::WasmImport,
    };
    let compiler = compiler.unwrap_or(Abi::TinyGo);
    let checked = check_for(&function.signature, compiler, directive);
    let refused = checked.err().filter(|_| !function.lenient)?;
    Some(format!("{}:{}: {refused}", function.file, function.at))
}

/// Whether the module has the function, with these types.
fn is_in(info: &Info, function: &parse::Function) -> bool {
    match &function.binding {
        parse::Binding::Export { name } => {
            let export = info.exports.iter().find(|export| export.name == *name);
            let ty = export.and_then(|export| export.ty.func());
            ty.is_some_and(|ty| fits(&function.signature, ty))
        }
        parse::Binding::Import { module, name } => {
            let mut types = functions(info, module, name);
            types.any(|ty| fits(&function.signature, ty))
        }
    }
}

/// The types of the functions that the module imports by this name.
fn functions<'i>(
    info: &'i Info,
    module: &'i str,
    name: &'i str,
) -> impl Iterator<Item = &'i FuncType> {
    let imports = info.imports.iter();
    let own = imports.filter(move |import| import.module == module && import.name == name);
    own.filter_map(|import| import.ty.func())
}

fn fits(signature: &Signature, ty: &FuncType) -> bool {
    ty.admits(signature).is_ok()
}
