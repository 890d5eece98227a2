//! The guests of `tests/guests` once more, where they run for people: in a browser's worker, by wasmi in
//! wasm with guaranteed tail calls.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../guests/cases.rs"]
mod cases;
#[path = "../guests/run.rs"]
mod run;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

macro_rules! tests {
    ($($guest:ident)*) => {
        $(
            #[wasm_bindgen_test]
            fn $guest() {
                let guest = stringify!($guest);
                run::check(&cases::case(guest), compiled_guests::module(guest));
            }
        )*
    };
}

cases::for_each_guest!(tests);
