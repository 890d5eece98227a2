//! What runs a guest, driven so that it can be stopped between any two instructions and suspended inside a host call.
//!
//! It neither waits nor reads a clock: it says what the guest waits for, and its caller does the waiting.

mod activation;
mod answer;
mod call;
mod denied;
pub mod foreign;
mod host;
mod hosted;
mod instance;
mod interpreter;
mod record;
mod registers;
mod timing;
mod trap;
mod words;

pub use self::activation::{Activation, HostCall, Step};
pub use self::answer::Socket;
pub use self::call::Callee;
pub use self::hosted::{Again, Wanted};
pub use self::instance::{CallError, Instance, InstantiateError, Mark};
pub use self::trap::Trap;

use crate::debug::twin::Twin;
use crate::module::{Info, Refusal, Validated};
use crate::rewrite::metered::Metered;
use std::any::Any;
use std::rc::Rc;

/// A validated module, ready to be instantiated any number of times.
#[derive(Debug)]
pub enum Program {
    /// In the interpreter.
    Interpreted(interpreter::Program),
    /// In another engine.
    Foreign(Rc<foreign::Program>),
}

impl Program {
    /// Prepares a module for the interpreter: functions are compiled when first called. Calls within calls may be nested
    /// `call_depth` deep, which it wants to know of the whole program.
    ///
    /// # Errors
    ///
    /// What the engine cannot run although it is valid.
    pub fn new(module: &Validated, call_depth: u32) -> Result<Self, Refusal> {
        interpreter::Program::new(module, call_depth).map(Self::Interpreted)
    }

    /// The same for its twin, which runs in its place and notes where it is.
    ///
    /// # Errors
    ///
    /// What the engine cannot run although it is valid.
    pub fn of_twin(module: &Validated, twin: &Twin, call_depth: u32) -> Result<Self, Refusal> {
        interpreter::Program::of_twin(module, twin, call_depth).map(Self::Interpreted)
    }

    /// What another engine has compiled a metered module to, which was made of a module that is this, or of one that the interpreter does not run.
    #[must_use]
    pub fn elsewhere(
        engine: Rc<dyn foreign::Engine>,
        module: (Option<&Validated>, &Info),
        metered: Metered,
        compiled: Rc<dyn Any>,
        call_depth: u32,
    ) -> Self {
        let program = foreign::Program::new(engine, module, metered, compiled, call_depth);
        Self::Foreign(Rc::new(program))
    }

    /// Lets calls be nested so deep, if that can be said of it once it is there.
    pub fn set_call_depth(&mut self, call_depth: u32) -> bool {
        match self {
            Self::Interpreted(_) => false,
            Self::Foreign(program) => {
                // Instances, which have it too, are gone.
                Rc::get_mut(program).is_some_and(|program| {
                    program.set_call_depth(call_depth);
                    true
                })
            }
        }
    }

    /// How deep calls within calls may be nested.
    #[must_use]
    pub fn call_depth(&self) -> u32 {
        match self {
            Self::Interpreted(program) => program.call_depth(),
            Self::Foreign(program) => program.call_depth(),
        }
    }
}
