//! The variables that lie in memory for as long as the program does: what each is called, where it is, and how large.
//!
//! Those whose place depends on where the program is (locals) are no such variables.

use super::module;
use super::sections::{Debug, Die, Entry, Value};
use gimli::{AttributeValue, EndianSlice, LittleEndian, Reader};

/// How far a type may lead from one to the next.
const MAX_DEPTH: usize = 32;

/// Entries that are looked at, below all types together.
const MAX_ENTRIES: usize = 1 << 20;

/// In bytes, in a memory that has addresses of 32 bits.
const POINTER: u64 = 4;

/// A variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable<'a> {
    /// Its name; as a symbol, if it has one as such.
    pub name: &'a str,
    /// Where it is in memory.
    pub address: u64,
    /// In bytes.
    pub size: u64,
}

/// The variables that the debug information of a module describes, of those units that can be read.
#[must_use]
pub fn variables(wasm: &[u8]) -> Vec<Variable<'_>> {
    let sections = module::read(wasm).sections;
    if sections.info.is_empty() {
        return Vec::new();
    }
    let (debug, _) = Debug::read(&sections);
    let mut variables = Vec::new();
    let mut budget = MAX_ENTRIES;
    for unit in 0..debug.units() {
        // What comes before a break is of use all the same.
        let _ = debug.tagged(unit, gimli::DW_TAG_variable, |entry| {
            variables.extend(variable(&debug, entry, &mut budget));
        });
    }
    variables
}

fn variable<'a>(debug: &Debug<'a>, entry: &Entry<'a>, budget: &mut usize) -> Option<Variable<'a>> {
    let address = address(debug, entry)?;
    let symbol = debug.name(entry, gimli::DW_AT_linkage_name);
    let name = symbol.or_else(|| debug.name(entry, gimli::DW_AT_name))?;
    let size = size(
        debug,
        &debug.inherited(entry, gimli::DW_AT_type)?,
        MAX_DEPTH,
        budget,
    )?;
    Some(Variable {
        name,
        address,
        size,
    })
}

/// Where it is, if that is all that its location says.
pub(crate) fn address(debug: &Debug<'_>, entry: &Entry<'_>) -> Option<u64> {
    let Some(AttributeValue::Exprloc(expression)) = entry.value(gimli::DW_AT_location) else {
        return None;
    };
    let bytes = expression.0.slice();
    let (operator, operand) = bytes.split_first()?;
    match gimli::DwOp(*operator) {
        gimli::DW_OP_addr => Some(u32::from_le_bytes(operand.try_into().ok()?).into()),
        gimli::DW_OP_addrx => {
            let mut operand = EndianSlice::new(operand, LittleEndian);
            let index = operand.read_uleb128().ok()?;
            let index = gimli::DebugAddrIndex(usize::try_from(index).ok()?);
            let value = AttributeValue::DebugAddrIndex(index);
            debug
                .address(entry.at, &value)
                .filter(|_| operand.is_empty())
        }
        _ => None,
    }
}

/// The bytes of the type that an attribute refers to.
fn size<'a>(
    debug: &Debug<'a>,
    (from, value): &(Die, Value<'a>),
    depth: usize,
    budget: &mut usize,
) -> Option<u64> {
    *budget = budget.checked_sub(1)?;
    let entry = debug.entry(debug.reference(*from, value)?)?;
    if let Some(size) = entry.number(gimli::DW_AT_byte_size) {
        return Some(size);
    }
    let of_other = |budget: &mut usize| {
        let other = entry.value(gimli::DW_AT_type)?;
        size(debug, &(entry.at, other), depth.checked_sub(1)?, budget)
    };
    match entry.tag {
        gimli::DW_TAG_pointer_type | gimli::DW_TAG_reference_type => Some(POINTER),
        gimli::DW_TAG_array_type => {
            let mut size = of_other(budget)?;
            for child in debug.children(&entry, budget) {
                if child.tag == gimli::DW_TAG_subrange_type {
                    let last = child.number(gimli::DW_AT_upper_bound);
                    let count = child.number(gimli::DW_AT_count);
                    size = size.checked_mul(count.or_else(|| last?.checked_add(1))?)?;
                }
            }
            Some(size)
        }
        _ => of_other(budget),
    }
}
