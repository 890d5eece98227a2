//! Debug information in TinyGo's shape: blocks that the compiler has merged, and inlined calls.

use super::custom_section;
use gimli::write::{
    Address, AttributeValue, DirectoryId, Dwarf, EndianVec, LineProgram, LineString, Sections, Unit,
};
use gimli::{Encoding, Format, LineEncoding, LittleEndian};
use plugboard::debug::Places;
use plugboard::protocol::{At, RawFrame, Stack};

/// The body of the only function, in bytes from the start of the code section's contents.
const BODY: std::ops::Range<u64> = 2..14;

/// A method in `list.go` into which a function of `get.go` is inlined, from 6 to 8. From 4 to 6 its code is that of
/// a function of `get.go` with which it was merged.
fn module(version: u16) -> Vec<u8> {
    let encoding = Encoding {
        format: Format::Dwarf32,
        version,
        address_size: 4,
    };
    let mut dwarf = Dwarf::default();
    let mut text = |text: &str| LineString::new(text, encoding, &mut dwarf.line_strings);
    let (folder, list, get) = (text("/home/a"), text("list.go"), text("get.go"));
    let first = text("list.go");
    let mut lines = LineProgram::new(encoding, LineEncoding::default(), folder, None, first, None);
    let directory: DirectoryId = lines.default_directory();
    let list = lines.add_file(list, directory, None);
    let get = lines.add_file(get, directory, None);
    lines.begin_sequence(Some(Address::Constant(BODY.start)));
    for (at, file, line) in [
        (2, list, 10),
        (4, get, 77),
        (6, get, 5),
        (8, list, 11),
        (10, list, 0),
    ] {
        let row = lines.row();
        row.address_offset = at - BODY.start;
        row.file = file;
        row.line = line;
        row.column = 3;
        lines.generate_row();
    }
    lines.end_sequence(BODY.end - BODY.start);
    let unit = dwarf.units.add(Unit::new(encoding, lines));
    let unit = dwarf.units.get_mut(unit);
    let producer = dwarf.strings.add("TinyGo");
    let root = unit.root();
    unit.get_mut(root)
        .set(gimli::DW_AT_producer, AttributeValue::StringRef(producer));
    let folder = dwarf.strings.add("/home/a");
    unit.get_mut(root)
        .set(gimli::DW_AT_comp_dir, AttributeValue::StringRef(folder));
    let mut entry = |parent, tag, file, line, name: Option<&str>, code: Option<(u64, u64)>| {
        let id = unit.add(parent, tag);
        let is_inlined = tag == gimli::DW_TAG_inlined_subroutine;
        let (file_of, line_of) = match is_inlined {
            true => (gimli::DW_AT_call_file, gimli::DW_AT_call_line),
            false => (gimli::DW_AT_decl_file, gimli::DW_AT_decl_line),
        };
        let entry = unit.get_mut(id);
        entry.set(file_of, AttributeValue::FileIndex(Some(file)));
        entry.set(line_of, AttributeValue::Udata(line));
        if let Some(name) = name {
            let name = dwarf.strings.add(name);
            entry.set(gimli::DW_AT_linkage_name, AttributeValue::StringRef(name));
        }
        if let Some((start, end)) = code {
            entry.set(
                gimli::DW_AT_low_pc,
                AttributeValue::Address(Address::Constant(start)),
            );
            entry.set(gimli::DW_AT_high_pc, AttributeValue::Udata(end - start));
        }
        id
    };
    let inlined = entry(
        root,
        gimli::DW_TAG_subprogram,
        get,
        4,
        Some("main.get[int]"),
        None,
    );
    let whole = Some((BODY.start, BODY.end));
    let push = entry(
        root,
        gimli::DW_TAG_subprogram,
        list,
        9,
        Some("(*main.List).Push"),
        whole,
    );
    let call = entry(
        push,
        gimli::DW_TAG_inlined_subroutine,
        list,
        12,
        None,
        Some((6, 8)),
    );
    let origin = AttributeValue::UnitRef(inlined);
    unit.get_mut(call).set(gimli::DW_AT_abstract_origin, origin);

    let nops = "nop ".repeat(9);
    let wat = format!("(module (func (export \"push\") {nops} unreachable))");
    let mut wasm = wat::parse_str(wat).expect("it assembles");
    let mut sections = Sections::new(EndianVec::new(LittleEndian));
    dwarf.write(&mut sections).expect("it is written");
    let written: Result<(), ()> = sections.for_each(|id, data| {
        custom_section(&mut wasm, id.name(), data.slice());
        Ok(())
    });
    written.expect("nothing fails");
    wasm
}

#[test]
fn a_line_is_that_of_the_function_it_stands_in_or_none() {
    for version in [4, 5] {
        let places = Places::read(module(version));
        let told = |place| {
            let at = At::Place(place);
            let stack = Stack {
                frames: vec![RawFrame { function: 0, at }],
                ..Stack::default()
            };
            let backtrace = places.backtrace(&stack);
            assert_eq!(backtrace.problem, None);
            let frames = backtrace.frames.into_iter().map(|frame| {
                let file = frame.file.unwrap_or_default();
                format!("{} {file}:{}:{}", frame.function, frame.line, frame.column)
            });
            frames.collect::<Vec<_>>()
        };
        assert_eq!(told(3), ["main.(*List).Push /home/a/list.go:10:3"]);
        assert_eq!(told(5), ["main.(*List).Push :0:0"], "merged");
        let inlined = [
            "main.get[...] /home/a/get.go:5:3",
            "main.(*List).Push /home/a/list.go:12:0",
        ];
        assert_eq!(told(7), inlined);
        assert_eq!(told(8), ["main.(*List).Push /home/a/list.go:11:3"]);
        assert_eq!(told(11), ["main.(*List).Push :0:0"], "the compiler's own");
    }
}

/// A tool that has moved code, and not what is said of it: here by a byte.
#[test]
fn code_that_has_moved_has_no_lines() {
    let mut wasm = module(4);
    // A local more, so that the body is two bytes longer.
    let at = wasm
        .windows(3)
        .position(|bytes| bytes == [12, 0, 1])
        .expect("it is there");
    wasm.splice(at..at + 2, [14, 1, 1, 0x7f]);
    wasm[at - 2] += 2;
    let stack = Stack {
        frames: vec![RawFrame {
            function: 0,
            at: At::Place(5),
        }],
        ..Stack::default()
    };
    let backtrace = Places::read(wasm).backtrace(&stack);
    assert_eq!(
        (
            backtrace.frames[0].function.as_str(),
            backtrace.frames[0].line
        ),
        ("push", 0)
    );
    assert!(
        backtrace
            .problem
            .is_some_and(|problem| problem.contains("does not fit"))
    );
}
