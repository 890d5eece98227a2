//! The files that a guest sees: what a run made of them, and what can be done with them.

use crate::board::{Board, journey};
use crate::guests::wat;
use crate::scratch::{Scratch, save_into, saved};
use serde_json::json;
use std::fs;
use std::path::Path;

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
async fn a_folder_that_is_dropped_is_there_with_all_that_is_in_it() {
    journey(|board| async move {
        let here = Scratch::new("folder");
        let folder = here.0.join("project");
        fs::create_dir_all(folder.join("empty")).unwrap();
        fs::create_dir_all(folder.join("src/deep")).unwrap();
        fs::write(folder.join("src/deep/main.go"), "package main").unwrap();
        // More than a browser gives at a time.
        for number in 0..250 {
            fs::write(folder.join(format!("src/{number:03}.txt")), [b'x'; 10]).unwrap();
        }
        board.plug_in("writer.wasm", &wat(WRITER)).await;
        board.press("Files").await;
        drop_paths(&board, ".files-panel .trees", &[&folder]).await;
        board
            .until("all of it was added", |seen| {
                seen.all.contains("252 files added to /")
            })
            .await;
        board.press("project/").await;
        let seen = board
            .until("what is in it", |seen| seen.all.contains("empty/"))
            .await;
        assert!(seen.all.contains("src/"), "{}", seen.all);
        board.press("src/").await;
        board.press("deep/").await;
        board.press("View /project/src/deep/main.go").await;
        board
            .until("its text", |seen| seen.all.contains("package main"))
            .await;

        // Somewhere else on the page, it comes to the same.
        fs::write(folder.join("later.txt"), "later").unwrap();
        fs::remove_dir_all(folder.join("src")).unwrap();
        drop_paths(&board, "#console", &[&folder]).await;
        board
            .console_shows("project/ is added to /: see Files")
            .await;
        board
            .until("what has come since", |seen| seen.all.contains("later.txt"))
            .await;
    })
    .await;
}

#[tokio::test]
async fn what_becomes_of_go_files_depends_on_where_they_are_dropped() {
    journey(|board| async move {
        let here = Scratch::new("go");
        let source = here.0.join("main.go");
        fs::write(&source, "package main").unwrap();
        board.plug_in("writer.wasm", &wat(WRITER)).await;
        board.press("Files").await;
        drop_paths(&board, "#console", &[&source]).await;
        board.console_shows("main.go: read as Go source").await;
        drop_paths(&board, ".files-panel", &[&source]).await;
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
        let down = here.0.join("down");
        fs::create_dir(&down).unwrap();
        save_into(&board, &down).await;

        board.plug_in("writer.wasm", &wat(WRITER)).await;
        board.press("Files").await;
        board.pick_file_with("add-files", &file).await;
        board
            .until("it was added", |seen| {
                seen.all.contains("1 file added to /")
            })
            .await;
        board.watch_frames().await;
        board.press("Download /large.bin").await;
        let downloaded = saved(&down.join("large.bin")).await;
        assert!(downloaded == bytes, "{} bytes", downloaded.len());
        board.press("Download all").await;
        let archive = saved(&down.join("files.tar")).await;
        assert_eq!(archive.get(..9), Some(b"large.bin".as_slice()));
        assert!(archive.get(512..512 + bytes.len()) == Some(&bytes));
        let longest = board.frames().await.longest_task;
        println!("the page's longest task: {longest:.0} ms");
        assert!(longest < 200.0, "{longest} ms");
    })
    .await;
}

#[tokio::test]
async fn files_that_were_added_outlive_the_worker() {
    journey(|board| async move {
        // So that a worker can be made to fail.
        let script = "const Real = Worker; window.workers = []; window.Worker = class extends Real { \
                      constructor(...args) { super(...args); window.workers.push(this); } };";
        board
            .driver.cdp().send_raw(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": script }),
            )
            .await
            .unwrap();
        board.driver.refresh().await.unwrap();
        board.phase("empty").await;

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
        let fail = "window.workers.at(-1).dispatchEvent(new ErrorEvent('error', { message: 'by a test' }))";
        board.driver.execute(fail, Vec::new()).await.unwrap();
        let seen = board
            .console_shows("put back: 1 file that you added; lost: what runs wrote (/out.txt)")
            .await;
        assert!(
            seen.console.contains("The worker failed and was replaced: by a test"),
            "{}",
            seen.console
        );
        board.phase("ready").await;
        board.press("View /kept.txt").await;
        board
            .until("its text", |seen| seen.all.contains("it is still here"))
            .await;
        assert!(!board.can_press("View /out.txt").await);
    })
    .await;
}

/// Drops files and folders of this machine on an element, as a file manager does.
async fn drop_paths(board: &Board, on: &str, paths: &[&Path]) {
    let place = board.deed("middle", &[json!(on)]).await;
    let data = json!({ "items": [], "files": paths, "dragOperationsMask": 1 });
    for step in ["dragEnter", "dragOver", "drop"] {
        let event = json!({ "type": step, "x": place["x"], "y": place["y"], "data": data });
        board
            .driver
            .cdp()
            .send_raw("Input.dispatchDragEvent", event)
            .await
            .unwrap();
    }
}
