//! The files that a guest sees: what a run made of them, and what can be done with them.

use crate::board::journey;
use crate::guests::wat;

/// A program that writes `hello` into `out.txt`.
const WRITER: &str = r#"(module
    (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write"
        (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "out.txt")
    (data (i32.const 32) "\40\00\00\00\0c\00\00\00")
    (data (i32.const 64) "<b>hello</b>")
    (func (export "_start")
        (drop (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 7)
            (i32.const 1) (i64.const 0x1fffffff) (i64.const 0) (i32.const 0) (i32.const 48)))
        (drop (call $write (i32.load (i32.const 48)) (i32.const 32) (i32.const 1)
            (i32.const 56)))))"#;

#[tokio::test]
async fn what_a_run_wrote_is_listed_shown_and_outlives_the_instance() {
    journey(|board| async move {
        board.plug_in("writer.wasm", &wat(WRITER)).await;
        board.press("Files").await;
        board.press("Run").await;
        board
            .until("the file is listed", |seen| {
                seen.all.contains("out.txt") && seen.all.contains("The last run: 1 created")
            })
            .await;
        board.press("View /out.txt").await;
        board
            .until("its text is text", |seen| seen.all.contains("<b>hello</b>"))
            .await;
        board.press("Hex").await;
        board
            .until("its bytes", |seen| seen.all.contains("3c 62 3e 68"))
            .await;
        board.press("Restart").await;
        board.press("Run").await;
        board
            .until("it was there", |seen| {
                seen.all.contains("The last run: 1 changed")
            })
            .await;
        board.press("Reset files").await;
        board
            .until("it is gone", |seen| {
                seen.all.contains("add files, or drop them here")
            })
            .await;
    })
    .await;
}
