//! Parameters that are elsewhere, or nowhere, at some places of their function.

use super::custom_section;
use crate::written::Written;
use gimli::write::{Address, AttributeValue, Expression, Location, LocationList};
use plugboard::debug::Places;
use plugboard::module;
use plugboard::protocol::{At, RawFrame, Stack};

/// It writes its third parameter and no other.
const GUEST: &str = r#"(module (func (export "f") (param i32 i32 i32 i32)
    (local.set 2 (local.get 0)) (drop (local.get 1)) (drop (local.get 2)) (drop (local.get 3))
    nop nop nop nop nop nop unreachable))"#;

/// `kept` is in the second Wasm parameter at 6 to 10, and is 7 at 10 to 14; `moved` is in the third one all through, as a list says
/// it, and `gone` nowhere.
fn module(version: u16) -> Vec<u8> {
    let mut wasm = wat::parse_str(GUEST).expect("it assembles");
    let info = module::read("f.wasm", &wasm).expect("it is a module");
    let code = info.sections.iter().find(|section| section.name == "code");
    let code = usize::try_from(code.expect("it has code").offset).expect("it is small");
    // One function, and how long it is.
    let end = 2 + u64::from(wasm[code + 1]);

    let mut dwarf = Written::new(version);
    let unit = dwarf.unit("clang", gimli::DW_LANG_C99);
    dwarf.low_pc(unit, 0);
    let int = dwarf.base(unit, "int", gimli::DW_ATE_signed, 4);
    let function = dwarf.function(unit, "f", &[]);
    dwarf.low_pc(function, 2);
    let size = AttributeValue::Udata(end - 2);
    dwarf.set(function, gimli::DW_AT_high_pc, size);
    let local = |index| vec![0xed, 0, index];
    let seven = vec![gimli::DW_OP_lit7.0, gimli::DW_OP_stack_value.0];
    for (name, locations) in [
        ("kept", vec![(6, 10, local(1)), (10, 14, seven)]),
        ("moved", vec![(2, end, local(2))]),
        ("gone", vec![]),
    ] {
        let param = dwarf.typed(function, gimli::DW_TAG_formal_parameter, name, int);
        let list = locations
            .into_iter()
            .map(|(begin, end, expression)| Location::StartEnd {
                begin: Address::Constant(begin),
                end: Address::Constant(end),
                data: Expression::raw(expression),
            });
        let list: Vec<Location> = list.collect();
        if !list.is_empty() {
            let unit = dwarf.dwarf.units.get_mut(param.0);
            let list = unit.locations.add(LocationList(list));
            let list = AttributeValue::LocationListRef(list);
            dwarf.set(param, gimli::DW_AT_location, list);
        }
    }
    for (name, data) in dwarf.sections() {
        custom_section(&mut wasm, &name, &data);
    }
    wasm
}

#[test]
fn a_parameter_is_told_where_it_is_and_not_elsewhere() {
    for version in [4, 5] {
        let places = Places::read(module(version));
        let told = |place| {
            let stack = Stack {
                frames: vec![RawFrame {
                    function: 0,
                    at: At::Place(place),
                }],
                given: vec![vec![1, 20, 300, 4000]],
                ..Stack::default()
            };
            let backtrace = places.backtrace(&stack);
            let arguments = backtrace.frames[0].arguments.iter();
            let arguments = arguments.map(|argument| {
                let words = argument.value.as_ref().map(|(_, words)| words.clone());
                (argument.name.clone(), words)
            });
            arguments.collect::<Vec<_>>()
        };
        let with = |kept: Option<u64>| {
            let kept = ("kept".to_owned(), kept.map(|word| vec![word]));
            [kept, ("moved".to_owned(), None), ("gone".to_owned(), None)]
        };
        for (place, kept) in [
            (5, None),
            (6, Some(20)),
            (9, Some(20)),
            (10, Some(7)),
            (13, Some(7)),
            (14, None),
        ] {
            assert_eq!(told(place), with(kept), "{version}: {place}");
        }
    }
}
