//! Where debug information can say that a variable is, and what the code has to be like for that to be believed.

use super::custom_section;
use crate::written::Written;
use gimli::write::{Address, AttributeValue, Expression, Location, LocationList};
use plugboard::debug::Places;
use plugboard::protocol::{At, Kept, RawFrame, Shape, Stack, decode};

/// Where the function begins that has the variables, and ends, in the contents of the code section.
const BEGINS: u64 = 5;
const ENDS: u64 = 34;

/// A function `(param i32) (local i32 i32 i64)` that calls another one, sets local 1, and traps. `linked`: the call has the room that a
/// linker leaves.
fn code(linked: bool) -> Vec<u8> {
    let call: &[u8] = match linked {
        true => &[0x10, 0x80, 0x80, 0x80, 0x80, 0x00],
        false => &[0x10, 0x00, 0x01, 0x01, 0x01, 0x01],
    };
    let mut body = vec![2, 2, 0x7f, 1, 0x7e];
    body.extend(call);
    // `i32.const 5`, `local.set 1`, a dozen `nop`, `unreachable`.
    body.extend([0x41, 5, 0x21, 1]);
    body.extend([0x01; 12]);
    body.extend([0x00, 0x0b]);
    let mut code = vec![
        2,
        2,
        0,
        0x0b,
        u8::try_from(body.len()).expect("it is small"),
    ];
    code.extend(body);
    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    let types = [2, 0x60, 0, 0, 0x60, 1, 0x7f, 0];
    for (id, contents) in [(1, &types[..]), (3, &[2, 0, 1]), (10, &code)] {
        wasm.extend([id, u8::try_from(contents.len()).expect("it is small")]);
        wasm.extend(contents);
    }
    wasm
}

/// What is in a Wasm local.
fn local(index: u8) -> Vec<u8> {
    vec![0xed, 0, index, gimli::DW_OP_stack_value.0]
}

fn module(version: u16, linked: bool) -> Vec<u8> {
    let mut dwarf = Written::new(version);
    let unit = dwarf.unit("clang", gimli::DW_LANG_C99);
    dwarf.low_pc(unit, 0);
    let int = dwarf.base(unit, "int", gimli::DW_ATE_signed, 4);
    let long = dwarf.base(unit, "long", gimli::DW_ATE_signed, 8);
    let double = dwarf.base(unit, "double", gimli::DW_ATE_float, 8);
    let byte = dwarf.base(unit, "byte", gimli::DW_ATE_unsigned, 1);
    let pointer = dwarf.pointer(unit, byte);
    let parts = [("ptr", pointer, 0), ("len", int, 4)];
    let string = dwarf.structure(unit, "string", 8, &parts);
    let function = dwarf.function(unit, "f", &[]);
    dwarf.low_pc(function, BEGINS);
    let size = AttributeValue::Udata(ENDS - BEGINS);
    dwarf.set(function, gimli::DW_AT_high_pc, size);
    let expression = |bytes| AttributeValue::Exprloc(Expression::raw(bytes));
    dwarf.set(function, gimli::DW_AT_frame_base, expression(local(1)));
    let variable = gimli::DW_TAG_variable;

    let listed = dwarf.typed(function, variable, "listed", int);
    let seven = vec![gimli::DW_OP_lit7.0, gimli::DW_OP_stack_value.0];
    let list =
        [(20, 24, local(2)), (24, 28, seven)].map(|(begin, end, expression)| Location::StartEnd {
            begin: Address::Constant(begin),
            end: Address::Constant(end),
            data: Expression::raw(expression),
        });
    let list = { dwarf.dwarf.units.get_mut(listed.0) }
        .locations
        .add(LocationList(list.to_vec()));
    let list = AttributeValue::LocationListRef(list);
    dwarf.set(listed, gimli::DW_AT_location, list);

    let piece = [gimli::DW_OP_piece.0, 4];
    let in_pieces = [local(0), piece.to_vec(), local(2), piece.to_vec()].concat();
    let half = [local(0), piece.to_vec(), piece.to_vec()].concat();
    let at = gimli::DW_OP_fbreg.0;
    let sum = vec![
        0xed,
        0,
        2,
        gimli::DW_OP_plus_uconst.0,
        3,
        gimli::DW_OP_stack_value.0,
    ];
    let number = [
        vec![gimli::DW_OP_implicit_value.0, 8],
        1.5_f64.to_le_bytes().to_vec(),
    ]
    .concat();
    for (name, ty, location) in [
        ("text", string, in_pieces),
        ("half", string, half),
        ("framed", int, vec![at, 8]),
        ("behind", int, vec![at, 12, gimli::DW_OP_deref.0]),
        ("wide", long, local(3)),
        ("narrow", int, local(3)),
        ("sum", int, sum),
        ("number", double, number),
        ("global", int, vec![0xed, 1, 0, gimli::DW_OP_stack_value.0]),
        ("nowhere", int, local(9)),
        ("broken", int, vec![0xed]),
    ] {
        let entry = dwarf.typed(function, variable, name, ty);
        dwarf.set(entry, gimli::DW_AT_location, expression(location));
    }
    let fixed = dwarf.typed(function, variable, "fixed", int);
    dwarf.set(fixed, gimli::DW_AT_const_value, AttributeValue::Sdata(-42));
    // One of the unit's, and the bytes of a string, which have no name.
    let in_memory = [vec![gimli::DW_OP_addr.0], 64_u32.to_le_bytes().to_vec()].concat();
    let kept = dwarf.typed(unit, variable, "kept", int);
    dwarf.set(kept, gimli::DW_AT_location, expression(in_memory.clone()));
    let constant = dwarf.entry(unit, variable);
    dwarf.refer(constant, gimli::DW_AT_type, byte);
    dwarf.set(constant, gimli::DW_AT_location, expression(in_memory));
    let mut wasm = code(linked);
    for (name, data) in dwarf.sections() {
        custom_section(&mut wasm, &name, &data);
    }
    wasm
}

