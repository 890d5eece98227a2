//! What a host function in JavaScript is called with, and where one failed. Pure: whoever evaluates
//! scripts is a driver of the session.

use crate::go::Signature;

/// What a script finds besides its parameters.
pub const GUEST: &str = "guest";
/// The console of the page.
pub const CONSOLE: &str = "console";

/// Lines that an engine puts before the body of a function that is made from text: the specification
/// says which (ECMA-262, CreateDynamicFunction).
const LINES_BEFORE: u32 = 2;

/// Words that are no names in a strict function, and those that are taken.
const TAKEN: &[&str] = &[
    CONSOLE,
    GUEST,
    "arguments",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "undefined",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// The names of a script's parameters: those of Go, but `p0`, `p1` and so on, by their places, where Go
/// has none or it is none in JavaScript.
#[must_use]
pub fn parameter_names(signature: &Signature) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (place, param) in signature.params.iter().enumerate() {
        let usable = is_name(&param.name) && !names.contains(&param.name);
        let mut name = if usable {
            param.name.clone()
        } else {
            format!("p{place}")
        };
        while names.contains(&name) {
            name.push('_');
        }
        names.push(name);
    }
    names
}

fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    let starts = letters.next().is_some_and(|first| first.is_alphabetic());
    starts
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
        && !TAKEN.contains(&name)
}

/// What a script is called in a stack trace.
#[must_use]
pub fn source_name(import: u32) -> String {
    format!("plugboard-import-{import}.js")
}

/// Line and column of a script, both from 1, where the innermost call in a stack trace of any browser's
/// is in it.
#[must_use]
pub fn position(stack: &str, source_name: &str) -> Option<(u32, u32)> {
    stack.match_indices(source_name).find_map(|(at, found)| {
        let rest = stack.get(at + found.len()..)?.strip_prefix(':')?;
        let mut numbers = rest.split(|letter: char| !letter.is_ascii_digit());
        let line: u32 = numbers.next()?.parse().ok()?;
        let column: u32 = numbers.next()?.parse().ok()?;
        let line = line.checked_sub(LINES_BEFORE).filter(|line| *line > 0)?;
        Some((line, column))
    })
}

/// A message with where in a script it comes from, which stands in the message's first line.
#[must_use]
pub fn at(message: &str, place: &str) -> String {
    let (first, rest) = message.split_at(message.find('\n').unwrap_or(message.len()));
    format!("{first} (line {place}){rest}")
}

/// A stack trace without the calls of WebAssembly, and of what stands between it and JavaScript.
#[must_use]
pub fn callers(stack: &str) -> String {
    let own = ["wasm://", ":wasm-function[", "__wbg_", "__wbindgen_"];
    let lines = stack.lines();
    let lines = lines.filter(|line| !own.iter().any(|own| line.contains(own)));
    lines.collect::<Vec<_>>().join("\n")
}

/// The line, from 1, in which the first syntax error of a script is: `problem` says what is wrong with
/// the first so many lines of it, if something is, and `message` what is wrong with all. Browsers do not
/// tell, and read from front to back: the first so many lines fail in the same way once that line is
/// among them.
pub fn line_of_error(
    text: &str,
    message: &str,
    mut problem: impl FnMut(&str) -> Option<String>,
) -> u32 {
    let mut ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    ends.push(text.len());
    let line = ends.partition_point(|end| {
        let lines = text.get(..*end).unwrap_or(text);
        problem(lines).as_deref() != Some(message)
    });
    u32::try_from(line.min(ends.len() - 1) + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::{Param, Type};

    fn names(of: &[&str]) -> Vec<String> {
        let params = of.iter().map(|name| Param::new(*name, Type::Int32));
        parameter_names(&Signature::new("f", params.collect(), None))
    }

    #[test]
    fn parameters_have_gos_names_where_javascript_allows() {
        assert_eq!(names(&["msg", "größe_2", "n"]), ["msg", "größe_2", "n"]);
        assert_eq!(
            names(&["", "in", "_", "guest", "a b", "2x", "x", "x"]),
            ["p0", "p1", "p2", "p3", "p4", "p5", "x", "p7"]
        );
        assert_eq!(names(&["p1", "", "p1"]), ["p1", "p1_", "p2"]);
    }

    #[test]
    fn a_position_is_found_in_the_stack_of_any_browser() {
        let name = source_name(3);
        for stack in [
            "TypeError: x is null\n    at eval (plugboard-import-3.js:4:13)\n    at app.js:9:1",
            "anonymous@http://localhost/plugboard-import-3.js:4:13\nrun@app.js:1:2",
            "Error: plugboard-import-3.js\n    at eval (plugboard-import-3.js:4:13)",
            "    at async eval (eval at <anonymous> (app.js:1:2), plugboard-import-3.js:4:13)",
        ] {
            assert_eq!(position(stack, &name), Some((2, 13)), "{stack}");
        }
        for stack in [
            "",
            "at app.js:4:13",
            "plugboard-import-3.js:x",
            "plugboard-import-3.js:1:1",
        ] {
            assert_eq!(position(stack, &name), None, "{stack}");
        }
    }

    #[test]
    fn the_line_of_a_syntax_error_is_found() {
        // A reader that wants brackets to match, and takes no `!`.
        let problem = |text: &str| {
            if text.contains('!') {
                return Some("no ! here".to_owned());
            }
            let open = text.matches('(').count();
            (open != text.matches(')').count()).then(|| "unexpected end".to_owned())
        };
        let line = |text: &str| line_of_error(text, &problem(text).unwrap(), problem);
        assert_eq!(line("!"), 1);
        assert_eq!(line("a\nb(\nc)\n!\nd"), 4);
        assert_eq!(line("a\nb(\nc\n"), 2, "never closed");
        assert_eq!(line("a\n!(\n)\n!"), 2);
    }

    #[test]
    fn where_it_happened_is_on_the_line_of_the_message() {
        assert_eq!(at("boom", "2:5"), "boom (line 2:5)");
        assert_eq!(at("boom\nbecause", "2"), "boom (line 2)\nbecause");
    }

    #[test]
    fn a_stack_trace_is_of_the_caller() {
        let chrome = "Error: load: needs the bytes of a module\n    \
                      at imports.wbg.__wbg_new_1 (file:///p/plugboard.js:9:1)\n    \
                      at plugboard.wasm.new (wasm://wasm/plugboard.wasm-0a:wasm-function[12]:0x34)\n    \
                      at wasm://wasm/0a:wasm-function[9]:0x1\n    \
                      at Plugin.load (file:///p/plugboard.js:2:3)\n    \
                      at file:///home/me/wasm.mjs:3:9";
        assert_eq!(
            callers(chrome),
            "Error: load: needs the bytes of a module\n    \
             at Plugin.load (file:///p/plugboard.js:2:3)\n    \
             at file:///home/me/wasm.mjs:3:9"
        );
        let firefox = "__wbg_new_1@http://here/plugboard.js:9:1\n\
                       new@http://here/plugboard.wasm:wasm-function[12]:0x34\nload@http://here/a.js:1:2\n";
        assert_eq!(callers(firefox), "load@http://here/a.js:1:2");
    }
}
