//! What the session says for saved calls: which host calls the last run has made, and when a call itself
//! begins.

use crate::driver::Driver;
use plugboard::protocol::{Command, Event, Settings, Stream, Trace, TraceReport};
use plugboard::saved::{Output, came, expectation, judge};

/// Logs when it is set up and when it is called, and asks the time.
const GUEST: &str = r#"(module
    (import "log" "log" (func $log (param i32 i32)))
    (import "env" "see" (func $see (param i32 i64)))
    (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 16) "setup\nhello\n")
    (func (export "_initialize") (call $log (i32.const 16) (i32.const 6)))
    (func (export "hello")
        (call $log (i32.const 22) (i32.const 6))
        (drop (call $yield))
        (call $see (i32.const 65536) (i64.const 70000)))
    (func (export "flood") (param $n i32)
        (loop $again
            (call $see (i32.const 1) (i64.const 1))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $again (local.get $n)))))"#;

fn guest() -> Driver {
    use plugboard::protocol::Answer;
    let mut driver = Driver::with_wat(GUEST);
    driver.session.handle(Command::Answer {
        import: 1,
        answer: Answer::ReturnZero,
    });
    driver
}

fn made(driver: &mut Driver) -> Option<Vec<String>> {
    driver.session.handle(Command::Trace(Trace::Made));
    let events = driver.session.take_events();
    let mut made = events.into_iter().filter_map(|event| match event {
        Event::Trace(TraceReport::Made(made)) => Some(made),
        _ => None,
    });
    made.next().expect("it is answered")
}

/// What the call itself printed, as whoever saves it keeps it.
fn output(events: &[Event]) -> Output {
    let mut output = Output::default();
    for event in events {
        match event {
            Event::Began { .. } => output.begin(),
            Event::Output { stream, bytes } => output.keep(*stream, bytes),
            _ => {}
        }
    }
    output
}

#[test]
fn the_first_call_of_an_instance_comes_to_what_a_later_one_does() {
    let mut driver = guest();
    let mut all = Vec::new();
    for printed in ["setup\nhello\n", "hello\n"] {
        let ended = driver.call("hello", &[], Vec::new());
        assert_eq!(ended.printed(Stream::Host), printed);
        let mut came = came("hello", None, &ended.outcome, &output(&ended.events));
        came.insert("host_calls".to_owned(), made(&mut driver).into());
        all.push(came);
    }
    assert_eq!(all[0], all[1]);
    assert_eq!(all[0]["printed"], "hello\n");
    let lines = [r#"log.log("hello\n")"#, "env.see(65536, 70000)"];
    assert_eq!(all[0]["host_calls"], serde_json::json!(lines));
}

#[test]
fn a_call_that_is_saved_passes_and_its_addresses_may_be_others() {
    let mut driver = guest();
    let ended = driver.call("hello", &[], Vec::new());
    let mut came = came("hello", None, &ended.outcome, &output(&ended.events));
    came.insert("host_calls".to_owned(), made(&mut driver).into());
    let info = plugboard::module::read("test.wasm", &wat::parse_str(GUEST).unwrap()).unwrap();
    let expect = expectation(&came, &info);
    assert_eq!(expect["host_calls"][1], "env.see(…, …)");
    assert_eq!(judge(&expect, &came, None), []);
}

#[test]
fn what_is_not_known_of_host_calls_is_not_made_up() {
    use plugboard::go::{Type, Value};
    let mut driver = guest();
    let flood = |driver: &mut Driver, count| {
        driver.call("flood", &[Type::Int32], vec![Value::Int(count)]);
        made(driver).map(|lines| lines.len())
    };
    assert_eq!(flood(&mut driver, 1_000), Some(1_000));
    assert_eq!(flood(&mut driver, 1_001), None, "too many");
    assert_eq!(flood(&mut driver, 2), Some(2));
    driver.session.handle(Command::Trace(Trace::Clear));
    assert_eq!(made(&mut driver), None, "forgotten");
    driver.session.handle(Command::Trace(Trace::Record(false)));
    assert_eq!(flood(&mut driver, 2), None, "not recorded");
}

#[test]
fn a_call_of_what_needs_no_setting_up_begins_once() {
    let settings = Settings {
        auto_initialize: false,
        ..Settings::default()
    };
    let mut driver = Driver::with_settings(GUEST, settings);
    let began = |driver: &mut Driver| {
        let ended = driver.call("hello", &[], Vec::new());
        let events = ended.events.iter();
        events
            .filter(|event| matches!(event, Event::Began { .. }))
            .count()
    };
    assert_eq!(began(&mut driver), 1);
    let mut driver = guest();
    assert_eq!((began(&mut driver), began(&mut driver)), (2, 1));
}
