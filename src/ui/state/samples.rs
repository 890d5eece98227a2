//! The plugins that ship with the page.

/// A plugin that a visitor can run in one click.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    /// What it is called when it is on the board.
    pub(crate) file: &'static str,
    /// Where it is, relative to the page.
    pub(crate) url: &'static str,
    /// Where its Go source is.
    pub(crate) source: &'static [&'static str],
    /// What it is, in a few words.
    pub(crate) title: &'static str,
    /// What there is to see.
    pub(crate) description: &'static str,
}

/// All of them, in the order in which they are offered.
pub(crate) const SAMPLES: [Sample; 7] = [
    Sample {
        file: "greet.wasm",
        url: "samples/greet.wasm",
        source: &[
            "samples/greet/main.go",
            "samples/greet/malloc.go",
            "samples/greet/go.mod",
        ],
        title: "a plugin",
        description: "Exports greet(name string) and st(s *S); imports log.log to print with.",
    },
    Sample {
        file: "hello.wasm",
        url: "samples/hello.wasm",
        source: &["samples/hello/main.go", "samples/hello/go.mod"],
        title: "a program",
        description: "Prints its arguments, its environment and what it reads on stdin.",
    },
    Sample {
        file: "types.wasm",
        url: "samples/types.wasm",
        source: &[
            "samples/types/main.go",
            "samples/types/malloc.go",
            "samples/types/go.mod",
        ],
        title: "every type",
        description: "An export for each Go type that can cross the border: numbers, strings, \
                      pointers, arrays, structs.",
    },
    Sample {
        file: "extism.wasm",
        url: "samples/extism.wasm",
        source: &[
            "samples/extism/main.go",
            "samples/extism/host.go",
            "samples/extism/go.mod",
        ],
        title: "a plugin for Extism",
        description: "Greets, counts in a variable, fetches, and calls a function of yours.",
    },
    Sample {
        file: "http-wasm.wasm",
        url: "samples/http-wasm.wasm",
        source: &[
            "samples/http-wasm/main.go",
            "samples/http-wasm/host.go",
            "samples/http-wasm/go.mod",
        ],
        title: "a handler for http-wasm",
        description: "Lets requests in or answers them, and shouts what comes back.",
    },
    Sample {
        file: "wapc.wasm",
        url: "samples/wapc.wasm",
        source: &[
            "samples/wapc/main.go",
            "samples/wapc/host.go",
            "samples/wapc/go.mod",
        ],
        title: "a guest for waPC",
        description: "Greets with the host's help; and a policy for Kubewarden.",
    },
    Sample {
        file: "proxy-wasm.wasm",
        url: "samples/proxy-wasm.wasm",
        source: &[
            "samples/proxy-wasm/main.go",
            "samples/proxy-wasm/host.go",
            "samples/proxy-wasm/go.mod",
        ],
        title: "a plugin for proxies",
        description: "Asks before it lets a request pass, counts, and changes the response.",
    },
];
