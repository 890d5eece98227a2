//! What holds without a browser: the session and all that is beneath it, driven by a clock of the
//! tests' own, over modules assembled from WAT.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod allocators;
mod answers;
mod architecture;
mod backtraces;
mod board;
mod border;
mod builds;
mod calls;
mod corpus;
mod debugging;
mod determinism;
mod driver;
mod elsewhere;
mod files;
mod go;
mod goroutines;
mod held;
mod host_calls;
mod host_code;
mod hosts;
mod imports;
mod layout;
mod limits;
mod memory;
mod noted;
mod pause;
mod profiles;
mod refusals;
mod saved;
mod serving;
mod settings;
mod signatures;
mod start_section;
mod suspension;
mod too_large;
mod trace;
mod types;
mod wasi_versions;
mod wasm_terms;
mod wasmi;
#[allow(
    dead_code,
    clippy::unwrap_used,
    reason = "the tests of the reader use the rest"
)]
#[path = "../../src/go/dwarf/tests/written.rs"]
mod written;
