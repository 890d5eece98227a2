//! Reads what a module says of itself, without validating its functions.

use super::{
    DEBUG, Export, ExternType, FuncType, Import, Info, Kind, MemoryType, Refusal, Section, ValType,
};
use wasmparser::{
    BinaryReader, BinaryReaderError, Chunk, CompositeInnerType, ConstExpr, ExternalKind,
    GlobalType, KnownCustom, Parser, Payload, RefType, TableType, TypeRef,
};

/// Bytes before the first section.
const PREAMBLE: usize = 8;

/// Reads `bytes`, the contents of the file `name`.
///
/// The signatures of the exports are left empty: they are `go`'s to find.
///
/// # Errors
///
/// What keeps it from being read as a module for WASI preview 1. That it reads does not mean that
/// it is valid: see [`Validation`](super::Validation).
pub fn read(name: &str, bytes: &[u8]) -> Result<Info, Refusal> {
    check_preamble(bytes)?;
    let mut reader = Reader::default();
    reader.payloads(bytes)?;
    let imports = reader.imports;
    if let Some(import) = imports.iter().find(|import| is_goos_js(import)) {
        return Err(Refusal::GoosJs {
            module: import.module.clone(),
        });
    }
    // A linker that is asked to keeps relocations in what it has linked, too; only that has exports.
    let mut sections = reader.sections.iter();
    if let Some(section) = sections.find(|section| is_for_linkers(section))
        && reader.exports.is_empty()
    {
        return Err(Refusal::ObjectFile {
            section: section.name.clone(),
        });
    }
    let kind = kind(&reader.exports);
    Ok(Info {
        name: name.to_owned(),
        size: bytes.len() as u64,
        kind,
        producer: reader.producer,
        memories: reader.memories,
        exports: reader.exports,
        imports,
        functions: reader.functions,
        sections: reader.sections,
    })
}

/// Whether there is debug information in `bytes`, a module: told from the headers of its sections
/// alone, as far as there are some.
#[must_use]
pub fn has_debug(bytes: &[u8]) -> bool {
    const CUSTOM: u8 = 0;
    let mut sections = BinaryReader::new(bytes.get(PREAMBLE..).unwrap_or_default(), PREAMBLE);
    let mut section = || -> Result<bool, BinaryReaderError> {
        let id = sections.read_u8()?;
        let size = sections.read_var_u32()?;
        let contents = sections.read_bytes(size as usize)?;
        let named = || BinaryReader::new(contents, 0).read_string().ok();
        Ok(id == CUSTOM && named() == Some(DEBUG))
    };
    loop {
        match section() {
            Ok(false) => {}
            Ok(true) => return true,
            Err(_) => return false,
        }
    }
}

/// Checks the first eight bytes: the magic, the version and the layer.
fn check_preamble(bytes: &[u8]) -> Result<(), Refusal> {
    const MAGIC: &[u8] = b"\0asm";
    let (magic, rest) = bytes.split_at(bytes.len().min(MAGIC.len()));
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if !MAGIC.starts_with(magic) {
        return Err(Refusal::not_wasm(bytes));
    }
    match rest {
        [1, 0, 0, 0, ..] => Ok(()),
        [_, _, 1, 0, ..] => Err(Refusal::Component),
        &[a, b, c, d, ..] => Err(Refusal::Version(u32::from_le_bytes([a, b, c, d]))),
        _ => Err(Refusal::Truncated {
            size: bytes.len(),
            inside: "the preamble".to_owned(),
        }),
    }
}

fn is_for_linkers(section: &Section) -> bool {
    section.custom && (section.name == "linking" || section.name.starts_with("reloc."))
}

fn is_goos_js(import: &Import) -> bool {
    import.module == "gojs" || (import.module == "go" && import.name.starts_with("runtime."))
}

fn kind(exports: &[Export]) -> Kind {
    let has = |name: &str| {
        exports
            .iter()
            .any(|export| export.name == name && export.ty.func().is_some())
    };
    if has("_initialize") {
        Kind::Reactor
    } else if has("_start") {
        Kind::Command
    } else {
        Kind::Bare
    }
}

