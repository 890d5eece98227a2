//! Go source, as somebody drops it on the page or types it.
#![no_main]

#[allow(dead_code, reason = "the rest is the other target's")]
mod read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read::go_source(bytes));
