//! The messages about a call as host code.

use super::{Allocator, Answer, Settings};
use crate::go::{Signature, Value};
use crate::hosts::ByForm;
use crate::module::Info;
use serde::{Deserialize, Serialize};

/// A call, and all that it stands in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// The module.
    pub module: Info,
    /// How each of its imports is answered, in their order; `None`: by WASI, or it is no function.
    pub answers: Vec<Option<Answer>>,
    /// What its instance gets to see.
    pub settings: Settings,
    /// The exports that give room for arguments; `None`: [`Allocator::usual`].
    pub allocator: Option<Allocator>,
    /// What is called.
    pub export: String,
    /// How its parameters are read; `None` for what starts the guest.
    pub signature: Option<Signature>,
    /// A value for each parameter.
    pub args: Vec<Value>,
    /// What is filled in, if it is called by the form of a framework's host.
    pub by_form: Option<ByForm>,
    /// What came of it, where a test is to expect that.
    pub expected: Option<Expected>,
}

/// What came of a call that returned, or that ended with an exit code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// The bits of each result, zero-extended.
    pub results: Vec<u64>,
    /// The code that the guest exited with; `None`: it returned.
    pub exit: Option<u32>,
    /// What it wrote to fd 1, and what its imports printed, in order.
    pub printed: Vec<u8>,
}

/// The language of host code, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HostCode {
    /// A Go program over wazero.
    GoProgram,
    /// A test in Go, over wazero.
    GoTest,
    /// JavaScript for the package.
    JavaScript,
}
