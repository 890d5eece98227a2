//! A plugin with an ABI of its own, that no compiler of Go's has made: bytes are written into its memory by
//! hand, and what it returns is more than one value.

use crate::board::journey;
use crate::guests::wat;
use crate::scratch::Scratch;

/// `alloc(n)`, then n bytes at the address, then `sum()`.
const SUM: &str = r#"(module (memory (export "memory") 1) (global $n (mut i32) (i32.const 0))
    (func (export "alloc") (param i32) (result i32)
        (global.set $n (local.get 0)) (i32.const 1024))
    (func (export "divmod") (param i32 i32) (result i32 i32)
        (i32.div_s (local.get 0) (local.get 1)) (i32.rem_s (local.get 0) (local.get 1)))
    (func (export "sum") (result i32) (local $i i32) (local $s i32)
        (loop $l (if (i32.lt_u (local.get $i) (global.get $n)) (then
            (local.set $s (i32.add (local.get $s) (i32.load8_u offset=1024 (local.get $i))))
            (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $l))))
        (local.get $s)))"#;

#[tokio::test]
async fn bytes_are_written_at_the_cursor_and_a_file_into_new_room() {
    let scratch = Scratch::new("writing");
    let file = scratch.0.join("four");
    std::fs::write(&file, b"abcd").unwrap();
    journey(|board| async move {
        board.plug_in("sum.wasm", &wat(SUM)).await;
        board.press("alloc").await;
        board.fill("n", "3").await;
        board.press("Call").await;
        board.outcome_shows("returned 1024").await;

        board.press("Memory").await;
        board.fill("Address", "0x400").await;
        board.press("Go").await;
        board.fill("Bytes to write", "abc").await;
        board.press("Write").await;
        board
            .until("what was written, and where", |seen| {
                seen.all.contains("3 bytes written at 0x400")
            })
            .await;
        board.press("sum").await;
        board.press("Call").await;
        board.outcome_shows("returned 294").await;

        board.choose("Where it is written", "in new room").await;
        board.press("Write").await;
        board
            .until("that nothing gives room", |seen| {
                seen.all.contains("choose what gives room in memory")
            })
            .await;
        board.choose("room in memory from", "alloc").await;
        board.pick_file_with("memory-file", &file).await;
        board
            .until("the address of the room", |seen| {
                seen.all.contains("4 bytes written at 0x400")
            })
            .await;
        board.press("Call").await;
        board.outcome_shows("returned 394").await;

        board.press("divmod").await;
        board.fill("p0", "7").await;
        board.fill("p1", "2").await;
        board.press("Call").await;
        board.outcome_shows("returned (3, 1)").await;
    })
    .await;
}
