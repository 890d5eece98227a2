//! What a fresh instance gets to see, and how far it may go.

use crate::hosts::Process;
use serde::{Deserialize, Serialize};

/// What a fresh instance gets to see, and how far it may go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The arguments, the program's name first.
    pub args: Vec<String>,
    /// The environment.
    pub env: Vec<(String, String)>,
    /// What stdin holds.
    pub stdin: Stdin,
    /// Whether stdin, stdout and stderr say that they are a terminal.
    pub terminal: bool,
    /// The directories that it finds open, from descriptor 3 on.
    pub preopens: Vec<Preopen>,
    /// Whether a call runs `_initialize` first when that has not been done.
    pub auto_initialize: bool,
    /// How far a run may go.
    pub limits: Limits,
    /// Clocks and randomness that make two runs alike; `None`: the real ones.
    pub determinism: Option<Determinism>,
}

impl Settings {
    /// The same for a command that a tool starts, which gives it this.
    #[inline(never)]
    #[must_use]
    pub fn for_process(&self, process: Process) -> Self {
        let Process { args, env, stdin } = process;
        Self {
            args,
            env,
            stdin: Stdin::Bytes(stdin),
            terminal: false,
            ..self.clone()
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            args: vec!["plugin.wasm".to_owned()],
            env: Vec::new(),
            stdin: Stdin::Empty,
            terminal: false,
            preopens: vec![Preopen::empty("/")],
            auto_initialize: true,
            limits: Limits::default(),
            determinism: None,
        }
    }
}

/// What a guest reads from fd 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stdin {
    /// The end of the file at once.
    Empty,
    /// These bytes, then the end of the file.
    Bytes(Vec<u8>),
    /// The bytes of the last [`Command::StdinFile`], then the end of the file.
    File,
    /// What [`Command::Stdin`] brings; the guest waits for it.
    Interactive,
}

/// A directory that a guest finds open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preopen {
    /// The path that the guest knows it by.
    pub path: String,
    /// What is in it, by paths relative to it. A later one replaces an earlier one. The directories
    /// on the way are made.
    pub files: Vec<(String, FileEntry)>,
    /// Whether the guest may not change anything below it.
    pub read_only: bool,
}

impl Preopen {
    /// An empty one, which the guest may fill.
    #[must_use]
    pub fn empty(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            files: Vec::new(),
            read_only: false,
        }
    }
}

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileEntry {
    /// A directory.
    Directory,
    /// A file of these bytes.
    File(Vec<u8>),
    /// A symbolic link that holds this path.
    Symlink(String),
}

/// How far a run may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Fuel for one call, as wasmi counts it: a unit for each instruction of every block that is
    /// entered, whether it is left early or not. `None`, the default: fuel says nothing of how long
    /// that is, and [`Limits::wall_millis`] protects.
    pub fuel: Option<u64>,
    /// Pages of 64 KiB that each linear memory may have, at most [`Limits::MOST_MEMORY_PAGES`].
    pub memory_pages: u64,
    /// Elements that each table may have, at most [`Limits::MOST_TABLE_ELEMENTS`].
    pub table_elements: u64,
    /// Bytes of output of one instance.
    pub output_bytes: u64,
    /// Milliseconds that one call may take: running, sleeping, and while an import is answered. What
    /// it waits for stdin, for Resume or for the page is not counted. [`Limits::MOST_WALL_MILLIS`] at
    /// most; `None`: until Stop.
    pub wall_millis: Option<u64>,
    /// How deep calls within calls may be nested; a call of an export is the first. Where they have
    /// more than 4 KiB of values each on average, it counts as reached before it is. A call that a host
    /// function makes begins anew. [`Limits::MOST_CALL_DEPTH`] at most: what is more counts as that.
    pub call_depth: u32,
}

impl Limits {
    /// The most pages that a linear memory can have: it lies in the memory of this program, of whose 4 GiB
    /// no part can be 2 GiB.
    pub const MOST_MEMORY_PAGES: u64 = (1 << 15) - 1;

    /// The most elements that a table can have: 16 bytes each are this program's.
    pub const MOST_TABLE_ELEMENTS: u64 = 10_000_000;

    /// The most milliseconds that a call can be given: a year.
    pub const MOST_WALL_MILLIS: u64 = 31_536_000_000;

    /// The deepest that calls may be nested: each of them costs the host memory.
    pub const MOST_CALL_DEPTH: u32 = 1_000_000;
}

/// Clocks and randomness that make two runs with the same inputs alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Determinism {
    /// What the realtime clock begins with, in nanoseconds since 1970; the monotonic one begins
    /// with 1.
    pub realtime: u64,
    /// How far each reading moves the clocks, in nanoseconds. A sleep moves them to its end at once.
    pub step: u64,
    /// What the random bytes come from.
    pub seed: u64,
}

impl Default for Determinism {
    /// Noon of 2000-01-01, a microsecond for each reading, the seed 1.
    fn default() -> Self {
        Self {
            realtime: 946_728_000_000_000_000,
            step: 1_000,
            seed: 1,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: None,
            memory_pages: 16_384,
            table_elements: 1 << 20,
            output_bytes: 1 << 30,
            wall_millis: Some(600_000),
            call_depth: 10_000,
        }
    }
}

/// What a module runs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Engine {
    /// The interpreter that is part of the page.
    #[default]
    Interpreter,
    /// The browser's own engine.
    Browser,
}
