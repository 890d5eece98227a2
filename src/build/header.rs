//! What a Go file says before its declarations, and its directives: the package, the imports, `//go:build`, `//go:embed`,
//! `//go:wasmexport`.

use super::lex::{At, Kind, Token, Tokens};
use crate::go::value::unquote;

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The package that it belongs to.
    pub package: String,
    /// Where that stands.
    pub package_at: At,
    /// The text after `//go:build`, if there is such a line.
    pub constraint: Option<(String, At)>,
    /// The import paths, in their order.
    pub imports: Vec<(String, At)>,
    /// The patterns of `//go:embed` lines.
    pub embeds: Vec<(String, At)>,
    /// Settings of GODEBUG in `//go:debug` lines.
    pub debugs: Vec<String>,
    /// Whether there is a `//go:wasmexport`.
    pub has_wasmexport: bool,
    /// What keeps the file from being read.
    pub problem: Option<(String, At)>,
}

impl Header {
    /// Reads a file. Only a package clause that is missing is a problem; what else is wrong is the compiler's to find.
    #[must_use]
    pub fn read(contents: &[u8]) -> Self {
        let mut header = Self::default();
        let text = match std::str::from_utf8(contents) {
            Ok(text) => text,
            Err(error) => {
                let before = contents.get(..error.valid_up_to()).unwrap_or_default();
                let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
                let line = u32::try_from(line).unwrap_or(u32::MAX);
                header.problem =
                    Some(("invalid UTF-8 encoding".to_owned(), At { line, column: 0 }));
                return header;
            }
        };
        let mut tokens = Tokens::of(text);
        header.read_clause(&mut tokens);
        if header.problem.is_none() {
            header.read_imports(tokens.clone());
            header.read_directives(text);
        }
        header
    }

    fn read_clause(&mut self, tokens: &mut Tokens<'_>) {
        for token in tokens.by_ref() {
            if token.kind == Kind::Comment {
                if let Some(rest) = token.text.strip_prefix("//go:build")
                    && rest.starts_with([' ', '\t'])
                    && self.constraint.is_none()
                {
                    self.constraint = Some((rest.trim().to_owned(), token.at));
                }
                continue;
            }
            let name = tokens.find(|token| token.kind != Kind::Comment);
            if let Some(name) = name.filter(|name| token.is("package") && is_name(name)) {
                self.package = name.text.to_owned();
                self.package_at = name.at;
            } else if token.is("package") {
                let at = name.map_or(token.at, |name| name.at);
                self.problem = Some(("syntax error: unexpected package name".to_owned(), at));
            } else {
                let text = "syntax error: package statement must be first";
                self.problem = Some((text.to_owned(), token.at));
            }
            return;
        }
        let text = "syntax error: package statement must be first: the file is empty";
        self.problem = Some((text.to_owned(), At { line: 1, column: 1 }));
    }

    /// Reads import declarations, as far as they are well formed.
    fn read_imports(&mut self, tokens: Tokens<'_>) {
        let mut tokens = tokens.filter(|token| token.kind != Kind::Comment && !token.is(";"));
        while tokens.next().is_some_and(|token| token.is("import")) {
            let mut is_group = false;
            for token in tokens.by_ref() {
                if token.is("(") && !is_group {
                    is_group = true;
                } else if token.is(")") && is_group {
                    break;
                } else if token.kind == Kind::Text {
                    let path = unquote(token.text).ok();
                    let Some(path) = path.and_then(|path| String::from_utf8(path).ok()) else {
                        return;
                    };
                    self.imports.push((path, token.at));
                    if !is_group {
                        break;
                    }
                } else if token.kind != Kind::Word && !token.is(".") {
                    return;
                }
            }
        }
    }

    fn read_directives(&mut self, text: &str) {
        // Most files have none.
        if !text.contains("//go:") {
            return;
        }
        for token in Tokens::of(text).filter(|token| token.kind == Kind::Comment) {
            let Some(directive) = token.text.strip_prefix("//go:") else {
                continue;
            };
            let (name, rest) = directive.split_once([' ', '\t']).unwrap_or((directive, ""));
            match name {
                "wasmexport" => self.has_wasmexport = true,
                "embed" if token.is_first => self.read_embed(rest, token.at),
                "debug" => self.debugs.push(rest.trim().to_owned()),
                _ => {}
            }
        }
    }

