//! What a program and its terminal have to do with each other, where fonts and stdin take part.

use crate::board::journey;
use crate::guests::wat;
use thirtyfour::Key;

/// Prints lines with a bar, asks where the cursor is, reads the answer and exits with its length. `read`
/// returns how many bytes it has read.
const ASKING: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_read"
        (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write"
        (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\40\00\00\00\2b\00\00\00")
    (data (i32.const 16) "\80\00\00\00\20\00\00\00")
    (data (i32.const 64) "abcdefgh|\n\e4\b8\96\e7\95\8c\f0\9f\90\8d\f0\9f\90\8d|\n\tx|\n\e4\b8\96\tx|\nab\1b[6n")
    (func (export "ask") (result i32)
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))
        (call $fill))
    (func $fill (export "read") (result i32)
        (drop (call $read (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 32)))
        (i32.load (i32.const 32))))"#;

/// Where the bars are, in columns.
const BARS: &str = r##"
    const bars = [];
    for (const row of document.querySelectorAll("#console [data-source=stdout]")) {
        const texts = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const at = texts.currentNode.data.indexOf("|");
            if (at < 0) continue;
            const range = new Range();
            range.setStart(texts.currentNode, at);
            range.setEnd(texts.currentNode, at + 1);
            const { left, width } = range.getBoundingClientRect();
            const begin = row.getBoundingClientRect().left + parseFloat(getComputedStyle(row).paddingLeft);
            bars.push(Math.round((left - begin) / width));
        }
    }
    return bars;"##;

#[tokio::test]
async fn wide_characters_take_two_columns_and_the_cursor_is_where_it_says() {
    journey(|board| async move {
        board.plug_in("asking.wasm", &wat(ASKING)).await;
        board.press("ask").await;
        board.press("Call").await;
        // That is as long as "\x1b[5;3R".
        board.outcome_shows("returned 6").await;
        let bars = board.driver.execute(BARS, Vec::new()).await.unwrap();
        let bars: Vec<u32> = bars.convert().unwrap();
        assert_eq!(bars, [8, 8, 9, 9]);
    })
    .await;
}

#[tokio::test]
async fn stdin_that_was_ended_is_read_again_by_the_next_call() {
    journey(|board| async move {
        board.plug_in("asking.wasm", &wat(ASKING)).await;
        board.press("read").await;
        board.press("Call").await;
        board.phase("waiting").await;
        board.keys("Type for stdin", Key::Control + "d").await;
        board.outcome_shows("returned 0").await;
        board.press("Call").await;
        board.phase("waiting").await;
        board.keys("Type for stdin", "abc" + Key::Enter).await;
        board.outcome_shows("returned 4").await;
    })
    .await;
}