/// What has been read so far.
#[derive(Default)]
struct Reader {
    /// By type index; `None` where the type is not a function's.
    types: Vec<Option<FuncType>>,
    /// The type index of each function, the imported ones first.
    function_types: Vec<u32>,
    tables: Vec<TableType>,
    globals: Vec<GlobalType>,
    memories: Vec<MemoryType>,
    imports: Vec<Import>,
    exports: Vec<Export>,
    functions: u32,
    sections: Vec<Section>,
    producer: Option<String>,
}

impl Reader {
    fn payloads(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let mut parser = Parser::new(0);
        let mut rest = bytes;
        let mut inside = "the preamble".to_owned();
        loop {
            let at = bytes.len() - rest.len();
            let chunk = parser.parse(rest, rest.is_empty());
            let (consumed, payload) = match chunk.map_err(|error| Refusal::from_parser(&error))? {
                Chunk::Parsed { consumed, payload } => (consumed, payload),
                Chunk::NeedMoreData(_) => {
                    return Err(Refusal::Truncated {
                        size: bytes.len(),
                        inside,
                    });
                }
            };
            rest = rest.get(consumed..).unwrap_or_default();
            inside = format!("the section after offset 0x{at:x}");
            if let Payload::CodeSectionStart { count, range, size } = &payload {
                self.functions = *count;
                self.section("code", false, range.start, range.end);
                let size = *size as usize;
                if rest.len() < size {
                    return Err(Refusal::Truncated {
                        size: bytes.len(),
                        inside: "the code section".to_owned(),
                    });
                }
                parser.skip_section();
                rest = rest.get(size..).unwrap_or_default();
                continue;
            }
            if matches!(payload, Payload::End(_)) {
                return Ok(());
            }
            self.payload(bytes, payload)
                .map_err(|error| Refusal::from_parser(&error))?;
        }
    }

    fn section(&mut self, name: &str, custom: bool, start: usize, end: usize) {
        self.sections.push(Section {
            name: name.to_owned(),
            custom,
            offset: start as u64,
            size: end.saturating_sub(start) as u64,
        });
    }

