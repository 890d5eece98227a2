//! The messages by which two engines are held against each other.

use serde::{Deserialize, Serialize};

/// What the last run has left behind, as far as it is to be the same in every engine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Its host calls, a line each: the first [`Left::MOST_CALLS`] of them. None are there where they are not recorded.
    pub calls: Vec<String>,
    /// How many there were.
    pub all_calls: u64,
    /// The size of its memory, in bytes.
    pub memory: u64,
    /// Digests of the memory, each of as many bytes.
    pub blocks: Vec<u64>,
    /// How many that are, at least [`Left::LEAST_BLOCK`].
    pub block: u64,
    /// The globals that are exported or imported: each name, and its bits.
    pub globals: Vec<(String, u64)>,
}

impl Left {
    /// The most lines of [`Left::calls`].
    pub const MOST_CALLS: usize = 10_000;
    /// The fewest bytes of a block.
    pub const LEAST_BLOCK: u64 = 64;
    /// The most blocks.
    pub const MOST_BLOCKS: u64 = 8192;
}
