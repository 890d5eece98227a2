//! Protobuf's wire format, without a schema: fields by number and wire type, as lines of text.
//!
//! ```text
//! 1 len "codegen.go"
//! 2 varint 150
//! 3 len {
//!   1 fixed64 0x3ff0000000000000
//! }
//! ```
//!
//! What has a length says not what it is: it is text if it is UTF-8 that can be read, a message if it is fields to its end, else bytes.

use crate::go::value::quote;
use std::fmt::Write;

/// How deep messages are looked into; below that they are bytes.
const MOST_DEPTH: usize = 64;

/// The most bytes that are looked at: whoever draws the lines waits for them.
const MOST_READ: usize = 1 << 20;

/// The most bytes of text that are written.
const MOST_TEXT: usize = 256 << 10;

/// The most bytes of a field that are written as digits.
const MOST_BYTES: usize = 256;

/// The most bytes of text of a field that are written.
const MOST_QUOTED: usize = 4 << 10;

/// The largest number of a field.
const MOST_NUMBER: u64 = (1 << 29) - 1;

/// A field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// Its number.
    pub number: u64,
    /// What it holds.
    pub content: Content<'a>,
}

/// What a field holds, by its wire type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// 0.
    Varint(u64),
    /// 1.
    Fixed64(u64),
    /// 2: text, a message or bytes.
    Len(&'a [u8]),
    /// 3: a group's fields follow, to the end that has its number.
    Start,
    /// 4.
    End,
    /// 5.
    Fixed32(u32),
}

/// The fields of a message, in their order; it ends where bytes are none.
#[derive(Clone, Debug)]
pub struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    /// `None` within: what follows is no field.
    type Item = Option<Field<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Option<Field<'a>> {
        let tag = self.varint()?;
        let number = tag >> 3;
        if number == 0 || number > MOST_NUMBER {
            return None;
        }
        let content = match tag & 7 {
            0 => Content::Varint(self.varint()?),
            1 => Content::Fixed64(u64::from_le_bytes(self.fixed()?)),
            2 => {
                let length = self.varint()?;
                Content::Len(self.take(length)?)
            }
            3 => Content::Start,
            4 => Content::End,
            5 => Content::Fixed32(u32::from_le_bytes(self.fixed()?)),
            _ => return None,
        };
        Some(Field { number, content })
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(taken)
    }

    fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N as u64)?.try_into().ok()
    }

    /// Seven bits a byte, the lowest first: ten bytes at most, of which the last has one bit.
    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return None;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

/// The fields of a message.
#[must_use]
pub fn fields(bytes: &[u8]) -> Fields<'_> {
    Fields(bytes)
}

/// Whether bytes are fields to their end, and each group ends. It looks into none.
#[must_use]
pub fn is_message(bytes: &[u8]) -> bool {
    let mut groups = Vec::new();
    for field in fields(bytes) {
        let Some(Field { number, content }) = field else {
            return false;
        };
        match content {
            Content::Start => groups.push(number),
            Content::End if groups.pop() != Some(number) => return false,
            _ => {}
        }
        if groups.len() > MOST_DEPTH {
            return false;
        }
    }
    groups.is_empty()
}

/// The contents of the fields of a number that have a length.
pub fn parts(bytes: &[u8], number: u64) -> impl Iterator<Item = &[u8]> {
    fields(bytes).filter_map(move |field| match field? {
        Field {
            number: its,
            content: Content::Len(bytes),
        } if its == number => Some(bytes),
        _ => None,
    })
}

/// Such a field's text, as far as it is that; empty if there is none. The last one counts.
#[must_use]
pub fn text(bytes: &[u8], number: u64) -> String {
    let last = parts(bytes, number).last();
    last.map_or_else(String::new, |it| String::from_utf8_lossy(it).into_owned())
}

