//! Writes the few modules, and parts of modules, that the engine is given beside what was in the file
//! or instead of it: the binary format, core specification, chapter 5.

use super::{FuncType, ValType};
use wasmparser::BinaryReader;

/// What a section is marked with.
#[derive(Clone, Copy)]
pub(super) enum Id {
    Type = 1,
    Import = 2,
    Function = 3,
    Export = 7,
    Code = 10,
}

/// What an import or an export is marked with.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Function = 0,
    Global = 3,
}

/// What marks the type of a function.
const FUNCTION_TYPE: u8 = 0x60;

const END: u8 = 0x0b;
const CALL: u8 = 0x10;
const LOCAL_GET: u8 = 0x20;

/// A module that imports a function of each of these types and exports, for each, a function of its own
/// that calls it. An export's name is the place of its type, in decimal.
#[must_use]
pub fn callers(types: &[FuncType]) -> Vec<u8> {
    let count = types.len();
    let [mut of, mut imports, mut functions, mut exports, mut code] =
        std::array::from_fn(|_| leb128(count));
    for (place, ty) in types.iter().enumerate() {
        let index = leb128(place);
        of.push(FUNCTION_TYPE);
        values(&mut of, &ty.params);
        values(&mut of, &ty.results);
        // Imports are told apart by their order; their names are empty.
        imports.extend([0, 0, Kind::Function as u8]);
        imports.extend(&index);
        functions.extend(&index);
        let name = place.to_string();
        exports.extend(export(&name, Kind::Function, count + place));
        let mut body = leb128(0);
        for local in 0..ty.params.len() {
            body.push(LOCAL_GET);
            body.extend(leb128(local));
        }
        body.push(CALL);
        body.extend(&index);
        body.push(END);
        code.extend(leb128(body.len()));
        code.extend(body);
    }
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    section(&mut module, Id::Type, &of);
    section(&mut module, Id::Import, &imports);
    section(&mut module, Id::Function, &functions);
    section(&mut module, Id::Export, &exports);
    section(&mut module, Id::Code, &code);
    module
}

/// Gets the id and the contents of a section; says whether it has written something in its place.
type Change<'a> = dyn FnMut(u8, BinaryReader<'_>, &mut Vec<u8>) -> Option<bool> + 'a;

/// A valid module with some of its sections changed.
pub(super) fn changed(module: &[u8], change: &mut Change<'_>) -> Option<Vec<u8>> {
    const PREAMBLE: usize = 8;
    let mut written = module.get(..PREAMBLE)?.to_vec();
    let mut rest = BinaryReader::new(module.get(PREAMBLE..)?, PREAMBLE);
    while !rest.eof() {
        let from = rest.original_position();
        let id = rest.read_u8().ok()?;
        let contents = rest.read_reader().ok()?;
        if !change(id, contents, &mut written)? {
            written.extend(module.get(from..rest.original_position())?);
        }
    }
    Some(written)
}

/// Appends a section.
pub(super) fn section(module: &mut Vec<u8>, id: Id, contents: &[u8]) {
    module.push(id as u8);
    module.extend(leb128(contents.len()));
    module.extend(contents);
}

/// An export of what has this index among its kind.
pub(super) fn export(name: &str, kind: Kind, index: usize) -> Vec<u8> {
    let mut export = leb128(name.len());
    export.extend(name.bytes());
    export.push(kind as u8);
    export.extend(leb128(index));
    export
}

/// A number, as short as can be.
pub(super) fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

fn values(of: &mut Vec<u8>, types: &[ValType]) {
    of.extend(leb128(types.len()));
    of.extend(types.iter().map(|ty| match ty {
        ValType::I32 => 0x7f_u8,
        ValType::I64 => 0x7e,
        ValType::F32 => 0x7d,
        ValType::F64 => 0x7c,
        ValType::V128 => 0x7b,
        ValType::FuncRef => 0x70,
        ValType::ExternRef => 0x6f,
    }));
}
