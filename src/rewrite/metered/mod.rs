//! The metered module: the same module, but that it counts what it does, and asks the host where it has no fuel left.
//!
//! An engine that has neither fuel nor limits, as the browser's, so runs a guest that can be held between any two blocks of
//! instructions, stopped, and kept from growing. Fuel is **instructions executed**, charged for a whole basic block when it begins: each counts 1, but for
//! `block`, `loop`, `try_table`, `else` and `end`, which only say where others are. An instruction that moves bytes charges 1 more for every 64, or for 8
//! elements of a table. Fuel is looked at where a loop goes on and where a function begins that calls others; of a call that a trap ends, what the
//! innermost loop has charged since then may be missing.
//!
//! What is added ends the sections: the globals `fuel` (`i32`, below 0 when it is used up), `depth` (`i32`, how much deeper calls may be nested,
//! below 0 when it is no deeper), `pages` and `elements` (`i64`, what a memory and a table may grow to), `asked pages` and `asked elements` (what
//! was asked for last beyond that); the table `gate`, whose only element the host is asked by, a function that gives an `i32`: whether the call ends
//! there, by `unreachable`, which no `catch_all` holds up.

mod body;
mod gate;
mod grow;
mod place;
#[cfg(test)]
mod tests;

pub use self::gate::{SLOT, asked, door, gate, said};
pub use self::place::Places;

use self::body::Body;
use self::place::Written;
use super::assemble::{self, Added, Export, Kind};
use super::code::Code;
use super::outline::{self, Outline};
use super::write;
use std::ops::Range;
use std::rc::Rc;

/// Something in the module that what meters it does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the module has something that cannot be metered, in what begins at offset {0:#x}")]
pub struct Unknown(usize);

/// A module that counts what it does: only [`Making`] makes one.
#[derive(Clone, Debug)]
pub struct Metered {
    bytes: Rc<[u8]>,
    name: Rc<str>,
    has_start: bool,
    places: Rc<Places>,
}

impl Metered {
    /// The module, without a `start` section.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The name of an export that the module itself does not have, as this page of documentation calls it.
    #[must_use]
    pub fn export(&self, what: &str) -> String {
        format!("{}{what}", self.name)
    }

    /// Whether an export is none of the module's own.
    #[must_use]
    pub fn is_added(&self, export: &str) -> bool {
        export.starts_with(&*self.name)
    }

    /// The export of the function that the `start` section named.
    #[must_use]
    pub fn start(&self) -> Option<String> {
        self.has_start.then(|| self.export("start"))
    }

    /// The pages that its memories and the elements that its tables begin with, without what is added.
    #[must_use]
    pub fn begins(&self) -> (Vec<u64>, Vec<u64>) {
        let outline = &self.places.shape.outline;
        let least = |stores: &[outline::Store]| stores.iter().map(|store| store.least).collect();
        (least(&outline.memories), least(&outline.tables))
    }

    /// Where what it does stands in the module as it was.
    #[must_use]
    pub fn places(&self) -> &Rc<Places> {
        &self.places
    }
}

/// The indices of what is added.
#[derive(Clone, Debug, Default)]
struct Parts {
    fuel: u32,
    depth: u32,
    pages: u32,
    elements: u32,
    asked_pages: u32,
    asked_elements: u32,
    gate: u32,
    /// The type of the function in it.
    gate_type: u32,
    /// The function that asks the host.
    tick: u32,
    memories: u32,
    tables: u32,
}

impl Parts {
    fn new(outline: &Outline) -> Self {
        let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let globals = outline.globals;
        Self {
            fuel: globals,
            depth: globals + 1,
            pages: globals + 2,
            elements: globals + 3,
            asked_pages: globals + 4,
            asked_elements: globals + 5,
            gate: number(outline.tables.len()),
            gate_type: number(outline.types.len()),
            tick: outline.imported_functions() + number(outline.functions.len()),
            memories: number(outline.memories.len()),
            tables: number(outline.tables.len()),
        }
    }

    /// The function that grows a memory.
    fn grow_memory(&self, memory: u32) -> Option<u32> {
        (memory < self.memories).then(|| self.tick + 1 + memory)
    }

    /// The function that grows a table.
    fn grow_table(&self, table: u32) -> Option<u32> {
        (table < self.tables).then(|| self.tick + 1 + self.memories + table)
    }
}

/// What does not change while a module is written.
#[derive(Debug, Default)]
struct Shape {
    module: Rc<[u8]>,
    outline: Outline,
    parts: Parts,
    /// By type: the type of a block with the same results.
    blocks: Vec<Box<[u8]>>,
}

impl Shape {
    /// A function of the module's own, whose body is there in the file.
    fn body(&self, index: usize, range: Range<usize>) -> Option<Body<'_>> {
        let ty = *self.outline.functions.get(index)? as usize;
        Some(Body {
            bytes: self.module.get(range)?,
            ty: self.outline.types.get(ty)?,
            block: self.blocks.get(ty)?,
        })
    }
}

/// A metered module that is being made, in steps.
#[derive(Debug)]
pub struct Making {
    shape: Shape,
    added: Added,
    /// The code so far, and where each function is.
    code: Vec<u8>,
    functions: Vec<Written>,
    /// The contents of the code section in the file, and how much of them is done.
    section: Range<usize>,
    done: usize,
    name: String,
}

