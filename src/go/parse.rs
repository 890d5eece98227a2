//! Go text: a signature typed by hand ([`signature()`]), and the files of a plugin ([`read`]).
//!
//! Must not know of modules or Wasm types. Text may be hostile: everything is read in one pass,
//! nested only [`MAX_NESTING`] deep, and errors name line and column.

mod build;
mod constant;
mod expression;
mod file;
pub mod lex;
mod parser;
mod ratio;
mod resolve;
mod signature;
mod source;
mod types;

pub use file::Binding;
pub(super) use parser::Parser;
pub use signature::{signature, type_text};
pub use source::{Function, GoSource, read};

/// How deep brackets, types and expressions may be nested.
pub const MAX_NESTING: usize = 48;

/// The name of a text that may be a part of a file: it need not begin with a package clause, and is
/// of package `main` then, and its functions need no bodies.
pub const FRAGMENT: &str = "pasted.go";

/// Where in a text something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// In bytes, from 1, as Go counts it.
    pub column: u32,
}

/// What is wrong with a Go text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{at}: {message}", .file.as_ref().map(|f| format!("{f}:")).unwrap_or_default())]
pub struct SyntaxError {
    /// The name of the file; `None` for a line that was typed.
    pub file: Option<String>,
    /// Where it is.
    pub at: Position,
    /// In the words of the Go compiler, as far as it has some.
    pub message: String,
}

impl SyntaxError {
    fn new(at: Position, message: impl Into<String>) -> SyntaxError {
        SyntaxError {
            file: None,
            at,
            message: message.into(),
        }
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[cfg(test)]
#[path = "parse/tests.rs"]
mod tests;
