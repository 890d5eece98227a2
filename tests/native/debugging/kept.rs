//! Wasm locals that frames keep, as they are wherever the guest stands.

use super::{begin_with, debug, go, lines, stop_at, stopped};
use crate::driver::Driver;
use plugboard::protocol::{Debug, Event, Go, Kept, Outcome, Stack, encode};

/// A line begins at each `nop`; the second function's locals are written all over it.
const GUEST: &str = r#"(module
    (memory 1)
    (func $inner (param i32) (result i32)
        nop (drop (i32.const 20))
        (i32.load (i32.mul (local.get 0) (i32.const 65536))))
    (func (export "outer") (param i32) (result i32) (local i32 i64 f64)
        nop (drop (i32.const 10))
        (local.set 1 (i32.const 5))
        nop (drop (i32.const 11))
        (local.set 0 (i32.add (local.tee 1 (i32.const 6)) (i32.const 1)))
        (local.set 2 (i64.const -2))
        nop (drop (i32.const 12))
        (local.set 3 (f64.const 0.5))
        (drop (call $inner (i32.const 0)))
        (local.set 2 (i64.const 9))
        nop (drop (i32.const 13))
        (call $inner (local.get 1))))"#;

/// The guest with these locals of its second function kept, stopped at its first line.
fn begun(kept: &[u32]) -> (Driver, Vec<(u32, u32)>, plugboard::protocol::CallId) {
    let mut driver = Driver::with_wat(GUEST);
    let wasm = wat::parse_str(GUEST).expect("it assembles");
    let lines = lines(&wasm);
    let bodies = wasmparser::Parser::new(0).parse_all(&wasm);
    let mut code = 0;
    let bodies = bodies.filter_map(|payload| match payload.expect("it is valid") {
        wasmparser::Payload::CodeSectionStart { range, .. } => {
            code = range.start;
            None
        }
        wasmparser::Payload::CodeSectionEntry(body) => Some(body.range().start - code),
        _ => None,
    });
    let second = bodies.last().expect("there are two");
    let kept: Vec<Kept> = vec![(u32::try_from(second).expect("it is small"), kept.to_vec())];
    debug(
        &mut driver,
        Debug::Keep(encode(&kept).expect("it is written")),
    );
    debug(&mut driver, Debug::Lines(Some(lines.clone())));
    driver.drain();
    stop_at(&mut driver, &lines, &[10]);
    let call = begin_with(&mut driver, "outer", 3);
    assert_eq!(stopped(&mut driver, &lines), [10]);
    (driver, lines, call)
}

fn given(driver: &Driver) -> Vec<Vec<u64>> {
    driver.session.stack().expect("there is one").given
}

#[test]
fn a_frame_has_its_locals_as_they_are() {
    let (mut driver, lines, call) = begun(&[3, 1, 0, 2]);
    let half = 0.5_f64.to_bits();
    // The parameter as it was, then the locals; those of a function that is not asked about are not kept.
    assert_eq!(given(&driver), [[3, 0, 0, 3, 0]]);
    assert_eq!(go(&mut driver, &lines, Go::Over), [11]);
    assert_eq!(given(&driver), [[3, 0, 5, 3, 0]]);
    assert_eq!(go(&mut driver, &lines, Go::Over), [12]);
    assert_eq!(given(&driver), [[3, 0, 6, 7, (-2_i64).cast_unsigned()]]);
    assert_eq!(go(&mut driver, &lines, Go::Into), [20, 12]);
    let outer = vec![3, half, 6, 7, (-2_i64).cast_unsigned()];
    assert_eq!(given(&driver), [vec![0], outer]);
    assert_eq!(go(&mut driver, &lines, Go::Out), [13]);
    assert_eq!(given(&driver), [[3, half, 6, 7, 9]]);
    // Six pages on there is nothing: where exactly the load was is not noted.
    debug(&mut driver, Debug::Go(Go::On));
    let ended = driver.end_of(call);
    assert!(matches!(ended.outcome, Outcome::Trapped(_)));
    let mut stacks = ended.events.iter().filter_map(|event| match event {
        Event::Stack { stack, .. } => Some(stack),
        _ => None,
    });
    let last: &Stack = stacks.next_back().expect("a stack is told");
    assert!(last.behind);
    assert_eq!(last.given, [vec![6], vec![3, half, 6, 7, 9]]);
}

#[test]
fn locals_that_there_are_not_change_nothing() {
    let (mut driver, lines, _) = begun(&[1, 900, u32::MAX]);
    assert_eq!(go(&mut driver, &lines, Go::Over), [11]);
    assert!(!driver.session.stack().expect("there is one").behind);
    assert_eq!(given(&driver)[0][..2], [3, 5]);
}
