//! Why a file cannot be put on the board, in words: what is wrong, where, and what to do.

use wasmparser::BinaryReaderError;

/// Why a file is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A file of no bytes.
    #[error("the file is empty: choose the .wasm that the build wrote")]
    Empty,
    /// Something else than WebAssembly.
    #[error(
        "not a WebAssembly module: it starts with {start}, {looks}; a module starts with 00 61 73 6d"
    )]
    NotWasm {
        /// The first bytes, in hex.
        start: String,
        /// What such a file usually is, and what to do with it.
        looks: &'static str,
    },
    /// A version of the binary format that is not 1.
    #[error("binary format version {0}: this runs version 1")]
    Version(u32),
    /// The file ends too early.
    #[error(
        "truncated: the file ends at byte {size} (0x{size:x}), in the middle of {inside}: \
         copy or download it again"
    )]
    Truncated {
        /// The size of the file.
        size: usize,
        /// What it ends in.
        inside: String,
    },
    /// The specification's validation fails.
    #[error("invalid at offset {offset} (0x{offset:x}): {reason}")]
    Invalid {
        /// Where, in bytes from the start of the file.
        offset: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A component.
    #[error(
        "this is a component (WASI preview 2): build with -target=wasip1 \
         (Go: GOOS=wasip1 GOARCH=wasm) for a core module"
    )]
    Component,
    /// Built for a page that brings Go's `wasm_exec.js`.
    #[error(
        "imports {module}: this was built for GOOS=js; build with GOOS=wasip1 -buildmode=c-shared \
         (TinyGo: -target=wasip1 -buildmode=c-shared)"
    )]
    GoosJs {
        /// The module that such builds import.
        module: String,
    },
    /// What a compiler writes for a linker.
    #[error(
        "this is an object file (it has a section {section}): link it first, with wasm-ld or by building \
         without -c (TinyGo: -o plugin.wasm, not .o)"
    )]
    ObjectFile {
        /// The section that tells.
        section: String,
    },
    /// A proposal that the interpreter does not run.
    #[error("needs {}, which the interpreter does not run{} (at offset 0x{offset:x})", .proposal.name, .proposal.advice)]
    Unsupported {
        /// Which one.
        proposal: &'static Proposal,
        /// Where it is first needed, in bytes from the start of the file.
        offset: usize,
    },
    /// Something that the engine cannot do although it validates.
    #[error(
        "the interpreter cannot read this module, although it is valid: please report it ({0})"
    )]
    Engine(String),
}

impl Refusal {
    /// What an error of the parser or the validator means.
    #[must_use]
    pub(crate) fn from_parser(error: &BinaryReaderError) -> Self {
        let offset = error.offset();
        match unsupported(error.message()) {
            Some(proposal) => Self::Unsupported { proposal, offset },
            None => Self::Invalid {
                offset,
                reason: error.message().to_owned(),
            },
        }
    }

    /// Whether browsers' own engines run what is missing.
    #[must_use]
    pub fn is_run_by_browsers(&self) -> bool {
        matches!(self, Self::Unsupported { proposal, .. } if proposal.in_browsers)
    }

    /// The refusal of something that does not start as a module does.
    pub(crate) fn not_wasm(bytes: &[u8]) -> Self {
        let start: Vec<String> = bytes.iter().take(4).map(|b| format!("{b:02x}")).collect();
        Self::NotWasm {
            start: start.join(" "),
            looks: looks_like(bytes),
        }
    }
}

/// A proposal for WebAssembly.
#[derive(Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What it is called.
    pub name: &'static str,
    /// What to do without it, behind a colon.
    advice: &'static str,
    /// Whether browsers' engines run it, and a metered module can have it.
    in_browsers: bool,
}

impl Proposal {
    const fn new(name: &'static str, advice: &'static str) -> Self {
        Self {
            name,
            advice,
            in_browsers: false,
        }
    }

    const fn in_browsers(name: &'static str) -> Self {
        Self {
            name,
            advice: "",
            in_browsers: true,
        }
    }
}

