//! The globals in which standard Go's compiler keeps its registers, in the interpreter.

use super::Program;
use super::data::Data;
use crate::debug::go;
use crate::engine::registers::Registers;
use wasmi::{AsContext, ExternType, Global, Store, Val};

/// The registers of an instance, and the globals that they are.
#[derive(Clone)]
pub(super) struct Globals {
    pub(super) registers: Registers,
    sp: Global,
    g: Global,
}

impl Globals {
    /// Those of an instance of `program`, if standard Go has made it.
    pub(super) fn of(
        program: &Program,
        instance: wasmi::Instance,
        store: &Store<Data>,
    ) -> Option<Self> {
        let names = program.registers.clone()?;
        let imports = program.module.imports();
        let imported = imports.filter(|import| matches!(import.ty(), ExternType::Func(_)));
        let imported = u32::try_from(imported.count()).ok()?;
        let registers = Registers::new(names, imported);
        let [sp, g] = registers.names();
        Some(Self {
            sp: instance.get_global(store, sp)?,
            g: instance.get_global(store, g)?,
            registers,
        })
    }

    /// What is in them.
    pub(super) fn values(&self, store: &impl AsContext) -> Option<go::Registers> {
        let (Val::I32(sp), Val::I64(g)) = (self.sp.get(store), self.g.get(store)) else {
            return None;
        };
        Some(go::Registers {
            sp: sp.cast_unsigned(),
            g: g.cast_unsigned(),
            running: None,
        })
    }
}
