//! Whether a Go file is built for Wasm: `//go:build` lines and names like `main_linux.go`.
//!
//! Must not know what is in the file.

use super::lex::Kind;
use super::parser::Parser;
use super::{MAX_NESTING, SyntaxError};
use crate::go::types::Abi;

/// The systems that a file's name may be meant for, but for Wasm's.
const SYSTEMS: [&str; 17] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "windows",
    "zos",
];

/// The machines that a file's name may be meant for, but for Wasm.
const MACHINES: [&str; 23] = [
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
];

/// Whether `compiler` builds the file for a `wasip1` plugin. `None`: whether either of them does.
pub(super) fn is_built(name: &str, constraint: Option<&str>, compiler: Option<Abi>) -> bool {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    if base.starts_with(['_', '.']) || is_elsewhere(base) {
        return false;
    }
    let Some(constraint) = constraint else {
        return true;
    };
    let holds = |compiler| holds(constraint, compiler).unwrap_or(true);
    match compiler {
        Some(compiler) => holds(compiler),
        None => holds(Abi::Go) || holds(Abi::TinyGo),
    }
}

/// Whether a file's name says that it is for another system, another machine, or for tests. What it
/// says stands at its end: `name_windows.go`, `name_linux_arm64.go`, `name_test.go`.
fn is_elsewhere(base: &str) -> bool {
    let stem = base.split('.').next().unwrap_or(base);
    let mut words = stem.split('_').skip(1).collect::<Vec<_>>().into_iter();
    match words.next_back() {
        Some("wasm") => words
            .next_back()
            .is_some_and(|word| SYSTEMS.contains(&word)),
        Some(word) => word == "test" || SYSTEMS.contains(&word) || MACHINES.contains(&word),
        None => false,
    }
}

fn holds(constraint: &str, compiler: Abi) -> Result<bool, SyntaxError> {
    let mut parser = Parser::new(constraint)?;
    let value = any(&mut parser, compiler, 0)?;
    match parser.token().kind {
        Kind::Semicolon | Kind::End => Ok(value),
        _ => Err(parser.unexpected("in //go:build line")),
    }
}

fn any(parser: &mut Parser<'_>, compiler: Abi, depth: usize) -> Result<bool, SyntaxError> {
    let mut value = all(parser, compiler, depth)?;
    while parser.accept("||")? {
        value |= all(parser, compiler, depth)?;
    }
    Ok(value)
}

fn all(parser: &mut Parser<'_>, compiler: Abi, depth: usize) -> Result<bool, SyntaxError> {
    let mut value = not(parser, compiler, depth)?;
    while parser.accept("&&")? {
        value &= not(parser, compiler, depth)?;
    }
    Ok(value)
}

fn not(parser: &mut Parser<'_>, compiler: Abi, depth: usize) -> Result<bool, SyntaxError> {
    if depth > MAX_NESTING {
        return Err(parser.unexpected("in //go:build line"));
    }
    if parser.accept("!")? {
        return not(parser, compiler, depth + 1).map(|value| !value);
    }
    if parser.accept("(")? {
        let value = any(parser, compiler, depth + 1)?;
        parser.expect(")", "in //go:build line")?;
        return Ok(value);
    }
    let tag = parser.name("build tag")?;
    // go1.24 is read as a name and a number.
    if parser.token().kind == Kind::Float {
        parser.advance()?;
    }
    Ok(match tag {
        "tinygo" => compiler == Abi::TinyGo,
        "gc" => compiler == Abi::Go,
        "wasip1" | "wasm" | "go1" => true,
        _ => false,
    })
}
