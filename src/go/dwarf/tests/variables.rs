//! Variables that lie in memory.

use super::written::{At, Written, module};
use crate::go::dwarf::variables;
use gimli::write::AttributeValue;

#[test]
fn variables_are_told_by_symbol_place_and_size() {
    let mut dwarf = Written::new(4);
    let unit = dwarf.unit("TinyGo", gimli::DW_LANG_C99);
    let int32 = dwarf.base(unit, "int32", gimli::DW_ATE_signed, 4);
    let named = dwarf.typed(unit, gimli::DW_TAG_typedef, "main.Number", int32);
    let table = dwarf.array(unit, named, 6);
    let pointer = dwarf.pointer(unit, table);
    let mut variable = |name: &str, ty: At, location: &[u8]| {
        let at = dwarf.typed(unit, gimli::DW_TAG_variable, name, ty);
        let location = gimli::write::Expression::raw(location.to_vec());
        dwarf.set(at, gimli::DW_AT_location, AttributeValue::Exprloc(location));
        at
    };
    variable("main.number", named, &[3, 0, 4, 0, 0]);
    let symbol = variable("table", table, &[3, 4, 4, 0, 0]);
    variable("main.pointer", pointer, &[3, 8, 0, 1, 0]);
    // On the stack; and computed from an address.
    variable("local", int32, &[0x91, 4]);
    variable("computed", int32, &[3, 0, 4, 0, 0, 0x9f]);
    dwarf.text(symbol, gimli::DW_AT_linkage_name, "main.table");
    let wasm = module(&[], &dwarf.sections(), false);
    let found = variables(&wasm);
    let found: Vec<(&str, u64, u64)> = found
        .iter()
        .map(|it| (it.name, it.address, it.size))
        .collect();
    assert_eq!(
        found,
        [
            ("main.number", 0x400, 4),
            ("main.table", 0x404, 24),
            ("main.pointer", 0x1_0008, 4)
        ]
    );
    for cut in 0..wasm.len() {
        let _ = variables(&wasm[..cut]);
    }
}
