//! How a call is told: what comes first, what is out of date, what happens while it runs.

use crate::board::{Board, journey};
use crate::guests::wat;
use serde_json::Value;
use thirtyfour::By;

/// `half` prints what Go and TinyGo do at a panic, on stdout, and traps; `add` adds.
fn panicking() -> Vec<u8> {
    wat(r#"(module
        (import "wasi_snapshot_preview1" "fd_write"
            (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 8) "\20\00\00\00\13\00\00\00")
        (data (i32.const 32) "log line\npanic: boom\n")
        (func (export "half")
            (i32.store (i32.const 12) (i32.const 21))
            (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))
            unreachable)
        (func (export "add") (param i32) (result i32)
            (i32.add (local.get 0) (i32.const 1))))"#)
}

/// The tone of the outcome.
async fn tone(board: &Board) -> String {
    let outcome = board.driver.find(By::Id("outcome")).await.unwrap();
    outcome.attr("data-tone").await.unwrap().unwrap_or_default()
}

#[tokio::test]
async fn the_headline_of_a_trap_is_the_panic_and_a_result_after_it_is_not_relied_on() {
    journey(|board| async move {
        board.plug_in("panicking.wasm", &panicking()).await;
        board.press("half").await;
        board.press("Call").await;
        let seen = board.outcome_shows("unreachable").await;
        assert_eq!(
            seen.outcome.lines().next(),
            Some("panic: boom"),
            "{}",
            seen.outcome
        );
        board.press("add").await;
        board.fill("n", "1").await;
        board.press("Call").await;
        let seen = board
            .outcome_shows("returned 2 (after an interrupted call")
            .await;
        assert!(
            seen.all
                .contains("results cannot be relied on until Restart")
        );
        assert_eq!(tone(&board).await, "neutral");
    })
    .await;
}

#[tokio::test]
async fn a_result_that_is_out_of_date_does_not_look_current() {
    journey(|board| async move {
        board.plug_in("panicking.wasm", &panicking()).await;
        board.press("add").await;
        board.fill("n", "1").await;
        board.press("Call").await;
        board.outcome_shows("returned 2").await;
        assert_eq!(tone(&board).await, "good");
        board.fill("n", "1x").await;
        assert_eq!(tone(&board).await, "past");
        board.fill("n", "1").await;
        assert_eq!(tone(&board).await, "good");
        board.press("half").await;
        board.press("Call").await;
        board.outcome_shows("unreachable").await;
        board.press("add").await;
        board.outcome_shows("returned 2").await;
        assert_eq!(tone(&board).await, "past");
    })
    .await;
}

#[tokio::test]
async fn time_comes_before_fuel_which_is_explained() {
    journey(|board| async move {
        board.plug_in("panicking.wasm", &panicking()).await;
        board.press("add").await;
        board.fill("n", "1").await;
        board.press("Call").await;
        let used = board.outcome_shows("returned 2").await.used;
        let (time, fuel) = (used.find(" ms"), used.find(" fuel"));
        assert!(time.is_some() && time < fuel, "{used}");
        let fuel = By::Css("[popovertarget=fuel]");
        board
            .driver
            .find(fuel)
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
        board
            .until("it is explained", |seen| {
                seen.all.contains("charges whole blocks")
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn files_shows_what_a_run_does_while_it_runs() {
    journey(|board| async move {
        let module = wat(r#"(module
            (import "wasi_snapshot_preview1" "path_create_directory"
                (func $mkdir (param i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "while-it-runs")
            (func (export "make")
                (drop (call $mkdir (i32.const 3) (i32.const 0) (i32.const 13)))
                (loop br 0)))"#);
        board.plug_in("maker.wasm", &module).await;
        board.press("Files").await;
        board.press("Call").await;
        board
            .until("it is listed while it runs", |seen| {
                seen.phase == "running" && seen.all.contains("while-it-runs")
            })
            .await;
        board.press("Stop").await;
        board.outcome_shows("stopped").await;
    })
    .await;
}

#[tokio::test]
async fn memory_has_its_header_above_its_columns_and_everything_can_be_reached() {
    journey(|board| async move {
        board.plug_in("panicking.wasm", &panicking()).await;
        board.press("add").await;
        board.fill("n", "1").await;
        board.press("Call").await;
        board.outcome_shows("returned 2").await;
        board.press("Memory").await;
        for width in [1024, 1280, 360] {
            board
                .driver
                .set_window_rect(0, 0, width, 900)
                .await
                .unwrap();
            board
                .until("memory is shown", |seen| seen.all.contains("00000000"))
                .await;
            let script =
                "for (const box of document.querySelectorAll('.memory *')) box.scrollLeft = 40;
                const cells = (row) => [...document.querySelectorAll(row)].map((cell) =>
                    Math.round(cell.getBoundingClientRect().left));
                const target = document.querySelector('.history > summary').getBoundingClientRect();
                return [cells('.memory .head .hex span'),
                    cells('.memory .rows .line:first-child .hex span'),
                    document.querySelector('.memory aside').tabIndex, target.height];";
            let seen = board.driver.execute(script, Vec::new()).await.unwrap();
            let [head, row, tab, height] = seen.json().as_array().unwrap().as_slice() else {
                panic!("{:?}", seen.json());
            };
            assert_eq!(head, row, "at {width}");
            assert!(head.as_array().is_some_and(|cells| cells.len() >= 8));
            assert_eq!(tab, &Value::from(0), "a keyboard scrolls it");
            assert!(height.as_f64().unwrap() >= 24.0, "{height}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_name_that_is_empty_is_shown_as_such() {
    journey(|board| async move {
        let module = wat(r#"(module
            (import "" "" (func $f))
            (func (export "") (result i32) i32.const 3))"#);
        board.plug_in("empty.wasm", &module).await;
        board
            .until("the import is there", |seen| seen.all.contains(r#""".""#))
            .await;
        board.press(r#""""#).await;
        board.press("Call").await;
        board.outcome_shows("returned 3").await;
        board.console_shows(r#"""()"#).await;
    })
    .await;
}
