//! The messages between the page and the worker: plain data, and how it is put into bytes.
//!
//! The page sends [`Command`]s; the worker answers with [`Report`]s. What is large (a module, a
//! file) travels beside a command, not in it, so that the page's thread never copies it.

mod allocator;
mod files;

pub use self::allocator::Allocator;
pub use self::files::{
    Change, EntryKind, Files, FilesReport, Listed, Listing, Place, PreopenListing,
};

use crate::go::{Signature, Source, Value};
use crate::module::{FuncType, Info, ValType};
use serde::{Deserialize, Serialize};

/// Names one call for as long as a session lives; the page chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CallId(pub u32);

/// What the page asks of the session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Put a module on the board, in place of the one that is there.
    Load {
        /// The name of its file.
        name: String,
        /// Its contents. Between the page and the worker they travel beside the command.
        #[serde(skip)]
        bytes: Vec<u8>,
    },
    /// The Go source of the module on the board, all files of it: whoever reads signatures (the
    /// reader worker, on the page) reads them from it.
    GoSource {
        /// Name and text of each file; none of them: forget the source.
        files: Vec<(String, String)>,
    },
    /// What the next instance gets to see. The instance that is there keeps what it has.
    Configure(Settings),
    /// How an import is answered from now on.
    Answer {
        /// Its place in [`Info::imports`].
        import: u32,
        /// The answer.
        answer: Answer,
    },
    /// What gives room for arguments from now on; `None`: [`Allocator::usual`]. It holds for the
    /// module on the board.
    Allocate(Option<Allocator>),
    /// Call `_initialize` or `_start`.
    Start {
        /// Names the call.
        call: CallId,
    },
    /// Call an export.
    Call {
        /// Names the call.
        call: CallId,
        /// The export.
        export: String,
        /// How its parameters are read; it must match the Wasm type.
        signature: Signature,
        /// A value for each parameter of the signature.
        args: Vec<Value>,
    },
    /// End the run that is under way.
    Stop,
    /// Replace the instance by a fresh one of the same module.
    Reset,
    /// Something about the files that guests see.
    Files(Files),
    /// The file that [`Stdin::File`] is, for all instances to come.
    StdinFile {
        /// Its contents. Between the page and the worker they travel beside the command.
        #[serde(skip)]
        bytes: Vec<u8>,
    },
    /// Bytes for a guest that reads stdin interactively; `None`: the end of the file.
    Stdin(Option<Vec<u8>>),
    /// The page has taken in this many bytes of output: a flood waits for it.
    Taken {
        /// Bytes of [`Event::Output`].
        bytes: u64,
    },
}

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
    /// entered, whether it is left early or not. `None`: until Stop.
    pub fuel: Option<u64>,
    /// Pages of 64 KiB that each linear memory may have.
    pub memory_pages: u64,
    /// Elements that each table may have.
    pub table_elements: u64,
    /// Bytes of output of one instance.
    pub output_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: None,
            memory_pages: 16_384,
            table_elements: 1 << 20,
            output_bytes: 1 << 30,
        }
    }
}

/// How an import that is not WASI's is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// Print the string that two i32 parameters, an address and a length, point at.
    PrintString,
    /// Return zero for every result.
    ReturnZero,
    /// End the run.
    Trap,
    /// Nothing yet: calling it ends the run with a message that names the import.
    Nothing,
}

impl Answer {
    /// All of them that can be given to an import of the type.
    #[must_use]
    pub fn choices(ty: &FuncType) -> Vec<Self> {
        let mut choices = vec![Self::ReturnZero, Self::Trap, Self::Nothing];
        if ty.params == [ValType::I32, ValType::I32] {
            choices.insert(0, Self::PrintString);
        }
        choices
    }

    /// The likely answer for an import of the type: a guess, and to be shown as one.
    #[must_use]
    pub fn guess(ty: &FuncType) -> Self {
        if ty.params == [ValType::I32, ValType::I32] && ty.results.is_empty() {
            Self::PrintString
        } else {
            Self::Nothing
        }
    }

    /// What it does, in a few words.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::PrintString => "print the string",
            Self::ReturnZero => "return zero",
            Self::Trap => "trap",
            Self::Nothing => "nothing yet",
        }
    }
}

/// What the worker says: what happened, in order, since the last report.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What happened.
    pub events: Vec<Event>,
    /// How long the session worked for it, in microseconds; waiting is not counted.
    pub busy_micros: u64,
}

