//! Values as bytes in the guest's memory, both ways, exact for every bit pattern.
//!
//! A value with pointers to new values takes several blocks of memory, whose addresses are known only
//! when the guest has given room for them: [`plan`] says which blocks, [`Plan::images`] puts the
//! addresses in. Must not know who gives the room, or of the call that all this is for.

mod decode;

use serde::{Deserialize, Serialize};

use super::layout;
use super::place::Place;
use super::types::{Abi, Type};
use super::value::{Budget, Pointer, Value, ValueError};

pub use decode::{decode, read};
pub(super) use decode::{read_at, string_at};

/// The memory that a value, or the arguments of a call, take in the guest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// A block may point to later ones.
    pub blocks: Vec<Block>,
}

/// A stretch of memory to ask for and to fill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What its address must be a multiple of; a power of two, at most 8.
    pub align: u32,
    /// What to write, once the addresses are in. Empty for a value without size.
    pub bytes: Vec<u8>,
    /// Where in `bytes` the addresses of other blocks go.
    pub fixups: Vec<Fixup>,
}

/// A place where a block holds another block's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fixup {
    /// In bytes, from the start of the block.
    pub offset: u32,
    /// The index of the block whose address goes there.
    pub block: usize,
    /// How many bytes the address takes, 4 or 8.
    pub width: u32,
}

/// The number of addresses is not the number of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{blocks} blocks of memory are needed, and there are {addresses}")]
pub struct WrongAddresses {
    /// As many as the plan has.
    pub blocks: usize,
    /// As many as were given.
    pub addresses: usize,
}

impl Block {
    /// How many bytes to ask for: never zero, since allocators answer that with nil, and a pointer to
    /// something must not be nil; nor fewer than the alignment, since allocators align by the size.
    #[must_use]
    pub fn room(&self) -> u32 {
        let size = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        size.max(self.align).max(1)
    }
}

impl Plan {
    /// The bytes of each block, with the addresses that the blocks have now got.
    ///
    /// # Errors
    ///
    /// If there is not one address for each block.
    pub fn images(&self, addresses: &[u32]) -> Result<Vec<Vec<u8>>, WrongAddresses> {
        let wrong = WrongAddresses {
            blocks: self.blocks.len(),
            addresses: addresses.len(),
        };
        if addresses.len() != self.blocks.len() {
            return Err(wrong);
        }
        let mut images = Vec::new();
        for block in &self.blocks {
            let mut bytes = block.bytes.clone();
            for fixup in &block.fixups {
                let address = u64::from(*addresses.get(fixup.block).ok_or(wrong)?);
                put(
                    &mut bytes,
                    fixup.offset,
                    &address.to_le_bytes(),
                    fixup.width,
                );
            }
            images.push(bytes);
        }
        Ok(images)
    }

    /// Adds the block of `value`, and before it those that it points to. Gives its index.
    pub(super) fn add(
        &mut self,
        value: &Value,
        place: &Place<'_>,
        abi: Abi,
        budget: &mut Budget,
    ) -> Result<usize, ValueError> {
        let layout = layout::of(place, abi)?;
        let mut block = Block {
            align: layout.align,
            bytes: Vec::new(),
            fixups: Vec::new(),
        };
        let mut writer = Writer {
            abi,
            plan: self,
            block: &mut block,
            budget,
        };
        writer.write(value, place, 0)?;
        // Only now, when the value is known to be as large as its type.
        let size = usize::try_from(layout.size).unwrap_or(usize::MAX);
        block.bytes.resize(size, 0);
        Ok(self.push(block))
    }

    /// Adds a block of bytes as they are.
    pub(super) fn add_bytes(&mut self, bytes: &[u8]) -> usize {
        self.push(Block {
            align: 1,
            bytes: bytes.to_vec(),
            fixups: Vec::new(),
        })
    }

