//! What it costs to record host calls, for a guest that makes little else.

use crate::board::{Board, journey};
use crate::site::repository;
use crate::table::Table;
use std::fs;
use std::sync::{Arc, Mutex};

/// How many lines the guest prints: each is a host call.
const LINES: u32 = 100_000;

/// Of so many runs each way, in turn, the fastest count: the others were disturbed.
const RUNS: usize = 6;

pub(crate) async fn measure(table: &mut Table) {
    let least = Arc::new(Mutex::new([f64::INFINITY; 2]));
    let seen = Arc::clone(&least);
    let spin = fs::read(repository().join("target/guests/spin.wasm")).unwrap();
    journey(|board| async move {
        board.plug_in("spin.wasm", &spin).await;
        board.press("flood").await;
        board.fill("n", &LINES.to_string()).await;
        for _ in 0..RUNS {
            for (place, record) in [true, false].into_iter().enumerate() {
                let millis = flood(&board, record).await;
                let mut least = seen.lock().unwrap();
                least[place] = least[place].min(millis);
            }
        }
    })
    .await;
    let [recorded, unrecorded] = *least.lock().unwrap();
    table.held(
        "trace: lines of a Go guest, host calls recorded / not recorded",
        recorded / unrecorded,
        "×",
        1.25,
    );
}

/// The milliseconds that the lines take.
async fn flood(board: &Board, record: bool) -> f64 {
    board.press("Trace").await;
    board.tick("Record", record).await;
    // The panel itself is not to be drawn meanwhile.
    board.press("Module").await;
    board
        .milliseconds_from_press("Call", "ready", "returned")
        .await
}
