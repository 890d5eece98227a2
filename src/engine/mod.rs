//! wasmi, driven so that a guest can be stopped between any two instructions and suspended inside
//! a host call.
//!
//! The only place that knows wasmi. It neither waits nor reads a clock: it says what the guest
//! waits for, and its caller does the waiting.

mod activation;
mod host;
mod import;
mod instance;
mod limiter;
mod trap;

pub use self::activation::{Activation, Step};
pub use self::instance::{Instance, InstantiateError};
pub use self::trap::Trap;

use crate::module::Refusal;
use wasmi::{CompilationMode, Config, CustomFuelCosts};

/// A validated module, ready to be instantiated any number of times.
pub struct Program {
    module: wasmi::Module,
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").finish_non_exhaustive()
    }
}

impl Program {
    /// Prepares `bytes`, which have been validated: functions are compiled when first called.
    ///
    /// # Errors
    ///
    /// What the engine cannot run although it is valid.
    pub fn new(bytes: &[u8]) -> Result<Self, Refusal> {
        let engine = wasmi::Engine::new(&config());
        wasmi::Module::new(&engine, bytes)
            .map(|module| Self { module })
            .map_err(|error| Refusal::Engine(error.to_string()))
    }
}

/// Calls may be nested this deep.
const MAX_CALL_DEPTH: usize = 20_000;

/// The stack of values may have this many bytes.
const MAX_STACK_BYTES: usize = 16 << 20;

fn config() -> Config {
    let mut config = Config::default();
    config
        .consume_fuel(true)
        // What has been validated in steps is not validated at once again, but function by function.
        .compilation_mode(CompilationMode::Lazy)
        // Fuel counts what the guest does, so that the second call costs what the first one did.
        .fuel_cost(free_compilation())
        .ignore_custom_sections(true)
        .set_max_recursion_depth(MAX_CALL_DEPTH)
        .set_max_stack_height(MAX_STACK_BYTES);
    config
}

/// What wasmi charges, but for compiling.
fn free_compilation() -> CustomFuelCosts {
    CustomFuelCosts {
        bytes_copied_per_fuel: 64,
        fuel_per_bytes_translated: 0,
        fuel_per_bytes_validated: 0,
    }
}
