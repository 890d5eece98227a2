//! What JavaScript that answers an import can do, and how it fails, in the page's worker.

use crate::board::journey;
use crate::guests::wat;

/// A plugin whose `run` gives its host a string and returns what that returns; `double` doubles.
fn telling() -> Vec<u8> {
    wat(r#"(module
        (import "env" "tell" (func $tell (param i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 16) "from the guest")
        (func (export "run") (result i32) (call $tell (i32.const 16) (i32.const 14)))
        (func (export "double") (param i32) (result i32) (i32.mul (i32.const 2) (local.get 0)))
        (func (export "die") unreachable))"#)
}

const TELL: &str = "How env.tell is answered";
const SCRIPT: &str = "async (p0, p1, guest) => {";
const OTHER: &str = "async (p0, guest) => {";

#[tokio::test]
async fn a_script_uses_memory_the_console_and_exports() {
    journey(|board| async move {
        board.plug_in("telling.wasm", &telling()).await;
        board.press("run").await;
        board.press("Imports").await;
        board.choose(TELL, "JavaScript").await;
        let script = "const text = guest.string(p0, p1);\n\
                      guest.write(p0, text.toUpperCase());\n\
                      console.log(guest.string(p0, p1), guest.memory.size(), [1, 'a']);\n\
                      try { await guest.call('die'); } catch (error) { console.log(error.message); }\n\
                      return await guest.call('double', 21);";
        board.fill(SCRIPT, script).await;
        board.press("Call").await;
        board.outcome_shows("42").await;
        board.console_shows("FROM THE GUEST 65536 [1,\"a\"]").await;
        board.console_shows("die: unreachable").await;
    })
    .await;
}

#[tokio::test]
async fn a_script_that_fails_says_where() {
    journey(|board| async move {
        board.plug_in("telling.wasm", &telling()).await;
        board.press("run").await;
        board.press("Imports").await;
        board.choose(TELL, "JavaScript").await;
        board.fill(SCRIPT, "let x = null;\n  missing(x);").await;
        board.press("Call").await;
        let seen = board.outcome_shows("ReferenceError").await;
        assert!(seen.outcome.contains("(line 2:3)"), "{}", seen.outcome);
        board.press("Restart").await;
        board.fill(SCRIPT, "guest.read(65536, 1)").await;
        board.press("Call").await;
        board
            .outcome_shows("are not all in the memory of 65536 bytes (line 1:7)")
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_script_that_cannot_be_read_is_told_with_its_line_before_it_runs() {
    journey(|board| async move {
        board.plug_in("telling.wasm", &telling()).await;
        board.press("Imports").await;
        board.choose(TELL, "JavaScript").await;
        board
            .fill(SCRIPT, "let x = 1;\nlet y = (;\nreturn x;")
            .await;
        let seen = board
            .until("the mistake is told", |seen| {
                seen.alerts.contains("SyntaxError")
            })
            .await;
        assert!(seen.alerts.contains("(line 2)"), "{}", seen.alerts);
        board.press("Call").await;
        let seen = board.outcome_shows("import env.tell: SyntaxError").await;
        assert!(seen.outcome.contains("(line 2)"), "{}", seen.outcome);
    })
    .await;
}

#[tokio::test]
async fn a_script_calls_exports_as_go_has_them() {
    journey(|board| async move {
        board.press("greet").await;
        board.phase("ready").await;
        board.press("greet").await;
        board.press("Imports").await;
        board.choose("How log.log is answered", "JavaScript").await;
        let script = "if (!msg.includes('plug')) return console.log('inner:', msg.trim());\n\
                      const { args } = await guest.call('st', [{ val: 7 }]);\n\
                      console.log(args);\n\
                      try { guest.call('st', { vale: 7 }); } catch (error) { console.log(error.message); }";
        board.fill("async (msg, guest) => {", script).await;
        board.fill("name", "plug").await;
        board.press("Call").await;
        board.console_shows("inner: wasm >> Hello, 7").await;
        board.console_shows("[{\"val\":7}]").await;
        board.console_shows("st: s: S has no field vale").await;

        // What is typed decides.
        board.press("st").await;
        board.press("Edit signature").await;
        board.fill("signature", "st(n *int32)").await;
        board.press("greet").await;
        board
            .fill("async (msg, guest) => {", &script.replace("{ val: 7 }", "8"))
            .await;
        board.press("Call").await;
        board.console_shows("inner: wasm >> Hello, 8").await;
    })
    .await;
}

/// How often an import was called, as the page tells it.
fn calls(text: &str) -> u32 {
    let times = text
        .split("called ")
        .filter_map(|rest| rest.split_once(" times"));
    let times = times.filter_map(|(times, _)| times.parse().ok());
    times.max().unwrap_or(0)
}

#[tokio::test]
async fn a_script_is_taken_as_it_is_typed() {
    journey(|board| async move {
        let module = wat(r#"(module
            (import "env" "wait" (func $wait (result i32)))
            (import "env" "other" (func $other (param i32) (result i32)))
            (func (export "ask") (result i32) (call $other (i32.const 1)))
            (func (export "run") (param i32) (result i32)
                (loop $again
                    (drop (call $wait))
                    (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
                    (br_if $again (local.get 0)))
                (i32.const 1)))"#);
        board.plug_in("ticks.wasm", &module).await;
        board.press("Imports").await;
        board
            .choose("How env.other is answered", "JavaScript")
            .await;
        board.press("ask").await;
        board.fill(OTHER, "return 42").await;
        board.ctrl_enter(OTHER).await;
        board.outcome_shows("returned 42").await;
        assert_eq!(board.typed(OTHER).await, "return 42");

        // While a run calls imports, and the page is drawn again.
        board.fill(OTHER, "").await;
        board.choose("How env.wait is answered", "JavaScript").await;
        let wait = "async (guest) => {";
        board
            .fill(
                wait,
                "await new Promise((r) => setTimeout(r, 50)); return 1",
            )
            .await;
        board.press("run").await;
        board.fill("n", "1000").await;
        board.press("Call").await;
        board
            .until("some were made", |seen| calls(&seen.all) > 2)
            .await;
        let long = "// typed while it runs\nreturn 43";
        board.keys(OTHER, long).await;
        let made = calls(&board.seen().await.all);
        board
            .until("more were made", |seen| calls(&seen.all) > made + 2)
            .await;
        assert_eq!(board.typed(OTHER).await, long);
        board.press("Stop").await;
        board.outcome_shows("stopped").await;
        board.press("Restart").await;
        board.press("ask").await;
        board.press("Call").await;
        board.outcome_shows("returned 43").await;
    })
    .await;
}

#[tokio::test]
async fn a_script_that_calls_without_end_is_ended() {
    journey(|board| async move {
        board.plug_in("telling.wasm", &telling()).await;
        board.press("run").await;
        board.press("Imports").await;
        board.choose(TELL, "JavaScript").await;
        board.fill(SCRIPT, "return await guest.call('run');").await;
        board.press("Call").await;
        board.outcome_shows("nested 64 deep").await;
        board.press("Restart").await;
        board.fill(SCRIPT, "await new Promise(() => {});").await;
        board.press("Call").await;
        board.phase("waiting").await;
        board.press("Stop").await;
        board.outcome_shows("stopped").await;
        board.press("Restart").await;
        board.fill(SCRIPT, "return 5;").await;
        board.press("Call").await;
        board.outcome_shows("returned 5").await;
    })
    .await;
}
