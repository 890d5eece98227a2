//! Whether a Go file belongs to a build for wasip1: `//go:build` lines and names like `main_linux.go`.
//!
//! Must not know what else is in the file, nor who builds it.

/// The systems that a file's name may be meant for.
const SYSTEMS: [&str; 18] = [
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
    "wasip1",
    "windows",
    "zos",
];

/// The machines that a file's name may be meant for.
const MACHINES: [&str; 24] = [
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
    "wasm",
];

/// Expressions may be nested this deep.
const MOST_NESTING: u32 = 1000;

/// Whether a file of this name, without folders, can be a part of a build for wasip1.
#[must_use]
pub fn name_fits(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    // What stands before the first `_` is the file's own name.
    let Some((_, rest)) = stem.split_once('_') else {
        return true;
    };
    let mut words: Vec<&str> = rest.split('_').collect();
    if words.last() == Some(&"test") {
        words.pop();
    }
    let last = words.pop().unwrap_or_default();
    if MACHINES.contains(&last) {
        let system = words.pop().filter(|word| SYSTEMS.contains(word));
        return last == "wasm" && system.is_none_or(|system| system == "wasip1");
    }
    !SYSTEMS.contains(&last) || last == "wasip1"
}

/// Whether a constraint, the text after `//go:build`, holds where `is_set` says it of a tag.
///
/// # Errors
///
/// Says what is wrong with it.
pub fn holds(constraint: &str, is_set: &dyn Fn(&str) -> bool) -> Result<bool, String> {
    let mut parser = Parser {
        rest: constraint.trim(),
        is_set,
        depth: 0,
    };
    let value = parser.any()?;
    match parser.rest {
        "" => Ok(value),
        rest => Err(format!("unexpected token {rest} in //go:build line")),
    }
}

struct Parser<'s> {
    rest: &'s str,
    is_set: &'s dyn Fn(&str) -> bool,
    depth: u32,
}

impl<'s> Parser<'s> {
    fn accept(&mut self, token: &str) -> bool {
        let after = self.rest.strip_prefix(token).map(str::trim_start);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn any(&mut self) -> Result<bool, String> {
        let mut value = self.all()?;
        while self.accept("||") {
            value |= self.all()?;
        }
        Ok(value)
    }

    fn all(&mut self) -> Result<bool, String> {
        let mut value = self.not()?;
        while self.accept("&&") {
            value &= self.not()?;
        }
        Ok(value)
    }

    fn not(&mut self) -> Result<bool, String> {
        let mut negated = false;
        while self.accept("!") {
            negated = !negated;
        }
        let value = if self.accept("(") {
            self.depth += 1;
            if self.depth > MOST_NESTING {
                return Err("//go:build line is nested too deeply".to_owned());
            }
            let value = self.any()?;
            self.depth -= 1;
            if !self.accept(")") {
                return Err("missing close paren in //go:build line".to_owned());
            }
            value
        } else {
            let tag = self.tag()?;
            (self.is_set)(tag)
        };
        Ok(value != negated)
    }

    fn tag(&mut self) -> Result<&'s str, String> {
        let end = self
            .rest
            .find(|c: char| c != '_' && c != '.' && !c.is_alphanumeric())
            .unwrap_or(self.rest.len());
        let (tag, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        if tag.is_empty() {
            return Err(match self.rest.chars().next() {
                Some(c) => format!("unexpected token {c} in //go:build line"),
                None => "unexpected end of //go:build line".to_owned(),
            });
        }
        self.rest = rest.trim_start();
        Ok(tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_set(tag: &str) -> bool {
        matches!(tag, "wasip1" | "wasm" | "gc" | "go1" | "go1.1" | "go1.27")
    }

    fn is(constraint: &str) -> bool {
        holds(constraint, &is_set).unwrap()
    }

    #[test]
    fn names_say_for_what_a_file_is() {
        for name in [
            "main.go",
            "wasm.go",
            "linux.go",
            "main_wasm.go",
            "main_wasip1.go",
            "x_wasip1_wasm.go",
            "x_other.go",
            "x_test.go",
            "x_wasm_test.go",
            "x_linux_other.go",
            "_wasip1.go",
            "a_b_wasip1.go",
            "x_.go",
            "x_unix.go",
        ] {
            assert!(name_fits(name), "{name}");
        }
        for name in [
            "main_linux.go",
            "main_amd64.go",
            "x_linux_wasm.go",
            "x_js_wasm.go",
            "x_wasip1_amd64.go",
            "x_windows_test.go",
            "x_js.go",
            "x_arm64.s",
        ] {
            assert!(!name_fits(name), "{name}");
        }
    }

    #[test]
    fn constraints_are_expressions_of_tags() {
        for constraint in [
            "wasip1",
            "wasm && !js",
            "gc",
            "go1.1",
            "go1.27",
            "linux || wasip1",
            "!(linux || darwin)",
            "!tinygo",
            "!cgo",
            "!!wasm",
            " wasm ",
            "!unix",
            "(wasip1)",
            "!go1.28",
        ] {
            assert!(is(constraint), "{constraint}");
        }
        for constraint in [
            "js",
            "wasip1 && linux",
            "tinygo",
            "cgo",
            "go1.28",
            "go1.0",
            "ignore",
            "!wasm",
            "a || b && wasm",
        ] {
            assert!(!is(constraint), "{constraint}");
        }
    }

    #[test]
    fn what_is_no_expression_is_told() {
        for (constraint, words) in [
            ("", "end"),
            ("wasm &&", "end"),
            ("(wasm", "paren"),
            ("wasm js", "js"),
            ("wasm)", ")"),
            ("a & b", "&"),
            ("-x", "-"),
        ] {
            let error = holds(constraint, &is_set).unwrap_err();
            assert!(error.contains(words), "{constraint}: {error}");
        }
        let deep = "(".repeat(1_000_000);
        assert!(holds(&deep, &is_set).unwrap_err().contains("deep"));
    }
}
