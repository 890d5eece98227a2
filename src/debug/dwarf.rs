//! Functions, files and lines from DWARF: TinyGo's, Rust's, C's.
//!
//! A line is told only where the debug information is consistent: where it does not fit the code (a tool has
//! changed that and left this as it was) there are names alone; and compilers merge blocks of several
//! functions, of which only one can have its line.

use super::lines::At;
use super::locals::Held;
use super::module::Module;
use super::names;
use crate::go::dwarf::{Debug, Die, Entry, Rows};
use crate::protocol::Frame;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Entries that are gone through for one frame.
const BUDGET: usize = 1 << 20;
/// How deep scopes within a function may be nested.
const DEEPEST: usize = 200;
/// Units whose rows are kept.
const KEPT: usize = 64;

/// Where functions are described, and whether what is said of the code fits it.
#[derive(Default)]
pub(super) struct Index {
    /// By where the function's body begins.
    subprograms: HashMap<u64, Die>,
    /// Whether the code has the Wasm locals that it means.
    has_locals: bool,
    /// Why no lines are to be had.
    pub(super) problem: Option<String>,
}

impl Index {
    /// Goes through all that is described.
    pub(super) fn read(module: &Module) -> Self {
        let sections = module.debug_sections();
        if sections.info.is_empty() {
            return Self {
                problem: Some(NONE.to_owned()),
                ..Self::default()
            };
        }
        let (debug, broken) = Debug::read(&sections);
        let mut index = Self {
            problem: broken,
            ..Self::default()
        };
        let (mut fit, mut others) = (0_u32, 0_u32);
        for unit in 0..debug.units() {
            let walked = debug.tagged(unit, gimli::DW_TAG_subprogram, |entry| {
                for range in debug.ranges(entry) {
                    // Dropped functions have been put at 0, or behind all code.
                    let after = module
                        .bodies
                        .partition_point(|body| u64::from(body.start) <= range.start);
                    let body = after
                        .checked_sub(1)
                        .and_then(|body| module.bodies.get(body));
                    let Some(body) = body.filter(|_| range.start != 0 && range.start < range.end)
                    else {
                        continue;
                    };
                    if u64::from(body.start) == range.start && u64::from(body.end) == range.end {
                        fit += 1;
                        index.subprograms.insert(range.start, entry.at);
                    } else if range.start < u64::from(body.end) {
                        others += 1;
                    }
                }
            });
            if let Err(broken) = walked {
                index.problem.get_or_insert(broken);
            }
        }
        if others > fit {
            index.subprograms.clear();
            index.problem = Some(STALE.to_owned());
        } else if fit == 0 {
            index.problem.get_or_insert_with(|| NONE.to_owned());
        }
        index.has_locals = fit > 0 && module.is_as_linked();
        index
    }
}

const NONE: &str = "The module has no debug information about its functions: build it with some (TinyGo: without \
    -no-debug), and lines are shown.";

const STALE: &str = "The debug information does not fit the code: a tool, such as wasm-opt, has changed the module and \
    left it as it was. Lines are left out; build without that tool, or give it -g.";

