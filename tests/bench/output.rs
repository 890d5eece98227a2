//! Output from guest to page, and how soon a guest is stopped, in both engines.

use crate::board::journey;
use crate::engines::{ENGINES, choose};
use crate::site::repository;
use crate::table::Table;
use std::fs;
use std::sync::{Arc, Mutex};

/// How many lines of 64 bytes are printed.
const LINES: u32 = 300_000;

/// Of so many floods the smoothest counts: what the machine does besides only ever adds.
const FLOODS: usize = 3;

/// From the click to stopped, in milliseconds, in each engine.
const STOPPED: [f64; 2] = [100.0, 50.0];

pub(crate) async fn measure(table: &mut Table) {
    for (engine, stopped) in ENGINES.into_iter().zip(STOPPED) {
        measure_in(table, engine, stopped).await;
    }
}

async fn measure_in(table: &mut Table, engine: &'static str, stopped: f64) {
    let figures = Arc::new(Mutex::new([f64::INFINITY; 5]));
    let seen = Arc::clone(&figures);
    let spin = fs::read(repository().join("target/guests/spin.wasm")).unwrap();
    journey(|board| async move {
        board.plug_in("spin.wasm", &spin).await;
        choose(&board, engine).await;
        board.press("flood").await;
        board.fill("n", &LINES.to_string()).await;
        for _ in 0..FLOODS {
            board.watch_frames().await;
            let flooded = board
                .milliseconds_from_press("Call", "ready", "returned")
                .await;
            let frames = board.frames().await;
            let mut least = seen.lock().unwrap();
            for (place, figure) in [flooded, frames.longest_task, frames.longest_frame]
                .into_iter()
                .enumerate()
            {
                least[place] = least[place].min(figure);
            }
        }
        board.fill("n", "2000000000").await;
        board.press("Call").await;
        board.phase("running").await;
        let stopped_flood = board
            .milliseconds_from_press("Stop", "ready", "stopped")
            .await;
        board.press("Restart").await;
        board.press("spin").await;
        board.press("Call").await;
        board.phase("running").await;
        let stopped_spin = board
            .milliseconds_from_press("Stop", "ready", "stopped")
            .await;
        seen.lock().unwrap()[3..].copy_from_slice(&[stopped_flood, stopped_spin]);
    })
    .await;
    let [flooded, task, frame, stopped_flood, stopped_spin] = *figures.lock().unwrap();
    table.told(
        format!("output, {engine}: lines from a Go guest to the page, a second"),
        f64::from(LINES) / flooded * 1000.0,
        "",
    );
    table.held(
        format!("output, {engine}: the page's longest task meanwhile (0: under 50 ms)"),
        task,
        "ms",
        50.0,
    );
    table.held(
        format!("output, {engine}: the longest time between two frames meanwhile"),
        frame,
        "ms",
        50.0,
    );
    table.held(
        format!("stop, {engine}: from the click, a guest that floods stdout"),
        stopped_flood,
        "ms",
        stopped,
    );
    table.held(
        format!("stop, {engine}: from the click, a guest that spins"),
        stopped_spin,
        "ms",
        stopped,
    );
}
