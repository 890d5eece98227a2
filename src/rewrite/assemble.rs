//! Puts a module together again, with what is added at the ends of its sections.

use super::code::Code;
use super::outline::{self, Outline, Type};
use super::write;

/// What is added to a module: each as its section has it.
#[derive(Debug, Default)]
pub(crate) struct Added {
    /// The imports as they are from now on; `None`: as they were.
    pub(crate) imports: Option<Vec<u8>>,
    pub(crate) types: Vec<Vec<u8>>,
    /// The types of functions, as indices, and their bodies.
    pub(crate) functions: Vec<(u32, Vec<u8>)>,
    pub(crate) tables: Vec<Vec<u8>>,
    pub(crate) memories: Vec<Vec<u8>>,
    pub(crate) globals: Vec<Vec<u8>>,
    pub(crate) exports: Vec<Export>,
}

/// What kind of thing is exported.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Function = 0,
    Table = 1,
    Memory = 2,
    Global = 3,
}

#[derive(Debug)]
pub(crate) struct Export {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) index: u32,
}

/// The module, without its custom sections and its `start` section; `code` has the bodies of its own functions, each with its size
/// before it. Tells where these begin in what is written.
pub(crate) fn module(
    module: &[u8],
    outline: &Outline,
    code: &[u8],
    added: &Added,
) -> (Vec<u8>, usize) {
    let mut written = b"\0asm\x01\0\0\0".to_vec();
    let all = outline::ORDER.into_iter();
    let others = all.filter(|id| *id != outline::CODE);
    let others: usize = others.map(|id| outline.contents(id).len() + 64).sum();
    written.reserve(others + code.len());
    let mut begins = 0;
    for id in outline::ORDER {
        let contents = module.get(outline.contents(id)).unwrap_or_default();
        let contents = match (&added.imports, id) {
            (Some(imports), outline::IMPORT) => imports,
            _ => contents,
        };
        let more: Vec<Vec<u8>> = match id {
            outline::TYPE => added.types.clone(),
            outline::FUNCTION => added.functions.iter().map(|(ty, _)| index(*ty)).collect(),
            outline::TABLE => added.tables.clone(),
            outline::MEMORY => added.memories.clone(),
            outline::GLOBAL => added.globals.clone(),
            outline::EXPORT => added.exports.iter().map(export).collect(),
            outline::START => continue,
            outline::CODE => {
                let bodies = added.functions.iter();
                bodies.map(|(_, body)| sized(body)).collect()
            }
            _ => Vec::new(),
        };
        if more.is_empty() && contents.is_empty() {
            continue;
        }
        let mut there = Code::new(contents);
        if more.is_empty() && id != outline::CODE {
            write::section(&mut written, id, contents);
            continue;
        }
        let count = there.number().unwrap_or(0);
        let rest = contents.get(there.at()..).unwrap_or_default();
        let rest = if id == outline::CODE { code } else { rest };
        let (mut number, more_of_it) = (Vec::new(), more.concat());
        write::count(&mut number, count as usize + more.len());
        // The code may be all but the whole module: it is not put together elsewhere.
        written.push(id);
        write::count(&mut written, number.len() + rest.len() + more_of_it.len());
        written.extend(number);
        if id == outline::CODE {
            begins = written.len();
        }
        written.extend(rest);
        written.extend(more_of_it);
    }
    (written, begins)
}

fn index(index: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    write::number(&mut bytes, index);
    bytes
}

/// A body with its size before it.
fn sized(body: &Vec<u8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write::count(&mut bytes, body.len());
    bytes.extend(body);
    bytes
}

fn export(export: &Export) -> Vec<u8> {
    let mut bytes = Vec::new();
    write::name(&mut bytes, &export.name);
    write::op(&mut bytes, export.kind as u8, export.index);
    bytes
}

/// By type: the type of a block with the same results. Some types are added for that.
pub(crate) fn blocks(outline: &Outline, added: &mut Vec<Vec<u8>>) -> Vec<Box<[u8]>> {
    let block = |ty: &Type| -> Box<[u8]> {
        let results = &ty.results;
        match results.count {
            0 => [write::NOTHING].into(),
            1 => results.bytes.clone(),
            count => {
                let index = outline.types.len() + added.len();
                let mut new = vec![write::FUNCTION_TYPE, 0];
                write::number(&mut new, count);
                new.extend(&results.bytes);
                added.push(new);
                let mut block = Vec::new();
                write::signed(&mut block, i64::try_from(index).unwrap_or(i64::MAX));
                block.into()
            }
        }
    };
    outline.types.iter().map(block).collect()
}

/// A global of a type of integers that varies, and begins with 0.
pub(crate) fn variable(ty: u8) -> Vec<u8> {
    let constant = match ty {
        write::I64 => write::I64_CONST,
        _ => write::I32_CONST,
    };
    vec![ty, 1, constant, 0, write::END]
}

/// What no name of an export begins with.
pub(crate) fn unused_name(name: &str, exports: &[u8]) -> String {
    let mut name = name.to_owned();
    while exports
        .windows(name.len())
        .any(|part| part == name.as_bytes())
    {
        name.insert(0, '\'');
    }
    name
}
