//! Numbers as Go writes them: integer and floating-point literals, exact to the bit.
//!
//! Must not know of values and types: it deals in `i128` and in the bits of floats.

/// The integer that a person or a Go program wrote: decimal, `0x`, `0o`, `0b`, with `_` between
/// digits, with a sign. A decimal number with a leading zero is refused: Go reads it as octal, and a
/// person hardly ever means that.
///
/// # Errors
///
/// `None`: it is not an integer. `Some`: what to write instead.
pub(super) fn integer(text: &str) -> Result<i128, Option<String>> {
    let (negative, digits) = sign(text);
    let (base, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, digits.get(2..)),
        Some("0o" | "0O") => (8, digits.get(2..)),
        Some("0b" | "0B") => (2, digits.get(2..)),
        _ => (10, Some(digits)),
    };
    let digits = digits.unwrap_or_default();
    let plain = without_underscores(digits, base != 10).ok_or(None)?;
    if plain.is_empty() || !plain.chars().all(|c| c.is_digit(base)) {
        return Err(None);
    }
    if base == 10 && plain.len() > 1 && plain.starts_with('0') {
        let rest = plain.trim_start_matches('0');
        let rest = if rest.is_empty() { "0" } else { rest };
        return Err(Some(format!("write {rest}, or 0o{rest} for octal")));
    }
    let significant = plain.trim_start_matches('0');
    // Larger than any type, and still small enough to be shown as out of range.
    let number = if significant.is_empty() {
        0
    } else {
        i128::from_str_radix(significant, base).unwrap_or(i128::MAX)
    };
    Ok(if negative { -number } else { number })
}

pub(super) fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// The digits without the `_` that Go permits between them, and after a base prefix.
pub(super) fn without_underscores(digits: &str, after_prefix: bool) -> Option<String> {
    let mut previous = if after_prefix { '0' } else { '_' };
    for c in digits.chars() {
        if c == '_' && !previous.is_ascii_alphanumeric() {
            return None;
        }
        if previous == '_' && !c.is_ascii_alphanumeric() && !digits.starts_with(c) {
            return None;
        }
        previous = c;
    }
    if previous == '_' && !digits.is_empty() {
        return None;
    }
    Some(digits.replace('_', ""))
}
