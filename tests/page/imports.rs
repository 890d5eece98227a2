//! What a plugin asks of its host is answered on the page.

use crate::board::journey;
use crate::guests::{greet, wat};
use crate::scratch::Scratch;

#[tokio::test]
async fn an_answer_can_be_changed_and_changed_back() {
    journey(|board| async move {
        board.plug_in("greet.wasm", &greet()).await;
        let guess = board.chosen("How log.log is answered").await;
        assert_eq!(guess, "print the string");
        board.press("greet").await;
        board.fill("s", "plug").await;

        board.choose("How log.log is answered", "return zero").await;
        board
            .milliseconds_from_press("Call", "ready", "returned")
            .await;
        assert!(
            !board.seen().await.console.contains("Hello, plug"),
            "nothing was printed"
        );

        board.choose("How log.log is answered", "trap").await;
        board.press("Call").await;
        board
            .until("the import is named", |seen| {
                seen.outcome.contains("log.log")
            })
            .await;

        board.press("Restart").await;
        board
            .choose("How log.log is answered", "print the string")
            .await;
        board.press("Call").await;
        board.console_shows("wasm >> Hello, plug").await;
    })
    .await;
}

/// A plugin whose `run` returns what `env.next(41)` does.
fn asking() -> Vec<u8> {
    wat(r#"(module
        (import "env" "next" (func $next (param i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "run") (result i32) (call $next (i32.const 41))))"#)
}

#[tokio::test]
async fn of_very_many_imports_some_are_drawn_and_each_can_be_found() {
    journey(|board| async move {
        let imports: String = (0..5000)
            .map(|place| format!("(import \"env\" \"f{place}\" (func (result i32)))"))
            .collect();
        let module = format!("(module {imports} (func (export \"run\") (result i32) (call 4321)))");
        board.plug_in("many.wasm", &wat(&module)).await;
        board.press("Imports").await;
        board
            .until("most are only counted", |seen| {
                seen.all.contains("and 4,900 others: find it by name")
            })
            .await;
        board.fill("Find an import", "F4321").await;
        board
            .choose("How env.f4321 is answered", "return a constant")
            .await;
        board.fill("returns", "7").await;
        board.press("Call").await;
        board.outcome_shows("returned 7").await;
    })
    .await;
}

#[tokio::test]
async fn what_an_answer_needs_is_reached_from_the_list_of_imports() {
    journey(|board| async move {
        board.plug_in("asking.wasm", &asking()).await;
        board.choose(NEXT, "return a constant").await;
        board.press("Edit the answer of env.next").await;
        board.fill("returns", "9").await;
        board.press("Call").await;
        board.outcome_shows("returned 9").await;
    })
    .await;
}

const NEXT: &str = "How env.next is answered";

#[tokio::test]
async fn an_import_returns_a_constant_or_an_argument_and_is_counted() {
    journey(|board| async move {
        board.plug_in("asking.wasm", &asking()).await;
        board.press("Imports").await;
        board.choose(NEXT, "return a constant").await;
        board.fill("returns", "12x").await;
        board
            .until("the mistake is told", |seen| seen.alerts.contains("12x"))
            .await;
        board.fill("returns", "-12").await;
        board.press("Call").await;
        board.outcome_shows("-12").await;
        board
            .until("it is counted", |seen| seen.all.contains("called once"))
            .await;
        board.choose(NEXT, "return an argument").await;
        board.press("Call").await;
        board.outcome_shows("41").await;
    })
    .await;
}

#[tokio::test]
async fn javascript_may_fetch_before_it_answers_and_what_it_throws_is_told() {
    journey(|board| async move {
        board.plug_in("asking.wasm", &asking()).await;
        board.press("Imports").await;
        board.choose(NEXT, "JavaScript").await;
        let fetches = "const file = await fetch('samples/greet/main.go'); \
                       console.log((await file.text()).split('\\n')[0]); return p0 + 1;";
        board.fill("async (p0, guest) => {", fetches).await;
        board.press("Call").await;
        board.outcome_shows("42").await;
        board.console_shows("//").await;
        board
            .fill("async (p0, guest) => {", "throw new Error('no ' + p0)")
            .await;
        board.press("Call").await;
        board.outcome_shows("no 41").await;
        board.fill("async (p0, guest) => {", "return 'text'").await;
        board.press("Restart").await;
        board.press("Call").await;
        board.outcome_shows("env.next").await;
    })
    .await;
}

#[tokio::test]
async fn javascript_that_came_with_a_file_waits_for_a_yes() {
    journey(|board| async move {
        board.plug_in("asking.wasm", &asking()).await;
        board.press("Imports").await;
        let here = Scratch::new("answers");
        let file = here.0.join("answers.json");
        let answers = r#"{"plugboard": "imports", "imports": {"env": {"next":
            {"answer": "javascript", "code": "return p0 * 2"}}}}"#;
        std::fs::write(&file, answers).unwrap();
        board.pick_file_with("open-answers", &file).await;
        board
            .until("it is shown", |seen| seen.all.contains("return p0 * 2"))
            .await;
        board.press("Call").await;
        board.outcome_shows("has no answer").await;
        board.press("Let it run").await;
        board.press("Restart").await;
        board.press("Call").await;
        board.outcome_shows("82").await;
    })
    .await;
}

#[tokio::test]
async fn stop_ends_javascript_that_never_answers() {
    journey(|board| async move {
        board.plug_in("asking.wasm", &asking()).await;
        board.press("Imports").await;
        board.choose(NEXT, "JavaScript").await;
        board
            .fill("async (p0, guest) => {", "await new Promise(() => {})")
            .await;
        board.press("Call").await;
        board
            .until("it says what it waits for", |seen| {
                seen.phase == "waiting" && seen.all.contains("answer")
            })
            .await;
        board.press("Stop").await;
        board.outcome_shows("stopped").await;
        board.fill("async (p0, guest) => {", "for (;;) {}").await;
        board.press("Restart").await;
        board.press("Call").await;
        board.phase("running").await;
        board.press("Stop").await;
        board
            .until("the worker is replaced", |seen| {
                seen.phase == "ready" && seen.all.contains("replaced")
            })
            .await;
        board.fill("async (p0, guest) => {", "return 1").await;
        board.press("Call").await;
        board.outcome_shows("1").await;
    })
    .await;
}
