//! The engine, driven as the page drives it, against wasmtime: random modules do in both the same. A
//! guest is cut into slices of a unit of fuel, suspended in its host calls, called again from within
//! them, refused memory, and replaced by its twins, which note where they are; results, traps, memory, globals and what the host was asked must be equal.
//!
//! `cargo test` runs a few modules, always the same. `make differential` runs others: from `FIRST_SEED`
//! on, for `SECONDS_TO_RUN` for each kind. A module that differs is written to `target/differs/`.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a test fails by panicking, makes its numbers as it likes, and has a clock"
)]

mod compare;
mod metered;
mod oracle;
mod ours;
mod random;
mod smith;
mod tail_calls;
mod theirs;
mod twins;

use compare::Verdict;
use random::Random;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

/// A module, and what kind it is.
struct Case {
    kind: &'static str,
    seed: u64,
    module: fn(&mut Random) -> Vec<u8>,
    compare: fn(&[u8], u64, &mut Random) -> Verdict,
}

impl Case {
    fn run(&self) -> Verdict {
        let mut random = Random::new(self.seed);
        let bytes = (self.module)(&mut random);
        let verdict = std::panic::catch_unwind(AssertUnwindSafe(|| {
            (self.compare)(&bytes, self.seed, &mut random)
        }));
        let verdict = verdict.unwrap_or_else(|_| Verdict::Differs("a panic".to_owned()));
        if let Verdict::Differs(_) = verdict {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/target/differs");
            std::fs::create_dir_all(folder).expect("a folder for what differs");
            let file = format!("{folder}/{}-{}.wasm", self.kind, self.seed);
            std::fs::write(&file, &bytes).expect("a file for what differs");
        }
        verdict
    }
}

/// Runs modules of a kind: so many, or for so long.
fn run(
    kind: &'static str,
    module: fn(&mut Random) -> Vec<u8>,
    compare: fn(&[u8], u64, &mut Random) -> Verdict,
    count: u64,
) {
    let seconds = std::env::var("SECONDS_TO_RUN").ok();
    let seconds = seconds.map(|text| text.parse().expect("SECONDS_TO_RUN is a number"));
    let first = std::env::var("FIRST_SEED").ok();
    let first = first.map_or(1, |text| text.parse().expect("FIRST_SEED is a number"));
    let (end, until) = match seconds {
        Some(seconds) => (
            u64::MAX,
            Some(Instant::now() + Duration::from_secs(seconds)),
        ),
        None => (first + count, None),
    };
    let (mut equal, mut unknown, mut differ) = (0, 0, Vec::new());
    for seed in first..end {
        if until.is_some_and(|until| Instant::now() > until) {
            break;
        }
        if until.is_some() && seed % 1_000 == 0 {
            eprintln!("{kind}: {equal} alike, {unknown} left out, at seed {seed}");
        }
        let case = Case {
            kind,
            seed,
            module,
            compare,
        };
        match case.run() {
            Verdict::Equal => equal += 1,
            Verdict::Unknown => unknown += 1,
            Verdict::Differs(how) => {
                eprintln!("{kind} {seed} differs: {how}");
                differ.push(seed);
            }
        }
    }
    eprintln!(
        "{kind}: {equal} alike, {unknown} left out, {} differ",
        differ.len()
    );
    assert!(differ.is_empty(), "{kind}: these seeds differ: {differ:?}");
    assert!(equal > unknown, "{kind}: most modules should say something");
}

#[test]
fn random_modules() {
    run("smith", smith::module, compare::module, 30);
}

#[test]
fn random_tail_calls() {
    run("tail-calls", tail_calls::module, compare::module, 40);
}

#[test]
fn random_metered_modules() {
    run("metered", metered::module, metered::compare, 60);
}
