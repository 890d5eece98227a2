//! Commands: what they are given, what they print, how they end.

use crate::board::journey;
use crate::guests::{hello, wat};

#[tokio::test]
async fn a_go_command_prints_what_it_is_given() {
    journey(|board| async move {
        board.plug_in("hello.wasm", &hello()).await;
        board.fill("Arguments", "-v\ntwo words").await;
        board.fill("Environment", "KEY=value").await;
        board.fill("stdin", "first line\nsecond line").await;
        board.press("Run").await;
        let seen = board.outcome_shows("exited with code 0").await;
        for line in [
            "Hello from Go",
            "arg 1: -v",
            "arg 2: two words",
            "env: KEY=value",
            "stdin: first line",
            "stdin: second line",
        ] {
            assert!(
                seen.console.contains(line),
                "{line:?} is in {:?}",
                seen.console
            );
        }
    })
    .await;
}

#[tokio::test]
async fn an_exit_code_is_shown() {
    journey(|board| async move {
        board.plug_in("three.wasm", &exits_with(3)).await;
        board.press("Run").await;
        board.outcome_shows("exited with code 3").await;
    })
    .await;
}

#[tokio::test]
async fn a_code_point_that_is_split_between_two_writes_is_shown_whole() {
    journey(|board| async move {
        let split = wat(r#"(module
            (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "\20\00\00\00\02\00\00\00\22\00\00\00\03\00\00\00")
            (data (i32.const 32) "\e4\b8\96!\0a")
            (func (export "_start")
                (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64)))
                (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 64)))))"#);
        board.plug_in("split.wasm", &split).await;
        board.press("Run").await;
        board.console_shows("世!").await;
    })
    .await;
}

/// A command that calls `proc_exit`.
fn exits_with(code: u32) -> Vec<u8> {
    wat(&format!(
        r#"(module
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") 1)
            (func (export "_start") (call $exit (i32.const {code}))))"#
    ))
}
