//! The tokens of a Go file, as far as its head, its directives and its functions need them.
//!
//! It finds no errors: that is the compiler's.

/// A place in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct At {
    /// The line, from 1; 0: the file as a whole.
    pub line: u32,
    /// The column in bytes, from 1; 0: the line as a whole.
    pub column: u32,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name, a keyword or a number.
    Word,
    /// A string or a rune.
    Text,
    /// A comment.
    Comment,
    /// Any other character.
    Sign,
}

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'s> {
    /// What it is.
    pub kind: Kind,
    /// What is written.
    pub text: &'s str,
    /// Where it begins.
    pub at: At,
    /// Whether nothing but space stands before it in its line.
    pub is_first: bool,
}

impl Token<'_> {
    /// Whether it is this sign or word.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        self.text == text && matches!(self.kind, Kind::Word | Kind::Sign)
    }
}

/// Goes through a file.
#[derive(Clone, Debug)]
pub struct Tokens<'s> {
    rest: &'s str,
    at: At,
    is_first: bool,
}

impl<'s> Tokens<'s> {
    /// Those of a file.
    #[must_use]
    pub fn of(text: &'s str) -> Self {
        Self {
            // A byte order mark is permitted.
            rest: text.strip_prefix('\u{feff}').unwrap_or(text),
            at: At { line: 1, column: 1 },
            is_first: true,
        }
    }

    fn advance(&mut self, length: usize) -> &'s str {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, ""));
        self.rest = rest;
        for byte in taken.bytes() {
            if byte == b'\n' {
                self.at.line = self.at.line.saturating_add(1);
                self.at.column = 0;
                self.is_first = true;
            }
            self.at.column = self.at.column.saturating_add(1);
        }
        taken
    }
}

impl<'s> Iterator for Tokens<'s> {
    type Item = Token<'s>;

    fn next(&mut self) -> Option<Token<'s>> {
        let space = self
            .rest
            .find(|c: char| !matches!(c, ' ' | '\t' | '\r' | '\n'));
        self.advance(space.unwrap_or(self.rest.len()));
        let first = self.rest.chars().next()?;
        let (kind, length) = measure(self.rest, first);
        let (at, is_first) = (self.at, self.is_first);
        let text = self.advance(length);
        self.is_first = self.is_first && text.contains('\n');
        let token = Token {
            kind,
            text,
            at,
            is_first,
        };
        Some(token)
    }
}

/// The token that text begins with, and its length.
fn measure(text: &str, first: char) -> (Kind, usize) {
    let end = |found: Option<usize>, more: usize| found.map_or(text.len(), |at| at + more);
    match first {
        '/' if text.starts_with("//") => {
            let line = text
                .find('\n')
                .map(|at| match text.as_bytes().get(at.saturating_sub(1)) {
                    Some(b'\r') => at - 1,
                    _ => at,
                });
            (Kind::Comment, end(line, 0))
        }
        '/' if text.starts_with("/*") => {
            let body = text.get(2..).unwrap_or_default();
            (Kind::Comment, end(body.find("*/"), 4))
        }
        '`' => {
            let body = text.get(1..).unwrap_or_default();
            (Kind::Text, end(body.find('`'), 2))
        }
        '"' | '\'' => (Kind::Text, quoted(text, first)),
        c if c == '_' || c.is_alphanumeric() => {
            let word = text.find(|c: char| c != '_' && !c.is_alphanumeric());
            (Kind::Word, end(word, 0))
        }
        c => (Kind::Sign, c.len_utf8()),
    }
}

/// The length of a string or rune; one that does not end in its line ends with it.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return at,
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<(&str, u32, u32)> {
        let tokens = Tokens::of(text);
        tokens
            .map(|token| (token.text, token.at.line, token.at.column))
            .collect()
    }

    #[test]
    fn tokens_have_places() {
        assert_eq!(
            tokens("package p // x\r\n\nvar s = \"a\\\"//\" + `//\n` + '\"'\n/* \n */ func é() {}"),
            [
                ("package", 1, 1),
                ("p", 1, 9),
                ("// x", 1, 11),
                ("var", 3, 1),
                ("s", 3, 5),
                ("=", 3, 7),
                ("\"a\\\"//\"", 3, 9),
                ("+", 3, 17),
                ("`//\n`", 3, 19),
                ("+", 4, 3),
                ("'\"'", 4, 5),
                ("/* \n */", 5, 1),
                ("func", 6, 5),
                ("é", 6, 10),
                ("(", 6, 12),
                (")", 6, 13),
                ("{", 6, 15),
                ("}", 6, 16),
            ]
        );
    }

    #[test]
    fn what_does_not_end_ends_with_the_file() {
        for text in ["\"abc", "'", "`x", "/* x", "//", "\"\\", "/", "/*/"] {
            assert_eq!(tokens(text).len(), 1, "{text}");
        }
        assert_eq!(tokens("\"abc\nx"), [("\"abc", 1, 1), ("x", 2, 1)]);
        assert_eq!(tokens(""), []);
    }

    #[test]
    fn only_what_begins_a_line_is_first() {
        let first: Vec<_> = Tokens::of(" a b\n\tc /*\n*/ d")
            .map(|token| token.is_first)
            .collect();
        assert_eq!(first, [true, false, true, false, true]);
    }
}
