//! What a go.mod says, as far as a build needs it: the module's path, the version of the language, what it requires, and by
//! which folders it replaces that.

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
    /// The modules that it requires: path and version.
    pub requires: Vec<(String, String)>,
    /// What it replaces.
    pub replaces: Vec<Replace>,
    /// The settings of its `godebug` lines: `name=value`.
    pub godebugs: Vec<String>,
}

/// A `replace` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replace {
    /// The module that is replaced.
    pub path: String,
    /// By what: a folder, or another module.
    pub target: String,
}

impl Replace {
    /// Whether it is replaced by a folder.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let target = self.target.as_str();
        target.starts_with(['/', '\\'])
            || target
                .split('/')
                .next()
                .is_some_and(|it| matches!(it, "." | ".."))
    }

    /// The folder of the program that it is replaced by; `None`: none, or one that is outside of it.
    #[must_use]
    pub fn folder(&self) -> Option<String> {
        if !self.is_local() || self.target.starts_with(['/', '\\']) {
            return None;
        }
        let mut folder: Vec<&str> = Vec::new();
        for name in self.target.split('/') {
            match name {
                "" | "." => {}
                ".." => {
                    folder.pop()?;
                }
                name => folder.push(name),
            }
        }
        (!folder.is_empty()).then(|| folder.join("/"))
    }
}

impl GoMod {
    /// The version that it requires of a module.
    #[must_use]
    pub fn required(&self, module: &str) -> Option<&str> {
        let mut requires = self.requires.iter();
        let (_, version) = requires.find(|(path, _)| path == module)?;
        Some(version)
    }

    /// What stands for a go.mod where there is none.
    #[must_use]
    pub fn none(language: Version) -> Self {
        Self {
            // `plugin` alone is a package of the standard library.
            module: "example/plugin".to_owned(),
            go: Some(language),
            ..Self::default()
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
        let mut read = Self::default();
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
            ("require", [path, rest @ ..]) => {
                let version = rest.first().copied().unwrap_or_default();
                self.requires.push((unquoted(path), version.to_owned()));
            }
            ("replace", [path, "=>", target, ..] | [path, _, "=>", target, ..]) => {
                self.replaces.push(Replace {
                    path: unquoted(path),
                    target: unquoted(target),
                });
            }
            ("replace", _) => {
                return Err("usage: replace module/path [v1.2.3] => ./folder".to_owned());
            }
            ("godebug", [setting]) => self.godebugs.push((*setting).to_owned()),
            (
                "require" | "exclude" | "retract" | "toolchain" | "tool" | "ignore" | "godebug",
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
        let requires = [("github.com/x/y", "v1.0.0"), ("z.org/z", "v0.1.0")];
        assert_eq!(
            read.requires,
            requires.map(|(path, version)| (path.to_owned(), version.to_owned()))
        );
        assert_eq!(read.replaces.len(), 1);
        assert_eq!(read.godebugs, ["panicnil=1"]);
        assert_eq!(GoMod::read(b"module (\n\tm\n)\n").unwrap().module, "m");
        assert_eq!(GoMod::read(b"module m").unwrap().go, None);
    }

    #[test]
    fn a_folder_that_replaces_a_module_is_one_of_the_program() {
        for (target, is_local, folder) in [
            ("./lib", true, Some("lib")),
            ("./a/../b/c/", true, Some("b/c")),
            ("../lib", true, None),
            ("./a/../../b", true, None),
            (".", true, None),
            ("/lib", true, None),
            ("..", true, None),
            ("example.com/lib", false, None),
            ("lib", false, None),
        ] {
            let text = format!("module m\nreplace (\n\tx v1.0.0 => {target}\n)\n");
            let read = GoMod::read(text.as_bytes()).unwrap();
            let replace = &read.replaces[0];
            assert_eq!(replace.path, "x");
            assert_eq!(replace.is_local(), is_local, "{target}");
            assert_eq!(replace.folder().as_deref(), folder, "{target}");
        }
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
            ("module a\nreplace b ./b", "usage", 2),
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
