//! What Go's tools print when something is wrong, as diagnostics.

use super::lex::At;
use super::packages::diagnostic;
use super::plan::PROGRAM;
use crate::protocol::build::Diagnostic;

/// Diagnostics that are read at most.
const MOST: usize = 1000;

/// Reads what a tool has printed: `file:line:column: message`, of which a message goes on in lines that begin with a tab.
/// What else is there is about no file.
#[must_use]
pub fn read(output: &[u8]) -> Vec<Diagnostic> {
    let text = String::from_utf8_lossy(output).replace(&format!("{PROGRAM}/"), "");
    let mut read: Vec<Diagnostic> = Vec::new();
    for line in text.lines().map(|line| line.trim_end_matches('\r')) {
        if read.len() >= MOST {
            break;
        }
        if line.starts_with(['\t', ' '])
            && let Some(last) = read.last_mut()
        {
            last.message.push('\n');
            last.message.push_str(line);
        } else if !line.is_empty() && !line.starts_with("# ") {
            read.push(one(line));
        }
    }
    read
}

/// One line that begins a diagnostic.
fn one(line: &str) -> Diagnostic {
    located(line).unwrap_or_else(|| diagnostic("", At::default(), line))
}

/// `file:line:column: message`, or without the column.
fn located(line: &str) -> Option<Diagnostic> {
    // A message may speak of places, too.
    let go = line.find(".go:").map(|at| at + 3);
    let (file, rest) = line.split_at_checked(go?)?;
    if file.contains(": ") {
        return None;
    }
    let file = file.strip_prefix("./").unwrap_or(file);
    let rest = rest.strip_prefix(':')?;
    let (number, rest) = rest.split_once(':')?;
    let line = number.parse().ok()?;
    let (column, message) = match rest
        .split_once(':')
        .map(|(number, rest)| (number.parse(), rest))
    {
        Some((Ok(column), message)) => (column, message),
        _ => (0, rest),
    };
    Some(diagnostic(file, At { line, column }, message.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(String, u32, u32, String)> {
        let read = read(text.as_bytes()).into_iter();
        read.map(|one| (one.file, one.line, one.column, one.message))
            .collect()
    }

    #[test]
    fn places_and_messages_are_taken_apart() {
        let text = "/.program/main.go:35:6: invalid operation: a + b (mismatched types int and string)\n\
                    /.program/words/list.go:4:2: x redeclared in this block\n\t/.program/words/list.go:3:2: other declaration of x\n\
                    /.program/main.go:9: label L defined and not used\n/.program/main.go:40:1: too many errors\n";
        assert_eq!(
            shown(text),
            [
                (
                    "main.go".to_owned(),
                    35,
                    6,
                    "invalid operation: a + b (mismatched types int and string)".to_owned()
                ),
                (
                    "words/list.go".to_owned(),
                    4,
                    2,
                    "x redeclared in this block\n\twords/list.go:3:2: other declaration of x"
                        .to_owned()
                ),
                (
                    "main.go".to_owned(),
                    9,
                    0,
                    "label L defined and not used".to_owned()
                ),
                ("main.go".to_owned(), 40, 1, "too many errors".to_owned()),
            ]
        );
    }

    #[test]
    fn what_has_no_place_is_about_no_file() {
        for text in [
            "too many errors",
            "link: x.go: y",
            "compile: a.go:x:1: y",
            "main.go:",
            "main.go:1",
            "a: b.go:1:2: c",
        ] {
            assert_eq!(shown(text), [(String::new(), 0, 0, text.to_owned())]);
        }
        assert_eq!(shown("# example/greet\n\n"), []);
    }
}
