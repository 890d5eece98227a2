//! Where the panes are, how large they are, and what is remembered of that.

use crate::board::{Board, journey};
use crate::guests::{greet, spin, wat};
use thirtyfour::{By, Key, WebElement};

/// The element's left, top, right and bottom edge.
async fn edges(board: &Board, selector: &str) -> [f64; 4] {
    let element = board.driver.find(By::Css(selector)).await.unwrap();
    let rect = element.rect().await.unwrap();
    [rect.x, rect.y, rect.x + rect.width, rect.y + rect.height]
}

async fn splitter(board: &Board, panes: &str) -> WebElement {
    let label = format!("[role=separator][aria-label='Between {panes}']");
    board.driver.find(By::Css(label)).await.unwrap()
}

async fn value(splitter: &WebElement) -> String {
    splitter.attr("aria-valuenow").await.unwrap().unwrap()
}

/// A plugin on the board, with its panels.
async fn plugged(board: &Board) {
    board.plug_in("greet.wasm", &greet()).await;
    panels(board).await;
}

/// Loads the page again, and waits until it is there: with its plugin, or before that is.
async fn reload(board: &Board) {
    board.driver.refresh().await.unwrap();
    board.until("the page", |seen| !seen.phase.is_empty()).await;
}

async fn panels(board: &Board) {
    board
        .until("the panels", |seen| seen.all.contains("Wall time"))
        .await;
}

#[tokio::test]
async fn panels_dock_at_either_side_and_splitters_move_by_keys_and_pointer() {
    journey(|board| async move {
        plugged(&board).await;
        let [.., work] = edges(&board, "#work").await;
        let [_, dock, ..] = edges(&board, "#dock").await;
        assert!(dock >= work, "below the console");
        board.press("Dock the panels at the right").await;
        let [_, _, work, _] = edges(&board, "#work").await;
        let [dock, top, ..] = edges(&board, "#dock").await;
        assert!(dock >= work && top < 100.0, "at the right of it");

        let rail = splitter(&board, "the lists and the call").await;
        rail.send_keys(Key::Right + Key::Right).await.unwrap();
        assert_eq!(value(&rail).await, "320");
        let [left, _, right, _] = edges(&board, ".side").await;
        assert!((right - left - 320.0).abs() < 1.0, "{left} to {right}");
        rail.send_keys(Key::Home + "").await.unwrap();
        assert_eq!(value(&rail).await, "128");
        rail.send_keys(Key::End + "").await.unwrap();
        assert_eq!(value(&rail).await, "640");

        let chain = board.driver.action_chain();
        let drag = chain.click_and_hold_element(&rail).move_by_offset(-240, 30);
        drag.release().perform().await.unwrap();
        let dragged: f64 = value(&rail).await.parse().unwrap();
        assert!((dragged - 400.0).abs() < 12.0, "{dragged}");
        let chain = board.driver.action_chain();
        chain.double_click_element(&rail).perform().await.unwrap();
        assert_eq!(value(&rail).await, "280");
    })
    .await;
}

#[tokio::test]
async fn the_arrangement_is_remembered_and_what_is_no_arrangement_ignored() {
    journey(|board| async move {
        plugged(&board).await;
        board.press("Dock the panels at the right").await;
        board.press("Files").await;
        let call = splitter(&board, "the call and the console").await;
        call.send_keys(Key::Down + "").await.unwrap();
        let moved = value(&call).await;

        reload(&board).await;
        board.plug_in("greet.wasm", &greet()).await;
        board
            .until("the panel that was open", |seen| {
                seen.all.contains("Download all")
            })
            .await;
        let [_, top, ..] = edges(&board, "#dock").await;
        assert!(top < 100.0, "at the right still");
        let call = splitter(&board, "the call and the console").await;
        assert_eq!(value(&call).await, moved);

        let spoil =
            "localStorage.setItem('plugboard.arrangement', 'open:Nothing dock:top call:-9 rail');";
        board.driver.execute(spoil, vec![]).await.unwrap();
        reload(&board).await;
        plugged(&board).await;
        let call = splitter(&board, "the call and the console").await;
        assert_eq!(value(&call).await, "304");
    })
    .await;
}

#[tokio::test]
async fn a_pane_has_all_of_the_page_and_gives_it_back() {
    journey(|board| async move {
        plugged(&board).await;
        let before = edges(&board, ".console").await;
        board.press("Maximise the console").await;
        let [left, top, right, bottom] = edges(&board, ".console").await;
        assert!(left < 1.0 && top < 60.0, "{left} {top}");
        assert!(right - left > 1000.0 && bottom - top > 600.0);
        assert!(!board.can_press("Call").await, "it is behind");
        board.press("Back to all panes").await;
        assert_eq!(edges(&board, ".console").await, before);
    })
    .await;
}

