//! Writes the parts.

use crate::graph::{Element, FIRST, Graph};
use crate::sections::{Missing, Renumbered, Sections};
use std::error::Error;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    BlockType, ConstExpr, DataCountSection, Elements, EntityType, ExportKind, Function, GlobalType,
    MemoryType, RefType, StartSection, TableType, ValType,
};
use wasmparser::{FunctionBody, Parser, Payload};

/// The table, and the module that a part imports from.
const PARTS: &str = "parts";

pub struct Split<'a> {
    module: &'a [u8],
    graph: &'a Graph,
    part_of: &'a [usize],
    whole: Whole<'a>,
    /// What lies in the table `parts`, by the part that puts it there.
    places: Vec<(usize, u32)>,
    /// The functions of later parts that the first one has stubs of; sorted.
    stubs: Vec<u32>,
}

/// What the parts share, or is read more than once.
#[derive(Default)]
struct Whole<'a> {
    /// How many parameters each type of a function has.
    params: Vec<u32>,
    memories: Vec<MemoryType>,
    tables: Vec<TableType>,
    globals: Vec<GlobalType>,
    bodies: Vec<FunctionBody<'a>>,
}

impl<'a> Split<'a> {
    pub fn new(
        module: &'a [u8],
        graph: &'a Graph,
        part_of: &'a [usize],
    ) -> Result<Self, Box<dyn Error>> {
        let stubs = graph.stubs(part_of);
        let parts = part_of.iter().max().map_or(1, |last| last + 1);
        let needed = (1..parts).flat_map(|part| graph.needed(part_of, part));
        let mut places: Vec<_> = needed.map(|function| (FIRST, function)).collect();
        places.extend(
            stubs
                .iter()
                .map(|function| (part_of[*function as usize], *function)),
        );
        places.sort_unstable();
        places.dedup();
        let whole = Whole::read(module)?;
        Ok(Self {
            module,
            graph,
            part_of,
            whole,
            places,
            stubs,
        })
    }

    /// The part that has all that is no function of a later one.
    pub fn first(&self, later: usize) -> Result<Vec<u8>, Box<dyn Error>> {
        let is_here = |function: &u32| self.is_in(FIRST)(function) || self.is_stub(*function);
        let defined: Vec<u32> = self.defined().filter(is_here).collect();
        // `load` comes behind the imports; what looks whether a part is there, behind the functions.
        let load = self.graph.imported;
        let order: Vec<_> = (0..load)
            .map(Some)
            .chain([None])
            .chain(defined.iter().copied().map(Some))
            .collect();
        let looks = u32::try_from(order.len())?;
        let mut numbers = Renumbered::new(self.part_of.len(), &order);
        let has = u32::try_from(self.whole.globals.len())?;
        let loads = u32::try_from(self.whole.params.len())?;

        let mut sections = Sections::default();
        for payload in Parser::new(0).parse_all(self.module) {
            match payload? {
                Payload::TypeSection(section) => {
                    numbers.parse_type_section(&mut sections.types, section)?;
                    sections
                        .types
                        .ty()
                        .function([ValType::I32, ValType::I32], []);
                    sections.types.ty().function([ValType::I32], [ValType::I32]);
                }
                Payload::ImportSection(section) => {
                    numbers.parse_import_section(&mut sections.imports, section)?;
                    sections
                        .imports
                        .import(PARTS, "load", EntityType::Function(loads));
                }
                Payload::FunctionSection(_) => {
                    for function in &defined {
                        sections.functions.function(self.ty(*function));
                    }
                    for _ in 0..later {
                        sections.functions.function(loads + 1);
                    }
                }
                Payload::TableSection(section) => {
                    numbers.parse_table_section(&mut sections.tables, section)?;
                    sections.tables.table(self.table());
                }
                Payload::MemorySection(section) => {
                    numbers.parse_memory_section(&mut sections.memories, section)?
                }
                Payload::GlobalSection(section) => {
                    numbers.parse_global_section(&mut sections.globals, section)?;
                    let ty = GlobalType {
                        val_type: ValType::I32,
                        mutable: true,
                        shared: false,
                    };
                    for _ in 0..later {
                        sections.globals.global(ty, &ConstExpr::i32_const(0));
                    }
                }
                Payload::ExportSection(section) => {
                    numbers.parse_export_section(&mut sections.exports, section)?;
                    sections
                        .exports
                        .export(PARTS, ExportKind::Table, self.place_table());
                    for (kind, name, number) in self.whole.shared() {
                        sections.exports.export(&name, kind, number);
                    }
                    for (part, number) in (1..=later).zip(has..) {
                        sections
                            .exports
                            .export(&format!("has{part}"), ExportKind::Global, number);
                    }
                }
                Payload::StartSection { func, .. } => {
                    let function_index = numbers.function_index(func)?;
                    sections.start = Some(StartSection { function_index });
                }
                Payload::ElementSection(section) => {
                    numbers.parse_element_section(&mut sections.elements, section)?
                }
                Payload::DataCountSection { count, .. } => {
                    sections.data_count = Some(DataCountSection { count })
                }
                Payload::DataSection(section) => {
                    numbers.parse_data_section(&mut sections.data, section)?
                }
                _ => {}
            }
        }
        self.fill(FIRST, &mut numbers, &mut sections)?;
        for function in defined {
            match self.part_of[function as usize] {
                FIRST => numbers.parse_function_body(&mut sections.code, self.body(function))?,
                part => {
                    let looks = looks + u32::try_from(part - 1)?;
                    sections.code.function(&self.stub(part, function, looks)?);
                }
            }
        }
        for (part, has) in (1..).zip(has..).take(later) {
            let mut looks = Function::new([]);
            let mut code = looks.instructions();
            code.global_get(has).i32_eqz().if_(BlockType::Empty);
            code.i32_const(part).local_get(0).call(load).end();
            code.local_get(0).end();
            sections.code.function(&looks);
        }
        Ok(sections.module())
    }

