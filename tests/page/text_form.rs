//! The functions of a plugin as text.

use crate::board::{Board, journey};
use crate::guests::{greet, wat};
use thirtyfour::{By, Key};

async fn functions(board: &Board) {
    board.press("Module").await;
    board.press_exactly("Functions").await;
}

#[tokio::test]
async fn a_function_is_found_and_read() {
    journey(|board| async move {
        board.plug_in("greet.wasm", &greet()).await;
        functions(&board).await;
        board
            .until("all are counted", |seen| seen.all.contains(" functions"))
            .await;
        board.fill("Find a function", "main.greet").await;
        board
            .until("those of the name", |seen| {
                seen.all.contains(" of ") && seen.all.contains("main.greet")
            })
            .await;
        let list = board.driver.find(By::Id("functions")).await.unwrap();
        list.send_keys(Key::Enter + "").await.unwrap();
        board
            .until("its text", |seen| {
                seen.all.contains("(func $main.greet") && seen.all.contains("global.get")
            })
            .await;
        board
            .until("who uses it, and still the text", |seen| {
                seen.all.contains("alled by") && seen.all.contains("block ;; label = @1")
            })
            .await;
    })
    .await;
}

/// A function that another one calls, by way of the table and directly.
const CALLED: &str = r#"(module
    (table funcref (elem $called))
    (func $called (export "called"))
    (func $caller nop call $called call $called))"#;

#[tokio::test]
async fn who_calls_a_function_is_listed_and_the_bytes_lead_to_it() {
    journey(|board| async move {
        board.plug_in("called.wasm", &wat(CALLED)).await;
        board.press("Module").await;
        board
            .until("where the bytes go", |seen| {
                seen.all.contains("Where the bytes go")
            })
            .await;
        for fold in ["code", "without a package"] {
            board.unfold(fold).await;
        }
        board.press_exactly("called").await;
        board
            .until("its text, and who calls it", |seen| {
                seen.all.contains("(func $called (;0;) (type 0)")
                    && seen.all.contains("Called by 1 function")
                    && seen
                        .all
                        .contains("it is in table 0, at 0: call_indirect may reach it")
                    && seen.all.contains("caller × 2")
            })
            .await;
        board.press_exactly("caller").await;
        board
            .until("the caller", |seen| seen.all.contains("(func $caller"))
            .await;
        let marked = By::Css("#function-text [aria-current=true] code");
        let marked = board.driver.find(marked).await.unwrap();
        assert_eq!(marked.text().await.unwrap().trim(), "call $called");
        // To what it calls, back to the call, and there again.
        let call = By::Css("#function-text [aria-current=true] button");
        board
            .driver
            .find(call)
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
        board
            .until("what it calls", |seen| seen.all.contains("(func $called"))
            .await;
        let text = board.driver.active_element().await.unwrap();
        assert_eq!(text.id().await.unwrap().unwrap(), "function-text");
        text.send_keys(Key::Backspace + "").await.unwrap();
        board
            .until("the caller again", |seen| {
                seen.all.contains("(func $caller")
            })
            .await;
        let marked = By::Css("#function-text [aria-current=true] code");
        let marked = board.driver.find(marked).await.unwrap();
        assert_eq!(marked.text().await.unwrap().trim(), "call $called");
        board.press_exactly("Forward").await;
        board
            .until("what it calls again", |seen| {
                seen.all.contains("(func $called")
            })
            .await;
        board.press_exactly("Overview").await;
        board
            .until("the outline again", |seen| {
                seen.all.contains("Where the bytes go")
            })
            .await;
    })
    .await;
}
