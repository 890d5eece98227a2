//! What the page knows: plain data, and what each event and each action makes of it.
//!
//! Pure: no yew and no browser. A [`Board`] is told what happened ([`Board::report`]) and what a
//! person does ([`Board::call`], …), and says what is to be done about it ([`Effect`]).

mod actions;
pub(crate) mod addresses;
mod again;
mod answering;
pub(crate) mod arrangement;
pub(crate) mod backtrace;
mod blocks;
mod board;
pub(crate) mod building;
mod chosen;
pub(crate) mod commands;
pub(crate) mod compare;
pub(crate) mod console;
pub(crate) mod coverage;
pub(crate) mod debugger;
mod ending;
pub(crate) mod engine;
mod events;
pub(crate) mod files;
mod find;
pub(crate) mod form;
pub(crate) mod format;
mod given;
pub(crate) mod go_source;
pub(crate) mod happened;
mod host_code;
pub(crate) mod hosts;
pub(crate) mod in_wasm;
pub(crate) mod inspected;
pub(crate) mod json;
mod keeping;
pub(crate) mod maps;
pub(crate) mod memory;
pub(crate) mod module;
pub(crate) mod outcome;
mod panic;
mod plugin;
pub(crate) mod profile;
pub(crate) mod program;
pub(crate) mod prompt;
mod rebuilt;
pub(crate) mod recent;
mod run;
pub(crate) mod samples;
pub(crate) mod saved;
mod session_file;
pub(crate) mod settings;
pub(crate) mod share;
mod shared;
pub(crate) mod sockets;
pub(crate) mod source_view;
pub(crate) mod templates;
pub(crate) mod text_form;
pub(crate) mod trace;
pub(crate) mod watch;
pub(crate) mod window;

pub(crate) use self::board::{Board, Effect, Loading, Phase, Refused};
pub(crate) use self::engine::Offer;
pub(crate) use self::given::Hand;
pub(crate) use self::keeping::Keep;
pub(crate) use self::shared::Shared;

#[cfg(test)]
mod tests;
