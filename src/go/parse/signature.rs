//! A signature as a person types it: `greet(name string)`, with or without `func`.
//!
//! Must not know of files and packages.

use super::SyntaxError;
use super::lex::Kind;
use super::parser::Parser;
use super::resolve::{Resolver, Universe};
use crate::go::types::{Signature, Type};

/// Reads a signature. The names that every Go file knows may be used, `unsafe.Pointer` and
/// `structs.HostLayout`; structs are written out:
/// `st(s *struct{ _ structs.HostLayout; val int32 })`. `name` is what the function is called if the
/// text does not say: `(a, b int32) bool`. A body that begins after it may be as it likes.
///
/// Whether a compiler permits it is for [`check`](crate::go::check::check) to say, whether it fits a
/// module for [`matches`](crate::go::abi::matches).
///
/// # Errors
///
/// What is wrong, with its line and column.
pub fn signature(text: &str, name: &str) -> Result<Signature, SyntaxError> {
    let mut parser = Parser::new(text)?;
    parser.accept("func")?;
    let name = if parser.token().is("(") {
        name.to_owned()
    } else {
        exported_name(&mut parser)?
    };
    if !parser.token().is("(") {
        return Err(parser.unexpected("after the function's name, expected ("));
    }
    let (params, results) = parser.function_type()?;
    if !parser.token().is("{") {
        end(&mut parser)?;
    }
    let mut resolver = Resolver::new(&Universe);
    Ok(Signature {
        name,
        params: resolver.params(0, &params)?,
        result: resolver.result(0, &results)?,
        written: None,
    })
}

/// Reads a type: `*[4]int32`.
///
/// # Errors
///
/// What is wrong, with its line and column.
pub fn type_text(text: &str) -> Result<Type, SyntaxError> {
    let mut parser = Parser::new(text)?;
    let ty = parser.ty()?;
    end(&mut parser)?;
    Resolver::new(&Universe).ty(0, &ty)
}

/// A Wasm name may have dots and dashes, which Go's may not.
fn exported_name(parser: &mut Parser<'_>) -> Result<String, SyntaxError> {
    let mut name = String::new();
    loop {
        let token = parser.token();
        let part = match token.kind {
            Kind::Word | Kind::Int => true,
            Kind::Operator => matches!(token.text, "." | "-" | ":" | "/" | "--"),
            _ => false,
        };
        if !part {
            break;
        }
        name.push_str(token.text);
        parser.advance()?;
    }
    if name.is_empty() {
        return Err(parser.unexpected(", expected the function's name"));
    }
    Ok(name)
}

fn end(parser: &mut Parser<'_>) -> Result<(), SyntaxError> {
    while parser.token().kind == Kind::Semicolon {
        parser.advance()?;
    }
    if parser.token().kind == Kind::End {
        Ok(())
    } else {
        Err(parser.unexpected("after the signature"))
    }
}
