//! The samples that ship with the page.

use crate::board::journey;
use crate::site::repository;
use std::fs;
use std::process::Command;
use thirtyfour::Key;

#[tokio::test]
async fn the_greeting_sample_is_one_click_away() {
    journey(|board| async move {
        board.press("greet").await;
        board
            .until("greet.wasm is on the board", |seen| seen.phase == "ready")
            .await;
        board.press("greet").await;
        board.fill("name", "sample").await;
        board.press("Call").await;
        board.console_shows("wasm >> Hello, sample").await;
    })
    .await;
}

#[tokio::test]
async fn the_command_sample_runs_and_exits() {
    journey(|board| async move {
        board.press("hello").await;
        board
            .until("hello.wasm is on the board", |seen| seen.phase == "ready")
            .await;
        board.press("Run").await;
        board.console_shows("Hello from Go").await;
        board.phase("waiting").await;
        board.keys("Type for stdin", Key::Control + "d").await;
        let seen = board.outcome_shows("exited with code 0").await;
        assert!(seen.console.contains("Hello from Go"), "{:?}", seen.console);
    })
    .await;
}

/// The same bytes come out of a build that starts from nothing but their source.
#[test]
fn the_samples_that_ship_are_built_from_their_source() {
    let scratch = std::env::temp_dir().join(format!("plugboard-samples-{}", std::process::id()));
    for sample in [
        "greet",
        "hello",
        "types",
        "extism",
        "http-wasm",
        "wapc",
        "proxy-wasm",
    ] {
        let copy = scratch.join("plugin").join(sample);
        fs::create_dir_all(&copy).unwrap();
        for file in fs::read_dir(repository().join("plugin").join(sample)).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), copy.join(file.file_name())).unwrap();
        }
    }
    for file in ["Makefile", "Cargo.lock", "rust-toolchain.toml"] {
        fs::copy(repository().join(file), scratch.join(file)).unwrap();
    }
    fs::create_dir_all(scratch.join("src")).unwrap();
    let make = Command::new("make")
        .arg("plugin")
        .current_dir(&scratch)
        .output()
        .unwrap();
    assert!(
        make.status.success(),
        "{}",
        String::from_utf8_lossy(&make.stderr)
    );
    for sample in ["greet.wasm", "hello.wasm", "extism.wasm", "proxy-wasm.wasm"] {
        let shipped = fs::read(repository().join("dist/samples").join(sample)).unwrap();
        let fresh = fs::read(scratch.join("plugin/build").join(sample)).unwrap();
        assert!(
            shipped == fresh,
            "dist/samples/{sample} is not what its source gives: `make build`"
        );
    }
    fs::remove_dir_all(&scratch).unwrap();
}
