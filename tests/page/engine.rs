//! The browser's own engine, beside the interpreter: the same calls, and the same that can be done to them.

use crate::board::{Board, journey};
use crate::guests::{spin, wat};

/// The level to reach is 50 ms (`make bench` holds it to that); a test machine that does other things too gets more.
const SOON: f64 = 1000.0;

/// Has the plugin on the board run in an engine.
pub(crate) async fn choose(board: &Board, engine: &str) {
    board.choose("Engine", engine).await;
    is_ready(board).await;
}

/// Waits for the module to be ready for the engine.
async fn is_ready(board: &Board) {
    board
        .until("the engine", |seen| {
            !seen
                .all
                .contains("is being made ready for the browser's engine")
        })
        .await;
}

#[tokio::test]
async fn a_go_plugin_is_called_in_the_browsers_engine_and_prints_the_same() {
    journey(|board| async move {
        board.open_greet().await;
        choose(&board, "browser's").await;
        let focused = board.driver.active_element().await.unwrap();
        let focused = focused.id().await.unwrap();
        assert_eq!(
            focused.as_deref(),
            Some("engine"),
            "what was said meanwhile left the focus"
        );
        board.press("greet").await;
        board.fill("name", "Ada").await;
        board.press("Call").await;
        board.outcome_shows("returned").await;
        let seen = board
            .until("what it prints", |seen| seen.all.contains("Hello, Ada"))
            .await;
        assert!(
            !seen.all.contains("Calls run in the interpreter"),
            "{}",
            seen.all
        );
    })
    .await;
}

#[tokio::test]
async fn stop_ends_what_runs_there_and_the_instance_goes_on() {
    journey(|board| async move {
        board.plug_in("spin.wasm", &spin()).await;
        choose(&board, "browser's").await;
        board.press("spin").await;
        board.press("Call").await;
        board.phase("running").await;
        let milliseconds = board
            .milliseconds_from_press("Stop", "ready", "stopped")
            .await;
        assert!(milliseconds < SOON, "stopped after {milliseconds} ms");
    })
    .await;
}

