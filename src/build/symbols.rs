//! What the linker complains of, found in the program's source: it knows symbols, and no places.

use super::graph::Package;
use super::lex::{At, Kind, Token, Tokens};
use crate::protocol::build::{Diagnostic, ProgramFile};

/// What the linker says where there is no `func main`.
const NO_MAIN: &str = "function main is undeclared in the main package";

/// Something that a file declares, or names in a directive.
struct Declared<'s> {
    /// As the linker writes it behind the package: `f`, `T.m`; all of it, where a `//go:linkname` or `//go:wasmexport` says so.
    symbol: String,
    is_directive: bool,
    token: Token<'s>,
}

/// Gives those diagnostics that have no file the place of what they are about, where these packages have it: what is missing
/// or there twice, or else the function that needs it.
pub fn locate(found: &mut [Diagnostic], packages: &[&Package], files: &[ProgramFile]) {
    for diagnostic in found.iter_mut().filter(|one| one.file.is_empty()) {
        let place = match diagnostic.message.contains(NO_MAIN) {
            true => {
                diagnostic.message = NO_MAIN.to_owned();
                packages.last().and_then(|main| clause(main, files))
            }
            false => symbols(&diagnostic.message).find_map(|symbol| place(symbol, packages, files)),
        };
        if let Some((file, at)) = place {
            diagnostic.file = file.to_owned();
            diagnostic.line = at.line;
            diagnostic.column = at.column;
        }
    }
}

/// The symbols that a message names: what it is about first, who needs that last.
fn symbols(message: &str) -> impl Iterator<Item = &str> {
    let words = || message.split_whitespace();
    let trimmed = |word| str::trim_matches(word, [':', ',', '"', ';']);
    let about = words().zip(words().skip(1));
    let about = about.filter(|(before, _)| matches!(*before, "symbol" | "target" | "to"));
    let others = words().filter(|word| word.contains('.'));
    about.map(|(_, word)| word).chain(others).map(trimmed)
}

/// Where the package clause of a package stands, in its first file.
fn clause<'p>(package: &'p Package, files: &[ProgramFile]) -> Option<(&'p str, At)> {
    let path = package.files.first()?;
    let mut tokens = Tokens::of(text(path, files)?);
    let clause = tokens.find(|token| token.is("package"))?;
    Some((path, clause.at))
}

/// Where one of these packages declares a symbol, or names it in a directive.
fn place<'p>(
    symbol: &str,
    packages: &[&'p Package],
    files: &[ProgramFile],
) -> Option<(&'p str, At)> {
    for package in packages {
        let path = match package.is_program {
            true => "main".to_owned(),
            false => escaped(&package.path),
        };
        let own = symbol
            .strip_prefix(&*path)
            .and_then(|rest| rest.strip_prefix('.'));
        let own = own.map(|name| name.replace("(*", "").replace(')', ""));
        for file in &package.files {
            let declared = text(file, files).map(declared).unwrap_or_default();
            let is_it = |one: &&Declared<'_>| match one.is_directive {
                true => one.symbol == symbol,
                // A closure is within its function: f.func1.
                false => own.as_ref().is_some_and(|own| {
                    let rest = own.strip_prefix(&one.symbol);
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
                }),
            };
            if let Some(one) = declared.iter().find(is_it) {
                return Some((file, one.token.at));
            }
        }
    }
    None
}

fn text<'f>(path: &str, files: &'f [ProgramFile]) -> Option<&'f str> {
    let file = files.iter().find(|file| file.path == path)?;
    std::str::from_utf8(&file.contents).ok()
}

/// An import path as it stands in symbols: dots in its last name are escaped.
fn escaped(path: &str) -> String {
    let (above, last) = path
        .rsplit_once('/')
        .map_or(("", path), |(above, _)| path.split_at(above.len() + 1));
    format!("{above}{}", last.replace('.', "%2e"))
}

/// The functions and variables of a file, and the symbols in its directives.
fn declared(text: &str) -> Vec<Declared<'_>> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut tokens = Tokens::of(text);
    while let Some(token) = tokens.next() {
        if token.kind == Kind::Comment {
            let mut words = token.text.split_whitespace();
            let symbol = match words.next() {
                Some("//go:linkname") => words.nth(1),
                Some("//go:wasmexport") => words.next(),
                _ => None,
            };
            found.extend(symbol.map(|symbol| Declared {
                symbol: symbol.to_owned(),
                is_directive: true,
                token,
            }));
            continue;
        }
        if depth == 0 && token.is("func") {
            let (receiver, name) = signature(&mut tokens);
            found.extend(name.map(|name| Declared {
                symbol: format!("{receiver}{}", name.text),
                is_directive: false,
                token: name,
            }));
        } else if depth == 0 && token.is("var") {
            let name = tokens.clone().next().filter(|name| name.kind == Kind::Word);
            found.extend(name.map(|name| Declared {
                symbol: name.text.to_owned(),
                is_directive: false,
                token: name,
            }));
        }
        match token.text {
            "{" | "(" if token.kind == Kind::Sign => depth += 1,
            "}" | ")" if token.kind == Kind::Sign => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found
}

/// What follows `func`: the type of a receiver with a point behind it, and the name.
fn signature<'s>(tokens: &mut Tokens<'s>) -> (String, Option<Token<'s>>) {
    let mut receiver = String::new();
    let mut look = tokens.clone().filter(|token| token.kind != Kind::Comment);
    let mut name = look.next();
    if name.is_some_and(|token| token.is("(")) {
        let mut is_type = true;
        for token in look.by_ref() {
            if token.is(")") {
                break;
            }
            // Behind the type may be its parameters.
            is_type &= !token.is("[");
            if is_type && token.kind == Kind::Word {
                receiver = format!("{}.", token.text);
            }
        }
        name = look.next();
    }
    (receiver, name.filter(|name| name.kind == Kind::Word))
}
