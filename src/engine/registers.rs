//! What standard Go's compiler keeps in globals, which its stack is walked from.

use super::Program;
use super::host::Host;
use crate::debug::go;
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
    tables: Cell<usize>,
    variables: Cell<go::Variables>,
}

impl Registers {
    /// Those of an instance of `program`, if standard Go has made it.
    pub(super) fn of(
        program: &Program,
        instance: wasmi::Instance,
        store: &Store<Host>,
    ) -> Option<Self> {
        let names = program.registers.clone()?;
        let imports = program.module.imports();
        let imported = imports.filter(|import| matches!(import.ty(), ExternType::Func(_)));
        Some(Self {
            sp: instance.get_global(store, names.first()?)?,
            g: instance.get_global(store, names.last()?)?,
            imported: u32::try_from(imported.count()).ok()?,
            tables: Cell::default(),
            variables: Cell::default(),
            names,
        })
    }

    /// Whether a register is exported by this name.
    pub(super) fn are(&self, name: &str) -> bool {
        self.names.iter().any(|one| one == name)
    }

    /// The stack that they lead to.
    pub(super) fn stack(&self, store: &impl AsContext, memory: &[u8]) -> Option<Stack> {
        go::stack_again(memory, self.get(store)?, self.imported, &self.tables)
    }

    /// What is where its functions have their parameters.
    pub(super) fn given(&self, store: &impl AsContext, memory: &[u8]) -> Option<Vec<Vec<u64>>> {
        go::given(memory, self.get(store)?, self.imported, &self.tables)
    }

    /// The goroutines, if they can be told from memory.
    pub(super) fn goroutines(
        &self,
        store: &impl AsContext<Data = Host>,
        memory: &[u8],
    ) -> Option<Goroutines> {
        let registers = self.get(store)?;
        go::goroutines(
            memory,
            registers,
            self.imported,
            &self.tables,
            &self.variables,
            store.as_context().data().wasi.glance(),
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
