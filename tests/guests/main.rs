//! Guests written for this repository, one for each behaviour of WASI, each run natively through
//! a session. `tests/browser` runs them once more in a browser.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod cases;
mod run;

use plugboard::module;
use plugboard::wasi::Function;
use std::collections::BTreeSet;

macro_rules! tests {
    ($($guest:ident)*) => {
        $(
            #[test]
            fn $guest() {
                let guest = stringify!($guest);
                run::check(&cases::case(guest), compiled_guests::module(guest));
            }
        )*

        const GUESTS: &[&str] = &[$(stringify!($guest)),*];
    };
}

cases::for_each_guest!(tests);

#[test]
fn every_program_is_a_test() {
    let programs: BTreeSet<&str> = compiled_guests::ALL.iter().map(|(name, _)| *name).collect();
    assert_eq!(programs, GUESTS.iter().copied().collect());
}

#[test]
fn every_function_has_a_guest_that_calls_it() {
    for function in Function::ALL {
        let name = function.name();
        assert!(!cases::tests_of(function).is_empty(), "{name} has no test");
        for guest in cases::tests_of(function) {
            let bytes = compiled_guests::module(guest);
            let module = module::read(guest, bytes).expect("it is a module");
            let calls = module
                .imports
                .iter()
                .any(|import| import.is_wasi() && import.name == name);
            assert!(calls, "{guest} does not call {name}");
        }
    }
}
