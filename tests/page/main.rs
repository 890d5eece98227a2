//! Journeys through the built page, in headless Chromium or Firefox: what its user does, and then sees.
//!
//! `make journeys` builds the page and the guests first. The page is served by a plain static host
//! under a path of its own. After each journey the browser's console must be free of errors.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a step that fails ends what it is a step of"
)]

#[allow(dead_code, reason = "the bench uses the rest")]
mod board;
mod browser;
#[path = "../bench/debug_info.rs"]
mod described;
mod guests;
mod host;
mod scratch;
mod server;
mod site;
#[allow(dead_code, reason = "the tests of the reader use the rest")]
#[path = "../../src/go/dwarf/tests/written.rs"]
mod written;

mod adversaries;
mod arrangement;
mod backtraces;
mod bad_files;
mod building;
mod calls;
mod commands;
mod debug_info;
mod debugger;
mod delivery;
mod editor;
mod engine;
mod every_type;
mod files;
mod first_visit;
mod folders;
mod host_code;
mod hosts;
mod imports;
mod kept;
mod look;
mod palette;
mod plugins;
mod profile;
mod rebuilds;
mod refused_calls;
mod samples;
mod saved;
mod scripts;
mod search;
mod sharing;
mod smooth;
mod states;
mod stdin;
mod stop;
mod terminal;
mod text_form;
mod told;
mod typed;
mod watched_files;
mod writing;
