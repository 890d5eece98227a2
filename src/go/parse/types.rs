//! Go's types as text: from tokens to an unresolved syntax tree.
//!
//! Must not know what names mean: [`super::signature`] and [`super::resolve`] say that.

use super::lex::{Kind, Lexer, Token};
use super::{MAX_NESTING, Position, SyntaxError};

/// A type as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::go) struct TypeText {
    pub(super) at: Position,
    pub(super) kind: TypeKind,
}

/// The forms of types that can matter here.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TypeKind {
    /// `T`, or `pkg.T`.
    Name {
        package: Option<String>,
        name: String,
    },
    Pointer(Box<TypeText>),
    Array(Box<Expression>, Box<TypeText>),
    Struct(Vec<FieldText>),
    /// Anything else, as Go writes it.
    Other(String),
}

/// A field, or several of the same type, or an embedded one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FieldText {
    /// Empty: embedded.
    pub(super) names: Vec<String>,
    pub(super) ty: TypeText,
}

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

/// A parameter or result as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ParamText {
    pub(super) name: String,
    pub(super) ty: TypeText,
}

/// Reads tokens with one token of look-ahead.
#[derive(Clone, Debug)]
pub(in crate::go) struct Parser<'s> {
    lexer: Lexer<'s>,
    token: Token<'s>,
    depth: usize,
    /// Operators and calls since the last [`Parser::begin`].
    links: usize,
}

/// How many operators and calls a declaration may chain: each is a level of a tree.
const MAX_LINKS: usize = 1000;

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

