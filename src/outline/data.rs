//! The data segments of a module.

use super::largest;
use crate::go::dwarf::Variable;
use crate::protocol::Item;
use wasmparser::{Data, DataKind, Operator};

/// How Go's table of functions and lines begins, from Go 1.20 on: the magic, two zeros, the least size of an
/// instruction, the size of a pointer.
const PCLNTAB: [u8; 8] = [0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8];

/// A stretch of a segment that has a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Symbol<'a> {
    pub segment: u32,
    /// From the beginning of the segment, in bytes.
    pub offset: u64,
    pub size: u64,
    pub name: &'a str,
}

/// The segments, the largest first, each with what is known of it. What lies in them is told by `symbols`, the linker's, or
/// else by the variables that the debug information describes.
pub(super) fn segments(
    data: &[Data<'_>],
    names: &[(u32, &str)],
    symbols: &[Symbol<'_>],
    variables: &[Variable<'_>],
) -> Vec<Item> {
    let mut symbols = symbols.to_vec();
    if symbols.is_empty() {
        symbols.extend(variables.iter().filter_map(|it| placed(data, it)));
    }
    let items = (0..).zip(data).map(|(index, segment): (u32, _)| {
        let name = names.iter().find(|(of, _)| *of == index);
        let text = match name {
            Some((_, name)) => (*name).to_owned(),
            None => format!("segment {index}"),
        };
        let mut item = Item::new(text).sized(segment.range.len() as u64);
        match address(&segment.kind) {
            Some(address) => {
                item.address = Some(address.into());
                item.note = format!("at {address:#x}");
            }
            None => item.note = "copied by the module itself".to_owned(),
        }
        if segment.data.windows(PCLNTAB.len()).any(|it| it == PCLNTAB) {
            item.note
                .push_str(", with Go's table of functions and lines");
        }
        let mine = symbols.iter().filter(|it| it.segment == index);
        item.items = named(mine.copied().collect(), segment, item.address);
        item
    });
    largest(items.collect(), "segment")
}

/// What has names in a segment, the largest first, and the rest.
fn named(mut symbols: Vec<Symbol<'_>>, segment: &Data<'_>, address: Option<u64>) -> Vec<Item> {
    let size = segment.data.len() as u64;
    symbols.sort_by_key(|it| (it.offset, std::cmp::Reverse(it.size)));
    let (mut items, mut end, mut known) = (Vec::new(), 0, 0);
    for symbol in symbols {
        let stops = symbol.offset.saturating_add(symbol.size);
        // What lies within another one, or is said to lie where there is nothing, is not counted twice, or at all.
        if symbol.size == 0 || symbol.offset < end || stops > size {
            continue;
        }
        end = stops;
        known += symbol.size;
        let mut item = Item::new(symbol.name).sized(symbol.size);
        item.address = address.map(|address| address.saturating_add(symbol.offset));
        if let Some(address) = item.address {
            item.note = format!("at {address:#x}");
        }
        items.push(item);
    }
    if !items.is_empty() && known < size {
        items.push(Item::new("without a name").sized(size - known));
    }
    largest(items, "symbol")
}

/// The segment that a variable begins with a value in.
fn placed<'a>(data: &[Data<'_>], variable: &Variable<'a>) -> Option<Symbol<'a>> {
    (0..).zip(data).find_map(|(segment, it): (u32, _)| {
        let offset = variable.address.checked_sub(address(&it.kind)?.into())?;
        (offset < it.data.len() as u64).then_some(Symbol {
            segment,
            offset,
            size: variable.size,
            name: variable.name,
        })
    })
}

/// Where an active segment goes, if that is a number.
fn address(kind: &DataKind<'_>) -> Option<u32> {
    let DataKind::Active { offset_expr, .. } = kind else {
        return None;
    };
    match offset_expr.get_operators_reader().read() {
        Ok(Operator::I32Const { value }) => Some(value.cast_unsigned()),
        _ => None,
    }
}
