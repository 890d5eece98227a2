//! `make bench`: how fast, how smooth and how small the built page is, each row a figure beside the
//! level that it is to reach. All that is compared is measured in one run, side by side.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a step that fails ends what it is a step of"
)]

#[allow(dead_code, reason = "the journeys use the rest")]
#[path = "../page/board.rs"]
mod board;
#[allow(dead_code, reason = "the journeys use the rest")]
#[path = "../page/browser/mod.rs"]
mod browser;
#[path = "../page/scratch.rs"]
mod scratch;
#[path = "../page/server/mod.rs"]
mod server;
#[path = "../page/site.rs"]
mod site;
#[allow(dead_code, reason = "the tests of the reader use the rest")]
#[path = "../../src/go/dwarf/tests/written.rs"]
mod written;

mod backtraces;
mod builds;
mod debug_info;
mod engines;
mod host_calls;
mod kernels;
mod load;
mod native;
mod output;
mod picked;
mod programs;
mod recording;
mod signatures;
mod size;
mod table;

use crate::table::Table;

/// The parts of the table, in their order. Those that are named after `--` are measured alone.
const PARTS: [&str; 11] = [
    "backtraces",
    "size",
    "kernels",
    "engines",
    "programs",
    "load",
    "signatures",
    "output",
    "recording",
    "host-calls",
    "builds",
];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut table = Table;
    let named: Vec<String> = std::env::args().collect();
    let is_named = |part: &str| named.iter().any(|name| name == part);
    let all = !PARTS.iter().any(|part| is_named(part));
    for part in PARTS.into_iter().filter(|part| all || is_named(part)) {
        match part {
            "backtraces" => backtraces::measure(&mut table),
            "size" => size::measure(&mut table),
            "kernels" => kernels::measure(&mut table).await,
            "engines" => engines::measure(&mut table).await,
            "programs" => programs::measure(&mut table).await,
            "load" => load::measure(&mut table).await,
            "signatures" => signatures::measure(&mut table).await,
            "output" => output::measure(&mut table).await,
            "recording" => recording::measure(&mut table).await,
            "host-calls" => host_calls::measure(&mut table).await,
            _ => builds::measure(&mut table).await,
        }
    }
}
