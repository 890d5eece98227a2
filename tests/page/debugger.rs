//! A call that stops at a line of the plugin's source.

use crate::board::{Board, journey};
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
        board.press("greet").await;
        board
            .until("its Go types are known", |seen| {
                seen.phase == "ready" && seen.all.contains("from main.go")
            })
            .await;
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
