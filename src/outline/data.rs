//! The data segments of a module.

use super::largest;
use crate::protocol::Item;
use wasmparser::{Data, DataKind, Operator};

/// How Go's table of functions and lines begins, from Go 1.20 on: the magic, two zeros, the least size of an
/// instruction, the size of a pointer.
const PCLNTAB: [u8; 8] = [0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8];

/// The segments, the largest first, each with what is known of it.
pub(super) fn segments(data: &[Data<'_>], names: &[(u32, &str)]) -> Vec<Item> {
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
        item
    });
    largest(items.collect(), "segment")
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
