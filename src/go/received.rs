//! What a guest passes to an imported function, in Go's terms.
//!
//! The guest may pass anything: a string that leads out of memory, a pointer to nowhere. None of that is
//! an error of the call; it is what there is to show. Must not know how an import is answered.

use std::fmt::{self, Write};

use super::abi::{self, wasm_types};
use super::encode::{self, string_at};
use super::layout;
use super::place::Place;
use super::types::{Abi, Signature, Type};
use super::value::{Pointer, Value, ValueError, show};
use crate::linear::Linear;

/// Bytes of a pointee that is read to be shown; of a larger one only the address is known.
const MAX_POINTEE_BYTES: u32 = 1 << 16;

/// Bytes of what a result points at that are read to be shown.
const MAX_RESULT_BYTES: u32 = 1 << 10;

/// Bytes of text for one argument.
const MAX_TEXT: usize = 1 << 16;

/// An argument that a guest passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Its value. A pointer into memory is a [`Pointer::New`] with what was there, or an address where
    /// that is not in memory or large.
    ///
    /// # Errors
    ///
    /// If a string is not all in memory, or there are fewer Wasm values than the signature needs.
    pub value: Result<Value, ValueError>,
    /// What a pointer or a string points at; `None` for everything else, and for nil.
    pub address: Option<u32>,
    /// How many bytes a string has, or what a pointer points at; 0 for everything else.
    pub length: u32,
    /// Whether the value is only the beginning of a string.
    is_cut: bool,
    ty: Type,
}

impl Received {
    /// Text that is not in the guest's memory.
    #[must_use]
    pub fn text(bytes: Vec<u8>) -> Self {
        Self {
            length: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            value: Ok(Value::String(bytes)),
            address: None,
            is_cut: false,
            ty: Type::String,
        }
    }
}

/// The arguments of a call of an import, one for each parameter of its signature. `words` are the Wasm
/// values in their low bits, `memory` is the guest's at the time of the call.
#[must_use]
pub fn received(
    signature: &Signature,
    words: &[u64],
    memory: Linear<'_>,
    abi: Abi,
) -> Vec<Received> {
    received_within(signature, words, memory, abi, u32::MAX)
}

/// As [`received`], reading no more than `most` bytes for each: a string is cut there, of a larger
/// pointee only the address is known.
#[must_use]
pub fn received_within(
    signature: &Signature,
    words: &[u64],
    memory: Linear<'_>,
    abi: Abi,
    most: u32,
) -> Vec<Received> {
    let mut words = words.iter().copied();
    let mut arguments = Vec::new();
    for param in &signature.params {
        let needed = wasm_types(&param.ty).map_or(1, <[_]>::len);
        let own: Vec<u64> = words.by_ref().take(needed).collect();
        arguments.push(argument(&param.ty, &own, memory, abi, most));
    }
    arguments
}

/// What a function returned, in Go syntax, with what a pointer points at where that is not large; several
/// results are `(3, 1)`.
#[must_use]
pub fn show_result(result: &Type, bits: &[u64], memory: Linear<'_>, abi: Abi) -> String {
    let shown = |(ty, bits): (&Type, &u64)| {
        argument(ty, &[*bits], memory, abi, MAX_RESULT_BYTES).to_string()
    };
    let shown: Vec<String> = abi::each(result).iter().zip(bits).map(shown).collect();
    match result {
        Type::Several(_) => format!("({})", shown.join(", ")),
        _ => shown.concat(),
    }
}

/// Arguments as a call in Go has them between its parentheses: `"hello", 7, &S{val: 1} /* 0x1000 */`.
#[must_use]
pub fn show_received(arguments: &[Received]) -> String {
    let texts: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

fn argument(ty: &Type, words: &[u64], memory: Linear<'_>, abi: Abi, most: u32) -> Received {
    let place = Place::of(ty);
    let low = u64::from(u32::MAX);
    let mut is_cut = false;
    let (value, address, length) = match (place.kind(), words) {
        (Type::String, [start, length, ..]) => {
            let (start, length) = (start & low, length & low);
            let read = length.min(most.into());
            // What is cut must be in memory all the same.
            let end = start.saturating_add(length);
            is_cut = read < length && end <= memory.size() as u64;
            let read = if is_cut { read } else { length };
            let bytes = string_at(memory, start, read);
            (bytes.map(Value::String), Some(start), length)
        }
        (kind, [bits, ..]) if *kind != Type::String => match abi::lift(ty, *bits) {
            Ok(Value::Pointer(Pointer::Address(to))) if !matches!(kind, Type::Ref(_)) => {
                let (pointer, size) = pointee(&place, to, memory, abi, most);
                (Ok(Value::Pointer(pointer)), Some(u64::from(to)), size)
            }
            value => (value, None, 0),
        },
        _ => {
            let error = ValueError::Other {
                ty: place.written(),
                message: "the call has too few Wasm values".to_owned(),
            };
            (Err(error), None, 0)
        }
    };
    Received {
        value,
        length: u32::try_from(length).unwrap_or(u32::MAX),
        is_cut,
        address: address
            .and_then(|address| u32::try_from(address).ok())
            .filter(|address| *address != 0),
        ty: ty.clone(),
    }
}

/// What a pointer to `to` is, and the bytes that it points at.
fn pointee(place: &Place<'_>, to: u32, memory: Linear<'_>, abi: Abi, most: u32) -> (Pointer, u64) {
    let Type::Pointer(element) = place.kind() else {
        return (Pointer::Address(to), 0);
    };
    let element = place.inner(element);
    let Ok(layout) = layout::of(&element, abi) else {
        return (Pointer::Address(to), 0);
    };
    let pointer = if layout.size <= MAX_POINTEE_BYTES.min(most) {
        let value = encode::read_at(memory, to, &element, abi, 0);
        value.map_or(Pointer::Address(to), |value| Pointer::New(Box::new(value)))
    } else {
        Pointer::Address(to)
    };
    (pointer, layout.size.into())
}

/// In Go syntax, with the address of what a pointer points at in a comment.
impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = match &self.value {
            Ok(value) => value,
            Err(error) => return write!(f, "/* {error} */"),
        };
        let mut text = Bounded(String::new());
        if write!(text, "{}", show(value, &self.ty)).is_err() || self.is_cut {
            text.0.push('…');
        }
        f.write_str(&text.0)?;
        match (value, self.address) {
            (Value::Pointer(Pointer::New(_)), Some(address)) => write!(f, " /* {address:#x} */"),
            _ => Ok(()),
        }
    }
}

/// Text that stops at [`MAX_TEXT`].
struct Bounded(String);

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = MAX_TEXT.saturating_sub(self.0.len());
        if text.len() <= room {
            self.0.push_str(text);
            return Ok(());
        }
        let fits = text
            .char_indices()
            .map(|(at, letter)| at + letter.len_utf8());
        let end = fits.take_while(|end| *end <= room).last().unwrap_or(0);
        self.0.push_str(text.get(..end).unwrap_or_default());
        Err(fmt::Error)
    }
}

#[cfg(test)]
#[path = "received/tests.rs"]
mod tests;
