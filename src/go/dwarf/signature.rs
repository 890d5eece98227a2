//! From a subprogram to a signature: parameters in order, the result, and whether it all fits the Wasm
//! function.
//!
//! Must not know where the subprogram was found.

use super::language::Language;
use super::module::Function;
use super::sections::{Debug, Die, Entry};
use super::types::Types;
use super::{EXPORT_SUFFIX, Found, index::Index, plain};
use crate::go::abi::{self, WasmType};
use crate::go::fitting::result_choices;
use crate::go::types::{Param, Signature};

/// No Wasm function that an engine accepts has more.
const MAX_PARAMS: usize = 1000;
/// What a parameter is called of which nothing but its type is left.
const UNNAMED: &str = "p";
/// Entries that may be gone through for all functions of a module together.
const MAX_ENTRIES: usize = 1 << 24;

/// What the debug information says of a function.
pub(super) enum Description {
    /// All that it takes and returns.
    Whole(Found),
    /// Its first parameters, of more than these.
    Beginning(Vec<Param>),
    /// The same of a function whose body is equal, and which may take something else.
    Alike(Box<Description>),
}

/// Reads signatures.
pub(super) struct Reader<'d, 'a> {
    debug: &'d Debug<'a>,
    budget: usize,
}

impl<'d, 'a> Reader<'d, 'a> {
    pub(super) fn new(debug: &'d Debug<'a>) -> Reader<'d, 'a> {
        Reader {
            debug,
            budget: MAX_ENTRIES,
        }
    }

    /// The signature of a function; `None` if nothing describes it.
    ///
    /// # Errors
    ///
    /// If something does, and does not fit the function's Wasm types.
    pub(super) fn find(
        &mut self,
        function: &Function<'_>,
        index: &Index<'_>,
    ) -> Result<Option<(Description, Language)>, String> {
        let mut beginning = None;
        let mut alike = None;
        let mut problem = None;
        for die in candidates(function, index) {
            let Some(entry) = self.debug.entry(die) else {
                continue;
            };
            match self.signature(function, &entry) {
                Ok(description) => {
                    let language = self.debug.language_of(die);
                    if self.may_be_of_another(function, &entry, language) {
                        let description = Description::Alike(Box::new(description));
                        alike = alike.or(Some((description, language)));
                        continue;
                    }
                    let found = (description, language);
                    match found {
                        (Description::Whole(_), _) => return Ok(Some(found)),
                        _ => beginning = beginning.or(Some(found)),
                    }
                }
                // What it says of another function needs not fit.
                Err(_) if function.shared => {}
                Err(error) => problem = problem.or(Some(error)),
            }
        }
        match (beginning.or(alike), problem) {
            (None, Some(problem)) => Err(problem),
            (found, _) => Ok(found),
        }
    }

    /// Whether the subprogram may be another function, with which this one was folded: it has another
    /// name, and either several functions at the border share the code, or TinyGo would have given the
    /// code of an export a name that says so.
    fn may_be_of_another(
        &self,
        function: &Function<'_>,
        subprogram: &Entry<'a>,
        language: Language,
    ) -> bool {
        let names = [gimli::DW_AT_linkage_name, gimli::DW_AT_name];
        let mut names = names
            .iter()
            .filter_map(|name| self.debug.name(subprogram, *name));
        if names.any(|name| plain(name).rsplit('.').next() == Some(function.name)) {
            return false;
        }
        let foreign = language == Language::TinyGo
            && function.import.is_none()
            && function
                .symbol
                .is_some_and(|symbol| !symbol.ends_with(EXPORT_SUFFIX));
        function.shared || foreign
    }

