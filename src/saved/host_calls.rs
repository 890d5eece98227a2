//! Host calls, as they are expected: a line each, in which `…` stands for anything.

use crate::protocol::TraceEntry;

/// Numbers from here on may be addresses.
const MAY_BE_ADDRESS: u64 = 1024;

/// A host call as a line: `log.log("hello")`; `None` for one of WASI, which are Go's affair more than the
/// plugin's: how many there are changes with the compiler and the time.
#[must_use]
pub fn host_call(entry: &TraceEntry) -> Option<String> {
    if !entry.name.contains('.') {
        return None;
    }
    // What an address and a length print is all that is of interest of them: `16, 5 "hello"`.
    let mut arguments = &*entry.arguments;
    if let Some((numbers, text)) = arguments.split_once(" \"") {
        let is_number = |text: &str| text.parse::<i64>().is_ok();
        if numbers
            .split_once(", ")
            .is_some_and(|(a, b)| is_number(a) && is_number(b))
        {
            let start = arguments.len().saturating_sub(text.len() + 1);
            arguments = arguments.get(start..).unwrap_or_default();
        }
    }
    Some(format!("{}({arguments})", entry.name))
}

/// The line with `…` in place of what is an address, or, where the types are not known, may be one.
#[must_use]
pub fn without_addresses(call: &str, is_typed: bool) -> String {
    let Some((name, arguments)) = call.split_once('(') else {
        return call.to_owned();
    };
    let arguments = arguments.strip_suffix(')').unwrap_or(arguments);
    let may_be_address = |text: &str| {
        text.parse()
            .is_ok_and(|number: u64| number >= MAY_BE_ADDRESS)
    };
    let arguments = if is_typed || arguments.contains('"') {
        without_hex(arguments)
    } else {
        let parts = arguments.split(", ");
        let parts = parts.map(|part| {
            if may_be_address(part) {
                "…".to_owned()
            } else {
                without_hex(part)
            }
        });
        parts.collect::<Vec<_>>().join(", ")
    };
    format!("{name}({arguments})")
}

/// Without `0x1f0`, but for that in quotes.
fn without_hex(text: &str) -> String {
    let mut written = String::new();
    for (place, part) in text.split("0x").enumerate() {
        let digits = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        let quoted = written.matches('"').count() % 2 == 1;
        let rest = part.get(digits..).unwrap_or_default();
        match place {
            0 => written.push_str(part),
            _ if digits == 0 || quoted => {
                written.push_str("0x");
                written.push_str(part);
            }
            _ => {
                written.push('…');
                written.push_str(rest);
            }
        }
    }
    written
}

/// Whether a line is the expected one.
pub(super) fn matches(expected: &str, line: &str) -> bool {
    if !expected.contains('…') {
        // A name alone: whatever its arguments.
        let named = line.split_once('(').map_or(line, |(name, _)| name);
        return expected == line || expected == named;
    }
    let mut parts = expected.split('…');
    let Some(mut rest) = parts.next().and_then(|first| line.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, arguments: &str) -> TraceEntry {
        TraceEntry {
            name: name.to_owned(),
            arguments: arguments.to_owned(),
            ..TraceEntry::default()
        }
    }

    #[test]
    fn what_is_printed_stands_for_its_address() {
        let line = |arguments| host_call(&entry("log.log", arguments)).unwrap();
        assert_eq!(line(r#"16, 5 "hello""#), r#"log.log("hello")"#);
        assert_eq!(line(r#""16, 5", 7"#), r#"log.log("16, 5", 7)"#);
        assert_eq!(line("16, 5"), "log.log(16, 5)");
        assert_eq!(host_call(&entry("fd_write", "1, 1 iovec")), None);
    }

    #[test]
    fn an_address_may_be_any() {
        let line = r#"env.see(&S{val: 0x1} /* 0x1000 */, "0x10", 4096)"#;
        assert_eq!(
            without_addresses(line, true),
            r#"env.see(&S{val: …} /* … */, "0x10", 4096)"#
        );
        assert_eq!(
            without_addresses("env.see(65536, 12, -1)", false),
            "env.see(…, 12, -1)"
        );
        assert_eq!(without_addresses("env.see", false), "env.see");
    }

    #[test]
    fn dots_stand_for_anything_and_a_name_for_any_arguments() {
        for (expected, line, is_so) in [
            ("a.b(…)", "a.b(1, 2)", true),
            ("a.b(…, 2)", "a.b(1, 2)", true),
            ("a.b(…, 3)", "a.b(1, 2)", false),
            ("a.b(1, …", "a.b(2, 1)", false),
            ("a.b(1…1)", "a.b(1)", false),
            ("…x…x…", "axbxc", true),
            ("…x…x…", "axb", false),
            ("a.b", "a.b(1)", true),
            ("a.b(1)", "a.b(1)", true),
            ("a", "a.b(1)", false),
        ] {
            assert_eq!(matches(expected, line), is_so, "{expected} {line}");
        }
    }
}
