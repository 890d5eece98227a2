//! Stop ends any guest, soon, and the page goes on with it.

use crate::board::{Board, journey};
use crate::guests::{spin, wat};

/// The level to reach is 100 ms (`make bench` holds it to that); a test machine that does other
/// things too gets more.
const SOON: f64 = 1000.0;

#[tokio::test]
async fn stop_ends_an_endless_loop() {
    journey(|board| async move {
        board.plug_in("loop.wasm", &loops()).await;
        board.press("spin").await;
        stops(&board).await;
    })
    .await;
}

#[tokio::test]
async fn stop_ends_an_endless_loop_of_go() {
    journey(|board| async move {
        board.plug_in("spin.wasm", &spin()).await;
        board.press("spin").await;
        stops(&board).await;
    })
    .await;
}

#[tokio::test]
async fn stop_ends_a_loop_of_host_calls() {
    journey(|board| async move {
        let yields = wat(r#"(module
            (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
            (memory (export "memory") 1)
            (func (export "spin") (loop (drop (call $yield)) (br 0))))"#);
        board.plug_in("yields.wasm", &yields).await;
        board.press("spin").await;
        stops(&board).await;
    })
    .await;
}

#[tokio::test]
async fn stop_ends_a_flood_of_output() {
    journey(|board| async move {
        board.plug_in("spin.wasm", &spin()).await;
        board.press("flood").await;
        board.fill("n", "2147483647").await;
        stops(&board).await;
    })
    .await;
}

#[tokio::test]
async fn after_stop_and_restart_the_guest_runs_again() {
    journey(|board| async move {
        board.plug_in("loop.wasm", &loops()).await;
        board.press("spin").await;
        stops(&board).await;
        let seen = board.seen().await;
        assert!(
            seen.all.contains("loop.wasm"),
            "what was stopped is still there to be seen"
        );
        board.press("Restart").await;
        board.press("seven").await;
        board.press("Call").await;
        board.outcome_shows("returned 7").await;
    })
    .await;
}

/// Calls what is selected, which does not end, and stops it.
async fn stops(board: &Board) {
    board.press("Call").await;
    board.phase("running").await;
    let milliseconds = board
        .milliseconds_from_press("Stop", "ready", "stopped")
        .await;
    println!("from the click on Stop to stopped: {milliseconds:.0} ms");
    assert!(milliseconds < SOON, "Stop took {milliseconds} ms");
}

fn loops() -> Vec<u8> {
    wat(r#"(module
        (func (export "spin") (loop (br 0)))
        (func (export "seven") (result i32) i32.const 7))"#)
}

#[tokio::test]
async fn pause_holds_a_guest_and_resume_lets_it_go_on() {
    journey(|board| async move {
        board.plug_in("spin.wasm", &spin()).await;
        board.press("flood").await;
        board.fill("n", "2000000000").await;
        board.press("Call").await;
        board
            .until("what it has printed is counted", |seen| {
                seen.used.contains("output")
            })
            .await;
        board.press("Pause").await;
        let held = board.outcome_shows("paused").await;
        board.press("Resume").await;
        let before = held.used;
        board
            .until("it goes on", |seen| {
                seen.phase == "running" && seen.used != before
            })
            .await;
        board.press("Pause").await;
        board.outcome_shows("paused").await;
        board
            .milliseconds_from_press("Stop", "ready", "stopped")
            .await;
    })
    .await;
}
