//! Who uses a function: those that call it, and what else in the module names it.

use super::Module;
use crate::amount::grouped;
use crate::protocol::{Caller, FunctionUses, Functions};
use wasmparser::{
    BinaryReader, BinaryReaderError, ElementItems, ElementKind, FunctionBody, Operator, Parser,
    Payload,
};

/// The places in a table that are told.
const SLOTS: usize = 8;

/// All uses in a module.
#[derive(Default)]
pub(super) struct Uses {
    /// Sorted: those of a function stand together.
    calls: Vec<Use>,
    /// Function, table, place in the table where that is known; sorted.
    tabled: Vec<(u32, u32, Option<u32>)>,
    start: Option<u32>,
    globals: Vec<(u32, u32)>,
}

/// A function is called, or referred to.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Use {
    callee: u32,
    caller: u32,
    place: u32,
}

impl Uses {
    fn of(module: &Module) -> Self {
        let mut uses = Self::default();
        for (caller, body) in (module.imports.len()..).zip(&module.bodies) {
            let bytes = module.bytes.get(body.clone()).unwrap_or_default();
            let body = FunctionBody::new(BinaryReader::new(bytes, body.start));
            if let Ok(caller) = u32::try_from(caller) {
                // Whoever validates it says what is wrong.
                let _ = uses.read_body(module, caller, &body);
            }
        }
        let _ = uses.read_others(module);
        uses.calls.sort_unstable();
        uses.tabled.sort_unstable();
        uses
    }

    fn read_body(
        &mut self,
        module: &Module,
        caller: u32,
        body: &FunctionBody<'_>,
    ) -> Result<(), BinaryReaderError> {
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let at = operators.original_position();
            if let Operator::Call { function_index }
            | Operator::ReturnCall { function_index }
            | Operator::RefFunc { function_index } = operators.read()?
                && let Some(place) = module.place(at)
            {
                self.calls.push(Use {
                    callee: function_index,
                    caller,
                    place,
                });
            }
        }
        Ok(())
    }

    fn read_others(&mut self, module: &Module) -> Result<(), BinaryReaderError> {
        let mut imported_globals = 0;
        for payload in Parser::new(0).parse_all(&module.bytes) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_iter().flatten() {
                        if let wasmparser::TypeRef::Global(_) = import.ty {
                            imported_globals += 1;
                        }
                    }
                }
                Payload::GlobalSection(section) => {
                    for (index, global) in (imported_globals..).zip(section) {
                        let mut operators = global?.init_expr.get_operators_reader();
                        if let Operator::RefFunc { function_index } = operators.read()? {
                            self.globals.push((function_index, index));
                        }
                    }
                }
                Payload::StartSection { func, .. } => self.start = Some(func),
                Payload::ElementSection(section) => {
                    for element in section {
                        self.read_element(element?)?;
                    }
                }
                // The rest was read for the calls.
                Payload::CodeSectionStart { .. } => break,
                _ => {}
            }
        }
        Ok(())
    }

    fn read_element(&mut self, element: wasmparser::Element<'_>) -> Result<(), BinaryReaderError> {
        let (table, first) = match &element.kind {
            ElementKind::Active {
                table_index,
                offset_expr,
            } => {
                let first = match offset_expr.get_operators_reader().read()? {
                    Operator::I32Const { value } => u32::try_from(value).ok(),
                    _ => None,
                };
                (table_index.unwrap_or_default(), first)
            }
            // It says what may be referred to: nothing that runs.
            ElementKind::Declared => return Ok(()),
            ElementKind::Passive => (0, None),
        };
        let slot = |index: u32| first?.checked_add(index);
        match element.items {
            ElementItems::Functions(functions) => {
                for (index, function) in (0..).zip(functions) {
                    self.tabled.push((function?, table, slot(index)));
                }
            }
            ElementItems::Expressions(_, expressions) => {
                for (index, expression) in (0..).zip(expressions) {
                    let mut operators = expression?.get_operators_reader();
                    if let Operator::RefFunc { function_index } = operators.read()? {
                        self.tabled.push((function_index, table, slot(index)));
                    }
                }
            }
        }
        Ok(())
    }

    /// Those of one function.
    fn calls(&self, callee: u32) -> &[Use] {
        let start = self.calls.partition_point(|it| it.callee < callee);
        let end = self.calls.partition_point(|it| it.callee <= callee);
        self.calls.get(start..end).unwrap_or_default()
    }
}

impl Module {
    /// Who uses a function.
    pub(super) fn used(&mut self, function: u32) -> FunctionUses {
        if self.uses.is_none() {
            self.uses = Some(Uses::of(self));
        }
        let mut told = FunctionUses {
            function,
            ..FunctionUses::default()
        };
        let Some(uses) = &self.uses else {
            return told;
        };
        told.notes = self.notes(uses, function);
        for calls in uses.calls(function).chunk_by(|a, b| a.caller == b.caller) {
            let Some(first) = calls.first() else { continue };
            told.total += 1;
            if told.total <= Functions::MOST {
                told.callers.push(Caller {
                    index: first.caller,
                    name: self.line(first.caller).name,
                    place: first.place,
                    times: u32::try_from(calls.len()).unwrap_or(u32::MAX),
                });
            }
        }
        told
    }

    fn notes(&self, uses: &Uses, function: u32) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(names) = self.exports.get(&function) {
            notes.push(format!("its host calls it as {}", names.join(", ")));
        }
        if uses.start == Some(function) {
            notes.push("it runs when the module is instantiated".to_owned());
        }
        let start = uses.tabled.partition_point(|it| it.0 < function);
        let end = uses.tabled.partition_point(|it| it.0 <= function);
        let tabled = uses.tabled.get(start..end).unwrap_or_default();
        for entries in tabled.chunk_by(|a, b| a.1 == b.1) {
            let Some((_, table, _)) = entries.first() else {
                continue;
            };
            let slots: Vec<String> = entries
                .iter()
                .filter_map(|(.., slot)| Some(slot.as_ref()?.to_string()))
                .take(SLOTS)
                .collect();
            let more = entries.len() - slots.len();
            notes.push(match (slots.as_slice(), more) {
                ([], _) => "it is in an element segment: call_indirect may reach it".to_owned(),
                (slots, 0) => format!(
                    "it is in table {table}, at {}: call_indirect may reach it",
                    slots.join(", ")
                ),
                (slots, more) => format!(
                    "it is in table {table}, at {} and {} more: call_indirect may reach it",
                    slots.join(", "),
                    grouped(more as u64)
                ),
            });
        }
        for (_, global) in uses.globals.iter().filter(|(it, _)| *it == function) {
            notes.push(format!("global {global} begins as a reference to it"));
        }
        notes
    }
}
