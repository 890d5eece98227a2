//! How values are read, by their types in the debug information.
//!
//! What is not certain is opaque: a type whose parts do not make up its size, a union, a variant.

use crate::go::dwarf::{Debug, Die, Entry, Language};
use crate::protocol::Shape;
use gimli::AttributeValue;

/// How far a type may lead from one to the next.
const DEEPEST: usize = 12;
/// Pointers that are followed, one behind the other.
const FOLLOWED: usize = 2;
/// Entries that are looked at for one type.
const BUDGET: usize = 1 << 12;

/// How a value of the type is read that an entry has.
pub(super) fn of_attribute<'a>(debug: &Debug<'a>, entry: &Entry<'a>) -> Shape {
    let mut reader = Reader {
        debug,
        budget: BUDGET,
    };
    reader.attribute(entry, DEEPEST, FOLLOWED)
}

struct Reader<'d, 'a> {
    debug: &'d Debug<'a>,
    budget: usize,
}

impl<'a> Reader<'_, 'a> {
    fn attribute(&mut self, entry: &Entry<'a>, depth: usize, follows: usize) -> Shape {
        self.type_of(entry)
            .map_or(Shape::Opaque(0), |ty| self.shape(&ty, None, depth, follows))
    }

    fn type_of(&self, entry: &Entry<'a>) -> Option<Entry<'a>> {
        let (from, value) = self.debug.inherited(entry, gimli::DW_AT_type)?;
        self.debug.entry(self.debug.reference(from, &value)?)
    }

    /// `name`: what a definition calls it.
    fn shape(&mut self, ty: &Entry<'a>, name: Option<&str>, depth: usize, follows: usize) -> Shape {
        let size = ty.number(gimli::DW_AT_byte_size);
        let opaque = Shape::Opaque(size.and_then(|size| u32::try_from(size).ok()).unwrap_or(0));
        let (Some(depth), Some(budget)) = (depth.checked_sub(1), self.budget.checked_sub(1)) else {
            return opaque;
        };
        self.budget = budget;
        let own = self.debug.name(ty, gimli::DW_AT_name);
        match ty.tag {
            gimli::DW_TAG_base_type => number(ty).unwrap_or(opaque),
            gimli::DW_TAG_pointer_type
            | gimli::DW_TAG_reference_type
            | gimli::DW_TAG_rvalue_reference_type => self.pointer(ty, depth, follows),
            gimli::DW_TAG_typedef => match self.type_of(ty) {
                Some(inner) => self.shape(&inner, name.or(own), depth, follows),
                None => opaque,
            },
            gimli::DW_TAG_const_type
            | gimli::DW_TAG_volatile_type
            | gimli::DW_TAG_restrict_type
            | gimli::DW_TAG_atomic_type => match self.type_of(ty) {
                Some(inner) => self.shape(&inner, name, depth, follows),
                None => opaque,
            },
            gimli::DW_TAG_enumeration_type => match self.type_of(ty) {
                Some(inner) => self.shape(&inner, name, depth, follows),
                None => match size {
                    Some(size @ (1 | 2 | 4 | 8)) => {
                        Shape::Unsigned(u8::try_from(size).unwrap_or(0))
                    }
                    _ => opaque,
                },
            },
            gimli::DW_TAG_array_type => self.array(ty, depth, follows).unwrap_or(opaque),
            gimli::DW_TAG_structure_type | gimli::DW_TAG_class_type => {
                let shape = self.structure(ty, name.or(own).unwrap_or_default(), depth, follows);
                match shape {
                    Some(shape) if Some(shape.size()) == size => shape,
                    _ => opaque,
                }
            }
            _ => opaque,
        }
    }

    fn pointer(&mut self, ty: &Entry<'a>, depth: usize, follows: usize) -> Shape {
        let Some(follows) = follows.checked_sub(1) else {
            return Shape::Pointer(None);
        };
        let to = self.type_of(ty);
        let to = to.map(|to| {
            // What its runtime keeps there says nothing to whoever has written the plugin.
            let name = self.debug.name(&to, gimli::DW_AT_name).unwrap_or_default();
            match name.starts_with("runtime.") {
                true => Shape::Opaque(0),
                false => self.shape(&to, None, depth, follows),
            }
        });
        let to = to.filter(|to| !matches!(to, Shape::Opaque(_)));
        Shape::Pointer(to.map(Box::new))
    }

    fn array(&mut self, ty: &Entry<'a>, depth: usize, follows: usize) -> Option<Shape> {
        let element = self.attribute(ty, depth, follows);
        let mut counts = Vec::new();
        for child in self.debug.children(ty, &mut self.budget) {
            if child.tag == gimli::DW_TAG_subrange_type {
                let last = child.number(gimli::DW_AT_upper_bound);
                let count = child.number(gimli::DW_AT_count);
                let count = count.or_else(|| last.map(|last| last.wrapping_add(1)))?;
                counts.push(u32::try_from(count).ok()?);
            }
        }
        if counts.is_empty() || counts.len() > DEEPEST {
            return None;
        }
        let around = |element, count| Shape::Array(Box::new(element), count);
        Some(counts.into_iter().rev().fold(element, around))
    }

    fn structure(
        &mut self,
        ty: &Entry<'a>,
        name: &str,
        depth: usize,
        follows: usize,
    ) -> Option<Shape> {
        let mut fields = Vec::new();
        for child in self.debug.children(ty, &mut self.budget) {
            match child.tag {
                gimli::DW_TAG_member => {}
                gimli::DW_TAG_variant_part | gimli::DW_TAG_inheritance => return None,
                _ => continue,
            }
            let at = match child.value(gimli::DW_AT_data_member_location) {
                Some(at) => u32::try_from(at.udata_value()?).ok()?,
                None => 0,
            };
            let bits = [gimli::DW_AT_bit_size, gimli::DW_AT_data_bit_offset];
            if bits.iter().any(|bits| child.value(*bits).is_some()) {
                return None;
            }
            fields.push((at, child));
        }
        // Rust puts them in another order than they are written in.
        fields.sort_by_key(|(at, _)| *at);
        let begins = fields.iter().map(|(at, _)| *at);
        if matches!(name, "string" | "&str") {
            return begins.eq([0, 4]).then_some(Shape::Text);
        }
        if name.starts_with("[]") && begins.eq([0, 4, 8]) {
            let (_, first) = fields.first()?;
            let first = self.type_of(first)?;
            let element = self.attribute(&first, depth, follows);
            return Some(Shape::Slice(Box::new(element)));
        }
        let fields = fields.into_iter().map(|(at, child)| {
            let field = self.debug.name(&child, gimli::DW_AT_name).unwrap_or("_");
            let shape = self.attribute(&child, depth, follows);
            (field.to_owned(), at, shape)
        });
        let fields = fields.collect();
        Some(Shape::Struct(name.to_owned(), fields))
    }
}

/// The number of a base type.
fn number(ty: &Entry<'_>) -> Option<Shape> {
    let encoding = match ty.value(gimli::DW_AT_encoding)? {
        AttributeValue::Encoding(encoding) => encoding,
        _ => return None,
    };
    let size = u8::try_from(ty.number(gimli::DW_AT_byte_size)?).ok()?;
    Some(match (encoding, size) {
        (gimli::DW_ATE_boolean, 1) => Shape::Bool,
        (gimli::DW_ATE_signed | gimli::DW_ATE_signed_char, 1 | 2 | 4 | 8) => Shape::Signed(size),
        (gimli::DW_ATE_float, 4 | 8) => Shape::Float(size),
        (
            gimli::DW_ATE_unsigned | gimli::DW_ATE_unsigned_char | gimli::DW_ATE_UTF,
            1 | 2 | 4 | 8,
        ) => Shape::Unsigned(size),
        _ => return None,
    })
}

/// Whether the language passes a value of several parts as several Wasm values, whatever its size.
pub(super) fn flattens(debug: &Debug<'_>, die: Die) -> bool {
    debug.language_of(die) == Language::TinyGo
}