    /// A later part.
    pub fn later(&self, part: usize) -> Result<Vec<u8>, Box<dyn Error>> {
        let needed = self.graph.needed(self.part_of, part);
        let defined: Vec<u32> = self.defined().filter(self.is_in(part)).collect();
        let order: Vec<_> = needed.iter().chain(&defined).copied().map(Some).collect();
        let mut numbers = Renumbered::new(self.part_of.len(), &order);
        let mut sections = Sections::default();
        for payload in Parser::new(0).parse_all(self.module) {
            if let Payload::TypeSection(section) = payload? {
                numbers.parse_type_section(&mut sections.types, section)?;
            }
        }
        for function in needed {
            let place = self.place(FIRST, function)?;
            let ty = EntityType::Function(self.ty(function));
            sections.imports.import(PARTS, &place.to_string(), ty);
        }
        for (kind, name, number) in self.whole.shared() {
            let number = number as usize;
            let ty = match kind {
                ExportKind::Memory => EntityType::Memory(self.whole.memories[number]),
                ExportKind::Table => EntityType::Table(self.whole.tables[number]),
                _ => EntityType::Global(self.whole.globals[number]),
            };
            sections.imports.import(PARTS, &name, ty);
        }
        sections
            .imports
            .import(PARTS, PARTS, EntityType::Table(self.table()));
        for function in defined {
            sections.functions.function(self.ty(function));
            numbers.parse_function_body(&mut sections.code, self.body(function))?;
        }
        self.fill(part, &mut numbers, &mut sections)?;
        // What is called through a table needs no stub any more: the interpreter lives by such calls.
        let elements = self.graph.elements.iter().copied();
        let mut elements: Vec<Element> = elements
            .filter(|element| self.is_in(part)(&element.function))
            .collect();
        elements.sort_unstable_by_key(|element| (element.table, element.at));
        for run in elements.chunk_by(|one, next| one.table == next.table && one.at + 1 == next.at) {
            let functions: Vec<u32> = run.iter().map(|element| element.function).collect();
            if let [Element { table, at, .. }, ..] = run {
                let functions = numbers.all(&functions)?;
                let offset = ConstExpr::i32_const(at.cast_signed());
                sections.elements.active(
                    Some(*table),
                    &offset,
                    Elements::Functions(functions.into()),
                );
            }
        }
        Ok(sections.module())
    }

