//! stdin that is typed while the guest runs.

use crate::board::{Board, journey};
use crate::guests::{hello, wat};
use thirtyfour::Key;

/// The field at which it is typed.
const PROMPT: &str = "Type for stdin";

#[tokio::test]
async fn a_go_program_reads_two_lines_that_are_typed() {
    journey(|board| async move {
        waits(&board, &hello()).await;
        // The field has the focus already: the keys are sent to nothing in particular.
        let keys = board.driver.action_chain();
        keys.send_keys("first line" + Key::Enter)
            .perform()
            .await
            .unwrap();
        board.console_shows("stdin: first line").await;
        board.phase("waiting").await;
        board.keys(PROMPT, "second" + Key::Enter).await;
        board.console_shows("stdin: second").await;
        board.keys(PROMPT, Key::Up + Key::Up + Key::Enter).await;
        board
            .until("the line that was typed first, again", |seen| {
                seen.console.matches("stdin: first line").count() == 2
            })
            .await;
        board.keys(PROMPT, Key::Control + "d").await;
        let seen = board.outcome_shows("exited with code 0").await;
        assert!(
            seen.console.contains("second\n"),
            "what was typed is there too: {:?}",
            seen.console
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_typed_before_control_d_is_the_last_line() {
    journey(|board| async move {
        waits(&board, &hello()).await;
        board.keys(PROMPT, "no newline" + Key::Control + "d").await;
        board.phase("waiting").await;
        board.keys(PROMPT, Key::Control + "d").await;
        let seen = board.outcome_shows("exited with code 0").await;
        assert!(
            seen.console.contains("stdin: no newline"),
            "{:?}",
            seen.console
        );
    })
    .await;
}

#[tokio::test]
async fn control_c_stops_and_so_does_stop_while_it_waits() {
    journey(|board| async move {
        waits(&board, &hello()).await;
        board.keys(PROMPT, "typed" + Key::Control + "c").await;
        board.outcome_shows("stopped").await;
        board.press("Run").await;
        waiting(&board).await;
        board.press("Stop").await;
        board.outcome_shows("stopped").await;
        board.press("Run").await;
        waiting(&board).await;
        board.keys(PROMPT, "again" + Key::Enter).await;
        board.console_shows("stdin: again").await;
    })
    .await;
}

#[tokio::test]
async fn keys_are_sent_at_once_if_that_is_chosen() {
    journey(|board| async move {
        board.plug_in("keys.wasm", &wat(KEYS)).await;
        board.tick("each key is sent at once", true).await;
        board.press("Run").await;
        waiting(&board).await;
        board.keys(PROMPT, "a" + Key::Up).await;
        board.outcome_shows("exited with code 4").await;
    })
    .await;
}

/// Reads until it has read `A`; exits with the number of bytes.
const KEYS: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_read"
        (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\40\00\00\00\01\00\00\00")
    (func (export "_start") (local $bytes i32)
        (loop $more
            (if (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
            (local.set $bytes (i32.add (local.get $bytes) (i32.const 1)))
            (br_if $more (i32.ne (i32.load8_u (i32.const 64)) (i32.const 65))))
        (call $exit (local.get $bytes))))"#;

/// Runs a program that reads stdin.
async fn waits(board: &Board, program: &[u8]) {
    board.plug_in("program.wasm", program).await;
    board.press("Run").await;
    waiting(board).await;
}

async fn waiting(board: &Board) {
    board
        .until("it waits for stdin", |seen| {
            seen.phase == "waiting" && seen.outcome.contains("waiting for stdin: type below")
        })
        .await;
}
