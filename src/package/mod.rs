//! The JS package: class `Plugin`, which runs a plugin in a page, in a worker or in Node.
//!
//! The same session as the page's, driven in slices on the caller's event loop. What reads the
//! caller's options and values ([`options`], [`calls`]) is pure, works on [`Plain`] values and is
//! tested natively; what touches JavaScript is only there with the feature `package`, so that the
//! page and its worker do not carry it.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )
)]

pub mod answers;
pub mod breakpoints;
pub mod calls;
pub mod coverage;
pub mod hosts;
pub mod options;
mod plain;
pub mod plugs;
pub mod profile;
#[cfg(test)]
mod tests;

#[cfg(all(target_arch = "wasm32", feature = "package"))]
mod backtrace;
#[cfg(all(target_arch = "wasm32", feature = "package"))]
mod build;
#[cfg(all(target_arch = "wasm32", feature = "package"))]
mod check;
#[cfg(all(target_arch = "wasm32", feature = "package"))]
mod debugger;
#[cfg(all(target_arch = "wasm32", feature = "package"))]
mod driver;
#[cfg(all(target_arch = "wasm32", feature = "package"))]
mod engine;
#[cfg(all(target_arch = "wasm32", feature = "package"))]
mod host;
#[cfg(all(target_arch = "wasm32", feature = "package"))]
mod inspect;
#[cfg(all(target_arch = "wasm32", feature = "package"))]
mod load;
#[cfg(all(target_arch = "wasm32", feature = "package"))]
mod outcome;
#[cfg(all(target_arch = "wasm32", feature = "package"))]
mod plugin;
#[cfg(all(target_arch = "wasm32", feature = "package"))]
mod trace;

pub use self::plain::Plain;
