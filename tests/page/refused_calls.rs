//! Calls that end badly say how, and the page goes on.

use crate::board::journey;
use crate::guests::{greet, hello, wat};

#[tokio::test]
async fn a_trap_is_named_with_its_export() {
    journey(|board| async move {
        let traps = wat(r#"(module
            (memory (export "memory") 1)
            (func (export "divide") (param i32) (result i32) (i32.div_s (i32.const 1) (local.get 0)))
            (func (export "stumble") unreachable)
            (func (export "reach") (drop (i32.load (i32.const -4)))))"#);
        board.plug_in("traps.wasm", &traps).await;
        for (export, trap) in [("stumble", "unreachable"), ("reach", "memory")] {
            board.press(export).await;
            board.press("Call").await;
            board
                .until(&format!("{trap} in {export}"), |seen| {
                    seen.outcome.contains(export) && seen.outcome.to_lowercase().contains(trap)
                })
                .await;
            board.press("Restart").await;
            board.phase("ready").await;
        }
        board.press("divide").await;
        board.fill("n", "0").await;
        board.press("Call").await;
        board.outcome_shows("divi").await;
        board.press("Restart").await;
        board.fill("n", "1").await;
        board.press("Call").await;
        board.outcome_shows("returned 1").await;
    })
    .await;
}

#[tokio::test]
async fn an_import_without_an_answer_traps_and_is_named() {
    journey(|board| async move {
        let asks = wat(r#"(module
            (import "env" "weather" (func $weather (param f64) (result f64)))
            (func (export "ask") (drop (call $weather (f64.const 1)))))"#);
        board.plug_in("asks.wasm", &asks).await;
        board.press("ask").await;
        board.press("Call").await;
        board
            .until("the import's name", |seen| {
                seen.outcome.contains("env") && seen.outcome.contains("weather")
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn an_export_before_initialize_is_refused_with_the_reason() {
    journey(|board| async move {
        board.plug_in("greet.wasm", &greet()).await;
        board.tick("the first call runs _initialize", false).await;
        board.press("greet").await;
        board.fill("s", "early").await;
        board.press("Call").await;
        board.outcome_shows("_initialize").await;
        board.tick("the first call runs _initialize", true).await;
        board.press("Call").await;
        board.console_shows("wasm >> Hello, early").await;
    })
    .await;
}

#[tokio::test]
async fn a_call_after_the_exit_is_refused_with_the_reason() {
    journey(|board| async move {
        let exits = wat(r#"(module
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") 1)
            (func (export "_start") (call $exit (i32.const 0)))
            (func (export "later") (result i32) i32.const 1))"#);
        board.plug_in("exits.wasm", &exits).await;
        board.press("_start").await;
        board.press("Run").await;
        board.outcome_shows("exited with code 0").await;
        board.press("later").await;
        board.press("Call").await;
        board.outcome_shows("has exited").await;
    })
    .await;
}

#[tokio::test]
async fn a_program_runs_again_in_a_fresh_instance() {
    journey(|board| async move {
        board.plug_in("hello.wasm", &hello()).await;
        board.choose("stdin", "nothing").await;
        for _ in 0..2 {
            board
                .milliseconds_from_press("Run", "ready", "exited with code 0")
                .await;
        }
        let seen = board.seen().await;
        assert_eq!(
            seen.console.matches("Hello from Go").count(),
            2,
            "{:?}",
            seen.console
        );
    })
    .await;
}
