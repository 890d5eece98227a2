//! The rebuild loop: a file on the disk is built anew, and comes onto the page. Not in Firefox, which has no handles of
//! files.

use crate::board::{Board, journey};
use crate::guests::wat;
use crate::kept::is_kept;
use crate::rebuilds::{NAME, call, plugin};
use crate::scratch::Scratch;
use std::fs;
use std::path::Path;

/// Drops the file from the disk, and waits until it is watched.
async fn watch(board: &Board, file: &Path) {
    board.drop_paths("main", &[file]).await;
    board
        .until("it is watched", |seen| {
            seen.phase == "ready" && seen.all.contains(&format!("watching {NAME}"))
        })
        .await;
}

#[tokio::test]
async fn a_file_that_is_built_anew_keeps_what_was_typed_and_its_last_call_is_repeated() {
    journey(|board| async move {
        let here = Scratch::new("rebuild");
        let file = here.0.join(NAME);
        fs::write(&file, plugin(2, &["old"])).unwrap();
        watch(&board, &file).await;
        board.fill("Environment", "KEPT=1").await;
        call(&board, "returned 42").await;
        board
            .tick("Repeat the last call, or all saved ones", true)
            .await;

        fs::write(&file, plugin(3, &["new", "newer"])).unwrap();
        let seen = board.outcome_shows("returned 63").await;
        for text in [
            "rebuilt: plugin.wasm",
            "B larger",
            "new exports: new, newer",
            "gone export: old",
        ] {
            assert!(seen.console.contains(text), "{text}: {}", seen.console);
        }
        board
            .until("it says so", |seen| seen.all.contains("loaded again"))
            .await;
        assert_eq!(board.typed("n").await, "21");
        assert_eq!(board.typed("Environment").await, "KEPT=1");

        // As compilers do: the file goes, and another one comes in its place.
        fs::remove_file(&file).unwrap();
        board
            .until("it is missed", |seen| {
                seen.all.contains("plugin.wasm is gone")
            })
            .await;
        let other = here.0.join("other");
        fs::write(&other, plugin(4, &[])).unwrap();
        fs::rename(&other, &file).unwrap();
        board.outcome_shows("returned 84").await;

        // The choice is remembered; the file is not watched if it is not to be.
        board.tick("Watch", false).await;
        board
            .until("it is not watched", |seen| {
                seen.all.contains("is not watched")
            })
            .await;
        fs::write(&file, plugin(5, &[])).unwrap();
        board.press("Reload").await;
        board.outcome_shows("returned 105").await;
        board.driver.refresh().await.unwrap();
        board.until("the page", |seen| !seen.phase.is_empty()).await;
        board.drop_paths("main", &[&file]).await;
        board.phase("ready").await;
        board
            .until("that is remembered", |seen| {
                seen.all.contains("is not watched")
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn what_is_watched_is_watched_again_after_a_reload() {
    journey(|board| async move {
        let here = Scratch::new("again");
        let file = here.0.join(NAME);
        fs::write(&file, plugin(2, &[])).unwrap();
        watch(&board, &file).await;
        call(&board, "returned 42").await;
        board
            .tick("Repeat the last call, or all saved ones", true)
            .await;
        is_kept(&board, "watch=").await;
        board.driver.refresh().await.unwrap();
        let seen = board
            .until("it is back", |seen| {
                seen.phase == "ready"
                    && (seen.all.contains(&format!("watching {NAME}"))
                        || seen.all.contains("the browser asks before it reads"))
            })
            .await;
        // Whether the browser remembers what was allowed is its own affair.
        if seen.all.contains("the browser asks") {
            board.press("Watch again").await;
        }
        board
            .until("it is watched", |seen| {
                seen.all.contains(&format!("watching {NAME}"))
            })
            .await;
        fs::write(&file, plugin(3, &[])).unwrap();
        board.console_shows("rebuilt: plugin.wasm").await;
        board.outcome_shows("returned 63").await;
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_half_written_is_waited_for() {
    journey(|board| async move {
        let here = Scratch::new("half");
        let file = here.0.join(NAME);
        fs::write(&file, plugin(2, &[])).unwrap();
        watch(&board, &file).await;
        call(&board, "returned 42").await;
        board
            .tick("Repeat the last call, or all saved ones", true)
            .await;
        let whole = plugin(3, &["more"]);
        fs::write(&file, b"").unwrap();
        board
            .until("it is empty", |seen| {
                seen.all.contains("the file is 0 bytes")
            })
            .await;
        fs::write(&file, &whole[..whole.len() / 2]).unwrap();
        let seen = board
            .until("it is half", |seen| seen.all.contains("is cut short"))
            .await;
        assert_eq!(seen.alerts, "");
        assert_eq!(seen.phase, "ready", "what was there can be called");
        fs::write(&file, &whole).unwrap();
        let seen = board.outcome_shows("returned 63").await;
        assert_eq!(seen.alerts, "");

        // What stays so is refused after a while, and what was there stays.
        fs::write(&file, &whole[..whole.len() - 3]).unwrap();
        board
            .until("it is refused", |seen| seen.alerts.contains("truncated"))
            .await;
        board.phase("ready").await;
        fs::write(&file, plugin(4, &[])).unwrap();
        let seen = board.outcome_shows("returned 84").await;
        assert_eq!(seen.alerts, "");
    })
    .await;
}

#[tokio::test]
async fn a_file_that_becomes_another_plugin_gets_nothing_of_the_one_before() {
    journey(|board| async move {
        let here = Scratch::new("another");
        let file = here.0.join(NAME);
        fs::write(&file, plugin(2, &[])).unwrap();
        watch(&board, &file).await;
        board.fill("Environment", "SECRET=1").await;
        call(&board, "returned 42").await;
        board
            .tick("Repeat the last call, or all saved ones", true)
            .await;
        fs::write(&file, wat("(module (func (export \"steal\")))")).unwrap();
        board
            .until("it has nothing", |seen| {
                seen.phase == "ready" && seen.all.contains("so it starts from defaults")
            })
            .await;
        assert_eq!(board.typed("Environment").await, "");
        assert_eq!(board.seen().await.outcome, "", "nothing was called");
    })
    .await;
}

#[tokio::test]
async fn what_runs_is_not_ended_by_a_new_file_unless_somebody_says_so() {
    journey(|board| async move {
        let here = Scratch::new("running");
        let file = here.0.join(NAME);
        fs::write(&file, plugin(2, &[])).unwrap();
        watch(&board, &file).await;
        board.press("forever").await;
        board.press("Call").await;
        board.phase("running").await;
        fs::write(&file, plugin(3, &["new"])).unwrap();
        let seen = board
            .until("it waits", |seen| {
                seen.all.contains("loaded when what runs has ended")
            })
            .await;
        assert_eq!(seen.phase, "running");
        board.press("Stop").await;
        board.console_shows("rebuilt: plugin.wasm").await;

        board.phase("ready").await;
        board.press("Call").await;
        board.phase("running").await;
        fs::write(&file, plugin(4, &["newer"])).unwrap();
        board.press("Load now").await;
        board
            .console_shows("ended: the plugin was built anew")
            .await;
        board.console_shows("new export: newer").await;
        board.phase("ready").await;
    })
    .await;
}

#[tokio::test]
async fn of_a_folder_the_module_and_the_go_files_are_watched() {
    journey(|board| async move {
        let here = Scratch::new("project");
        let folder = here.0.join("project");
        fs::create_dir_all(folder.join("build")).unwrap();
        let source =
            "package main\n\n//go:wasmexport twice\nfunc twice(number int32) int32 { return 0 }\n";
        fs::write(folder.join("main.go"), source).unwrap();
        board.drop_paths("main", &[&folder]).await;
        board
            .until("there is none yet", |seen| {
                seen.all.contains("there is no .wasm file in the folder")
            })
            .await;
        let file = folder.join("build").join(NAME);
        fs::write(&file, plugin(2, &[])).unwrap();
        board
            .until("its signature is that of the source", |seen| {
                seen.phase == "ready" && seen.all.contains("twice(number int32) int32")
            })
            .await;
        let source = source.replace("number", "count");
        fs::write(folder.join("main.go"), &source).unwrap();
        board
            .until("it is the new one", |seen| {
                seen.all.contains("twice(count int32)")
            })
            .await;
        fs::write(&file, plugin(3, &["new"])).unwrap();
        board.console_shows("new export: new").await;
    })
    .await;
}
