//! The memory of a guest that standard Go has made.
#![no_main]

#[allow(dead_code, reason = "the rest is the other targets'")]
mod read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read::memory(bytes));
