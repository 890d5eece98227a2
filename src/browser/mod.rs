//! Everything that touches the browser, but for drawing: the worker's two ends and the clocks.
//!
//! Holds no decisions about guests: those are the session's.

pub mod builder_client;
pub mod builder_host;
pub(crate) mod clocks;
pub mod engine;
mod fetch;
pub(crate) mod guest;
pub(crate) mod js;
pub(crate) mod link;
mod reader_client;
pub mod reader_host;
mod script;
mod turns;
mod wire;
pub mod worker_client;
pub mod worker_host;
