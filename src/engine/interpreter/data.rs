//! What a store has beside the guest.

use super::debugger::Debugger;
use super::limiter::Limiter;
use super::noting::Noting;
use super::refs::Refs;
use super::registers::Globals;
use crate::engine::host::{Interrupt, Shared};
use std::rc::Rc;
use wasmi::errors::HostError;
use wasmi::{Caller, Error, Global, Memory};

/// The data of the store.
pub(super) struct Data {
    pub(super) host: Shared,
    pub(super) limiter: Limiter,
    /// The memory that WASI and the presets read and write: the export `memory`, as WASI says, or
    /// whichever is exported, or the imported one. Known before the guest runs.
    pub(super) memory: Option<Memory>,
    /// The references that have crossed the border.
    pub(super) refs: Refs,
    /// The globals that stand in for imports, by their names.
    pub(super) globals: Vec<(String, Global)>,
    /// How deep calls within calls may be nested.
    pub(super) call_depth: u32,
    /// What to say when a function is called that is too large.
    pub(super) too_large: Option<Rc<str>>,
    /// Where it notes where the guest is.
    pub(super) noting: Option<Noting>,
    /// What standard Go keeps in registers.
    pub(super) registers: Option<Globals>,
    /// What decides where the guest stops; `None`: it has no lines.
    pub(super) debugger: Option<Debugger>,
    /// Fuel that was put aside to end the slice.
    pub(super) spared_fuel: u64,
}

/// How a host function leaves the guest other than by returning, as wasmi has it.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) struct Left(pub(super) Interrupt);

impl HostError for Left {}

impl Left {
    pub(super) fn by(interrupt: Interrupt) -> Error {
        Error::host(Self(interrupt))
    }
}

/// Ends the slice.
pub(super) fn end_slice(caller: &mut Caller<'_, Data>) {
    if let Ok(fuel) = caller.get_fuel() {
        caller.data_mut().spared_fuel += fuel;
        // Metering is on: this cannot fail.
        let _ = caller.set_fuel(0);
    }
}
