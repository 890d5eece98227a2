//! A call as host code: a program of one's own that loads the module, answers its imports and makes the
//! same call.
//!
//! [`go_program`] is the small wazero host that every plugin author writes, [`go_test`] the same as a test
//! in Go, [`javascript`] the same for the JS package. All are text: pure, made from what the page knows. They must
//! not know who asks for them, or run anything.

mod answers;
mod arguments;
mod go_file;
mod go_host;
mod javascript;
mod memory;
mod results;
mod words;

pub use self::go_host::{go_program, go_test};
pub use self::javascript::javascript;

use crate::go::{Signature, Value};
use crate::module::{Export, Info};
use crate::protocol::{Allocator, Answer, Settings};
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
    /// What it wrote to fd 1.
    pub stdout: Vec<u8>,
}

impl Case {
    /// The call as Go writes it, for a comment: on one line, and not too long.
    fn written(&self) -> String {
        const MOST: usize = 100;
        let args = self.signature.iter().flat_map(|signature| {
            let params = signature.params.iter().zip(&self.args);
            params.map(|(param, value)| crate::go::value::show(value, &param.ty).to_string())
        });
        let args: Vec<String> = args.collect();
        let text = format!("{}({})", self.export, args.join(", "));
        let text = crate::go::value::legible(&text).to_string();
        match text.char_indices().nth(MOST) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text,
        }
    }

    /// Whether the call is that of `_start` or `_initialize`.
    fn is_start(&self) -> bool {
        self.module.kind.start_export() == Some(&*self.export)
    }

    fn allocator(&self) -> Option<Allocator> {
        let chosen = self.allocator.clone();
        chosen.or_else(|| Allocator::usual(&self.module))
    }

    fn exported(&self) -> Option<&Export> {
        let mut exports = self.module.exports.iter();
        exports.find(|export| export.name == self.export && export.ty.func().is_some())
    }
}
