//! The guest is stopped at a line.

use super::data::{Data, Left};
use super::instance::Instance;
use super::noting::Noting;
use crate::debug::stops::Stops;
use crate::debug::twin::{Line, Map};
use crate::engine::host::Interrupt;
use std::rc::Rc;
use wasmi::{Caller, Error, Func, FuncType, Global, Memory, Nullable, Ref, Store, Val, ValType};

/// What decides whether it stops, and the memory in which it asks.
pub(super) struct Debugger {
    map: Rc<Map>,
    stops: Stops,
    memory: Memory,
    /// How high the guest's stack is.
    top: Global,
    /// The places of the imports that it stops before, in order, and whether it goes on with the next call.
    imports: Vec<u32>,
    passes: bool,
}

impl Debugger {
    /// Gives the guest what it calls at a row whose bit is set, if it has rows.
    pub(super) fn install(
        noting: &Noting,
        instance: &wasmi::Instance,
        store: &mut Store<Data>,
    ) -> Option<()> {
        let table = instance.get_table(&*store, &noting.map.export("at"))?;
        let top = noting.top;
        let at = Func::new(
            &mut *store,
            FuncType::new([ValType::I32], []),
            move |mut caller: Caller<'_, Data>, inputs: &[Val], _: &mut [Val]| {
                let (Some(Val::I32(place)), Val::I32(top)) = (inputs.first(), top.get(&caller))
                else {
                    return Ok(());
                };
                reached(&mut caller, place.cast_unsigned(), top.cast_unsigned())
            },
        );
        table
            .set(&mut *store, 0, Ref::Func(Nullable::Val(at)))
            .ok()?;
        store.data_mut().debugger = Some(Debugger {
            map: Rc::clone(&noting.map),
            stops: Stops::new(Rc::clone(&noting.map)),
            memory: noting.memory,
            top: noting.top,
            imports: Vec::new(),
            passes: false,
        });
        Some(())
    }
}

/// Whether the guest stops before it calls the import at place `index`.
pub(super) fn stops_before(caller: &mut Caller<'_, Data>, index: usize) -> bool {
    let Some(debugger) = caller.data_mut().debugger.as_mut() else {
        return false;
    };
    let is_held = u32::try_from(index).is_ok_and(|index| debugger.imports.contains(&index));
    if !is_held || std::mem::take(&mut debugger.passes) {
        return false;
    }
    let (top, memory) = (debugger.top, debugger.memory);
    if let Val::I32(top) = top.get(&*caller) {
        let (bits, data) = memory.data_and_store_mut(caller);
        if let Some(debugger) = &mut data.debugger {
            debugger.stops.stand(top.cast_unsigned());
            debugger.stops.bits(bits);
        }
    }
    true
}

/// The guest is at a row: it notes nothing itself.
fn reached(caller: &mut Caller<'_, Data>, place: u32, top: u32) -> Result<(), Error> {
    let Some(debugger) = &mut caller.data_mut().debugger else {
        return Ok(());
    };
    let memory = debugger.memory;
    let frame = debugger.map.innermost(place, top);
    let Some((row, reached)) = debugger.stops.reached(place, top) else {
        return Ok(());
    };
    let (bits, data) = memory.data_and_store_mut(caller);
    let noted = frame.and_then(|at| bits.get_mut(at as usize..)?.first_chunk_mut());
    if let Some(noted) = noted {
        *noted = place.to_le_bytes();
    }
    if reached.stops {
        if let Some(debugger) = &data.debugger {
            debugger.stops.bits(bits);
        }
        return Err(Left::by(Interrupt::Stop));
    }
    if let (false, Some(bit)) = (reached.asks_again, bits.get_mut(row)) {
        *bit = 0;
    }
    Ok(())
}

impl Instance {
    /// Does something to where the guest stops, which then holds; `None`: it cannot be stopped.
    pub(in crate::engine) fn debugger(&mut self, act: impl FnOnce(&mut Stops)) -> Option<()> {
        let memory = self.store.data().debugger.as_ref()?.memory;
        let (bytes, data) = memory.data_and_store_mut(&mut self.store);
        let debugger = data.debugger.as_mut()?;
        act(&mut debugger.stops);
        debugger.stops.bits(bytes);
        Some(())
    }

    pub(in crate::engine) fn hold(&mut self, imports: &[u32]) {
        if let Some(debugger) = &mut self.store.data_mut().debugger {
            debugger.imports = imports.to_vec();
        }
    }

    /// Lets the call of an import that it has stopped before be made.
    pub(super) fn pass(&mut self) {
        if let Some(debugger) = &mut self.store.data_mut().debugger {
            debugger.passes = true;
        }
    }

    pub(in crate::engine) fn is_debugged(&self) -> bool {
        self.store.data().debugger.is_some()
    }

    pub(in crate::engine) fn covered(&self) -> Vec<(Line, bool)> {
        let debugger = self.store.data().debugger.as_ref();
        debugger.map_or_else(Vec::new, |debugger| debugger.stops.covered())
    }
}
