//! A folder that is dropped on the page.

use crate::board::journey;
use crate::guests::wat;
use crate::scratch::Scratch;
use std::fs;

const PROGRAM: &str = r#"(module (memory (export "memory") 1) (func (export "_start")))"#;

/// Not in Firefox, which WebDriver cannot make drop what is on a disk.
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
        board.plug_in("program.wasm", &wat(PROGRAM)).await;
        board.press("Files").await;
        board.drop_paths(".files-panel .trees", &[&folder]).await;
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
        board.drop_paths("#console", &[&folder]).await;
        board
            .console_shows("project/ is added to /: see Files")
            .await;
        board
            .until("what has come since", |seen| seen.all.contains("later.txt"))
            .await;
    })
    .await;
}
