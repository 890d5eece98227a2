//! The twin: the same module, but that its functions note where they are, in a memory of their own.
//!
//! Nothing that the module has gets another index: types, a table, a memory, globals and exports go to the ends of their
//! sections, and no import is added. What is noted are places in the module as it was, offsets in the contents of
//! its code section, so that its debug information goes for the twin as well.
//!
//! A function that calls others has a frame: it takes the address from the global `top`, moves that on, and puts it back when it
//! returns. A function that calls none sets the global `leaf` instead, which costs less. In the memory the bits of
//! the rows come first, a byte each, then the frames.

mod body;
mod frames;
mod kept;
mod lines;
#[cfg(test)]
mod tests;
mod turns;

pub use self::frames::{Map, Noted};
pub(super) use self::kept::PARAMS;

use self::body::{Body, Probes, Writer};
use crate::module::Validated;
use crate::protocol::Kept;
use crate::rewrite::assemble::{self, Added, Export, Kind};
use crate::rewrite::bodies::Bodies;
use crate::rewrite::outline::{self, Outline};
use crate::rewrite::write;
use std::rc::Rc;

/// Where a line begins, as a place, and a number that stands for it; 0: from there on no line is known.
pub type Line = (u32, u32);

/// What a twin's functions note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Which they are, and where they are when they call another or are about to trap; not before they read or write
    /// memory.
    Frames,
    /// That, what they were given, and in which of these lines they are, in the order of their places; the host can be
    /// asked at each, and then notes the place itself.
    Debug(Rc<[Line]>),
}

impl Plan {
    fn lines(&self) -> &[Line] {
        match self {
            Self::Frames => &[],
            Self::Debug(lines) => lines,
        }
    }
}

/// Something in the module that its twin's maker does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the module has something that cannot be watched, in what begins at offset {0:#x}")]
pub struct Unknown(usize);

/// A module that notes where it is: only [`Making`] makes one.
#[derive(Clone, Debug)]
pub struct Twin {
    bytes: Rc<[u8]>,
    start: Option<String>,
    map: Rc<Map>,
}

impl Twin {
    /// The twin, without a `start` section.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The export of the function that the `start` section named.
    #[must_use]
    pub fn start(&self) -> Option<&str> {
        self.start.as_deref()
    }

    /// How to read what it notes.
    #[must_use]
    pub fn map(&self) -> &Rc<Map> {
        &self.map
    }
}

/// A twin that is being made, in steps.
#[derive(Debug)]
pub struct Making {
    module: Validated,
    outline: Outline,
    plan: Plan,
    kept: Rc<[Kept]>,
    writer: Writer,
    map: Map,
    /// The code so far.
    code: Vec<u8>,
    bodies: Bodies,
    /// By type: the type of a block with the same results.
    blocks: Vec<Box<[u8]>>,
    types: Vec<Vec<u8>>,
    lines_done: usize,
    stores_done: usize,
}

impl Making {
    /// Begins to make a twin of `module`.
    ///
    /// # Errors
    ///
    /// It has as many memories or tables as there may be, or something that is not known.
    pub fn new(module: Validated, plan: Plan) -> Result<Self, Unknown> {
        /// Memories, and tables, of a module.
        const MOST: usize = 99;
        let outline = Outline::read(module.original()).ok_or(Unknown(0))?;
        if outline.memories.len() > MOST || outline.tables.len() > MOST {
            return Err(Unknown(0));
        }
        let bodies = Bodies::new(module.original(), &outline).map_err(Unknown)?;
        let debug = plan != Plan::Frames;
        let mut map = Map::new(&outline, debug);
        let exports = module.original().get(outline.contents(outline::EXPORT));
        map.name = assemble::unused_name("twin ", exports.unwrap_or_default());
        let writer = Writer::new(Probes {
            memory: u32::try_from(outline.memories.len()).unwrap_or(u32::MAX),
            top: outline.globals,
            leaf: outline.globals + 1,
            at_type: u32::try_from(outline.types.len()).unwrap_or(u32::MAX),
            at_table: u32::try_from(outline.tables.len()).unwrap_or(u32::MAX),
            debug,
            // Standard Go's are in memory.
            params: module.registers().is_none(),
        });
        let at = || vec![write::FUNCTION_TYPE, 1, write::I32, 0];
        let mut types = debug.then(at).into_iter().collect();
        let (_, length) = bodies.section();
        Ok(Self {
            code: Vec::with_capacity(length + length / 8),
            blocks: assemble::blocks(&outline, &mut types),
            types,
            module,
            outline,
            plan,
            kept: Rc::new([]),
            writer,
            map,
            bodies,
            lines_done: 0,
            stores_done: 0,
        })
    }

