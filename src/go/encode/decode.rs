//! Values back from the guest's memory.
//!
//! Memory may hold anything: what leads out of it is an error or stays an address, and what comes back
//! is bounded. Must not know what was written there before.

use super::{low, slice, word};
use crate::amount::amount;
use crate::go::layout;
use crate::go::place::Place;
use crate::go::types::{Abi, Type};
use crate::go::value::{Budget, Pointer, Value, ValueError};
use crate::linear::Linear;
use std::borrow::Cow;

/// Bytes of strings that one value may bring back from memory.
const MAX_STRING_BYTES: usize = 1 << 26;

/// Bytes of a value without its strings: with more it has more parts than one may have.
const MAX_BYTES: u32 = 16 << 20;

/// The value whose bytes these are; pointers are addresses.
///
/// # Errors
///
/// If there are too few bytes, the type has no layout, or it has strings, which lie elsewhere.
pub fn decode(bytes: &[u8], ty: &Type, abi: Abi) -> Result<Value, ValueError> {
    let place = Place::of(ty);
    Reader::new(None, abi).value(bytes, &place, 0)
}

/// The value at an address of the guest's memory. Pointers are followed `depth` times, and are
/// addresses after that, and where they lead out of memory.
///
/// # Errors
///
/// If the value, or a string in it, is not wholly inside the memory, or the type has no layout.
pub fn read(
    memory: Linear<'_>,
    address: u32,
    ty: &Type,
    abi: Abi,
    depth: u32,
) -> Result<Value, ValueError> {
    read_at(memory, address, &Place::of(ty), abi, depth)
}

/// As [`read`], of a type inside another one.
pub(in crate::go) fn read_at(
    memory: Linear<'_>,
    address: u32,
    place: &Place<'_>,
    abi: Abi,
    depth: u32,
) -> Result<Value, ValueError> {
    let size = layout::of(place, abi)?.size;
    let bytes = stretch(memory, address, size, place)?.ok_or_else(|| ValueError::Other {
        ty: place.written(),
        message: outside(address.into(), size.into()),
    })?;
    Reader::new(Some(memory), abi).value(&bytes, place, depth)
}

/// The bytes of a string argument in the guest's memory.
pub(in crate::go) fn string_at(
    memory: Linear<'_>,
    address: u64,
    length: u64,
) -> Result<Vec<u8>, ValueError> {
    let place = Place::of(&Type::String);
    Reader::new(Some(memory), Abi::TinyGo).string(&place, address, length)
}

struct Reader<'m> {
    /// Where strings and pointees are.
    memory: Option<Linear<'m>>,
    abi: Abi,
    budget: Budget,
    string_bytes: usize,
}

