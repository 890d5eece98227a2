//! Where the bytes of a module go, the features that it uses, who produced it, and the names in it.

use super::code::Code;
use super::data::{Symbol, segments};
use super::largest;
use super::words::list;
use crate::amount::{amount, grouped};
use crate::go::dwarf::{Variable, variables};
use crate::protocol::Item;
use std::collections::BTreeSet;
use wasmparser::{
    BinaryReader, BinaryReaderError, CustomSectionReader, ExternalKind, KnownCustom, Linking, Name,
    Parser, Payload, SymbolInfo, TypeRef,
};

/// What stands in `bytes`, a module; of one that is broken, what comes before that.
#[must_use]
pub fn contents(bytes: &[u8]) -> Vec<Item> {
    let mut contents = Contents::default();
    let broken = contents.read(bytes).err();
    let variables = match contents.symbols.is_empty() && contents.data_at.is_some() {
        true => variables(bytes),
        false => Vec::new(),
    };
    contents.told(bytes.len() as u64, broken, &variables)
}

/// What has been read so far.
#[derive(Default)]
struct Contents<'a> {
    /// Each with its size, headers included.
    sections: Vec<Item>,
    code: Code<'a>,
    /// The place of the code and of the data among the sections.
    code_at: Option<usize>,
    data_at: Option<usize>,
    data: Vec<wasmparser::Data<'a>>,
    data_names: Vec<(u32, &'a str)>,
    /// The linker's symbols in the data.
    symbols: Vec<Symbol<'a>>,
    features: BTreeSet<&'static str>,
    /// What the compiler says that it may use.
    targets: Vec<String>,
    producers: Vec<Item>,
    names: Vec<Item>,
}

impl<'a> Contents<'a> {
    fn read(&mut self, bytes: &'a [u8]) -> Result<(), BinaryReaderError> {
        // A section begins where the one before it ends: its header counts.
        let mut end = 8;
        let mut tables = 0;
        let mut memories = 0;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            if let Payload::CodeSectionEntry(body) = &payload {
                self.code.body(body, &mut self.features);
                continue;
            }
            let Some((id, range)) = payload.as_section() else {
                continue;
            };
            let name = name(&payload, id);
            let size = range.end.saturating_sub(end) as u64;
            let note = format!("from {end:#x} on");
            end = range.end;
            let place = self.sections.len();
            self.sections.push(Item::new(name).noted(note).sized(size));
            match payload {
                Payload::TypeSection(section) => {
                    for ty in section.into_iter_err_on_gc_types().flatten() {
                        if ty.results().len() > 1 {
                            self.features.insert("multi_value");
                        }
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_iter().flatten() {
                        match import.ty {
                            TypeRef::Func(_) => self.code.import(),
                            TypeRef::Memory(_) => memories += 1,
                            TypeRef::Table(_) => tables += 1,
                            TypeRef::Global(ty) if ty.mutable => {
                                self.features.insert("mutable_globals");
                            }
                            _ => {}
                        }
                    }
                }
                Payload::MemorySection(section) => {
                    for memory in section.into_iter().flatten() {
                        memories += 1;
                        if memory.memory64 {
                            self.features.insert("memory64");
                        }
                        if memory.shared {
                            self.features.insert("threads");
                        }
                    }
                }
                Payload::TableSection(section) => tables += section.count(),
                Payload::TagSection(_) => {
                    self.features.insert("exceptions");
                }
                Payload::DataCountSection { .. } => {
                    self.features.insert("bulk_memory");
                }
                Payload::ExportSection(section) => {
                    for export in section.into_iter().flatten() {
                        if export.kind == ExternalKind::Func {
                            self.code.export(export.index, export.name);
                        }
                    }
                }
                Payload::CodeSectionStart { .. } => self.code_at = Some(place),
                Payload::DataSection(section) => {
                    self.data_at = Some(place);
                    self.data = section.into_iter().map_while(Result::ok).collect();
                }
                Payload::CustomSection(section) => self.custom(&section),
                _ => {}
            }
        }
        if tables > 1 {
            self.features.insert("reference_types");
        }
        if memories > 1 {
            self.features.insert("multi_memory");
        }
        Ok(())
    }

    /// A custom section that cannot be read is ignored, as the specification says.
    fn custom(&mut self, section: &CustomSectionReader<'a>) {
        if section.name() == "target_features" {
            self.targets = targets(section.data()).unwrap_or_default();
            return;
        }
        match section.as_known() {
            KnownCustom::Producers(fields) => {
                for field in fields.into_iter().map_while(Result::ok) {
                    let values = field.values.into_iter().map_while(Result::ok);
                    let values = values.map(|it| format!("{} {}", it.name, it.version));
                    let values: Vec<String> = values.map(|it| it.trim().to_owned()).collect();
                    self.producers
                        .push(Item::new(field.name).noted(list(&values)));
                }
            }
            KnownCustom::Name(subsections) => {
                for names in subsections.into_iter().map_while(Result::ok) {
                    self.named(names);
                }
            }
            KnownCustom::Linking(subsections) => {
                for linking in subsections.into_iter().map_while(Result::ok) {
                    if let Linking::SymbolTable(symbols) = linking {
                        let symbols = symbols.into_iter().map_while(Result::ok);
                        self.symbols.extend(symbols.filter_map(in_data));
                    }
                }
            }
            _ => {}
        }
    }

