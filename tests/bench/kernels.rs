//! Guest kernels in the page's worker, against the browser's own engine and native wasmi.

use crate::board::{Board, journey};
use crate::native;
use crate::site::repository;
use crate::table::Table;
use serde_json::json;
use std::fs;
use std::process::Command;
use std::sync::{Arc, Mutex};

/// Each kernel and its argument.
pub(crate) const KERNELS: [(&str, i32); 4] = [
    ("fib", 30),
    ("sieve", 3_000_000),
    ("matmul", 150),
    ("hash", 8_000_000),
];

/// Of so many calls the fastest counts: the others were disturbed.
pub(crate) const CALLS: u32 = 5;

pub(crate) async fn measure(table: &mut Table) {
    let module = build();
    let page: Arc<Mutex<Vec<[f64; 2]>>> = Arc::default();
    let (seen, bytes) = (Arc::clone(&page), module.clone());
    journey(|board| async move {
        board.plug_in("kernels.wasm", &bytes).await;
        for (name, argument) in KERNELS {
            let own = native_in_browser(&board, &bytes, name, argument).await;
            let ours = in_worker(&board, name, argument, CALLS).await;
            seen.lock().unwrap().push([ours, own]);
        }
    })
    .await;
    let page = page.lock().unwrap();
    let mut ratios = [Vec::new(), Vec::new(), Vec::new(), Vec::new()];
    for ((name, argument), [ours, own]) in KERNELS.iter().zip(page.iter()) {
        let unmetered = native::unmetered(&module, name, *argument, CALLS);
        let metered = native::metered(&module, name, *argument, CALLS);
        let kernel = format!("kernel {name}({argument}):");
        table.told(format!("{kernel} the browser's own engine"), *own, "ms");
        table.told(format!("{kernel} native wasmi, unmetered"), unmetered, "ms");
        table.told(
            format!("{kernel} native session, metered, in slices"),
            metered,
            "ms",
        );
        table.told(format!("{kernel} the page's worker, metered"), *ours, "ms");
        for (ratio, value) in ratios.iter_mut().zip([
            ours / unmetered,
            ours / metered,
            metered / unmetered,
            ours / own,
        ]) {
            ratio.push(value);
        }
    }
    let [unmetered, metered, metering, own] = ratios.map(|ratios| geometric_mean(&ratios));
    table.held(
        "kernels: worker / native wasmi unmetered, geometric mean",
        unmetered,
        "×",
        5.0,
    );
    table.held(
        "kernels: worker / native session metered, geometric mean",
        metered,
        "×",
        4.0,
    );
    table.held(
        "kernels: native, metered and stoppable / unmetered, geometric mean",
        metering,
        "×",
        1.15,
    );
    table.told(
        "kernels: worker / the browser's own engine, geometric mean",
        own,
        "×",
    );
}

/// Compiles the kernels.
pub(crate) fn build() -> Vec<u8> {
    compile("kernels.wasm", "-Cstrip=symbols")
}

/// The same with its lines.
pub(crate) fn build_with_lines() -> Vec<u8> {
    compile("kernels-lines.wasm", "-Cdebuginfo=2")
}

fn compile(name: &str, option: &str) -> Vec<u8> {
    let out = repository().join("target/guests").join(name);
    let status = Command::new("rustc")
        .args([
            "--edition",
            "2024",
            "--target",
            "wasm32-unknown-unknown",
            "--crate-type",
            "cdylib",
        ])
        .args([
            "-Copt-level=3",
            "-Cpanic=abort",
            "-Clto=fat",
            "-Ccodegen-units=1",
            option,
            "-o",
        ])
        .arg(&out)
        .arg(repository().join("tests/bench/guest/kernels.rs"))
        .status()
        .unwrap();
    assert!(status.success(), "the kernels compile");
    fs::read(out).unwrap()
}

pub(crate) async fn native_in_browser(
    board: &Board,
    module: &[u8],
    name: &str,
    argument: i32,
) -> f64 {
    let contents: String = module.iter().copied().map(char::from).collect();
    let args = [json!(contents), json!(name), json!(argument), json!(CALLS)];
    board.deed("native", &args).await.as_f64().unwrap()
}

/// The least time that the worker says it worked for one of these calls.
pub(crate) async fn in_worker(board: &Board, name: &str, argument: i32, calls: u32) -> f64 {
    board.press(name).await;
    board.fill("n", &argument.to_string()).await;
    let mut least = f64::INFINITY;
    for _ in 0..calls {
        board
            .milliseconds_from_press("Call", "ready", "returned")
            .await;
        least = least.min(milliseconds(&board.seen().await.used));
    }
    least
}

/// The time in what a call used, which the page shows as `38 ms` or `2.1 s`.
pub(crate) fn milliseconds(used: &str) -> f64 {
    let words: Vec<&str> = used.split_whitespace().collect();
    let time = words.windows(2).find_map(|pair| {
        let factor = match *pair.get(1)? {
            "ms" => 1.0,
            "s" => 1000.0,
            _ => return None,
        };
        Some(pair.first()?.parse::<f64>().ok()? * factor)
    });
    time.unwrap_or_else(|| panic!("there is a time in {used:?}"))
}

#[expect(clippy::cast_precision_loss, reason = "there are few")]
pub(crate) fn geometric_mean(ratios: &[f64]) -> f64 {
    (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp()
}
