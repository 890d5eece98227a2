//! Where calls have used their fuel, how long their host calls took, and which lines they have reached.

use crate::board::{Board, journey};
use crate::guests::wat;
use crate::scratch::Scratch;
use crate::site::repository;
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};
use thirtyfour::{By, Key};

/// Go's tool, of the Go of PATH or the one that `make setup` has installed.
fn go_tool(args: &[&str], file: &str, bytes: &[u8]) -> String {
    let here = Scratch::new("go-tool");
    let path = here.0.join(file);
    fs::write(&path, bytes).unwrap();
    let args = args
        .iter()
        .map(|arg| arg.replace("{}", path.to_str().unwrap()));
    let mut go = Command::new(go());
    let run = go.arg("tool").args(args).current_dir(repository());
    let run = run.env("GOTOOLCHAIN", "local").output().expect("Go runs");
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    String::from_utf8_lossy(&run.stdout).into_owned()
}

fn go() -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    if env::split_paths(&path).any(|folder| folder.join("go").is_file()) {
        return PathBuf::from("go");
    }
    let home = env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or(home);
    let tools = fs::read_dir(cache.unwrap().join("plugboard")).unwrap();
    let mut tools = tools.map(|tool| tool.unwrap().path().join("go/bin/go"));
    tools
        .find(|go| go.is_file())
        .expect("`make setup` installs Go")
}

