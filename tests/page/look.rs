//! What can be seen of a guest beside its output: its host calls, and its memory.

use crate::board::{Board, journey};
use crate::guests::{spin, wat};
use serde_json::Value;
use std::time::Duration;
use thirtyfour::{By, Key};
use tokio::time::{sleep, timeout};

async fn greeted(board: &Board) {
    board.press("greet").await;
    board.phase("ready").await;
    board
        .until("its Go types are known", |seen| {
            seen.all.contains("from main.go") || seen.all.contains("from DWARF")
        })
        .await;
    board.press("greet").await;
    board.fill("name", "traced").await;
    board.press("Call").await;
    board.console_shows("Hello, traced").await;
}

#[tokio::test]
async fn host_calls_are_told_decoded_filtered_and_looked_into() {
    journey(|board| async move {
        greeted(&board).await;
        board.press("Trace").await;
        board
            .until("the import is told in Go's terms", |seen| {
                seen.all.contains(r#"log.log("wasm >> Hello, traced\n")"#)
            })
            .await;

        // What Go asks for as it starts, far up the list.
        board.fill("Filter host calls", "random_get(").await;
        board
            .until("a call of WASI with its errno", |seen| {
                seen.all.contains("random_get(0x") && seen.all.contains("= ESUCCESS")
            })
            .await;
        board.fill("Filter host calls", "LOG.LOG").await;
        board
            .until("all but it are filtered out", |seen| {
                seen.all.contains("1 of ") && !seen.all.contains("random_get")
            })
            .await;

        let list = board.driver.find(By::Id("trace")).await.unwrap();
        // Its call of an export, then it.
        list.send_keys(Key::Down + Key::Down).await.unwrap();
        board
            .until("its bytes", |seen| {
                seen.all.contains("48 65 6c 6c 6f 2c 20 74") && seen.all.contains("greet, call")
            })
            .await;
        board.tick("Failures only", true).await;
        board
            .until("it has not failed", |seen| {
                seen.all.contains("No host call passes the filter.")
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn host_calls_are_saved_as_json_lines_and_as_text() {
    journey(|board| async move {
        greeted(&board).await;
        board.press("Trace").await;
        board.press("JSON lines").await;
        let text = String::from_utf8(board.saved("trace.jsonl").await).unwrap();
        let entries: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line is JSON"))
            .collect();
        let log = entries.iter().find(|entry| entry["name"] == "log.log");
        let log = log.expect("the import was called");
        assert_eq!(log["arguments"], r#""wasm >> Hello, traced\n""#);
        assert_eq!(log["export"], "greet");
        let numbers = entries.iter().map(|entry| entry["number"].as_u64());
        assert!(numbers.eq((0..entries.len() as u64).map(Some)));

        board.press("Text").await;
        let text = String::from_utf8(board.saved("trace.txt").await).unwrap();
        assert_eq!(text.lines().count(), entries.len());
        assert!(text.contains(r#" log.log("wasm >> Hello, traced\n") = returned <"#));
    })
    .await;
}

#[tokio::test]
async fn a_flood_of_host_calls_is_followed_without_holding_up_the_page() {
    journey(|board| async move {
        board.plug_in("spin.wasm", &spin()).await;
        board.press("Trace").await;
        board.press("flood").await;
        board.fill("n", "2000000000").await;
        board.press("Call").await;
        board.phase("running").await;
        board
            .until("the newest of as many as there are", |seen| {
                seen.all.contains("nwritten 64") && times(&seen.all) > 10_000
            })
            .await;
        board.watch_frames().await;
        board.fill("Filter host calls", "nwritten").await;
        board
            .until("the filter is applied while it runs", |seen| {
                seen.all.contains(" of ") && seen.all.contains("nwritten 64")
            })
            .await;
        let frames = board.frames().await;
        assert!(frames.longest_task < 250.0, "{frames:?}");
        board.press("Stop").await;
        board.outcome_shows("stopped").await;
    })
    .await;
}

/// What the largest number behind `×` is.
fn times(text: &str) -> u64 {
    let numbers = text.split("× ").skip(1).filter_map(|rest| {
        let digits = rest.split(|sign: char| !sign.is_ascii_digit() && sign != ',');
        digits.take(1).next()?.replace(',', "").parse().ok()
    });
    numbers.max().unwrap_or_default()
}

/// Asks for the time as often as it is told, and once for random bytes.
const ASKS: &str = r#"(module
    (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "ask") (param $n i32)
        (loop $again
            (drop (call $time (i32.const 1) (i64.const 0) (i32.const 64)))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $again (local.get $n)))
        (drop (call $random (i32.const 128) (i32.const 4)))))"#;

#[tokio::test]
async fn equal_host_calls_are_one_row_that_opens_under_the_call_that_made_them() {
    journey(|board| async move {
        board.plug_in("asks.wasm", &wat(ASKS)).await;
        board.press("ask").await;
        board.fill("n", "300").await;
        board.press("Trace").await;
        board.press("Call").await;
        board.outcome_shows("returned").await;
        board
            .until("three rows", |seen| {
                seen.all.contains("call 1: 301 host calls")
                    && seen.all.contains("clock_time_get × 300, last (")
                    && seen.all.contains("random_get(")
            })
            .await;
        board.press("Call").await;
        board
            .until("the next call", |seen| {
                seen.all.contains("call 2: 301 host calls")
            })
            .await;

        // By keys: the first call, its clock, which opens; from one in it back to it.
        press_in_list(&board, Key::Home).await;
        expanded(&board, "1", "true").await;
        press_in_list(&board, Key::Down).await;
        expanded(&board, "2", "false").await;
        press_in_list(&board, Key::Right).await;
        expanded(&board, "2", "true").await;
        press_in_list(&board, Key::Right).await;
        board
            .until("the first of them is looked into", |seen| {
                seen.all.contains("#0 clock_time_get") && !seen.all.contains("call 2: 301")
            })
            .await;
        press_in_list(&board, Key::Left).await;
        expanded(&board, "2", "true").await;
        press_in_list(&board, Key::Left).await;
        expanded(&board, "2", "false").await;
        // Its call of the export is folded.
        press_in_list(&board, Key::Left).await;
        expanded(&board, "1", "true").await;
        press_in_list(&board, Key::Enter).await;
        expanded(&board, "1", "false").await;
        board
            .until("the clock of the other call is left", |seen| {
                seen.all.matches("clock_time_get × 300").count() == 1
            })
            .await;
        // With the mouse.
        let heading = By::XPath("//*[@id='trace']//*[@role='treeitem'][contains(., 'call 1:')]");
        board
            .driver
            .find(heading)
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
        board
            .until("it is open again", |seen| {
                seen.all.matches("clock_time_get × 300").count() == 2
            })
            .await;
    })
    .await;
}

async fn press_in_list(board: &Board, key: Key) {
    let list = board.driver.find(By::Id("trace")).await.unwrap();
    list.send_keys(key + "").await.unwrap();
}

/// Waits until the row that is chosen, of this level, is open or not.
async fn expanded(board: &Board, level: &str, expanded: &str) {
    let query = format!(
        "#trace [aria-selected=\"true\"][aria-level=\"{level}\"][aria-expanded=\"{expanded}\"]"
    );
    let wait = async { while board.driver.find(By::Css(&*query)).await.is_err() {} };
    let waited = tokio::time::timeout(std::time::Duration::from_secs(20), wait).await;
    assert!(waited.is_ok(), "{query}");
}

/// A pointer at 0x1000 to a word at 0x2000, which `write` writes.
const POINTER: &str = r#"(module
    (memory (export "memory") 2)
    (global (export "count") (mut i32) (i32.const 41))
    (data (i32.const 0x1000) "\00\20\00\00")
    (func (export "write")
        (i32.store (i32.const 0x2000) (i32.const 0x6f6c6c68))
        (global.set 0 (i32.const 42))))"#;

#[tokio::test]
async fn memory_is_looked_at_searched_and_followed() {
    journey(|board| async move {
        board.plug_in("pointer.wasm", &wat(POINTER)).await;
        board.press("Memory").await;
        board
            .until("there is none yet", |seen| {
                seen.all.contains("There is no memory yet")
            })
            .await;
        board.press("write").await;
        board.press("Call").await;
        board
            .until("the globals", |seen| seen.all.contains("42 (0x2a)"))
            .await;

        board.fill("Address", "12g").await;
        board.press("Go").await;
        board
            .until("what is wrong", |seen| {
                seen.all.contains("“12g” is no address")
            })
            .await;
        board.fill("Address", "0x1000").await;
        board.press("Go").await;
        board.press("Follow → 0x2000").await;
        board
            .until("the bytes that were written", |seen| {
                seen.all.contains("00002000") && seen.all.contains("0x2000\nu8 104")
            })
            .await;
        are_marked(&board, "changed", "686c6c6f").await;
        board.press("Back").await;
        board
            .until("where it was", |seen| seen.all.contains("0x1000\nu8 0"))
            .await;

        board.fill("Search memory", "hllo").await;
        board.press("Find").await;
        board
            .until("the text", |seen| seen.all.contains("found at 0x2000"))
            .await;
        board.choose("Search for", "hex").await;
        board.fill("Search memory", "0020 0000").await;
        board.press("Find").await;
        board
            .until("the bytes", |seen| seen.all.contains("found at 0x1000"))
            .await;
        are_marked(&board, "found", "00200000").await;

        board.press("Change before").await;
        board
            .until("the last change", |seen| {
                seen.all.contains("changed at 0x2")
            })
            .await;
    })
    .await;
}

/// Waits until these bytes, as hex, are marked so.
async fn are_marked(board: &Board, class: &str, bytes: &str) {
    let waiting = async {
        while marked(board, class).await != bytes {
            sleep(Duration::from_millis(20)).await;
        }
    };
    let marked = timeout(Duration::from_secs(20), waiting).await;
    marked.unwrap_or_else(|_| panic!("{bytes} are not marked as {class}"));
}

/// The bytes that are marked so, as hex.
async fn marked(board: &Board, class: &str) -> String {
    let cells = board
        .driver
        .find_all(By::Css(format!("#memory .hex .{class}")))
        .await
        .unwrap();
    let mut text = String::new();
    for cell in cells {
        // It may be drawn anew in that moment.
        text.push_str(cell.text().await.unwrap_or_default().trim());
    }
    text
}

/// Opens a file that is there, reads it into memory at 0x800, and returns a clock's address.
const NEEDY: &str = r#"(module
    (import "log" "note" (func $note (param i32)))
    (import "wasi_snapshot_preview1" "path_open" (func $open
        (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 32) "secrets")
    (func $main.run (export "run")
        (drop (call $open (i32.const 3) (i32.const 0) (i32.const 32) (i32.const 7)
            (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 8)))
        (drop (call $random (i32.const 0x800) (i32.const 16)))))"#;

#[tokio::test]
async fn what_a_plugin_needs_is_told_before_it_runs_and_what_it_has_used_after() {
    journey(|board| async move {
        board.plug_in("needy.wasm", &wat(NEEDY)).await;
        board.press("Module").await;
        board
            .until("what it needs", |seen| {
                seen.all.contains("What its own host must bring")
                    && seen.all.contains("Randomness")
                    && seen.all.contains("Nothing has run yet")
            })
            .await;
        board
            .until("where its bytes go", |seen| {
                seen.all.contains("Where the bytes go") && seen.all.contains("code")
            })
            .await;
        board.press("run").await;
        board.press("Call").await;
        board
            .until("what it has used", |seen| seen.all.contains("it got 16 B"))
            .await;
        let files = "//summary[contains(., 'Files') and contains(., '1 path')]";
        let files = board.driver.find(By::XPath(files)).await.unwrap();
        files.click().await.unwrap();
        board
            .until("the path, and what came of it", |seen| {
                seen.all.contains("/secrets") && seen.all.contains("failed: ENOENT")
            })
            .await;

        // Memory opens where the host has written last, and an address elsewhere leads there.
        board.press("Memory").await;
        board
            .until("the random bytes", |seen| {
                seen.all.contains("0x800: buf of random_get")
            })
            .await;
        board.press("Trace").await;
        board
            .until("the call", |seen| {
                seen.all.contains("path_open(3, 0, \"secrets\"")
            })
            .await;
        let list = board.driver.find(By::Id("trace")).await.unwrap();
        list.send_keys(Key::Home + Key::Down).await.unwrap();
        board
            .until("its bytes", |seen| seen.all.contains("path at 0x20"))
            .await;
        board.press("0x20").await;
        board
            .until("the path in memory", |seen| {
                seen.all.contains("0x20\nu8 115")
            })
            .await;
    })
    .await;
}