impl<'m> Reader<'m> {
    fn new(memory: Option<Linear<'m>>, abi: Abi) -> Reader<'m> {
        Reader {
            memory,
            abi,
            budget: Budget::default(),
            string_bytes: MAX_STRING_BYTES,
        }
    }

    fn value(&mut self, bytes: &[u8], place: &Place<'_>, depth: u32) -> Result<Value, ValueError> {
        self.budget.part(place)?;
        self.budget.enter(place)?;
        let value = self.value_here(bytes, place, depth);
        self.budget.leave();
        value
    }

    fn value_here(
        &mut self,
        bytes: &[u8],
        place: &Place<'_>,
        depth: u32,
    ) -> Result<Value, ValueError> {
        let word = word(self.abi);
        let short = || ValueError::Other {
            ty: place.written(),
            message: format!("{}: too few", amount(bytes.len() as u64, "byte")),
        };
        let get = |offset, size| get(bytes, offset, size).ok_or_else(short);
        let signed = |size: u32| -> Result<Value, ValueError> {
            let unused = 64 - 8 * size;
            Ok(Value::Int(
                (get(0, size)? << unused).cast_signed() >> unused,
            ))
        };
        Ok(match place.kind() {
            Type::Bool => Value::Bool(get(0, 1)? != 0),
            Type::Int8 => signed(1)?,
            Type::Int16 => signed(2)?,
            Type::Int32 => signed(4)?,
            Type::Int64 => signed(8)?,
            Type::Uint8 => Value::Uint(get(0, 1)?),
            Type::Uint16 => Value::Uint(get(0, 2)?),
            Type::Uint32 => Value::Uint(get(0, 4)?),
            Type::Uint64 => Value::Uint(get(0, 8)?),
            Type::Uintptr => Value::Uint(get(0, word)? & u64::from(u32::MAX)),
            Type::Float32 => Value::Float32(low(get(0, 4)?)),
            Type::Float64 => Value::Float64(get(0, 8)?),
            Type::String => {
                let (address, length) = (get(0, word)?, get(word, word)?);
                Value::String(self.string(place, address, length)?)
            }
            Type::UnsafePointer => Value::Pointer(address(low(get(0, word)?))),
            Type::Pointer(element) => {
                let to = low(get(0, word)?);
                Value::Pointer(self.pointee(to, &place.inner(element), depth)?)
            }
            Type::Array(element, length) => {
                let element = place.inner(element);
                let size = layout::of(&element, self.abi)?.size;
                let mut values = Vec::new();
                for index in 0..*length {
                    let at = u64::from(index) * u64::from(size);
                    let bytes = slice(bytes, at, size.into()).ok_or_else(short)?;
                    values.push(self.value(bytes, &element, depth)?);
                }
                Value::Array(values)
            }
            Type::Struct(structure) => {
                let layout = layout::of(place, self.abi)?;
                let mut values = Vec::new();
                for (field, at) in structure.fields.iter().zip(layout.offsets) {
                    let at = usize::try_from(at).unwrap_or(usize::MAX);
                    let bytes = bytes.get(at..).ok_or_else(short)?;
                    let value = self.value(bytes, &place.inner(&field.ty), depth)?;
                    values.push((field.name.clone(), value));
                }
                Value::Struct(values)
            }
            Type::Ref(_) | Type::Several(_) | Type::Named { .. } | Type::Other(_) => {
                return Err(layout::of(place, self.abi).map_or_else(Into::into, |_| short()));
            }
        })
    }

    fn pointee(&mut self, to: u32, element: &Place<'_>, depth: u32) -> Result<Pointer, ValueError> {
        let (Some(memory), Some(depth)) = (self.memory, depth.checked_sub(1)) else {
            return Ok(address(to));
        };
        let size = layout::of(element, self.abi)?.size;
        if to == 0 {
            return Ok(Pointer::Nil);
        }
        match stretch(memory, to, size, element)? {
            Some(bytes) => {
                let value = self.value(&bytes, element, depth);
                Ok(Pointer::New(Box::new(value?)))
            }
            None => Ok(address(to)),
        }
    }

    fn string(
        &mut self,
        place: &Place<'_>,
        address: u64,
        length: u64,
    ) -> Result<Vec<u8>, ValueError> {
        let error = |message| ValueError::Other {
            ty: place.written(),
            message,
        };
        if length == 0 {
            return Ok(Vec::new());
        }
        let Some(memory) = self.memory else {
            return Err(error("its bytes are elsewhere in memory".to_owned()));
        };
        let range = memory.range(address, length);
        let range = range.ok_or_else(|| error(outside(address, length)))?;
        self.string_bytes = self
            .string_bytes
            .checked_sub(range.len())
            .ok_or_else(|| error(format!("more than {MAX_STRING_BYTES} bytes")))?;
        Ok(memory.get(range).unwrap_or_default().into_owned())
    }
}

fn address(address: u32) -> Pointer {
    match address {
        0 => Pointer::Nil,
        address => Pointer::Address(address),
    }
}

/// The bytes of a value that is not too large, if all of them are in memory.
fn stretch<'m>(
    memory: Linear<'m>,
    address: u32,
    size: u32,
    place: &Place<'_>,
) -> Result<Option<Cow<'m, [u8]>>, ValueError> {
    match memory.range(address.into(), size.into()) {
        Some(_) if size > MAX_BYTES => Err(ValueError::TooLarge(place.written())),
        Some(range) => Ok(memory.get(range)),
        None => Ok(None),
    }
}

fn get(bytes: &[u8], offset: u32, size: u32) -> Option<u64> {
    let mut whole = [0; 8];
    for (to, from) in whole
        .iter_mut()
        .zip(slice(bytes, offset.into(), size.into())?)
    {
        *to = *from;
    }
    Some(u64::from_le_bytes(whole))
}

fn outside(address: u64, length: u64) -> String {
    let length = amount(length, "byte");
    format!("{address:#x} and the {length} from there are not all in memory")
}
