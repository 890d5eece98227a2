//! Values from what a person typed: numbers with their range, strings, and Go literals.
//!
//! Reads whatever [`super::show`] writes, and more leniently: types may be left out (`{val: 7}`), missing
//! fields and elements are zero. Must not know of memory or JSON.

use super::float::FloatError;
use super::{
    Budget, F32, F64, Pointer, Value, ValueError, float, integer, number, quote, unquote, zero,
};
use crate::go::parse::Parser;
use crate::go::parse::lex::Kind;
use crate::go::parse::{MAX_NESTING, SyntaxError};
use crate::go::place::Place;
use crate::go::types::{Struct, Type};

/// How the text of a string field is meant.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum StringForm {
    /// As it stands, in UTF-8.
    #[default]
    Text,
    /// With Go's escapes: `a\x00b`, `\u00e9`. Quotation marks stand for themselves.
    Escaped,
    /// Bytes as hexadecimal digits, with white space anywhere between bytes.
    Hex,
}

/// The value that `text` means as a `ty`. A string is the text as it stands; all other types ignore
/// white space around it. A number for a pointer is an address.
///
/// # Errors
///
/// What is wrong with it, with the permitted range where there is one.
pub fn parse(text: &str, ty: &Type) -> Result<Value, ValueError> {
    parse_at(text, &Place::of(ty))
}

/// As [`parse`], of a type inside another one.
pub(crate) fn parse_at(text: &str, place: &Place<'_>) -> Result<Value, ValueError> {
    let trimmed = text.trim();
    match place.kind() {
        Type::String => Ok(Value::string(text)),
        Type::Bool
        | Type::Int8
        | Type::Int16
        | Type::Int32
        | Type::Int64
        | Type::Uint8
        | Type::Uint16
        | Type::Uint32
        | Type::Uint64
        | Type::Uintptr
        | Type::Float32
        | Type::Float64 => scalar(place, trimmed),
        Type::Ref(_) => reference(place, trimmed),
        _ => literal(trimmed, place),
    }
}

/// The string that `text` means.
///
/// # Errors
///
/// If an escape or the hexadecimal digits are wrong.
pub fn parse_string(text: &str, form: StringForm) -> Result<Value, ValueError> {
    let error = |message| ValueError::Other {
        ty: "string".to_owned(),
        message,
    };
    match form {
        StringForm::Text => Ok(Value::string(text)),
        StringForm::Escaped => quote::unescape(text, None)
            .map(Value::String)
            .map_err(error),
        StringForm::Hex => hex(text).map(Value::String).map_err(error),
    }
}

/// Bytes from hexadecimal digits, with white space between them.
pub(super) fn hex(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut high = None;
    for c in text.chars() {
        if c.is_whitespace() && high.is_none() {
            continue;
        }
        let digit = c
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
            .ok_or_else(|| format!("{c:?} is not a hexadecimal digit"))?;
        match high.take() {
            None => high = Some(digit),
            Some(high) => bytes.push(high << 4 | digit),
        }
    }
    match high {
        None => Ok(bytes),
        Some(_) => Err("the last byte has only one hexadecimal digit".to_owned()),
    }
}

/// A bool or a number.
pub(super) fn scalar(place: &Place<'_>, text: &str) -> Result<Value, ValueError> {
    let syntax = |expected: &str| ValueError::Syntax {
        ty: place.written(),
        text: text.to_owned(),
        expected: expected.to_owned(),
    };
    let refused = |error, max: &str| match error {
        FloatError::Syntax => syntax("a number"),
        FloatError::Range => ValueError::OutOfRange {
            ty: place.written(),
            text: text.to_owned(),
            min: format!("-{max}"),
            max: max.to_owned(),
        },
    };
    match place.kind() {
        Type::Bool => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(syntax("true or false")),
        },
        Type::Float32 => float::read(text, &F32)
            .map(|bits| Value::Float32(u32::try_from(bits).unwrap_or_default()))
            .map_err(|error| refused(error, "3.4028235e+38")),
        Type::Float64 => float::read(text, &F64)
            .map(Value::Float64)
            .map_err(|error| refused(error, "1.7976931348623157e+308")),
        ty => match number::integer(text) {
            Ok(number) => integer(ty, &place.written(), number, text),
            Err(None) => Err(syntax("an integer")),
            Err(Some(instead)) => Err(ValueError::Other {
                ty: place.written(),
                message: format!("{text} is ambiguous: {instead}"),
            }),
        },
    }
}

