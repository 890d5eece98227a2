//! Go source while it is written: what it imports is known from what it uses, so that none is missing
//! and none is unused.

use std::collections::BTreeSet;

/// A Go file.
#[derive(Debug, Default)]
pub(super) struct GoFile {
    imports: BTreeSet<&'static str>,
    body: String,
    depth: usize,
}

impl GoFile {
    /// What follows uses this package.
    pub(super) fn import(&mut self, path: &'static str) {
        self.imports.insert(path);
    }

    /// Writes a line; an empty one where `text` is empty.
    pub(super) fn line(&mut self, text: &str) {
        if !text.is_empty() {
            for _ in 0..self.depth {
                self.body.push('\t');
            }
            self.body.push_str(text);
        }
        self.body.push('\n');
    }

    /// Writes a line that opens a block: what follows is one level deeper.
    pub(super) fn open(&mut self, text: &str) {
        self.line(text);
        self.depth += 1;
    }

    /// Writes a line that closes a block.
    pub(super) fn close(&mut self, text: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.line(text);
    }

    /// What follows is one level less deep, without a line that says so.
    pub(super) fn dedent(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Writes what leaves the function when there is an error: `failed` is returned beside it.
    pub(super) fn fail(&mut self, failed: &str) {
        self.open("if err != nil {");
        self.line(&format!("return {failed}err"));
        self.close("}");
    }

    /// The whole file, with this comment before it.
    pub(super) fn finish(self, comment: &[String]) -> String {
        let mut file = String::new();
        for line in comment {
            // gofmt wants what is set off by a tab right behind the slashes.
            let is_set_off = line.is_empty() || line.starts_with('\t');
            file.push_str(if is_set_off { "//" } else { "// " });
            file.push_str(line);
            file.push('\n');
        }
        file.push_str("package main\n\nimport (\n");
        let is_standard = |path: &&&str| !path.contains('.');
        let standard: Vec<&&str> = self.imports.iter().filter(is_standard).collect();
        let others: Vec<&&str> = self.imports.iter().filter(|p| !is_standard(p)).collect();
        for path in &standard {
            file.push_str(&format!("\t{path:?}\n"));
        }
        if !standard.is_empty() && !others.is_empty() {
            file.push('\n');
        }
        for path in &others {
            file.push_str(&format!("\t{path:?}\n"));
        }
        file.push_str(")\n\n");
        file.push_str(self.body.trim_end());
        file.push('\n');
        file
    }
}

/// The names of Go's that a generated one may not be: keywords, and what the file uses.
const TAKEN: &[&str] = &[
    "any",
    "api",
    "append",
    "binary",
    "bool",
    "break",
    "byte",
    "bytes",
    "call",
    "calls",
    "cap",
    "case",
    "chan",
    "clear",
    "clock",
    "close",
    "complex",
    "config",
    "const",
    "context",
    "continue",
    "copy",
    "ctx",
    "default",
    "defer",
    "delete",
    "else",
    "err",
    "error",
    "errors",
    "exit",
    "fallthrough",
    "false",
    "flag",
    "float32",
    "float64",
    "fmt",
    "for",
    "func",
    "go",
    "goto",
    "host",
    "if",
    "imag",
    "import",
    "int",
    "int32",
    "int64",
    "interface",
    "io",
    "iota",
    "len",
    "log",
    "make",
    "map",
    "math",
    "max",
    "min",
    "module",
    "new",
    "nil",
    "os",
    "package",
    "panic",
    "place",
    "plugin",
    "print",
    "println",
    "rand",
    "range",
    "real",
    "recover",
    "results",
    "return",
    "rune",
    "run",
    "runtime",
    "select",
    "stdout",
    "string",
    "strings",
    "struct",
    "switch",
    "sys",
    "t",
    "testing",
    "time",
    "true",
    "type",
    "uint",
    "uint32",
    "uint64",
    "uintptr",
    "var",
    "wasm",
    "wazero",
];

/// `name` as an identifier, if it can be one here; else one for the place `index`.
pub(super) fn identifier(name: &str, index: usize) -> String {
    let mut chars = name.chars();
    let is_one = chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_one && !TAKEN.contains(&name) {
        name.to_owned()
    } else {
        format!("p{index}")
    }
}

/// Identifiers for parameters of these names, all different.
pub(super) fn identifiers<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut given: Vec<String> = Vec::new();
    for (index, name) in names.enumerate() {
        let mut one = identifier(name, index);
        if given.contains(&one) {
            one = format!("p{index}");
        }
        while given.contains(&one) {
            one.push('_');
        }
        given.push(one);
    }
    given
}
