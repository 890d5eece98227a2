//! Where a call has ended in the middle, and where one is held.

use crate::board::{Board, journey};
use crate::site::repository;
use serde_json::Value;
use std::fs;

/// The number of the line of greet's source that reads what `st` is given.
fn line() -> usize {
    let source = fs::read_to_string(repository().join("plugin/greet/main.go")).unwrap();
    let lines = source.lines().position(|line| line.contains("s.val"));
    lines.unwrap() + 1
}

/// What is marked in the source below the call.
async fn marked(board: &Board) -> Value {
    let script = "return document.querySelector('.backtrace mark')?.textContent ?? ''";
    let marked = board.driver.execute(script, Vec::new()).await.unwrap();
    marked.json().clone()
}

/// With nothing pressed but what makes the call: as somebody would who has not heard of this page.
#[tokio::test]
async fn a_nil_dereference_in_a_go_plugin_shows_its_line() {
    journey(|board| async move {
        board.open_greet().await;
        board.press("st").await;
        board.choose("How s is entered", "nil").await;
        board.press("Call").await;
        let place = format!("main.go:{}", line());
        let seen = board
            .until("the line", |seen| {
                seen.all.contains("Backtrace") && seen.all.contains(&place)
            })
            .await;
        assert!(
            seen.outcome.contains("nil pointer dereference"),
            "{}",
            seen.outcome
        );
        assert!(seen.all.contains("main.st"), "{}", seen.all);
        let marked = marked(&board).await;
        let marked = marked.as_str().unwrap();
        assert!(marked.contains("s.val"), "{marked}");
        assert!(
            marked.trim_start().starts_with(&line().to_string()),
            "{marked}"
        );
        // It is of that call: the next one has none.
        board.press("Restart").await;
        board.press("greet").await;
        board.fill("name", "Ada").await;
        board.press("Call").await;
        let seen = board.outcome_shows("returned").await;
        assert!(!seen.all.contains("Backtrace"), "{}", seen.all);
    })
    .await;
}

#[tokio::test]
async fn a_program_that_waits_for_stdin_says_where() {
    journey(|board| async move {
        board.press("hello").await;
        board
            .until("hello.wasm is on the board", |seen| seen.phase == "ready")
            .await;
        board.press("Run").await;
        board.phase("waiting").await;
        board
            .until("who reads", |seen| {
                seen.all.contains("Backtrace") && seen.all.contains("main.main")
            })
            .await;
        board.press("Stop").await;
        board
            .until("it has ended there", |seen| {
                seen.outcome.contains("stopped") && seen.all.contains("main.main")
            })
            .await;
    })
    .await;
}
