//! Constant expressions as text: what may stand for an array's length.
//!
//! Must not know their value: [`super::constant`] computes it.

use super::lex::Kind;
use super::parser::Parser;
use super::{Position, SyntaxError};

/// A constant expression, such as an array's length.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expression {
    pub(super) at: Position,
    pub(super) kind: ExpressionKind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum ExpressionKind {
    Int(String),
    Rune(String),
    /// A floating-point literal, which may still be an integer: `1e3`.
    Float(String),
    String(String),
    Name {
        package: Option<String>,
        name: String,
    },
    Unary(&'static str, Box<Expression>),
    Binary(&'static str, Box<Expression>, Box<Expression>),
    /// A conversion, or a call such as `len(x)`.
    Call(Box<Expression>, Vec<Expression>),
    /// Something that is no integer constant, or not one that can be known here.
    Unknown,
}

/// Go's binary operators by precedence.
const PRECEDENCE: [(&str, u8); 19] = [
    ("||", 1),
    ("&&", 2),
    ("==", 3),
    ("!=", 3),
    ("<", 3),
    ("<=", 3),
    (">", 3),
    (">=", 3),
    ("+", 4),
    ("-", 4),
    ("|", 4),
    ("^", 4),
    ("*", 5),
    ("/", 5),
    ("%", 5),
    ("<<", 5),
    (">>", 5),
    ("&^", 5),
    ("&", 5),
];

impl Parser<'_> {
    /// A constant expression.
    pub(super) fn expression(&mut self) -> Result<Expression, SyntaxError> {
        self.binary(0)
    }

    fn binary(&mut self, above: u8) -> Result<Expression, SyntaxError> {
        let mut left = self.nested(Self::unary)?;
        loop {
            let found = PRECEDENCE
                .iter()
                .find(|(op, precedence)| self.token().is(op) && *precedence > above);
            let Some((operator, precedence)) = found else {
                return Ok(left);
            };
            self.link()?;
            let at = self.advance()?.at;
            let right = self.nested(|parser| parser.binary(*precedence))?;
            left = Expression {
                at,
                kind: ExpressionKind::Binary(operator, Box::new(left), Box::new(right)),
            };
        }
    }

    fn unary(&mut self) -> Result<Expression, SyntaxError> {
        let at = self.token().at;
        for operator in ["-", "+", "^", "!"] {
            if self.accept(operator)? {
                let operand = self.nested(Self::unary)?;
                let kind = ExpressionKind::Unary(operator, Box::new(operand));
                return Ok(Expression { at, kind });
            }
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<Expression, SyntaxError> {
        let token = self.token();
        let text = token.text.to_owned();
        let kind = match token.kind {
            Kind::Int => ExpressionKind::Int(text),
            Kind::Rune => ExpressionKind::Rune(text),
            Kind::Float => ExpressionKind::Float(text),
            Kind::String => ExpressionKind::String(text),
            Kind::Imaginary => ExpressionKind::Unknown,
            Kind::Operator if token.text == "(" => {
                self.advance()?;
                let inner = self.expression()?;
                self.expect(")", "in expression")?;
                return self.calls(inner);
            }
            Kind::Word if token.is_name() => {
                self.advance()?;
                let kind = if self.accept(".")? {
                    ExpressionKind::Name {
                        package: Some(text),
                        name: self.name("name after .")?.to_owned(),
                    }
                } else {
                    ExpressionKind::Name {
                        package: None,
                        name: text,
                    }
                };
                return self.calls(Expression { at: token.at, kind });
            }
            _ => return Err(self.unexpected(", expected expression")),
        };
        self.advance()?;
        Ok(Expression { at: token.at, kind })
    }

    /// What may follow an operand: calls and conversions; anything else is not constant.
    fn calls(&mut self, mut operand: Expression) -> Result<Expression, SyntaxError> {
        loop {
            if self.token().is("(") {
                self.link()?;
                let at = self.advance()?.at;
                let mut arguments = Vec::new();
                while !self.accept(")")? {
                    arguments.push(self.nested(Self::expression)?);
                    if !self.accept(",")? && !self.token().is(")") {
                        return Err(self.unexpected("in argument list, expected , or )"));
                    }
                }
                let kind = ExpressionKind::Call(Box::new(operand), arguments);
                operand = Expression { at, kind };
            } else if self.token().is("[") || self.token().is("{") {
                self.skip_brackets()?;
                operand.kind = ExpressionKind::Unknown;
            } else if self.accept(".")? {
                self.name("name after .")?;
                operand.kind = ExpressionKind::Unknown;
            } else {
                return Ok(operand);
            }
        }
    }
}
