//! Modules with debug information, written by the tests in the shape of the compilers'.

#![allow(clippy::cast_possible_truncation, reason = "the numbers are small")]

use gimli::write::{
    Address, AttributeValue, DebugInfoRef, Dwarf, EndianVec, LineProgram, Sections, Unit,
    UnitEntryId, UnitId,
};
use gimli::{DwAte, DwLang, DwTag, Encoding, Format, LittleEndian};

/// An entry of some unit.
#[derive(Clone, Copy)]
pub(super) struct At(pub(super) UnitId, pub(super) UnitEntryId);

/// Debug information that is being written.
pub(super) struct Written {
    pub(super) dwarf: Dwarf,
    version: u16,
}

impl Written {
    pub(super) fn new(version: u16) -> Written {
        Written {
            dwarf: Dwarf::new(),
            version,
        }
    }

    /// A unit. Gives its root.
    pub(super) fn unit(&mut self, producer: &str, language: DwLang) -> At {
        let encoding = Encoding {
            format: Format::Dwarf32,
            version: self.version,
            address_size: 4,
        };
        let id = self
            .dwarf
            .units
            .add(Unit::new(encoding, LineProgram::none()));
        let root = At(id, self.dwarf.units.get(id).root());
        self.text(root, gimli::DW_AT_producer, producer);
        self.set(
            root,
            gimli::DW_AT_language,
            AttributeValue::Language(language),
        );
        root
    }

    pub(super) fn entry(&mut self, parent: At, tag: DwTag) -> At {
        At(
            parent.0,
            self.dwarf.units.get_mut(parent.0).add(parent.1, tag),
        )
    }

    pub(super) fn set(&mut self, at: At, name: gimli::DwAt, value: AttributeValue) {
        let unit = self.dwarf.units.get_mut(at.0);
        unit.get_mut(at.1).set(name, value);
    }

    pub(super) fn text(&mut self, at: At, name: gimli::DwAt, text: &str) {
        let id = self.dwarf.strings.add(text);
        self.set(at, name, AttributeValue::StringRef(id));
    }

    /// Refers to another entry, of the same unit or of another one.
    pub(super) fn refer(&mut self, at: At, name: gimli::DwAt, to: At) {
        let value = if at.0 == to.0 {
            AttributeValue::UnitRef(to.1)
        } else {
            AttributeValue::DebugInfoRef(DebugInfoRef::Entry(to.0, to.1))
        };
        self.set(at, name, value);
    }

    /// An entry with a name.
    pub(super) fn named(&mut self, parent: At, tag: DwTag, name: &str) -> At {
        let at = self.entry(parent, tag);
        self.text(at, gimli::DW_AT_name, name);
        at
    }

    /// An entry with a name and a type.
    pub(super) fn typed(&mut self, parent: At, tag: DwTag, name: &str, ty: At) -> At {
        let at = self.named(parent, tag, name);
        self.refer(at, gimli::DW_AT_type, ty);
        at
    }

    pub(super) fn base(&mut self, parent: At, name: &str, encoding: DwAte, size: u8) -> At {
        let at = self.named(parent, gimli::DW_TAG_base_type, name);
        self.set(
            at,
            gimli::DW_AT_encoding,
            AttributeValue::Encoding(encoding),
        );
        self.set(at, gimli::DW_AT_byte_size, AttributeValue::Data1(size));
        at
    }

    pub(super) fn pointer(&mut self, parent: At, to: At) -> At {
        let at = self.entry(parent, gimli::DW_TAG_pointer_type);
        self.refer(at, gimli::DW_AT_type, to);
        at
    }

    pub(super) fn array(&mut self, parent: At, element: At, length: u64) -> At {
        let at = self.entry(parent, gimli::DW_TAG_array_type);
        self.refer(at, gimli::DW_AT_type, element);
        let range = self.entry(at, gimli::DW_TAG_subrange_type);
        self.set(range, gimli::DW_AT_count, AttributeValue::Udata(length));
        at
    }

    /// A struct. Members are name, type and offset.
    pub(super) fn structure(
        &mut self,
        parent: At,
        name: &str,
        size: u8,
        members: &[(&str, At, u8)],
    ) -> At {
        let at = self.entry(parent, gimli::DW_TAG_structure_type);
        if !name.is_empty() {
            self.text(at, gimli::DW_AT_name, name);
        }
        self.set(at, gimli::DW_AT_byte_size, AttributeValue::Data1(size));
        for (name, ty, offset) in members {
            self.member(at, name, *ty, *offset);
        }
        at
    }

