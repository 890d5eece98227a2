//! The guests that the journeys plug in: built by Go before they start, or written here as text.

use crate::site::repository;
use std::fs;

/// A Go plugin that `make guests` has built.
pub(crate) fn built(path: &str) -> Vec<u8> {
    let path = repository().join(path);
    fs::read(&path)
        .unwrap_or_else(|error| panic!("{}: {error}: `make guests` builds it", path.display()))
}

/// `plugin/greet`.
pub(crate) fn greet() -> Vec<u8> {
    built("plugin/build/greet.wasm")
}

/// `plugin/hello`.
pub(crate) fn hello() -> Vec<u8> {
    built("plugin/build/hello.wasm")
}

/// `tests/page/guests/spin`.
pub(crate) fn spin() -> Vec<u8> {
    built("target/guests/spin.wasm")
}

/// `tests/page/guests/sqlc`.
pub(crate) fn sqlc() -> Vec<u8> {
    built("target/guests/sqlc.wasm")
}

/// `plugin/hello`, built for GOOS=js.
pub(crate) fn gojs() -> Vec<u8> {
    built("target/guests/gojs.wasm")
}

/// A module in its text form. It need not be valid.
pub(crate) fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the text is a module")
}

/// `tests/native/backtraces/counting.rs`, which traps, built with all debug information.
pub(crate) fn counting() -> Vec<u8> {
    let wasm = std::env::temp_dir().join(format!("plugboard-{}-counting.wasm", std::process::id()));
    let built = std::process::Command::new("rustc")
        .current_dir(repository())
        .args(["--edition", "2024", "--target", "wasm32-unknown-unknown"])
        .args(["--crate-type", "cdylib", "-C", "panic=abort", "-g", "-o"])
        .arg(&wasm)
        .arg("tests/native/backtraces/counting.rs")
        .status();
    assert!(built.expect("rustc runs").success());
    let bytes = fs::read(&wasm).expect("it was built");
    fs::remove_file(&wasm).expect("it can be removed");
    bytes
}
