//! The debug information of a module.
#![no_main]

mod read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read::debug_information(bytes));
