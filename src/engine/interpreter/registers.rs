//! What standard Go's compiler keeps in globals, which its stack is walked from.

use super::Program;
use super::data::Data;
use crate::debug::go;
use crate::linear::Linear;
use crate::protocol::{Goroutines, Stack};
use std::cell::Cell;
use wasmi::{AsContext, ExternType, Global, Store, Val};

/// The registers of an instance.
#[derive(Clone)]
pub(super) struct Registers {
    sp: Global,
    g: Global,
    /// The exports that they became.
    names: [String; 2],
    /// How many functions are imported.
    imported: u32,
    /// Where the runtime's tables were found in memory, and its variables.
    tables: go::Known,
    variables: Cell<go::Variables>,
}

impl Registers {
    /// Those of an instance of `program`, if standard Go has made it.
    pub(super) fn of(
        program: &Program,
        instance: wasmi::Instance,
        store: &Store<Data>,
    ) -> Option<Self> {
        let names = program.registers.clone()?;
        let imports = program.module.imports();
        let imported = imports.filter(|import| matches!(import.ty(), ExternType::Func(_)));
        Some(Self {
            sp: instance.get_global(store, names.first()?)?,
            g: instance.get_global(store, names.last()?)?,
            imported: u32::try_from(imported.count()).ok()?,
            tables: go::Known::default(),
            variables: Cell::default(),
            names,
        })
    }

    /// Whether a register is exported by this name.
    pub(super) fn are(&self, name: &str) -> bool {
        self.names.iter().any(|one| one == name)
    }

    /// The stack that they lead to.
    pub(super) fn stack(&self, store: &impl AsContext, memory: Linear<'_>) -> Option<Stack> {
        go::stack_again(memory, self.get(store)?, self.imported, &self.tables)
    }

    /// The goroutines, if they can be told from memory.
    pub(super) fn goroutines(
        &self,
        store: &impl AsContext,
        memory: Linear<'_>,
    ) -> Option<Goroutines> {
        let registers = self.get(store)?;
        go::goroutines(
            memory,
            registers,
            self.imported,
            &self.tables,
            &self.variables,
        )
    }

    fn get(&self, store: &impl AsContext) -> Option<go::Registers> {
        let (Val::I32(sp), Val::I64(g)) = (self.sp.get(store), self.g.get(store)) else {
            return None;
        };
        Some(go::Registers {
            sp: sp.cast_unsigned(),
            g: g.cast_unsigned(),
        })
    }
}
