//! The messages about the functions of a module and their text form.

use serde::{Deserialize, Serialize};

/// What the page asks about the functions of a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Functions {
    /// Those that pass the filter, from a place among them on.
    Find {
        /// Which ones.
        filter: FunctionFilter,
        /// The first place.
        first: u32,
        /// How many, at most [`Functions::MOST`].
        count: u32,
    },
    /// Lines of the text of one.
    Text {
        /// Its index.
        function: u32,
        /// The place to be marked, as an offset in the contents of the code section.
        place: Option<u32>,
        /// The first line. `None`: where the place is, or the first one.
        first: Option<u32>,
        /// How many lines, at most [`Functions::MOST`]; of a text that is not long all come.
        count: u32,
    },
    /// The one that is called so, as [`FunctionLine::name`] says.
    Named(String),
    /// Who uses one.
    Uses {
        /// Its index.
        function: u32,
    },
}

impl Functions {
    /// The most functions, lines or callers that are told at once.
    pub const MOST: u32 = 500;
}

/// Which functions are looked for, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionFilter {
    /// Words that must all be in a function's name, that of its import or those of its exports, in any case; or its
    /// index. Empty: all pass.
    pub text: String,
    /// Whether those with the most bytes come first; otherwise they come by their indices.
    pub largest_first: bool,
}

/// The answer to [`Functions`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FunctionsReport {
    /// To [`Functions::Find`].
    Found(Found),
    /// To [`Functions::Text`].
    Text(FunctionText),
    /// To [`Functions::Named`]: its index, if there is one.
    Named(Option<u32>),
    /// To [`Functions::Uses`].
    Uses(FunctionUses),
    /// It cannot be told; the text says why.
    Failed(String),
}

/// Functions that pass a filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The filter.
    pub filter: FunctionFilter,
    /// How many functions the module has, imported ones among them.
    pub all: u32,
    /// How many of them pass.
    pub passing: u32,
    /// The place, among these, of the first that is told.
    pub first: u32,
    /// Those that are told.
    pub functions: Vec<FunctionLine>,
}

/// A function in a few words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionLine {
    /// Its index.
    pub index: u32,
    /// What it is called: by the name section, its import, its export, or else `function 12`.
    pub name: String,
    /// The import that it is, and the names that it is exported by.
    pub note: String,
    /// Bytes of its body; `None`: it is imported.
    pub size: Option<u32>,
}

/// Lines of the text of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionText {
    /// Which.
    pub function: FunctionLine,
    /// How many lines there are.
    pub total: u32,
    /// The first that is told.
    pub first: u32,
    /// Those that are told.
    pub lines: Vec<TextLine>,
    /// Whether that is all of the text, with nothing cut off.
    pub is_whole: bool,
    /// The place that was asked for, and the line that is to be marked; `None`: it is in none of them.
    pub marked: Option<(u32, Option<u32>)>,
}

/// A line of the text form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextLine {
    /// Where its instruction is, as an offset in the contents of the code section.
    pub place: Option<u32>,
    /// The line.
    pub text: String,
    /// The function that it names, and the byte of the line from which on it does.
    pub callee: Option<(u32, u32)>,
}

/// Who uses a function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionUses {
    /// Its index.
    pub function: u32,
    /// Where else it is named, as sentences: exports, tables, the start section, globals.
    pub notes: Vec<String>,
    /// How many functions call it, or take a reference to it.
    pub total: u32,
    /// The first [`Functions::MOST`] of them, by their indices.
    pub callers: Vec<Caller>,
}

/// A function that calls another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// Its index.
    pub index: u32,
    /// What it is called.
    pub name: String,
    /// The first place where it does, as an offset in the contents of the code section.
    pub place: u32,
    /// How often it does.
    pub times: u32,
}