/// Writes a field that has a length.
pub fn put(to: &mut Vec<u8>, number: u64, content: &[u8]) {
    let mut varint = |mut value: u64| {
        loop {
            let [low, ..] = value.to_le_bytes();
            value >>= 7;
            let goes_on = if value > 0 { 0x80 } else { 0 };
            to.push(low & 0x7f | goes_on);
            if value == 0 {
                return;
            }
        }
    };
    varint(number << 3 | 2);
    varint(content.len() as u64);
    to.extend_from_slice(content);
}

/// The fields of a message as lines; `None`: the bytes are none, there are no bytes, or more than are looked at.
#[must_use]
pub fn lines(bytes: &[u8]) -> Option<String> {
    if bytes.is_empty() || bytes.len() > MOST_READ || !is_message(bytes) {
        return None;
    }
    let mut text = String::new();
    write(&mut text, bytes, 0);
    if text.len() > MOST_TEXT {
        text.push_str("…\n");
    }
    Some(text)
}

fn write(to: &mut String, bytes: &[u8], depth: usize) {
    let mut indent = depth;
    for Field { number, content } in fields(bytes).flatten() {
        if to.len() > MOST_TEXT {
            return;
        }
        if content == Content::End {
            indent = indent.saturating_sub(1);
        }
        for _ in 0..indent {
            to.push_str("  ");
        }
        // Writing to a string cannot fail.
        let _ = match content {
            Content::Varint(value) if value > i64::MAX.unsigned_abs() => {
                writeln!(to, "{number} varint {value} ({})", value.cast_signed())
            }
            Content::Varint(value) => writeln!(to, "{number} varint {value}"),
            Content::Fixed64(value) => writeln!(to, "{number} fixed64 {value:#018x}"),
            Content::Fixed32(value) => writeln!(to, "{number} fixed32 {value:#010x}"),
            Content::Start => writeln!(to, "{number} group {{"),
            Content::End => writeln!(to, "}}"),
            Content::Len(bytes) => {
                let _ = write!(to, "{number} len ");
                write_len(to, bytes, indent);
                Ok(())
            }
        };
        if content == Content::Start {
            indent += 1;
        }
    }
}

fn write_len(to: &mut String, bytes: &[u8], depth: usize) {
    let legible = std::str::from_utf8(bytes).ok().and_then(legible);
    let is_message = || depth < MOST_DEPTH && is_message(bytes);
    let _ = match legible {
        Some(Legible::Line) => writeln!(to, "{}", quoted(bytes)),
        _ if is_message() => {
            to.push_str("{\n");
            write(to, bytes, depth + 1);
            for _ in 0..depth {
                to.push_str("  ");
            }
            writeln!(to, "}}")
        }
        Some(Legible::Lines) => writeln!(to, "{}", quoted(bytes)),
        None => {
            let head = bytes.get(..MOST_BYTES).unwrap_or(bytes);
            let more = if head.len() < bytes.len() { " …" } else { "" };
            let count = crate::amount::amount(bytes.len() as u64, "byte");
            writeln!(to, "{}{more} ({count})", super::hex(head))
        }
    };
}

/// How text can be read.
#[derive(Clone, Copy)]
enum Legible {
    Line,
    /// With ends of lines or tabs, which bytes of a message may be as well.
    Lines,
}

fn legible(text: &str) -> Option<Legible> {
    let is_white = |char: char| matches!(char, '\n' | '\r' | '\t');
    match text
        .chars()
        .any(|char| char.is_control() && !is_white(char))
    {
        true => None,
        false if text.contains(is_white) => Some(Legible::Lines),
        false => Some(Legible::Line),
    }
}

