//! From a file that is picked to the signatures that its debug information gives.

use crate::board::journey;
use crate::debug_info;
use crate::table::Table;
use serde_json::json;
use std::fs;
use std::sync::{Arc, Mutex};

/// The sizes, in bytes, and how many milliseconds it may take: a small one, after which what reads
/// debug information is there; one as large as plugins are; one that is larger than any.
const SIZES: [(usize, Option<f64>); 3] = [
    (100_000, None),
    (1_000_000, Some(100.0)),
    (25_000_000, None),
];

/// A task of the page's thread may take so many milliseconds meanwhile.
const TASK: f64 = 50.0;

pub(crate) async fn measure(table: &mut Table) {
    let times: Arc<Mutex<Vec<[f64; 2]>>> = Arc::default();
    let seen = Arc::clone(&times);
    let scratch = std::env::temp_dir().join(format!("plugboard-debug-{}", std::process::id()));
    fs::create_dir_all(&scratch).unwrap();
    let files = SIZES.map(|(size, _)| {
        let file = scratch.join(format!("{size}.wasm"));
        fs::write(&file, debug_info::module(&format!("m{size}_"), size)).unwrap();
        (file, format!("m{size}_greet(name string)"))
    });
    journey(|board| async move {
        for (file, signature) in files {
            board.watch_frames().await;
            board.deed("timeSignature", &[json!(signature)]).await;
            board.pick_file(&file).await;
            let milliseconds = board.deed("load", &[]).await.as_f64().unwrap();
            let task = board.frames().await.longest_task;
            seen.lock().unwrap().push([milliseconds, task]);
        }
    })
    .await;
    fs::remove_dir_all(scratch).unwrap();
    let mut longest: f64 = 0.0;
    for ((size, level), [milliseconds, task]) in SIZES.iter().zip(times.lock().unwrap().iter()) {
        let megabytes = *size as f64 / 1e6;
        let what = format!("debug information: {megabytes} MB, picked → signatures shown");
        match level {
            Some(level) => table.held(what, *milliseconds, "ms", *level),
            None => table.told(what, *milliseconds, "ms"),
        }
        longest = longest.max(*task);
    }
    table.held(
        "debug information: the longest task of the page's thread meanwhile (0: under 50 ms)",
        longest,
        "ms",
        TASK,
    );
}
