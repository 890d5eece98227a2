//! A guest in an engine outside of this program, as the browser's: a [metered](crate::rewrite::metered) module behind a gate.
//!
//! Such an engine runs what it is given until that comes out by itself. So a slice is begun or resumed here, and what has come of it is seen
//! in a later step, when whoever drives the session has been woken: [`Step::Running`](super::Step::Running) until then.
//!
//! What the engine itself must be able to do is [`Engine`] and [`Guest`]; all else is here, and is the same for each.

mod activation;
mod instance;
mod side;
mod stack;
mod trap;

pub use self::activation::Activation;
pub(super) use self::instance::Instance;
pub use self::side::Side;
pub use self::trap::Failure;

use super::denied;
use crate::linear::Elsewhere;
use crate::module::{ExternType, FuncType, Import, Info, ValType, Validated};
use crate::protocol::{GlobalValue, Limits, Provision};
use crate::rewrite::metered::Metered;
use std::any::Any;
use std::rc::Rc;

/// An engine outside of this program.
pub trait Engine {
    /// Compiles a module, and says what came of it, now or later: what it is instantiated from, or why it is not compiled, in the engine's
    /// words.
    fn compile(&self, module: &[u8], done: Compiled);

    /// Where the room for the arguments and results of a call with at most so many lies: an address in the memory that gates and doors import.
    fn room(&self, slots: u32) -> Rc<dyn Room>;

    /// Instantiates what was compiled.
    ///
    /// # Errors
    ///
    /// Why it cannot be, in the engine's words.
    fn instantiate(&self, given: Given<'_>) -> Result<Rc<dyn Guest>, String>;
}

/// What hears of a module that was compiled.
pub type Compiled = Box<dyn FnOnce(Result<Rc<dyn Any>, String>)>;

/// The room for arguments and results.
pub trait Room {
    /// Its address in the memory that gates and doors import.
    fn address(&self) -> u32;
    /// Puts bits there, one for each slot.
    fn put(&self, bits: &[u64]);
    /// Gets bits from there.
    fn take(&self, bits: &mut [u64]);
}

/// What an engine instantiates.
pub struct Given<'a> {
    /// What it has compiled.
    pub module: &'a Rc<dyn Any>,
    /// The module of the gate.
    pub gate: &'a [u8],
    /// Each import of the module, in its order.
    pub imports: &'a [Import],
    /// What stands in for each unless it is a function.
    pub provisions: &'a [Option<Provision>],
    /// The exported table that is to have the gate's `tick`.
    pub table: &'a str,
    /// What the guest calls its host by.
    pub side: &'a Rc<Side>,
}

/// An instance in such an engine.
pub trait Guest {
    /// The memory that WASI reads and writes: the export `memory`, or whichever is exported, or the imported one.
    fn memory(&self) -> Option<&dyn Elsewhere>;

    /// The bits of an exported global of this type, a number.
    fn global(&self, export: &str, ty: ValType) -> Option<u64>;

    /// Sets an exported global of this type.
    fn set_global(&self, export: &str, ty: ValType, bits: u64);

    /// Whether it has given a reference to a function that this number stands for.
    fn has_function(&self, number: u64) -> bool;

    /// The globals that stand in for imports.
    fn provided(&self) -> Vec<GlobalValue>;

    /// An export will be called through the module `door`: told once of each, before it is.
    fn open(&self, export: &str, door: &[u8]);

    /// Begins a call, by this number, of an export. The room has its arguments. When this returns, the call
    /// has returned, waits, or has failed; of that [`Side::failed`] may be told later.
    fn begin(&self, call: u32, export: &str);

    /// Lets a call go on that waits, or ends it, as soon as it can; [`Side::enters`] is told right before. A call that does not wait
    /// is let be.
    fn resume(&self, call: u32, ends: bool);

    /// Where a call waits.
    fn waits_at(&self, call: u32) -> Failure;

    /// Where it calls its host from, which asks that.
    fn calls_from(&self) -> Failure;
}

/// A module ready to be instantiated there any number of times.
pub struct Program {
    engine: Rc<dyn Engine>,
    metered: Metered,
    module: Rc<dyn Any>,
    call_depth: u32,
    /// The export that the `start` section became.
    start: Option<String>,
    imports: Vec<Import>,
    exports: Vec<(String, FuncType)>,
    /// The exported globals, whether each can be assigned to.
    globals: Vec<(String, ValType, bool)>,
    /// The pages and elements that its memories and tables begin with.
    begins: (Vec<u64>, Vec<u64>),
    registers: Option<[String; 2]>,
    /// The most arguments or results of any function that crosses.
    slots: u32,
}

impl Program {
    /// What `engine` has compiled `metered` to, which was made of a module that is this, or of one that only such engines run.
    pub(super) fn new(
        engine: Rc<dyn Engine>,
        (module, info): (Option<&Validated>, &Info),
        metered: Metered,
        compiled: Rc<dyn Any>,
        call_depth: u32,
    ) -> Self {
        let exports = info.exports.iter();
        let functions = exports.filter_map(|export| {
            let ty = export.ty.func()?;
            Some((export.name.clone(), ty.clone()))
        });
        let exports: Vec<_> = functions.collect();
        let globals = info.exports.iter().filter_map(|export| match export.ty {
            ExternType::Global(ty, mutable) => Some((export.name.clone(), ty, mutable)),
            _ => None,
        });
        let imported = info.imports.iter().filter_map(|import| import.ty.func());
        let types = exports.iter().map(|(_, ty)| ty).chain(imported);
        let slots = types.map(|ty| ty.params.len().max(ty.results.len()));
        Self {
            engine,
            slots: slots
                .max()
                .and_then(|most| u32::try_from(most).ok())
                .unwrap_or(0),
            begins: metered.begins(),
            module: compiled,
            call_depth,
            start: module
                .and_then(|module| module.start().map(str::to_owned))
                .or_else(|| metered.start()),
            imports: info.imports.clone(),
            exports,
            globals: globals.collect(),
            registers: module
                .and_then(Validated::registers)
                .map(|names| names.map(str::to_owned)),
            metered,
        }
    }

    pub(super) fn set_call_depth(&mut self, call_depth: u32) {
        self.call_depth = call_depth;
    }

    pub(super) fn call_depth(&self) -> u32 {
        self.call_depth
    }

    /// Whether what it begins with is within the limits; the text says what is not.
    fn check(&self, limits: &Limits) -> Result<(), String> {
        let (memories, tables) = &self.begins;
        let mut memories = memories.iter();
        let mut tables = tables.iter();
        let denied = memories
            .find_map(|pages| denied::memory(*pages, limits.memory_pages))
            .or_else(|| tables.find_map(|it| denied::table(*it, limits.table_elements)));
        denied.map_or(Ok(()), Err)
    }
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").finish_non_exhaustive()
    }
}