const LEGACY_EXCEPTIONS: Proposal = Proposal::in_browsers("exception handling (legacy)");
const EXCEPTIONS: Proposal = Proposal::in_browsers("exception handling (exnref)");
const SIMD: Proposal = Proposal::in_browsers("SIMD (128-bit vectors)");
const MEMORY64: Proposal = Proposal::in_browsers("64-bit memories (memory64)");
const FUNCTION_REFERENCES: Proposal = Proposal::in_browsers("typed function references");
const GC: Proposal = Proposal::in_browsers("garbage collection (WasmGC)");
const SHARED_EVERYTHING: Proposal =
    Proposal::new("shared-everything threads", ": build without threads");
const THREADS: Proposal = Proposal::new(
    "threads and atomics",
    ": build without them (TinyGo: another -scheduler; C and Rust: without +atomics)",
);
const STACK_SWITCHING: Proposal = Proposal::new(
    "stack switching",
    ": build without it (TinyGo: -scheduler=asyncify)",
);
const PAGE_SIZES: Proposal = Proposal::new("custom page sizes", ": build with pages of 64 KiB");
const MEMORY_CONTROL: Proposal = Proposal::new("memory control", ": build without memory.discard");
const WIDE_ARITHMETIC: Proposal =
    Proposal::new("wide arithmetic", ": build without -mwide-arithmetic");

/// The proposal that a message of wasmparser complains about.
fn unsupported(message: &str) -> Option<&'static Proposal> {
    /// What a message contains, and what it is about.
    const PROPOSALS: &[(&str, &Proposal)] = &[
        ("legacy exceptions support", &LEGACY_EXCEPTIONS),
        ("legacy_exceptions", &LEGACY_EXCEPTIONS),
        ("exceptions", &EXCEPTIONS),
        ("exception refs", &EXCEPTIONS),
        ("shared-everything", &SHARED_EVERYTHING),
        ("threads", &THREADS),
        ("shared memor", &THREADS),
        ("SIMD", &SIMD),
        ("stack switching", &STACK_SWITCHING),
        ("custom page sizes", &PAGE_SIZES),
        ("memory control", &MEMORY_CONTROL),
        ("memory64", &MEMORY64),
        ("wide arithmetic", &WIDE_ARITHMETIC),
        ("function references", &FUNCTION_REFERENCES),
        ("function-references", &FUNCTION_REFERENCES),
        ("gc ", &GC),
        ("`gc`", &GC),
        ("GC proposal", &GC),
        ("gc proposal", &GC),
    ];
    let about_a_feature = [
        "unexpected SIMD",
        "enabled",
        "support",
        "without the",
        "require",
        "disabled",
    ]
    .iter()
    .any(|word| message.contains(word));
    let mut proposals = PROPOSALS.iter();
    let found = proposals.find(|(part, _)| about_a_feature && message.contains(part));
    found.map(|(_, proposal)| *proposal)
}

/// What a file that is not a module usually is.
fn looks_like(bytes: &[u8]) -> &'static str {
    const SIGNATURES: &[(&[u8], &str)] = &[
        (b"\x1f\x8b", "as gzip does: unpack it first"),
        (
            b"PK\x03\x04",
            "as a zip archive does: unpack it and drop the .wasm inside",
        ),
        (
            b"\x7fELF",
            "as a Linux program does: build for wasip1 (GOOS=wasip1 GOARCH=wasm)",
        ),
        (
            b"MZ",
            "as a Windows program does: build for wasip1 (GOOS=wasip1 GOARCH=wasm)",
        ),
        (
            b"\xcf\xfa\xed\xfe",
            "as a macOS program does: build for wasip1 (GOOS=wasip1 GOARCH=wasm)",
        ),
        (
            b"!<arch>",
            "as an archive of object files does: link it (Go: package main with func main)",
        ),
        (
            b"(module",
            "which is the text format: assemble it first (wat2wasm)",
        ),
        (
            b"package ",
            "which is Go source: build it with -buildmode=c-shared and drop the .wasm",
        ),
        (
            b"<",
            "which looks like a web page: the download probably failed",
        ),
        (
            b"BC\xc0\xde",
            "which is LLVM bitcode: link it into a .wasm first",
        ),
    ];
    SIGNATURES
        .iter()
        .find(|(magic, _)| bytes.starts_with(magic))
        .map_or("which Plugboard does not know", |&(_, looks)| looks)
}
