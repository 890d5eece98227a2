//! What the debug information of a module is about: its functions at the border, with their Wasm
//! types, names and places in the code, and the sections that hold the information itself.
//!
//! Must not know what is in those sections.

use std::collections::HashMap;
use std::ops::Range;

use wasmparser::{
    BinaryReaderError, CompositeInnerType, ExternalKind, KnownCustom, Name, NameSectionReader,
    Parser, Payload, TypeRef, TypeSectionReader,
};

use crate::go::abi::WasmType;

/// What a module says, as far as it could be read.
#[derive(Default)]
pub(super) struct Module<'a> {
    /// Exported and imported functions.
    pub(super) functions: Vec<Function<'a>>,
    pub(super) sections: Sections<'a>,
    /// The file that has the debug information in place of the module.
    pub(super) external: Option<&'a str>,
    pub(super) problem: Option<BinaryReaderError>,
}

/// A function at the border.
pub(super) struct Function<'a> {
    /// Of the export or import.
    pub(super) name: &'a str,
    /// The module that it is imported from; `None`: it is an export.
    pub(super) import: Option<&'a str>,
    /// What the name section calls it.
    pub(super) symbol: Option<&'a str>,
    /// Whether another one at the border is the same function: LLVM folds those with equal bodies.
    pub(super) shared: bool,
    /// Where its body is, in bytes from the start of the code section's contents, as DWARF counts.
    pub(super) code: Option<Range<u64>>,
    /// `None`: it has types that neither Go nor C uses.
    pub(super) params: Option<Vec<WasmType>>,
    pub(super) results: Option<Vec<WasmType>>,
}

/// The sections of debug information; empty if they are not there.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sections<'a> {
    pub(crate) info: &'a [u8],
    pub(crate) abbrev: &'a [u8],
    pub(crate) str: &'a [u8],
    pub(crate) line_str: &'a [u8],
    pub(crate) str_offsets: &'a [u8],
    pub(crate) addr: &'a [u8],
    /// Those of where code is, which signatures do without.
    pub(crate) line: &'a [u8],
    pub(crate) ranges: &'a [u8],
    pub(crate) rnglists: &'a [u8],
    /// Those of where values are.
    pub(crate) loc: &'a [u8],
    pub(crate) loclists: &'a [u8],
}

type Types = Option<(Vec<WasmType>, Vec<WasmType>)>;

#[derive(Default)]
struct Reader<'a> {
    module: Module<'a>,
    types: Vec<Types>,
    /// For each function the index of its type.
    function_types: Vec<u32>,
    /// For each border function its index.
    indices: Vec<u32>,
    imported: u32,
    names: Vec<NameSectionReader<'a>>,
    code_start: usize,
    bodies: HashMap<u32, Range<u64>>,
    next_body: u32,
}

/// Reads a module, up to the first thing that is wrong with it.
pub(super) fn read(wasm: &[u8]) -> Module<'_> {
    let mut reader = Reader::default();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Err(error) = payload.and_then(|payload| reader.payload(payload)) {
            reader.module.problem = Some(error);
            break;
        }
    }
    reader.finish()
}

impl<'a> Reader<'a> {
    fn payload(&mut self, payload: Payload<'a>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::TypeSection(section) => self.types(section)?,
            Payload::ImportSection(section) => {
                for import in section {
                    let import = import?;
                    if let TypeRef::Func(ty) = import.ty {
                        self.function(import.name, Some(import.module), self.imported);
                        self.function_types.push(ty);
                        self.imported += 1;
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.function_types.push(ty?);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        self.function(export.name, None, export.index);
                    }
                }
            }
            Payload::CodeSectionStart { range, .. } => {
                self.code_start = range.start;
                self.next_body = self.imported;
                self.bodies = self.indices.iter().map(|index| (*index, 0..0)).collect();
            }
            Payload::CodeSectionEntry(body) => {
                if let Some(place) = self.bodies.get_mut(&self.next_body) {
                    let from_start = |at: usize| at.saturating_sub(self.code_start) as u64;
                    let range = body.range();
                    *place = from_start(range.start)..from_start(range.end);
                }
                self.next_body = self.next_body.saturating_add(1);
            }
            Payload::CustomSection(section) => self.custom(&section),
            _ => {}
        }
        Ok(())
    }

    fn types(&mut self, section: TypeSectionReader<'a>) -> Result<(), BinaryReaderError> {
        for group in section {
            for ty in group?.into_types() {
                let types = match ty.composite_type.inner {
                    CompositeInnerType::Func(function) => {
                        let list = |types: &[wasmparser::ValType]| {
                            let types = types.iter().map(|ty| WasmType::try_from(*ty));
                            types.collect::<Result<Vec<_>, _>>().ok()
                        };
                        list(function.params()).zip(list(function.results()))
                    }
                    _ => None,
                };
                self.types.push(types);
            }
        }
        Ok(())
    }

    fn function(&mut self, name: &'a str, import: Option<&'a str>, index: u32) {
        self.indices.push(index);
        self.module.functions.push(Function {
            name,
            import,
            symbol: None,
            shared: false,
            code: None,
            params: None,
            results: None,
        });
    }

    fn custom(&mut self, section: &wasmparser::CustomSectionReader<'a>) {
        let data = section.data();
        let sections = &mut self.module.sections;
        match section.name() {
            ".debug_info" => sections.info = data,
            ".debug_abbrev" => sections.abbrev = data,
            ".debug_str" => sections.str = data,
            ".debug_line_str" => sections.line_str = data,
            ".debug_str_offsets" => sections.str_offsets = data,
            ".debug_addr" => sections.addr = data,
            "external_debug_info" => {
                let mut reader = wasmparser::BinaryReader::new(data, section.data_offset());
                self.module.external = reader.read_string().ok();
            }
            _ => {
                if let KnownCustom::Name(names) = section.as_known() {
                    self.names.push(names);
                }
            }
        }
    }

    /// Puts together what was found in several sections.
    fn finish(mut self) -> Module<'a> {
        let symbols = self.symbols();
        let mut uses: HashMap<u32, usize> = HashMap::new();
        for index in &self.indices {
            *uses.entry(*index).or_default() += 1;
        }
        let functions = self.module.functions.iter_mut();
        for (function, index) in functions.zip(&self.indices) {
            function.symbol = symbols.get(index).copied();
            function.shared = uses.get(index).is_some_and(|uses| *uses > 1);
            function.code = self.bodies.get(index).filter(|r| !r.is_empty()).cloned();
            let ty = usize::try_from(*index).ok();
            let ty = ty.and_then(|index| self.function_types.get(index));
            let ty = ty.and_then(|index| self.types.get(usize::try_from(*index).ok()?));
            (function.params, function.results) = ty.cloned().flatten().unzip();
        }
        self.module
    }

    /// The names of the functions at the border. A broken name section has none.
    fn symbols(&mut self) -> HashMap<u32, &'a str> {
        let mut symbols: HashMap<u32, &'a str> = HashMap::new();
        let wanted: std::collections::HashSet<u32> = self.indices.iter().copied().collect();
        for section in std::mem::take(&mut self.names) {
            for name in section {
                let Ok(Name::Function(map)) = name else {
                    continue;
                };
                for naming in map {
                    let Ok(naming) = naming else { break };
                    if wanted.contains(&naming.index) {
                        symbols.insert(naming.index, naming.name);
                    }
                }
            }
        }
        symbols
    }
}