    fn push(&mut self, block: Block) -> usize {
        self.blocks.push(block);
        self.blocks.len() - 1
    }
}

/// The memory that `value` takes. The last block is the value itself.
///
/// # Errors
///
/// If the value is not one of the type, or the type has no layout.
pub fn plan(value: &Value, ty: &Type, abi: Abi) -> Result<Plan, ValueError> {
    let mut plan = Plan::default();
    plan.add(value, &Place::of(ty), abi, &mut Budget::default())?;
    Ok(plan)
}

/// The bytes of a value that points to nothing new.
///
/// # Errors
///
/// As [`plan`]; and if the value needs more than one block of memory.
pub fn encode(value: &Value, ty: &Type, abi: Abi) -> Result<Vec<u8>, ValueError> {
    let mut plan = plan(value, ty, abi)?;
    match (plan.blocks.pop(), plan.blocks.is_empty()) {
        (Some(block), true) => Ok(block.bytes),
        _ => Err(ValueError::Other {
            ty: ty.to_string(),
            message: "what it points to needs memory of its own".to_owned(),
        }),
    }
}

struct Writer<'a> {
    abi: Abi,
    plan: &'a mut Plan,
    block: &'a mut Block,
    budget: &'a mut Budget,
}

impl Writer<'_> {
    fn write(&mut self, value: &Value, place: &Place<'_>, offset: u32) -> Result<(), ValueError> {
        self.budget.part(place)?;
        self.budget.enter(place)?;
        let result = self.write_here(value, place, offset);
        self.budget.leave();
        result
    }

    fn write_here(
        &mut self,
        value: &Value,
        place: &Place<'_>,
        offset: u32,
    ) -> Result<(), ValueError> {
        let word = word(self.abi);
        let expected = match (place.kind(), value) {
            (Type::Bool, Value::Bool(b)) => return self.put(offset, u64::from(*b), 1),
            (Type::Int8 | Type::Int16 | Type::Int32 | Type::Int64, Value::Int(n)) => {
                in_range(place, i128::from(*n))?;
                return self.put(offset, n.cast_unsigned(), scalar_size(place));
            }
            (
                Type::Uint8 | Type::Uint16 | Type::Uint32 | Type::Uint64 | Type::Uintptr,
                Value::Uint(n),
            ) => {
                in_range(place, i128::from(*n))?;
                let size = match place.kind() {
                    Type::Uintptr => word,
                    _ => scalar_size(place),
                };
                return self.put(offset, *n, size);
            }
            (Type::Float32, Value::Float32(bits)) => {
                return self.put(offset, u64::from(*bits), 4);
            }
            (Type::Float64, Value::Float64(bits)) => return self.put(offset, *bits, 8),
            (Type::String, Value::String(bytes)) => return self.string(bytes, offset, word),
            (Type::Pointer(_) | Type::UnsafePointer, Value::Pointer(Pointer::Nil)) => {
                return self.put(offset, 0, word);
            }
            (Type::Pointer(_) | Type::UnsafePointer, Value::Pointer(Pointer::Address(a))) => {
                return self.put(offset, u64::from(*a), word);
            }
            (Type::Pointer(element), Value::Pointer(Pointer::New(value))) => {
                let element = place.inner(element);
                let block = self.plan.add(value, &element, self.abi, self.budget)?;
                self.put(offset, 0, word)?;
                self.fix(offset, block, word);
                return Ok(());
            }
            (Type::Array(element, length), Value::Array(values)) => {
                if u32::try_from(values.len()) != Ok(*length) {
                    return Err(ValueError::Length {
                        ty: place.written(),
                        expected: *length,
                        found: values.len(),
                    });
                }
                let element = place.inner(element);
                let size = layout::of(&element, self.abi)?.size;
                for (value, index) in values.iter().zip(0u32..) {
                    let at = offset.saturating_add(index.saturating_mul(size));
                    self.write(value, &element, at)?;
                }
                return Ok(());
            }
            (Type::Struct(structure), Value::Struct(values))
                if structure.fields.len() == values.len() =>
            {
                let layout = layout::of(place, self.abi)?;
                let fields = structure.fields.iter().zip(&layout.offsets);
                for ((field, at), (name, value)) in fields.zip(values) {
                    if field.name != *name {
                        return Err(ValueError::NoField {
                            ty: place.written(),
                            field: name.clone(),
                        });
                    }
                    self.write(value, &place.inner(&field.ty), offset.saturating_add(*at))?;
                }
                return Ok(());
            }
            (ty, _) => expected(ty),
        };
        Err(ValueError::Mismatch {
            ty: place.written(),
            expected,
            found: value.kind(),
        })
    }

    fn string(&mut self, bytes: &[u8], offset: u32, word: u32) -> Result<(), ValueError> {
        self.put(offset, 0, word)?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.put(offset.saturating_add(word), length, word)?;
        if !bytes.is_empty() {
            let block = self.plan.add_bytes(bytes);
            self.fix(offset, block, word);
        }
        Ok(())
    }

    fn put(&mut self, offset: u32, bits: u64, size: u32) -> Result<(), ValueError> {
        let end = usize::try_from(offset.saturating_add(size)).unwrap_or(usize::MAX);
        if self.block.bytes.len() < end {
            self.block.bytes.resize(end, 0);
        }
        put(&mut self.block.bytes, offset, &bits.to_le_bytes(), size);
        Ok(())
    }

    fn fix(&mut self, offset: u32, block: usize, width: u32) {
        self.block.fixups.push(Fixup {
            offset,
            block,
            width,
        });
    }
}

