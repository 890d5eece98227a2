//! Writing a module anew, so that it does the same and something more: its twin, which notes where it is
//! ([`crate::debug::twin`]), and the metered module that the browser's engine runs ([`metered`]).
//!
//! Nothing that a module has gets another index: what is added goes to the ends of its sections, and no import is added.

pub(crate) mod assemble;
pub(crate) mod bodies;
pub(crate) mod code;
pub mod metered;
pub(crate) mod outline;
pub(crate) mod write;
