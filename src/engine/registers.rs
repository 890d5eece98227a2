//! What standard Go's compiler keeps in globals, which its stack is walked from.

use super::Program;
use super::host::Host;
use crate::debug::go;
use crate::protocol::Stack;
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
    /// Where the runtime's tables were found in memory.
    tables: Cell<usize>,
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
            names,
        })
    }

    /// Whether a register is exported by this name.
    pub(super) fn are(&self, name: &str) -> bool {
        self.names.iter().any(|one| one == name)
    }

    /// The stack that they lead to.
    pub(super) fn stack(&self, store: &impl AsContext, memory: &[u8]) -> Option<Stack> {
        let (Val::I32(sp), Val::I64(g)) = (self.sp.get(store), self.g.get(store)) else {
            return None;
        };
        let registers = go::Registers {
            sp: sp.cast_unsigned(),
            g: g.cast_unsigned(),
        };
        go::stack_again(memory, registers, self.imported, &self.tables)
    }
}
