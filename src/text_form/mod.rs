//! The functions of a module as text: which there are, the text form of each (the specification's chapter 6), and who
//! uses it.
//!
//! Nothing is written before it is asked for: [`Module::read`] notes where things are, a function is printed when it is
//! looked at, and who calls whom is found in one pass over the code, once, when that is first asked. Pure; it must not
//! know who shows it, or run anything. The reader worker does this, so that the page does without.
//!
//! It is not `wasmprinter`, since that has the SIMD half of `wasmparser` compiled in, which the page's worker would then
//! carry too: 18 kB of the first visit. The tests hold every line against it.

mod instructions;
mod names;
mod print;
mod read;
mod search;
mod uses;

use self::names::Names;
use self::print::Printed;
use self::uses::Uses;
use crate::protocol::{
    FunctionFilter, FunctionLine, FunctionText, Functions, FunctionsReport, TextLine,
};
use std::collections::BTreeMap;
use std::ops::Range;
use wasmparser::FuncType;

/// Bytes of text up to which all of a function is told at once.
const AT_ONCE: usize = 512 * 1024;

/// Bytes of a line that are told; locals and the targets of a branch can be tens of thousands.
const LINE: usize = 2000;

/// The functions of a module.
#[derive(Default)]
pub struct Module {
    bytes: Vec<u8>,
    types: Vec<FuncType>,
    imports: Vec<Import>,
    /// The type of each function, imported ones first.
    functions: Vec<u32>,
    /// Where the bodies are in the file.
    bodies: Vec<Range<usize>>,
    /// Where the contents of the code section begin in the file.
    code: usize,
    names: Names,
    /// The names that functions are exported by.
    exports: BTreeMap<u32, Vec<String>>,
    /// Who uses whom, once that has been asked.
    uses: Option<Uses>,
    /// What was looked for last.
    found: Option<(FunctionFilter, Vec<u32>)>,
    /// What was printed last.
    printed: Option<(u32, Printed)>,
}

/// A function that is imported.
struct Import {
    module: String,
    name: String,
}

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Module").finish_non_exhaustive()
    }
}

