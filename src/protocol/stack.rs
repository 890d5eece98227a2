//! The stack of a guest that stands or has ended in the middle: what the session sees of it, and what whoever reads
//! debug information makes of that.

use super::Argument;
use serde::{Deserialize, Serialize};

/// What the session sees: one entry for each function that has been called and has not returned.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stack {
    /// The innermost first; at most [`Stack::MOST`] of them: the innermost and the outermost ones.
    pub frames: Vec<RawFrame>,
    /// How many are left out, and behind how many of `frames` they were.
    pub left_out: Option<(u32, u32)>,
    /// How it was seen.
    pub seen: Seen,
    /// What each of these functions was called with, as bits, where that is kept, the low 32 of an i32 and an f32 count; and
    /// what the Wasm locals are that [`Debug::Keep`](super::Debug::Keep) says. Empty: of none.
    pub given: Vec<Vec<u64>>,
    /// Whether the innermost function may have gone on from where it has noted that it is.
    pub behind: bool,
    /// The [`Goroutines`] of standard Go as bytes, for whoever reads debug information; empty: there are none, or they are not known.
    pub goroutines: Vec<u8>,
    /// What else it can be that was seen by return addresses: where the first of `frames` are what earlier calls have left, which whoever has
    /// the code can tell.
    pub perhaps: Vec<Stack>,
}

impl Stack {
    /// The most frames that are told.
    pub const MOST: usize = 256;
}

/// How a stack was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Seen {
    /// By the places that the guest's functions note: exact.
    #[default]
    Noted,
    /// By the engine that the guest runs in: exact.
    Traced,
    /// By the return addresses that standard Go keeps in linear memory: exact, but for the function that was running,
    /// which is not among them unless it was in a call. What earlier calls have left in its room may be among them.
    Returns {
        /// How far above SP the first return address is, in bytes.
        above: u32,
    },
}

/// One function that has been called and has not returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RawFrame {
    /// Its index in the module, with imported functions before the others.
    pub function: u32,
    /// Where it is.
    pub at: At,
}

/// Where in a function a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum At {
    /// Somewhere: it has not noted where.
    Unknown,
    /// At an instruction: its offset in the contents of the module's code section, as DWARF counts.
    Place(u32),
    /// In a block of standard Go's: its number, PC_B.
    Block(u32),
}

/// The goroutines of a program, but for those of the runtime's own and those that have ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goroutines {
    /// The id of the one that the stack is of, and what it does, in Go's words; 0: it is none.
    pub told: (u64, String),
    /// The others, in the runtime's order.
    pub others: Vec<RawGoroutine>,
    /// How many others are not told.
    pub more: u32,
}

/// A goroutine, as the session sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawGoroutine {
    /// Its number, from 1.
    pub id: u64,
    /// What it does or waits for: `runnable`, `chan receive`.
    pub status: String,
    /// The innermost first; none: it runs, and they are not known.
    pub frames: Vec<RawFrame>,
    /// How many are left out, and behind how many of `frames` they were.
    pub left_out: Option<(u32, u32)>,
    /// Where it was created, and the id of the goroutine that has done so, 0: not known.
    pub created: Option<(RawFrame, u64)>,
}

/// A goroutine besides the one that a backtrace is of, in the words of the guest's source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goroutine {
    /// Its number, from 1.
    pub id: u64,
    /// What it does or waits for: `runnable`, `chan receive`.
    pub status: String,
    /// Where it is; without frames: it runs.
    pub backtrace: Backtrace,
    /// The function that has created it, at that line.
    pub created: Option<Frame>,
    /// The id of the goroutine that has done so; 0: not known.
    pub creator: u64,
}

/// A stack in the words of the guest's source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backtrace {
    /// The innermost first, with inlined ones.
    pub frames: Vec<Frame>,
    /// How many are left out, and behind how many of `frames` they were.
    pub left_out: Option<(u32, u32)>,
    /// How it was seen.
    pub seen: Seen,
    /// Why lines are missing or not to be relied on, as a sentence.
    pub problem: Option<String>,
    /// What it is of, `goroutine 1 [running]`, or that it cannot be told; empty: there are no goroutines.
    pub goroutine: String,
    /// The other goroutines.
    pub others: Vec<Goroutine>,
    /// How many more there are.
    pub more: u32,
    /// The variables in memory, as they are, of the packages whose functions are among the frames.
    pub globals: Vec<Argument>,
}

impl Backtrace {
    /// All values in it.
    pub fn values(&self) -> impl Iterator<Item = &Argument> {
        let frames = self.frames.iter();
        let its = frames.flat_map(|frame| frame.arguments.iter().chain(&frame.variables));
        its.chain(&self.globals)
    }

    /// Takes the text of each value that is known, in that order. A parameter that is what the function was called with is told once.
    pub fn write(&mut self, texts: Vec<String>) {
        let frames = self.frames.iter_mut();
        let its = frames.flat_map(|frame| frame.arguments.iter_mut().chain(&mut frame.variables));
        let all = its.chain(&mut self.globals);
        let known = all.filter(|argument| argument.value.is_some());
        for (argument, text) in known.zip(texts) {
            argument.text = text;
        }
        for frame in &mut self.frames {
            let arguments = &frame.arguments;
            frame.variables.retain(|it| {
                let is_it = |one: &Argument| one.name == it.name && one.text == it.text;
                it.value.is_none() || !arguments.iter().any(is_it)
            });
        }
    }
}

/// One frame of a backtrace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The function as its language writes it: `main.(*List).Push`.
    pub function: String,
    /// Its index in the module.
    pub index: u32,
    /// The source file, as the compiler wrote it; `None`: not known.
    pub file: Option<String>,
    /// The line, from 1; 0: not known.
    pub line: u32,
    /// The column, from 1; 0: not known.
    pub column: u32,
    /// Whether the compiler has put it into the function of the next frame.
    pub inlined: bool,
    /// Whether it belongs to the language's runtime or library and not to the plugin.
    pub runtime: bool,
    /// The offset in the contents of the code section, if it is known.
    pub place: Option<u32>,
    /// What it was called with, where that was kept.
    pub arguments: Vec<Argument>,
    /// Its variables at this place, as they are, and parameters that are known so.
    pub variables: Vec<Argument>,
}
