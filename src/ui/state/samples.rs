//! The plugins that ship with the page.

/// A plugin that a visitor can run in one click.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    /// What it is called when it is on the board.
    pub(crate) file: &'static str,
    /// Where it is, relative to the page.
    pub(crate) url: &'static str,
    /// What it is, in a few words.
    pub(crate) title: &'static str,
    /// What there is to see.
    pub(crate) description: &'static str,
}

/// All of them, in the order in which they are offered.
pub(crate) const SAMPLES: [Sample; 2] = [
    Sample {
        file: "greet.wasm",
        url: "samples/greet.wasm",
        title: "a plugin",
        description: "Exports greet(name string) and st(s *S); imports log.log to print with.",
    },
    Sample {
        file: "hello.wasm",
        url: "samples/hello.wasm",
        title: "a program",
        description: "Prints its arguments, its environment and what it reads on stdin.",
    },
];