impl Module {
    /// How many functions there are, imported ones among them.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.functions.len()).unwrap_or(u32::MAX)
    }

    /// The answer to what the page asks.
    pub fn answer(&mut self, ask: Functions) -> FunctionsReport {
        match ask {
            Functions::Find {
                filter,
                first,
                count,
            } => FunctionsReport::Found(self.find(filter, first, count)),
            Functions::Text { function, .. } | Functions::Uses { function }
                if function >= self.count() =>
            {
                let count = self.count();
                FunctionsReport::Failed(format!(
                    "There is no function {function}: the module has {count}."
                ))
            }
            Functions::Text {
                function,
                place,
                first,
                count,
            } => FunctionsReport::Text(self.text(function, place, first, count)),
            Functions::Named(name) => {
                let is_so = |function: &u32| cut(&self.name(*function)) == name;
                FunctionsReport::Named((0..self.count()).find(is_so))
            }
            Functions::Uses { function } => FunctionsReport::Uses(self.used(function)),
        }
    }

    fn text(
        &mut self,
        function: u32,
        place: Option<u32>,
        first: Option<u32>,
        count: u32,
    ) -> FunctionText {
        if self.printed.as_ref().is_none_or(|(of, _)| *of != function) {
            self.printed = Some((function, print::print(self, function)));
        }
        let line = self.line(function);
        let empty = Printed::default();
        let printed = self.printed.as_ref().map_or(&empty, |(_, it)| it);
        let marked = place.map(|place| (place, self.marked(function, place, printed)));
        let total = printed.lines.len();
        let at_once = printed.text.len() <= AT_ONCE;
        let (first, count) = match at_once {
            true => (0, total),
            false => {
                let count = count.min(Functions::MOST);
                // The marked one in the middle.
                let marked = marked.and_then(|(_, line)| line).unwrap_or_default();
                let first = first.unwrap_or(marked.saturating_sub(count / 2));
                (first as usize, count as usize)
            }
        };
        let mut is_whole = at_once && !printed.is_cut;
        let lines = printed.lines.iter().enumerate().skip(first).take(count);
        let lines = lines.map(|(number, line)| {
            let text = printed.line(number);
            let shown = cut(text);
            is_whole &= shown.len() == text.len();
            TextLine {
                place: line.place,
                callee: line.callee,
                text: match shown.len() == text.len() {
                    true => text.to_owned(),
                    false => format!("{shown} …"),
                },
            }
        });
        let lines = lines.collect();
        FunctionText {
            function: line,
            total: u32::try_from(total).unwrap_or(u32::MAX),
            first: u32::try_from(first).unwrap_or(u32::MAX),
            lines,
            is_whole,
            marked,
        }
    }

    /// The line of the instruction that a place of the function is in.
    fn marked(&self, function: u32, place: u32, printed: &Printed) -> Option<u32> {
        let body = self.body(function)?;
        // What counts from the size of the body on means the body.
        let start = self.place(body.start)?.saturating_sub(SIZE_OF_SIZE);
        if place < start || place >= self.place(body.end)? {
            return None;
        }
        let mut marked = 0;
        for (number, line) in (0..).zip(&printed.lines) {
            if line.place.is_some_and(|it| it <= place) {
                marked = number;
            }
        }
        Some(marked)
    }

    /// Where in the contents of the code section something in the file is.
    fn place(&self, at: usize) -> Option<u32> {
        u32::try_from(at.checked_sub(self.code)?).ok()
    }

    fn body(&self, function: u32) -> Option<&Range<usize>> {
        let function = usize::try_from(function).ok()?;
        self.bodies.get(function.checked_sub(self.imports.len())?)
    }

    fn import(&self, function: u32) -> Option<&Import> {
        self.imports.get(usize::try_from(function).ok()?)
    }

    fn type_of(&self, function: u32) -> Option<u32> {
        self.functions.get(usize::try_from(function).ok()?).copied()
    }

    fn ty(&self, index: u32) -> Option<&FuncType> {
        self.types.get(usize::try_from(index).ok()?)
    }

    fn params(&self, function: u32) -> u32 {
        let ty = self.type_of(function).and_then(|ty| self.ty(ty));
        ty.map_or(0, |ty| u32::try_from(ty.params().len()).unwrap_or_default())
    }

    /// What a function is called.
    fn name(&self, function: u32) -> String {
        let named = self.names.functions.get(&function);
        if let Some(named) = named.filter(|named| !named.name.is_empty()) {
            return named.name.clone();
        }
        if let Some(import) = self.import(function) {
            return format!("{}.{}", import.module, import.name);
        }
        let exported = self.exports.get(&function).and_then(|names| names.first());
        match exported {
            Some(name) => name.clone(),
            None => format!("function {function}"),
        }
    }

    /// A function in a few words.
    fn line(&self, function: u32) -> FunctionLine {
        let mut notes = Vec::new();
        if let Some(import) = self.import(function) {
            notes.push(format!("imported: {}.{}", import.module, import.name));
        }
        if let Some(names) = self.exports.get(&function) {
            notes.push(format!("exported: {}", names.join(", ")));
        }
        let size = self.body(function).map(Range::len);
        FunctionLine {
            index: function,
            name: cut(&self.name(function)).to_owned(),
            note: cut(&notes.join("; ")).to_owned(),
            size: size.and_then(|size| u32::try_from(size).ok()),
        }
    }
}

/// The most bytes that the size of a body takes, which stands before it.
const SIZE_OF_SIZE: u32 = 5;

/// As much of a text as is told.
fn cut(text: &str) -> &str {
    if text.len() <= LINE {
        return text;
    }
    let ends = (0..=LINE).rev();
    let mut whole = ends.filter_map(|end| text.get(..end));
    whole.next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