/// A Wasm reference: `null`, or the number that stands for one, as `ref 1` or alone.
fn reference(place: &Place<'_>, text: &str) -> Result<Value, ValueError> {
    if text == "null" {
        return Ok(Value::Pointer(Pointer::Nil));
    }
    let number = text.strip_prefix("ref").unwrap_or(text).trim_start();
    match number.parse() {
        Ok(number) if number > 0 => Ok(Value::Pointer(Pointer::Address(number))),
        _ => Err(ValueError::Syntax {
            ty: place.written(),
            text: text.to_owned(),
            expected: "null, or a reference such as ref 1".to_owned(),
        }),
    }
}

/// A Go literal that is the whole text.
fn literal(text: &str, place: &Place<'_>) -> Result<Value, ValueError> {
    let wrong = |error: SyntaxError| syntax_error(place, &error);
    let mut reader = Reader {
        parser: Parser::new(text).map_err(wrong)?,
        budget: Budget::default(),
        depth: 0,
    };
    let value = reader.value(place)?;
    reader.skip_line_ends().map_err(wrong)?;
    if reader.parser.token().kind == Kind::End {
        Ok(value)
    } else {
        Err(wrong(reader.parser.unexpected("after the value")))
    }
}

fn syntax_error(place: &Place<'_>, error: &SyntaxError) -> ValueError {
    ValueError::Other {
        ty: place.written(),
        message: error.to_string(),
    }
}

struct Reader<'s> {
    parser: Parser<'s>,
    budget: Budget,
    depth: usize,
}

impl<'s> Reader<'s> {
    fn value(&mut self, place: &Place<'_>) -> Result<Value, ValueError> {
        self.budget.part(place)?;
        self.parser.begin();
        if self.depth >= MAX_NESTING {
            return Err(ValueError::TooDeep(place.written()));
        }
        self.depth += 1;
        let value = self.unlimited(place);
        self.depth -= 1;
        value
    }

    fn unlimited(&mut self, place: &Place<'_>) -> Result<Value, ValueError> {
        match place.kind() {
            Type::Array(element, length) => self.array(place, &place.inner(element), *length),
            Type::Struct(structure) => self.structure(place, structure),
            Type::Pointer(element) => self.pointer(place, Some(&place.inner(element))),
            Type::UnsafePointer => self.pointer(place, None),
            Type::Named { .. } | Type::Other(_) | Type::Ref(_) | Type::Several(_) => {
                zero(place, &mut self.budget)
            }
            _ => self.number_or_string(place),
        }
    }

    fn number_or_string(&mut self, place: &Place<'_>) -> Result<Value, ValueError> {
        if self.conversion(place)? {
            let value = self.value(place)?;
            self.expect(place, ")")?;
            return Ok(value);
        }
        let mut text = String::new();
        if self.parser.token().is("-") || self.parser.token().is("+") {
            text.push_str(self.advance(place)?);
        }
        let token = self.parser.token();
        match token.kind {
            Kind::String if *place.kind() == Type::String => {
                let literal = self.advance(place)?;
                unquote(literal)
                    .map(Value::String)
                    .map_err(|message| ValueError::Other {
                        ty: place.written(),
                        message,
                    })
            }
            Kind::Int | Kind::Float | Kind::Word if *place.kind() != Type::String => {
                text.push_str(self.advance(place)?);
                if token.text == "NaN" && self.parser.token().is("(") {
                    self.expect(place, "(")?;
                    text.push('(');
                    text.push_str(self.advance(place)?);
                    self.expect(place, ")")?;
                    text.push(')');
                }
                scalar(place, &text)
            }
            _ => Err(self.unexpected(place)),
        }
    }