    /// The patterns of a `//go:embed` line: words, or strings where there are spaces.
    fn read_embed(&mut self, rest: &str, at: At) {
        let mut rest = rest.trim();
        while let Some(first) = rest.chars().next() {
            let column = u32::try_from("//go:embed ".len()).unwrap_or_default();
            let at = At {
                column: at.column + column,
                ..at
            };
            let length = match first {
                '"' | '`' => Tokens::of(rest)
                    .next()
                    .map_or(rest.len(), |token| token.text.len()),
                _ => rest.find(char::is_whitespace).unwrap_or(rest.len()),
            };
            let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            let pattern = match first {
                '"' | '`' => unquote(word)
                    .ok()
                    .and_then(|text| String::from_utf8(text).ok()),
                _ => Some(word.to_owned()),
            };
            match pattern {
                Some(pattern) => self.embeds.push((pattern, at)),
                None => {
                    let text = format!("invalid quoted string in //go:embed: {word}");
                    self.problem = Some((text, at));
                    return;
                }
            }
            rest = after.trim_start();
        }
    }
}

fn is_name(token: &Token<'_>) -> bool {
    token.kind == Kind::Word && !token.text.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(header: &Header) -> Vec<&str> {
        header
            .imports
            .iter()
            .map(|(path, _)| path.as_str())
            .collect()
    }

    #[test]
    fn a_head_is_read() {
        let header = Header::read(
            b"// Copyright\n\n//go:build wasip1 && !js\n\n// Package p is one.\npackage p\n\nimport \"fmt\"\nimport (\n\t. \"math\"\n\t_ `embed` // x\n\
              \te \"encoding/json\"; \"os\"\n)\n\nvar x = \"//go:wasmexport\"\n\n//go:embed a.txt b/* \"c d\" `e`\nvar f embed.FS\n",
        );
        assert_eq!(header.package, "p");
        assert_eq!(header.package_at, At { line: 6, column: 9 });
        let constraint = header
            .constraint
            .as_ref()
            .map(|(text, at)| (text.as_str(), at.line));
        assert_eq!(constraint, Some(("wasip1 && !js", 3)));
        assert_eq!(
            paths(&header),
            ["fmt", "math", "embed", "encoding/json", "os"]
        );
        assert_eq!(header.imports[0].1, At { line: 8, column: 8 });
        let patterns: Vec<_> = header
            .embeds
            .iter()
            .map(|(text, _)| text.as_str())
            .collect();
        assert_eq!(patterns, ["a.txt", "b/*", "c d", "e"]);
        assert!(!header.has_wasmexport);
        assert_eq!(header.problem, None);
    }

    #[test]
    fn directives_are_found_anywhere() {
        let header = Header::read(
            b"package main\nfunc f() {}\n//go:wasmexport f\nfunc g() {}\n//go:debug panicnil=1\n",
        );
        assert!(header.has_wasmexport);
        assert_eq!(header.debugs, ["panicnil=1"]);
        assert!(!Header::read(b"package main\n/*\n//go:wasmexport f\n*/\n").has_wasmexport);
    }

    #[test]
    fn what_is_no_go_file_is_told() {
        for (text, words, line) in [
            (&b""[..], "package statement", 1),
            (b"// only a comment\n", "package statement", 1),
            (b"\nfunc main() {}", "package statement", 2),
            (b"package \"p\"", "package name", 1),
            (b"package", "package name", 1),
            (b"package p\n\nvar s = \"\xff\"", "UTF-8", 3),
        ] {
            let (problem, at) = Header::read(text).problem.unwrap();
            assert!(problem.contains(words), "{problem}");
            assert_eq!(at.line, line, "{problem}");
        }
    }

    #[test]
    fn imports_end_where_they_are_wrong() {
        for text in [
            "package p\nimport fmt.x\nimport \"os\"",
            "package p\nimport ((\"a\"",
            "package p\nimport",
            "package p\nimport {",
        ] {
            let header = Header::read(text.as_bytes());
            assert_eq!(
                (
                    header.problem,
                    paths(&Header::read(text.as_bytes())).len() < 2
                ),
                (None, true)
            );
        }
    }
}
