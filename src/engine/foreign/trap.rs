//! What it means when a call fails in another engine: each has words of its own for the traps of the specification.

use crate::engine::trap::Trap;

/// How a call failed, as the engine says it.
#[derive(Clone, Debug, Default)]
pub struct Failure {
    /// The engine's message.
    pub message: String,
    /// Where it was, the innermost first: indices of functions, and offsets in the file of their module, which may be another one than the guest's.
    pub frames: Vec<(u32, usize)>,
}

/// The words of engines, each in lower case and part of a message, and those of the specification with what they usually mean: V8's first,
/// SpiderMonkey's, JavaScriptCore's and wasmtime's where they differ. The first that is found counts.
const WORDS: [(&[&str], &str); 10] = [
    (
        &["unreachable"],
        "unreachable executed (a panic or a fatal error)",
    ),
    (
        &[
            "table index is out of bounds",
            "table access out of bounds",
            "table index out of bounds",
            "out of bounds table access",
            "undefined element",
            "out of bounds call_indirect",
        ],
        "out of bounds table access",
    ),
    (
        &[
            "memory access out of bounds",
            "index out of bounds",
            "out of bounds memory access",
        ],
        "out of bounds memory access",
    ),
    (
        &[
            "null function",
            "indirect call to null",
            "call_indirect to a null table entry",
            "uninitialized element",
            "dereferencing a null pointer",
        ],
        "indirect call of an uninitialized element",
    ),
    (
        &[
            "signature mismatch",
            "call_indirect to a signature that does not match",
            "indirect call type mismatch",
        ],
        "indirect call type mismatch",
    ),
    (
        &[
            "divide result unrepresentable",
            "integer overflow",
            "signed division overflow",
        ],
        "integer overflow",
    ),
    (
        &["divide by zero", "remainder by zero", "division by zero"],
        "integer divide by zero",
    ),
    (
        &[
            "float unrepresentable in integer range",
            "invalid conversion to integer",
            "out of bounds float-to-int",
        ],
        "invalid conversion to integer",
    ),
    (
        &[
            "maximum call stack size exceeded",
            "too much recursion",
            "call stack exhausted",
        ],
        CALL_STACK,
    ),
    (&["out of memory"], "the browser has no more memory to give"),
];

const CALL_STACK: &str = "call stack exhausted (endless recursion?)";

impl Failure {
    /// How a run ended that failed so; `denied` is the latest growth that was denied.
    pub(super) fn trap(&self, call_depth: u32, denied: Option<&str>) -> Trap {
        let message = self.message.to_lowercase();
        let mut words = WORDS.iter();
        let found = words.find(|(theirs, _)| theirs.iter().any(|word| message.contains(word)));
        match found {
            Some((_, ours)) if *ours == CALL_STACK => Trap::too_deep(call_depth),
            Some((_, ours)) => Trap::said(ours, denied),
            None => Trap::said(&self.message, denied),
        }
    }
}