    fn payload(&mut self, bytes: &[u8], payload: Payload<'_>) -> Result<(), BinaryReaderError> {
        if let Some((name, range)) = section_of(&payload) {
            self.section(name, false, range.start, range.end);
        }
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    for ty in group?.into_types() {
                        self.types.push(match ty.composite_type.inner {
                            CompositeInnerType::Func(ty) => Some(FuncType {
                                params: ty.params().iter().copied().map(val_type).collect(),
                                results: ty.results().iter().copied().map(val_type).collect(),
                            }),
                            _ => None,
                        });
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section {
                    let import = import?;
                    let ty = self.import_type(import.ty);
                    self.imports.push(Import {
                        module: import.module.to_owned(),
                        name: import.name.to_owned(),
                        ty,
                        signature: None,
                    });
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.function_types.push(ty?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    self.memories.push(memory_type(&memory?));
                }
            }
            Payload::GlobalSection(section) => {
                let range = section.range();
                let contents = bytes.get(range.clone()).unwrap_or_default();
                self.globals(BinaryReader::new(contents, range.start))?;
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    let ty = self.export_type(export.kind, export.index);
                    self.exports.push(Export {
                        name: export.name.to_owned(),
                        ty,
                        signatures: Vec::new(),
                    });
                }
            }
            Payload::CustomSection(section) => {
                let range = section.data_offset()..section.data_offset() + section.data().len();
                self.section(section.name(), true, range.start, range.end);
                // A custom section that cannot be read is ignored, as the specification says.
                if let KnownCustom::Producers(producers) = section.as_known() {
                    self.producer = producer(producers).unwrap_or_default();
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn globals(&mut self, mut contents: BinaryReader<'_>) -> Result<(), BinaryReaderError> {
        const V128_CONST: [u8; 2] = [0xfd, 0x0c];
        const END: usize = 1;
        for _ in 0..contents.read_var_u32()? {
            self.globals.push(contents.read()?);
            // What reads expressions here knows no vectors.
            match contents.clone().read_bytes(V128_CONST.len()) {
                Ok(begins) if begins == V128_CONST => {
                    contents.read_bytes(V128_CONST.len() + size_of::<u128>() + END)?;
                }
                _ => {
                    contents.read::<ConstExpr<'_>>()?;
                }
            }
        }
        Ok(())
    }

    fn func_type(&self, index: u32) -> ExternType {
        let ty = self.types.get(index as usize).cloned().flatten();
        ExternType::Func(ty.unwrap_or_default())
    }

    fn import_type(&mut self, ty: TypeRef) -> ExternType {
        match ty {
            TypeRef::Func(index) => {
                self.function_types.push(index);
                self.func_type(index)
            }
            TypeRef::Table(ty) => {
                self.tables.push(ty);
                table_type(&ty)
            }
            TypeRef::Memory(ty) => {
                let ty = memory_type(&ty);
                self.memories.push(ty);
                ExternType::Memory(ty)
            }
            TypeRef::Global(ty) => {
                self.globals.push(ty);
                ExternType::Global(val_type(ty.content_type), ty.mutable)
            }
            TypeRef::Tag(_) => ExternType::Tag,
        }
    }

    /// The type of an export. An index that names nothing, which validation refuses, gets an empty
    /// one.
    fn export_type(&self, kind: ExternalKind, index: u32) -> ExternType {
        let index = index as usize;
        match kind {
            ExternalKind::Func => {
                self.func_type(self.function_types.get(index).copied().unwrap_or(u32::MAX))
            }
            ExternalKind::Table => match self.tables.get(index) {
                Some(ty) => table_type(ty),
                None => ExternType::Table(ValType::FuncRef, 0, None),
            },
            ExternalKind::Memory => ExternType::Memory(match self.memories.get(index) {
                Some(ty) => *ty,
                None => MemoryType {
                    minimum: 0,
                    maximum: None,
                    memory64: false,
                    shared: false,
                },
            }),
            ExternalKind::Global => match self.globals.get(index) {
                Some(ty) => ExternType::Global(val_type(ty.content_type), ty.mutable),
                None => ExternType::Global(ValType::I32, false),
            },
            ExternalKind::Tag => ExternType::Tag,
        }
    }
}

/// The name and the range of a section that is not custom.
fn section_of(payload: &Payload<'_>) -> Option<(&'static str, std::ops::Range<usize>)> {
    Some(match payload {
        Payload::TypeSection(s) => ("type", s.range()),
        Payload::ImportSection(s) => ("import", s.range()),
        Payload::FunctionSection(s) => ("function", s.range()),
        Payload::TableSection(s) => ("table", s.range()),
        Payload::MemorySection(s) => ("memory", s.range()),
        Payload::TagSection(s) => ("tag", s.range()),
        Payload::GlobalSection(s) => ("global", s.range()),
        Payload::ExportSection(s) => ("export", s.range()),
        Payload::StartSection { range, .. } => ("start", range.clone()),
        Payload::ElementSection(s) => ("element", s.range()),
        Payload::DataCountSection { range, .. } => ("data count", range.clone()),
        Payload::DataSection(s) => ("data", s.range()),
        _ => return None,
    })
}

fn val_type(ty: wasmparser::ValType) -> ValType {
    match ty {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => ValType::V128,
        wasmparser::ValType::Ref(ty) => ref_type(ty),
    }
}

fn ref_type(ty: RefType) -> ValType {
    if ty == RefType::FUNCREF {
        ValType::FuncRef
    } else {
        ValType::ExternRef
    }
}

fn table_type(ty: &TableType) -> ExternType {
    ExternType::Table(ref_type(ty.element_type), ty.initial, ty.maximum)
}

fn memory_type(ty: &wasmparser::MemoryType) -> MemoryType {
    MemoryType {
        minimum: ty.initial,
        maximum: ty.maximum,
        memory64: ty.memory64,
        shared: ty.shared,
    }
}

/// The compiler that the section names: the one of the guest's language before its linker's.
fn producer(section: wasmparser::ProducersSectionReader<'_>) -> Option<Option<String>> {
    let mut best: Option<(u8, String)> = None;
    for field in section {
        let field = field.ok()?;
        if field.name != "processed-by" {
            continue;
        }
        for value in field.values {
            let value = value.ok()?;
            let (rank, name) = match value.name {
                "TinyGo" => (0, "TinyGo"),
                "Go cmd/compile" => (1, "Go"),
                "rustc" => (2, "rustc"),
                other => (3, other),
            };
            let version = value.version.split([' ', '(']).next().unwrap_or_default();
            let version = version.strip_prefix("go").unwrap_or(version);
            if best.as_ref().is_none_or(|(found, _)| rank < *found) {
                best = Some((rank, format!("{name} {version}").trim().to_owned()));
            }
        }
    }
    Some(best.map(|(_, name)| name))
}