/// A variable, and its value if that is known.
type Variable = (String, Option<(Shape, Vec<u64>)>);

/// The variables at a place.
fn told(places: &Places, place: u32, behind: bool) -> Vec<Variable> {
    let stack = Stack {
        frames: vec![RawFrame {
            function: 1,
            at: At::Place(place),
        }],
        // The parameter, then locals 1 to 3.
        given: vec![vec![100, 1000, 20, u64::MAX]],
        behind,
        ..Stack::default()
    };
    let backtrace = places.backtrace(&stack);
    let variables = backtrace.frames[0].variables.iter();
    variables
        .map(|it| (it.name.clone(), it.value.clone()))
        .collect()
}

#[test]
fn variables_are_where_the_debug_information_says_and_nowhere_else() {
    let at = |shape: Shape| Shape::At(Box::new(shape));
    let int = || Shape::Signed(4);
    for version in [4, 5] {
        let places = Places::read(module(version, true));
        let kept: Vec<Kept> = decode(&places.lines().kept).expect("they are told");
        assert_eq!(kept, [(5, vec![1, 2, 3])], "that of the frame first");
        let expected = |listed, is_behind: bool| {
            let here = |value| if is_behind { None } else { value };
            [
                ("listed", here(listed)),
                ("text", here(Some((Shape::Text, vec![100, 20])))),
                ("half", None),
                ("framed", Some((at(int()), vec![1008]))),
                ("behind", Some((at(at(int())), vec![1012]))),
                ("wide", here(Some((Shape::Signed(8), vec![u64::MAX])))),
                ("narrow", None),
                ("sum", here(Some((int(), vec![23])))),
                ("number", Some((Shape::Float(8), vec![1.5_f64.to_bits()]))),
                ("global", None),
                ("nowhere", None),
                ("broken", None),
                ("fixed", Some((int(), vec![(-42_i64).cast_unsigned()]))),
            ]
            .map(|(name, value)| (name.to_owned(), value))
        };
        let seven = || Some((int(), vec![7]));
        assert_eq!(told(&places, 19, false), expected(None, false));
        assert_eq!(
            told(&places, 20, false),
            expected(Some((int(), vec![20])), false)
        );
        assert_eq!(
            told(&places, 23, false),
            expected(Some((int(), vec![20])), false)
        );
        assert_eq!(told(&places, 24, false), expected(seven(), false));
        assert_eq!(told(&places, 28, false), expected(None, false));
        let stack = Stack {
            frames: vec![RawFrame {
                function: 1,
                at: At::Place(20),
            }],
            given: vec![Vec::new()],
            ..Stack::default()
        };
        let globals = places.backtrace(&stack).globals;
        let globals: Vec<&str> = globals.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(globals, ["kept"]);
        // What it has gone on to may have written Wasm locals, but neither its frame nor its parameter.
        assert_eq!(told(&places, 20, true), expected(None, true));
    }
}

/// An optimiser writes numbers as short as they can be, and numbers locals as it likes.
#[test]
fn in_code_that_was_written_anew_no_wasm_local_is_taken_for_a_variable() {
    let places = Places::read(module(4, false));
    assert_eq!(places.lines().kept, [0], "none is kept");
    let told = told(&places, 20, false);
    let known = told.iter().filter(|(_, value)| value.is_some());
    let known: Vec<&str> = known.map(|(name, _)| name.as_str()).collect();
    assert_eq!(known, ["number", "fixed"]);
}