    /// Has a part put its functions into their places.
    fn fill(
        &self,
        part: usize,
        numbers: &mut Renumbered,
        sections: &mut Sections,
    ) -> Result<(), Box<dyn Error>> {
        let from = self.places.partition_point(|(other, _)| *other < part);
        let own = self.places.iter().filter(|(other, _)| *other == part);
        let own: Vec<u32> = own.map(|(_, function)| *function).collect();
        let offset = ConstExpr::i32_const(i32::try_from(from)?);
        let functions = Elements::Functions(numbers.all(&own)?.into());
        sections
            .elements
            .active(Some(self.place_table()), &offset, functions);
        Ok(())
    }

    fn stub(&self, part: usize, function: u32, looks: u32) -> Result<Function, Box<dyn Error>> {
        let ty = self.ty(function);
        let mut stub = Function::new([]);
        let mut code = stub.instructions();
        for param in 0..self.whole.params[ty as usize] {
            code.local_get(param);
        }
        let place = i32::try_from(self.place(part, function)?)?;
        code.i32_const(place)
            .call(looks)
            .return_call_indirect(self.place_table(), ty)
            .end();
        Ok(stub)
    }

    fn place(&self, part: usize, function: u32) -> Result<usize, Missing> {
        self.places
            .binary_search(&(part, function))
            .map_err(|_| Missing(function))
    }

    fn place_table(&self) -> u32 {
        self.whole.tables.len() as u32
    }

    fn table(&self) -> TableType {
        let size = self.places.len() as u64;
        TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: size,
            maximum: Some(size),
            shared: false,
        }
    }

    fn defined(&self) -> impl Iterator<Item = u32> {
        self.graph.imported..self.part_of.len() as u32
    }

    fn is_in(&self, part: usize) -> impl Fn(&u32) -> bool {
        move |function| self.part_of[*function as usize] == part
    }

    fn is_stub(&self, function: u32) -> bool {
        self.stubs.binary_search(&function).is_ok()
    }

    fn ty(&self, function: u32) -> u32 {
        self.graph.types[function as usize]
    }

    fn body(&self, function: u32) -> FunctionBody<'a> {
        self.whole.bodies[(function - self.graph.imported) as usize].clone()
    }
}

impl<'a> Whole<'a> {
    fn read(module: &'a [u8]) -> Result<Self, Box<dyn Error>> {
        let mut whole = Self::default();
        let mut same = RoundtripReencoder;
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(section) => {
                    for ty in section.into_iter_err_on_gc_types() {
                        whole.params.push(u32::try_from(ty?.params().len())?);
                    }
                }
                Payload::TableSection(section) => {
                    for table in section {
                        whole.tables.push(same.table_type(table?.ty)?);
                    }
                }
                Payload::MemorySection(section) => {
                    for memory in section {
                        whole.memories.push(same.memory_type(memory?)?);
                    }
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        whole.globals.push(same.global_type(global?.ty)?);
                    }
                }
                Payload::CodeSectionEntry(body) => whole.bodies.push(body),
                _ => {}
            }
        }
        Ok(whole)
    }

    /// What all parts have: its kind, the name that `first` exports it by, and its number.
    fn shared(&self) -> impl Iterator<Item = (ExportKind, String, u32)> {
        let kinds = [
            (ExportKind::Memory, 'm', self.memories.len()),
            (ExportKind::Table, 't', self.tables.len()),
            (ExportKind::Global, 'g', self.globals.len()),
        ];
        kinds.into_iter().flat_map(|(kind, letter, count)| {
            (0..)
                .take(count)
                .map(move |number| (kind, format!("{letter}{number}"), number))
        })
    }
}
