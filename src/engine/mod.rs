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
    call_depth: u32,
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").finish_non_exhaustive()
    }
}

impl Program {
    /// Prepares a module: functions are compiled when first called. Calls within calls may be nested
    /// `call_depth` deep, which wasmi wants to know of the whole program.
    ///
    /// # Errors
    ///
    /// What the engine cannot run although it is valid.
    pub fn new(module: &Validated, call_depth: u32) -> Result<Self, Refusal> {
        let engine = wasmi::Engine::new(&config(call_depth));
        // SAFETY: the bytes are valid, for no more than what wasmi runs: `Validated` is the proof.
        // Else each function would be validated once more, by code that is a tenth of the download.
        #[expect(
            unsafe_code,
            reason = "what wasmi would check has been checked, in steps"
        )]
        let module = unsafe { wasmi::Module::new_unchecked(&engine, module.bytes()) };
        module
            .map(|module| Self { module, call_depth })
            .map_err(|error| Refusal::Engine(error.to_string()))
    }
}

impl Program {
    /// How deep calls within calls may be nested.
    #[must_use]
    pub fn call_depth(&self) -> u32 {
        self.call_depth
    }
}

/// Bytes of values for each call that may be nested: few functions have more, and where calls take more
/// on average, the depth counts as reached before it is.
const FRAME_BYTES: usize = 4096;

/// The least and the most bytes of values of all nested calls.
const STACK_BYTES: std::ops::RangeInclusive<usize> = (1 << 20)..=(128 << 20);

fn config(call_depth: u32) -> Config {
    let depth = call_depth as usize;
    let stack = depth.saturating_mul(FRAME_BYTES);
    let mut config = Config::default();
    config
        .consume_fuel(true)
        .compilation_mode(CompilationMode::LazyTranslation)
        // Fuel counts what the guest does, so that the second call costs what the first one did.
        .fuel_cost(free_compilation())
        .ignore_custom_sections(true)
        .set_max_recursion_depth(depth)
        .set_max_stack_height(stack.clamp(*STACK_BYTES.start(), *STACK_BYTES.end()));
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
