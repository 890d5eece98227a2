//! The messages about the memory and the globals of the instance.

use crate::module::ValType;
use serde::{Deserialize, Serialize};

/// What the page asks for. It is answered also while a guest runs: that is between two of its
/// instructions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Memory {
    /// Tell the bytes of a stretch, as far as there are any.
    Read {
        /// Its first address.
        address: u64,
        /// Bytes, at most [`Memory::MOST`].
        length: u32,
    },
    /// Find the next place of something at or after an address, or the last one before it.
    Search {
        /// What.
        sought: Sought,
        /// The address.
        from: u64,
        /// Whether it is searched for before the address.
        back: bool,
    },
    /// Write bytes, all of them or none; [`MemoryReport::Written`] tells.
    Write {
        /// Where the first one goes.
        address: u64,
        /// The bytes. Those of a file travel beside the command, between the page and the worker.
        bytes: Vec<u8>,
    },
    /// Tell the globals.
    Globals,
    /// Tell where the latest host call that has kept bytes had them; [`MemoryReport::Touched`] does.
    Touched,
    /// Whether memory is kept at the beginning of each call, so that it can be told what has
    /// changed since.
    Watch(bool),
}

impl Memory {
    /// The most bytes of one [`Memory::Read`].
    pub const MOST: u32 = 64 << 10;
}

/// What is searched for in memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sought {
    /// These bytes; none are found nowhere.
    Bytes(Vec<u8>),
    /// The beginning of a stretch that has changed since the latest call began.
    Change,
}

impl Default for Sought {
    fn default() -> Self {
        Self::Bytes(Vec::new())
    }
}

/// What the session says about them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemoryReport {
    /// A stretch.
    Bytes {
        /// Its first address.
        address: u64,
        /// The bytes: fewer than were asked for at the end of the memory.
        bytes: Vec<u8>,
        /// Which of them have changed since the latest call began: first index and length of each
        /// stretch; of much memory only whole pages of 64 KiB. `None`: memory is not watched, or no call
        /// has begun since it is.
        changed: Option<Vec<(u32, u32)>>,
        /// The size of the whole memory, in bytes; 0: there is none.
        size: u64,
    },
    /// Where what was searched for is; `None`: nowhere from there on.
    Found(Option<u64>),
    /// How many bytes were written from which address on; or why none were.
    Written(Result<(u64, u64), String>),
    /// What the bytes of the latest host call were, as in `buf of random_get`, and their address; `None`: none is
    /// recorded that had some.
    Touched(Option<(String, u64)>),
    /// The globals: those that are exported or imported.
    Globals(Vec<GlobalValue>),
}

/// A global.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlobalValue {
    /// Its name: that of its export, or `module.name` of its import.
    pub name: String,
    /// Its type.
    pub ty: ValType,
    /// Whether the guest may change it.
    pub mutable: bool,
    /// Its bits, zero-extended; those of a reference are 0.
    pub bits: u64,
}
