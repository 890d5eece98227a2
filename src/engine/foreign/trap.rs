//! What it means when a call fails in another engine: each has words of its own for the traps of the specification.

use crate::amount::grouped;
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
            Some((_, ours)) if *ours == CALL_STACK => Trap::Limit(format!(
                "calls are nested deeper than the browser's stack has room for, before the call depth limit of {} \
                 is reached: the interpreter has room for all of them (Engine)",
                grouped(call_depth.into())
            )),
            Some((_, ours)) => Trap::said(ours, denied),
            None => Trap::said(&self.message, denied),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_engines_words_are_those_of_the_specification() {
        for (theirs, ours) in [
            ("unreachable", "unreachable executed"),
            ("unreachable executed", "unreachable executed"),
            (
                "Unreachable code should not be executed (evaluating 'f()')",
                "unreachable executed",
            ),
            ("memory access out of bounds", "out of bounds memory access"),
            ("index out of bounds", "out of bounds memory access"),
            ("Out of bounds memory access", "out of bounds memory access"),
            ("table index is out of bounds", "out of bounds table access"),
            ("null function", "indirect call of an uninitialized element"),
            (
                "indirect call to null",
                "indirect call of an uninitialized element",
            ),
            (
                "null function or function signature mismatch",
                "indirect call of an uninitialized",
            ),
            ("function signature mismatch", "indirect call type mismatch"),
            (
                "indirect call signature mismatch",
                "indirect call type mismatch",
            ),
            ("divide by zero", "integer divide by zero"),
            ("remainder by zero", "integer divide by zero"),
            ("divide result unrepresentable", "integer overflow"),
            (
                "float unrepresentable in integer range",
                "invalid conversion to integer",
            ),
        ] {
            let failure = Failure {
                message: theirs.to_owned(),
                ..Failure::default()
            };
            let Trap::Trap(text) = failure.trap(7, None) else {
                panic!("{theirs} is a trap");
            };
            assert!(text.starts_with(ours), "{theirs}: {text}");
        }
        for theirs in ["Maximum call stack size exceeded", "too much recursion"] {
            let failure = Failure {
                message: theirs.to_owned(),
                ..Failure::default()
            };
            let ended = failure.trap(10_000, Some("denied"));
            assert!(
                matches!(ended, Trap::Limit(text) if text.contains("10,000")),
                "{theirs}"
            );
        }
    }
}
