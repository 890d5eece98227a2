//! Kernels of Rust and of Go in both engines of the page's worker, beside the browser's own engine without anything around it.

use crate::board::{Board, journey};
use crate::kernels::{CALLS, build, geometric_mean, in_worker, native_in_browser};
use crate::load::module;
use crate::native;
use crate::site::repository;
use crate::table::Table;
use serde_json::json;
use std::fs;
use std::process::Command;
use std::sync::{Arc, Mutex};

/// As the page calls them.
pub(crate) const ENGINES: [&str; 2] = ["interpreter", "browser's"];

/// What the page says while a module is made ready for one.
const IS_MADE: &str = "is being made ready for the browser's engine";

/// The sizes, in bytes, of modules that are metered by rewriting, and compiled.
const SIZES: [usize; 3] = [100_000, 2_000_000, 25_000_000];

/// Each kernel and its argument.
const RUST: [(&str, i32); 6] = [
    ("fib", 36),
    ("sieve", 20_000_000),
    ("matmul", 400),
    ("hash", 60_000_000),
    ("sort", 600_000),
    ("words", 600_000),
];
const GO: [(&str, i32); 6] = [
    ("fib", 34),
    ("sieve", 20_000_000),
    ("matmul", 350),
    ("hash", 150_000),
    ("sort", 500_000),
    ("words", 300_000),
];

pub(crate) async fn measure(table: &mut Table) {
    ready(table).await;
    let mut ratios = Vec::new();
    let rust = build();
    for (language, module, kernels) in [("Rust", &rust, RUST), ("Go", &build_go(), GO)] {
        let all: Arc<Mutex<Vec<[f64; 3]>>> = Arc::default();
        let (seen, bytes) = (Arc::clone(&all), module.clone());
        journey(|board| async move {
            board.plug_in("kernels.wasm", &bytes).await;
            let mut times = Vec::new();
            for (name, argument) in kernels {
                let bare = native_in_browser(&board, &bytes, name, argument).await;
                // Which takes seconds.
                let interpreted = in_worker(&board, name, argument, 1).await;
                times.push([bare, interpreted, 0.0]);
            }
            choose(&board, "browser's").await;
            for ((name, argument), times) in kernels.into_iter().zip(&mut times) {
                times[2] = in_worker(&board, name, argument, CALLS).await;
            }
            *seen.lock().unwrap() = times;
        })
        .await;
        let all = all.lock().unwrap();
        for ((name, argument), [bare, interpreted, browsers]) in kernels.iter().zip(all.iter()) {
            let kernel = format!("{language} {name}({argument}):");
            table.told(
                format!("{kernel} the browser's own engine, bare"),
                *bare,
                "ms",
            );
            table.told(
                format!("{kernel} the page, browser's engine"),
                *browsers,
                "ms",
            );
            table.told(
                format!("{kernel} the page, interpreter"),
                *interpreted,
                "ms",
            );
            ratios.push(browsers / bare);
        }
    }
    table.held(
        "engines: the page's browser's engine / bare, geometric mean",
        geometric_mean(&ratios),
        "×",
        2.0,
    );
    let mut costs = Vec::new();
    for (name, argument) in RUST {
        // More would take wasmi long; fewer calls of `fib` would be none to speak of.
        let argument = match name {
            "fib" => argument - 6,
            _ => argument / 16,
        };
        let by_itself = native::metered(&rust, name, argument, 5);
        let cost = native::rewritten(&rust, name, argument, 5) / by_itself;
        table.told(
            format!("Rust {name}({argument}): native wasmi, metered by rewriting / by itself"),
            cost,
            "×",
        );
        costs.push(cost);
    }
    table.told(
        "engines: native wasmi, metered by rewriting / by itself, geometric mean",
        geometric_mean(&costs),
        "×",
    );
}

/// Milliseconds from when the engine is chosen until calls run in it.
async fn ready(table: &mut Table) {
    let all: Arc<Mutex<Vec<[f64; 2]>>> = Arc::default();
    let seen = Arc::clone(&all);
    journey(|board| async move {
        for size in SIZES {
            board.plug_in(&format!("{size}.wasm"), &module(size)).await;
            board.watch_frames().await;
            let args = ["Engine", "browser's", IS_MADE].map(|text| json!(text));
            let milliseconds = board.deed("timeChoice", &args).await.as_f64().unwrap();
            let task = board.frames().await.longest_task;
            seen.lock().unwrap().push([milliseconds, task]);
        }
    })
    .await;
    let mut longest: f64 = 0.0;
    for (size, [milliseconds, task]) in SIZES.into_iter().zip(all.lock().unwrap().iter()) {
        let size = size as f64 / 1e6;
        table.told(
            format!("engines: {size} MB, chosen → rewritten and compiled"),
            *milliseconds,
            "ms",
        );
        longest = longest.max(*task);
    }
    table.held(
        "engines: the page's longest task meanwhile (0: under 50 ms)",
        longest,
        "ms",
        50.0,
    );
}

/// Has the plugin on the board run in an engine.
pub(crate) async fn choose(board: &Board, engine: &str) {
    board.choose("Engine", engine).await;
    board
        .until("the engine", |seen| !seen.all.contains(IS_MADE))
        .await;
}

fn build_go() -> Vec<u8> {
    let out = repository().join("target/guests/kernels-go.wasm");
    let status = Command::new("go")
        .current_dir(repository().join("tests/bench/guest/go"))
        .envs([("GOOS", "wasip1"), ("GOARCH", "wasm")])
        .args([
            "build",
            "-trimpath",
            "-buildvcs=false",
            "-buildmode=c-shared",
            "-o",
        ])
        .arg(&out)
        .arg(".")
        .status()
        .unwrap();
    assert!(status.success(), "the kernels compile");
    fs::read(out).unwrap()
}
