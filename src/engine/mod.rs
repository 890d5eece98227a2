//! wasmi, driven so that a guest can be stopped between any two instructions and suspended inside
//! a host call.
//!
//! The only place that knows wasmi. It neither waits nor reads a clock: it says what the guest
//! waits for, and its caller does the waiting.

mod activation;
mod answer;
mod host;
mod import;
mod instance;
mod limiter;
mod record;
mod trap;
mod value;

pub use self::activation::{Activation, HostCall, Step};
pub use self::answer::Socket;
pub use self::instance::{Instance, InstantiateError};
pub use self::trap::Trap;

use crate::module::{Refusal, Validated};
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
    /// Prepares a module: functions are compiled when first called.
    ///
    /// # Errors
    ///
    /// What the engine cannot run although it is valid.
    pub fn new(module: &Validated) -> Result<Self, Refusal> {
        let engine = wasmi::Engine::new(&config());
        // SAFETY: the bytes are valid, for no more than what wasmi runs: `Validated` is the proof.
        // Else each function would be validated once more, by code that is a tenth of the download.
        #[expect(
            unsafe_code,
            reason = "what wasmi would check has been checked, in steps"
        )]
        let module = unsafe { wasmi::Module::new_unchecked(&engine, module.bytes()) };
        module
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
        .compilation_mode(CompilationMode::LazyTranslation)
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
