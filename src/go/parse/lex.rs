//! Go's lexical grammar: tokens with positions, automatic semicolons, and the `//go:` comments.
//!
//! One token at a time, so that a large file costs no memory. Must not know of the syntax.

use super::{Position, SyntaxError};

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'s> {
    /// What it is.
    pub kind: Kind,
    /// As it stands in the text. A semicolon that the lexer put in is `"newline"` or `"EOF"`.
    pub text: &'s str,
    /// Where it begins.
    pub at: Position,
}

/// What a token is.
#[allow(missing_docs, reason = "the names are the grammar's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An identifier, or one of the 25 keywords.
    Word,
    Int,
    Float,
    Imaginary,
    Rune,
    /// Interpreted or raw, with its quotes.
    String,
    /// An operator or a bracket.
    Operator,
    /// Written, or put in at the end of a line.
    Semicolon,
    /// A line comment that tells a compiler something: `//go:…` or `//export …`, without a
    /// trailing line break. Only if it stands on a line by itself.
    Directive,
    End,
}

/// Longest first, so that the first that fits is the right one.
const OPERATORS: [&str; 48] = [
    "<<=", ">>=", "&^=", "...", "&&", "||", "<-", "++", "--", "==", "!=", "<=", ">=", ":=", "+=",
    "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>", "&^", "+", "-", "*", "/", "%", "&", "|",
    "^", "<", ">", "=", "!", "(", ")", "[", "]", "{", "}", ",", ".", ":", "~", "?",
];

const KEYWORDS: [&str; 25] = [
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
];

/// Reads tokens off a text.
#[derive(Clone, Debug)]
pub struct Lexer<'s> {
    rest: &'s str,
    at: Position,
    /// Whether a line break here ends a statement.
    ends_statement: bool,
    /// Whether nothing but white space came before on this line.
    blank_line: bool,
}

impl Token<'_> {
    /// Whether it is the operator, keyword or identifier `text`.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Operator | Kind::Word) && self.text == text
    }

    /// Whether it is a name, and not a keyword.
    #[must_use]
    pub fn is_name(&self) -> bool {
        self.kind == Kind::Word && !KEYWORDS.contains(&self.text)
    }

    /// How an error message names it.
    #[must_use]
    pub fn named(&self) -> String {
        match self.kind {
            Kind::End => "end of text".to_owned(),
            Kind::Semicolon if self.text == ";" => "semicolon".to_owned(),
            Kind::Semicolon => self.text.to_owned(),
            Kind::Word if self.is_name() => format!("name {}", self.text),
            Kind::Word => format!("keyword {}", self.text),
            Kind::Int | Kind::Float | Kind::Imaginary | Kind::Rune | Kind::String => {
                let mut text: String = self.text.chars().take(40).collect();
                if text.len() < self.text.len() {
                    text.push('…');
                }
                format!("literal {text}")
            }
            Kind::Operator | Kind::Directive => self.text.to_owned(),
        }
    }
}

impl<'s> Lexer<'s> {
    /// A lexer at the start of `text`.
    #[must_use]
    pub fn new(text: &'s str) -> Lexer<'s> {
        Lexer {
            rest: text.strip_prefix('\u{feff}').unwrap_or(text),
            at: Position { line: 1, column: 1 },
            ends_statement: false,
            blank_line: true,
        }
    }

    /// The next token; [`Kind::End`] again and again at the end.
    ///
    /// # Errors
    ///
    /// At what is no token: an unknown character, a literal or comment that does not end.
    #[allow(clippy::should_implement_trait, reason = "an end is not None here")]
    pub fn next(&mut self) -> Result<Token<'s>, SyntaxError> {
        if let Some(token) = self.skip_space()? {
            return Ok(token);
        }
        let at = self.at;
        let (kind, length) = self.measure()?;
        let text = self.take(length);
        self.blank_line = false;
        self.ends_statement = match kind {
            Kind::Word => {
                !KEYWORDS.contains(&text)
                    || matches!(text, "break" | "continue" | "fallthrough" | "return")
            }
            Kind::Operator => matches!(text, "++" | "--" | ")" | "]" | "}"),
            Kind::Semicolon | Kind::Directive | Kind::End => false,
            _ => true,
        };
        Ok(Token { kind, text, at })
    }