/// A limit, traps with their words and where they were, a sleep, and bits that JavaScript's numbers do not keep.
#[tokio::test]
async fn limits_traps_waits_and_values_are_as_in_the_interpreter() {
    journey(|board| async move {
        let guest = wat(r#"(module
            (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (table 2 funcref)
            (func $trap (export "traps") unreachable)
            (func (export "calls_null") (call_indirect (i32.const 1)))
            (func $deep (export "recurses") (call $deep) (drop (memory.size)))
            (func (export "grows") (result i32) (memory.grow (i32.const 60000)))
            (func (export "nan") (result f32) (f32.reinterpret_i32 (i32.const 0x7fa00001)))
            (func (export "sleeps") (result i32)
                (i32.store (i32.const 16) (i32.const 1))
                (i64.store (i32.const 24) (i64.const 20000000))
                (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128))))"#);
        board.plug_in("odd.wasm", &guest).await;
        choose(&board, "browser's").await;
        for (export, shows) in [
            ("traps", "unreachable executed"),
            ("recurses", "the call depth limit of 10,000 is reached"),
            ("grows", "returned -1"),
            ("nan", "NaN(0x7fa00001)"),
            ("sleeps", "returned 0"),
        ] {
            board.press(export).await;
            board.press("Call").await;
            let seen = board.outcome_shows(shows).await;
            if export == "traps" {
                let seen = board
                    .until("a backtrace", |seen| seen.all.contains("Backtrace"))
                    .await;
                assert!(seen.all.contains("As the browser's engine traces it"), "{}", seen.all);
            }
            if seen.all.contains("Restart") {
                board.press("Restart").await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn with_debug_calls_run_in_the_interpreter_and_without_it_there_again() {
    journey(|board| async move {
        board.open_greet().await;
        choose(&board, "browser's").await;
        board.fill("name", "Ada").await;
        board.press("Call").await;
        board.console_shows("Hello, Ada").await;
        board.outcome_shows("returned").await;
        board.tick("Debug", true).await;
        board
            .until("the interpreter", |seen| {
                seen.all
                    .contains("With Debug, calls run in the interpreter.")
            })
            .await;
        board.tick("Debug", false).await;
        board.fill("name", "Grace").await;
        board.press("Call").await;
        board.console_shows("Hello, Grace").await;
    })
    .await;
}

/// What a module needs is said, and one click runs it.
#[tokio::test]
async fn what_only_browsers_run_is_run_there() {
    journey(|board| async move {
        let guest = wat(r#"(module
            (tag $t (param i32))
            (memory $large i64 1)
            (func (export "vectors") (result i32)
                (i32x4.extract_lane 2 (i32x4.add (v128.const i32x4 1 2 3 4) (v128.const i32x4 1 1 39 1))))
            (func (export "throws") (result i32)
                (block $caught (result i32)
                    (try_table (catch $t $caught) (throw $t (i32.const 43)))
                    (i32.const 0)))
            (func (export "collected") (result i32) (i31.get_s (ref.i31 (i32.const 44))))
            (func (export "large") (result i64)
                (i64.store (i64.const 8) (i64.const 45)) (i64.load (i64.const 8))))"#);
        board.plug_in("new.wasm", &guest).await;
        let seen = board
            .until("what it needs", |seen| seen.all.contains("The module needs"))
            .await;
        assert!(seen.all.contains("which the interpreter does not run"), "{}", seen.all);
        assert!(!board.can_press("Call").await);
        board.press("Run it in the browser").await;
        is_ready(&board).await;
        for (export, shows) in [
            ("vectors", "returned 42"),
            ("throws", "returned 43"),
            ("collected", "returned 44"),
            ("large", "returned 45"),
        ] {
            board.press(export).await;
            board.press("Call").await;
            board.outcome_shows(shows).await;
        }
    })
    .await;
}

/// What catches everything catches no Stop.
#[tokio::test]
async fn a_guest_that_catches_everything_is_stopped() {
    journey(|board| async move {
        let guest = wat(r#"(module
            (func $spins (loop $on (br $on)))
            (func (export "catches")
                (loop $again
                    (block $caught (try_table (catch_all $caught) (call $spins)))
                    (br $again)))
            (func (export "harmless") (result i32) (i32.const 7)))"#);
        board.plug_in("catches.wasm", &guest).await;
        board.press("Run it in the browser").await;
        is_ready(&board).await;
        board.press("catches").await;
        board.press("Call").await;
        board.phase("running").await;
        let milliseconds = board
            .milliseconds_from_press("Stop", "ready", "stopped")
            .await;
        assert!(milliseconds < SOON, "stopped after {milliseconds} ms");
        board.press("harmless").await;
        board.press("Call").await;
        board.outcome_shows("returned 7").await;
    })
    .await;
}

/// The call that takes long is stopped, and made again there.
#[tokio::test]
async fn a_call_that_takes_long_is_offered_the_browsers_engine() {
    journey(|board| async move {
        board.plug_in("spin.wasm", &spin()).await;
        board.press("spin").await;
        board.press("Call").await;
        board.press("Stop, and call it in the browser").await;
        is_ready(&board).await;
        board.phase("running").await;
        assert_eq!(board.chosen("Engine").await, "browser's");
        let seen = board.seen().await;
        assert!(!seen.all.contains("takes long"), "{}", seen.all);
        board.press("Stop").await;
        board.outcome_shows("stopped").await;
    })
    .await;
}

/// References are the same things in both directions, and two imports of one name may have two types.
#[tokio::test]
async fn references_cross_and_a_name_may_have_two_types() {
    journey(|board| async move {
        let guest = wat(r#"(module
            (import "env" "same" (func $one (param i32) (result i32)))
            (import "env" "same" (func $two (param f64) (result f64)))
            (type $number (func (result i32)))
            (table $table 2 funcref)
            (func $seven (result i32) (i32.const 7))
            (elem (i32.const 0) $seven)
            (func (export "given") (result funcref) (table.get $table (i32.const 0)))
            (func (export "run") (param funcref) (result i32)
                (table.set $table (i32.const 1) (local.get 0))
                (call_indirect $table (type $number) (i32.const 1)))
            (func (export "thing") (param externref) (result externref) (local.get 0))
            (func (export "sum") (result i32 f64) (call $one (i32.const 1)) (call $two (f64.const 2))))"#);
        board.plug_in("refs.wasm", &guest).await;
        choose(&board, "browser's").await;
        board.press("given").await;
        board.press("Call").await;
        board.outcome_shows("ref 1").await;
        board.press("run").await;
        board.fill("p0", "1").await;
        board.press("Call").await;
        board.outcome_shows("returned 7").await;
        board.fill("p0", "2").await;
        board.press("Call").await;
        board.outcome_shows("there is no function ref 2").await;
        board.press("thing").await;
        board.fill("p0", "77").await;
        board.press("Call").await;
        board.outcome_shows("ref 77").await;
        board.press("sum").await;
        board.press("Call").await;
        board
            .outcome_shows("import env.same was called, and has no answer")
            .await;
    })
    .await;
}

/// Each call is made in both engines, and what differs first is told: here, nothing.
#[tokio::test]
async fn the_engines_are_held_against_each_other() {
    journey(|board| async move {
        board.open_greet().await;
        board.press("greet").await;
        board.fill("name", "Ada").await;
        board.press("Call").await;
        board.outcome_shows("returned").await;
        board.press("st").await;
        board.press("Call").await;
        board.outcome_shows("returned").await;
        board.unfold("History").await;
        board.press("Compare all in both engines").await;
        let seen = board
            .until("the comparison", |seen| {
                seen.all.contains("The same in both")
            })
            .await;
        assert!(seen.all.contains("greet(\"Ada\")"), "{}", seen.all);
        assert_eq!(board.chosen("Engine").await, "interpreter");
        // What is not the same in each run is not the same there.
        let guest = wat(r#"(module
            (import "env" "now" (func $now (result f64)))
            (memory (export "memory") 1)
            (func (export "f") (f64.store (i32.const 0x1234) (call $now))))"#);
        board.plug_in("odd.wasm", &guest).await;
        board.press("Imports").await;
        board.choose("How env.now is answered", "JavaScript").await;
        board
            .fill("async (guest) => {", "return performance.now();")
            .await;
        board.press("f").await;
        board.press("Call").await;
        board.outcome_shows("returned").await;
        board.press("Compare").await;
        let seen = board
            .until("the comparison", |seen| seen.all.contains("1 of 1 differ"))
            .await;
        assert!(seen.all.contains("host call 1"), "{}", seen.all);
        board.press("Close").await;
    })
    .await;
}