/// `work` uses most; `ask` is a host call.
const GUEST: &str = r#"(module
    (import "env" "ask" (func $ask (param i32) (result i32)))
    (memory (export "memory") 1)
    (func $busy (param i32)
        (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
    (func $work (call $busy (i32.const 900000)))
    (func $rest (call $busy (i32.const 100000)))
    (func (export "run") (call $work) (call $rest) (drop (call $ask (i32.const 7))))
    (func $deep (param i32)
        (if (local.get 0)
            (then (call $deep (i32.sub (local.get 0) (i32.const 1))))
            (else (call $busy (i32.const 400000)))))
    (func (export "recurse") (call $deep (i32.const 9990))))"#;

async fn script(board: &Board, script: &str) -> Value {
    let result = board.driver.execute(script, Vec::new()).await;
    result.unwrap().json().clone()
}

/// The names in the boxes of the flame graph that can be read.
async fn boxes(board: &Board) -> Vec<String> {
    let names = "return [...document.querySelectorAll('#flame [data-box]')].map((it) => it.getAttribute('aria-label'))";
    let names = script(board, names).await;
    let names = names.as_array().cloned().unwrap_or_default();
    names
        .iter()
        .map(|name| name.as_str().unwrap_or_default().to_owned())
        .collect()
}

async fn until_boxes(board: &Board, what: &str, is_so: impl Fn(&[String]) -> bool) {
    let mut last = Vec::new();
    for _ in 0..2_000 {
        last = boxes(board).await;
        if is_so(&last) {
            return;
        }
    }
    panic!("{what}: {last:?}");
}

fn has(boxes: &[String], name: &str) -> bool {
    let name = format!("{name}: ");
    boxes.iter().any(|it| it.starts_with(&name))
}

#[tokio::test]
async fn where_a_sample_uses_its_fuel_is_seen_and_saved() {
    journey(|board| async move {
        board.open_greet().await;
        board.press("greet").await;
        board.fill("name", "Ada").await;
        board.tick("Profile", true).await;
        board.press("Call").await;
        board.console_shows("Hello, Ada").await;
        until_boxes(&board, "main.greet is in it", |boxes| {
            has(boxes, "main.greet")
        })
        .await;
        board.choose("As what", "Table").await;
        board
            .until("the table", |seen| seen.all.contains("Fuel, total"))
            .await;
        board.press("pprof").await;
        let pprof = board.saved("greet.pprof").await;
        let top = go_tool(
            &["pprof", "-top", "-nodecount=500", "-nodefraction=0", "{}"],
            "greet.pprof",
            &pprof,
        );
        assert!(top.contains("Type: fuel"), "{top}");
        assert!(top.contains("main.greet"), "{top}");
        let host = go_tool(
            &["pprof", "-sample_index=host", "-traces", "{}"],
            "greet.pprof",
            &pprof,
        );
        assert!(host.contains("Type: host"), "{host}");
        board.press("Folded stacks").await;
        let folded = String::from_utf8(board.saved("greet.folded").await).unwrap();
        assert!(
            folded.lines().any(|line| line.contains("main.greet")),
            "{folded}"
        );
        // A frame that is found leads to its line.
        board.choose("As what", "Flame graph").await;
        until_boxes(&board, "it is drawn again", |boxes| !boxes.is_empty()).await;
        board.fill("Find functions", "main.greet").await;
        board.keys("Find functions", Key::Enter).await;
        board.press("Show it").await;
        board
            .until("Source", |seen| {
                seen.all.contains("Signatures are read from")
            })
            .await;
        let line = "return document.querySelector('.source-view [aria-current] code')?.textContent";
        let line = script(&board, line).await;
        assert!(
            line.as_str().is_some_and(|line| line.contains("wasm >> ")),
            "{line}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_flame_graph_is_gone_through_by_keys_and_searched() {
    journey(|board| async move {
        board.plug_in("guest.wasm", &wat(GUEST)).await;
        board.press("run").await;
        board.tick("Profile", true).await;
        board.press("Call").await;
        board.outcome_shows("no answer").await;
        until_boxes(&board, "all of it", |boxes| {
            has(boxes, "work") && has(boxes, "rest") && has(boxes, "busy")
        })
        .await;
        let flame = board.driver.find(By::Id("flame")).await.unwrap();
        // Into `run`, then `work`, which is wider than `rest`.
        flame.send_keys(Key::Down + Key::Down).await.unwrap();
        let selected = "return document.querySelector('#flame [aria-selected=true]').getAttribute('aria-label')";
        assert!(script(&board, selected).await.as_str().unwrap().starts_with("work: "));
        flame.send_keys(Key::Enter + "").await.unwrap();
        until_boxes(&board, "work alone", |boxes| has(boxes, "work") && !has(boxes, "rest")).await;
        board.driver.find(By::Id("flame")).await.unwrap().send_keys(Key::Escape + "").await.unwrap();
        until_boxes(&board, "all again", |boxes| has(boxes, "rest")).await;
        board.fill("Find functions", "BUSY").await;
        board
            .until("both are marked", |seen| seen.all.contains("2 frames marked"))
            .await;
        // What it has called of its host is a frame of its own, by its time.
        board.choose("What is measured", "Time of host calls").await;
        until_boxes(&board, "the host call", |boxes| has(boxes, "env.ask")).await;
    })
    .await;
}

#[tokio::test]
async fn deep_recursion_is_drawn_as_far_as_it_is_in_view() {
    journey(|board| async move {
        board.plug_in("guest.wasm", &wat(GUEST)).await;
        board.press("recurse").await;
        board.tick("Profile", true).await;
        board.press("Call").await;
        board.outcome_shows("returned").await;
        until_boxes(&board, "its beginning", |boxes| has(boxes, "deep")).await;
        assert!(boxes(&board).await.len() < 120);
        board.fill("Find functions", "left out").await;
        board.keys("Find functions", Key::Enter).await;
        until_boxes(&board, "what is left out", |boxes| {
            has(boxes, "(frames left out)")
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn which_lines_were_reached_is_listed_by_file_and_saved() {
    journey(|board| async move {
        board.open_greet().await;
        board.press("greet").await;
        board.fill("name", "Ada").await;
        board.tick("Debug", true).await;
        board.press("Call").await;
        board
            .until("the call ends", |seen| {
                seen.phase == "ready" && seen.all.contains("Hello, Ada")
            })
            .await;
        board.press("Source").await;
        board
            .until("files", |seen| seen.all.contains("Lines reached"))
            .await;
        board.press("Save cover profile").await;
        let text = String::from_utf8(board.saved("greet.cover").await).unwrap();
        assert!(text.starts_with("mode: set\n"), "{text}");
        // The sample's file has the name of its package in it; Go finds it here.
        let file = repository().join("plugin/greet/main.go");
        let lines = text.lines().filter_map(|line| {
            let (path, rest) = line.split_once("main.go:")?;
            (!path.contains('@')).then(|| format!("{}:{rest}", file.display()))
        });
        let own: Vec<String> = lines.collect();
        assert!(own.iter().any(|line| line.ends_with(" 1 1")), "{text}");
        let own = format!("mode: set\n{}\n", own.join("\n"));
        let said = go_tool(&["cover", "-func={}"], "cover.out", own.as_bytes());
        let greet = said
            .lines()
            .find(|line| line.contains("\tgreet\t") || line.contains("greet "));
        assert!(
            greet.is_some_and(|line| line.trim_end().ends_with("100.0%")),
            "{said}"
        );
    })
    .await;
}
