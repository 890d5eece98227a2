//! A module that is being written: its sections, and the numbers of its functions.

use std::error::Error;
use std::fmt;
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    CodeSection, DataCountSection, DataSection, ElementSection, ExportSection, FunctionSection,
    GlobalSection, ImportSection, MemorySection, Module, StartSection, TableSection, TypeSection,
};

/// Gives functions the numbers that they have in a part.
pub struct Renumbered(Vec<Option<u32>>);

impl Renumbered {
    /// In this order; a number without a function is that of one that is new.
    pub fn new(functions: usize, order: &[Option<u32>]) -> Self {
        let mut numbers = vec![None; functions];
        for (number, function) in (0..).zip(order) {
            if let Some(function) = function {
                numbers[*function as usize] = Some(number);
            }
        }
        Self(numbers)
    }

    pub fn all(&mut self, functions: &[u32]) -> Result<Vec<u32>, reencode::Error<Missing>> {
        functions
            .iter()
            .map(|function| self.function_index(*function))
            .collect()
    }
}

impl Reencode for Renumbered {
    type Error = Missing;

    fn function_index(&mut self, function: u32) -> Result<u32, reencode::Error<Missing>> {
        let number = self.0.get(function as usize).copied().flatten();
        number.ok_or(reencode::Error::UserError(Missing(function)))
    }
}

/// A function that a part refers to and does not know.
#[derive(Debug)]
pub struct Missing(pub u32);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a part does not know function {}", self.0)
    }
}

impl Error for Missing {}

/// The sections of a module that is being written.
#[derive(Default)]
pub struct Sections {
    pub types: TypeSection,
    pub imports: ImportSection,
    pub functions: FunctionSection,
    pub tables: TableSection,
    pub memories: MemorySection,
    pub globals: GlobalSection,
    pub exports: ExportSection,
    pub start: Option<StartSection>,
    pub elements: ElementSection,
    pub data_count: Option<DataCountSection>,
    pub code: CodeSection,
    pub data: DataSection,
}

impl Sections {
    pub fn module(&self) -> Vec<u8> {
        let mut module = Module::new();
        module
            .section(&self.types)
            .section(&self.imports)
            .section(&self.functions);
        module
            .section(&self.tables)
            .section(&self.memories)
            .section(&self.globals)
            .section(&self.exports);
        if let Some(start) = &self.start {
            module.section(start);
        }
        module.section(&self.elements);
        if let Some(count) = &self.data_count {
            module.section(count);
        }
        module.section(&self.code).section(&self.data);
        module.finish()
    }
}
