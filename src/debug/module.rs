//! What of a module tells where a guest is: its functions with their names and places, and the sections that hold
//! more. It is read up to the first thing that is wrong with it.

use crate::go::dwarf::Sections;
use std::collections::HashMap;
use std::ops::Range;
use wasmparser::{
    BinaryReader, CompositeInnerType, DataKind, FunctionBody, KnownCustom, Name, Operator, Parser,
    Payload, TypeRef, ValType,
};

/// The most bytes of memory that data segments are put together to.
const LARGEST_IMAGE: usize = 512 << 20;

/// A module and what was found in it.
#[derive(Default)]
pub(super) struct Module {
    /// The file.
    pub(super) bytes: Vec<u8>,
    /// The parameters of each type and whether it has results, and the type of each of the module's own functions.
    types: Vec<(Vec<ValType>, bool)>,
    functions: Vec<u32>,
    /// What imported functions are called, `module.name`; they come before the others.
    pub(super) imports: Vec<String>,
    /// Where the contents of the code section begin in the file.
    pub(super) code: usize,
    /// Where the bodies of the module's own functions are, in bytes from there: as DWARF counts.
    pub(super) bodies: Vec<Range<u32>>,
    /// What the name section calls functions.
    pub(super) names: HashMap<u32, String>,
    /// Exported functions, for those that have no other name.
    pub(super) exports: HashMap<u32, String>,
    /// Where custom sections are in the file, by name.
    custom: HashMap<String, Range<usize>>,
    /// Where data segments are in memory, and in the file.
    data: Vec<(usize, Range<usize>)>,
    /// Whether standard Go's linker has made it.
    pub(super) is_go: bool,
}

/// What a function does to a local.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Use {
    pub(super) is_read: bool,
    /// How often that is said to be done.
    pub(super) writes: u32,
}

impl Module {
    pub(super) fn read(bytes: Vec<u8>) -> Self {
        let mut module = Self::default();
        for payload in Parser::new(0).parse_all(&bytes) {
            let read = payload.ok().and_then(|payload| module.payload(payload));
            if read.is_none() {
                break;
            }
        }
        module.bytes = bytes;
        module
    }

    fn payload(&mut self, payload: Payload<'_>) -> Option<()> {
        match payload {
            Payload::TypeSection(types) => {
                for group in types {
                    self.types.extend(group.ok()?.types().map(
                        |ty| match &ty.composite_type.inner {
                            CompositeInnerType::Func(ty) => {
                                (ty.params().to_vec(), !ty.results().is_empty())
                            }
                            _ => (Vec::new(), false),
                        },
                    ));
                }
            }
            Payload::FunctionSection(functions) => {
                let functions = functions.into_iter().map_while(Result::ok);
                self.functions.extend(functions);
            }
            Payload::ImportSection(imports) => {
                for import in imports {
                    let import = import.ok()?;
                    if let TypeRef::Func(_) = import.ty {
                        self.imports
                            .push(format!("{}.{}", import.module, import.name));
                    }
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export.ok()?;
                    if export.kind == wasmparser::ExternalKind::Func {
                        self.exports
                            .entry(export.index)
                            .or_insert_with(|| export.name.to_owned());
                    }
                }
            }
            Payload::CodeSectionStart { range, .. } => self.code = range.start,
            Payload::CodeSectionEntry(body) => {
                let offset = |at: usize| u32::try_from(at.checked_sub(self.code)?).ok();
                let range = body.range();
                self.bodies.push(offset(range.start)?..offset(range.end)?);
            }
            Payload::DataSection(segments) => {
                for segment in segments {
                    let segment = segment.ok()?;
                    let DataKind::Active {
                        memory_index: 0,
                        offset_expr,
                    } = &segment.kind
                    else {
                        continue;
                    };
                    if let Ok(Operator::I32Const { value }) =
                        offset_expr.get_operators_reader().read()
                    {
                        let end = segment.range.end;
                        let start = end.checked_sub(segment.data.len())?;
                        self.data.push((value.cast_unsigned() as usize, start..end));
                    }
                }
            }
            Payload::CustomSection(section) => {
                let end = section.range().end;
                let start = end.checked_sub(section.data().len())?;
                self.is_go |= section.name() == "go:buildid";
                self.custom
                    .entry(section.name().to_owned())
                    .or_insert(start..end);
                if let KnownCustom::Name(names) = section.as_known() {
                    for name in names {
                        let Ok(Name::Function(map)) = name else {
                            continue;
                        };
                        let map = map.into_iter().map_while(Result::ok);
                        self.names
                            .extend(map.map(|naming| (naming.index, naming.name.to_owned())));
                    }
                }
            }
            _ => {}
        }
        Some(())
    }

    /// How many functions are imported.
    pub(super) fn imported(&self) -> u32 {
        u32::try_from(self.imports.len()).unwrap_or(u32::MAX)
    }

    /// The Wasm parameters of one of the module's own functions.
    pub(super) fn params(&self, function: u32) -> &[ValType] {
        self.type_of(function).map_or(&[][..], |(params, _)| params)
    }

