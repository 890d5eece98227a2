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
    /// A proposal that the engine does not run.
    #[error("needs {proposal}: {advice} (at offset 0x{offset:x})")]
    Unsupported {
        /// Its name, and who does not run it.
        proposal: &'static str,
        /// Where it is first needed, in bytes from the start of the file.
        offset: usize,
        /// What to do.
        advice: &'static str,
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
            Some((proposal, advice)) => Self::Unsupported {
                proposal,
                offset,
                advice,
            },
            None => Self::Invalid {
                offset,
                reason: error.message().to_owned(),
            },
        }
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

/// The proposal that a message of wasmparser complains about, and what to do about it.
fn unsupported(message: &str) -> Option<(&'static str, &'static str)> {
    /// What a message contains, the proposal that it is about, and the advice.
    const PROPOSALS: &[(&str, &str, &str)] = &[
        (
            "legacy exceptions support",
            "exception handling (legacy), which wasmi does not run yet",
            "build without it",
        ),
        (
            "legacy_exceptions",
            "exception handling (legacy), which wasmi does not run yet",
            "build without it",
        ),
        (
            "exceptions",
            "exception handling (exnref), which wasmi does not run yet",
            "build without it",
        ),
        (
            "exception refs",
            "exception handling (exnref), which wasmi does not run yet",
            "build without it",
        ),
        (
            "shared-everything",
            "shared-everything threads, which wasmi does not run yet",
            "build without threads",
        ),
        (
            "threads",
            "threads and atomics, which wasmi does not run yet",
            "build without them (TinyGo: another -scheduler; C and Rust: without +atomics)",
        ),
        (
            "shared memor",
            "threads and atomics, which wasmi does not run yet",
            "build without them (TinyGo: another -scheduler; C and Rust: without +atomics)",
        ),
        (
            "SIMD",
            "SIMD (128-bit vectors), which Plugboard leaves out",
            "build without it (C: without -msimd128; Rust: without +simd128)",
        ),
        (
            "stack switching",
            "stack switching, which wasmi does not run yet",
            "build without it (TinyGo: -scheduler=asyncify)",
        ),
        (
            "custom page sizes",
            "custom page sizes, which wasmi does not run yet",
            "build with pages of 64 KiB",
        ),
        (
            "memory control",
            "memory control, which wasmi does not run yet",
            "build without memory.discard",
        ),
        (
            "memory64",
            "64-bit memories (memory64), which wasmi does not run yet",
            "build for wasm32",
        ),
        (
            "wide arithmetic",
            "wide arithmetic, which wasmi does not run yet",
            "build without -mwide-arithmetic",
        ),
        (
            "function references",
            "typed function references, which wasmi does not run yet",
            "build without them",
        ),
        (
            "function-references",
            "typed function references, which wasmi does not run yet",
            "build without them",
        ),
        (
            "gc ",
            "garbage collection (WasmGC), which wasmi does not run yet",
            "compile to linear memory instead",
        ),
        (
            "`gc`",
            "garbage collection (WasmGC), which wasmi does not run yet",
            "compile to linear memory instead",
        ),
        (
            "GC proposal",
            "garbage collection (WasmGC), which wasmi does not run yet",
            "compile to linear memory instead",
        ),
        (
            "gc proposal",
            "garbage collection (WasmGC), which wasmi does not run yet",
            "compile to linear memory instead",
        ),
    ];
    let about_a_feature = ["enabled", "support", "without the", "require", "disabled"]
        .iter()
        .any(|word| message.contains(word));
    PROPOSALS
        .iter()
        .find(|(part, ..)| about_a_feature && message.contains(part))
        .map(|&(_, proposal, advice)| (proposal, advice))
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
