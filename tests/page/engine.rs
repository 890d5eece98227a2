//! The browser's own engine, beside the interpreter: the same calls, and the same that can be done to them.

use crate::board::{Board, journey};
use crate::guests::{spin, wat};

/// The level to reach is 50 ms (`make bench` holds it to that); a test machine that does other things too gets more.
const SOON: f64 = 1000.0;

/// Has the plugin on the board run in the browser's engine.
async fn choose(board: &Board) {
    board.choose("Engine", "browser's").await;
    board
        .until("the engine", |seen| {
            !seen
                .all
                .contains("is being made ready for the browser's engine")
        })
        .await;
}

#[tokio::test]
async fn a_go_plugin_is_called_in_the_browsers_engine_and_prints_the_same() {
    journey(|board| async move {
        board.open_greet().await;
        choose(&board).await;
        board.press("greet").await;
        board.fill("name", "Ada").await;
        board.press("Call").await;
        board.outcome_shows("returned").await;
        let seen = board
            .until("what it prints", |seen| seen.all.contains("Hello, Ada"))
            .await;
        assert!(
            !seen.all.contains("Calls run in the interpreter"),
            "{}",
            seen.all
        );
    })
    .await;
}

#[tokio::test]
async fn stop_ends_what_runs_there_and_the_instance_goes_on() {
    journey(|board| async move {
        board.plug_in("spin.wasm", &spin()).await;
        choose(&board).await;
        board.press("spin").await;
        board.press("Call").await;
        board.phase("running").await;
        let milliseconds = board
            .milliseconds_from_press("Stop", "ready", "stopped")
            .await;
        assert!(milliseconds < SOON, "stopped after {milliseconds} ms");
    })
    .await;
}

/// A limit, traps with their words and where they were, a sleep, and bits that JavaScript's numbers do not keep.
#[tokio::test]
async fn limits_traps_waits_and_values_are_as_in_the_interpreter() {
    journey(|board| async move {
        let guest = wat(r#"(module
            (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (table 2 funcref)
            (func $trap (export "traps") unreachable)
            (func (export "calls_null") (call_indirect (i32.const 1)))
            (func $deep (export "recurses") (call $deep) (drop (memory.size)))
            (func (export "grows") (result i32) (memory.grow (i32.const 60000)))
            (func (export "nan") (result f32) (f32.reinterpret_i32 (i32.const 0x7fa00001)))
            (func (export "sleeps") (result i32)
                (i32.store (i32.const 16) (i32.const 1))
                (i64.store (i32.const 24) (i64.const 20000000))
                (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128))))"#);
        board.plug_in("odd.wasm", &guest).await;
        choose(&board).await;
        for (export, shows) in [
            ("traps", "unreachable executed"),
            ("recurses", "the call depth limit of 10,000 is reached"),
            ("grows", "returned -1"),
            ("nan", "NaN(0x7fa00001)"),
            ("sleeps", "returned 0"),
        ] {
            board.press(export).await;
            board.press("Call").await;
            let seen = board.outcome_shows(shows).await;
            if export == "traps" {
                let seen = board
                    .until("a backtrace", |seen| seen.all.contains("Backtrace"))
                    .await;
                assert!(seen.all.contains("As the browser's engine traces it"), "{}", seen.all);
            }
            if seen.all.contains("Restart") {
                board.press("Restart").await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn with_debug_calls_run_in_the_interpreter_and_without_it_there_again() {
    journey(|board| async move {
        board.open_greet().await;
        choose(&board).await;
        board.fill("name", "Ada").await;
        board.press("Call").await;
        board.console_shows("Hello, Ada").await;
        board.outcome_shows("returned").await;
        board.tick("Debug", true).await;
        board
            .until("the interpreter", |seen| {
                seen.all
                    .contains("With Debug, calls run in the interpreter.")
            })
            .await;
        board.tick("Debug", false).await;
        board.fill("name", "Grace").await;
        board.press("Call").await;
        board.console_shows("Hello, Grace").await;
    })
    .await;
}