    /// Skips white space and comments. A semicolon or a directive may be found there.
    fn skip_space(&mut self) -> Result<Option<Token<'s>>, SyntaxError> {
        loop {
            let at = self.at;
            let inserted = |text| {
                Some(Token {
                    kind: Kind::Semicolon,
                    text,
                    at,
                })
            };
            let Some(first) = self.rest.chars().next() else {
                if std::mem::take(&mut self.ends_statement) {
                    return Ok(inserted("EOF"));
                }
                return Ok(None);
            };
            match first {
                ' ' | '\t' | '\r' => {
                    self.take(1);
                }
                '\n' => {
                    self.take(1);
                    self.blank_line = true;
                    if std::mem::take(&mut self.ends_statement) {
                        return Ok(inserted("newline"));
                    }
                }
                '/' if self.rest.starts_with("//") => {
                    let end = self.rest.find('\n').unwrap_or(self.rest.len());
                    let blank = self.blank_line;
                    let text = self.take(end);
                    let directive = text.starts_with("//go:") || text.starts_with("//export ");
                    // Before a directive that follows a statement, the semicolon has come.
                    if directive && blank {
                        return Ok(Some(Token {
                            kind: Kind::Directive,
                            text: text.trim_end(),
                            at,
                        }));
                    }
                }
                '/' if self.rest.starts_with("/*") => {
                    let body = self.rest.get(2..).unwrap_or_default();
                    let Some(end) = body.find("*/") else {
                        return Err(SyntaxError::new(at, "comment not terminated"));
                    };
                    let text = self.take(end + 4);
                    if text.contains('\n') {
                        self.blank_line = true;
                        if std::mem::take(&mut self.ends_statement) {
                            return Ok(inserted("newline"));
                        }
                    }
                }
                _ => return Ok(None),
            }
        }
    }

    fn measure(&self) -> Result<(Kind, usize), SyntaxError> {
        let Some(first) = self.rest.chars().next() else {
            return Ok((Kind::End, 0));
        };
        let second = self.rest.as_bytes().get(1).copied().unwrap_or_default();
        if first == '_' || first.is_alphabetic() {
            let end = self
                .rest
                .find(|c: char| c != '_' && !c.is_alphanumeric())
                .unwrap_or(self.rest.len());
            return Ok((Kind::Word, end));
        }
        if first.is_ascii_digit() || (first == '.' && second.is_ascii_digit()) {
            return Ok(number(self.rest));
        }
        match first {
            '"' => return self.quoted('"').map(|length| (Kind::String, length)),
            '\'' => return self.quoted('\'').map(|length| (Kind::Rune, length)),
            '`' => {
                let body = self.rest.get(1..).unwrap_or_default();
                return match body.find('`') {
                    Some(end) => Ok((Kind::String, end + 2)),
                    None => Err(SyntaxError::new(self.at, "string not terminated")),
                };
            }
            ';' => return Ok((Kind::Semicolon, 1)),
            _ => {}
        }
        match OPERATORS.iter().find(|op| self.rest.starts_with(**op)) {
            Some(operator) => Ok((Kind::Operator, operator.len())),
            None if first == '\0' => Err(SyntaxError::new(self.at, "invalid NUL character")),
            None => Err(SyntaxError::new(
                self.at,
                format!("invalid character U+{:04X} {first:?}", u32::from(first)),
            )),
        }
    }

    /// The length of an interpreted string or a rune.
    fn quoted(&self, quote: char) -> Result<usize, SyntaxError> {
        let what = if quote == '"' {
            "string"
        } else {
            "rune literal"
        };
        let mut escaped = false;
        for (index, c) in self.rest.char_indices().skip(1) {
            match c {
                '\n' => return Err(SyntaxError::new(self.at, format!("newline in {what}"))),
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                c if c == quote => return Ok(index + 1),
                _ => {}
            }
        }
        Err(SyntaxError::new(self.at, format!("{what} not terminated")))
    }

    fn take(&mut self, length: usize) -> &'s str {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, ""));
        self.rest = rest;
        let lines = taken.bytes().filter(|b| *b == b'\n').count();
        let last = taken.rfind('\n').map_or(taken, |at| {
            self.at.column = 1;
            taken.get(at + 1..).unwrap_or_default()
        });
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.at.line = self.at.line.saturating_add(clamp(lines));
        self.at.column = self.at.column.saturating_add(clamp(last.len()));
        taken
    }
}

/// The kind and the length of the number at the start of `text`. What it means, and whether it is well
/// formed, is for those to say who need its value.
fn number(text: &str) -> (Kind, usize) {
    let hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    let mut kind = Kind::Int;
    let mut previous = ' ';
    for (index, c) in text.char_indices() {
        let exponent = match previous {
            'e' | 'E' => !hexadecimal,
            'p' | 'P' => true,
            _ => false,
        };
        match c {
            '+' | '-' if exponent => {}
            '.' => kind = Kind::Float,
            'e' | 'E' if !hexadecimal => kind = Kind::Float,
            'p' | 'P' => kind = Kind::Float,
            'i' => return (Kind::Imaginary, index + 1),
            '0'..='9' | 'a'..='z' | 'A'..='Z' | '_' => {}
            _ => return (kind, index),
        }
        previous = c;
    }
    (kind, text.len())
}