    /// Goes into `T(`, if it stands here.
    fn conversion(&mut self, place: &Place<'_>) -> Result<bool, ValueError> {
        let token = self.parser.token();
        if !token.is_name() || matches!(token.text, "NaN" | "Inf" | "true" | "false" | "new") {
            return Ok(false);
        }
        self.parser
            .ty()
            .map_err(|error| syntax_error(place, &error))?;
        self.expect(place, "(")?;
        Ok(true)
    }

    fn pointer(
        &mut self,
        place: &Place<'_>,
        element: Option<&Place<'_>>,
    ) -> Result<Value, ValueError> {
        let token = self.parser.token();
        if token.is("nil") {
            self.advance(place)?;
            return Ok(Value::Pointer(Pointer::Nil));
        }
        if token.kind == Kind::Int {
            let text = self.advance(place)?;
            let address = scalar(&Place::of(&Type::Uint32), text)?;
            return Ok(Value::Pointer(match address {
                Value::Uint(address) if address > 0 => {
                    Pointer::Address(u32::try_from(address).unwrap_or_default())
                }
                _ => Pointer::Nil,
            }));
        }
        if token.is("(") {
            // (*T)(0x1000)
            self.advance(place)?;
            self.parser
                .ty()
                .map_err(|error| syntax_error(place, &error))?;
            self.expect(place, ")")?;
            self.expect(place, "(")?;
            let value = self.value(place)?;
            self.expect(place, ")")?;
            return Ok(value);
        }
        let Some(element) = element else {
            if self.conversion(place)? {
                let value = self.value(place)?;
                self.expect(place, ")")?;
                return Ok(value);
            }
            return Err(self.unexpected(place));
        };
        if token.is("new") {
            self.advance(place)?;
            self.expect(place, "(")?;
            let value = self.value(element)?;
            self.expect(place, ")")?;
            return Ok(Value::new(value));
        }
        if token.is("&") {
            self.advance(place)?;
            return Ok(Value::new(self.value(element)?));
        }
        if token.is_name() && !matches!(element.kind(), Type::Array(..) | Type::Struct(_)) {
            // T(0x1000), for a defined pointer type.
            if self.conversion(place)? {
                let value = self.value(place)?;
                self.expect(place, ")")?;
                return Ok(value);
            }
        }
        if token.is_name() {
            // S{…} or T(0x1000): what follows the name decides.
            self.parser
                .ty()
                .map_err(|error| syntax_error(place, &error))?;
            if self.parser.token().is("(") {
                self.advance(place)?;
                let value = self.value(place)?;
                self.expect(place, ")")?;
                return Ok(value);
            }
        }
        Ok(Value::new(self.value(element)?))
    }

    fn array(
        &mut self,
        place: &Place<'_>,
        element: &Place<'_>,
        length: u32,
    ) -> Result<Value, ValueError> {
        self.open_composite(place)?;
        let mut values = Vec::new();
        while !self.closes(place)? {
            let value = self
                .value(element)
                .map_err(|error| at(format!("[{}]", values.len()), error))?;
            values.push(value);
            if u32::try_from(values.len()).is_ok_and(|n| n > length) {
                return Err(ValueError::Length {
                    ty: place.written(),
                    expected: length,
                    found: values.len(),
                });
            }
            self.comma(place)?;
        }
        let missing = usize::try_from(length)
            .unwrap_or(usize::MAX)
            .saturating_sub(values.len());
        for _ in 0..missing {
            values.push(zero(element, &mut self.budget)?);
        }
        Ok(Value::Array(values))
    }

