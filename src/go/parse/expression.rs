//! Constant expressions as text: what may stand for an array's length.
//!
//! Must not know their value: [`super::constant`] computes it.

use super::lex::Kind;
use super::parser::Parser;
use super::types::{TypeKind, TypeText};
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
    /// `T{…}`. The length of `[...]T{…}` is an expression that counts the elements.
    Literal(Box<TypeText>),
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
            _ if token.is("[") || token.is("struct") => return self.literal(),
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
            } else if self.token().is("{") {
                self.skip_brackets()?;
                operand.kind = match operand.kind {
                    ExpressionKind::Name { package, name } => {
                        let at = operand.at;
                        let kind = TypeKind::named(package, name);
                        ExpressionKind::Literal(Box::new(TypeText { at, kind }))
                    }
                    _ => ExpressionKind::Unknown,
                };
            } else if self.token().is("[") {
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

    /// A value of an array, a slice or a struct whose type is written out.
    fn literal(&mut self) -> Result<Expression, SyntaxError> {
        let at = self.token().at;
        let mut look = self.clone();
        look.advance()?;
        let ty = if look.token().is("...") {
            look.advance()?;
            *self = look;
            self.expect("]", "in array type")?;
            let element = self.ty()?;
            let length = self.elements(at)?;
            let kind = TypeKind::Array(Box::new(length), Box::new(element));
            TypeText { at, kind }
        } else {
            let ty = self.ty()?;
            if !self.token().is("{") {
                return Err(self.unexpected(", expected {"));
            }
            self.skip_brackets()?;
            ty
        };
        let kind = ExpressionKind::Literal(Box::new(ty));
        Ok(Expression { at, kind })
    }

    /// How many elements the braces hold: the largest of each key plus how many elements follow it.
    fn elements(&mut self, at: Position) -> Result<Expression, SyntaxError> {
        let here = |kind| Expression { at, kind };
        let count = |count: usize| here(ExpressionKind::Int(count.to_string()));
        self.expect("{", "after array type")?;
        let mut ends = Vec::new();
        let mut key = count(0);
        let mut following = 0;
        let end = |key, following| {
            let following = Box::new(count(following));
            here(ExpressionKind::Binary("+", Box::new(key), following))
        };
        while !self.accept("}")? {
            let mut look = self.clone();
            if let Ok(found) = look.expression()
                && look.token().is(":")
            {
                ends.push(end(std::mem::replace(&mut key, found), following));
                following = 0;
            }
            following += 1;
            while !self.token().is(",") && !self.token().is("}") {
                match self.token() {
                    token if token.kind == Kind::End => return Err(self.unexpected("")),
                    token if ["(", "[", "{"].iter().any(|text| token.is(text)) => {
                        self.skip_brackets()?;
                    }
                    _ => {
                        self.advance()?;
                    }
                }
            }
            self.accept(",")?;
        }
        ends.push(end(key, following));
        let max = ExpressionKind::Name {
            package: None,
            name: "max".to_owned(),
        };
        Ok(here(ExpressionKind::Call(Box::new(here(max)), ends)))
    }
}
