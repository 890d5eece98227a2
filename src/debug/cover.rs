//! Which lines were reached, as the profile that `go tool cover` opens.

use std::collections::BTreeMap;
use std::fmt::Write;

/// A line of the source that has code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// Its file, as `go tool cover` finds it: a path, or the import path of its package and its name.
    pub file: String,
    /// Its number, from 1; 0: not known, which leaves it out.
    pub line: u32,
    /// Whether some of it was reached.
    pub reached: bool,
}

/// The profile: each line counts as one statement, and is reached if any of its code is.
#[must_use]
pub fn profile(lines: &[Covered]) -> String {
    /// Past the end of any line.
    const END: u32 = 1 << 16;
    let mut reached = BTreeMap::<(&str, u32), bool>::new();
    for line in lines.iter().filter(|line| line.line > 0) {
        *reached.entry((&line.file, line.line)).or_default() |= line.reached;
    }
    let mut text = "mode: set\n".to_owned();
    for ((file, line), reached) in reached {
        // Writing into a string does not fail.
        let _ = writeln!(text, "{file}:{line}.1,{line}.{END} 1 {}", u8::from(reached));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_reached_if_some_of_it_is() {
        let line = |file: &str, line, reached| Covered {
            file: file.to_owned(),
            line,
            reached,
        };
        let lines = [
            line("/a/main.go", 7, false),
            line("/a/main.go", 3, false),
            line("/a/main.go", 7, true),
            line("/a/main.go", 0, true),
        ];
        assert_eq!(
            profile(&lines),
            "mode: set\n/a/main.go:3.1,3.65536 1 0\n/a/main.go:7.1,7.65536 1 1\n"
        );
    }
}
