//! A call leaves the page as a program of its own.

use crate::board::journey;
use crate::guests::wat;

const TWICE: &str = r#"(module
    (func (export "twice") (param i32) (result i32) (i32.add (local.get 0) (local.get 0))))"#;

#[tokio::test]
async fn the_call_that_is_typed_is_a_program_and_the_one_that_was_made_a_test() {
    journey(|board| async move {
        board.plug_in("twice.wasm", &wat(TWICE)).await;
        board.press("twice").await;
        board.fill("n", "21").await;
        board.press("As host code").await;
        assert!(!board.can_press("Go test (wazero)").await);
        board.press("Go program (wazero)").await;
        board
            .until("the program", |seen| {
                seen.all
                    .contains(r#"module.ExportedFunction("twice").Call(ctx, api.EncodeI32(21))"#)
            })
            .await;
        board.press("Save as main.go").await;
        let saved = board.saved("main.go").await;
        assert!(String::from_utf8(saved).unwrap().contains("package main"));
        board.press("JavaScript (Node)").await;
        board
            .until("the script", |seen| {
                seen.all.contains(r#"plugin.call("twice", [21], "#)
            })
            .await;

        board.press("Call").await;
        board.outcome_shows("returned 42").await;
        board.press("Go test (wazero)").await;
        board
            .until("the test", |seen| {
                seen.all.contains("want := []uint64{0x2a}")
            })
            .await;
    })
    .await;
}
