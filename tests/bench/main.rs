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
mod host_calls;
mod kernels;
mod load;
mod native;
mod output;
mod picked;
mod recording;
mod signatures;
mod size;
mod table;

use crate::table::Table;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut table = Table::default();
    backtraces::measure(&mut table);
    if std::env::args().any(|argument| argument == "backtraces") {
        // What needs no page.
        print!("{table}");
        return;
    }
    size::measure(&mut table);
    kernels::measure(&mut table).await;
    load::measure(&mut table).await;
    signatures::measure(&mut table).await;
    output::measure(&mut table).await;
    recording::measure(&mut table).await;
    host_calls::measure(&mut table).await;
    builds::measure(&mut table).await;
    print!("{table}");
}
