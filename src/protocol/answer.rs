//! How an import that is not WASI's is answered.

use crate::module::{FuncType, ValType};
use serde::{Deserialize, Serialize};

/// How an imported function that is not WASI's is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// Print the string that two i32 parameters, an address and a length, point at.
    PrintString,
    /// Print the arguments: in Go's terms where the signature is known, else as Wasm's numbers.
    PrintArguments,
    /// Return zero for every result.
    ReturnZero,
    /// Return this: the bits of the one result, zero-extended.
    Constant(u64),
    /// Return the argument at this place, counted from 0; it has the type of the result.
    Echo(u32),
    /// Return how often it has been called in this instance, the first time 1; an import without a
    /// result is only counted.
    Count,
    /// End the run.
    Trap,
    /// Nothing yet: calling it ends the run with a message that names the import.
    Nothing,
    /// JavaScript: the body of an asynchronous function. The session only suspends the guest
    /// ([`WaitingFor::Import`](super::WaitingFor::Import)); its driver evaluates this.
    Script(String),
    /// A function of whoever drives the session, which has it at hand.
    Driver,
}

impl Answer {
    /// Those that can be given to an import of the type by choosing, with a likely value.
    #[must_use]
    pub fn choices(ty: &FuncType) -> Vec<Self> {
        let mut choices = Vec::new();
        if ty.params == [ValType::I32, ValType::I32] {
            choices.push(Self::PrintString);
        }
        choices.extend([Self::PrintArguments, Self::ReturnZero]);
        if let [result] = ty.results[..] {
            choices.push(Self::Constant(1));
            let echoed = ty.params.iter().position(|param| *param == result);
            choices.extend(echoed.and_then(|place| u32::try_from(place).ok().map(Self::Echo)));
        }
        choices.extend([
            Self::Count,
            Self::Trap,
            Self::Script(String::new()),
            Self::Nothing,
        ]);
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
    pub fn label(&self) -> &'static str {
        match self {
            Self::PrintString => "print the string",
            Self::PrintArguments => "print the arguments",
            Self::ReturnZero => "return zero",
            Self::Constant(_) => "return a constant",
            Self::Echo(_) => "return an argument",
            Self::Count => "count the calls",
            Self::Trap => "trap",
            Self::Nothing => "nothing yet",
            Self::Script(_) => "JavaScript",
            Self::Driver => "a function of the host",
        }
    }
}

/// What stands in for an import that is no function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Provision {
    /// A global that begins with these bits, zero-extended.
    Global(u64),
    /// A memory that begins with this many pages of 64 KiB.
    Memory(u64),
    /// A table that begins with this many null elements.
    Table(u64),
}
