//! Guests and host functions that mean harm: each is ended with a message that says why and where a limit
//! is raised, the page's thread goes on meanwhile, and the next run is fine.

use crate::board::journey;
use crate::engine::choose;
use crate::guests::wat;
use crate::smooth::{ATTEMPTS, frames_of, was_smooth};

struct Adversary {
    /// The body of its export `attack`; `$ask`, `$write` and `$exit` are imports, 65,536 bytes from
    /// address 0 on are zero, and 65,536 describes them to `$write`.
    attack: &'static str,
    /// A limit that is set first: the label of its field, and a value.
    limit: Option<(&'static str, &'static str)>,
    /// JavaScript that answers `$ask`.
    answer: Option<&'static str>,
    /// What is said of its end.
    says: &'static [&'static str],
}

const PLAIN: Adversary = Adversary {
    attack: "",
    limit: None,
    answer: None,
    says: &[],
};

#[tokio::test]
async fn an_endless_loop() {
    ends(Adversary {
        attack: "(loop (br 0))",
        limit: Some(("Wall time", "1")),
        says: &["attack: the time limit of 1 s is reached (Settings, wall time)"],
        ..PLAIN
    })
    .await;
}

#[tokio::test]
async fn an_endless_recursion() {
    ends(Adversary {
        attack: "(call $attack)",
        says: &["attack: the call depth limit of 10,000 is reached (Settings, call depth)"],
        ..PLAIN
    })
    .await;
}

#[tokio::test]
async fn endless_output() {
    ends(Adversary {
        attack: "(loop (drop (call $write (i32.const 1) (i32.const 65536) (i32.const 1) (i32.const 65552)))
            (br 0))",
        limit: Some(("Output", "100 MB")),
        says: &["attack: the output limit of 100 MiB is reached (Settings, output)"],
        ..PLAIN
    })
    .await;
}

#[tokio::test]
async fn memory_that_grows_without_end() {
    ends(Adversary {
        attack: "(loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable",
        says: &[
            "attack: unreachable",
            "the guest asked for 1,024.0625 MiB of memory; the limit is 1 GiB (Settings, memory)",
        ],
        ..PLAIN
    })
    .await;
}

#[tokio::test]
async fn a_table_that_grows_without_end() {
    ends(Adversary {
        attack:
            "(loop (br_if 0 (i32.ne (table.grow (ref.null func) (i32.const 1)) (i32.const -1))))
            unreachable",
        says: &[
            "attack: unreachable",
            "the guest asked for a table of 1,048,577 elements; the limit is 1,048,576 \
             (Settings, table elements)",
        ],
        ..PLAIN
    })
    .await;
}

#[tokio::test]
async fn a_host_function_that_never_returns() {
    ends(Adversary {
        attack: "(call $ask)",
        answer: Some("await new Promise(() => {})"),
        limit: Some(("Wall time", "1")),
        says: &["attack: the time limit of 1 s is reached (Settings, wall time)"],
    })
    .await;
}

#[tokio::test]
async fn a_host_function_that_throws() {
    ends(Adversary {
        attack: "(call $ask)",
        answer: Some("throw new RangeError('never')"),
        says: &["attack: import env.ask: RangeError: never (line 1:7)"],
        ..PLAIN
    })
    .await;
}

#[tokio::test]
async fn an_exit_inside_an_export() {
    ends(Adversary {
        attack: "(call $exit (i32.const 3))",
        says: &["exited with code 3"],
        ..PLAIN
    })
    .await;
}

/// In both engines: lets it attack some times, then calls what is harmless in the same module.
async fn ends(adversary: Adversary) {
    journey(|board| async move {
        board
            .plug_in("adversary.wasm", &module(adversary.attack))
            .await;
        if let Some((limit, value)) = adversary.limit {
            board.press("Settings").await;
            board.fill(limit, value).await;
        }
        if let Some(answer) = adversary.answer {
            board.press("Imports").await;
            board.choose("How env.ask is answered", "JavaScript").await;
            board.fill("async (guest) => {", answer).await;
        }
        for engine in ["interpreter", "browser's"] {
            choose(&board, engine).await;
            let mut seen = Vec::new();
            for _ in 0..ATTEMPTS {
                board.press("attack").await;
                let [first, rest @ ..] = adversary.says else {
                    panic!("nothing is said of its end");
                };
                seen.push(frames_of(&board, "Call", first).await);
                let outcome = board.seen().await.outcome;
                for part in rest {
                    assert!(outcome.contains(part), "{part:?} is not in {outcome:?}");
                }
                board.press("Restart").await;
            }
            was_smooth(adversary.attack, &seen);
            board.press("harmless").await;
            board.press("Call").await;
            board.outcome_shows("returned 7").await;
        }
    })
    .await;
}

fn module(attack: &str) -> Vec<u8> {
    wat(&format!(
        r#"(module
            (import "env" "ask" (func $ask))
            (import "wasi_snapshot_preview1" "fd_write"
                (func $write (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") 2)
            (table 1 funcref)
            (data (i32.const 65536) "\00\00\00\00\00\00\01\00")
            (func $attack (export "attack") {attack})
            (func (export "harmless") (result i32) i32.const 7))"#
    ))
}
