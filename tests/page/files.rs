//! The files that a guest sees: what a run made of them, and what can be done with them.

use crate::board::journey;
use crate::guests::wat;
use crate::scratch::Scratch;
use std::fs;

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
        board.press("Keep").await;
        assert!(board.seen().await.all.contains("out.txt"), "it was kept");
        board.press("Reset files").await;
        board.press("Delete all").await;
        board
            .until("it is gone", |seen| {
                seen.all.contains("add files, or drop them here")
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn what_becomes_of_go_files_depends_on_where_they_are_dropped() {
    journey(|board| async move {
        let source = [("main.go", b"package main".as_slice())];
        board.plug_in("writer.wasm", &wat(WRITER)).await;
        board.press("Files").await;
        board.drop_on("#console", &source).await;
        board.console_shows("main.go: read as Go source").await;
        board.drop_on(".files-panel", &source).await;
        board
            .until("it is among the files", |seen| {
                seen.all.contains("1 file added to /")
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_downloaded_has_exactly_its_bytes() {
    journey(|board| async move {
        let here = Scratch::new("download");
        let bytes: Vec<u8> = (0..20_000_003_u32)
            .map(|place| (place * 7 % 251) as u8)
            .collect();
        let file = here.0.join("large.bin");
        fs::write(&file, &bytes).unwrap();

        board.plug_in("writer.wasm", &wat(WRITER)).await;
        board.press("Files").await;
        board.pick_file_with("add-files", &file).await;
        board
            .until("it was added", |seen| {
                seen.all.contains("1 file added to /")
            })
            .await;
        board.press("Download /large.bin").await;
        let downloaded = board.saved("large.bin").await;
        assert!(downloaded == bytes, "{} bytes", downloaded.len());
        board.press("Download all").await;
        let archive = board.saved("files.tar").await;
        assert_eq!(archive.get(..9), Some(b"large.bin".as_slice()));
        assert!(archive.get(512..512 + bytes.len()) == Some(&bytes));
    })
    .await;
}

#[tokio::test]
async fn files_that_were_added_outlive_the_worker() {
    journey(|board| async move {
        // So that the worker can be made to fail: it is what the page tells to load.
        let script = "const post = Worker.prototype.postMessage; \
                      Worker.prototype.postMessage = function (...message) { \
                      window.told ??= this; post.apply(this, message); };";
        board.driver.execute(script, Vec::new()).await.unwrap();
        let here = Scratch::new("kept");
        let file = here.0.join("kept.txt");
        fs::write(&file, "it is still here").unwrap();
        board.plug_in("writer.wasm", &wat(WRITER)).await;
        board.press("Files").await;
        board.pick_file_with("add-files", &file).await;
        board
            .until("it was added", |seen| seen.all.contains("kept.txt"))
            .await;
        board.press("Run").await;
        board
            .until("the run wrote", |seen| seen.all.contains("out.txt"))
            .await;
        let fail = "window.told.dispatchEvent(new ErrorEvent('error', { message: 'by a test' }))";
        board.driver.execute(fail, Vec::new()).await.unwrap();
        let seen = board.console_shows("put back: 2 files").await;
        assert!(
            seen.console
                .contains("The worker failed and was replaced: by a test"),
            "{}",
            seen.console
        );
        board.phase("ready").await;
        board.press("View /kept.txt").await;
        board
            .until("its text", |seen| seen.all.contains("it is still here"))
            .await;
        assert!(board.can_press("View /out.txt").await);
    })
    .await;
}
