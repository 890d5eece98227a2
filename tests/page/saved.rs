//! Calls are saved, and made again after the plugin has been built anew.

use crate::board::{Board, journey};
use crate::guests::wat;
use crate::scratch::Scratch;

/// A plugin that logs a greeting, and returns twice what it is given.
fn plugin(greeting: &str, factor: u32) -> Vec<u8> {
    wat(&format!(
        r#"(module
            (import "log" "log" (func $log (param i32 i32)))
            (memory (export "memory") 1)
            (data (i32.const 16) "{greeting}\n")
            (func (export "twice") (param i32) (result i32)
                (call $log (i32.const 16) (i32.const {length}))
                (i32.mul (local.get 0) (i32.const {factor})))
            (func (export "spin") (loop (br 0))))"#,
        length = greeting.len() + 1
    ))
}

async fn saved_twice(board: &Board) {
    board.plug_in("plugin.wasm", &plugin("hello", 2)).await;
    board.press("twice").await;
    for number in ["21", "4"] {
        board.fill("n", number).await;
        board.press("Call").await;
        let doubled = number.parse::<u32>().unwrap() * 2;
        board.outcome_shows(&format!("returned {doubled}")).await;
        board.press("Save call").await;
        board
            .console_shows(&format!("saved: twice({number})"))
            .await;
    }
    board.press("Calls").await;
}

async fn shows(board: &Board, text: &str) {
    board.until(text, |seen| seen.all.contains(text)).await;
}

#[tokio::test]
async fn saved_calls_are_green_until_the_plugin_is_another_and_then_say_what_differs() {
    journey(|board| async move {
        saved_twice(&board).await;
        board.press("Run all").await;
        shows(&board, "2 calls: 2 passed").await;

        // What is typed stays, whatever runs.
        board.fill("n", "7").await;
        board.drop_file("plugin.wasm", &plugin("howdy", 2)).await;
        shows(&board, "2 calls: 2 not run").await;
        board.press("Run all").await;
        let seen = board
            .until("all are red", |seen| seen.all.contains("2 calls: 2 failed"))
            .await;
        for line in [
            "printed: − expected, + came",
            "- hello",
            "+ howdy",
            r#"- log.log("hello\n")"#,
        ] {
            assert!(seen.all.contains(line), "{line}: {}", seen.all);
        }
        assert_eq!(board.typed("n").await, "7");

        board.press("Update expectation").await;
        shows(&board, "2 calls: 1 passed, 1 failed").await;
        board.press("Run all").await;
        shows(&board, "2 calls: 1 passed, 1 failed").await;
        assert!(!board.can_press("Stop").await);
    })
    .await;
}

#[tokio::test]
async fn expectations_are_switched_off_and_edited_and_leave_the_page_as_a_file() {
    journey(|board| async move {
        saved_twice(&board).await;
        board.press("Delete").await;
        shows(&board, "1 call: 1 passed").await;
        board.fill("Name", "four").await;
        board.press("Expected of").await;
        board.tick("printed", false).await;
        board.tick("host_calls", false).await;
        board.drop_file("plugin.wasm", &plugin("howdy", 3)).await;
        shows(&board, "1 call: 1 not run").await;
        board.press("Run four").await;
        let seen = board
            .until("it is red", |seen| seen.all.contains("1 call: 1 failed"))
            .await;
        assert!(
            seen.all.contains("result: − expected, + came"),
            "{}",
            seen.all
        );
        assert!(!seen.all.contains("- hello"), "{}", seen.all);

        let text = board.typed("As a file has it").await;
        board
            .fill(
                "As a file has it",
                &text.replace('\n', " ").replace(": 8", ": 12"),
            )
            .await;
        board.press("Run four").await;
        shows(&board, "1 call: 1 passed").await;
        board.press("Save calls…").await;
        let file = board.saved("plugin.calls.json").await;
        let text = String::from_utf8(file).unwrap();
        assert!(
            text.contains(r#""name": "four""#) && text.contains(r#""result": 12"#),
            "{text}"
        );

        board.press("Delete").await;
        shows(&board, "Save a call below its outcome").await;
        let here = Scratch::new("calls");
        let path = here.0.join("calls.json");
        std::fs::write(&path, &text).unwrap();
        board.pick_file_with("open-calls", &path).await;
        shows(&board, "1 call: 1 not run").await;
        std::fs::write(&path, text.replace("\"export\"", "\"exprot\"")).unwrap();
        board.pick_file_with("open-calls", &path).await;
        shows(
            &board,
            "calls.json: calls[0].exprot: there is no such part of a call",
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn stop_ends_all_saved_calls() {
    journey(|board| async move {
        saved_twice(&board).await;
        let here = Scratch::new("spins");
        let path = here.0.join("calls.json");
        let file = r#"{"plugboard": 1, "calls": [{"name": "a", "export": "spin"}, {"name": "b", "export": "twice", "args": [1]}]}"#;
        std::fs::write(&path, file).unwrap();
        board.press("Delete").await;
        board.press("Delete").await;
        board.pick_file_with("open-calls", &path).await;
        shows(&board, "2 calls: 2 not run").await;
        board.press("Run all").await;
        board.phase("running").await;
        board.press("Stop").await;
        board.phase("ready").await;
        shows(&board, "2 calls: 2 not run").await;
    })
    .await;
}
