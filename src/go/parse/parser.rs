//! The tokens of a text, one after the other: what all readers of Go text have in common.
//!
//! Must not know the grammar of anything but brackets.

use super::lex::{Kind, Lexer, Token};
use super::{MAX_NESTING, Position, SyntaxError};

/// Reads tokens with one token of look-ahead.
#[derive(Clone, Debug)]
pub(in crate::go) struct Parser<'s> {
    lexer: Lexer<'s>,
    token: Token<'s>,
    depth: usize,
    /// Operators and calls since the last [`Parser::begin`].
    links: usize,
    /// Those on the way to the current token, since they were last taken.
    directives: Vec<Token<'s>>,
}

/// How many directives one declaration may have around it. The parser is copied to look ahead.
const MAX_DIRECTIVES: usize = 1000;

/// How many operators and calls a declaration may chain: each is a level of a tree.
const MAX_LINKS: usize = 150;

impl<'s> Parser<'s> {
    pub(in crate::go) fn new(text: &'s str) -> Result<Parser<'s>, SyntaxError> {
        let lexer = Lexer::new(text);
        let mut parser = Parser {
            lexer,
            token: Token {
                kind: Kind::End,
                text: "",
                at: Position::default(),
            },
            depth: 0,
            links: 0,
            directives: Vec::new(),
        };
        parser.advance()?;
        Ok(parser)
    }

    /// Begins a declaration.
    pub(in crate::go) fn begin(&mut self) {
        self.links = 0;
    }

    /// Counts a link of a chain, which is a level of a tree.
    pub(super) fn link(&mut self) -> Result<(), SyntaxError> {
        self.links += 1;
        if self.links > MAX_LINKS {
            return Err(SyntaxError::new(self.token.at, "expression too long"));
        }
        Ok(())
    }

    pub(in crate::go) fn token(&self) -> Token<'s> {
        self.token
    }

    /// Goes on to the next token, and gives the one that was current.
    pub(in crate::go) fn advance(&mut self) -> Result<Token<'s>, SyntaxError> {
        loop {
            let next = self.lexer.next()?;
            if next.kind == Kind::Directive {
                if self.directives.len() < MAX_DIRECTIVES {
                    self.directives.push(next);
                }
            } else {
                return Ok(std::mem::replace(&mut self.token, next));
            }
        }
    }

    /// The directives before the current token, since they were last taken.
    pub(super) fn take_directives(&mut self) -> Vec<Token<'s>> {
        std::mem::take(&mut self.directives)
    }

    /// Skips to what ends the current statement: a semicolon, a closing bracket, or the end of the
    /// text.
    pub(super) fn skip_to_end_of_statement(&mut self) -> Result<(), SyntaxError> {
        loop {
            let token = self.token;
            match token.text {
                _ if matches!(token.kind, Kind::End | Kind::Semicolon) => return Ok(()),
                _ if token.kind != Kind::Operator => {
                    self.advance()?;
                }
                ")" | "]" | "}" => return Ok(()),
                "(" | "[" | "{" => self.skip_brackets()?,
                _ => {
                    self.advance()?;
                }
            }
        }
    }

    /// Goes on if the current token is `text`.
    pub(in crate::go) fn accept(&mut self, text: &str) -> Result<bool, SyntaxError> {
        let is = self.token.is(text);
        if is {
            self.advance()?;
        }
        Ok(is)
    }

    pub(in crate::go) fn expect(&mut self, text: &str, after: &str) -> Result<(), SyntaxError> {
        if self.accept(text)? {
            Ok(())
        } else {
            Err(self.unexpected(&format!("{after}, expected {text}")))
        }
    }

    /// A name, for `what`.
    pub(super) fn name(&mut self, what: &str) -> Result<&'s str, SyntaxError> {
        if self.token.is_name() {
            Ok(self.advance()?.text)
        } else {
            Err(self.unexpected(&format!(", expected {what}")))
        }
    }

    /// The error that the current token should not be here.
    pub(in crate::go) fn unexpected(&self, context: &str) -> SyntaxError {
        let space = if context.is_empty() || context.starts_with(',') {
            ""
        } else {
            " "
        };
        SyntaxError::new(
            self.token.at,
            format!(
                "syntax error: unexpected {}{space}{context}",
                self.token.named()
            ),
        )
    }

    /// Runs `parse` one level deeper.
    pub(super) fn nested<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, SyntaxError>,
    ) -> Result<T, SyntaxError> {
        if self.depth >= MAX_NESTING {
            return Err(SyntaxError::new(self.token.at, "nested too deeply"));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    /// Skips from an opening bracket to behind the one that closes it.
    pub(super) fn skip_brackets(&mut self) -> Result<(), SyntaxError> {
        let mut open = Vec::new();
        loop {
            let token = self.advance()?;
            if token.kind == Kind::End {
                let (at, bracket) = open.pop().unwrap_or((token.at, "{"));
                return Err(SyntaxError::new(
                    at,
                    format!("syntax error: {bracket} is never closed"),
                ));
            }
            if token.kind == Kind::Operator {
                match token.text {
                    "(" | "[" | "{" => open.push((token.at, token.text)),
                    ")" | "]" | "}" => {
                        let fits = matches!(
                            (open.pop(), token.text),
                            (Some((_, "(")), ")") | (Some((_, "[")), "]") | (Some((_, "{")), "}")
                        );
                        if !fits {
                            return Err(SyntaxError::new(
                                token.at,
                                format!("syntax error: unexpected {}", token.text),
                            ));
                        }
                    }
                    _ => {}
                }
            }
            if open.is_empty() {
                return Ok(());
            }
        }
    }
}
