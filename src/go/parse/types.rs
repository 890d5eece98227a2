//! Go's types as text: from tokens to an unresolved syntax tree.
//!
//! Must not know what names mean: [`super::signature`] and [`super::resolve`] say that.

use super::expression::{Expression, ExpressionKind};
use super::lex::Kind;
use super::parser::Parser;
use super::{Position, SyntaxError};

/// A type as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::go) struct TypeText {
    pub(super) at: Position,
    pub(super) kind: TypeKind,
}

/// The forms of types that can matter here.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TypeKind {
    /// `T`, or `pkg.T`, or an instance `T[A, B]` of a generic type.
    Name {
        package: Option<String>,
        name: String,
        arguments: Vec<TypeText>,
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

/// A parameter or result as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ParamText {
    pub(super) name: String,
    pub(super) ty: TypeText,
}

impl TypeKind {
    /// A type that is no instance of a generic one.
    pub(super) fn named(package: Option<String>, name: String) -> TypeKind {
        TypeKind::Name {
            package,
            name,
            arguments: Vec::new(),
        }
    }
}

impl<'s> Parser<'s> {
    /// A type.
    pub(in crate::go) fn ty(&mut self) -> Result<TypeText, SyntaxError> {
        self.nested(Self::ty_unlimited)
    }

    fn ty_unlimited(&mut self) -> Result<TypeText, SyntaxError> {
        let at = self.token().at;
        let kind = match self.token().text {
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
                if !self.token().is("{") {
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
        Ok(TypeKind::Name {
            package,
            name,
            arguments: self.type_arguments()?,
        })
    }

    /// What stands in brackets behind a generic type; nothing, if there are none.
    fn type_arguments(&mut self) -> Result<Vec<TypeText>, SyntaxError> {
        let mut arguments = Vec::new();
        if self.accept("[")? {
            while !self.accept("]")? {
                arguments.push(self.ty()?);
                if !self.accept(",")? && !self.token().is("]") {
                    return Err(self.unexpected("in type argument list, expected , or ]"));
                }
            }
        }
        Ok(arguments)
    }

    fn fields(&mut self) -> Result<Vec<FieldText>, SyntaxError> {
        self.expect("{", "after struct")?;
        let mut fields = Vec::new();
        while !self.accept("}")? {
            fields.push(self.field()?);
            if self.token().kind == Kind::String {
                self.advance()?;
            }
            if self.token().kind == Kind::Semicolon {
                self.advance()?;
            } else if !self.token().is("}") {
                return Err(self.unexpected(", expected semicolon, newline, or } after field"));
            }
        }
        Ok(fields)
    }

    fn field(&mut self) -> Result<FieldText, SyntaxError> {
        let at = self.token().at;
        if self.token().is("*") || self.token().is("(") {
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
            return Ok(embedded(TypeKind::Name {
                package: Some(first.to_owned()),
                name,
                arguments: self.type_arguments()?,
            }));
        }
        let ends = self.token().kind == Kind::Semicolon
            || self.token().kind == Kind::String
            || self.token().is("}");
        if ends {
            return Ok(embedded(TypeKind::named(None, first.to_owned())));
        }
        if self.token().is("[") {
            // `a [4]int32` is a field; in `Base[int]` nothing follows the bracket.
            let mut look = self.clone();
            look.skip_brackets()?;
            let ends = matches!(look.token().kind, Kind::Semicolon | Kind::String);
            if ends || look.token().is("}") {
                return Ok(embedded(TypeKind::Name {
                    package: None,
                    name: first.to_owned(),
                    arguments: self.type_arguments()?,
                }));
            }
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
        let results = if self.token().is("(") {
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
        self.token().is_name()
            || ["*", "[", "<-", "struct", "map", "chan", "interface", "func"]
                .iter()
                .any(|text| self.token().is(text))
    }

    fn params(&mut self) -> Result<Vec<ParamText>, SyntaxError> {
        self.expect("(", "")?;
        // Either every entry has a name, or none has: known only at the end.
        let mut entries: Vec<(Option<&'s str>, TypeText)> = Vec::new();
        while !self.accept(")")? {
            entries.push(self.nested(Self::param)?);
            if !self.accept(",")? && !self.token().is(")") {
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
                        arguments,
                    },
                ) if arguments.is_empty() => name.clone(),
                _ => {
                    return Err(SyntaxError::new(
                        own.at,
                        "syntax error: mixed named and unnamed parameters",
                    ));
                }
            };
            let Some(ty) = ty.clone() else {
                return Err(SyntaxError::new(
                    self.token().at,
                    "syntax error: mixed named and unnamed parameters",
                ));
            };
            params.push(ParamText { name, ty });
        }
        params.reverse();
        Ok(params)
    }

    fn param(&mut self) -> Result<(Option<&'s str>, TypeText), SyntaxError> {
        let at = self.token().at;
        if self.accept("...")? {
            return Ok((None, self.variadic(at)?));
        }
        if !self.token().is_name() {
            return Ok((None, self.ty()?));
        }
        let mut look = self.clone();
        let name = look.advance()?.text;
        if look.token().is("...") {
            look.advance()?;
            *self = look;
            return Ok((Some(name), self.variadic(at)?));
        }
        // `a []byte` has a name, `Pair[int]` is a type: an opening bracket after a name is an
        // instantiation only if it is closed and nothing follows.
        if look.token().is("[") {
            let mut skip = look.clone();
            if skip.skip_brackets().is_ok() && (skip.token().is(",") || skip.token().is(")")) {
                return Ok((None, self.ty()?));
            }
        }
        if look.starts_type() || look.token().is("(") {
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
                package,
                name,
                arguments,
            } => {
                if let Some(package) = package {
                    write!(f, "{package}.")?;
                }
                f.write_str(name)?;
                if arguments.is_empty() {
                    return Ok(());
                }
                let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", arguments.join(", "))
            }
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
