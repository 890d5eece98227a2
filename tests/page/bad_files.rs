//! What is not a plugin is refused with a message that names what is wrong, and the page goes on.

use crate::board::{Board, journey};
use crate::guests::{gojs, greet, wat};

#[tokio::test]
async fn what_is_not_wasm_is_refused() {
    journey(|board| async move {
        is_refused(
            &board,
            "notes.txt",
            b"remember the milk",
            &["not a WebAssembly"],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn an_empty_file_is_refused() {
    journey(|board| async move {
        is_refused(&board, "empty.wasm", b"", &["empty"]).await;
    })
    .await;
}

#[tokio::test]
async fn a_truncated_module_is_refused() {
    journey(|board| async move {
        let whole = greet();
        is_refused(
            &board,
            "half.wasm",
            &whole[..whole.len() / 2],
            &["truncated"],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn an_invalid_module_is_refused_with_the_offset() {
    journey(|board| async move {
        let invalid = wat(r#"(module (func (export "f") (result i32)))"#);
        is_refused(&board, "invalid.wasm", &invalid, &["0x"]).await;
    })
    .await;
}

#[tokio::test]
async fn a_component_is_refused_as_one() {
    journey(|board| async move {
        let component = b"\0asm\x0d\0\x01\0";
        is_refused(
            &board,
            "component.wasm",
            component,
            &["component", "wasip1"],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_module_for_goos_js_is_refused_as_one() {
    journey(|board| async move {
        is_refused(&board, "gojs.wasm", &gojs(), &["GOOS=js", "GOOS=wasip1"]).await;
    })
    .await;
}

#[tokio::test]
async fn an_unsupported_proposal_is_named() {
    journey(|board| async move {
        let small = wat(r#"(module (memory 1 (pagesize 1)) (func (export "f")))"#);
        is_refused(&board, "small.wasm", &small, &["custom page sizes"]).await;
    })
    .await;
}

#[tokio::test]
async fn a_name_that_is_markup_is_shown_as_text() {
    journey(|board| async move {
        is_refused(
            &board,
            "<img src=x onerror=alert(1)>.wasm",
            b"?",
            &["<img src=x onerror=alert(1)>.wasm"],
        )
        .await;
    })
    .await;
}

/// Drops the file, waits for a message with all of the words, and sees the page go on.
async fn is_refused(board: &Board, name: &str, bytes: &[u8], words: &[&str]) {
    board.drop_file(name, bytes).await;
    board
        .until(&format!("{words:?} in a message"), |seen| {
            words
                .iter()
                .all(|word| seen.alerts.to_lowercase().contains(&word.to_lowercase()))
        })
        .await;
    board
        .plug_in(
            "one.wasm",
            &wat(r#"(module (func (export "one") (result i32) i32.const 1))"#),
        )
        .await;
    board.press("one").await;
    board.press("Call").await;
    board.outcome_shows("returned 1").await;
}