    fn named(&mut self, names: Name<'a>) {
        let (what, count) = match names {
            Name::Module { name, .. } => {
                self.names.push(Item::new("Module").noted(name));
                return;
            }
            Name::Function(names) => {
                let count = names.count();
                self.code.named(names);
                ("Functions", count)
            }
            Name::Data(names) => {
                let count = names.count();
                let pairs = names.into_iter().map_while(Result::ok);
                self.data_names = pairs.map(|it| (it.index, it.name)).collect();
                ("Data segments", count)
            }
            Name::Local(names) => ("Functions with named locals", names.count()),
            Name::Label(names) => ("Functions with named labels", names.count()),
            Name::Type(names) => ("Types", names.count()),
            Name::Table(names) => ("Tables", names.count()),
            Name::Memory(names) => ("Memories", names.count()),
            Name::Global(names) => ("Globals", names.count()),
            Name::Element(names) => ("Element segments", names.count()),
            Name::Tag(names) => ("Tags", names.count()),
            Name::Field(_) | Name::Unknown { .. } => return,
        };
        self.names
            .push(Item::new(what).noted(grouped(count.into())));
    }

    fn told(
        mut self,
        size: u64,
        broken: Option<BinaryReaderError>,
        variables: &[Variable<'_>],
    ) -> Vec<Item> {
        let (functions, is_named) = self.code.told();
        if let Some(code) = self.code_at.and_then(|at| self.sections.get_mut(at)) {
            code.items = functions;
        }
        if let Some(data) = self.data_at.and_then(|at| self.sections.get_mut(at)) {
            data.items = segments(&self.data, &self.data_names, &self.symbols, variables);
        }
        let mut bytes = Item::new("Where the bytes go").sized(size);
        if !is_named && self.code_at.is_some() {
            bytes.note = "no names of functions in it".to_owned();
        }
        if let Some(broken) = broken {
            bytes.note = format!("it cannot be read from {:#x} on", broken.offset());
        }
        bytes.items = largest(self.sections, "section");
        let used: Vec<Item> = self.features.iter().map(|name| feature(name)).collect();
        let mut features = Item::new("Features that it uses").noted(match used.len() {
            0 => "none beyond WebAssembly 1.0".to_owned(),
            count => amount(count as u64, "proposal"),
        });
        features.items = used;
        if !self.targets.is_empty() {
            let targets = Item::new("Its compiler may use").noted(list(&self.targets));
            features.items.push(targets);
        }
        let or_none = |heading: &str, items: Vec<Item>| match items.is_empty() {
            true => Item::new(heading).noted("none are named"),
            false => Item::new(heading).with(items),
        };
        vec![
            bytes,
            features,
            or_none("Producers", self.producers),
            or_none("Names", self.names),
        ]
    }
}

/// The symbol, if it is of data that is in the module.
fn in_data(symbol: SymbolInfo<'_>) -> Option<Symbol<'_>> {
    let SymbolInfo::Data { name, symbol, .. } = symbol else {
        return None;
    };
    let symbol = symbol?;
    Some(Symbol {
        segment: symbol.index,
        offset: symbol.offset.into(),
        size: symbol.size.into(),
        name,
    })
}

/// `sign_extension` as `sign extension`, with what it is where that is not plain.
fn feature(name: &str) -> Item {
    let note = match name {
        "multi_value" => "functions with several results",
        "bulk_memory" => "memory.copy, memory.fill and the like",
        "saturating_float_to_int" => "conversions of floats that do not trap",
        "sign_extension" => "i32.extend8_s and the like",
        "tail_call" => "return_call",
        "mutable_globals" => "globals that its host may change",
        _ => "",
    };
    Item::new(name.replace('_', " ")).noted(note)
}

/// The features that the compiler was told that it may use: a count, and for each `+` and its name.
fn targets(data: &[u8]) -> Option<Vec<String>> {
    let mut reader = BinaryReader::new(data, 0);
    let mut targets = Vec::new();
    for _ in 0..reader.read_var_u32().ok()? {
        let prefix = reader.read_u8().ok()?;
        let name = reader.read_string().ok()?;
        if prefix == b'+' {
            targets.push(name.to_owned());
        }
    }
    Some(targets)
}

/// The name of a section; that of a custom one is its own.
fn name(payload: &Payload<'_>, id: u8) -> String {
    const NAMES: [&str; 14] = [
        "custom",
        "type",
        "import",
        "function",
        "table",
        "memory",
        "global",
        "export",
        "start",
        "element",
        "code",
        "data",
        "data count",
        "tag",
    ];
    match payload {
        Payload::CustomSection(section) => format!("{} (custom)", section.name()),
        _ => NAMES
            .get(usize::from(id))
            .copied()
            .unwrap_or("unknown")
            .to_owned(),
    }
}
