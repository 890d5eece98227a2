//! How a value lies in memory: size, alignment, offsets and padding.
//!
//! The layout is the host's C layout: natural alignment, fields in order, the size rounded up to
//! the alignment. That is what `structs.HostLayout` promises, and both Go compilers lay out every
//! struct so on wasm. They differ in two things, which [`Abi`] tells apart:
//!
//! - *Pointers, `uintptr`, `unsafe.Pointer` and strings in memory.* `GOARCH=wasm` has 8 byte pointers,
//!   while a parameter of pointer type is an i32. `cmd/compile` therefore refuses them inside shared
//!   memory (`ssagen.wasmElemTypeAllowed`), whether or not the struct has `HostLayout`; their layout
//!   here is that of Go's own memory. TinyGo's pointers are 4 bytes wide everywhere, and it
//!   permits them.
//! - *A struct that ends in a field of size zero.* The standard compiler adds a byte of padding, so
//!   that the field's address is inside the struct (`types.CalcStructSize`), also under
//!   `HostLayout`. TinyGo and C do not.
//!
//! Must not know of values. Types may be hostile: sizes are checked, walks are bounded.

use serde::{Deserialize, Serialize};

use super::place::Place;
use super::types::{Abi, MAX_DEPTH, Struct, Type};

/// Types visited before a type is refused as too large.
const MAX_VISITS: u32 = 1 << 16;

/// Where a type's bytes are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// Bytes, with padding at the end.
    pub size: u32,
    /// Bytes; a power of two, at most 8.
    pub align: u32,
    /// For a struct: where each field begins, in order. Empty for any other type.
    pub offsets: Vec<u32>,
}

/// A stretch of a value's bytes, for drawing them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Bytes from the start of the value.
    pub offset: u32,
    /// Bytes.
    pub size: u32,
    /// How Go reaches it from the value: `.pos.x`, `[3]`, empty for the value itself. `None`:
    /// padding.
    pub path: Option<String>,
    /// Its type, as Go writes it. Empty for padding.
    pub ty: String,
}

/// Why a type has no layout.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what is meant")]
pub enum LayoutError {
    #[error("type {0} is larger than the 4 GiB of a Wasm memory")]
    TooLarge(String),
    #[error("type {0} is nested too deeply")]
    TooDeep(String),
    #[error("invalid recursive type {0}")]
    Recursive(String),
    #[error("undefined: {0}")]
    Undefined(String),
    #[error("type {0} has no layout that the host knows")]
    Unknown(String),
}

/// The layout of `ty`.
///
/// # Errors
///
/// If the type or a part of it is not one that the host knows, contains itself other than behind a
/// pointer, or does not fit into a Wasm memory.
pub fn layout(ty: &Type, abi: Abi) -> Result<Layout, LayoutError> {
    of(&Place::of(ty), abi)
}

/// The layout of the type at `place`.
pub(super) fn of(place: &Place<'_>, abi: Abi) -> Result<Layout, LayoutError> {
    let mut walk = Walk {
        abi,
        visits: 0,
        open: Vec::new(),
    };
    walk.layout(place)
}

/// The bytes of a value of type `ty`, part by part, with the padding between them; at most `limit`
/// parts.
///
/// # Errors
///
/// As [`layout`].
pub fn spans(ty: &Type, abi: Abi, limit: usize) -> Result<Vec<Span>, LayoutError> {
    spans_at(&Place::of(ty), abi, limit)
}

/// As [`spans`], of a type inside another one.
pub(crate) fn spans_at(
    place: &Place<'_>,
    abi: Abi,
    limit: usize,
) -> Result<Vec<Span>, LayoutError> {
    let mut spans = Vec::new();
    of(place, abi)?;
    draw(place, abi, limit, (0, ""), &mut spans)?;
    Ok(spans)
}

struct Walk<'t> {
    abi: Abi,
    visits: u32,
    /// The structs and arrays that are being laid out: none of them may be met again inside.
    open: Vec<&'t Type>,
}

