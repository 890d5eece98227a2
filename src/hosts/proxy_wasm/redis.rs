//! What Redis's clients and servers say: RESP, as far as replies are filled in and shown in it.
//!
//! A value begins with what it is, and each line ends in CR and LF:
//!
//! ```text
//! +OK     -ERR no     :1     $3 of bytes, then these     *2 of values, then these     $-1 and *-1: none
//! ```

use crate::hosts::fields::text;
use serde_json::Value as Json;

/// The most values of an array, with all that is in it, that are told.
const MOST: usize = 1000;

/// The reply that was filled in: RESP as it is, a number, a list in JSON, nothing or `nil`; or else a string of these bytes. JSON with a
/// status of 0 is a failure, which has no bytes.
pub(super) fn reply(filled_in: &str) -> Vec<u8> {
    let trimmed = filled_in.trim();
    if trimmed.parse::<i64>().is_ok() {
        return format!(":{trimmed}\r\n").into_bytes();
    }
    if let Some('+' | '-' | ':' | '$' | '*') = trimmed.chars().next()
        && trimmed.len() > 1
    {
        let mut lines = trimmed.lines().collect::<Vec<_>>().join("\r\n");
        lines.push_str("\r\n");
        return lines.into_bytes();
    }
    let mut bytes = Vec::new();
    match serde_json::from_str::<Json>(trimmed) {
        Ok(Json::Object(fields)) if fields.get("status") == Some(&Json::from(0)) => {}
        Ok(list @ Json::Array(_)) => write(&mut bytes, &list),
        _ if matches!(trimmed, "" | "nil" | "null") => write(&mut bytes, &Json::Null),
        _ => string(&mut bytes, filled_in),
    }
    bytes
}

fn string(to: &mut Vec<u8>, text: &str) {
    to.extend(format!("${}\r\n{text}\r\n", text.len()).into_bytes());
}

/// Writes a value. It is no deeper than what reads JSON allows.
fn write(to: &mut Vec<u8>, value: &Json) {
    match value {
        Json::Null => to.extend(b"$-1\r\n"),
        Json::Number(number) if number.is_i64() => {
            to.extend(format!(":{number}\r\n").into_bytes());
        }
        Json::Array(items) => {
            to.extend(format!("*{}\r\n", items.len()).into_bytes());
            for item in items {
                write(to, item);
            }
        }
        Json::String(text) => string(to, text),
        other => string(to, &other.to_string()),
    }
}

/// A value for whoever looks at it: the words of a command, one behind the other. What is no RESP is shown as it is.
pub(super) fn words(bytes: &[u8]) -> String {
    let mut words = Vec::new();
    let mut rest = bytes;
    let mut left = 1_usize;
    while left > 0 && words.len() < MOST {
        let Some(value) = read(&mut rest) else {
            return text(bytes).into_owned();
        };
        left -= 1;
        match value {
            Said::Word(word) => words.push(word),
            Said::Array(count) => left = left.saturating_add(count),
        }
    }
    words.join(" ")
}

/// A value, or how many values one is made of.
enum Said {
    Word(String),
    Array(usize),
}

/// The value that bytes begin with, which are left behind.
fn read(rest: &mut &[u8]) -> Option<Said> {
    let (kind, line) = line(rest)?.split_first()?;
    let count = || text(line).parse::<usize>();
    Some(match kind {
        b'+' | b'-' | b':' => Said::Word(text(line).into_owned()),
        b'$' | b'*' if line == b"-1" => Said::Word("nil".to_owned()),
        b'*' => Said::Array(count().ok()?),
        b'$' => {
            let (word, behind) = rest.split_at_checked(count().ok()?)?;
            *rest = behind.strip_prefix(b"\r\n")?;
            Said::Word(text(word).into_owned())
        }
        _ => return None,
    })
}

/// The bytes up to the end of the line.
fn line<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
    let (line, behind) = rest.split_at_checked(end)?;
    *rest = behind.get(2..)?;
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_becomes_resp() {
        for (filled_in, resp) in [
            ("", "$-1\r\n"),
            ("nil", "$-1\r\n"),
            ("12", ":12\r\n"),
            ("-12", ":-12\r\n"),
            ("12.5", "$4\r\n12.5\r\n"),
            ("+OK", "+OK\r\n"),
            ("-NOAUTH no", "-NOAUTH no\r\n"),
            ("$2\nab\n", "$2\r\nab\r\n"),
            ("a b", "$3\r\na b\r\n"),
            (
                r#"[1, "a", null, [2]]"#,
                "*4\r\n:1\r\n$1\r\na\r\n$-1\r\n*1\r\n:2\r\n",
            ),
            (r#"{"a": 1}"#, "$8\r\n{\"a\": 1}\r\n"),
            (r#"{"status": 0}"#, ""),
        ] {
            assert_eq!(text(&reply(filled_in)), resp, "{filled_in}");
        }
    }

    #[test]
    fn resp_is_told_in_words() {
        for (resp, words_of_it) in [
            ("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n", "GET k"),
            ("*2\r\n*1\r\n:1\r\n$-1\r\n", "1 nil"),
            ("-ERR no\r\n", "ERR no"),
            ("", ""),
            ("*9\r\n", "*9\r\n"),
            ("$99\r\na\r\n", "$99\r\na\r\n"),
            (
                "*18446744073709551615\r\n:1\r\n",
                "*18446744073709551615\r\n:1\r\n",
            ),
        ] {
            assert_eq!(words(resp.as_bytes()), words_of_it, "{resp}");
        }
    }
}
