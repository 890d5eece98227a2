//! The rebuild loop: a file at an address is built anew, and comes onto the page; where none can be watched, it is
//! picked again.

use crate::board::{Board, journey, journey_beside};
use crate::guests::wat;
use crate::host::{Answer, Host};
use crate::kept::is_kept;
use crate::scratch::Scratch;
use std::fs;

pub(crate) const NAME: &str = "plugin.wasm";

/// A plugin whose `twice(n)` returns `factor` times that, and which exports functions of these names, too.
pub(crate) fn plugin(factor: i32, others: &[&str]) -> Vec<u8> {
    let others: String = others
        .iter()
        .map(|name| format!("(func (export \"{name}\"))"))
        .collect();
    wat(&format!(
        "(module (func (export \"twice\") (param i32) (result i32) \
           (i32.mul (local.get 0) (i32.const {factor}))) \
         (func (export \"forever\") (loop (br 0))) {others})"
    ))
}

/// Calls `twice(21)`.
pub(crate) async fn call(board: &Board, result: &str) {
    board.fill("n", "21").await;
    board.press("Call").await;
    board.outcome_shows(result).await;
}

#[tokio::test]
async fn a_module_at_an_address_is_watched_by_its_etag() {
    let host = Host::new(Answer::module(&plugin(2, &[]), "1"));
    let origin = host.origin.clone();
    journey_beside(&origin, |board| async move {
        board.press("open a URL").await;
        let address = format!("{}/some/plugin.wasm?x=1", host.origin);
        board.fill("URL of a .wasm file", &address).await;
        board.press_exactly("Open").await;
        board
            .until("it is watched", |seen| {
                seen.phase == "ready" && seen.all.contains("watching plugin.wasm")
            })
            .await;
        call(&board, "returned 42").await;
        board
            .tick("Repeat the last call, or all saved ones", true)
            .await;
        host.answers(Answer::none("503 Service Unavailable"));
        board
            .until("it fails", |seen| seen.all.contains("answers 503"))
            .await;
        host.answers(Answer::module(&plugin(3, &[]), "2"));
        board.outcome_shows("returned 63").await;

        // After a reload it goes on, and fetches nothing as long as nothing has changed.
        is_kept(&board, r#"false,\"2\""#).await;
        let before = host.asked().len();
        board.driver.refresh().await.unwrap();
        board
            .until("it is watched again", |seen| {
                seen.phase == "ready" && seen.all.contains("watching plugin.wasm")
            })
            .await;
        while host.asked().len() < before + 2 {
            board.seen().await;
        }
        let asked = host.asked().split_off(before);
        assert!(asked.iter().all(|it| it.starts_with("HEAD ")), "{asked:?}");
        host.answers(Answer::module(&plugin(4, &[]), "3"));
        board.outcome_shows("returned 84").await;
        for request in host.asked() {
            let request = request.to_lowercase();
            for secret in ["cookie:", "authorization:", "referer:"] {
                assert!(!request.contains(secret), "{request}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn why_an_address_cannot_be_opened_is_said() {
    let host = Host::new(Answer::none("404 Not Found"));
    let origin = host.origin.clone();
    journey_beside(&origin, |board| async move {
        let address = format!("{}/plugin.wasm", host.origin);
        let page = |headers: &str| Answer {
            status: "200 OK",
            headers: format!("Content-Type: text/html\r\n{headers}"),
            body: b"<!doctype html>".to_vec(),
        };
        let cases = [
            (Answer::none("404 Not Found"), "there is no such file"),
            (Answer::none("401 Unauthorized"), "it wants a login"),
            (
                page(""),
                "does not allow pages from elsewhere to read it (CORS)",
            ),
            (
                page("Access-Control-Allow-Origin: *\r\n"),
                "is that of a web page",
            ),
        ];
        for (answer, why) in cases {
            host.answers(answer);
            open(&board, &address).await;
            is_refused(&board, why).await;
        }
        for (address, why) in [
            ("ftp://127.0.0.1/plugin.wasm", "only http and https"),
            (
                "http://me:secret@127.0.0.1/plugin.wasm",
                "leave the name and the password out",
            ),
            ("http://127.0.0.1:1/plugin.wasm", "does not answer"),
        ] {
            open(&board, address).await;
            is_refused(&board, why).await;
        }
        host.answers(Answer::module(&plugin(2, &[]), "1"));
        open(&board, &address).await;
        board.phase("ready").await;
        call(&board, "returned 42").await;
    })
    .await;
}

async fn open(board: &Board, address: &str) {
    board.press("Open URL…").await;
    board.fill("URL of a .wasm file", address).await;
    board.press_exactly("Open").await;
}

async fn is_refused(board: &Board, why: &str) {
    board
        .until(&format!("{why:?} in a message"), |seen| {
            seen.alerts.contains(why) && seen.phase == "empty"
        })
        .await;
    board.press("Dismiss").await;
}

/// Every browser can pick the same file again.
#[tokio::test]
async fn a_file_that_cannot_be_watched_says_why_and_is_picked_again() {
    journey(|board| async move {
        let here = Scratch::new("again");
        let file = here.0.join(NAME);
        fs::write(&file, plugin(2, &[])).unwrap();
        board.pick_file(&file).await;
        board
            .until("why", |seen| {
                seen.phase == "ready" && seen.all.contains("Reload picks it again")
            })
            .await;
        call(&board, "returned 42").await;
        board
            .tick("Repeat the last call, or all saved ones", true)
            .await;
        fs::write(&file, plugin(3, &["new"])).unwrap();
        board.pick_file_with("reload", &file).await;
        let seen = board.outcome_shows("returned 63").await;
        assert!(seen.console.contains("new export: new"), "{}", seen.console);
        assert_eq!(board.typed("n").await, "21");
    })
    .await;
}
