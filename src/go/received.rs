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

/// Bytes of a pointee that is read to be shown; of a larger one only the address is known.
const MAX_POINTEE_BYTES: u32 = 1 << 16;

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
    ty: Type,
}

/// The arguments of a call of an import, one for each parameter of its signature. `words` are the Wasm
/// values in their low bits, `memory` is the guest's at the time of the call.
#[must_use]
pub fn received(signature: &Signature, words: &[u64], memory: &[u8], abi: Abi) -> Vec<Received> {
    let mut words = words.iter().copied();
    let mut arguments = Vec::new();
    for param in &signature.params {
        let needed = wasm_types(&param.ty).map_or(1, <[_]>::len);
        let own: Vec<u64> = words.by_ref().take(needed).collect();
        arguments.push(argument(&param.ty, &own, memory, abi));
    }
    arguments
}

/// Arguments as a call in Go has them between its parentheses: `"hello", 7, &S{val: 1} /* 0x1000 */`.
#[must_use]
pub fn show_received(arguments: &[Received]) -> String {
    let texts: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

fn argument(ty: &Type, words: &[u64], memory: &[u8], abi: Abi) -> Received {
    let place = Place::of(ty);
    let low = u64::from(u32::MAX);
    let (value, address) = match (place.kind(), words) {
        (Type::String, [start, length, ..]) => {
            let (start, length) = (start & low, length & low);
            let bytes = string_at(memory, start, length);
            (bytes.map(Value::String), Some(start))
        }
        (kind, [bits, ..]) if *kind != Type::String => match abi::lift(ty, *bits) {
            Ok(Value::Pointer(Pointer::Address(to))) => {
                let pointer = pointee(&place, to, memory, abi);
                (Ok(Value::Pointer(pointer)), Some(u64::from(to)))
            }
            value => (value, None),
        },
        _ => {
            let error = ValueError::Other {
                ty: place.written(),
                message: "the call has too few Wasm values".to_owned(),
            };
            (Err(error), None)
        }
    };
    Received {
        value,
        address: address
            .and_then(|address| u32::try_from(address).ok())
            .filter(|address| *address != 0),
        ty: ty.clone(),
    }
}

fn pointee(place: &Place<'_>, to: u32, memory: &[u8], abi: Abi) -> Pointer {
    let Type::Pointer(element) = place.kind() else {
        return Pointer::Address(to);
    };
    let element = place.inner(element);
    match layout::of(&element, abi) {
        Ok(layout) if layout.size <= MAX_POINTEE_BYTES => {
            let value = encode::read_at(memory, to, &element, abi, 0);
            value.map_or(Pointer::Address(to), |value| Pointer::New(Box::new(value)))
        }
        _ => Pointer::Address(to),
    }
}

/// In Go syntax, with the address of what a pointer points at in a comment.
impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = match &self.value {
            Ok(value) => value,
            Err(error) => return write!(f, "/* {error} */"),
        };
        let mut text = Bounded(String::new());
        if write!(text, "{}", show(value, &self.ty)).is_err() {
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
