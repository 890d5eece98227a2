//! How headers cross: as bytes of one map.

use crate::hosts::fields::{FIELDS, Fields, text};

/// The bytes of a map: how many fields there are, the lengths of each name and value, then these, each ended by a NUL.
///
/// For `a: 1` and `b: 22`:
///
/// ```text
///   2 fields      "a" "1"                   "b" "22"
///  +----------+  +-----------------------+ +-----------------------+
///  [2, 0, 0, 0,   1, 0, 0, 0, 1, 0, 0, 0,   1, 0, 0, 0, 2, 0, 0, 0,
///   'a', 0, '1', 0, 'b', 0, '2', '2', 0]
/// ```
pub(super) fn encode(fields: &Fields) -> Vec<u8> {
    let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
    let mut bytes = number(fields.len()).to_vec();
    for (name, value) in fields.iter() {
        bytes.extend(number(name.len()));
        bytes.extend(number(value.len()));
    }
    for (name, value) in fields.iter() {
        bytes.extend(name.as_bytes());
        bytes.push(0);
        bytes.extend(value);
        bytes.push(0);
    }
    bytes
}

/// The map that bytes are; `None`: they are none. No bytes, or a single NUL, are an empty one.
pub(super) fn decode(bytes: &[u8]) -> Option<Fields> {
    if matches!(bytes, [] | [0]) {
        return Some(Fields::default());
    }
    let (count, rest) = number(bytes)?;
    if count > FIELDS {
        return None;
    }
    let (mut lengths, mut rest) = rest.split_at_checked(count.checked_mul(8)?)?;
    let mut pairs = Vec::with_capacity(count);
    for _ in 0..count {
        let (name, behind) = number(lengths)?;
        let (value, behind) = number(behind)?;
        lengths = behind;
        let name = text(string(&mut rest, name)?).into_owned();
        pairs.push((name, string(&mut rest, value)?.to_vec()));
    }
    Some(pairs.into_iter().collect())
}

/// The number that bytes begin with, and what is behind it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    let number = usize::try_from(u32::from_le_bytes(*number)).ok()?;
    Some((number, rest))
}

/// The next bytes, so many, which a NUL ends.
fn string<'b>(rest: &mut &'b [u8], length: usize) -> Option<&'b [u8]> {
    let (string, behind) = rest.split_at_checked(length)?;
    *rest = behind.strip_prefix(&[0])?;
    Some(string)
}
