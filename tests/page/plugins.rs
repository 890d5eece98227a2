//! One plugin after another: what a person gave one stays with it, and what was looked for ends with it.

use crate::board::{Board, journey};
use crate::guests::wat;
use serde_json::{Value, json};
use thirtyfour::{By, Key};

/// A plugin that exports functions of these names, which return what `env.ask` does.
fn plugin(exports: &[&str]) -> Vec<u8> {
    let functions: String = exports
        .iter()
        .map(|name| format!("(func (export \"{name}\") (result i32) (call $ask))"))
        .collect();
    wat(&format!(
        "(module (import \"env\" \"ask\" (func $ask (result i32))) {functions})"
    ))
}

const ASK: &str = "How env.ask is answered";
const SCRIPT: &str = "async (guest) => {";
const OFFER: &str = "so it starts from defaults";

/// The plugin, with an environment, a directory and an answer of its own.
async fn given(board: &Board) {
    board.plug_in("plugin.wasm", &plugin(&["one", "two"])).await;
    board.fill("Environment", "SECRET=1").await;
    board.fill("Directories", "/secrets").await;
    board.press("Imports").await;
    board.choose(ASK, "JavaScript").await;
    board.fill(SCRIPT, "return 7").await;
    board.press("Call").await;
    board.outcome_shows("returned 7").await;
}

/// Drops a module of the name that is on the board already, and waits until this export is there.
async fn plug_in_another(board: &Board, exports: &[&str], awaited: &str) {
    board.drop_file("plugin.wasm", &plugin(exports)).await;
    board
        .until("it is on the board", |seen| {
            seen.phase == "ready" && seen.all.contains(awaited)
        })
        .await;
}

#[tokio::test]
async fn another_plugin_gets_nothing_of_the_one_before_unless_it_is_asked_to() {
    journey(|board| async move {
        given(&board).await;
        plug_in_another(&board, &["steal"], "steal").await;
        assert!(board.seen().await.all.contains(OFFER));
        assert_eq!(board.chosen(ASK).await, "nothing yet");
        board.press("Call").await;
        board.outcome_shows("has no answer").await;
        board.press("Settings").await;
        assert_eq!(board.typed("Environment").await, "");
        assert_eq!(board.typed("Directories").await, "/");

        board.press("Use them here").await;
        board
            .until("the offer is gone", |seen| !seen.all.contains(OFFER))
            .await;
        assert_eq!(board.typed("Environment").await, "SECRET=1");
        assert_eq!(board.typed("Directories").await, "/secrets");
        board.press("Call").await;
        board.outcome_shows("returned 7").await;
    })
    .await;
}

#[tokio::test]
async fn a_plugin_that_is_built_anew_keeps_what_it_was_given() {
    journey(|board| async move {
        given(&board).await;
        plug_in_another(&board, &["one", "two", "three"], "three").await;
        assert!(!board.seen().await.all.contains(OFFER));
        board.press("Call").await;
        board.outcome_shows("returned 7").await;
        board.press("Settings").await;
        assert_eq!(board.typed("Environment").await, "SECRET=1");
    })
    .await;
}

#[tokio::test]
async fn answers_outlive_the_page_for_the_same_plugin_and_a_stranger_gets_none() {
    journey(|board| async move {
        given(&board).await;
        board.driver.refresh().await.unwrap();
        board.phase("ready").await;
        board.press("Call").await;
        board.outcome_shows("returned 7").await;
        // The same file by another name is the same plugin, one that only looks like it is not.
        board.plug_in("copy.wasm", &plugin(&["one", "two"])).await;
        board.press("Call").await;
        board.outcome_shows("returned 7").await;
        board
            .plug_in("stranger.wasm", &plugin(&["two", "one"]))
            .await;
        board.press("Imports").await;
        assert_eq!(board.chosen(ASK).await, "nothing yet");
        board.press("Call").await;
        board.outcome_shows("has no answer").await;
    })
    .await;
}

#[tokio::test]
async fn a_search_ends_with_the_plugin_that_it_was_made_in() {
    journey(|board| async move {
        let names: Vec<String> = (0..120).map(|place| format!("f{place:03}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let imports: String = names
            .iter()
            .map(|name| format!("(import \"env\" \"{name}\" (func))"))
            .collect();
        let exports: String = names
            .iter()
            .map(|name| format!("(export \"{name}\" (func 0))"))
            .collect();
        let many = wat(&format!("(module {imports}{exports})"));
        board.plug_in("many.wasm", &many).await;
        board.press("Imports").await;
        board.fill("Find an export", "f07").await;
        board.fill("Find an import", "f08").await;
        board
            .until("they are found", |seen| {
                seen.all.contains("f079") && !seen.all.contains("f119")
            })
            .await;
        board.plug_in("one.wasm", &plugin(&["greet"])).await;
        let listed = board.seen().await.all;
        assert!(listed.contains("greet"), "{listed}");
        assert!(board.can_press("greet").await);
        assert_eq!(board.chosen(ASK).await, "nothing yet");

        // One that was built anew may have few; its field is there as long as there is something in it.
        board.plug_in("many.wasm", &many).await;
        board.fill("Find an export", "f07").await;
        let few = wat("(module (import \"env\" \"f000\" (func)) (export \"f000\" (func 0)))");
        board.plug_in("many.wasm", &few).await;
        assert!(board.can_press("f000").await);
    })
    .await;
}

#[tokio::test]
async fn the_focus_goes_to_the_first_field_of_a_module_and_back_from_a_menu() {
    journey(|board| async move {
        let module = wat("(module (func (export \"add\") (param i32 i32)))");
        board.plug_in("add.wasm", &module).await;
        let focused = async |board: &Board| -> Value {
            let script = "const at = document.activeElement; return at.id || at.tagName";
            let focused = board.driver.execute(script, Vec::new()).await.unwrap();
            focused.json().clone()
        };
        until_focused(&board, "argument-0").await;
        board.plug_in("none.wasm", &plugin(&["none"])).await;
        until_focused(&board, "call-button").await;
        let menu = board.driver.find(By::Css(".menu summary")).await.unwrap();
        menu.click().await.unwrap();
        let keys = board.driver.action_chain();
        keys.send_keys(Key::Tab).perform().await.unwrap();
        assert_eq!(focused(&board).await, json!("BUTTON"));
        let keys = board.driver.action_chain();
        keys.send_keys(Key::Escape).perform().await.unwrap();
        assert_eq!(focused(&board).await, json!("SUMMARY"));
    })
    .await;
}

async fn until_focused(board: &Board, id: &str) {
    let selector = format!("#{id}:focus");
    for _ in 0..500 {
        if board.driver.find(By::Css(&*selector)).await.is_ok() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{id} has not got the focus");
}

#[tokio::test]
async fn of_two_modules_it_is_said_which_was_taken() {
    journey(|board| async move {
        let files = [
            ("first.wasm", &*plugin(&["first"])),
            ("second.wasm", &*plugin(&["second"])),
        ];
        board.drop_files(&files).await;
        board.phase("ready").await;
        board
            .console_shows("first.wasm was opened; not taken: second.wasm")
            .await;
    })
    .await;
}
