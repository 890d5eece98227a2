//! Go's types on the page: forms, signatures, what a call did, and doing it again.

use crate::board::journey;
use crate::guests::{built, greet, wat};
use serde_json::json;
use thirtyfour::By;

/// The source of a plugin, as bytes to be dropped.
const GREET_SOURCE: &[u8] = include_bytes!("../../plugin/greet/main.go");

#[tokio::test]
async fn a_struct_has_a_field_for_each_of_its_parts_and_what_the_call_changed_is_shown() {
    journey(|board| async move {
        board.press("types.wasm").await;
        board
            .until("the signatures are there", |seen| {
                seen.phase == "ready" && seen.all.contains("(m *Mixed)")
            })
            .await;
        board.press("touchMixed").await;
        board.tick("On", true).await;
        board.fill("Wide", "9007199254740993").await;
        board.fill("Small", "65536").await;
        board
            .until("the range is told", |seen| {
                seen.all
                    .contains("uint16: 65536 is out of range 0 to 65535")
            })
            .await;
        assert!(!board.can_press("Call").await, "a value is out of range");
        board.fill("Small", "65535").await;
        board.press("Call").await;
        board.outcome_shows("returned").await;
        let seen = board.seen().await;
        for change in [
            "m.On: true → false",
            "m.Wide: 9007199254740993 → -9007199254740993",
            "m.Small: 65535 → 0",
            "Arguments in memory, by malloc and free",
        ] {
            assert!(seen.all.contains(change), "{change}: {}", seen.all);
        }
    })
    .await;
}

#[tokio::test]
async fn source_is_read_that_is_dropped_together_with_its_module() {
    journey(|board| async move {
        let greet = greet();
        board
            .drop_files(&[("main.go", GREET_SOURCE), ("greet.wasm", &greet)])
            .await;
        board
            .until("the signatures are there", |seen| {
                seen.phase == "ready" && seen.all.contains("from main.go")
            })
            .await;
        board.press("greet").await;
        board.fill("name", "both").await;
        board.press("Call").await;
        board.console_shows("Hello, both").await;
    })
    .await;
}

#[tokio::test]
async fn a_signature_by_hand_is_checked_as_it_is_typed_and_then_used() {
    journey(|board| async move {
        let module = wat(
            r#"(module (func (export "pick") (param i32 i64) (result i64)
            (select (local.get 1) (i64.const -1) (local.get 0))))"#,
        );
        board.plug_in("pick.wasm", &module).await;
        board.press("pick").await;
        board.press("Edit signature").await;
        board.fill("signature", "pick(on bool)").await;
        board
            .until("the mismatch is told", |seen| {
                seen.all
                    .contains("pick(on bool) needs (i32); the module has (i32, i64) -> i64")
            })
            .await;
        assert!(!board.can_press("Call").await, "the signature does not fit");
        board
            .fill("signature", "pick(on bool, n uint64) uint64")
            .await;
        board
            .until("the label", |seen| seen.all.contains("by hand"))
            .await;
        board.fill("n", "18446744073709551615").await;
        board.tick("on", true).await;
        board.press("Call").await;
        board.outcome_shows("returned 18446744073709551615").await;
    })
    .await;
}

#[tokio::test]
async fn source_that_is_dropped_after_the_module_says_what_its_exports_take() {
    journey(|board| async move {
        board.plug_in("greet.wasm", &greet()).await;
        board.drop_file("main.go", GREET_SOURCE).await;
        let seen = board
            .until("the signatures are there", |seen| {
                seen.all.contains("from main.go") && seen.all.contains("(s *S)")
            })
            .await;
        assert!(seen.all.contains("(msg string)"), "{}", seen.all);
        board.press("st").await;
        board.fill("val", "-7").await;
        board.press("Call").await;
        board.console_shows("st(&S{val: -7})").await;
        board.console_shows("wasm >> Hello, -7").await;
        board
            .drop_file("main.go", b"package main\n\nfunc (\n")
            .await;
        board
            .until("the mistake is told", |seen| {
                seen.all.contains("1 problem with the signatures")
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn all_arguments_go_in_and_out_as_json() {
    journey(|board| async move {
        board.press("types.wasm").await;
        board
            .until("the signatures are there", |seen| {
                seen.phase == "ready" && seen.all.contains("(p *Point")
            })
            .await;
        board.press("movePoint").await;
        board.fill("X", "1").await;
        board.press("JSON").await;
        board
            .fill("arguments", r#"[{"X": 2, "Z": 3}, 10, -20]"#)
            .await;
        board
            .until("the mistake is told", |seen| {
                seen.all.contains("has no field Z")
            })
            .await;
        let arguments = json!([{"X": 2, "Y": 3}, 10, -20]);
        board.fill("arguments", &arguments.to_string()).await;
        board.press("Call").await;
        let moved = "movePoint(&Point{X: 2, Y: 3}, 10, -20)";
        board.console_shows(moved).await;
        board
            .until("it has returned", |seen| seen.outcome == "returned")
            .await;
        board.press("JSON").await;
        board.press("Call").await;
        board
            .until("it was called again", |seen| {
                seen.console.matches(moved).count() == 2
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_call_of_before_is_made_again_with_its_values() {
    journey(|board| async move {
        board
            .plug_in("greet.wasm", &built("plugin/build/greet.wasm"))
            .await;
        board.press("greet").await;
        board.fill("s", "first").await;
        board.press("Call").await;
        board.console_shows("Hello, first").await;
        board.fill("s", "second").await;
        board.press("Call").await;
        board.console_shows("Hello, second").await;
        let history = By::XPath("//summary[starts-with(., 'History')]");
        let history = board.driver.find(history).await.unwrap();
        history.click().await.unwrap();
        board.press(r#"Call again: greet("first")"#).await;
        board
            .until("it was called again", |seen| {
                seen.console.matches("Hello, first").count() == 2
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn source_that_is_pasted_may_be_one_function_and_another_allocator_be_chosen() {
    journey(|board| async move {
        let module = wat(r#"(module
            (memory (export "memory") 1)
            (func (export "take") (param i32) (result i32) i32.const 1024)
            (func (export "give") (param i32))
            (func (export "first") (param i32 i32) (result i32)
                (i32.load8_u (local.get 0))))"#);
        board.plug_in("own.wasm", &module).await;
        board.press("Source").await;
        let source = "//go:wasmexport first\nfunc first(text string) uint32";
        board.fill("Go source", source).await;
        board
            .until("the signature is there", |seen| {
                seen.all.contains("(text string) uint32")
            })
            .await;
        board.press("first").await;
        board.fill("text", "A").await;
        board.press("Call").await;
        board
            .outcome_shows("needs room for its arguments in the guest's memory")
            .await;
        let unfold = By::XPath("//summary[.='In Wasm']");
        let unfold = board.driver.find(unfold).await.unwrap();
        unfold.click().await.unwrap();
        board.choose("room in memory from", "take").await;
        board
            .until("what takes it back can be chosen", |seen| {
                seen.all.contains("given back by")
            })
            .await;
        board.choose("given back by", "give").await;
        board.press("Call").await;
        let seen = board.outcome_shows("returned 65").await;
        assert!(
            seen.all.contains("Arguments in memory, by take and give"),
            "{}",
            seen.all
        );
    })
    .await;
}
