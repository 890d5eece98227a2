//! Kernels of Rust and of Go in both engines of the page's worker, beside the browser's own engine without anything around it.

use crate::board::{Board, journey};
use crate::kernels::{build, geometric_mean, in_worker, native_in_browser};
use crate::native;
use crate::site::repository;
use crate::table::Table;
use std::fs;
use std::process::Command;
use std::sync::{Arc, Mutex};

/// Each kernel and its argument.
const RUST: [(&str, i32); 6] = [
    ("fib", 32),
    ("sieve", 5_000_000),
    ("matmul", 250),
    ("hash", 30_000_000),
    ("sort", 300_000),
    ("words", 300_000),
];
const GO: [(&str, i32); 6] = [
    ("fib", 30),
    ("sieve", 5_000_000),
    ("matmul", 200),
    ("hash", 50_000),
    ("sort", 200_000),
    ("words", 100_000),
];

pub(crate) async fn measure(table: &mut Table) {
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
                times.push([bare, in_worker(&board, name, argument).await, 0.0]);
            }
            choose(&board).await;
            for ((name, argument), times) in kernels.into_iter().zip(&mut times) {
                times[2] = in_worker(&board, name, argument).await;
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
    let costs = RUST.iter().take(4).map(|(name, argument)| {
        let argument = argument / 4;
        native::rewritten(&rust, name, argument, 5) / native::metered(&rust, name, argument, 5)
    });
    table.told(
        "engines: native wasmi metered by rewriting / by itself, geometric mean",
        geometric_mean(&costs.collect::<Vec<_>>()),
        "×",
    );
}

async fn choose(board: &Board) {
    board.choose("Engine", "browser's").await;
    let is_made = "is being made ready for the browser's engine";
    board
        .until("the engine", |seen| !seen.all.contains(is_made))
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