fn quoted(bytes: &[u8]) -> String {
    let head = bytes.get(..MOST_QUOTED).unwrap_or(bytes);
    let more = if head.len() < bytes.len() { " …" } else { "" };
    format!("{}{more}", quote(head))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn message(parts: &[(u64, &[u8])]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (number, content) in parts {
            put(&mut bytes, *number, content);
        }
        bytes
    }

    #[test]
    fn each_wire_type_is_told() {
        let bytes = [
            0x08, 0x96, 0x01, // 1: 150
            0x12, 0x03, b'A', b'd', b'a', // 2: "Ada"
            0x1d, 1, 0, 0, 0, // 3: fixed32
            0x21, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, // 4: 1.0
            0x2b, 0x08, 0x07, 0x2c, // 5: a group of 1: 7
            0x32, 0x02, 0x08, 0x01, // 6: a message
            0x3a, 0x02, 0xff, 0xfe, // 7: bytes
            0x42, 0x00, // 8: nothing
            0x48, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, // 9: -1
        ];
        let text = "1 varint 150\n2 len \"Ada\"\n3 fixed32 0x00000001\n4 fixed64 0x3ff0000000000000\n\
                    5 group {\n  1 varint 7\n}\n6 len {\n  1 varint 1\n}\n7 len ff fe (2 bytes)\n8 len \"\"\n\
                    9 varint 18446744073709551615 (-1)\n";
        assert_eq!(lines(&bytes).as_deref(), Some(text));
    }

    #[test]
    fn messages_are_told_from_text() {
        let sql = b"SELECT id\n\tFROM users;\n";
        let inner = message(&[(1, b"\thello.sql")]);
        let bytes = message(&[(1, sql), (2, &inner)]);
        assert_eq!(
            lines(&bytes).unwrap(),
            "1 len \"SELECT id\\n\\tFROM users;\\n\"\n2 len {\n  1 len \"\\thello.sql\"\n}\n"
        );
        assert_eq!(text(&bytes, 1).as_bytes(), sql);
        assert_eq!(parts(&bytes, 2).collect::<Vec<_>>(), [&*inner]);
    }

    #[test]
    fn what_is_no_message_is_none() {
        for bytes in [
            &[][..],
            &[0x00],             // field 0
            &[0x08],             // no value
            &[0x08, 0x80],       // a varint that is cut
            &[0x0e, 0x00],       // wire type 6
            &[0x12, 0x05, b'a'], // too short
            &[0x0d, 0, 0, 0],    // a fixed32 of 3 bytes
            &[0x0b],             // a group without an end
            &[0x0c],             // an end without a group
            &[0x0b, 0x14],       // the end of another one
            b"plain text",
            &[
                0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02,
            ], // over 64 bits
            &[
                0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01,
            ],
            &[0x80, 0x80, 0x80, 0x80, 0x10, 0x00], // a number over 2^29
        ] {
            assert_eq!(lines(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn deep_and_long_messages_end() {
        let mut bytes = b"\x08\x01".to_vec();
        for _ in 0..2_000 {
            let mut outer = Vec::new();
            put(&mut outer, 1, &bytes);
            bytes = outer;
        }
        let text = lines(&bytes).unwrap();
        assert_eq!(text.lines().filter(|line| line.ends_with('{')).count(), 64);
        assert!(text.contains(" … ("), "{text}");
        let groups = [0x0b]
            .repeat(10_000)
            .into_iter()
            .chain([0x0c].repeat(10_000));
        assert_eq!(lines(&groups.collect::<Vec<_>>()), None);
        let long = lines(&[0x08, 0x01].repeat(100_000)).unwrap();
        assert!(long.len() < MOST_TEXT + 100 && long.ends_with("…\n"));
        assert_eq!(lines(&[0x08, 0x01].repeat(MOST_READ)), None);
    }

    proptest! {
        #[test]
        fn any_bytes_end(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            if let Some(text) = lines(&bytes) {
                prop_assert!(is_message(&bytes) && !text.is_empty());
            }
        }

        #[test]
        fn what_is_put_is_found(parts in proptest::collection::vec((1_u64..=MOST_NUMBER, proptest::collection::vec(any::<u8>(), 0..200)), 1..20)) {
            let mut bytes = Vec::new();
            for (number, content) in &parts {
                put(&mut bytes, *number, content);
            }
            let found: Vec<_> = fields(&bytes).flatten().map(|field| match field.content {
                Content::Len(content) => (field.number, content.to_vec()),
                other => panic!("{other:?}"),
            }).collect();
            prop_assert_eq!(&found, &parts);
            prop_assert!(lines(&bytes).is_some());
        }
    }
}
