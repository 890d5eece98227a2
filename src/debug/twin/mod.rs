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
mod lines;
#[cfg(test)]
mod tests;

pub use self::frames::{Map, Noted};

use self::body::{Body, Probes, Writer};
use crate::module::Validated;
use crate::rewrite::assemble;
use crate::rewrite::code::Code;
use crate::rewrite::outline::{self, Outline};
use crate::rewrite::write;
use std::ops::Range;
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
    writer: Writer,
    map: Map,
    /// The code so far.
    code: Vec<u8>,
    /// The contents of the code section in the file, and how much of them is done.
    section: Range<usize>,
    done: usize,
    /// By type: the type of a block with the same results; empty: there is none yet.
    blocks: Vec<Vec<u8>>,
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
        let section = outline.contents(outline::CODE);
        let mut contents = Code::new(module.original().get(section.clone()).unwrap_or_default());
        let functions = match section.is_empty() {
            true => 0,
            false => contents.number().ok_or(Unknown(section.start))?,
        };
        if functions as usize != outline.functions.len() {
            return Err(Unknown(section.start));
        }
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
        });
        Ok(Self {
            done: contents.at(),
            code: Vec::with_capacity(section.len() + section.len() / 8),
            blocks: vec![Vec::new(); outline.types.len()],
            types: debug
                .then(|| vec![write::FUNCTION_TYPE, 1, write::I32, 0])
                .into_iter()
                .collect(),
            module,
            outline,
            plan,
            writer,
            map,
            section,
            lines_done: 0,
            stores_done: 0,
        })
    }

    /// The module.
    #[must_use]
    pub fn module(&self) -> &Validated {
        &self.module
    }

    /// How many bytes of the code are done, and how many there are.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.section.len())
    }

    /// Goes on for about `bytes` bytes of code, at least one function; gives the twin once it is complete.
    ///
    /// # Errors
    ///
    /// Something is not known.
    pub fn step(&mut self, bytes: usize) -> Result<Option<Twin>, Unknown> {
        let end = self.done.saturating_add(bytes);
        while self.map.bodies.len() < self.outline.functions.len() {
            if self.done >= end {
                return Ok(None);
            }
            let at = self.section.start + self.done;
            self.function().ok_or(Unknown(at))?;
        }
        Ok(Some(self.finish()))
    }

    fn function(&mut self) -> Option<()> {
        let module = self.module.original();
        let mut code = Code::new(module.get(self.section.start + self.done..self.section.end)?);
        let bytes = code.counted()?;
        let index = self.map.bodies.len();
        let ty_index = *self.outline.functions.get(index)? as usize;
        let ty = self.outline.types.get(ty_index)?;
        let block = self.blocks.get_mut(ty_index)?;
        if block.is_empty() {
            *block = match &*ty.results.bytes {
                [] => vec![write::NOTHING],
                [one] => vec![*one],
                results => {
                    let index = self.outline.types.len() + self.types.len();
                    let mut new = vec![write::FUNCTION_TYPE, 0];
                    write::count(&mut new, results.len());
                    new.extend(results);
                    self.types.push(new);
                    let mut block = Vec::new();
                    write::signed(&mut block, i64::try_from(index).ok()?);
                    block
                }
            };
        }
        let done = self.done + code.at();
        let start = done - bytes.len();
        let place = u32::try_from(start).ok()?;
        let lines = self.plan.lines();
        while lines
            .get(self.lines_done)
            .is_some_and(|(at, _)| *at < place)
        {
            self.lines_done += 1;
        }
        let in_file = self.section.start + start;
        let moved: Vec<usize> = match self.module.stores().get(self.stores_done) {
            Some((body, stores)) if *body == in_file => {
                self.stores_done += 1;
                stores.iter().map(|store| store - in_file).collect()
            }
            _ => Vec::new(),
        };
        let function = self.outline.imported_functions() + u32::try_from(index).ok()?;
        let body = Body {
            bytes,
            place,
            ty,
            block,
            lines: lines.get(self.lines_done..).unwrap_or_default(),
            moved: &moved,
            is_tight: self.module.is_tight(function),
        };
        let frame = self.writer.function(&body, &mut self.code)?;
        self.map.function(place, frame);
        self.done = done;
        Some(())
    }

    /// Puts the sections together.
    fn finish(&mut self) -> Twin {
        let mut map = std::mem::take(&mut self.map);
        map.complete(std::mem::take(&mut self.writer.rows));
        let mut written = b"\0asm\x01\0\0\0".to_vec();
        let code = std::mem::take(&mut self.code);
        written.reserve(self.module.original().len() + code.len() / 4);
        for id in outline::ORDER {
            self.section(id, &code, &map, &mut written);
        }
        Twin {
            bytes: written.into(),
            start: self.outline.start.map(|_| map.export("start")),
            map: Rc::new(map),
        }
    }

    fn section(&self, id: u8, code: &[u8], map: &Map, to: &mut Vec<u8>) {
        let range = self.outline.contents(id);
        let contents = self.module.original().get(range).unwrap_or_default();
        let more = match id {
            outline::TYPE => self.types.clone(),
            outline::TABLE if self.writer.probes.debug => vec![vec![write::FUNC_REF, 1, 1, 1]],
            outline::MEMORY => {
                // The host lets it grow.
                let mut memory = vec![0];
                write::number(&mut memory, map.least_pages());
                vec![memory]
            }
            outline::GLOBAL => [map.bottom(), 0].map(global).into(),
            outline::EXPORT => self.exports(map),
            outline::START => return,
            outline::CODE => {
                let mut section = Vec::with_capacity(code.len() + 5);
                write::count(&mut section, self.outline.functions.len());
                section.extend(code);
                if !self.section.is_empty() {
                    write::section(to, id, &section);
                }
                return;
            }
            _ => Vec::new(),
        };
        if more.is_empty() {
            if !contents.is_empty() {
                write::section(to, id, contents);
            }
            return;
        }
        let mut there = Code::new(contents);
        let count = there.number().unwrap_or(0);
        let mut section = Vec::new();
        write::count(&mut section, count as usize + more.len());
        section.extend(contents.get(there.at()..).unwrap_or_default());
        section.extend(more.concat());
        write::section(to, id, &section);
    }

    fn exports(&self, map: &Map) -> Vec<Vec<u8>> {
        const FUNCTION: u8 = 0;
        const TABLE: u8 = 1;
        const MEMORY: u8 = 2;
        const GLOBAL: u8 = 3;
        let probes = &self.writer.probes;
        let mut exports = vec![
            ("memory", MEMORY, probes.memory),
            ("top", GLOBAL, probes.top),
            ("leaf", GLOBAL, probes.leaf),
        ];
        exports.extend(probes.debug.then_some(("at", TABLE, probes.at_table)));
        if self.module.registers().is_some() {
            let registers = Map::REGISTERS.into_iter();
            exports.extend(registers.map(|(what, index)| (what, GLOBAL, index)));
        }
        exports.extend(self.outline.start.map(|start| ("start", FUNCTION, start)));
        let write = |(what, kind, index): (&str, u8, u32)| {
            let name = map.export(what);
            let mut export = Vec::new();
            write::count(&mut export, name.len());
            export.extend(name.bytes());
            write::op(&mut export, kind, index);
            export
        };
        exports.into_iter().map(write).collect()
    }
}

/// A variable global that begins with this number.
fn global(value: u32) -> Vec<u8> {
    let mut global = vec![write::I32, 1];
    write::constant(&mut global, value);
    global.push(write::END);
    global
}
