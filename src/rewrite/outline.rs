//! What is in a valid module, as far as what is written anew depends on it.

use super::code::Code;
use std::ops::Range;

pub(crate) const TYPE: u8 = 1;
pub(crate) const IMPORT: u8 = 2;
pub(crate) const FUNCTION: u8 = 3;
pub(crate) const TABLE: u8 = 4;
pub(crate) const MEMORY: u8 = 5;
const TAG: u8 = 13;
pub(crate) const GLOBAL: u8 = 6;
pub(crate) const EXPORT: u8 = 7;
pub(crate) const START: u8 = 8;
pub(crate) const CODE: u8 = 10;

/// The sections in the order that the specification wants.
pub(crate) const ORDER: [u8; 13] = [
    TYPE, IMPORT, FUNCTION, TABLE, MEMORY, TAG, GLOBAL, EXPORT, START, 9, 12, CODE, 11,
];

/// The types of some values, as the binary format has them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Types {
    pub(crate) count: u32,
    /// A byte for each, unless one is a reference of a type of the module's own.
    pub(crate) bytes: Box<[u8]>,
}

/// The type of a function; empty for what is a type of other things.
#[derive(Clone, Debug, Default)]
pub(crate) struct Type {
    pub(crate) params: Types,
    pub(crate) results: Types,
}

/// A table or a memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Store {
    /// What the elements of a table are; empty for a memory.
    pub(crate) element: Box<[u8]>,
    /// Whether its addresses are of 64 bits.
    pub(crate) is_64: bool,
    /// How many pages or elements it begins with.
    pub(crate) least: u64,
    /// The bytes of a page, as a power of 2.
    pub(crate) page: u32,
}

/// What is in a module.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// The sections that are not custom: their ids, and where their contents are in the file.
    pub(crate) sections: Vec<(u8, Range<usize>)>,
    pub(crate) types: Vec<Type>,
    /// The types of the module's own functions, as indices.
    pub(crate) functions: Vec<u32>,
    /// What each import is, behind its names: where that is in the contents of the section.
    pub(crate) imports: Vec<Range<usize>>,
    /// The types of the functions that it imports.
    pub(crate) imported: Vec<u32>,
    /// All tables, and all memories: imported ones first.
    pub(crate) tables: Vec<Store>,
    pub(crate) memories: Vec<Store>,
    pub(crate) globals: u32,
    /// How many of them are the module's own.
    pub(crate) own_tables: u32,
    pub(crate) own_memories: u32,
    /// The function that the `start` section names.
    pub(crate) start: Option<u32>,
}

impl Outline {
    pub(crate) fn read(module: &[u8]) -> Option<Self> {
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
    pub(crate) fn contents(&self, id: u8) -> Range<usize> {
        let mut sections = self.sections.iter();
        let found = sections.find(|section| section.0 == id);
        found.map_or(0..0, |(_, range)| range.clone())
    }

    /// How many functions are imported.
    pub(crate) fn imported_functions(&self) -> u32 {
        number(self.imported.len())
    }

    fn section(&mut self, id: u8, mut contents: Code<'_>) -> Option<()> {
        match id {
            TYPE => {
                for _ in 0..contents.number()? {
                    self.recursive(&mut contents)?;
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
                for _ in 0..self.own_tables {
                    self.tables.push(own_table(&mut contents)?);
                }
            }
            MEMORY => {
                self.own_memories = contents.number()?;
                for _ in 0..self.own_memories {
                    self.memories.push(store(&mut contents, &[])?);
                }
            }
            GLOBAL => self.globals += contents.number()?,
            START => self.start = Some(contents.number()?),
            _ => {}
        }
        Some(())
    }

    /// A type, or a group of those that name each other.
    fn recursive(&mut self, contents: &mut Code<'_>) -> Option<()> {
        const GROUP: u8 = 0x4e;
        match contents.byte()? {
            GROUP => {
                for _ in 0..contents.number()? {
                    let form = contents.byte()?;
                    self.types.push(sub_type(form, contents)?);
                }
            }
            form => self.types.push(sub_type(form, contents)?),
        }
        Some(())
    }

    fn import(&mut self, contents: &mut Code<'_>) -> Option<()> {
        contents.counted()?;
        contents.counted()?;
        let what = contents.at();
        match contents.byte()? {
            0 => self.imported.push(contents.number()?),
            1 => self.tables.push(table(contents)?),
            2 => self.memories.push(store(contents, &[])?),
            3 => {
                self.globals += 1;
                contents.value_type()?;
                contents.byte()?;
            }
            // The tag of an exception.
            4 => {
                contents.pass_numbers(2)?;
            }
            _ => return None,
        }
        self.imports.push(what..contents.at());
        Some(())
    }
}

/// A type that begins with this byte.
fn sub_type(form: u8, contents: &mut Code<'_>) -> Option<Type> {
    const SUB: [u8; 2] = [0x4f, 0x50];
    const FUNCTION: u8 = 0x60;
    const STRUCT: u8 = 0x5f;
    const ARRAY: u8 = 0x5e;
    let form = match SUB.contains(&form) {
        true => {
            let above = contents.number()?;
            contents.pass_numbers(above)?;
            contents.byte()?
        }
        false => form,
    };
    let fields = match form {
        FUNCTION => {
            let (params, results) = (types(contents)?, types(contents)?);
            return Some(Type { params, results });
        }
        STRUCT => contents.number()?,
        ARRAY => 1,
        _ => return None,
    };
    for _ in 0..fields {
        contents.value_type()?;
        // Whether it varies.
        contents.byte()?;
    }
    Some(Type::default())
}

fn types(contents: &mut Code<'_>) -> Option<Types> {
    let count = contents.number()?;
    let bytes = contents.passed(|contents| {
        for _ in 0..count {
            contents.value_type()?;
        }
        Some(())
    })?;
    Some(Types {
        count,
        bytes: bytes.into(),
    })
}

fn table(contents: &mut Code<'_>) -> Option<Store> {
    let element = contents.passed(Code::value_type)?;
    store(contents, element)
}

/// A table of the module's own: one may say what it is filled with.
fn own_table(contents: &mut Code<'_>) -> Option<Store> {
    const FILLED: u8 = 0x40;
    if contents.peek()? != FILLED {
        return table(contents);
    }
    contents.take(2)?;
    let table = table(contents)?;
    contents.expression()?;
    Some(table)
}

/// The limits of a table or a memory.
fn store(contents: &mut Code<'_>, element: &[u8]) -> Option<Store> {
    const HAS_MAXIMUM: u8 = 1;
    const IS_64: u8 = 4;
    const HAS_PAGE: u8 = 8;
    const PAGE: u32 = 16;
    let flags = contents.byte()?;
    let least = contents.long()?;
    if flags & HAS_MAXIMUM != 0 {
        contents.pass_numbers(1)?;
    }
    let page = match flags & HAS_PAGE {
        0 => PAGE,
        _ => contents.number()?,
    };
    Some(Store {
        element: element.into(),
        is_64: flags & IS_64 != 0,
        least,
        page,
    })
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