/// Whether `number` is in the range of the integer type at `place`.
pub(super) fn in_range(place: &Place<'_>, number: i128) -> Result<(), ValueError> {
    super::value::integer(place.kind(), &place.written(), number, &number.to_string()).map(|_| ())
}

pub(super) fn expected(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "a bool",
        Type::Int8 | Type::Int16 | Type::Int32 | Type::Int64 => "a signed integer",
        Type::Uint8 | Type::Uint16 | Type::Uint32 | Type::Uint64 | Type::Uintptr => {
            "an unsigned integer"
        }
        Type::Float32 => "a float32",
        Type::Float64 => "a float64",
        Type::String => "a string",
        Type::Pointer(_) | Type::UnsafePointer => "a pointer",
        Type::Array(..) => "an array",
        Type::Struct(_) => "a struct with its fields",
        Type::Ref(_) => "a reference",
        Type::Several(_) | Type::Named { .. } | Type::Other(_) => {
            "nothing: the type cannot be passed"
        }
    }
}

fn word(abi: Abi) -> u32 {
    match abi {
        Abi::Go => 8,
        Abi::TinyGo => 4,
    }
}

fn scalar_size(place: &Place<'_>) -> u32 {
    match place.kind() {
        Type::Int8 | Type::Uint8 => 1,
        Type::Int16 | Type::Uint16 => 2,
        Type::Int32 | Type::Uint32 => 4,
        _ => 8,
    }
}

/// The low 32 bits.
fn low(bits: u64) -> u32 {
    let [a, b, c, d, ..] = bits.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

fn slice(bytes: &[u8], offset: u64, size: u64) -> Option<&[u8]> {
    let start = usize::try_from(offset).ok()?;
    let end = usize::try_from(offset.checked_add(size)?).ok()?;
    bytes.get(start..end)
}

fn put(bytes: &mut [u8], offset: u32, from: &[u8], size: u32) {
    let start = usize::try_from(offset).unwrap_or(usize::MAX);
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    if let Some(to) = bytes.get_mut(start..) {
        for (to, from) in to.iter_mut().zip(from).take(size) {
            *to = *from;
        }
    }
}

#[cfg(test)]
#[path = "encode/tests.rs"]
mod tests;