    /// Frames of a debugged twin keep these Wasm locals, in the order of the functions, as they are wherever it stands.
    pub fn keep(&mut self, kept: Rc<[Kept]>) {
        self.kept = kept;
    }

    /// The module.
    #[must_use]
    pub fn module(&self) -> &Validated {
        &self.module
    }

    /// How many bytes of the code are done, and how many there are.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        self.bodies.progress()
    }

    /// Goes on for about `bytes` bytes of code, at least one function; gives the twin once it is complete.
    ///
    /// # Errors
    ///
    /// Something is not known.
    pub fn step(&mut self, bytes: usize) -> Result<Option<Twin>, Unknown> {
        let module = Rc::clone(self.module.original());
        let mut bodies = std::mem::take(&mut self.bodies);
        let (code, _) = bodies.section();
        let all_are_done = bodies.step(bytes, &module, |index, body| {
            let bytes = module.get(body.clone())?;
            self.function(index, bytes, body.start, code)
        });
        self.bodies = bodies;
        let all_are_done = all_are_done.map_err(Unknown)?;
        Ok(all_are_done.then(|| self.finish()))
    }

    /// The next function, whose body is at `in_file`; places count from `code`.
    fn function(&mut self, index: usize, bytes: &[u8], in_file: usize, code: usize) -> Option<()> {
        let ty_index = *self.outline.functions.get(index)? as usize;
        let ty = self.outline.types.get(ty_index)?;
        let block = self.blocks.get(ty_index)?;
        let place = u32::try_from(in_file - code).ok()?;
        let lines = self.plan.lines();
        while lines
            .get(self.lines_done)
            .is_some_and(|(at, _)| *at < place)
        {
            self.lines_done += 1;
        }
        let moved: Vec<usize> = match self.module.stores().get(self.stores_done) {
            Some((body, stores)) if *body == in_file => {
                self.stores_done += 1;
                stores.iter().map(|store| store - in_file).collect()
            }
            _ => Vec::new(),
        };
        let function = self.outline.imported_functions() + u32::try_from(index).ok()?;
        let kept = self.kept.binary_search_by_key(&place, |kept| kept.0).ok();
        let kept = kept.and_then(|at| self.kept.get(at));
        let body = Body {
            bytes,
            place,
            kept: kept.map_or(&[], |(_, locals)| locals),
            ty,
            block,
            lines: lines.get(self.lines_done..).unwrap_or_default(),
            moved: &moved,
            is_tight: self.module.is_tight(function),
        };
        let frame = self.writer.function(&body, &mut self.code)?;
        self.map.function(place, frame);
        Some(())
    }

    /// Puts the sections together.
    fn finish(&mut self) -> Twin {
        let mut map = std::mem::take(&mut self.map);
        map.complete(std::mem::take(&mut self.writer.rows));
        let code = std::mem::take(&mut self.code);
        // The host lets it grow.
        let mut memory = vec![0];
        write::number(&mut memory, map.least_pages());
        let table = || vec![write::FUNC_REF, 1, 1, 1];
        let added = Added {
            types: std::mem::take(&mut self.types),
            tables: self.writer.probes.debug.then(table).into_iter().collect(),
            memories: vec![memory],
            globals: [map.bottom(), 0].map(global).into(),
            exports: self.exports(&map),
            ..Added::default()
        };
        let original = self.module.original();
        let (bytes, _) = assemble::module(original, &self.outline, &code, &added);
        Twin {
            bytes: bytes.into(),
            start: self.outline.start.map(|_| map.export("start")),
            map: Rc::new(map),
        }
    }

    fn exports(&self, map: &Map) -> Vec<Export> {
        let probes = &self.writer.probes;
        let mut exports = vec![
            ("memory", Kind::Memory, probes.memory),
            ("top", Kind::Global, probes.top),
            ("leaf", Kind::Global, probes.leaf),
        ];
        exports.extend(probes.debug.then_some(("at", Kind::Table, probes.at_table)));
        if self.module.registers().is_some() {
            let registers = Map::REGISTERS.into_iter();
            exports.extend(registers.map(|(what, index)| (what, Kind::Global, index)));
        }
        let start = self.outline.start;
        exports.extend(start.map(|start| ("start", Kind::Function, start)));
        let named = |(what, kind, index): (&str, Kind, u32)| Export {
            name: map.export(what),
            kind,
            index,
        };
        exports.into_iter().map(named).collect()
    }
}

/// A variable global that begins with this number.
fn global(value: u32) -> Vec<u8> {
    let mut global = vec![write::I32, 1];
    write::constant(&mut global, value);
    global.push(write::END);
    global
}
