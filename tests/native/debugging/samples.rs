//! Where a guest that is profiled was, and what its host calls took.

use super::{begin, begin_with, debug, driver, returned};
use crate::driver::Driver;
use plugboard::go::Value;
use plugboard::protocol::{Answer, Command, Debug, Debugged, Event, Sample, decode};
use plugboard::session::{HostResult, Next};

#[test]
fn samples_are_taken_as_often_as_is_said() {
    let taken = |every| {
        let (mut driver, _) = driver();
        driver.session.sample_every(every);
        debug(&mut driver, Debug::Profile(true));
        let call = begin_with(&mut driver, "sum", 200);
        assert_eq!(returned(&mut driver, call), 2_686_700);
        let samples = driver.session.samples();
        samples.iter().map(|one| one.count).sum::<u64>()
    };
    let (few, many) = (taken(Some(2_000)), taken(Some(200)));
    assert!(few > 1 && many > 5 * few, "{few} and {many}");
    assert!(taken(None) > 1 && taken(Some(0)) > many);
}

#[test]
fn samples_say_where_the_fuel_goes() {
    let mut driver = Driver::with_wat(
        r#"(module
            (func $busy (param i32)
                (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
            (func (export "work") (call $busy (i32.const 900000)) (call $busy (i32.const 300000))))"#,
    );
    debug(&mut driver, Debug::Profile(true));
    let call = begin(&mut driver, "work", &[], vec![]);
    let mut events = Vec::new();
    while driver.session.step(10_000_000) == Next::Ready {
        events.extend(driver.session.take_events());
    }
    events.extend(driver.session.take_events());
    assert!(
        events
            .iter()
            .any(|event| matches!(event, Event::Ended { call: ended, .. } if *ended == call))
    );
    debug(&mut driver, Debug::Profiled);
    let (_, events) = driver.drain();
    let Some(Event::Debug(debugged)) = events.last() else {
        panic!("{events:?}");
    };
    let Debugged::Profiled(samples) = &**debugged else {
        panic!("{debugged:?}");
    };
    let samples: Vec<Sample> = decode(samples).expect("samples");
    let busy: Vec<_> = samples
        .iter()
        .filter(|one| one.stack.frames.len() == 2)
        .collect();
    // From two places.
    assert_eq!(busy.len(), 2, "{samples:?}");
    assert!(
        busy.iter()
            .all(|one| one.stack.frames[0].function == 0 && one.count > 1)
    );
    let (most, least) = (
        busy[0].fuel.max(busy[1].fuel),
        busy[0].fuel.min(busy[1].fuel),
    );
    assert!(most > 2 * least && most < 4 * least, "{most} and {least}");
}

/// Where an import is called that takes 7 ms to answer.
const ASKING: &str = r#"(module
    (import "env" "memory" (memory 1))
    (import "env" "quick" (func $quick))
    (import "env" "ask" (func $ask (result i32)))
    (func $busy (param i32)
        (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
    (func $inner (call $quick) (drop (call $ask)))
    (func (export "work") (call $busy (i32.const 50000)) (call $inner) (call $inner)))"#;

/// The samples of a call of `work`, with steps of so much fuel.
fn samples_of(wat: &str, step: u64) -> Vec<Sample> {
    let mut driver = Driver::with_wat(wat);
    debug(&mut driver, Debug::Profile(true));
    for (import, answer) in [(1, Answer::ReturnZero), (2, Answer::Driver)] {
        driver.session.handle(Command::Answer { import, answer });
    }
    driver.session.take_events();
    begin(&mut driver, "work", &[], vec![]);
    loop {
        match driver.session.step(step) {
            Next::Ready => {}
            Next::Wait(_) => {
                let Some(call) = driver.session.host_call() else {
                    continue;
                };
                driver.clock.set(driver.clock.get() + 7_000_000);
                let answer = HostResult::Value(Some(Value::Int(1)));
                driver.session.host_answer(call.id, Ok(answer));
            }
            Next::Idle => break,
        }
    }
    driver.session.take_events();
    debug(&mut driver, Debug::Profiled);
    let (_, events) = driver.drain();
    let Some(Event::Debug(debugged)) = events.last() else {
        panic!("{events:?}");
    };
    let Debugged::Profiled(samples) = &**debugged else {
        panic!("{debugged:?}");
    };
    decode(samples).expect("samples")
}

#[test]
fn host_calls_count_by_their_time_where_they_are_made() {
    let samples = samples_of(ASKING, 10_000);
    let calls = samples.iter().filter(|one| one.host_call.is_some());
    let calls: Vec<_> = calls
        .map(|one| {
            let frames = one.stack.frames.iter().map(|frame| frame.function);
            let frames: Vec<u32> = frames.collect();
            (one.host_call, frames, one.count, one.fuel, one.nanos)
        })
        .collect();
    // From two places of function 4: the memory is no function.
    let one = |function, nanos| (Some(function), vec![3, 4], 1, 0, nanos);
    let both = [one(0, 0), one(0, 0), one(1, 7_000_000), one(1, 7_000_000)];
    let mut sorted = calls.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, both);
    let fuel: u64 = samples.iter().map(|one| one.fuel).sum();
    assert!(fuel > 150_000, "{fuel}");
}

#[test]
fn a_short_call_has_samples_and_the_same_whatever_the_steps_are() {
    let at_once = samples_of(ASKING, 100_000_000);
    let busy = at_once.iter().filter(|one| {
        one.host_call.is_none() && one.stack.frames.first().is_some_and(|it| it.function == 2)
    });
    let busy: u64 = busy.map(|one| one.count).sum();
    assert!(busy > 50, "{busy}");
    assert_eq!(at_once, samples_of(ASKING, 7_001));
}
