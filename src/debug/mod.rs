//! Where a guest is: the functions, files and lines of its source for what the session has seen of its stack.
//!
//! [`go`] reads the tables that standard Go keeps in linear memory, and walks a goroutine's stack by them: that is
//! the session's part, as is [`twin`], the module that notes where it is. Everything else makes a [`Backtrace`](crate::protocol::Backtrace) of such a
//! [`Stack`](crate::protocol::Stack), with the file of the module at hand; the page has it in the reader's program.
//!
//! Must not know of an engine, a session or a browser. What it reads may be broken, or made to do harm: nothing
//! panics, and time is bounded by the size of the module and the depth of the stack.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )
)]

mod arguments;
pub mod cover;
mod dwarf;
mod globals;
pub mod go;
mod lines;
mod locals;
mod module;
mod names;
mod places;
pub mod profile;
pub mod samples;
mod shapes;
pub mod stops;
pub mod twin;
pub mod values;

pub use self::places::Places;
pub use self::profile::Profile;
