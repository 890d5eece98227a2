//! Go's types, as far as they cross the border of a Wasm module.
//!
//! Everything that the rest of the crate says in Go's terms comes from here: which signatures
//! `//go:wasmexport` and `//go:wasmimport` permit ([`check`]), how they become Wasm parameters
//! ([`abi`]), how a value lies in memory ([`layout`], [`encode`]), how it is read from what a
//! person typed and shown again ([`value`]), and where a signature is found: in the module's
//! DWARF ([`dwarf`]), in Go source or in a line typed by hand ([`parse`]), or guessed from the
//! Wasm types ([`fitting`]). What a guest passes to the host is [`received`].
//!
//! It is pure, and must not know of an engine, a session, a browser or a clock. It works on plain
//! bytes and text; all of them may be hostile. Nothing here panics, and every walk is bounded.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )
)]

pub mod abi;
pub mod check;
pub(crate) mod constraint;
pub mod dwarf;
pub mod encode;
pub mod fitting;
pub mod layout;
pub mod parse;
mod place;
mod received;
pub mod types;
pub mod value;

#[cfg(test)]
mod generated;

pub use abi::WasmType;
pub use check::{Refusal, check};
pub(crate) use place::Place;
pub use received::{Received, received, received_within, show_received, show_result};
pub use types::{Abi, Field, Param, Signature, Source, Struct, Type};
pub use value::{Pointer, Value, ValueError};
