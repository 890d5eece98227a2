//! The messages between the page and the worker: plain data, and how it is put into bytes.
//!
//! The page sends [`Command`]s; the worker answers with [`Report`]s. What is large (a module, a
//! file) travels beside a command, not in it, so that the page's thread never copies it.

mod allocator;
mod answer;
pub mod build;
mod compare;
mod debug;
mod files;
mod functions;
mod host_code;
pub mod hosts;
mod memory;
mod outline;
mod profile;
mod run;
mod saved;
mod settings;
mod stack;
mod trace;
mod values;

pub use self::allocator::Allocator;
pub use self::answer::{Answer, Provision};
pub use self::compare::Left;
pub use self::debug::{Debug, Debugged, Go, Held, Inlined, Kept, Lines, Sample, SourceFile};
pub use self::files::{
    Change, EntryKind, Files, FilesReport, Listed, Listing, Place, PreopenListing,
};
pub use self::functions::{
    Caller, Found, FunctionFilter, FunctionLine, FunctionText, FunctionUses, Functions,
    FunctionsReport, TextLine,
};
pub use self::host_code::{Case, Expected, HostCode};
pub use self::memory::{GlobalValue, Memory, MemoryReport, Sought};
pub use self::outline::{Account, Item};
pub use self::profile::{
    Flame, FlameBox, FlameView, Measure, Profile, ProfileFile, ProfileReport, ProfileRow,
    ProfileTable, ProfileTotal, TableView,
};
pub use self::run::{InstanceState, Stream, Usage, WaitingFor};
pub use self::saved::{Difference, Judging, Mark};
pub use self::settings::{Determinism, Engine, FileEntry, Limits, Preopen, Settings, Stdin};
pub use self::stack::{
    At, Backtrace, Frame, Goroutine, Goroutines, RawFrame, RawGoroutine, Seen, Stack,
};
pub use self::trace::{
    Trace, TraceEntry, TraceFilter, TraceForm, TraceGroup, TraceReport, TraceRow,
};
pub use self::values::{Argument, Shape};

use crate::go::{Signature, Source, Value};
use crate::module::{Info, ValType};
use crate::wasi::Used;
use serde::{Deserialize, Serialize};

/// Names one call for as long as a session lives; the page chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CallId(pub u32);

/// Reads what a first visit is not told by functions of its own, which come later (`src/parts.txt`).
mod apart {
    use serde::{Deserialize, Deserializer};

