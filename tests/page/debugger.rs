//! A call that stops at a line of the plugin's source.

use crate::board::{Board, Seen, journey};
use crate::guests::{counting, wat};
use crate::site::repository;
use serde_json::Value;
use std::fs;
use thirtyfour::Key;

/// The number of the line of greet's source that greets.
fn greets() -> usize {
    let source = fs::read_to_string(repository().join("plugin/greet/main.go")).unwrap();
    let line = source.lines().position(|line| line.contains("Hello, "));
    line.unwrap() + 1
}

/// The line that is marked in Source.
async fn marked(board: &Board) -> Value {
    let script = "return document.querySelector('.source-view [aria-current]')?.dataset.line ?? ''";
    let marked = board.driver.execute(script, Vec::new()).await.unwrap();
    marked.json().clone()
}

/// Waits until a line is marked.
async fn stops_at(board: &Board, line: usize) {
    let place = format!("main.go:{line}");
    board
        .until(&place, |seen| {
            seen.outcome.contains("stopped at a line") && seen.all.contains(&place)
        })
        .await;
    assert_eq!(marked(board).await, line.to_string());
}

#[tokio::test]
async fn a_call_stops_at_a_line_steps_and_says_what_it_has_reached() {
    journey(|board| async move {
        board.open_greet().await;
        board.press("Source").await;
        // The comment above stands for the function's first line.
        board.press(&format!("Stop at line {}", greets() - 2)).await;
        let stop = format!("Stop at line {}", greets() - 1);
        let is_set = format!(
            "return document.querySelector('[aria-label=\"{stop}\"][aria-pressed=true]') !== null"
        );
        loop {
            let set = board.driver.execute(&is_set, Vec::new()).await.unwrap();
            if set.json() == &Value::Bool(true) {
                break;
            }
            tokio::task::yield_now().await;
        }
        board.press("greet").await;
        board.fill("name", "Ada").await;
        board.press("Call").await;
        stops_at(&board, greets() - 1).await;
        board.press("Step over").await;
        stops_at(&board, greets()).await;
        // The key works where something was typed, too.
        board.keys("name", Key::F10).await;
        stops_at(&board, greets() + 1).await;
        board.press("Continue").await;
        board.console_shows("Hello, Ada").await;
        board.outcome_shows("returned").await;
        let reached = "return document.querySelectorAll('.source-view [data-reached=true]').length";
        board
            .until("it says what was reached", |seen| seen.phase == "ready")
            .await;
        let reached = board.driver.execute(reached, Vec::new()).await.unwrap();
        assert!(reached.json().as_u64() >= Some(3), "{:?}", reached.json());
        // Without it nothing stops.
        board.tick("Debug", false).await;
        board.fill("name", "Bob").await;
        board.press("Call").await;
        board.console_shows("Hello, Bob").await;
    })
    .await;
}

#[tokio::test]
async fn variables_are_shown_where_a_debugged_call_has_ended() {
    journey(|board| async move {
        board.plug_in("counting.wasm", &counting()).await;
        board.press("count").await;
        board.fill("left", "9").await;
        board.tick("Debug", true).await;
        board.press("Call").await;
        let with = |seen: &Seen| {
            seen.phase == "ready"
                && [
                    "left u32 = 9",
                    "left u32 = 6",
                    "half f32 = 4",
                    "sum u64 = 1099511627821",
                ]
                .iter()
                .all(|it| seen.all.contains(it))
        };
        board.until("variables of the function", with).await;
        board.unfold("3 package variables").await;
        let with = |seen: &Seen| seen.all.contains("counting::COUNTED u32 = 7");
        board.until("those of the crate", with).await;
    })
    .await;
}

/// It asks, and traps if it is given nothing.
const ASKS: &str = r#"(module
    (import "host" "ask" (func $ask (param i32) (result i32)))
    (memory (export "memory") 1)
    (func $half (param $n i32) (result i32)
        (i32.div_u (i32.const 100) (local.get $n)))
    (func (export "run") (param $n i32) (result i32)
        (i32.add (call $ask (local.get $n)) (call $half (local.get $n)))))"#;

#[tokio::test]
async fn a_trap_is_looked_into_by_calling_again_and_stopping_at_what_is_named() {
    journey(|board| async move {
        board.plug_in("asks.wasm", &wat(ASKS)).await;
        board
            .choose("How host.ask is answered", "return zero")
            .await;
        board.fill("n", "0").await;
        board.press("Call").await;
        let seen = board
            .until("the backtrace", |seen| {
                seen.outcome.contains("divide by zero") && seen.all.contains("half")
            })
            .await;
        assert!(seen.all.contains("By what functions note"), "{}", seen.all);
        board.press("Call again with Debug").await;
        let with = |seen: &Seen| {
            seen.phase == "ready" && seen.all.contains("With Debug") && seen.all.contains("i32 = 0")
        };
        board.until("where it was, with arguments", with).await;
        board.unfold("Stops nowhere").await;
        for place in ["half", "host.ask", "nothing"] {
            board.fill("Stop at", place).await;
            board.press("Stop there").await;
        }
        board
            .until("what is wrong", |seen| {
                seen.all.contains("no import, is called so")
            })
            .await;
        board.tick("Stop at traps", true).await;
        board.press("Call").await;
        board
            .outcome_shows("stopped before it calls host.ask")
            .await;
        board.press("Continue").await;
        board
            .until("the function", |seen| {
                seen.outcome.contains("stopped at a line") && seen.all.contains("i32 = 0")
            })
            .await;
        board.press("Continue").await;
        board
            .outcome_shows("stopped where it traps: integer divide by zero")
            .await;
        board.press("Continue").await;
        board.until("the end", |seen| seen.phase == "ready").await;
        // Stop ends what has stopped.
        board.press("Call").await;
        board.outcome_shows("stopped before it calls").await;
        board.press("Stop").await;
        board
            .until("it has been stopped", |seen| seen.phase == "ready")
            .await;
    })
    .await;
}
