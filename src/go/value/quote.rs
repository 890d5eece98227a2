//! Go's quoted strings, as `strconv.Quote` writes and a Go compiler reads them.
//!
//! Must not know of types or of the source around a string.

/// `bytes` as a Go string literal: printable characters as they are, everything else escaped, so
/// that reading the literal gives the same bytes, whether or not they are UTF-8.
#[must_use]
pub fn quote(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 2);
    text.push('"');
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            escape(c, &mut text);
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text.push('"');
    text
}

/// A name as it is shown: legible, and `""` where there is none.
#[must_use]
pub fn named(name: &str) -> String {
    match name {
        "" => "\"\"".to_owned(),
        name => legible(name),
    }
}

/// A name that a file brings, to be shown: what is not printable is escaped, so that none can hide or turn
/// around what it or its neighbour says.
#[must_use]
pub fn legible(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        if printable(c) {
            text.push(c);
        } else {
            escape(c, &mut text);
        }
    }
    text
}

fn escape(c: char, text: &mut String) {
    match c {
        '"' => text.push_str("\\\""),
        '\\' => text.push_str("\\\\"),
        '\x07' => text.push_str("\\a"),
        '\x08' => text.push_str("\\b"),
        '\x0c' => text.push_str("\\f"),
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        '\x0b' => text.push_str("\\v"),
        c if c < ' ' || c == '\x7f' => text.push_str(&format!("\\x{:02x}", u32::from(c))),
        c if printable(c) => text.push(c),
        c if u32::from(c) < 0x1_0000 => text.push_str(&format!("\\u{:04x}", u32::from(c))),
        c => text.push_str(&format!("\\U{:08x}", u32::from(c))),
    }
}

/// What `strconv.IsPrint` says: letters, marks, numbers, punctuation, symbols and the ASCII space.
/// The standard library's own table is only reachable through `str::escape_debug`, which escapes
/// a combining mark at the start of a string, so the character is put behind another one.
fn printable(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    let mut text = String::from('a');
    text.push(c);
    text.escape_debug().eq(text.chars())
}

/// The bytes of a Go string literal, interpreted (`"…"`) or raw (`` `…` ``).
///
/// # Errors
///
/// What is wrong with it, as a phrase: `unknown escape \q`.
pub fn unquote(literal: &str) -> Result<Vec<u8>, String> {
    if let Some(raw) = literal.strip_prefix('`') {
        return match raw.strip_suffix('`') {
            Some(raw) if !raw.contains('`') => Ok(raw.replace('\r', "").into_bytes()),
            _ => Err("raw string literal not terminated".to_owned()),
        };
    }
    let body = literal
        .strip_prefix('"')
        .and_then(|body| body.strip_suffix('"'))
        .ok_or("string literal not terminated")?;
    unescape(body, Some('"'))
}

/// The bytes of a text in which Go's escapes are read. `quote` is the quotation mark that may not
/// stand in it unescaped.
///
/// # Errors
///
/// What is wrong with it, as a phrase.
pub(super) fn unescape(body: &str, quote: Option<char>) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(body.len());
    let mut chars = body.chars();
    let mut buffer = [0; 4];
    while let Some(c) = chars.next() {
        if Some(c) == quote {
            return Err(format!("{c} in the literal: write \\{c}"));
        }
        if c == '\n' && quote.is_some() {
            return Err("newline in string".to_owned());
        }
        if c != '\\' {
            bytes.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
            continue;
        }
        let kind = chars.next().ok_or("escape not terminated")?;
        match kind {
            'a' => bytes.push(7),
            'b' => bytes.push(8),
            'f' => bytes.push(12),
            'n' => bytes.push(b'\n'),
            'r' => bytes.push(b'\r'),
            't' => bytes.push(b'\t'),
            'v' => bytes.push(11),
            '\\' => bytes.push(b'\\'),
            '"' if quote != Some('\'') => bytes.push(b'"'),
            '\'' if quote != Some('"') => bytes.push(b'\''),
            'x' => bytes.push(byte(digits(&mut chars, kind, 2, 16)?)?),
            '0'..='7' => {
                let first = kind.to_digit(8).unwrap_or_default();
                bytes.push(byte(first * 64 + digits(&mut chars, kind, 2, 8)?)?);
            }
            'u' | 'U' => {
                let count = if kind == 'u' { 4 } else { 8 };
                let code = digits(&mut chars, kind, count, 16)?;
                let c = char::from_u32(code)
                    .ok_or_else(|| format!("escape is invalid Unicode code point {code:#x}"))?;
                bytes.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
            }
            other => return Err(format!("unknown escape \\{other}")),
        }
    }
    Ok(bytes)
}

/// The code of what stands between the quotes of a rune literal.
pub(in crate::go) fn rune(body: &str) -> Option<u32> {
    let mut chars = body.chars();
    match (chars.next()?, chars.next(), chars.next()) {
        ('\'' | '\n' | '\\', None, _) => None,
        (c, None, _) => Some(c.into()),
        // Here they are one byte, in a string two.
        ('\\', Some('x' | '0'..='7'), _) => match unescape(body, Some('\'')).ok()?.as_slice() {
            [byte] => Some((*byte).into()),
            _ => None,
        },
        ('\\', Some(_), _) => {
            let bytes = unescape(body, Some('\'')).ok()?;
            let mut chars = std::str::from_utf8(&bytes).ok()?.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => Some(c.into()),
                _ => None,
            }
        }
        _ => None,
    }
}

fn digits(
    chars: &mut std::str::Chars<'_>,
    kind: char,
    count: u32,
    base: u32,
) -> Result<u32, String> {
    let mut number = 0u32;
    for _ in 0..count {
        let digit = chars
            .next()
            .and_then(|c| c.to_digit(base))
            .ok_or_else(|| format!("invalid digits in escape \\{kind}"))?;
        number = number.wrapping_mul(base).wrapping_add(digit);
    }
    Ok(number)
}

fn byte(number: u32) -> Result<u8, String> {
    u8::try_from(number).map_err(|_| format!("octal escape value {number} > 255"))
}