impl Making {
    /// Begins with a valid module.
    ///
    /// # Errors
    ///
    /// It has something that is not known.
    pub fn new(module: Rc<[u8]>) -> Result<Self, Unknown> {
        let outline = Outline::read(&module).ok_or(Unknown(0))?;
        let section = outline.contents(outline::CODE);
        let mut contents = Code::new(module.get(section.clone()).unwrap_or_default());
        let functions = match section.is_empty() {
            true => 0,
            false => contents.number().ok_or(Unknown(section.start))?,
        };
        if functions as usize != outline.functions.len() {
            return Err(Unknown(section.start));
        }
        let done = contents.at();
        let exports = module.get(outline.contents(outline::EXPORT));
        let name = assemble::unused_name("metered ", exports.unwrap_or_default());
        let parts = Parts::new(&outline);
        let mut added = Added::default();
        added.types.push(gate::TYPE.to_vec());
        let blocks = blocks(&outline, &mut added);
        let shape = Shape {
            module,
            outline,
            parts,
            blocks,
        };
        grow::functions(&shape, &mut added);
        Ok(Self {
            code: Vec::with_capacity(section.len() + section.len() / 2),
            functions: Vec::with_capacity(shape.outline.functions.len()),
            shape,
            added,
            section,
            done,
            name,
        })
    }

    /// How many bytes of the code are done, and how many there are.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.section.len())
    }

    /// Goes on for about `bytes` bytes of code, at least one function; gives the metered module once it is complete.
    ///
    /// # Errors
    ///
    /// Something is not known.
    pub fn step(&mut self, bytes: usize) -> Result<Option<Metered>, Unknown> {
        let end = self.done.saturating_add(bytes);
        while self.functions.len() < self.shape.outline.functions.len() {
            if self.done >= end {
                return Ok(None);
            }
            let at = self.section.start + self.done;
            self.function().ok_or(Unknown(at))?;
        }
        Ok(Some(self.finish()))
    }

    fn function(&mut self) -> Option<()> {
        let rest = self.section.start + self.done..self.section.end;
        let mut code = Code::new(self.shape.module.get(rest.clone())?);
        let bytes = code.counted()?.len();
        let end = rest.start + code.at();
        let body = self.shape.body(self.functions.len(), end - bytes..end)?;
        let mut written = Vec::with_capacity(bytes + bytes / 2 + 32);
        let Shape { outline, parts, .. } = &self.shape;
        body::write(&body, outline, parts, &mut written, |_, _| {})?;
        write::count(&mut self.code, written.len());
        self.functions.push(Written {
            original: end - bytes,
            length: bytes,
            begins: self.code.len(),
        });
        self.code.extend(written);
        self.done = end - self.section.start;
        Some(())
    }

    /// Puts the sections together.
    fn finish(&mut self) -> Metered {
        let mut added = std::mem::take(&mut self.added);
        let Shape { outline, parts, .. } = &self.shape;
        let start = outline.start.map(|start| ("start", Kind::Function, start));
        let exports = [
            ("fuel", Kind::Global, parts.fuel),
            ("depth", Kind::Global, parts.depth),
            ("pages", Kind::Global, parts.pages),
            ("elements", Kind::Global, parts.elements),
            ("asked pages", Kind::Global, parts.asked_pages),
            ("asked elements", Kind::Global, parts.asked_elements),
            ("gate", Kind::Table, parts.gate),
        ];
        let exports = exports.into_iter().chain(start);
        added.exports = exports
            .map(|(what, kind, index)| Export {
                name: format!("{}{what}", self.name),
                kind,
                index,
            })
            .collect();
        for ty in [
            write::I32,
            write::I32,
            write::I64,
            write::I64,
            write::I64,
            write::I64,
        ] {
            added.globals.push(assemble::variable(ty));
        }
        // One element, no more and no fewer.
        added.tables.push(vec![write::FUNC_REF, 1, 1, 1]);
        let code = std::mem::take(&mut self.code);
        let (bytes, begins) = assemble::module(&self.shape.module, outline, &code, &added);
        let shape = std::mem::take(&mut self.shape);
        Metered {
            bytes: bytes.into(),
            name: self.name.as_str().into(),
            has_start: shape.outline.start.is_some(),
            places: Rc::new(Places {
                shape,
                functions: std::mem::take(&mut self.functions),
                code: begins..begins + code.len(),
            }),
        }
    }
}

/// By type: the type of a block with the same results. Some types are added for that.
fn blocks(outline: &Outline, added: &mut Added) -> Vec<Box<[u8]>> {
    let block = |ty: &outline::Type| -> Box<[u8]> {
        let results = &ty.results;
        match results.count {
            0 => [write::NOTHING].into(),
            1 => results.bytes.clone(),
            count => {
                let index = outline.types.len() + added.types.len();
                let mut new = vec![write::FUNCTION_TYPE, 0];
                write::number(&mut new, count);
                new.extend(&results.bytes);
                added.types.push(new);
                let mut block = Vec::new();
                write::signed(&mut block, i64::try_from(index).unwrap_or(i64::MAX));
                block.into()
            }
        }
    };
    outline.types.iter().map(block).collect()
}
