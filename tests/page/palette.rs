//! Everything by keys: the command palette, the shortcuts, and the help that lists them.

use crate::board::{Board, journey};
use crate::guests::{greet, hello, spin};
use thirtyfour::{By, Key, TypingData};

/// Presses keys, wherever the focus is.
async fn keys(board: &Board, keys: impl Into<TypingData>) {
    let chain = board.driver.action_chain();
    chain.send_keys(keys).perform().await.unwrap();
}

/// Presses a key with Ctrl.
async fn control(board: &Board, key: char) {
    let chain = board.driver.action_chain();
    let chain = chain.key_down(Key::Control).send_keys(key.to_string());
    chain.key_up(Key::Control).perform().await.unwrap();
}

async fn focused(board: &Board) -> String {
    let focused = board.driver.active_element().await.unwrap();
    focused.id().await.unwrap().unwrap_or_default()
}

/// Waits until this has the focus.
async fn has_focus(board: &Board, id: &str) {
    let wait = async { while focused(board).await != id {} };
    let waited = tokio::time::timeout(std::time::Duration::from_secs(20), wait).await;
    assert!(
        waited.is_ok(),
        "{} has the focus, not {id}",
        focused(board).await
    );
}

#[tokio::test]
async fn a_plugin_is_called_and_looked_at_by_keys_alone() {
    journey(|board| async move {
        // The sample, by its name.
        control(&board, 'k').await;
        keys(&board, "sample greet" + Key::Enter).await;
        board.phase("ready").await;
        has_focus(&board, "argument-0").await;
        board
            .until("its Go types are known", |seen| {
                seen.all.contains("main.go") || seen.all.contains("DWARF")
            })
            .await;
        keys(&board, "keys").await;
        control(&board, Key::Enter.into()).await;
        board.console_shows("Hello, keys").await;

        // A panel is three keys away.
        control(&board, 'k').await;
        keys(&board, "3" + Key::Enter).await;
        has_focus(&board, "tab-trace").await;
        board
            .until("the trace", |seen| {
                seen.all.contains(r#"log.log("wasm >> Hello, keys\n")"#)
            })
            .await;

        // An export, by a part of its name; one of the runtime too.
        control(&board, 'k').await;
        keys(&board, "mall" + Key::Enter).await;
        board
            .until("it is selected", |seen| seen.all.contains("malloc("))
            .await;
        has_focus(&board, "argument-0").await;
        control(&board, 'k').await;
        keys(&board, "z2" + Key::Enter).await;
        board
            .until("the console alone", |seen| {
                !seen.all.contains("EXPORTS") && !seen.all.contains("Wall time")
            })
            .await;
        control(&board, 'k').await;
        keys(&board, "go to the call" + Key::Enter).await;
        has_focus(&board, "argument-0").await;
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_done_says_why_and_escape_leads_back() {
    journey(|board| async move {
        board.plug_in("greet.wasm", &greet()).await;
        let before = focused(&board).await;
        control(&board, 'k').await;
        keys(&board, "stop what").await;
        board
            .until("why not", |seen| seen.all.contains("nothing runs"))
            .await;
        keys(&board, Key::Enter + "").await;
        let open = By::Css("dialog.palette[open]");
        assert!(board.driver.find(open.clone()).await.is_ok(), "it stays open");
        keys(&board, Key::Escape + "").await;
        has_focus(&board, &before).await;
        assert!(board.driver.find(open).await.is_err());

        // Arrows choose; what is chosen is told.
        control(&board, 'k').await;
        keys(&board, "show" + Key::Down + Key::Down).await;
        let active = "return document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).innerText";
        let chosen = board.driver.execute(active, vec![]).await.unwrap();
        let chosen = chosen.json().as_str().unwrap().to_owned();
        assert!(chosen.contains("Show Trace"), "{chosen}");
        keys(&board, Key::Enter + "").await;
        has_focus(&board, "tab-trace").await;
    })
    .await;
}

#[tokio::test]
async fn a_run_is_held_and_stopped_from_the_palette() {
    journey(|board| async move {
        board.plug_in("spin.wasm", &spin()).await;
        control(&board, 'k').await;
        keys(&board, "spin" + Key::Enter).await;
        has_focus(&board, "call-button").await;
        control(&board, Key::Enter.into()).await;
        board.phase("running").await;
        control(&board, 'k').await;
        keys(&board, "p" + Key::Enter).await;
        board.phase("waiting").await;
        control(&board, 'k').await;
        keys(&board, "stop" + Key::Enter).await;
        board.outcome_shows("stopped").await;
    })
    .await;
}

#[tokio::test]
async fn the_help_lists_the_keys() {
    journey(|board| async move {
        keys(&board, "?").await;
        let seen = board
            .until("the help", |seen| seen.all.contains("Close what is open"))
            .await;
        for key in [
            "Call the selected export",
            "Show Memory",
            "Maximise the console",
        ] {
            assert!(seen.all.contains(key), "{key}");
        }
        keys(&board, Key::Escape + "").await;
        board
            .until("it is closed", |seen| {
                !seen.all.contains("Close what is open")
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn any_command_is_started_by_the_tool_that_somebody_chooses() {
    journey(|board| async move {
        board.plug_in("hello.wasm", &hello()).await;
        control(&board, 'k').await;
        keys(&board, "ho" + Key::Enter).await;
        board.choose("Host", "buf").await;
        board
            .until("the form", |seen| {
                seen.all.contains("List rules") && seen.all.contains("Wrap the request")
            })
            .await;
        board.press_exactly("Protocol").await;
        // It is no plugin of buf's, and prints what it always does.
        board.console_shows("--protocol").await;
    })
    .await;
}
