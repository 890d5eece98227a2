//! What is in a valid module, as far as its twin depends on it.

use super::code::Code;
use std::ops::Range;

pub(super) const TYPE: u8 = 1;
const IMPORT: u8 = 2;
const FUNCTION: u8 = 3;
pub(super) const TABLE: u8 = 4;
pub(super) const MEMORY: u8 = 5;
pub(super) const GLOBAL: u8 = 6;
pub(super) const EXPORT: u8 = 7;
pub(super) const START: u8 = 8;
pub(super) const CODE: u8 = 10;

/// The sections in the order that the specification wants.
pub(super) const ORDER: [u8; 12] = [
    TYPE, IMPORT, FUNCTION, TABLE, MEMORY, GLOBAL, EXPORT, START, 9, 12, CODE, 11,
];

/// The type of a function.
#[derive(Clone, Debug, Default)]
pub(super) struct Type {
    /// A byte for each parameter.
    pub(super) params: Box<[u8]>,
    /// A byte for each result.
    pub(super) results: Box<[u8]>,
}

/// What is in a module.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// The sections that are not custom: their ids, and where their contents are in the file.
    pub(super) sections: Vec<(u8, Range<usize>)>,
    pub(super) types: Vec<Type>,
    /// The types of the module's own functions, as indices.
    pub(super) functions: Vec<u32>,
    pub(super) imported_functions: u32,
    pub(super) tables: u32,
    pub(super) memories: u32,
    pub(super) globals: u32,
    /// How many of them are the module's own.
    pub(super) own_tables: u32,
    pub(super) own_memories: u32,
    /// The function that the `start` section names.
    pub(super) start: Option<u32>,
}

impl Outline {
    pub(super) fn read(module: &[u8]) -> Option<Self> {
        const PREAMBLE: usize = 8;
        const CUSTOM: u8 = 0;
        let mut outline = Self::default();
        let mut code = Code::new(module);
        code.take(PREAMBLE)?;
        while code.at() < module.len() {
            let id = code.byte()?;
            let contents = code.counted()?;
            if id != CUSTOM {
                let range = code.at() - contents.len()..code.at();
                outline.sections.push((id, range));
                outline.section(id, Code::new(contents))?;
            }
        }
        Some(outline)
    }

    /// The contents of a section in the file; empty if there is none.
    pub(super) fn contents(&self, id: u8) -> Range<usize> {
        let mut sections = self.sections.iter();
        let found = sections.find(|section| section.0 == id);
        found.map_or(0..0, |(_, range)| range.clone())
    }

    fn section(&mut self, id: u8, mut contents: Code<'_>) -> Option<()> {
        match id {
            TYPE => {
                for _ in 0..contents.number()? {
                    contents.pass_numbers(1)?;
                    self.types.push(Type {
                        params: contents.counted()?.into(),
                        results: contents.counted()?.into(),
                    });
                }
            }
            IMPORT => {
                for _ in 0..contents.number()? {
                    self.import(&mut contents)?;
                }
            }
            FUNCTION => {
                for _ in 0..contents.number()? {
                    self.functions.push(contents.number()?);
                }
            }
            TABLE => {
                self.own_tables = contents.number()?;
                self.tables += self.own_tables;
            }
            MEMORY => {
                self.own_memories = contents.number()?;
                self.memories += self.own_memories;
            }
            GLOBAL => self.globals += contents.number()?,
            START => self.start = Some(contents.number()?),
            _ => {}
        }
        Some(())
    }

    fn import(&mut self, contents: &mut Code<'_>) -> Option<()> {
        contents.counted()?;
        contents.counted()?;
        match contents.byte()? {
            0 => {
                self.imported_functions += 1;
                contents.pass_numbers(1)?;
            }
            1 => {
                self.tables += 1;
                contents.pass_numbers(1)?;
                limits(contents)?;
            }
            2 => {
                self.memories += 1;
                limits(contents)?;
            }
            3 => {
                self.globals += 1;
                contents.take(2)?;
            }
            _ => return None,
        }
        Some(())
    }
}

/// Passes over the limits of a table or a memory.
fn limits(contents: &mut Code<'_>) -> Option<()> {
    const HAS_MAXIMUM: u8 = 1;
    let flags = contents.byte()?;
    contents.pass_numbers(1 + u32::from(flags & HAS_MAXIMUM))?;
    Some(())
}
