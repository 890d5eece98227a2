//! How long it takes to build Go in the page: the first time, with the toolchain from a local server, and after a change.

#![allow(clippy::disallowed_methods, reason = "a bench has a clock")]

use crate::board::{Board, journey};
use crate::site::repository;
use crate::table::Table;
use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Seconds from Build to a plugin that can be called, the first time and after a change.
const LEVELS: [f64; 2] = [30.0, 8.0];

/// Megabytes of the toolchain that `greet` needs.
const MEGABYTES: f64 = 14.0;

const JSON: &str = r#"package main

import (
	"encoding/json"
	"fmt"
)

func main() {
	text, err := json.Marshal(map[string]int{"a": 1})
	fmt.Println(string(text), err)
}
"#;

pub(crate) async fn measure(table: &mut Table) {
    let greet = fs::read_to_string(repository().join("plugin/greet/main.go")).unwrap();
    let malloc = fs::read_to_string(repository().join("plugin/greet/malloc.go")).unwrap();
    let programs = [
        ("greet", vec![("main.go", greet), ("malloc.go", malloc)]),
        ("encoding/json", vec![("main.go", JSON.to_owned())]),
    ];
    for (name, files) in programs {
        let (seconds, bytes) = times(files).await;
        for ((row, seconds), level) in ["first build", "after a change"]
            .into_iter()
            .zip(seconds)
            .zip(LEVELS)
        {
            let row = format!("building Go: {name}, {row}");
            match name {
                "greet" => table.held(row, seconds, "s", level),
                _ => table.told(row, seconds, "s"),
            }
        }
        let row = format!("building Go: {name}, fetched of the toolchain");
        match name {
            "greet" => table.held(row, bytes / 1e6, "MB", MEGABYTES),
            _ => table.told(row, bytes / 1e6, "MB"),
        }
    }
}

/// Seconds of a first build and of one after a change, and the bytes that were fetched for both.
async fn times(files: Vec<(&'static str, String)>) -> ([f64; 2], f64) {
    let came: Arc<Mutex<([f64; 2], f64)>> = Arc::default();
    let seen = Arc::clone(&came);
    journey(|board| async move {
        let mut seconds = [0.0; 2];
        for (round, seconds) in seconds.iter_mut().enumerate() {
            let change = format!("\n// Change {round}.\n");
            let texts: Vec<(&str, String)> = files
                .iter()
                .map(|(name, text)| (*name, format!("{text}{change}")))
                .collect();
            let dropped: Vec<(&str, &[u8])> = texts
                .iter()
                .map(|(name, text)| (*name, text.as_bytes()))
                .collect();
            board.drop_files(&dropped).await;
            board.press("Build").await;
            let start = Instant::now();
            until(
                &board,
                "return document.querySelector('.build-status')?.dataset.task === 'build'",
            )
            .await;
            until(
                &board,
                "const status = document.querySelector('.build-status');
                 return status && !status.dataset.task && document.querySelector('main').dataset.phase === 'ready'",
            )
            .await;
            *seconds = start.elapsed().as_secs_f64();
        }
        let fetched = "const done = arguments[arguments.length - 1];
            (async () => {
                const kept = await caches.open('plugboard-go');
                let bytes = 0;
                for (const request of await kept.keys()) bytes += (await (await kept.match(request)).blob()).size;
                return bytes;
            })().then(done);";
        let bytes = board.driver.execute_async(fetched, Vec::new()).await.unwrap();
        *seen.lock().unwrap() = (seconds, bytes.json().as_f64().unwrap());
    })
    .await;
    let came = came.lock().unwrap();
    *came
}

async fn until(board: &Board, script: &str) {
    loop {
        let so = board.driver.execute(script, Vec::new()).await.unwrap();
        if so.json() == true {
            return;
        }
        board.seen().await;
    }
}
