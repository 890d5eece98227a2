//! A session as a link and as a file: opening one shows what it has, and nothing runs unasked.

use crate::board::{Board, journey};
use crate::guests::wat;
use crate::scratch::Scratch;
use std::fs;
use thirtyfour::By;

const PLUGIN: &str = r#"(module
    (import "env" "ask" (func $ask (result i32)))
    (func (export "first") (param i32) (result i32) (local.get 0))
    (func (export "run") (param i32) (result i32) (i32.add (local.get 0) (call $ask))))"#;

const ASK: &str = "How env.ask is answered";
const SCRIPT: &str = "async (guest) => {";

async fn unfold(board: &Board, label: &str) {
    let summary = By::XPath(format!(
        "//summary[starts-with(normalize-space(), '{label}')]"
    ));
    board
        .driver
        .find(summary)
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
}

/// A plugin on the board that was given all that there is.
async fn given(board: &Board, here: &Scratch) {
    board.plug_in("shared.wasm", &wat(PLUGIN)).await;
    board.fill("Environment", "A=1").await;
    board.press("Imports").await;
    board.choose(ASK, "JavaScript").await;
    board.fill(SCRIPT, "return 7").await;
    let file = here.0.join("in.txt");
    fs::write(&file, "for its guests").unwrap();
    board.press("Files").await;
    board.pick_file_with("add-files", &file).await;
    board
        .until("it was added", |seen| seen.all.contains("in.txt"))
        .await;
    board.press("run").await;
    board.fill("n", "35").await;
}

/// Forgets all that is kept, and the board.
async fn forget(board: &Board) {
    let script = "sessionStorage.clear(); return plugboard.list().then((list) => \
                  Promise.all(list.map(([id]) => plugboard.remove(id))))";
    unfold(board, "Recent").await;
    board.press("Unplug").await;
    board.phase("empty").await;
    board.driver.execute(script, Vec::new()).await.unwrap();
}

/// Agrees to what is offered, and sees that all is there, and that the script waits for a yes.
async fn open(board: &Board) {
    let seen = board
        .until("it is offered", |seen| seen.all.contains("would open:"))
        .await;
    for line in [
        "shared.wasm",
        "settings: environment",
        "JavaScript in 1",
        "files for its guests: 1",
    ] {
        assert!(seen.all.contains(line), "{line} in {}", seen.all);
    }
    assert_eq!(seen.phase, "empty");
    board.press("Open it").await;
    board
        .until("it is on the board", |seen| {
            seen.phase == "ready" && seen.all.contains("shared.wasm")
        })
        .await;
    board
        .until("all of it", |seen| seen.console.contains("opened:"))
        .await;
    assert_eq!(board.typed("n").await, "35");
    board.press("Settings").await;
    assert_eq!(board.typed("Environment").await, "A=1");
    board.press("Files").await;
    board.press("View /in.txt").await;
    board
        .until("its text", |seen| seen.all.contains("for its guests"))
        .await;
    board.press("Call").await;
    board.outcome_shows("has no answer").await;
    board.press("Imports").await;
    board.press("Let it run").await;
    board.press("Call").await;
    board.outcome_shows("returned 42").await;
}

#[tokio::test]
async fn a_link_carries_a_small_plugin_and_all_that_belongs_to_it() {
    journey(|board| async move {
        let here = Scratch::new("shared");
        given(&board, &here).await;
        // What the page puts on the clipboard.
        let listen = "navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }";
        board.driver.execute(listen, Vec::new()).await.unwrap();
        unfold(&board, "Share").await;
        board.press("Copy a link").await;
        board.console_shows("was copied").await;
        let link = board.driver.execute("return window.copied", Vec::new()).await.unwrap();
        let link = link.json().as_str().unwrap().to_owned();
        assert!(link.contains("#s="), "{link}");
        forget(&board).await;
        board.driver.goto("about:blank").await.unwrap();
        board.driver.goto(&link).await.unwrap();
        open(&board).await;
        let address = board.driver.current_url().await.unwrap();
        assert_eq!(address.fragment(), None, "a reload does not open it again");
        // A link that was cut off.
        board.driver.goto(&link[..link.len() / 2]).await.unwrap();
        board
            .until("it is refused", |seen| {
                seen.alerts.contains("it is malformed, or a part of it is missing")
            })
            .await;
        assert_eq!(board.typed("n").await, "35", "what was there is there");
    })
    .await;
}

#[tokio::test]
async fn a_session_file_has_everything() {
    journey(|board| async move {
        let here = Scratch::new("shared");
        given(&board, &here).await;
        unfold(&board, "Share").await;
        board.press("Save a session file").await;
        let file = board.saved("shared.plugboard.json").await;
        forget(&board).await;
        board.drop_file("shared.plugboard.json", &file).await;
        open(&board).await;
        board.drop_file("later.json", b"{\"plugboard\": 99}").await;
        board
            .until("a later version is told", |seen| {
                seen.alerts.contains("it is of version 99")
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_link_that_one_can_write_fills_the_form() {
    journey(|board| async move {
        let address = board.driver.current_url().await.unwrap();
        let link = format!("{address}#sample=greet&call=greet(%22Ada%22)");
        // In the tab that has the page already.
        board.driver.goto(&link).await.unwrap();
        board
            .until("it is offered", |seen| {
                seen.all.contains("the sample greet.wasm")
            })
            .await;
        board.press("Open it").await;
        board.phase("ready").await;
        board
            .until("there are fields", |seen| seen.all.contains("from main.go"))
            .await;
        // It is JSON until the signature is known.
        for _ in 0..100 {
            if board.can_press("Call").await && board.typed("name").await == "Ada" {
                break;
            }
        }
        assert_eq!(board.typed("name").await, "Ada");
        board.press("Call").await;
        board.console_shows("Hello, Ada").await;
    })
    .await;
}