    /// Whether it returns something.
    pub(super) fn returns(&self, function: u32) -> bool {
        self.type_of(function).is_some_and(|(_, returns)| *returns)
    }

    fn type_of(&self, function: u32) -> Option<&(Vec<ValType>, bool)> {
        let own = function.checked_sub(self.imported())?;
        let ty = self.functions.get(own as usize)?;
        self.types.get(*ty as usize)
    }

    /// The Wasm locals of one of the module's own functions, the parameters first.
    pub(super) fn locals(&self, function: u32) -> Vec<ValType> {
        /// As many as there may be.
        const MOST: usize = 50_000;
        let mut locals = self.params(function).to_vec();
        let body = self.body(function).unwrap_or_default();
        let body = BinaryReader::new(self.code_of(&body), 0);
        if let Ok(groups) = FunctionBody::new(body).get_locals_reader() {
            for (count, ty) in groups.into_iter().map_while(Result::ok) {
                let left = MOST.saturating_sub(locals.len());
                locals.extend(std::iter::repeat_n(ty, left.min(count as usize)));
            }
        }
        locals
    }

    /// Whether the code is as the linker has left it: there is room for larger numbers where it has put in some. What writes
    /// code anew, an optimiser, does without.
    pub(super) fn is_as_linked(&self) -> bool {
        const WITH_ROOM: usize = 6;
        let has_room = |body: &Range<u32>| {
            let body = BinaryReader::new(self.code_of(body), 0);
            let Ok(mut operators) = FunctionBody::new(body).get_operators_reader() else {
                return false;
            };
            loop {
                let before = operators.original_position();
                let Ok(operator) = operators.read() else {
                    return false;
                };
                let is_put_in = matches!(
                    operator,
                    Operator::Call { .. } | Operator::GlobalGet { .. } | Operator::GlobalSet { .. }
                );
                if is_put_in && operators.original_position() - before == WITH_ROOM {
                    return true;
                }
            }
        };
        self.bodies.iter().any(has_room)
    }

    /// What one of the module's own functions does to its locals, of which the first ones are its parameters.
    pub(super) fn uses(&self, function: u32) -> Vec<Use> {
        let mut uses = vec![Use::default(); self.locals(function).len()];
        let Some(body) = self.body(function) else {
            return uses;
        };
        let body = BinaryReader::new(self.code_of(&body), 0);
        let Ok(mut operators) = FunctionBody::new(body).get_operators_reader() else {
            return uses;
        };
        while let Ok(operator) = operators.read() {
            let (index, reads) = match operator {
                Operator::LocalGet { local_index } => (local_index, true),
                Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                    (local_index, false)
                }
                _ => continue,
            };
            if let Some(used) = uses.get_mut(index as usize) {
                used.is_read |= reads;
                used.writes += u32::from(!reads);
            }
        }
        uses
    }

    /// Where the body of a function is; `None`: it is imported, or there is none.
    pub(super) fn body(&self, function: u32) -> Option<Range<u32>> {
        let own = function.checked_sub(self.imported())?;
        self.bodies.get(own as usize).cloned()
    }

    /// Where the first instruction of a body is.
    pub(super) fn first(&self, body: &Range<u32>) -> Option<u32> {
        let start = usize::try_from(body.start).ok()?;
        let code = BinaryReader::new(self.code_of(body), start);
        let operators = FunctionBody::new(code).get_operators_reader().ok()?;
        u32::try_from(operators.original_position()).ok()
    }

    /// The bytes of a body.
    pub(super) fn code_of(&self, body: &Range<u32>) -> &[u8] {
        let at = |offset: u32| self.code.saturating_add(offset as usize);
        self.bytes
            .get(at(body.start)..at(body.end))
            .unwrap_or_default()
    }

    /// The contents of a custom section; empty if there is none.
    fn section(&self, name: &str) -> &[u8] {
        let range = self.custom.get(name).cloned();
        range
            .and_then(|range| self.bytes.get(range))
            .unwrap_or_default()
    }

    /// The sections of debug information.
    pub(super) fn debug_sections(&self) -> Sections<'_> {
        Sections {
            info: self.section(".debug_info"),
            abbrev: self.section(".debug_abbrev"),
            str: self.section(".debug_str"),
            line_str: self.section(".debug_line_str"),
            str_offsets: self.section(".debug_str_offsets"),
            addr: self.section(".debug_addr"),
            line: self.section(".debug_line"),
            ranges: self.section(".debug_ranges"),
            rnglists: self.section(".debug_rnglists"),
            loc: self.section(".debug_loc"),
            loclists: self.section(".debug_loclists"),
        }
    }

    /// What memory begins with, as far as data segments say.
    pub(super) fn image(&self) -> Vec<u8> {
        let mut image = Vec::new();
        for (at, range) in &self.data {
            let Some(data) = self.bytes.get(range.clone()) else {
                continue;
            };
            let Some(end) = at
                .checked_add(data.len())
                .filter(|end| *end <= LARGEST_IMAGE)
            else {
                continue;
            };
            if image.len() < end {
                image.resize(end, 0);
            }
            if let Some(part) = image.get_mut(*at..end) {
                part.copy_from_slice(data);
            }
        }
        image
    }
}