impl<'t> Walk<'t> {
    fn layout(&mut self, place: &Place<'t>) -> Result<Layout, LayoutError> {
        self.visits += 1;
        if self.visits > MAX_VISITS {
            return Err(LayoutError::TooLarge(place.written()));
        }
        let scalar = |size, align| Layout {
            size,
            align,
            offsets: Vec::new(),
        };
        let word = match self.abi {
            Abi::Go => 8,
            Abi::TinyGo => 4,
        };
        let kind = place.kind();
        Ok(match kind {
            Type::Bool | Type::Int8 | Type::Uint8 => scalar(1, 1),
            Type::Int16 | Type::Uint16 => scalar(2, 2),
            Type::Int32 | Type::Uint32 | Type::Float32 => scalar(4, 4),
            Type::Int64 | Type::Uint64 | Type::Float64 => scalar(8, 8),
            Type::Uintptr | Type::UnsafePointer | Type::Pointer(_) => scalar(word, word),
            Type::String => scalar(2 * word, word),
            Type::Array(element, length) => {
                let element = self.inside(kind, place, element)?;
                let size = element
                    .size
                    .checked_mul(*length)
                    .ok_or_else(|| LayoutError::TooLarge(place.written()))?;
                scalar(size, element.align)
            }
            Type::Struct(fields) => self.structure(kind, place, fields)?,
            Type::Named { name, .. } => return Err(LayoutError::Undefined(name.clone())),
            Type::Ref(_) | Type::Several(_) => {
                return Err(LayoutError::Unknown(kind.to_string()));
            }
            Type::Other(text) => return Err(LayoutError::Unknown(text.clone())),
        })
    }

    fn structure(
        &mut self,
        kind: &'t Type,
        place: &Place<'t>,
        structure: &'t Struct,
    ) -> Result<Layout, LayoutError> {
        let too_large = || LayoutError::TooLarge(place.written());
        let (mut end, mut align, mut offsets) = (0u32, 1u32, Vec::new());
        let mut last = None;
        for field in &structure.fields {
            let layout = self.inside(kind, place, &field.ty)?;
            let offset = end
                .checked_next_multiple_of(layout.align)
                .ok_or_else(too_large)?;
            offsets.push(offset);
            end = offset.checked_add(layout.size).ok_or_else(too_large)?;
            align = align.max(layout.align);
            last = Some(layout.size);
        }
        if self.abi == Abi::Go && end > 0 && last == Some(0) {
            end = end.checked_add(1).ok_or_else(too_large)?;
        }
        Ok(Layout {
            size: end.checked_next_multiple_of(align).ok_or_else(too_large)?,
            align,
            offsets,
        })
    }

    fn inside(
        &mut self,
        outer: &'t Type,
        place: &Place<'t>,
        inner: &'t Type,
    ) -> Result<Layout, LayoutError> {
        if self.open.iter().any(|open| std::ptr::eq(*open, outer)) {
            return Err(LayoutError::Recursive(place.written()));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(LayoutError::TooDeep(place.written()));
        }
        self.open.push(outer);
        let layout = self.layout(&place.inner(inner));
        self.open.pop();
        layout
    }
}

fn draw(
    place: &Place<'_>,
    abi: Abi,
    limit: usize,
    (start, path): (u32, &str),
    spans: &mut Vec<Span>,
) -> Result<(), LayoutError> {
    let layout = of(place, abi)?;
    let mut parts = Vec::new();
    match place.kind() {
        Type::Struct(structure) => {
            for (field, offset) in structure.fields.iter().zip(&layout.offsets) {
                let path = format!("{path}.{}", field.name);
                parts.push((place.inner(&field.ty), *offset, path));
            }
        }
        Type::Array(element, length) => {
            let element = place.inner(element);
            let size = of(&element, abi)?.size;
            if size == 0 {
                return Ok(());
            }
            let room = limit.saturating_sub(spans.len());
            for index in (0..*length).take(room) {
                let offset = index.saturating_mul(size);
                parts.push((element.clone(), offset, format!("{path}[{index}]")));
            }
        }
        _ => {
            if spans.len() < limit {
                spans.push(Span {
                    offset: start,
                    size: layout.size,
                    path: Some(path.to_owned()),
                    ty: place.written(),
                });
            }
            return Ok(());
        }
    }
    let mut end = 0;
    let mut complete = true;
    for (part, offset, path) in parts {
        pad(spans, limit, start, end, offset);
        draw(
            &part,
            abi,
            limit,
            (start.saturating_add(offset), &path),
            spans,
        )?;
        end = offset.saturating_add(of(&part, abi)?.size);
        complete = spans.len() < limit;
        if !complete {
            break;
        }
    }
    if complete {
        pad(spans, limit, start, end, layout.size);
    }
    Ok(())
}

fn pad(spans: &mut Vec<Span>, limit: usize, start: u32, from: u32, to: u32) {
    if from < to && spans.len() < limit {
        spans.push(Span {
            offset: start.saturating_add(from),
            size: to - from,
            path: None,
            ty: String::new(),
        });
    }
}

#[cfg(test)]
#[path = "layout/tests.rs"]
mod tests;