/// What happened in the session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The module can be read: this is what is in it. It is not validated yet.
    Read(Box<Info>),
    /// More is known of the Go signatures than [`Event::Read`] said.
    Signatures(Box<Signatures>),
    /// Validation is under way.
    Validating {
        /// Bytes done.
        done: u64,
        /// Bytes in all.
        total: u64,
    },
    /// The module is valid: it can be called. For each import, in the order of
    /// [`Info::imports`], how it is answered; `None`: by WASI.
    Ready {
        /// The answers.
        answers: Vec<Option<Answer>>,
    },
    /// The module is refused; the board is empty.
    Refused {
        /// The name of its file.
        name: String,
        /// What is wrong, where, and what to do.
        message: String,
    },
    /// A call has begun.
    Began {
        /// Which.
        call: CallId,
        /// The export that runs.
        export: String,
    },
    /// Bytes came out.
    Output {
        /// Where.
        stream: Stream,
        /// What, as written: a code point may be split between two of these.
        bytes: Vec<u8>,
    },
    /// How far the run is.
    Progress(Usage),
    /// The guest waits, and costs nothing meanwhile.
    Waiting(WaitingFor),
    /// The room that the arguments of a call had in the guest's memory; right before its end.
    Placed(Box<Placed>),
    /// A call has ended.
    Ended {
        /// Which.
        call: CallId,
        /// How.
        outcome: Outcome,
        /// What it used.
        usage: Usage,
    },
    /// The instance has become this.
    Instance(InstanceState),
    /// What became of [`Command::Files`], and what a run did to the files.
    Files(FilesReport),
    /// Stop has been heard; what it ended is said in the events after this one.
    Stopping,
    /// The command cannot be carried out now; the text says why.
    Rejected(String),
}

/// The Go signatures of a module, and what kept more of them from being known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signatures {
    /// For each of [`Info::exports`], those that fit it, the best first.
    pub exports: Vec<Vec<(Signature, Source)>>,
    /// For each of [`Info::imports`], the one that is known, if one is.
    pub imports: Vec<Option<(Signature, Source)>>,
    /// What is wrong with the debug information or the source, as sentences.
    pub problems: Vec<String>,
}

/// The room that the arguments of a call had in the guest's memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The exports that gave it and took it back.
    pub allocator: String,
    /// Each stretch of it.
    pub blocks: Vec<PlacedBlock>,
}

/// A stretch of the guest's memory that holds an argument, or something that one points to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedBlock {
    /// The parameter that it is for; `None` if only other blocks point to it.
    pub param: Option<u32>,
    /// Where it begins.
    pub address: u32,
    /// Bytes that were asked for.
    pub room: u32,
    /// Bytes of the value.
    pub size: u32,
    /// Its first bytes before the call, at most [`PlacedBlock::KEPT`].
    pub before: Vec<u8>,
    /// The same bytes after it; empty if the call did not come to an end by itself.
    pub after: Vec<u8>,
}

impl PlacedBlock {
    /// The most bytes of a block that are told.
    pub const KEPT: usize = 4096;
}

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
}

/// The state of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InstanceState {
    /// Nothing has run in it, but for the module's `start` section.
    Fresh,
    /// `_initialize` has run, or need not.
    Initialized,
    /// `_start` has returned, or the guest called `proc_exit`: with this exit code.
    Exited(u32),
    /// A run was ended in the middle (a trap, Stop, a limit): its memory may be half-way.
    Broken,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// It returned.
    Returned {
        /// The result, read by the signature; `None` where there is none.
        result: Option<Value>,
        /// The results as Wasm has them, with their types: their bits, zero-extended.
        raw: Vec<(ValType, u64)>,
        /// The arguments after the call: pointees are read back.
        args: Vec<Value>,
    },
    /// The guest called `proc_exit`.
    Exited(u32),
    /// A trap, or an import that ended the run: the text says which, and in which export.
    Trapped(String),
    /// Stop was pressed.
    Stopped,
    /// A limit was reached: the text says which, and where to raise it.
    Limited(String),
    /// The call could not be made: the text says why. Nothing ran.
    Refused(String),
}

/// Bytes that are not what they should be.
#[derive(Debug, thiserror::Error)]
#[error("a message between page and worker cannot be read: {0}")]
pub struct CodecError(#[from] postcard::Error);

/// The bytes of a message.
///
/// # Errors
///
/// When the message cannot be written, which no message here causes.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, CodecError> {
    Ok(postcard::to_stdvec(message)?)
}

/// The message in `bytes`.
///
/// # Errors
///
/// When `bytes` are no such message.
pub fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, CodecError> {
    Ok(postcard::from_bytes(bytes)?)
}
