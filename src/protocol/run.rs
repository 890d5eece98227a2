//! What is told of a run while it goes on, and of the instance that it is in.

use serde::{Deserialize, Serialize};

/// What a run has used so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Fuel.
    pub fuel: u64,
    /// The size of the first linear memory, in pages of 64 KiB.
    pub memory_pages: u64,
    /// How many of them the run has added.
    pub grown_pages: u64,
}

/// Where output goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Stream {
    /// fd 1.
    Stdout,
    /// fd 2.
    Stderr,
    /// An import that prints.
    Host,
}

/// What a suspended guest waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WaitingFor {
    /// A clock.
    Clock,
    /// stdin.
    Stdin,
    /// stdin or a clock, whichever is first.
    StdinOrClock,
    /// The page, to take in what was printed.
    Page,
    /// What answers the import at this place in [`Info::imports`](crate::module::Info::imports).
    Import(u32),
    /// [`Command::Resume`](super::Command::Resume).
    Resume,
    /// [`Debug::Go`](super::Debug::Go): it has stopped, [`Debugged::Stopped`](super::Debugged::Stopped) says where.
    Debugger,
}

/// The state of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InstanceState {
    /// Nothing has run in it.
    Fresh,
    /// `_initialize` has run, or need not.
    Initialized,
    /// `_start` has returned, or the guest called `proc_exit`: with this exit code.
    Exited(u32),
    /// A run was ended in the middle (a trap, Stop, a limit): its memory may be half-way.
    Broken,
}
