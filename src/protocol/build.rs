//! The messages between the page and the builder, which makes a module of Go source. They have a form of their own
//! ([`Command::Build`](super::Command::Build) and [`Event::Build`](super::Event::Build) carry it as bytes), so that who
//! does not build does without it.

use serde::{Deserialize, Serialize};

/// A file of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramFile {
    /// Its path below the program's folder, with `/` between names: `main.go`, `words/list.go`, `go.mod`.
    pub path: String,
    /// Its contents; Go source is UTF-8.
    pub contents: Vec<u8>,
}

/// What the page asks of the builder. One is under way at a time; another one ends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Build {
    /// Make a module of the program.
    Program {
        /// All its files.
        files: Vec<ProgramFile>,
    },
    /// Run the program's tests, as `go test -v` does.
    Test {
        /// All its files.
        files: Vec<ProgramFile>,
    },
    /// Look for mistakes that the compiler lets pass, as `go vet` does.
    Vet {
        /// All its files.
        files: Vec<ProgramFile>,
    },
    /// Format Go files, as `gofmt` does.
    Format {
        /// The files.
        files: Vec<ProgramFile>,
    },
    /// End what is under way.
    Stop,
}

/// What the builder says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BuildReport {
    /// The version of the toolchain, as Go says it: `go1.27.3`.
    Toolchain(String),
    /// Files of the toolchain are fetched.
    Fetching {
        /// Bytes that have come, compressed.
        done: u64,
        /// Bytes that are needed, compressed.
        total: u64,
    },
    /// A step begins; the one before has ended.
    Step {
        /// What is done.
        step: BuildStep,
        /// Its number, from 1.
        number: u32,
        /// How many there are.
        of: u32,
    },
    /// What is wrong, in the order in which it was found.
    Diagnostics(Vec<Diagnostic>),
    /// What a tool or a test has printed.
    Output(Vec<u8>),
    /// A formatted file, if it differs from what it was.
    Formatted(ProgramFile),
    /// It ended; nothing more comes.
    Ended(BuildEnd),
}

/// A report, and when it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timed {
    /// Microseconds since the build began.
    pub micros: u64,
    /// The report.
    pub report: BuildReport,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BuildStep {
    /// The toolchain is waited for: it is being made.
    Await,
    /// Make a tool ready: `compile`.
    Load(String),
    /// Compile the package of this import path.
    Compile(String),
    /// Link the program.
    Link,
    /// Run the tests of the package of this import path.
    Test(String),
    /// Look through the package of this import path.
    Vet(String),
    /// Format.
    Format,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BuildEnd {
    /// There is a module.
    Built {
        /// What the module is.
        mode: BuildMode,
        /// The module. Between the builder and the page it travels beside the report.
        #[serde(skip)]
        module: Vec<u8>,
    },
    /// What was asked for is done: files are formatted, tests have passed, nothing was found.
    Done,
    /// The program is wrong: the diagnostics say how; or tests have failed: the output says which.
    Wrong,
    /// It cannot be done; the text says why, and what to do.
    Failed(String),
    /// It was stopped.
    Stopped,
}

/// What the linker makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BuildMode {
    /// A program with `_start`.
    Command,
    /// A plugin: `-buildmode=c-shared`, since there is a `//go:wasmexport`.
    Reactor,
}

/// Something that is wrong in the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The path of the file below the program's folder; empty: it is about no file.
    pub file: String,
    /// The line, from 1; 0: the file as a whole.
    pub line: u32,
    /// The column in bytes, from 1; 0: the line as a whole.
    pub column: u32,
    /// What is wrong, in the words of who found it; it may have several lines.
    pub message: String,
    /// Whether there is a module all the same.
    pub is_warning: bool,
}
