//! Values of a guest as text, by how their bytes are to be read.
//!
//! What is said of a value may be wrong, and what memory holds may be anything: what is not in memory is said
//! to be so, and a text has a largest length.

use crate::go::value::show;
use crate::go::{Type, Value};
use crate::linear::Linear;
use crate::protocol::Shape;
use std::borrow::Cow;

/// Characters of a text, and elements of a list, that are written.
const MOST_TEXT: usize = 400;
const MOST_ELEMENTS: u32 = 16;

/// Bytes of a string that are.
const MOST_BYTES: u32 = 120;

/// Bytes of memory that are read for one of them.
const MOST_READ: u32 = 1 << 24;

/// How deep values are gone into.
const DEEPEST: usize = 8;

/// The value whose leaves (numbers and addresses, in the order of their places) these Wasm values are; `memory` is the
/// guest's.
#[must_use]
pub fn shown(shape: &Shape, words: &[u64], memory: Linear<'_>) -> String {
    let mut bytes = vec![0; usize::try_from(shape.size()).unwrap_or(0).min(1 << 16)];
    let mut words = words.iter();
    shape.leaves(&mut |at, size, _| {
        let Some(word) = words.next() else { return };
        let at = at as usize;
        let size = usize::try_from(size).unwrap_or(0).min(8);
        if let (Some(to), Some(from)) = (
            bytes.get_mut(at..at.saturating_add(size)),
            word.to_le_bytes().get(..size),
        ) {
            to.copy_from_slice(from);
        }
    });
    let mut writer = Writer {
        memory,
        text: String::new(),
    };
    writer.value(shape, &bytes, DEEPEST);
    writer.text
}

struct Writer<'a> {
    memory: Linear<'a>,
    text: String,
}

impl<'a> Writer<'a> {
    fn is_full(&self) -> bool {
        self.text.len() >= MOST_TEXT
    }

    fn value(&mut self, shape: &Shape, bytes: &[u8], depth: usize) {
        if depth == 0 || self.is_full() {
            self.text.push('…');
            return;
        }
        let number = number(bytes, shape.size());
        match shape {
            Shape::Bool => self
                .text
                .push_str(if number == 0 { "false" } else { "true" }),
            Shape::Unsigned(_) => self.text.push_str(&number.to_string()),
            Shape::Signed(size) => {
                let unused = 64_u32.saturating_sub(u32::from(*size).saturating_mul(8));
                let signed = number
                    .wrapping_shl(unused)
                    .cast_signed()
                    .wrapping_shr(unused);
                self.text.push_str(&signed.to_string());
            }
            Shape::Float(4) => {
                let bits = u32::try_from(number).unwrap_or(0);
                let value = show(&Value::Float32(bits), &Type::Float32).to_string();
                self.text.push_str(&value);
            }
            Shape::Float(_) => {
                let value = show(&Value::Float64(number), &Type::Float64).to_string();
                self.text.push_str(&value);
            }
            Shape::Text => {
                let (at, length) = (address(bytes, 0), address(bytes, 4));
                let cut = length.min(MOST_BYTES);
                match self.stretch(at, length, cut) {
                    Some(string) => {
                        let string = Value::String(string.into_owned());
                        let string = show(&string, &Type::String).to_string();
                        self.text.push_str(&string);
                        if cut < length {
                            self.text.push_str(&format!("… ({length} bytes)"));
                        }
                    }
                    None => self.lost(at),
                }
            }
            Shape::Slice(element) => {
                let (at, length) = (address(bytes, 0), address(bytes, 4));
                let size = element.size();
                let count = length.min(MOST_ELEMENTS);
                let all = u32::try_from(size.saturating_mul(count.into())).unwrap_or(u32::MAX);
                if at == 0 && length == 0 {
                    return self.text.push_str("nil");
                }
                match self.stretch(at, all, all) {
                    Some(elements) => self.list(element, &elements, size, length, depth),
                    None => self.lost(at),
                }
            }
            Shape::Array(element, count) => {
                self.list(element, bytes, element.size(), *count, depth);
            }
            Shape::Pointer(to) => {
                let at = address(bytes, 0);
                if at == 0 {
                    return self.text.push_str("nil");
                }
                let size = to.as_ref().map_or(0, |to| to.size());
                let there = u32::try_from(size)
                    .ok()
                    .and_then(|size| self.stretch(at, size, size));
                match (to, there) {
                    (Some(to), Some(bytes)) if size > 0 => {
                        self.text.push('&');
                        self.value(to, &bytes, depth - 1);
                        self.text.push_str(&format!(" /* {at:#x} */"));
                    }
                    _ => self.text.push_str(&format!("{at:#x}")),
                }
            }
            Shape::Struct(name, fields) => {
                self.text.push_str(name);
                self.text.push('{');
                for (place, (field, at, shape)) in fields.iter().enumerate() {
                    if place > 0 {
                        self.text.push_str(", ");
                    }
                    if self.is_full() {
                        self.text.push('…');
                        break;
                    }
                    self.text.push_str(field);
                    self.text.push_str(": ");
                    let bytes = bytes.get(*at as usize..).unwrap_or_default();
                    self.value(shape, bytes, depth - 1);
                }
                self.text.push('}');
            }
            Shape::Opaque(_) => self.text.push('…'),
            Shape::At(value) => {
                let at = address(bytes, 0);
                let size = u32::try_from(value.size()).unwrap_or(u32::MAX);
                // What the guest has put nowhere is not there.
                match self.stretch(at, size, size).filter(|_| at != 0) {
                    Some(bytes) => {
                        let bytes = bytes.to_vec();
                        self.value(value, &bytes, depth - 1);
                    }
                    None => self.lost(at),
                }
            }
        }
    }

