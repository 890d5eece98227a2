//! Addresses in what is said, which lead to Memory.

/// The text in parts, each with the address that it is, if it is one: a number in hexadecimal that stands alone,
/// outside of quotes, is not 0 and has at most 32 bits.
pub(crate) fn parts(text: &str) -> Vec<(&str, Option<u64>)> {
    let mut parts = Vec::new();
    let mut plain = 0;
    let mut quoted = false;
    let mut before = ' ';
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if quoted => {
                letters.next();
            }
            '"' => quoted = !quoted,
            '0' if !(quoted || before.is_alphanumeric() || matches!(before, '_' | '|')) => {
                let rest = text.get(at..).unwrap_or_default();
                if let Some(length) = length(rest) {
                    let number = rest.get(2..length).unwrap_or_default();
                    let address = u64::from_str_radix(number, 16).ok().filter(|it| *it > 0);
                    if address.is_some() {
                        parts.push((text.get(plain..at).unwrap_or_default(), None));
                        parts.push((rest.get(..length).unwrap_or_default(), address));
                        plain = at + length;
                    }
                }
            }
            _ => {}
        }
        before = letter;
    }
    parts.push((text.get(plain..).unwrap_or_default(), None));
    parts.retain(|(part, _)| !part.is_empty());
    parts
}

/// How long the address is that the text begins with.
fn length(text: &str) -> Option<usize> {
    let digits = text.strip_prefix("0x")?;
    let end = digits
        .find(|c: char| !c.is_ascii_hexdigit())
        .unwrap_or(digits.len());
    let next = digits.get(end..).and_then(|rest| rest.chars().next());
    let ends = next.is_none_or(|next| !(next.is_alphanumeric() || next == '_'));
    ((1..=8).contains(&end) && ends).then_some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stands_alone() {
        for (text, parts) in [
            (
                "returned 0x1f00",
                vec![("returned ", None), ("0x1f00", Some(0x1f00))],
            ),
            (
                "(0x10, 12)",
                vec![("(", None), ("0x10", Some(16)), (", 12)", None)],
            ),
            (
                "0x1–0x2",
                vec![("0x1", Some(1)), ("–", None), ("0x2", Some(2))],
            ),
            ("", vec![]),
        ] {
            assert_eq!(super::parts(text), parts);
        }
        for text in [
            "0x0",
            "NONBLOCK|0x40",
            "a0x10",
            "0x10g",
            "0x",
            "0x123456789",
            r#"open "0x10 \" 0x20""#,
            "é0x10",
        ] {
            assert_eq!(super::parts(text), [(text, None)]);
        }
    }
}