    #[inline(never)]
    pub(super) fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

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
    /// Write a call as host code: the reader worker does.
    HostCode(HostCode, Box<Case>),
    /// Tell what the module needs and what it has used, in words: the reader worker does.
    Account(Box<Account>),
    /// Tell where the bytes of a module go, and what else stands in it: the reader worker does.
    Contents {
        /// Its file. It travels beside the command.
        #[serde(skip)]
        bytes: Vec<u8>,
    },
    /// Say where in the source of the module a stack is: the reader worker does.
    Backtrace {
        /// The call that it is of.
        call: CallId,
        /// What the session has seen.
        stack: Box<Stack>,
        /// The file of the module. It travels beside the command.
        #[serde(skip)]
        bytes: Vec<u8>,
    },
    /// To the debugger.
    Debug(Debug),
    /// Run the module in this engine from now on, in a fresh instance: [`Event::Engine`] says when that is so.
    Engine(Engine),
    /// Tell what the last run has left behind: [`Event::Left`].
    Left,
    /// Tell the lines of the module's source that have code: the reader worker does.
    Lines {
        /// Its file. It travels beside the command.
        #[serde(skip)]
        bytes: Vec<u8>,
    },
    /// Tell something about the functions of a module: the reader worker does, and its file travels beside the
    /// command.
    Functions {
        /// Counts the modules that have been on the board: what was read of one is kept for it.
        module: u32,
        /// What.
        ask: Functions,
    },
    /// Tell something about a profile: the reader worker does, and the file of the module travels beside the command.
    Profile(Profile),
    /// Say whether what came of a saved call is what was expected: the reader worker does.
    Judge(Box<Judging>),
    /// Build something from Go source: the builder does. The bytes of a [`build::Build`].
    Build(Vec<u8>),
    /// What the next instance gets to see. The instance that is there keeps what it has.
    Configure(Settings),
    /// The Go signatures, from whoever has read them: [`Signatures::exports`] and
    /// [`Signatures::imports`]. Those that do not fit are left out.
    Know {
        /// Of the exports, in the order of [`Info::exports`]: what host functions call them by.
        exports: Vec<Vec<(Signature, Source)>>,
        /// Of the imports, in the order of [`Info::imports`].
        imports: Vec<Option<(Signature, Source)>>,
    },
    /// The signature that somebody chose for an export, or typed: host functions call it by this one
    /// and no other. `None`: by those that are known.
    Choose {
        /// The export.
        export: String,
        /// The signature; it must match the Wasm type.
        signature: Option<Signature>,
    },
    /// How an import is answered from now on; [`Event::Rejected`] if it cannot be.
    Answer {
        /// Its place in [`Info::imports`].
        import: u32,
        /// The answer.
        answer: Answer,
    },
    /// What stands in for an import that is no function, in the next instance; [`Event::Rejected`] if
    /// it cannot.
    Provide {
        /// Its place in [`Info::imports`].
        import: u32,
        /// What stands in for it.
        provision: Provision,
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
    /// Ask the guest for room, as for an argument, and write bytes there. Nothing gives the room back: it is
    /// the guest's. The call returns its address.
    Put {
        /// Names the call.
        call: CallId,
        /// The bytes. Those of a file travel beside the command, between the page and the worker.
        bytes: Vec<u8>,
    },
    /// Something of a framework's host: the bytes of a [`hosts::ToHost`].
    Host(Vec<u8>),
    /// End the run that is under way.
    Stop,
    /// Hold the run that is under way, between two instructions or in what it waits for.
    Pause,
    /// Let it go on.
    Resume,
    /// Replace the instance by a fresh one of the same module.
    Reset,
    /// Something about the files that guests see.
    Files(Files),
    /// Something about the list of host calls.
    Trace(Trace),
    /// Something about the memory and the globals of the instance.
    Memory(Memory),
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
    /// The call of [`Command::HostCode`] as text.
    HostCode(HostCode, String),
    /// The answer to [`Command::Judge`].
    Judged {
        /// The number of the saved call.
        number: u32,
        /// What is otherwise than expected; nothing: all is as it should be.
        #[serde(deserialize_with = "apart::deserialize")]
        differences: Vec<Difference>,
    },
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
        /// What it needs that the interpreter does not run: it can be called once [`Event::Engine`] has told that it runs in another engine, which
        /// validates it, too.
        elsewhere: Option<String>,
    },
    /// The module is refused; the board is empty.
    Refused {
        /// The name of its file.
        name: String,
        /// What is wrong, where, and what to do.
        message: String,
    },
    /// A call has begun; once more when what had to run before it (a `start` section, `_initialize`) has
    /// returned.
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
    /// The stack of a guest that is held, or has ended in the middle: right before [`Event::Ended`] then. It is
    /// told where it can be seen.
    Stack {
        /// The call that it is in.
        call: CallId,
        /// The stack.
        stack: Box<Stack>,
    },
    /// What the debugger says.
    Debug(#[serde(deserialize_with = "apart::deserialize")] Box<Debugged>),
    /// Calls run in this engine from now on.
    Engine {
        /// Which.
        engine: Engine,
        /// Why it is not the one that was asked for.
        problem: Option<String>,
    },
    /// What [`Command::Left`] asked for.
    Left(#[serde(deserialize_with = "apart::deserialize")] Box<Left>),
    /// What [`Command::Backtrace`] asked for.
    Backtrace {
        /// The call that it is of.
        call: CallId,
        /// The stack in the words of the source.
        #[serde(deserialize_with = "apart::deserialize")]
        backtrace: Box<Backtrace>,
    },
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
    /// Something about the list of host calls.
    Trace(TraceReport),
    /// Something about the memory and the globals of the instance.
    Memory(MemoryReport),
    /// How often each import has been called in this instance, in the order of [`Info::imports`], if
    /// that has changed: when a run ends, and with [`Event::Progress`].
    Called(Vec<u64>),
    /// What this instance has used of WASI, if that has changed: told when [`Event::Called`] is.
    Used(Box<Used>),
    /// What [`Command::Account`] asked for.
    Account(#[serde(deserialize_with = "apart::deserialize")] Vec<Item>),
    /// What [`Command::Lines`] asked for.
    Lines(#[serde(deserialize_with = "apart::deserialize")] Box<Lines>),
    /// What [`Command::Contents`] asked for.
    Contents(#[serde(deserialize_with = "apart::deserialize")] Vec<Item>),
    /// The answer to [`Command::Functions`].
    Functions {
        /// The module that it is about.
        module: u32,
        /// What there is to tell.
        #[serde(deserialize_with = "apart::deserialize")]
        report: FunctionsReport,
    },
    /// The answer to [`Command::Profile`].
    Profile(#[serde(deserialize_with = "apart::deserialize")] ProfileReport),
    /// Something of a framework's host: the bytes of a [`hosts::FromHost`].
    Host(Vec<u8>),
    /// What the builder says: the bytes of a [`build::Timed`].
    Build(Vec<u8>),
    /// The module that was built, right before that is said. It travels beside the report.
    Built(#[serde(skip)] Vec<u8>),
    /// Stop has been heard; what it ended is said in the events after this one.
    Stopping,
    /// The script that answers an import was read: what is wrong with it, if it cannot run.
    Script {
        /// Its place in [`Info::imports`].
        import: u32,
        /// The error, and in which line it is.
        problem: Option<String>,
    },
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

impl Placed {
    /// The first byte that the call has changed, and `true`; if there is none, where its first argument was.
    #[must_use]
    pub fn touched(&self) -> Option<(u32, bool)> {
        let changed = self.blocks.iter().find_map(|block| {
            let mut bytes = block.before.iter().zip(&block.after);
            let at = bytes.position(|(before, after)| before != after)?;
            block.address.checked_add(u32::try_from(at).ok()?)
        });
        let first = || self.blocks.first().map(|block| (block.address, false));
        changed.map(|at| (at, true)).or_else(first)
    }
}

impl PlacedBlock {
    /// The most bytes of a block that are told.
    pub const KEPT: usize = 4096;
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// It returned.
    Returned {
        /// The result, read by the signature; `None` where there is none.
        result: Option<Value>,
        /// The result in Go syntax, with what it points at.
        shown: Option<String>,
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