    fn list(&mut self, element: &Shape, bytes: &[u8], size: u64, length: u32, depth: usize) {
        self.text.push('[');
        let size = usize::try_from(size).unwrap_or(0);
        for place in 0..length {
            if place > 0 {
                self.text.push_str(", ");
            }
            if place >= MOST_ELEMENTS || self.is_full() {
                self.text.push_str(&format!("…] ({length} elements)"));
                return;
            }
            let at = size.saturating_mul(place as usize);
            self.value(element, bytes.get(at..).unwrap_or_default(), depth - 1);
        }
        self.text.push(']');
    }

    fn lost(&mut self, at: u32) {
        self.text
            .push_str(&format!("/* at {at:#x}, which is not in memory */"));
    }

    /// The first `most` bytes of a stretch, if all of it is in memory.
    fn stretch(&self, at: u32, length: u32, most: u32) -> Option<Cow<'a, [u8]>> {
        let range = self.memory.range(at.into(), length.into())?;
        let most = length.min(most).min(MOST_READ);
        Some(self.memory.head(range.start, most as usize))
    }
}

/// The number in the first `size` bytes.
fn number(bytes: &[u8], size: u64) -> u64 {
    let size = usize::try_from(size).unwrap_or(8).min(8);
    let mut all = [0; 8];
    for (to, from) in all.iter_mut().zip(bytes.iter().take(size)) {
        *to = *from;
    }
    u64::from_le_bytes(all)
}

fn address(bytes: &[u8], at: usize) -> u32 {
    let number = number(bytes.get(at..).unwrap_or_default(), 4);
    u32::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linear::tests::read_both;

    fn shown(shape: &Shape, words: &[u64], memory: &[u8]) -> String {
        read_both(memory, |memory| super::shown(shape, words, memory))
    }

    fn signed(size: u8) -> Shape {
        Shape::Signed(size)
    }

    #[test]
    fn values_are_written_as_go_does() {
        let mut memory = vec![0; 64];
        memory[8..13].copy_from_slice(b"hello");
        memory[16..20].copy_from_slice(&7_u32.to_le_bytes());
        memory[20..24].copy_from_slice(&(-1_i32).to_le_bytes());
        let point = || {
            let fields = vec![
                ("x".to_owned(), 0, signed(4)),
                ("y".to_owned(), 4, signed(4)),
            ];
            Shape::Struct("main.P".to_owned(), fields)
        };
        let cases: [(Shape, &[u64], &str); 14] = [
            (Shape::Bool, &[1], "true"),
            (signed(1), &[0xff], "-1"),
            (signed(8), &[u64::MAX], "-1"),
            (Shape::Unsigned(2), &[0xffff_ffff], "65535"),
            (Shape::Float(8), &[1.5_f64.to_bits()], "1.5"),
            (Shape::Float(4), &[u64::from(0.1_f32.to_bits())], "0.1"),
            (Shape::Text, &[8, 5], "\"hello\""),
            (
                Shape::Text,
                &[60, 5],
                "/* at 0x3c, which is not in memory */",
            ),
            (Shape::Slice(Box::new(signed(4))), &[16, 2, 4], "[7, -1]"),
            (Shape::Slice(Box::new(signed(4))), &[0, 0, 0], "nil"),
            (Shape::Array(Box::new(signed(2)), 2), &[3, 4], "[3, 4]"),
            (point(), &[1, 2], "main.P{x: 1, y: 2}"),
            (
                Shape::Pointer(Some(Box::new(point()))),
                &[16],
                "&main.P{x: 7, y: -1} /* 0x10 */",
            ),
            (Shape::Pointer(None), &[0], "nil"),
        ];
        for (shape, words, wanted) in cases {
            assert_eq!(shown(&shape, words, &memory), wanted, "{shape:?}");
        }
    }

    #[test]
    fn what_is_wrong_or_endless_has_an_end() {
        let mut deep = Shape::Opaque(4);
        for _ in 0..50 {
            deep = Shape::Pointer(Some(Box::new(deep)));
        }
        // A pointer to itself.
        let memory = 4_u32.to_le_bytes().repeat(8);
        assert!(shown(&deep, &[4], &memory).len() < 1000);
        let huge = Shape::Array(Box::new(Shape::Array(Box::new(deep), u32::MAX)), u32::MAX);
        assert!(shown(&huge, &[1, 2, 3], &memory).len() < 1000);
        let none = Shape::Struct(String::new(), Vec::new());
        let none = Shape::Array(Box::new(Shape::Array(Box::new(none), u32::MAX)), u32::MAX);
        assert!(shown(&none, &[1], &memory).len() < 1000);
        let wide = Shape::Slice(Box::new(Shape::Opaque(u32::MAX)));
        assert!(shown(&wide, &[8, u64::from(u32::MAX), 0], &memory).contains("not in memory"));
    }
}