    fn structure<'t>(
        &mut self,
        place: &Place<'t>,
        structure: &'t Struct,
    ) -> Result<Value, ValueError> {
        self.open_composite(place)?;
        let mut values: Vec<Option<Value>> = vec![None; structure.fields.len()];
        let mut position = 0;
        while !self.closes(place)? {
            let token = self.parser.token();
            let mut look = self.parser.clone();
            let keyed = token.is_name() && look.advance().is_ok() && look.token().is(":");
            let index = if keyed {
                self.advance(place)?;
                self.advance(place)?;
                structure.fields.iter().position(|f| f.name == token.text)
            } else {
                let blanks = structure.fields.iter().skip(position);
                position += blanks.take_while(|field| field.name == "_").count();
                position += 1;
                Some(position - 1)
            };
            let found = index
                .and_then(|index| Some((structure.fields.get(index)?, values.get_mut(index)?)));
            let Some((field, slot)) = found.filter(|(field, _)| field.name != "_") else {
                return Err(ValueError::NoField {
                    ty: place.written(),
                    field: token.text.to_owned(),
                });
            };
            let value = self
                .value(&place.inner(&field.ty))
                .map_err(|error| at(format!(".{}", field.name), error))?;
            if slot.replace(value).is_some() {
                return Err(ValueError::Other {
                    ty: place.written(),
                    message: format!("duplicate field name {} in struct literal", field.name),
                });
            }
            self.comma(place)?;
        }
        let mut fields = Vec::new();
        for (field, value) in structure.fields.iter().zip(values) {
            let value = match value {
                Some(value) => value,
                None => zero(&place.inner(&field.ty), &mut self.budget)?,
            };
            fields.push((field.name.clone(), value));
        }
        Ok(Value::Struct(fields))
    }

    /// Goes into `T{` or `{`.
    fn open_composite(&mut self, place: &Place<'_>) -> Result<(), ValueError> {
        if !self.parser.token().is("{") {
            let token = self.parser.token();
            if !(token.is_name() || token.is("[") || token.is("struct")) {
                return Err(self.unexpected(place));
            }
            self.parser
                .ty()
                .map_err(|error| syntax_error(place, &error))?;
        }
        self.expect(place, "{")
    }

    fn closes(&mut self, place: &Place<'_>) -> Result<bool, ValueError> {
        self.skip_line_ends()
            .and_then(|()| self.parser.accept("}"))
            .map_err(|error| syntax_error(place, &error))
    }

    /// A comma between elements; none is needed before the closing brace.
    fn comma(&mut self, place: &Place<'_>) -> Result<(), ValueError> {
        self.skip_line_ends()
            .map_err(|error| syntax_error(place, &error))?;
        if self.parser.token().is("}") {
            Ok(())
        } else {
            self.expect(place, ",")
        }
    }

    fn skip_line_ends(&mut self) -> Result<(), SyntaxError> {
        while self.parser.token().kind == Kind::Semicolon && self.parser.token().text != ";" {
            self.parser.advance()?;
        }
        Ok(())
    }

    fn advance(&mut self, place: &Place<'_>) -> Result<&'s str, ValueError> {
        self.parser
            .advance()
            .map(|token| token.text)
            .map_err(|error| syntax_error(place, &error))
    }

    fn expect(&mut self, place: &Place<'_>, text: &str) -> Result<(), ValueError> {
        self.parser
            .expect(text, "")
            .map_err(|error| syntax_error(place, &error))
    }

    fn unexpected(&self, place: &Place<'_>) -> ValueError {
        syntax_error(place, &self.parser.unexpected(""))
    }
}

/// Says of the whole that one of its parts is wrong.
pub(super) fn at(path: String, error: ValueError) -> ValueError {
    match error {
        ValueError::At { path: rest, error } => ValueError::At {
            path: path + rest.as_str(),
            error,
        },
        error => ValueError::At {
            path,
            error: Box::new(error),
        },
    }
}
