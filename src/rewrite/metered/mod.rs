//! The metered module: the same module, but that it counts what it does, and asks the host where it has no fuel left.
//!
//! An engine that has neither fuel nor limits, as the browser's, so runs a guest that can be held between any two blocks of
//! instructions, stopped, and kept from growing. Fuel is **instructions executed**, charged for a whole basic block when it begins: each counts 1, but for
//! `block`, `loop`, `try_table`, `else` and `end`, which only say where others are. An instruction that moves bytes charges 1 more for every 64, or for 8
//! elements of a table. Fuel is looked at where a loop goes on and where a function begins that calls others; of a call that a trap ends, what the
//! innermost loop has charged since then may be missing.
//!
//! Imports are called by their numbers, from 0, in the module [`IMPORTS`]: a name may be imported as several types, and JavaScript gives
//! one thing for a name. What is added ends the sections: the globals `fuel` (`i32`, below 0 when it is used up), `depth` (`i32`, how much deeper calls may be nested,
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
use super::bodies::Bodies;
use super::outline::{self, Outline};
use super::write;
use std::ops::Range;
use std::rc::Rc;

/// What a metered module calls the module that it imports all from.
pub const IMPORTS: &str = "imports";

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
    bodies: Bodies,
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
        let bodies = Bodies::new(&module, &outline).map_err(Unknown)?;
        let exports = module.get(outline.contents(outline::EXPORT));
        let name = assemble::unused_name("metered ", exports.unwrap_or_default());
        let parts = Parts::new(&outline);
        let mut added = Added::default();
        added.types.push(gate::TYPE.to_vec());
        added.imports = numbered(&module, &outline);
        let blocks = assemble::blocks(&outline, &mut added.types);
        let shape = Shape {
            module,
            outline,
            parts,
            blocks,
        };
        grow::functions(&shape, &mut added);
        let (_, length) = bodies.section();
        Ok(Self {
            code: Vec::with_capacity(length + length / 2),
            functions: Vec::with_capacity(shape.outline.functions.len()),
            shape,
            added,
            bodies,
            name,
        })
    }

    /// How many bytes of the code are done, and how many there are.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        self.bodies.progress()
    }

    /// Goes on for about `bytes` bytes of code, at least one function; gives the metered module once it is complete.
    ///
    /// # Errors
    ///
    /// Something is not known.
    pub fn step(&mut self, bytes: usize) -> Result<Option<Metered>, Unknown> {
        let module = Rc::clone(&self.shape.module);
        let mut bodies = std::mem::take(&mut self.bodies);
        let all_are_done = bodies.step(bytes, &module, |index, body| self.function(index, body));
        self.bodies = bodies;
        let all_are_done = all_are_done.map_err(Unknown)?;
        Ok(all_are_done.then(|| self.finish()))
    }

    fn function(&mut self, index: usize, range: Range<usize>) -> Option<()> {
        let body = self.shape.body(index, range.clone())?;
        let mut written = Vec::with_capacity(range.len() * 3 / 2 + 32);
        let Shape { outline, parts, .. } = &self.shape;
        body::write(&body, outline, parts, &mut written, |_, _| {})?;
        write::count(&mut self.code, written.len());
        self.functions.push(Written {
            original: range.start,
            length: range.len(),
            begins: self.code.len(),
        });
        self.code.extend(written);
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

/// The imports by their numbers; `None`: there are none.
fn numbered(module: &[u8], outline: &Outline) -> Option<Vec<u8>> {
    let contents = module.get(outline.contents(outline::IMPORT))?;
    let mut section = Vec::new();
    write::count(&mut section, outline.imports.len());
    for (number, what) in outline.imports.iter().enumerate() {
        write::name(&mut section, IMPORTS);
        write::name(&mut section, &number.to_string());
        section.extend(contents.get(what.clone())?);
    }
    (!outline.imports.is_empty()).then_some(section)
}