impl<'s> Parser<'s> {
    pub(in crate::go) fn new(text: &'s str) -> Result<Parser<'s>, SyntaxError> {
        let mut lexer = Lexer::new(text);
        let token = lexer.next()?;
        Ok(Parser {
            lexer,
            token,
            depth: 0,
            links: 0,
        })
    }

    /// Begins a declaration.
    pub(in crate::go) fn begin(&mut self) {
        self.links = 0;
    }

    fn link(&mut self) -> Result<(), SyntaxError> {
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
        let next = self.lexer.next()?;
        Ok(std::mem::replace(&mut self.token, next))
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

    /// A type.
    pub(in crate::go) fn ty(&mut self) -> Result<TypeText, SyntaxError> {
        self.nested(Self::ty_unlimited)
    }

    fn ty_unlimited(&mut self) -> Result<TypeText, SyntaxError> {
        let at = self.token.at;
        let kind = match self.token.text {
            "*" => {
                self.advance()?;
                TypeKind::Pointer(Box::new(self.ty()?))
            }
            "(" => {
                self.advance()?;
                let ty = self.ty()?;
                self.expect(")", "")?;
                ty.kind
            }
            "[" => {
                self.advance()?;
                if self.accept("]")? {
                    TypeKind::Other(format!("[]{}", self.ty()?))
                } else {
                    let length = self.expression()?;
                    self.expect("]", "in array type")?;
                    TypeKind::Array(Box::new(length), Box::new(self.ty()?))
                }
            }
            "struct" => {
                self.advance()?;
                TypeKind::Struct(self.fields()?)
            }
            "map" => {
                self.advance()?;
                self.expect("[", "after map")?;
                let key = self.ty()?;
                self.expect("]", "after map key")?;
                TypeKind::Other(format!("map[{key}]{}", self.ty()?))
            }
            "chan" => {
                self.advance()?;
                let arrow = if self.accept("<-")? { "<-" } else { "" };
                TypeKind::Other(format!("chan{arrow} {}", self.ty()?))
            }
            "<-" => {
                self.advance()?;
                self.expect("chan", "after <-")?;
                TypeKind::Other(format!("<-chan {}", self.ty()?))
            }
            "interface" => {
                self.advance()?;
                if !self.token.is("{") {
                    return Err(self.unexpected("after interface"));
                }
                self.skip_brackets()?;
                TypeKind::Other("interface{…}".to_owned())
            }
            "func" => {
                self.advance()?;
                let (params, results) = self.function_type()?;
                TypeKind::Other(function_text(&params, &results))
            }
            _ => self.type_name()?,
        };
        Ok(TypeText { at, kind })
    }

    fn type_name(&mut self) -> Result<TypeKind, SyntaxError> {
        let first = self.name("type")?.to_owned();
        let (package, name) = if self.accept(".")? {
            (Some(first), self.name("name after .")?.to_owned())
        } else {
            (None, first)
        };
        if self.token.is("[") {
            self.skip_brackets()?;
            return Ok(TypeKind::Other(format!("{name}[…]")));
        }
        Ok(TypeKind::Name { package, name })
    }

    fn fields(&mut self) -> Result<Vec<FieldText>, SyntaxError> {
        self.expect("{", "after struct")?;
        let mut fields = Vec::new();
        while !self.accept("}")? {
            if self.token.kind == Kind::Directive {
                self.advance()?;
                continue;
            }
            fields.push(self.field()?);
            if self.token.kind == Kind::String {
                self.advance()?;
            }
            if self.token.kind == Kind::Semicolon {
                self.advance()?;
            } else if !self.token.is("}") {
                return Err(self.unexpected(", expected semicolon, newline, or } after field"));
            }
        }
        Ok(fields)
    }

    fn field(&mut self) -> Result<FieldText, SyntaxError> {
        let at = self.token.at;
        if self.token.is("*") || self.token.is("(") {
            return Ok(FieldText {
                names: Vec::new(),
                ty: self.ty()?,
            });
        }
        let first = self.name("field name or embedded type")?;
        let embedded = |kind| FieldText {
            names: Vec::new(),
            ty: TypeText { at, kind },
        };
        if self.accept(".")? {
            let name = self.name("name after .")?.to_owned();
            let package = Some(first.to_owned());
            return Ok(embedded(TypeKind::Name { package, name }));
        }
        let ends = self.token.kind == Kind::Semicolon
            || self.token.kind == Kind::String
            || self.token.is("}");
        if ends {
            return Ok(embedded(TypeKind::Name {
                package: None,
                name: first.to_owned(),
            }));
        }
        let mut names = vec![first.to_owned()];
        while self.accept(",")? {
            names.push(self.name("field name")?.to_owned());
        }
        Ok(FieldText {
            names,
            ty: self.ty()?,
        })
    }

    /// Parameters and results, from the parenthesis on.
    pub(super) fn function_type(
        &mut self,
    ) -> Result<(Vec<ParamText>, Vec<ParamText>), SyntaxError> {
        let params = self.params()?;
        let results = if self.token.is("(") {
            self.params()?
        } else if self.starts_type() {
            vec![ParamText {
                name: String::new(),
                ty: self.ty()?,
            }]
        } else {
            Vec::new()
        };
        Ok((params, results))
    }

    fn starts_type(&self) -> bool {
        self.token.is_name()
            || ["*", "[", "<-", "struct", "map", "chan", "interface", "func"]
                .iter()
                .any(|text| self.token.is(text))
    }

    fn params(&mut self) -> Result<Vec<ParamText>, SyntaxError> {
        self.expect("(", "")?;
        // Either every entry has a name, or none has: known only at the end.
        let mut entries: Vec<(Option<&'s str>, TypeText)> = Vec::new();
        while !self.accept(")")? {
            entries.push(self.nested(Self::param)?);
            if !self.accept(",")? && !self.token.is(")") {
                return Err(self.unexpected("in parameter list, expected , or )"));
            }
        }
        if entries.iter().all(|(name, _)| name.is_none()) {
            return Ok(entries
                .into_iter()
                .map(|(_, ty)| ParamText {
                    name: String::new(),
                    ty,
                })
                .collect());
        }
        // `a, b int32`: what looked like types were names, and take the type that follows.
        let mut params = Vec::new();
        let mut ty: Option<TypeText> = None;
        for (name, own) in entries.into_iter().rev() {
            let name = match (name, &own.kind) {
                (Some(name), _) => {
                    ty = Some(own);
                    name.to_owned()
                }
                (
                    None,
                    TypeKind::Name {
                        package: None,
                        name,
                    },
                ) => name.clone(),
                _ => {
                    return Err(SyntaxError::new(
                        own.at,
                        "syntax error: mixed named and unnamed parameters",
                    ));
                }
            };
            let Some(ty) = ty.clone() else {
                return Err(SyntaxError::new(
                    self.token.at,
                    "syntax error: mixed named and unnamed parameters",
                ));
            };
            params.push(ParamText { name, ty });
        }
        params.reverse();
        Ok(params)
    }

    fn param(&mut self) -> Result<(Option<&'s str>, TypeText), SyntaxError> {
        let at = self.token.at;
        if self.accept("...")? {
            return Ok((None, self.variadic(at)?));
        }
        if !self.token.is_name() {
            return Ok((None, self.ty()?));
        }
        let mut look = self.clone();
        let name = look.advance()?.text;
        if look.token.is("...") {
            look.advance()?;
            *self = look;
            return Ok((Some(name), self.variadic(at)?));
        }
        // `a []byte` has a name, `Pair[int]` is a type: an opening bracket after a name is an
        // instantiation only if it is closed and nothing follows.
        if look.token.is("[") {
            let mut skip = look.clone();
            if skip.skip_brackets().is_ok() && (skip.token.is(",") || skip.token.is(")")) {
                return Ok((None, self.ty()?));
            }
        }
        if look.starts_type() || look.token.is("(") {
            *self = look;
            return Ok((Some(name), self.ty()?));
        }
        Ok((None, self.ty()?))
    }

    fn variadic(&mut self, at: Position) -> Result<TypeText, SyntaxError> {
        let element = self.ty()?;
        Ok(TypeText {
            at,
            kind: TypeKind::Other(format!("...{element}")),
        })
    }

    /// A constant expression.
    pub(super) fn expression(&mut self) -> Result<Expression, SyntaxError> {
        self.binary(0)
    }

    fn binary(&mut self, above: u8) -> Result<Expression, SyntaxError> {
        let mut left = self.nested(Self::unary)?;
        loop {
            let found = PRECEDENCE
                .iter()
                .find(|(op, precedence)| self.token.is(op) && *precedence > above);
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
        let at = self.token.at;
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
        let token = self.token;
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
            if self.token.is("(") {
                self.link()?;
                let at = self.advance()?.at;
                let mut arguments = Vec::new();
                while !self.accept(")")? {
                    arguments.push(self.nested(Self::expression)?);
                    if !self.accept(",")? && !self.token.is(")") {
                        return Err(self.unexpected("in argument list, expected , or )"));
                    }
                }
                let kind = ExpressionKind::Call(Box::new(operand), arguments);
                operand = Expression { at, kind };
            } else if self.token.is("[") || self.token.is("{") {
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

fn function_text(params: &[ParamText], results: &[ParamText]) -> String {
    let list = |params: &[ParamText]| {
        let types: Vec<String> = params.iter().map(|param| param.ty.to_string()).collect();
        types.join(", ")
    };
    match results {
        [] => format!("func({})", list(params)),
        [result] => format!("func({}) {}", list(params), result.ty),
        results => format!("func({}) ({})", list(params), list(results)),
    }
}

impl std::fmt::Display for TypeText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.kind {
            TypeKind::Name {
                package: Some(package),
                name,
            } => write!(f, "{package}.{name}"),
            TypeKind::Name { name, .. } => f.write_str(name),
            TypeKind::Pointer(element) => write!(f, "*{element}"),
            TypeKind::Array(length, element) => match &length.kind {
                ExpressionKind::Int(text) | ExpressionKind::Name { name: text, .. } => {
                    write!(f, "[{text}]{element}")
                }
                _ => write!(f, "[…]{element}"),
            },
            TypeKind::Struct(fields) if fields.is_empty() => f.write_str("struct{}"),
            TypeKind::Struct(_) => f.write_str("struct{…}"),
            TypeKind::Other(text) => f.write_str(text),
        }
    }
}
