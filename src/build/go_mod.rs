//! What a go.mod says, as far as a build needs it: the module's path, the version of the language, and what it requires.

use super::lex::At;
use std::fmt;

/// A version of the language, `1.N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The N.
    pub minor: u32,
}

impl Version {
    /// The version that a module without a `go` line is in.
    pub const UNSAID: Self = Self { minor: 16 };

    /// Reads `1.24` or `1.24.3`, or what is before it is released: `1.25rc1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("1.")?;
        let end = rest.find(|c: char| !c.is_ascii_digit());
        let (minor, after) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        let is_version = after.is_empty()
            || [".", "rc", "beta"].iter().any(|start| {
                let number = after.strip_prefix(start);
                number.is_some_and(|number| {
                    !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
                })
            });
        let minor = minor.parse().ok().filter(|_| is_version)?;
        Some(Self { minor })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.minor)
    }
}

/// What a go.mod says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoMod {
    /// The module's path.
    pub module: String,
    /// Its language; `None`: it says nothing.
    pub go: Option<Version>,
    /// The paths of the modules that it requires.
    pub requires: Vec<String>,
    /// The settings of its `godebug` lines: `name=value`.
    pub godebugs: Vec<String>,
}

impl GoMod {
    /// What stands for a go.mod where there is none.
    #[must_use]
    pub fn none(language: Version) -> Self {
        Self {
            // `plugin` alone is a package of the standard library.
            module: "example/plugin".to_owned(),
            go: Some(language),
            requires: Vec::new(),
            godebugs: Vec::new(),
        }
    }

    /// Reads one. What a build does without is gone over.
    ///
    /// # Errors
    ///
    /// Says what is wrong, and where.
    pub fn read(contents: &[u8]) -> Result<Self, (String, At)> {
        let text = std::str::from_utf8(contents)
            .map_err(|_| ("invalid UTF-8 encoding".to_owned(), At::default()))?;
        let mut read = Self {
            module: String::new(),
            go: None,
            requires: Vec::new(),
            godebugs: Vec::new(),
        };
        let mut block = None;
        for (number, line) in (1..).zip(text.lines()) {
            let code = line.split("//").next().unwrap_or_default();
            let words: Vec<&str> = code.split_whitespace().collect();
            let at = At {
                line: number,
                column: 0,
            };
            match (block, words.as_slice()) {
                (_, []) => {}
                (Some(_), [")"]) => block = None,
                (Some(verb), words) => read.take(verb, words).map_err(|text| (text, at))?,
                (None, [verb, "("]) => block = Some(*verb),
                (None, [verb, words @ ..]) => read.take(verb, words).map_err(|text| (text, at))?,
            }
        }
        match read.module.as_str() {
            "" => Err(("no module declaration in go.mod".to_owned(), At::default())),
            _ => Ok(read),
        }
    }

    fn take(&mut self, verb: &str, words: &[&str]) -> Result<(), String> {
        let unquoted = |word: &str| word.trim_matches(['"', '`']).to_owned();
        match (verb, words) {
            ("module", [path]) if self.module.is_empty() => {
                let path = unquoted(path);
                if !is_path(&path) {
                    return Err(format!("malformed module path {path:?}"));
                }
                self.module = path;
            }
            ("module", [_]) => return Err("repeated module statement".to_owned()),
            ("module", _) => return Err("usage: module module/path".to_owned()),
            ("go", [version]) => {
                let read = Version::parse(version);
                self.go = Some(read.ok_or_else(|| {
                    format!("invalid go version '{version}': must match format 1.23")
                })?);
            }
            ("go", _) => return Err("usage: go 1.23".to_owned()),
            ("require", [path, ..]) => self.requires.push(unquoted(path)),
            ("godebug", [setting]) => self.godebugs.push((*setting).to_owned()),
            (
                "require" | "replace" | "exclude" | "retract" | "toolchain" | "tool" | "ignore"
                | "godebug",
                _,
            ) => {}
            _ => return Err(format!("unknown directive: {verb}")),
        }
        Ok(())
    }
}

/// Whether a path can name a module or a package.
#[must_use]
pub fn is_path(path: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._~+".contains(c);
    path.len() <= 512
        && path
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != ".." && part.chars().all(fits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_build_needs_is_read() {
        let text = "// x\nmodule example.com/a/b // y\r\n\ngo 1.24.3\n\ntoolchain go1.27.3\nrequire (\n\tgithub.com/x/y v1.0.0 // indirect\n)\n\
            require \"z.org/z\" v0.1.0\nreplace z.org/z => ../z\ngodebug panicnil=1\n";
        let read = GoMod::read(text.as_bytes()).unwrap();
        assert_eq!(read.module, "example.com/a/b");
        assert_eq!(read.go, Some(Version { minor: 24 }));
        assert_eq!(read.requires, ["github.com/x/y", "z.org/z"]);
        assert_eq!(read.godebugs, ["panicnil=1"]);
        assert_eq!(GoMod::read(b"module (\n\tm\n)\n").unwrap().module, "m");
        assert_eq!(GoMod::read(b"module m").unwrap().go, None);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, words, line) in [
            ("", "no module", 0),
            ("go 1.24", "no module", 0),
            ("module a\nmodule b", "repeated", 2),
            ("module a b", "usage", 1),
            ("module ../a", "malformed", 1),
            ("module a\n\ngo 2.0", "invalid go version", 3),
            ("module a\ngo 1.x", "invalid go version", 2),
            ("module a\nmodul b", "unknown directive: modul", 2),
        ] {
            let (message, at) = GoMod::read(text.as_bytes()).unwrap_err();
            assert!(message.contains(words), "{message}");
            assert_eq!(at.line, line, "{text}");
        }
        assert!(GoMod::read(b"module \xff").is_err());
    }

    #[test]
    fn versions_are_read() {
        for (text, minor) in [
            ("1.24", 24),
            ("1.24.3", 24),
            ("1.25rc1", 25),
            ("1.21beta2", 21),
            ("1.0", 0),
        ] {
            assert_eq!(Version::parse(text).unwrap().minor, minor);
        }
        for text in [
            "",
            "1",
            "1.",
            "1.x",
            "1.2x",
            "1.2.",
            "2.1",
            "go1.2",
            "1.99999999999",
            "1.2rc",
        ] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }
}
