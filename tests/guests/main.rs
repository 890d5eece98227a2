//! Guests written for this repository, one for each behaviour of WASI, each run natively through
//! a session. `tests/browser` runs them once more in a browser.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod cases;
mod compile;
mod run;

use plugboard::module;
use plugboard::wasi::Function;
use std::collections::BTreeSet;
use std::fs;

macro_rules! tests {
    ($($guest:ident)*) => {
        $(
            #[test]
            fn $guest() {
                let guest = stringify!($guest);
                run::check(&cases::case(guest), &compile::module(guest));
            }
        )*

        const GUESTS: &[&str] = &[$(stringify!($guest)),*];
    };
}

cases::for_each_guest!(tests);

#[test]
fn every_program_is_a_test() {
    let files = fs::read_dir(compile::programs()).expect("a folder of the repository");
    let programs: BTreeSet<String> = files
        .filter_map(|file| {
            let path = file.expect("an entry of it").path();
            path.extension()?;
            Some(path.file_stem()?.to_str()?.to_owned())
        })
        .collect();
    assert_eq!(
        programs,
        GUESTS.iter().map(|&guest| guest.to_owned()).collect()
    );
}

#[test]
fn every_function_has_a_guest_that_calls_it() {
    for function in Function::ALL {
        let name = function.name();
        assert!(!cases::tests_of(function).is_empty(), "{name} has no test");
        for guest in cases::tests_of(function) {
            let bytes = compile::module(guest);
            let module = module::read(guest, &bytes).expect("it is a module");
            let calls = module
                .imports
                .iter()
                .any(|import| import.is_wasi() && import.name == name);
            assert!(calls, "{guest} does not call {name}");
        }
    }
}
