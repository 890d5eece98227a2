//! What a host call costs beside its work: a guest that does nothing else, with its calls recorded and not.

use crate::board::{Board, journey};
use crate::engines::{ENGINES, choose};
use crate::kernels::milliseconds;
use crate::table::Table;
use std::sync::{Arc, Mutex};

/// How many calls a run makes.
const CALLS: u32 = 500_000;

/// Of so many runs each way, in turn, the fastest count: the others were disturbed.
const RUNS: usize = 3;

/// An export for each call, which makes it so often, and one that makes none.
const GUEST: &str = r#"(module
    (import "env" "constant" (func $constant (result i32)))
    (import "wasi_snapshot_preview1" "clock_time_get"
        (func $clock (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write"
        (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 16) "\20\00\00\00\08\00\00\00")
    (data (i32.const 32) "1234567\n")
    (func (export "nothing") (param i32) (loop $again
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (br_if $again (local.get 0))))
    (func (export "constant") (param i32) (loop $again
        (drop (call $constant))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (br_if $again (local.get 0))))
    (func (export "clock_time_get") (param i32) (loop $again
        (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 8)))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (br_if $again (local.get 0))))
    (func (export "fd_write") (param i32) (loop $again
        (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 8)))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (br_if $again (local.get 0))))
    (func (export "in_turn") (param i32) (loop $again
        (drop (call $write (i32.add (i32.const 1) (i32.and (local.get 0) (i32.const 1)))
            (i32.const 16) (i32.const 1) (i32.const 8)))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (br_if $again (local.get 0)))))"#;

const EXPORTS: [&str; 5] = [
    "nothing",
    "constant",
    "clock_time_get",
    "fd_write",
    "in_turn",
];

pub(crate) async fn measure(table: &mut Table) {
    for engine in ENGINES {
        measure_in(table, engine).await;
    }
}

async fn measure_in(table: &mut Table, engine: &'static str) {
    let least = Arc::new(Mutex::new([[f64::INFINITY; 2]; EXPORTS.len()]));
    let seen = Arc::clone(&least);
    journey(|board| async move {
        board
            .plug_in("host_calls.wasm", &wat::parse_str(GUEST).unwrap())
            .await;
        choose(&board, engine).await;
        board
            .choose("How env.constant is answered", "return a constant")
            .await;
        for (place, export) in EXPORTS.into_iter().enumerate() {
            board.press(export).await;
            board.fill("n", &CALLS.to_string()).await;
            for _ in 0..RUNS {
                for (way, record) in [false, true].into_iter().enumerate() {
                    let millis = run(&board, record).await;
                    let mut least = seen.lock().unwrap();
                    least[place][way] = least[place][way].min(millis);
                }
            }
        }
    })
    .await;
    let least = least.lock().unwrap();
    for (place, export) in EXPORTS.into_iter().enumerate().skip(1) {
        for (way, (record, most)) in [("", 1.0), (", recorded", 2.0)].into_iter().enumerate() {
            let micros = (least[place][way] - least[0][way]) * 1000.0 / f64::from(CALLS);
            let call = match export {
                "fd_write" => "fd_write of 8 bytes",
                "in_turn" => "fd_write to stdout and stderr in turn",
                export => export,
            };
            let what = format!("host call beside its work, {engine}: {call}{record}");
            match export {
                // Each is a message to the page.
                "in_turn" => table.told(what, micros, "µs"),
                _ => table.held(what, micros, "µs", most),
            }
        }
    }
}

/// The milliseconds that the worker works for the calls.
async fn run(board: &Board, record: bool) -> f64 {
    board.press("Trace").await;
    board.tick("Record", record).await;
    // The panel itself is not to be drawn meanwhile.
    board.press("Module").await;
    board
        .milliseconds_from_press("Call", "ready", "returned")
        .await;
    milliseconds(&board.seen().await.used)
}
