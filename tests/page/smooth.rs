//! The page's thread is never held up, whatever the guest does.

use crate::board::{Board, journey};
use crate::guests::{greet, spin};

/// The level to reach is 50 ms (`make bench` holds it to that); a test machine that does other
/// things too gets more.
const SMOOTH: f64 = 250.0;

#[tokio::test]
async fn loading_and_initializing_a_go_plugin_drop_no_frame() {
    journey(|board| async move {
        board.watch_frames().await;
        board.plug_in("greet.wasm", &greet()).await;
        board.press("greet").await;
        board.fill("s", "frames").await;
        board.press("Call").await;
        board.console_shows("wasm >> Hello, frames").await;
        was_smooth(&board, "load, _initialize and call").await;
    })
    .await;
}

#[tokio::test]
async fn a_flood_of_output_drops_no_frame() {
    journey(|board| async move {
        board.plug_in("spin.wasm", &spin()).await;
        board.press("flood").await;
        board.fill("n", "100000").await;
        board.watch_frames().await;
        board
            .milliseconds_from_press("Call", "ready", "returned")
            .await;
        was_smooth(&board, "a flood of 100,000 lines").await;
    })
    .await;
}

async fn was_smooth(board: &Board, what: &str) {
    let frames = board.frames().await;
    println!("{what}: {frames:?}");
    assert!(frames.frames > 1, "there were frames");
    assert!(
        frames.longest_task < SMOOTH,
        "{what} held the page up: {frames:?}"
    );
}
