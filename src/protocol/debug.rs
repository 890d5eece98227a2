//! What the debugger is asked, and what it says.

use super::{Shape, Stack};
use serde::{Deserialize, Serialize};

/// What the debugger is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Debug {
    /// Run the module so that it can be stopped where its lines begin: the places, offsets in the contents of its code
    /// section, in their order, each with a number that stands for its line; 0: from there on no line is known.
    /// `None`: as usual again. What is there of an instance is dropped; a run is ended.
    Lines(Option<Vec<(u32, u32)>>),
    /// Keep these Wasm locals in the frames, as [`Lines::kept`] says, once [`Debug::Lines`] comes.
    Keep(Vec<u8>),
    /// Which calls are inlined where, as [`Lines::inlined`] says: steps go over them and out of them, too.
    Inlined(Vec<u8>),
    /// Stop at these places, and at no others: each is taken for where the next line begins.
    Breakpoints(Vec<u32>),
    /// Stop before these imports are called, by their places in [`Info::imports`](crate::module::Info::imports), and before no
    /// others; and whether a call that traps is held there, before it ends.
    Hold {
        /// The imports.
        imports: Vec<u32>,
        /// Whether a trap holds.
        traps: bool,
    },
    /// Go on, in a run.
    Go(Go),
    /// Keep from now on, in this instance and those after it, which lines have been reached, or no longer.
    Cover(bool),
    /// Say which lines have been reached.
    Covered,
    /// Take samples of where the guest is from now on, or no longer; those taken before are dropped.
    Profile(bool),
    /// Say what they are.
    Profiled,
    /// Write these values as text: how each is read, and the Wasm values that it is; what it points to is read from memory
    /// as it is now.
    Show(Vec<(Shape, Vec<u64>)>),
}

/// How a guest goes on that has stopped, or runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Go {
    /// Until something stops it.
    #[default]
    On,
    /// To the next line, whatever it is.
    Next,
    /// To the next line, in a function that is called on the way too.
    Into,
    /// To the next line that is not in a function called on the way.
    Over,
    /// To the next line of what called this function.
    Out,
}

/// What the debugger says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Debugged {
    /// From now on calls can be stopped at so many places, or, with `None`, at none; there is no instance yet.
    Ready(Option<u32>),
    /// The guest has stopped, and waits for [`Debug::Go`].
    Stopped(Held),
    /// The places of the lines, each with the number that stands for the line and whether it has been reached.
    Covered(Vec<((u32, u32), bool)>),
    /// The samples: the bytes of a `Vec<Sample>`, for whoever reads them. The page only hands them on.
    Profiled(Vec<u8>),
    /// The text of each of the values.
    Shown(Vec<String>),
}

/// Where a guest has stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Held {
    /// Where a line begins.
    #[default]
    Line,
    /// Before it calls the import at this place.
    Import(u32),
    /// Where it traps, and why: it ends when it goes on.
    Trap(String),
}

/// Where a guest was while it was sampled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Its stack; without frames: elsewhere, in more stacks than are kept. How many frames are left out is not told
    /// (1), so that stacks of any depth are alike.
    pub stack: Stack,
    /// The function that it has called of its host, by its index: this is a host call, and no sample.
    pub host_call: Option<u32>,
    /// How often it was there, or made that call.
    pub count: u64,
    /// The fuel that it has used since the sample before, each time, together.
    pub fuel: u64,
    /// Nanoseconds that the host call took, each time, together.
    pub nanos: u64,
}

/// The lines of a module's source that have code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// Where each begins, in order: an offset in the contents of the module's code section; and which of `lines` it is, from 1;
    /// 0: what follows is of none.
    pub places: Vec<(u32, u32)>,
    /// Which of `files` each line is in, and its number there, from 1. One that is in none of them stands for a function.
    pub lines: Vec<(u32, u32)>,
    /// Which calls are inlined where: the bytes of a `Vec<Inlined>`, for the session.
    pub inlined: Vec<u8>,
    /// Which Wasm locals the debug information refers to: the bytes of a `Vec<Kept>`, for the session.
    pub kept: Vec<u8>,
    /// The files.
    pub files: Vec<SourceFile>,
    /// The functions that have lines, also where they are inlined, and the place at which each begins.
    pub functions: Vec<(String, u32)>,
    /// Why there are not more, as a sentence.
    pub problem: Option<String>,
}

/// From a place on, up to the next one, the lines of the calls that are inlined there, the outermost first: by the numbers that stand
/// for them in [`Lines::places`], and numbers of no line that has code.
pub type Inlined = (u32, Vec<u32>);

/// Where the body of a function begins, as a place, and Wasm locals of it whose values are wanted wherever it stands.
pub type Kept = (u32, Vec<u32>);

impl Lines {
    /// Whether some of them are in a file.
    #[must_use]
    pub fn are_known(&self) -> bool {
        let mut lines = self.lines.iter();
        lines.any(|(file, _)| self.files.len() > *file as usize)
    }
}

/// A file of a module's source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Its path, as the compiler wrote it.
    pub path: String,
    /// The path of the package that is in it, or what stands for that in another language.
    pub package: String,
}
