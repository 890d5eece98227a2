//! Signatures from a module's own debug information.

use crate::board::{Board, journey};
use crate::described;
use crate::guests::wat;

/// Bytes of a module that is written for it.
const SIZE: usize = 100_000;

#[tokio::test]
async fn each_module_is_shown_by_its_own_debug_information() {
    journey(|board| async move {
        shows(&board, "first_").await;
        // What reads it is there by now, and may be done before the module is on the board.
        shows(&board, "second_").await;
        let plain = wat(r#"(module (func (export "plain") (param i32 i32)))"#);
        board.plug_in("plain.wasm", &plain).await;
        let seen = board.seen().await;
        assert!(!seen.all.contains("DWARF"), "{}", seen.all);
        shows(&board, "third_").await;
        // One that is refused leaves the one before as it was.
        let mut broken = described::module("fourth_", SIZE);
        broken.truncate(SIZE - 1);
        board.drop_file("broken.wasm", &broken).await;
        board
            .until("the refusal", |seen| seen.alerts.contains("broken.wasm"))
            .await;
        board
            .until("the one before", |seen| {
                seen.phase == "ready"
                    && seen.all.contains("third_greet(name string)")
                    && seen.all.contains("DWARF")
            })
            .await;
    })
    .await;
}

/// Drops a module whose exports begin with `prefix`, until their signatures are shown.
async fn shows(board: &Board, prefix: &str) {
    let signature = format!("{prefix}greet(name string)");
    let module = described::module(prefix, SIZE);
    board.drop_file(&format!("{prefix}.wasm"), &module).await;
    board
        .until(&signature, |seen| {
            seen.phase == "ready" && seen.all.contains(&signature) && seen.all.contains("DWARF")
        })
        .await;
}
