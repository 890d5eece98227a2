//! How values of a guest are read from the Wasm values that they are passed as, and from its memory.

use serde::{Deserialize, Serialize};

/// Leaves of a value that count.
const MOST_LEAVES: u32 = 256;

/// How the bytes of a value are to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shape {
    /// One byte; 0 is false.
    Bool,
    /// A number of so many bytes, with a sign.
    Signed(u8),
    /// A number of so many bytes, without one.
    Unsigned(u8),
    /// A floating-point number of 4 or 8 bytes.
    Float(u8),
    /// Text: where its bytes are and how many, 4 bytes each.
    Text,
    /// Elements elsewhere: where they are, how many, and for how many there is room, 4 bytes each.
    Slice(Box<Shape>),
    /// So many elements.
    Array(Box<Shape>, u32),
    /// An address of 4 bytes, and what is there, if that is known.
    Pointer(Option<Box<Shape>>),
    /// Fields: the name of the type, and of each field the name, the offset in bytes and the value.
    Struct(String, Vec<(String, u32, Shape)>),
    /// So many bytes, of which nothing is known.
    Opaque(u32),
    /// An address of 4 bytes, in place of the value, which is there.
    At(Box<Shape>),
}

impl Shape {
    /// How many bytes it has.
    #[must_use]
    pub fn size(&self) -> u64 {
        match self {
            Self::Bool => 1,
            Self::Signed(size) | Self::Unsigned(size) | Self::Float(size) => (*size).into(),
            Self::Text => 8,
            Self::Slice(_) => 12,
            Self::Array(element, count) => element.size().saturating_mul((*count).into()),
            Self::Pointer(_) | Self::At(_) => 4,
            Self::Struct(_, fields) => {
                let ends = fields
                    .iter()
                    .map(|(_, at, shape)| shape.size().saturating_add((*at).into()));
                // What comes behind it begins where the largest of its parts may begin.
                let align = self.align();
                ends.max()
                    .unwrap_or(0)
                    .div_ceil(align)
                    .saturating_mul(align)
            }
            Self::Opaque(size) => (*size).into(),
        }
    }

    /// What its place is a multiple of, in bytes.
    fn align(&self) -> u64 {
        match self {
            Self::Array(element, _) => element.align(),
            Self::Struct(_, fields) => {
                let fields = fields.iter().map(|(.., shape)| shape.align());
                fields.max().unwrap_or(1)
            }
            Self::Text | Self::Slice(_) => 4,
            Self::Opaque(_) => 1,
            scalar => scalar.size().clamp(1, 8),
        }
    }

    /// The numbers and addresses that it consists of: the offset and the bytes of each, and whether it is a floating-point
    /// number; `false` where there are too
    /// many, or some of it is not known.
    pub fn leaves(&self, found: &mut impl FnMut(u32, u64, bool)) -> bool {
        self.leaves_at(0, &mut MOST_LEAVES.clone(), found)
    }

    fn leaves_at(&self, at: u32, left: &mut u32, found: &mut impl FnMut(u32, u64, bool)) -> bool {
        let mut words = |count: u32, left: &mut u32| {
            for word in 0..count {
                found(at.saturating_add(4 * word), 4, false);
            }
            *left = left.saturating_sub(count);
            *left > 0
        };
        match self {
            Self::Text => words(2, left),
            Self::Slice(_) => words(3, left),
            Self::Pointer(_) | Self::At(_) => words(1, left),
            Self::Bool | Self::Signed(_) | Self::Unsigned(_) | Self::Float(_) => {
                found(at, self.size(), matches!(self, Self::Float(_)));
                *left = left.saturating_sub(1);
                *left > 0
            }
            Self::Array(element, count) => {
                let size = u32::try_from(element.size()).unwrap_or(u32::MAX);
                // Elements without bytes have no leaves, however many there are.
                let count = if size == 0 { (*count).min(1) } else { *count };
                (0..count).all(|place| {
                    let at = at.saturating_add(size.saturating_mul(place));
                    *left > 0 && element.leaves_at(at, left, found)
                })
            }
            Self::Struct(_, fields) => fields
                .iter()
                .all(|(_, offset, shape)| shape.leaves_at(at.saturating_add(*offset), left, found)),
            Self::Opaque(_) => false,
        }
    }
}

/// What a function was called with, for one of its parameters; or what a variable is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// Its name; empty: it has none.
    pub name: String,
    /// Its type, as its language writes it.
    pub ty: String,
    /// How it is read, and the Wasm values that it is or was passed as; `None`: it is not known.
    pub value: Option<(Shape, Vec<u64>)>,
    /// The value as text, once the session has written it, or from the beginning where nothing but that is known.
    pub text: String,
}