    fn signature(
        &mut self,
        function: &Function<'_>,
        subprogram: &Entry<'a>,
    ) -> Result<Description, String> {
        let debug = self.debug;
        let (Some(wasm_params), Some(wasm_results)) = (&function.params, &function.results) else {
            return Err("its Wasm types are none of Go's".to_owned());
        };
        let language = debug.language_of(subprogram.at);
        let mut types = Types::new(debug, language, &mut self.budget);
        let mut params = Vec::new();
        let mut words = Vec::new();
        let entries = parameters(debug, subprogram, types.budget);
        // What TinyGo gives as the function's type is the type of its first parameter.
        let first = first_of_tinygo(debug, language, subprogram, entries.first());
        if let (Some(first), true) = (first, entries.is_empty() && !wasm_params.is_empty()) {
            let (ty, text) = types.of_entry(first);
            words.push((UNNAMED.to_owned(), text));
            params.push(Param::new(UNNAMED, ty));
        }
        for param in entries {
            let (ty, text) = types.of_attribute(&param);
            let name = debug.name(&param, gimli::DW_AT_name).unwrap_or_default();
            words.push((name.to_owned(), text));
            params.push(Param::new(name, ty));
        }

        let result_guessed = language == Language::TinyGo && !wasm_results.is_empty();
        let (result, result_text) = if language == Language::TinyGo {
            let guess = wasm_results.first().and_then(|ty| {
                let choices = result_choices(*ty);
                choices.into_iter().next()
            });
            (guess, None)
        } else {
            types.of_result(subprogram).unzip()
        };

        let mut signature = Signature::new(function.name, params, result);
        signature.written = language.declaration(function.name, &words, result_text.as_deref());
        match abi::matches(&signature, wasm_params, wasm_results) {
            Ok(()) => Ok(Description::Whole(Found {
                signature,
                result_guessed,
            })),
            // What is left of the parameters begins with the first.
            Err(_) if first.is_some() && is_beginning(&signature, wasm_params) => {
                Ok(Description::Beginning(signature.params))
            }
            Err(error) => Err(error.to_string()),
        }
    }
}

/// The type of the first parameter, by TinyGo; `None` if the first that is `left` is another one.
fn first_of_tinygo<'a>(
    debug: &Debug<'a>,
    language: Language,
    subprogram: &Entry<'a>,
    left: Option<&Entry<'a>>,
) -> Option<Die> {
    let type_of = |entry: &Entry<'a>| {
        let (from, value) = debug.inherited(entry, gimli::DW_AT_type)?;
        debug.reference(from, &value)
    };
    let first = type_of(subprogram).filter(|_| language == Language::TinyGo)?;
    left.is_none_or(|left| type_of(left) == Some(first))
        .then_some(first)
}

/// Whether the parameters are Go's for the first of these Wasm types, but not for all.
fn is_beginning(signature: &Signature, wasm_params: &[WasmType]) -> bool {
    let alone = Signature::new("", signature.params.clone(), None);
    let Ok((needs, _)) = abi::flatten(&alone) else {
        return false;
    };
    !needs.is_empty() && needs.len() < wasm_params.len() && wasm_params.starts_with(&needs)
}

/// The subprograms that may describe a function, the surest first.
fn candidates(function: &Function<'_>, index: &Index<'_>) -> Vec<Die> {
    let mut candidates = Vec::new();
    if let Some(symbol) = function.symbol {
        candidates.extend_from_slice(index.named(plain(symbol)));
    }
    let body = function.code.as_ref();
    if let Some((die, name)) = body.and_then(|body| index.at(body.start)) {
        // The wrapper itself says nothing about parameters.
        if name.ends_with(EXPORT_SUFFIX) {
            candidates.extend_from_slice(index.named(plain(name)));
        } else if function.symbol.is_none() {
            candidates.push(die);
        }
    }
    if function.symbol.is_none() {
        candidates.extend_from_slice(index.named(function.name));
    }
    candidates
}

/// The parameters of a subprogram, or of the one that it is an instance of: that one has those, too, that were optimised
/// away. `budget` is how many entries may be gone through for them.
pub(crate) fn parameters<'a>(
    debug: &Debug<'a>,
    subprogram: &Entry<'a>,
    budget: &mut usize,
) -> Vec<Entry<'a>> {
    let own = |entry: &Entry<'a>, budget: &mut usize| {
        let mut children = debug.children(entry, budget);
        children.retain(|child| child.tag == gimli::DW_TAG_formal_parameter);
        children.truncate(MAX_PARAMS);
        children
    };
    let found = own(subprogram, budget);
    let all = debug.origin(subprogram).map(|origin| own(&origin, budget));
    match all {
        Some(all) if all.len() > found.len() => all,
        _ => found,
    }
}