    pub(super) fn member(&mut self, structure: At, name: &str, ty: At, offset: u8) {
        let at = self.typed(structure, gimli::DW_TAG_member, name, ty);
        let offset = AttributeValue::Data1(offset);
        self.set(at, gimli::DW_AT_data_member_location, offset);
    }

    /// A subprogram with its parameters.
    pub(super) fn function(&mut self, parent: At, symbol: &str, params: &[(&str, At)]) -> At {
        let at = self.named(parent, gimli::DW_TAG_subprogram, symbol);
        self.text(at, gimli::DW_AT_linkage_name, symbol);
        for (name, ty) in params {
            self.typed(at, gimli::DW_TAG_formal_parameter, name, *ty);
        }
        at
    }

    pub(super) fn low_pc(&mut self, at: At, address: u64) {
        let address = AttributeValue::Address(Address::Constant(address));
        self.set(at, gimli::DW_AT_low_pc, address);
    }

    /// The sections, by name.
    pub(super) fn sections(mut self) -> Vec<(String, Vec<u8>)> {
        let mut sections = Sections::new(EndianVec::new(LittleEndian));
        self.dwarf.write(&mut sections).unwrap();
        let mut list = Vec::new();
        let collected: Result<(), ()> = sections.for_each(|id, data| {
            if !data.slice().is_empty() {
                list.push((id.name().to_owned(), data.slice().to_vec()));
            }
            Ok(())
        });
        collected.unwrap();
        list
    }
}

pub(super) const I32: u8 = 0x7f;
pub(super) const I64: u8 = 0x7e;
pub(super) const F32: u8 = 0x7d;
pub(super) const F64: u8 = 0x7c;

/// A function that a module exports, with its Wasm types and its name in the name section.
pub(super) struct Export {
    pub(super) name: &'static str,
    pub(super) symbol: &'static str,
    pub(super) params: &'static [u8],
    pub(super) results: &'static [u8],
}

pub(super) fn export(
    name: &'static str,
    symbol: &'static str,
    params: &'static [u8],
    results: &'static [u8],
) -> Export {
    Export {
        name,
        symbol,
        params,
        results,
    }
}

/// A module whose functions all trap. The first function is the import `env.log` of type (i32, i32).
/// Bodies are three bytes long: the first begins at 2 in the code section, the next 4 behind it.
pub(super) fn module(exports: &[Export], custom: &[(String, Vec<u8>)], names: bool) -> Vec<u8> {
    folded(exports, &[], custom, names)
}

/// The same, with further exports of functions that are there: 0 is the import, 1 the first.
pub(super) fn folded(
    exports: &[Export],
    further: &[(&str, u8)],
    custom: &[(String, Vec<u8>)],
    names: bool,
) -> Vec<u8> {
    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    let count = exports.len() as u8;
    let mut types = vec![count + 1, 0x60, 2, I32, I32, 0];
    let mut functions = vec![count];
    let mut table = vec![count + further.len() as u8];
    let mut code = vec![count];
    let mut named = vec![count + 1, 0];
    string(&mut named, "main.log");
    for (index, export) in (1u8..).zip(exports) {
        types.push(0x60);
        for list in [export.params, export.results] {
            types.push(list.len() as u8);
            types.extend_from_slice(list);
        }
        functions.push(index);
        string(&mut table, export.name);
        table.extend_from_slice(&[0, index]);
        code.extend_from_slice(&[3, 0, 0x00, 0x0b]);
        named.push(index);
        string(&mut named, export.symbol);
    }
    for (name, index) in further {
        string(&mut table, name);
        table.extend_from_slice(&[0, *index]);
    }
    section(&mut wasm, 1, &types);
    section(&mut wasm, 2, b"\x01\x03env\x03log\0\0");
    section(&mut wasm, 3, &functions);
    section(&mut wasm, 7, &table);
    section(&mut wasm, 10, &code);
    for (name, data) in custom {
        let mut contents = Vec::new();
        string(&mut contents, name);
        contents.extend_from_slice(data);
        section(&mut wasm, 0, &contents);
    }
    if names {
        let mut contents = Vec::new();
        string(&mut contents, "name");
        section(&mut contents, 1, &named);
        section(&mut wasm, 0, &contents);
    }
    wasm
}

fn section(wasm: &mut Vec<u8>, id: u8, contents: &[u8]) {
    wasm.push(id);
    number(wasm, contents.len());
    wasm.extend_from_slice(contents);
}

fn string(bytes: &mut Vec<u8>, text: &str) {
    number(bytes, text.len());
    bytes.extend_from_slice(text.as_bytes());
}

fn number(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
