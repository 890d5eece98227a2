//! wasmi, driven so that a guest can be stopped between any two instructions and suspended inside
//! a host call. The only place that knows it.

mod activation;
mod data;
mod debugger;
mod instance;
mod limiter;
mod link;
mod noting;
mod refs;
mod registers;
mod stack;
mod trap;
mod value;

pub use self::activation::Activation;
pub(super) use self::instance::Instance;

use crate::debug::twin::{Map, Twin};
use crate::module::{self, Refusal, Validated};
use std::rc::Rc;
use wasmi::{CompilationMode, Config, CustomFuelCosts};

/// A validated module, ready to be instantiated any number of times.
pub struct Program {
    module: wasmi::Module,
    /// The functions that stand between the module and those that it imports; `None`: it calls these
    /// itself.
    callers: Option<wasmi::Module>,
    /// The export that its `start` section became.
    start: Option<String>,
    /// The exports that standard Go's registers became.
    registers: Option<[String; 2]>,
    /// What to say when a function is called that is too large.
    too_large: Option<Rc<str>>,
    call_depth: u32,
    /// How to read what it notes; `None`: it notes nothing.
    map: Option<Rc<Map>>,
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
    pub(in crate::engine) fn new(module: &Validated, call_depth: u32) -> Result<Self, Refusal> {
        Self::of(module, module.bytes(), module.start(), call_depth)
    }

    /// The same for its twin, which runs in its place and notes where it is.
    ///
    /// # Errors
    ///
    /// What the engine cannot run although it is valid.
    pub(in crate::engine) fn of_twin(
        module: &Validated,
        twin: &Twin,
        call_depth: u32,
    ) -> Result<Self, Refusal> {
        let mut program = Self::of(module, twin.bytes(), twin.start(), call_depth)?;
        let map = twin.map();
        program.registers = module
            .registers()
            .map(|_| Map::REGISTERS.map(|(what, _)| map.export(what)));
        program.map = Some(Rc::clone(map));
        Ok(program)
    }

    fn of(
        module: &Validated,
        bytes: &[u8],
        start: Option<&str>,
        call_depth: u32,
    ) -> Result<Self, Refusal> {
        let engine = wasmi::Engine::new(&config(call_depth));
        let program = read(&engine, bytes)?;
        let callers = match module.has_tail_calls() {
            true => Some(read(&engine, &callers(&program))?),
            false => None,
        };
        Ok(Self {
            module: program,
            callers,
            start: start.map(str::to_owned),
            registers: module.registers().map(|names| names.map(str::to_owned)),
            too_large: module.too_large().map(Rc::from),
            call_depth,
            map: None,
        })
    }
}

/// A module of wasmi's from `bytes`, which are valid.
fn read(engine: &wasmi::Engine, bytes: &[u8]) -> Result<wasmi::Module, Refusal> {
    // SAFETY: the bytes are valid, for no more than what wasmi runs: `Validated` is the proof, and what is added to
    // it, for a `start` section or a twin, is valid by the way that it is written.
    // Else each function would be validated once more, by code that is a tenth of the download.
    #[expect(
        unsafe_code,
        reason = "what wasmi would check has been checked, in steps"
    )]
    let module = unsafe { wasmi::Module::new_unchecked(engine, bytes) };
    module.map_err(|error| Refusal::Engine(error.to_string()))
}

/// Functions of Wasm's own that call those that `module` imports, in their order: no function of the
/// host's may be reached by a tail call. After one, wasmi 2.0.0 goes on with a stack pointer that
/// dangles, outside the guest's memory, or puts results into another function's frame.
fn callers(module: &wasmi::Module) -> Vec<u8> {
    let imports = module.imports();
    let types = imports.filter_map(|import| import.ty().func().map(value::func_type));
    module::callers(&types.collect::<Vec<_>>())
}

impl Program {
    /// How deep calls within calls may be nested.
    pub(in crate::engine) fn call_depth(&self) -> u32 {
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