#[tokio::test]
async fn a_wide_page_has_two_panels_beside_the_console_and_a_narrow_one_the_call_first() {
    journey(|board| async move {
        board.driver.set_window_rect(0, 0, 1700, 1000).await.unwrap();
        plugged(&board).await;
        let tabs = board.driver.find_all(By::Css("[role=tabpanel]")).await;
        assert_eq!(tabs.unwrap().len(), 2);
        board.press("Source").await;
        board.press("Trace").await;
        let [first, _, _, above] = edges(&board, "#panel").await;
        let [second, below, ..] = edges(&board, "#panel-2").await;
        let [_, _, console, _] = edges(&board, ".console").await;
        assert!(first >= console && second >= console && below >= above);
        board
            .until("both", |seen| {
                seen.all.contains("Go source") && seen.all.contains("host calls")
            })
            .await;

        board.press("Move Trace to the other panels").await;
        let of = By::Css("#tab-trace");
        let trace = board.driver.find(of).await.unwrap();
        let controls = trace.attr("aria-controls").await.unwrap();
        assert_eq!(controls.as_deref(), Some("panel"));

        board.driver.set_window_rect(0, 0, 600, 900).await.unwrap();
        let first = "return document.querySelector('#outcome').compareDocumentPosition(document.querySelector('#exports')) & 4";
        let follows = || async {
            let follows = board.driver.execute(first, vec![]).await.unwrap();
            *follows.json() == 4
        };
        while !follows().await {}
        let [.., outcome] = edges(&board, "#outcome").await;
        let [_, exports, ..] = edges(&board, "#exports").await;
        assert!(exports > outcome, "the lists come after the result");
        let tabs = board.driver.find_all(By::Css("[role=tabpanel]")).await;
        assert_eq!(tabs.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_edge_of_the_console_does_not_move_from_call_to_call() {
    journey(|board| async move {
        let guest = wat(r#"(module
            (func (export "fails") unreachable)
            (func (export "gives") (result i32) i32.const 7)
            (func (export "takes") (param i32 i64 f32 f64 i32 i64 i32)))"#);
        board.plug_in("some.wasm", &guest).await;
        panels(&board).await;
        let edge = edges(&board, ".console").await;
        for (export, outcome) in [("gives", "returned 7"), ("fails", "unreachable")] {
            board.press(export).await;
            assert_eq!(edges(&board, ".console").await, edge);
            board.press("Call").await;
            board.outcome_shows(outcome).await;
            assert_eq!(edges(&board, ".console").await, edge);
        }
        board.press("takes").await;
        board
            .until("its fields", |seen| seen.all.contains("n7"))
            .await;
        assert_eq!(edges(&board, ".console").await, edge);
    })
    .await;
}

#[tokio::test]
async fn the_plugins_own_exports_come_first_and_the_first_field_has_the_focus() {
    journey(|board| async move {
        board.plug_in("greet.wasm", &greet()).await;
        board
            .until("the fold", |seen| seen.all.contains("runtime (4)"))
            .await;
        assert!(!board.can_press("malloc").await, "it is folded");
        let focused = board.driver.active_element().await.unwrap();
        assert_eq!(focused.tag_name().await.unwrap(), "input");
        let guesses = ".exports li .origin";
        let marks = board.driver.find_all(By::Css(guesses)).await.unwrap();
        assert!(marks.is_empty(), "one mark is above all of them");
        let mark = board.driver.find(By::Css("#exports-title .origin")).await;
        assert_eq!(mark.unwrap().text().await.unwrap(), "guess");

        board.unfold("runtime").await;
        board.press("malloc").await;
        board
            .until("it is selected", |seen| seen.all.contains("malloc(n"))
            .await;
    })
    .await;
}

#[tokio::test]
async fn the_title_says_what_is_plugged_in_and_whether_it_runs() {
    journey(|board| async move {
        assert_eq!(board.driver.title().await.unwrap(), "Plugboard");
        board.plug_in("spin.wasm", &spin()).await;
        assert_eq!(board.driver.title().await.unwrap(), "spin.wasm – Plugboard");
        board.press("spin").await;
        board.press("Call").await;
        board.phase("running").await;
        assert_eq!(
            board.driver.title().await.unwrap(),
            "▶ spin.wasm – Plugboard"
        );
        board.press("Stop").await;
        board.outcome_shows("stopped").await;
        assert_eq!(board.driver.title().await.unwrap(), "spin.wasm – Plugboard");
    })
    .await;
}
