//! Steps over, into and out of what is inlined.

use super::{begin, debug, go, lines, stop_at, stopped};
use crate::driver::Driver;
use plugboard::protocol::{Debug, Go, Inlined, encode};

/// Lines 20 and 21 are those of a function that is inlined, called at line 10 and at line 12, which has no code of its own.
const INLINED: &str = r#"(module
    (func (export "run")
        nop (drop (i32.const 10))
        nop (drop (i32.const 20))
        nop (drop (i32.const 21))
        nop (drop (i32.const 11))
        nop (drop (i32.const 20))
        nop (drop (i32.const 21))
        nop (drop (i32.const 13))))"#;

/// Stops at line 10 and goes on like that; the lines at which it stops then.
#[track_caller]
fn steps_from_line_10(steps: &[Go]) -> Vec<u32> {
    let mut driver = Driver::with_wat(INLINED);
    let lines = lines(&wat::parse_str(INLINED).expect("it assembles"));
    debug(&mut driver, Debug::Lines(Some(lines.clone())));
    driver.drain();
    let calls = lines
        .iter()
        .zip([&[][..], &[10], &[10], &[], &[12], &[12], &[]]);
    let calls: Vec<Inlined> = calls
        .map(|((place, _), calls)| (*place, calls.to_vec()))
        .collect();
    debug(
        &mut driver,
        Debug::Inlined(encode(&calls).expect("it is written")),
    );
    stop_at(&mut driver, &lines, &[10]);
    begin(&mut driver, "run", &[], vec![]);
    assert_eq!(stopped(&mut driver, &lines), [10]);
    let stops = steps.iter().map(|how| go(&mut driver, &lines, *how)[0]);
    stops.collect()
}

#[test]
fn steps_go_over_into_and_out_of_what_is_inlined() {
    assert_eq!(steps_from_line_10(&[Go::Over]), [11]);
    // What line 12 does begins with what is inlined there.
    assert_eq!(steps_from_line_10(&[Go::Over, Go::Over]), [11, 20]);
    assert_eq!(
        steps_from_line_10(&[Go::Into, Go::Over, Go::Over]),
        [20, 21, 11]
    );
    assert_eq!(steps_from_line_10(&[Go::Into, Go::Out]), [20, 11]);
    assert_eq!(
        steps_from_line_10(&[Go::Into, Go::Out, Go::Into, Go::Into, Go::Into]),
        [20, 11, 20, 21, 13]
    );
    assert_eq!(
        steps_from_line_10(&[Go::Over, Go::Over, Go::Out]),
        [11, 20, 13]
    );
}