/// The debug information, to be asked.
pub(super) struct Lines<'a> {
    pub(super) module: &'a Module,
    index: &'a Index,
    pub(super) debug: Debug<'a>,
    rows: RefCell<HashMap<usize, Rc<Rows>>>,
    /// The Wasm locals that frames keep, by the function.
    pub(super) kept: RefCell<HashMap<u32, Rc<[u32]>>>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(module: &'a Module, index: &'a Index) -> Self {
        Self {
            module,
            index,
            debug: Debug::read(&module.debug_sections()).0,
            rows: RefCell::default(),
            kept: RefCell::default(),
        }
    }

    /// What describes a function.
    pub(super) fn subprogram(&self, function: u32) -> Option<Entry<'a>> {
        let body = self.module.body(function)?;
        let die = self.index.subprograms.get(&body.start.into())?;
        self.debug.entry(*die)
    }

    /// Whether its Wasm locals are those that the debug information means.
    pub(super) fn has_locals(&self) -> bool {
        self.index.has_locals
    }

    /// The frames of a place in a function, or of the function alone, the innermost first, with those inlined, and their
    /// variables if something is `held`. `None`: nothing is known of it.
    pub(super) fn frames(
        &self,
        function: u32,
        place: Option<u32>,
        held: Option<&Held>,
    ) -> Option<Vec<Frame>> {
        let body = self.module.body(function)?;
        let die = self.index.subprograms.get(&body.start.into())?;
        let place = place.filter(|place| body.contains(place));
        let mut scopes = vec![self.debug.entry(*die)?];
        if let Some(place) = place {
            self.descend(place.into(), &mut scopes);
        }
        let rows = self.rows_of(die.unit);
        let mut at = place.and_then(|place| rows.at(place.into()));
        let calls = |scope: &&Entry<'_>| scope.tag != gimli::DW_TAG_lexical_block;
        let innermost = scopes.iter().rfind(calls);
        let innermost = innermost.and_then(|scope| self.declared_in(scope));
        // A block that was merged with one of another function.
        if let (Some((file, ..)), Some(declared)) = (at, &innermost)
            && file != declared
        {
            at = None;
        }
        let mut frames = Vec::new();
        let mut rest = scopes.as_slice();
        while let Some(begins) = rest.iter().rposition(|scope| calls(&scope)) {
            let (outer, its) = rest.split_at_checked(begins)?;
            rest = outer;
            let scope = its.first()?;
            let is_inlined = scope.tag == gimli::DW_TAG_inlined_subroutine;
            let name = self.name(scope, function);
            let (file, line, column) = match at {
                Some((file, line, column)) if line > 0 => (Some(file.to_owned()), line, column),
                _ => (None, 0, 0),
            };
            let runtime = names::is_runtime(&name);
            let held = held.filter(|_| !runtime);
            frames.push(Frame {
                runtime,
                function: name,
                index: function,
                file,
                line,
                column,
                inlined: is_inlined,
                place,
                arguments: Vec::new(),
                variables: held.map_or_else(Vec::new, |held| self.variables(its, held)),
            });
            at = is_inlined
                .then(|| called_at(scope, &rows))
                .filter(|(file, ..)| !file.is_empty());
        }
        Some(frames)
    }

    /// Where the lines of functions begin that do not belong to a runtime: the place, the function that the line is of,
    /// its file and its number, 0: what follows is of no line that can be relied on; and what tells apart the places at
    /// which a function is inlined, and the calls that are inlined there.
    pub(super) fn statements(&self, mut found: impl FnMut(u32, &str, &str, u32, usize, &[At<'_>])) {
        for (start, die) in &self.index.subprograms {
            let Some(entry) = self.debug.entry(*die) else {
                continue;
            };
            let name = self.name(&entry, 0);
            if names::is_runtime(&name) {
                continue;
            }
            let body = self
                .module
                .bodies
                .binary_search_by_key(start, |body| body.start.into());
            let Some(body) = body.ok().and_then(|body| self.module.bodies.get(body)) else {
                continue;
            };
            let mut scopes = vec![Scope {
                number: 0,
                code: u64::from(body.start)..u64::from(body.end),
                file: self.declared_in(&entry),
                name,
                call: (String::new(), 0),
            }];
            let mut budget = BUDGET;
            self.inlined(&entry, DEEPEST, &mut budget, &mut scopes);
            for (at, file, line) in self
                .rows_of(die.unit)
                .statements(scopes.first().map_or(0..0, |scope| scope.code.clone()))
            {
                let inner = scopes.iter().rev().find(|scope| scope.code.contains(&at));
                let (Some(inner), Ok(place)) = (inner, u32::try_from(at)) else {
                    continue;
                };
                let is_its = inner
                    .file
                    .as_deref()
                    .is_none_or(|declared| declared == file);
                let is_shown = is_its && !names::is_runtime(&inner.name);
                let line = if is_shown { line } else { 0 };
                let callers = scopes
                    .iter()
                    .skip(1)
                    .filter(|scope| scope.code.contains(&at));
                let callers = callers.map(|scope| (&*scope.call.0, scope.call.1));
                let callers: Vec<At<'_>> = callers.collect();
                found(place, &inner.name, file, line, inner.number, &callers);
            }
        }
    }

    /// Appends the inlined calls within an entry, each behind those that it is in.
    fn inlined(
        &self,
        within: &Entry<'a>,
        deepest: usize,
        budget: &mut usize,
        scopes: &mut Vec<Scope>,
    ) {
        if deepest == 0 {
            return;
        }
        for child in self.debug.children(within, budget) {
            if child.tag == gimli::DW_TAG_inlined_subroutine {
                let (name, file) = (self.name(&child, 0), self.declared_in(&child));
                let rows = self.rows_of(child.at.unit);
                let (of, line, _) = called_at(&child, &rows);
                let call = (of.to_owned(), line);
                let number = scopes.len();
                scopes.extend(self.debug.ranges(&child).into_iter().map(|code| Scope {
                    number,
                    code,
                    file: file.clone(),
                    name: name.clone(),
                    call: call.clone(),
                }));
            } else if child.tag != gimli::DW_TAG_lexical_block {
                continue;
            }
            self.inlined(&child, deepest - 1, budget, scopes);
        }
    }

    /// The inlined calls and the blocks that a place is in, the outermost first, behind the function.
    fn descend(&self, place: u64, scopes: &mut Vec<Entry<'a>>) {
        let mut budget = BUDGET;
        let mut next = scopes
            .last()
            .map(|function| self.debug.children(function, &mut budget));
        for _ in 0..DEEPEST {
            let Some(children) = next.take() else { return };
            let inner = children.into_iter().find(|child| {
                let tags = [
                    gimli::DW_TAG_inlined_subroutine,
                    gimli::DW_TAG_lexical_block,
                ];
                tags.contains(&child.tag)
                    && self
                        .debug
                        .ranges(child)
                        .iter()
                        .any(|range| range.contains(&place))
            });
            let Some(inner) = inner else { return };
            next = Some(self.debug.children(&inner, &mut budget));
            scopes.push(inner);
        }
    }

    fn rows_of(&self, unit: usize) -> Rc<Rows> {
        let mut kept = self.rows.borrow_mut();
        if kept.len() >= KEPT {
            kept.clear();
        }
        let rows = kept
            .entry(unit)
            .or_insert_with(|| Rc::new(self.debug.rows(unit)));
        Rc::clone(rows)
    }

    /// The file that a function is declared in.
    fn declared_in(&self, scope: &Entry<'a>) -> Option<String> {
        let (at, file) = self.debug.inherited(scope, gimli::DW_AT_decl_file)?;
        let rows = self.rows_of(at.unit);
        rows.file(file_number(&file)?).map(str::to_owned)
    }

    pub(super) fn name(&self, scope: &Entry<'a>, function: u32) -> String {
        let found = self.named(scope);
        found.unwrap_or_else(|| format!("function {function}"))
    }

    /// What is written as the name; `None`: it has none.
    pub(super) fn named(&self, scope: &Entry<'a>) -> Option<String> {
        let name = |name| self.debug.name(scope, name);
        let linkage = name(gimli::DW_AT_linkage_name);
        let language = self.debug.language_of(scope.at);
        let found = linkage.or_else(|| name(gimli::DW_AT_name));
        found.map(|found| names::written(found, Some(language)))
    }
}

/// A function, or a call of one that was inlined, and where its code is.
struct Scope {
    /// That of all stretches of one call.
    number: usize,
    code: std::ops::Range<u64>,
    /// The file that it is declared in.
    file: Option<String>,
    name: String,
    /// Where it is called.
    call: (String, u32),
}

/// Where an inlined call is: the file, the line and the column; 0: not known.
fn called_at<'r>(scope: &Entry<'_>, rows: &'r Rows) -> (&'r str, u32, u32) {
    let number = |name| {
        let number = scope.number(name);
        number
            .and_then(|number| u32::try_from(number).ok())
            .unwrap_or(0)
    };
    let file = scope.value(gimli::DW_AT_call_file);
    let file = file.and_then(|file| rows.file(file_number(&file)?));
    match file {
        Some(file) => (
            file,
            number(gimli::DW_AT_call_line),
            number(gimli::DW_AT_call_column),
        ),
        None => ("", 0, 0),
    }
}

/// The number of a file, in whatever form it is.
fn file_number(
    value: &gimli::AttributeValue<gimli::EndianSlice<'_, gimli::LittleEndian>>,
) -> Option<u64> {
    match value {
        gimli::AttributeValue::FileIndex(file) => Some(*file),
        value => value.udata_value(),
    }
}
