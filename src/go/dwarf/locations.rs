//! Where values are, at a place in the code.
//!
//! Must not know what the places are for, nor evaluate what it finds there.

use super::sections::{Bytes, Debug, Die, Entry};
use gimli::{
    AttributeValue, DebugLoc, DebugLocLists, DebugLocListsBase, EndianSlice, Expression,
    LittleEndian, LocListIter, LocationLists, Operation,
};

/// Locations of one list beyond this number are left out.
const MAX_LOCATIONS: usize = 1 << 10;

/// Where a value is.
pub(crate) enum Location<'a> {
    /// All through the function.
    Everywhere(&'a [u8]),
    /// At the place that was asked about; and from which one on it has been there.
    There(&'a [u8], u64),
}

/// All that is said of where something is.
enum Said<'a> {
    Once(Bytes<'a>),
    Listed(LocListIter<Bytes<'a>>),
}

impl<'a> Debug<'a> {
    /// Where what the entry describes is at a place, which counts from the start of the code section's contents, as an expression;
    /// `None`: that is not said.
    pub(crate) fn location(&self, entry: &Entry<'a>, place: Option<u64>) -> Option<Location<'a>> {
        let mut list = match self.said(entry)? {
            Said::Once(expression) => return Some(Location::Everywhere(expression.slice())),
            Said::Listed(list) => list,
        };
        let place = place?;
        for _ in 0..MAX_LOCATIONS {
            let location = list.next().ok()??;
            if (location.range.begin..location.range.end).contains(&place) {
                let begin = location.range.begin;
                return Some(Location::There(location.data.0.slice(), begin));
            }
        }
        None
    }

    /// Where it is at any place, as far as that can be read.
    pub(crate) fn locations(&self, entry: &Entry<'a>) -> Vec<&'a [u8]> {
        let mut list = match self.said(entry) {
            Some(Said::Once(expression)) => return vec![expression.slice()],
            Some(Said::Listed(list)) => list,
            None => return Vec::new(),
        };
        let mut found = Vec::new();
        while let (Ok(Some(location)), true) = (list.next(), found.len() < MAX_LOCATIONS) {
            found.push(location.data.0.slice());
        }
        found
    }

    /// What an expression of an entry in that unit does, step by step; `None`: some of it is not known.
    pub(crate) fn operations(
        &self,
        die: Die,
        expression: &'a [u8],
    ) -> Option<Vec<Operation<Bytes<'a>>>> {
        let encoding = self.units.get(die.unit)?.header.encoding();
        let mut operations = Expression(bytes(expression)).operations(encoding);
        let mut found = Vec::new();
        while let Some(operation) = operations.next().ok()? {
            found.push(operation);
        }
        Some(found)
    }

    fn said(&self, entry: &Entry<'a>) -> Option<Said<'a>> {
        let lists = LocationLists::new(
            DebugLoc::from(bytes(self.sections.loc)),
            DebugLocLists::from(bytes(self.sections.loclists)),
        );
        let unit = self.units.get(entry.at.unit)?;
        let encoding = unit.header.encoding();
        let root = unit.entry(unit.header.root_offset(), entry.at.unit).ok()?;
        let offset = match entry.value(gimli::DW_AT_location)? {
            AttributeValue::Exprloc(expression) => return Some(Said::Once(expression.0)),
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
        let list = lists.locations(offset, encoding, low, &self.addresses, unit.addresses);
        list.ok().map(Said::Listed)
    }
}

fn bytes(data: &[u8]) -> Bytes<'_> {
    EndianSlice::new(data, LittleEndian)
}
