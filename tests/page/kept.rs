//! What outlives the visit: a reload brings everything back, what is kept can be seen and deleted, and no
//! JavaScript answer sees it.

use crate::board::{Board, journey};
use crate::guests::wat;
use crate::scratch::Scratch;
use serde_json::Value;
use std::fs;
use thirtyfour::By;

/// Writes `out.txt` into the first preopen; `ask` is for its host to answer.
const PLUGIN: &str = r#"(module
    (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "env" "ask" (func $ask (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "out.txt")
    (data (i32.const 16) "\20\00\00\00\07\00\00\00written")
    (data (i32.const 32) "written")
    (func (export "first") (param i32) (result i32) (local.get 0))
    (func (export "write") (param i32) (result i32)
        (drop (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 7) (i32.const 1)
            (i64.const -1) (i64.const -1) (i32.const 0) (i32.const 64)))
        (drop (call $write (i32.load (i32.const 64)) (i32.const 16) (i32.const 1) (i32.const 72)))
        (i32.add (local.get 0) (call $ask)))
    (func (export "spin") (loop (br 0))))"#;

const ASK: &str = "How env.ask is answered";
const SCRIPT: &str = "async (guest) => {";

/// A plugin on the board that was given all that there is, and called.
async fn used(board: &Board) {
    board.plug_in("plugin.wasm", &wat(PLUGIN)).await;
    board.fill("Environment", "SECRET=1").await;
    board.press("Imports").await;
    board.choose(ASK, "JavaScript").await;
    board.fill(SCRIPT, "return 7").await;
    let here = Scratch::new("kept");
    let file = here.0.join("added.txt");
    fs::write(&file, "added by hand").unwrap();
    board.press("Files").await;
    board.pick_file_with("add-files", &file).await;
    board.press("write").await;
    board.fill("n", "35").await;
    board.press("Call").await;
    board.outcome_shows("returned 42").await;
    board
        .until("both files are there", |seen| {
            seen.all.contains("added.txt") && seen.all.contains("out.txt")
        })
        .await;
    board.fill("n", "36").await;
}

/// Opens the menu, or what is folded, of this label.
async fn unfold(board: &Board, label: &str) {
    let summary = By::XPath(format!(
        "//summary[starts-with(normalize-space(), '{label}')]"
    ));
    let summary = board.driver.find(summary).await.unwrap();
    summary.click().await.unwrap();
}

async fn reload(board: &Board) {
    board.driver.refresh().await.unwrap();
    board.phase("ready").await;
}

/// What the browser has of what a plugin is kept with.
async fn store(board: &Board) -> String {
    let script = "return plugboard.list().then((list) => Promise.all(list.map(([id]) => plugboard.read(id)))) \
                  .then((all) => JSON.stringify(all.map((parts) => parts.map(([name, part]) => \
                  name + '=' + (part instanceof Blob ? part.size : part)))))";
    let kept = board.driver.execute(script, Vec::new()).await.unwrap();
    kept.json().as_str().unwrap_or_default().to_owned()
}

/// Waits until the browser has that.
pub(crate) async fn is_kept(board: &Board, part: &str) {
    for _ in 0..200 {
        if store(board).await.contains(part) {
            return;
        }
        // What is drawn is behind what was kept.
        board.seen().await;
    }
    panic!("{part} is not in {}", store(board).await);
}

#[tokio::test]
async fn a_reload_brings_everything_back() {
    journey(|board| async move {
        used(&board).await;
        is_kept(&board, "out.txt=7").await;
        reload(&board).await;
        board
            .until("the export that was selected", |seen| {
                seen.all.contains("History: 1 call")
            })
            .await;
        assert_eq!(board.typed("n").await, "36");
        board.press("Settings").await;
        assert_eq!(board.typed("Environment").await, "SECRET=1");
        board.press("Files").await;
        board.press("View /added.txt").await;
        board
            .until("a file that was added", |seen| {
                seen.all.contains("added by hand")
            })
            .await;
        board.press("View /out.txt").await;
        board
            .until("a file that a run wrote", |seen| {
                seen.all.contains("written")
            })
            .await;
        board.press("Call").await;
        board.outcome_shows("returned 43").await;
    })
    .await;
}

#[tokio::test]
async fn what_is_typed_right_before_a_reload_is_there_after_it() {
    journey(|board| async move {
        board.plug_in("plugin.wasm", &wat(PLUGIN)).await;
        is_kept(&board, "session=").await;
        for text in ["1", "12", "123"] {
            board.fill("n", text).await;
            reload(&board).await;
            board
                .until("it is back", |seen| seen.phase == "ready")
                .await;
            assert_eq!(board.typed("n").await, text);
        }
    })
    .await;
}

