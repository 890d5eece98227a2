//! Modules that are picked in the file dialog one after the other, and what that takes.

use crate::board::journey;
use crate::table::Table;
use serde_json::Value;
use std::fs;
use std::sync::{Arc, Mutex};

/// A task of the page's thread may take so many milliseconds meanwhile.
const TASK: f64 = 50.0;

/// A module, what begins to time it, and the row that it makes.
pub(crate) struct Timed {
    pub(crate) module: Vec<u8>,
    pub(crate) deed: &'static str,
    pub(crate) args: Vec<Value>,
    pub(crate) row: String,
    /// In milliseconds; `None`: it is only told.
    pub(crate) level: Option<f64>,
}

/// A row for each module, and one for the longest task of the page meanwhile.
pub(crate) async fn measure(table: &mut Table, what: &str, timed: Vec<Timed>) {
    let times: Arc<Mutex<Vec<[f64; 2]>>> = Arc::default();
    let seen = Arc::clone(&times);
    let scratch = std::env::temp_dir().join(format!("plugboard-bench-{}", std::process::id()));
    fs::create_dir_all(&scratch).unwrap();
    let mut steps = Vec::new();
    let mut rows = Vec::new();
    for (index, timed) in timed.into_iter().enumerate() {
        let file = scratch.join(format!("{index}.wasm"));
        fs::write(&file, timed.module).unwrap();
        steps.push((file, timed.deed, timed.args));
        rows.push((timed.row, timed.level));
    }
    journey(|board| async move {
        for (file, deed, args) in steps {
            board.watch_frames().await;
            board.deed(deed, &args).await;
            board.pick_file(&file).await;
            let milliseconds = board.deed("load", &[]).await.as_f64().unwrap();
            let task = board.frames().await.longest_task;
            seen.lock().unwrap().push([milliseconds, task]);
        }
    })
    .await;
    fs::remove_dir_all(scratch).unwrap();
    let mut longest: f64 = 0.0;
    for ((row, level), [milliseconds, task]) in rows.into_iter().zip(times.lock().unwrap().iter()) {
        match level {
            Some(level) => table.held(row, *milliseconds, "ms", level),
            None => table.told(row, *milliseconds, "ms"),
        }
        longest = longest.max(*task);
    }
    table.held(
        format!("{what}: the longest task of the page's thread meanwhile (0: under 50 ms)"),
        longest,
        "ms",
        TASK,
    );
}
