//! Drop a plugin, select an export, type, Call, read.

use crate::board::journey;
use crate::guests::{greet, wat};
use crate::site::repository;

#[tokio::test]
async fn a_dropped_go_plugin_greets() {
    journey(|board| async move {
        board.plug_in("greet.wasm", &greet()).await;
        let seen = board.seen().await;
        assert!(
            seen.all.contains("reactor"),
            "the kind is shown: {}",
            seen.all
        );
        board.press("greet").await;
        board.fill("s", "WaZero").await;
        board.press("Call").await;
        board.console_shows("wasm >> Hello, WaZero").await;
        board.phase("ready").await;
    })
    .await;
}

#[tokio::test]
async fn a_picked_go_plugin_greets() {
    journey(|board| async move {
        board
            .pick_file(&repository().join("plugin/build/greet.wasm"))
            .await;
        board.phase("ready").await;
        board.press("greet").await;
        board.fill("s", "Gopher").await;
        board.press("Call").await;
        board.console_shows("wasm >> Hello, Gopher").await;
    })
    .await;
}

#[tokio::test]
async fn control_enter_calls() {
    journey(|board| async move {
        board.plug_in("greet.wasm", &greet()).await;
        board.press("greet").await;
        board.fill("s", "keys").await;
        board.ctrl_enter("s").await;
        board.console_shows("wasm >> Hello, keys").await;
    })
    .await;
}

#[tokio::test]
async fn an_export_is_called_again_and_again() {
    journey(|board| async move {
        board.plug_in("greet.wasm", &greet()).await;
        board.press("greet").await;
        for name in ["one", "two", "grüße, 世界"] {
            board.fill("s", name).await;
            board.press("Call").await;
            board.console_shows(&format!("wasm >> Hello, {name}")).await;
            board.phase("ready").await;
        }
    })
    .await;
}

#[tokio::test]
async fn numbers_go_in_and_come_out() {
    journey(|board| async move {
        let add = wat(r#"(module (func (export "add") (param i64 i64) (result i64)
            (i64.add (local.get 0) (local.get 1))))"#);
        board.plug_in("add.wasm", &add).await;
        board.press("add").await;
        board.fill("n1", "9007199254740993").await;
        board.fill("n2", "-1").await;
        board.press("Call").await;
        board.outcome_shows("returned 9007199254740992").await;
    })
    .await;
}

/// Go's types of a plugin that says nothing of them are guessed, so a pointer is a number here.
#[tokio::test]
async fn a_struct_in_the_guests_memory_is_greeted_by_its_number() {
    journey(|board| async move {
        board.plug_in("greet.wasm", &greet()).await;
        board.unfold("runtime").await;
        board.press("malloc").await;
        board.fill("n", "4").await;
        board.press("Call").await;
        let seen = board.outcome_shows("returned ").await;
        let address = seen
            .outcome
            .replace(|character: char| !character.is_ascii_digit(), "");
        board.press("st(").await;
        board.fill("n", &address).await;
        board.press("Call").await;
        board.console_shows("wasm >> Hello, 0").await;
    })
    .await;
}

#[tokio::test]
async fn two_plugins_follow_one_another_on_the_board() {
    journey(|board| async move {
        board.plug_in("greet.wasm", &greet()).await;
        board
            .plug_in(
                "one.wasm",
                &wat(r#"(module (func (export "one") (result i32) i32.const 1))"#),
            )
            .await;
        assert!(
            !board.can_press("greet").await,
            "the exports of the first are gone"
        );
        board.press("one").await;
        board.press("Call").await;
        board.outcome_shows("returned 1").await;
    })
    .await;
}
