//! A module whose twin are asked for: DWARF, or standard Go's tables.
#![no_main]

#[allow(dead_code, reason = "the rest is the other targets'")]
mod read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read::twin(bytes));
