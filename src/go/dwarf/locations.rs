//! Where values are, at a place in the code.
//!
//! Must not know what the places are for, nor evaluate what it finds there.

use super::sections::{Bytes, Debug, Entry};
use gimli::{
    AttributeValue, DebugLoc, DebugLocLists, DebugLocListsBase, EndianSlice, LittleEndian,
    LocationLists,
};

/// Locations of one list beyond this number are left out.
const MAX_LOCATIONS: usize = 1 << 10;

/// Where a value is.
pub(crate) enum Location<'a> {
    /// All through the function.
    Everywhere(&'a [u8]),
    /// At the place that was asked about.
    There(&'a [u8]),
}

impl<'a> Debug<'a> {
    /// Where what the entry describes is at a place, which counts from the start of the code section's contents, as an expression;
    /// `None`: that is not said.
    pub(crate) fn location(&self, entry: &Entry<'a>, place: Option<u64>) -> Option<Location<'a>> {
        let lists = LocationLists::new(
            DebugLoc::from(bytes(self.sections.loc)),
            DebugLocLists::from(bytes(self.sections.loclists)),
        );
        let unit = self.units.get(entry.at.unit)?;
        let encoding = unit.header.encoding();
        let root = unit.entry(unit.header.root_offset(), entry.at.unit).ok()?;
        let offset = match entry.value(gimli::DW_AT_location)? {
            AttributeValue::Exprloc(expression) => {
                return Some(Location::Everywhere(expression.0.slice()));
            }
            AttributeValue::LocationListsRef(offset) => offset,
            AttributeValue::SecOffset(offset) => gimli::LocationListsOffset(offset),
            AttributeValue::DebugLocListsIndex(index) => {
                let base = match root.value(gimli::DW_AT_loclists_base) {
                    Some(AttributeValue::DebugLocListsBase(base)) => base,
                    _ => DebugLocListsBase(0),
                };
                lists.get_offset(encoding, base, index).ok()?
            }
            _ => return None,
        };
        let low = root.value(gimli::DW_AT_low_pc);
        let low = low.and_then(|low| self.address(root.at, &low)).unwrap_or(0);
        let mut locations = lists
            .locations(offset, encoding, low, &self.addresses, unit.addresses)
            .ok()?;
        let place = place?;
        for _ in 0..MAX_LOCATIONS {
            let location = locations.next().ok()??;
            if (location.range.begin..location.range.end).contains(&place) {
                return Some(Location::There(location.data.0.slice()));
            }
        }
        None
    }
}

fn bytes(data: &[u8]) -> Bytes<'_> {
    EndianSlice::new(data, LittleEndian)
}
