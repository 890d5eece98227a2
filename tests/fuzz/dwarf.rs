//! The debug information of a module.
#![no_main]

#[allow(dead_code, reason = "the rest is the other target's")]
mod read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read::debug_information(bytes));
