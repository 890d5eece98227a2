//! The ways in which a value can be entered.

use crate::go::{Place, Type};

/// Elements of an array whose fields are shown, until somebody asks for more of them.
pub(super) const SHOWN_ELEMENTS: u32 = 16;

/// Parts that are shown from which on a struct or an array is a literal until somebody asks for its
/// fields.
const MANY_PARTS: usize = 48;

/// Parts, shown or not, from which on an array is a literal in any case.
const MAX_PARTS: usize = 1024;

/// A way to enter a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// A number.
    Number,
    /// Yes or no.
    Switch,
    /// A string as it stands.
    Text,
    /// A string with Go's escapes.
    Escaped,
    /// Bytes, as hexadecimal digits.
    Hex,
    /// What is in a file.
    File,
    /// A nil pointer.
    Nil,
    /// A pointer to a value that is made for the call.
    New,
    /// A pointer to what is there.
    Address,
    /// A field for each part.
    Fields,
    /// A value in Go syntax.
    Literal,
    /// A Wasm reference.
    Ref,
}

impl Way {
    pub(super) const ALL: [Self; 12] = [
        Self::Number,
        Self::Switch,
        Self::Text,
        Self::Escaped,
        Self::Hex,
        Self::File,
        Self::Nil,
        Self::New,
        Self::Address,
        Self::Fields,
        Self::Literal,
        Self::Ref,
    ];

    /// The ways to enter a value of the type, the usual one first; a parameter's (`whole`) pointer
    /// points to something unless somebody says otherwise.
    pub(crate) fn of(place: &Place<'_>, whole: bool) -> &'static [Self] {
        match place.kind() {
            Type::Bool => &[Self::Switch],
            Type::String => &[Self::Text, Self::Escaped, Self::Hex, Self::File],
            Type::UnsafePointer => &[Self::Nil, Self::Address],
            Type::Pointer(_) if whole => &[Self::New, Self::Nil, Self::Address],
            Type::Pointer(_) => &[Self::Nil, Self::New, Self::Address],
            Type::Array(element, length) => {
                let bytes = *place.inner(element).kind() == Type::Uint8;
                let fields = has_at_most(place, MAX_PARTS, u32::MAX);
                match (fields, bytes) {
                    (true, true) if *length <= 4 => &[Self::Fields, Self::Hex, Self::Literal],
                    (true, true) => &[Self::Hex, Self::Fields, Self::Literal],
                    (true, false) if few(place) => &[Self::Fields, Self::Literal],
                    (true, false) => &[Self::Literal, Self::Fields],
                    (false, true) => &[Self::Hex, Self::Literal],
                    (false, false) => &[Self::Literal],
                }
            }
            Type::Struct(_) if few(place) => &[Self::Fields, Self::Literal],
            Type::Struct(_) => &[Self::Literal, Self::Fields],
            Type::Int8
            | Type::Int16
            | Type::Int32
            | Type::Int64
            | Type::Uint8
            | Type::Uint16
            | Type::Uint32
            | Type::Uint64
            | Type::Float32
            | Type::Float64
            | Type::Uintptr => &[Self::Number],
            Type::Ref(_) => &[Self::Ref],
            Type::Several(_) | Type::Named { .. } | Type::Other(_) => &[Self::Literal],
        }
    }

    /// What the control that chooses it says.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Switch => "bool",
            Self::Text => "text",
            Self::Escaped => "escaped",
            Self::Hex => "hex",
            Self::File => "file",
            Self::Nil => "nil",
            Self::New => "new value",
            Self::Address => "address",
            Self::Fields => "fields",
            Self::Literal => "literal",
            Self::Ref => "reference",
        }
    }
}

/// Whether few enough parts are shown for a field each.
fn few(place: &Place<'_>) -> bool {
    has_at_most(place, MANY_PARTS, SHOWN_ELEMENTS)
}

/// Whether a value has at most so many parts, if no more than so many elements of an array count.
fn has_at_most(place: &Place<'_>, parts: usize, elements: u32) -> bool {
    let mut left = parts;
    count(place, elements, &mut left);
    left > 0
}

fn count(place: &Place<'_>, elements: u32, left: &mut usize) {
    *left = left.saturating_sub(1);
    match place.kind() {
        Type::Array(element, length) => {
            for _ in 0..(*length).min(elements) {
                if *left == 0 {
                    return;
                }
                count(&place.inner(element), elements, left);
            }
        }
        Type::Struct(structure) => {
            for field in &structure.fields {
                if *left == 0 {
                    return;
                }
                count(&place.inner(&field.ty), elements, left);
            }
        }
        _ => {}
    }
}
