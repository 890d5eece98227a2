//! Commands: what they are given, what they print, how they end.

use crate::board::journey;
use crate::guests::{hello, wat};
use thirtyfour::Key;

#[tokio::test]
async fn a_go_command_prints_what_it_is_given() {
    journey(|board| async move {
        board.plug_in("hello.wasm", &hello()).await;
        board.press("Add an argument").await;
        board.fill("argument 1", "-v").await;
        board.keys("argument 1", Key::Enter + "").await;
        board.fill("argument 2", "two words").await;
        board.fill("Environment", "KEY=value").await;
        board.choose("stdin", "text").await;
        board.fill("Text of stdin", "first line\nsecond line").await;
        board.press("Run").await;
        let seen = board.outcome_shows("exited with code 0").await;
        for line in [
            "Hello from Go",
            "arg 1: -v",
            "arg 2: two words",
            "env: KEY=value",
            "stdin: first line",
            "stdin: second line",
        ] {
            assert!(
                seen.console.contains(line),
                "{line:?} is in {:?}",
                seen.console
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_command_line_becomes_arguments() {
    journey(|board| async move {
        board.plug_in("hello.wasm", &hello()).await;
        board.choose("stdin", "nothing").await;
        board.fill("Command line", "-v 'two words").await;
        board
            .until("the quote is named", |seen| {
                seen.all
                    .contains("the quote ' at character 4 is not closed")
            })
            .await;
        board.keys("Command line", "' \"\" x").await;
        board.press("Remove argument 4").await;
        board.press("Run").await;
        let seen = board.outcome_shows("exited with code 0").await;
        for line in ["arg 1: -v\n", "arg 2: two words\n", "arg 3: \n"] {
            assert!(seen.console.contains(line), "{line:?}: {:?}", seen.console);
        }
        assert!(!seen.console.contains("arg 4"), "{:?}", seen.console);

        board.keys("argument 3", Key::Backspace + "").await;
        board.keys("argument 2", Key::Enter + "").await;
        board.keys("argument 3", "typed at once").await;
        board.press("Run").await;
        board.console_shows("arg 3: typed at once").await;
    })
    .await;
}

#[tokio::test]
async fn a_file_is_stdin_byte_for_byte() {
    journey(|board| async move {
        // As many bytes as make a block of their own, and none of them text.
        let bytes: Vec<u8> = (0..200_000_u32)
            .map(|place| (place * 7).to_le_bytes()[0])
            .collect();
        let file = std::env::temp_dir().join("plugboard-stdin.bin");
        std::fs::write(&file, &bytes).unwrap();
        board.plug_in("sum.wasm", &wat(SUM)).await;
        board.choose("stdin", "a file").await;
        board.pick_file_with("stdin-file", &file).await;
        board
            .until("its name and size", |seen| {
                seen.all.contains("plugboard-stdin.bin") && seen.all.contains("195 KiB")
            })
            .await;
        // The module is another one now, and the file is still there.
        board.plug_in("other.wasm", &wat(SUM)).await;
        board.press("Run").await;
        let sum = bytes.iter().fold(0_u32, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(u32::from(*byte))
        });
        let code = sum & 0x7fff_ffff;
        board.outcome_shows(&format!("code {code}")).await;
        board.press("Remove").await;
        board.press("Run").await;
        board.outcome_shows("code 0").await;
        std::fs::remove_file(&file).unwrap();
    })
    .await;
}

/// Exits with a hash of what is on stdin: `hash * 31 + byte`, 31 bits of it.
const SUM: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_read"
        (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\40\00\00\00\00\10\00\00")
    (func (export "_start") (local $sum i32) (local $at i32)
        (loop $more
            (if (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
            (local.set $at (i32.const 0))
            (if (i32.load (i32.const 8)) (then
                (loop $byte
                    (local.set $sum (i32.add
                        (i32.mul (local.get $sum) (i32.const 31))
                        (i32.load8_u offset=64 (local.get $at))))
                    (local.set $at (i32.add (local.get $at) (i32.const 1)))
                    (br_if $byte (i32.lt_u (local.get $at) (i32.load (i32.const 8)))))
                (br $more))))
        (call $exit (i32.and (local.get $sum) (i32.const 0x7fffffff)))))"#;

#[tokio::test]
async fn an_exit_code_is_shown() {
    journey(|board| async move {
        board.plug_in("three.wasm", &exits_with(3)).await;
        board.press("Run").await;
        board.outcome_shows("exited with code 3").await;
    })
    .await;
}

#[tokio::test]
async fn a_code_point_that_is_split_between_two_writes_is_shown_whole() {
    journey(|board| async move {
        let split = wat(r#"(module
            (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "\20\00\00\00\02\00\00\00\22\00\00\00\03\00\00\00")
            (data (i32.const 32) "\e4\b8\96!\0a")
            (func (export "_start")
                (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64)))
                (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 64)))))"#);
        board.plug_in("split.wasm", &split).await;
        board.press("Run").await;
        board.console_shows("世!").await;
    })
    .await;
}

/// A command that calls `proc_exit`.
fn exits_with(code: u32) -> Vec<u8> {
    wat(&format!(
        r#"(module
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") 1)
            (func (export "_start") (call $exit (i32.const {code}))))"#
    ))
}