#[tokio::test]
async fn recent_plugins_come_back_with_their_own_and_can_be_deleted() {
    journey(|board| async move {
        used(&board).await;
        is_kept(&board, "out.txt=7").await;
        board
            .plug_in("other.wasm", &wat("(module (func (export \"other\")))"))
            .await;
        board.press("Settings").await;
        assert_eq!(board.typed("Environment").await, "");
        is_kept(&board, "other").await;
        unfold(&board, "Recent").await;
        board.press("Unplug").await;
        board.phase("empty").await;
        // The page of another visit, with nothing on the board.
        board.driver.refresh().await.unwrap();
        let seen = board
            .until("both are listed", |seen| {
                seen.phase == "empty"
                    && seen.all.contains("other.wasm")
                    && seen.all.contains("plugin.wasm")
            })
            .await;
        assert!(seen.all.contains("kept in this browser"), "{}", seen.all);
        board.press("plugin.wasm").await;
        board
            .until("the plugin is back", |seen| {
                seen.phase == "ready" && seen.all.contains("History: 1 call")
            })
            .await;
        assert_eq!(board.typed("Environment").await, "SECRET=1");
        unfold(&board, "Recent").await;
        board.press("Unplug").await;
        board.phase("empty").await;
        board.press("Delete what is kept of other.wasm").await;
        board
            .until("one is gone", |seen| !seen.all.contains("other.wasm"))
            .await;
        unfold(&board, "Delete all…").await;
        board.press("Delete all that is kept").await;
        board
            .until("all are gone", |seen| {
                !seen.all.contains("kept in this browser")
            })
            .await;
        for _ in 0..200 {
            if store(&board).await == "[]" {
                return;
            }
            board.seen().await;
        }
        panic!("{}", store(&board).await);
    })
    .await;
}

#[tokio::test]
async fn leaving_asks_while_a_guest_runs() {
    journey(|board| async move {
        board.plug_in("plugin.wasm", &wat(PLUGIN)).await;
        let asks = || async {
            let script = "return dispatchEvent(new Event('beforeunload', { cancelable: true }))";
            let goes = board.driver.execute(script, Vec::new()).await.unwrap();
            *goes.json() == Value::Bool(false)
        };
        assert!(!asks().await);
        board.press("spin").await;
        board.press("Call").await;
        board.phase("running").await;
        assert!(asks().await);
        board.press("Stop").await;
        board.phase("ready").await;
        assert!(!asks().await);
    })
    .await;
}

#[tokio::test]
async fn where_nothing_can_be_kept_the_page_says_so_and_works() {
    journey(|board| async move {
        // As in a window where the browser forbids it.
        let forbid = "sessionStorage.clear(); IDBFactory.prototype.open = () => { \
                      throw new DOMException('The operation is insecure.', 'SecurityError'); }; \
                      return plugboard.list().then(() => 'open', (error) => error.name)";
        // The page has opened its store already, so that a plugin is kept; then it loses it.
        let close = "return new Promise((resolve) => { \
                     const request = indexedDB.deleteDatabase('plugboard'); \
                     request.onsuccess = () => resolve(true); request.onblocked = () => {}; })";
        board.driver.execute(close, Vec::new()).await.unwrap();
        board.driver.execute(forbid, Vec::new()).await.unwrap();
        board.plug_in("plugin.wasm", &wat(PLUGIN)).await;
        board.fill("n", "5").await;
        board.press("Call").await;
        board.outcome_shows("returned 5").await;
        board
            .until("it is said", |seen| seen.all.contains("keeps nothing"))
            .await;
        unfold(&board, "Recent").await;
        board.press("Unplug").await;
        board
            .until("it is said where what is kept is", |seen| {
                seen.phase == "empty" && seen.all.contains("keeps nothing")
            })
            .await;
        // It is all there, on this visit.
        board.plug_in("plugin.wasm", &wat(PLUGIN)).await;
        assert_eq!(board.typed("n").await, "5");
    })
    .await;
}

/// Looks for whatever can keep something, or can make a realm that could, on every object that leads to one.
const LOOK: &str = r"
    const forbidden = /^(IDBFactory|CacheStorage|StorageManager|StorageBucketManager|ServiceWorkerContainer|LockManager|CookieStore)$/;
    const makers = ['Worker', 'SharedWorker', 'BroadcastChannel', 'webkitRequestFileSystemSync', 'indexedDB', 'caches'];
    const found = makers.filter((name) => typeof globalThis[name] !== 'undefined');
    const seen = new Set();
    const look = (object, path, receiver, depth) => {
      for (let it = object; it; it = Object.getPrototypeOf(it)) {
        for (const name of Reflect.ownKeys(it)) {
          let value;
          try { value = Reflect.get(it, name, receiver); } catch { continue; }
          if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue;
          seen.add(value);
          // What is rejected is nobody's: Firefox would say so in its console.
          if (value instanceof Promise) value.catch(() => {});
          const kind = Object.prototype.toString.call(value).slice(8, -1);
          if (name !== 'prototype' && forbidden.test(kind)) found.push(path + '.' + String(name));
          if (depth > 0) look(value, path + '.' + String(name), value, depth - 1);
        }
      }
    };
    look(globalThis, 'self', globalThis, 2);
    for (const name of ['Worker', 'indexedDB', 'caches']) {
      try { if (typeof (0, eval)(name) !== 'undefined') found.push('eval ' + name); } catch {}
      try { if (typeof Function('return ' + name)() !== 'undefined') found.push('Function ' + name); } catch {}
    }
    console.log('found: ' + found.join(' ') + ' of ' + seen.size);
    return 7";

#[tokio::test]
async fn javascript_answers_see_nothing_of_what_is_kept() {
    journey(|board| async move {
        board.plug_in("plugin.wasm", &wat(PLUGIN)).await;
        board.press("Imports").await;
        board.choose(ASK, "JavaScript").await;
        board.fill(SCRIPT, LOOK).await;
        board.press("write").await;
        board.press("Call").await;
        let seen = board.console_shows("found:").await;
        let line = seen.console.lines().find(|line| line.contains("found:"));
        let (found, of) = line.unwrap().split_once(" of ").unwrap();
        assert_eq!(
            found.trim_end().rsplit("found:").next(),
            Some(""),
            "{}",
            seen.console
        );
        let of: u32 = of.trim().parse().unwrap();
        assert!(of > 500, "it has looked at {of} objects");
    })
    .await;
}
