//! Plugboard: a page into which you plug a WebAssembly plugin, and see it run.
//!
//! The map of the crate. Data goes one way: the page ([`ui`]) sends a [`protocol::Command`] to the
//! worker, whose [`session`] drives the [`engine`]; what happens comes back as a
//! [`protocol::Event`], which the page's pure state takes in and the view shows.
//!
//! Invariants, which `tests/native/architecture.rs` checks:
//! - All but [`browser`], the view in [`ui`] and the two binaries is pure: no browser, no ambient
//!   clock, no randomness. It compiles and is tested natively.
//! - [`wasi`] knows nothing of wasmi; [`vfs`] knows nothing of WASI's numbers.
//! - [`session`] never waits: its drivers do.

// The unit tests are native. (A test that needs a browser is in `tests/browser`.)
#![cfg(not(all(test, target_arch = "wasm32")))]

pub mod amount;
pub mod build;
pub mod debug;
pub mod engine;
pub mod go;
pub mod host_code;
pub mod hosts;
pub mod linear;
pub mod module;
pub mod outline;
pub mod package;
pub mod protocol;
pub mod rewrite;
pub mod saved;
pub mod script;
pub mod session;
pub mod signatures;
pub mod text_form;
pub mod trace;
pub mod ui;
pub mod vfs;
pub mod wasi;

#[cfg(target_arch = "wasm32")]
pub mod browser;
