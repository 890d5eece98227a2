//! Plugins of Extism: the sample, in Go, and what is hostile, in WAT.

use super::{begin, bytes, chosen, form, say, shown, told};
use crate::driver::{Driver, Ended};
use crate::go;
use plugboard::hosts::{Ask, Request, Response, Value};
use plugboard::protocol::hosts::{Chosen, FromHost, ToHost};
use plugboard::protocol::{Answer, Command, Event, Limits, Outcome, Settings, Stream, Trace};
use plugboard::session::{HostResult, Next};
use std::path::Path;
use std::sync::LazyLock;

/// The sample, by standard Go.
static SAMPLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugin/extism");
    go::build(&folder, &["-buildmode=c-shared"]).expect("it builds")
});

fn sample() -> (Driver, Chosen) {
    let mut driver = Driver::new();
    driver.clock.set(1);
    let events = driver.load("extism.wasm", SAMPLE.clone());
    (driver, chosen(&events))
}

fn text(text: &str) -> Value {
    Value::Bytes(text.as_bytes().to_vec())
}

#[track_caller]
fn call(driver: &mut Driver, host: &Chosen, export: &str, values: &[(&str, Value)]) -> Ended {
    let call = begin(driver, form(host, export), export, values);
    driver.end_of(call)
}

fn wat(source: &str) -> (Driver, Chosen) {
    let mut driver = Driver::new();
    let events = driver.load("test.wasm", wat::parse_str(source).expect("it assembles"));
    (driver, chosen(&events))
}

#[test]
fn a_plugin_of_go_is_recognised_and_has_a_form_for_each_export_of_its_own() {
    let (_, host) = sample();
    let recognised = host.recognised.as_ref().expect("it is recognised");
    assert_eq!(recognised.name, "Extism");
    assert!(
        recognised.why.ends_with("from extism:host/env"),
        "{}",
        recognised.why
    );
    assert_eq!(recognised.notes, Vec::<String>::new());
    let mut exports: Vec<&str> = host.forms.iter().map(|(name, _)| name.as_str()).collect();
    exports.sort_unstable();
    assert_eq!(exports, ["count", "fetch", "greet", "shout"]);
}

#[test]
fn a_plugin_reads_its_input_and_configuration_logs_and_answers() {
    let (mut driver, host) = sample();
    let greeting = Value::Pairs(vec![("greeting".to_owned(), "Salve".to_owned())]);
    let ended = call(
        &mut driver,
        &host,
        "greet",
        &[("input", text("Ada Lovelace")), ("config", greeting)],
    );
    assert!(
        matches!(ended.outcome, Outcome::Returned { .. }),
        "{:?}",
        ended.outcome
    );
    assert_eq!(ended.printed(Stream::Host), "info: greeting Ada Lovelace\n");
    let shown = shown(&ended);
    assert_eq!(
        (shown.failed.as_deref(), shown.said.as_str()),
        (None, "returned 0")
    );
    assert_eq!(bytes(&shown, "Output"), "Salve, Ada Lovelace!");
}

#[test]
fn an_error_is_told_in_the_plugins_words_and_the_plugin_goes_on() {
    let (mut driver, host) = sample();
    let ended = call(&mut driver, &host, "greet", &[]);
    assert_eq!(
        shown(&ended).failed.as_deref(),
        Some("whom? The input is empty")
    );
    let ended = call(&mut driver, &host, "greet", &[("input", text("you"))]);
    assert_eq!(bytes(&shown(&ended), "Output"), "Hello, you!");
}

#[test]
fn variables_last_until_restart() {
    let (mut driver, host) = sample();
    let counts = |driver: &mut Driver| bytes(&shown(&call(driver, &host, "count", &[])), "Output");
    assert_eq!(counts(&mut driver), r#"{"count": 1}"#);
    assert_eq!(counts(&mut driver), r#"{"count": 2}"#);
    driver.session.handle(Command::Reset);
    assert_eq!(counts(&mut driver), r#"{"count": 1}"#);
}

#[test]
fn a_request_waits_for_whoever_drives_the_session() {
    let (mut driver, host) = sample();
    let allowed = Value::List(vec!["example.com".to_owned()]);
    let values = [
        ("input", text("http://example.com/a")),
        ("allowed_hosts", allowed),
    ];
    let call = begin(&mut driver, form(&host, "fetch"), "fetch", &values);
    assert_eq!(driver.drain().0, Next::Wait(None));
    assert!(driver.session.host_call().is_none(), "no script is asked");
    let (id, Ask::Http(request)) = driver.session.asked().expect("it asks");
    assert_eq!(
        request,
        Request {
            method: "GET".to_owned(),
            url: "http://example.com/a".to_owned(),
            ..Request::default()
        }
    );
    assert!(driver.session.asked().is_none(), "it asks once");
    let response = Response {
        status: 200,
        headers: Vec::new(),
        body: b"from there".to_vec(),
    };
    driver.session.http_answer(id, Ok(response.clone()));
    let ended = driver.end_of(call);
    assert_eq!(bytes(&shown(&ended), "Output"), "from there");
    // One that comes late is for nobody.
    driver.session.http_answer(id, Ok(response));
}

#[test]
fn a_request_that_is_not_allowed_or_fails_traps() {
    let (mut driver, host) = sample();
    let url = ("input", text("http://example.com/a"));
    let ended = call(&mut driver, &host, "fetch", std::slice::from_ref(&url));
    let Outcome::Trapped(trap) = &ended.outcome else {
        panic!("{:?}", ended.outcome);
    };
    assert!(
        trap.ends_with("HTTP request to http://example.com/a is not allowed"),
        "{trap}"
    );
    driver.session.handle(Command::Reset);
    let allowed = Value::List(vec!["*".to_owned()]);
    let call = begin(
        &mut driver,
        form(&host, "fetch"),
        "fetch",
        &[url, ("allowed_hosts", allowed)],
    );
    driver.drain();
    let (id, _) = driver.session.asked().expect("it asks");
    driver.session.http_answer(id, Err("no network".to_owned()));
    let ended = driver.end_of(call);
    assert!(
        matches!(&ended.outcome, Outcome::Trapped(text)
            if text.contains("extism:host/env.http_request: no network")),
        "{:?}",
        ended.outcome
    );
}

#[test]
fn a_call_that_waits_for_a_request_can_be_stopped() {
    let (mut driver, host) = sample();
    let allowed = Value::List(vec!["*".to_owned()]);
    let values = [("input", text("http://x/")), ("allowed_hosts", allowed)];
    let call = begin(&mut driver, form(&host, "fetch"), "fetch", &values);
    driver.drain();
    let (id, _) = driver.session.asked().expect("it asks");
    driver.session.handle(Command::Stop);
    let ended = driver.end_of(call);
    assert_eq!(ended.outcome, Outcome::Stopped);
    driver.session.http_answer(id, Ok(Response::default()));
    driver.session.handle(Command::Reset);
    let ended = super::shown(&self::call(&mut driver, &host, "count", &[]));
    assert_eq!(bytes(&ended, "Output"), r#"{"count": 1}"#);
}

#[test]
fn a_function_of_the_users_own_is_answered_with_text() {
    let (mut driver, host) = sample();
    // Its source says uint64, where the module says i64.
    let main = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugin/extism/main.go");
    let text = std::fs::read_to_string(main).expect("its source");
    let files = vec![("main.go".to_owned(), text)];
    driver.session.handle(Command::GoSource { files });
    let info = driver.session.info().expect("a module");
    let import = info
        .imports
        .iter()
        .position(|import| import.name == "upper");
    let import = u32::try_from(import.expect("it is imported")).expect("a place");
    assert!(!host.serves.contains(&import));
    let answer = Answer::Driver;
    driver.session.handle(Command::Answer { import, answer });
    let values = [("input", self::text("quiet"))];
    let call = begin(&mut driver, form(&host, "shout"), "shout", &values);
    driver.drain();
    let asked = driver.session.host_call().expect("it asks");
    assert_eq!(
        asked.args.first().map(ToString::to_string).as_deref(),
        Some("\"quiet\"")
    );
    let loud = HostResult::Value(Some(plugboard::go::Value::String(b"LOUD".to_vec())));
    driver.session.host_answer(asked.id, Ok(loud));
    let ended = driver.end_of(call);
    assert_eq!(bytes(&shown(&ended), "Output"), "LOUD");
}

#[test]
fn the_trace_says_what_crosses() {
    let (mut driver, host) = sample();
    driver.session.handle(Command::Trace(Trace::Record(true)));
    let ended = call(&mut driver, &host, "greet", &[("input", text("Ada"))]);
    drop(ended);
    // They are the SDK's affair more than the plugin's: nothing is expected of them.
    assert_eq!(driver.session.made(), Some(Vec::new()));
    let trace = driver.session.trace().borrow();
    let entries = trace.held().filter_map(|number| trace.entry(number));
    let made: Vec<String> = entries
        .map(|it| format!("{}({})", it.name, it.arguments))
        .collect();
    let of = |name: &str| {
        let mut calls = made.iter().filter(|call| call.contains(name));
        calls
            .next()
            .unwrap_or_else(|| panic!("{name} in {made:#?}"))
            .clone()
    };
    let asked = of("config_get");
    assert!(asked.contains("\"greeting\""), "{asked}");
    let logged = of("log_info");
    assert!(logged.contains("\"greeting Ada\""), "{logged}");
}

/// A command whose `_start` exits, as older templates build them.
#[test]
fn exports_can_be_called_after_start_has_exited() {
    let (mut driver, host) = wat(r#"(module
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
        (import "extism:host/env" "store_u8" (func $store (param i64 i32)))
        (import "extism:host/env" "output_set" (func $output (param i64 i64)))
        (memory (export "memory") 1)
        (global $started (mut i32) (i32.const 0))
        (func (export "_start") (global.set $started (i32.const 65)) (call $exit (i32.const 0)))
        (func (export "run") (local $at i64)
            (local.set $at (call $alloc (i64.const 1)))
            (call $store (local.get $at) (global.get $started))
            (call $output (local.get $at) (i64.const 1))
            (call $exit (i32.const 0)))
        (func (export "bad") (result i32) (call $exit (i32.const 3)) (i32.const 0)))"#);
    let notes = &host.recognised.as_ref().expect("it is recognised").notes;
    assert!(
        notes.iter().any(|note| note.contains("without it")),
        "{notes:?}"
    );
    for _ in 0..2 {
        let ended = call(&mut driver, &host, "run", &[]);
        let shown = shown(&ended);
        assert_eq!(
            (shown.failed.as_deref(), bytes(&shown, "Output").as_str()),
            (None, "A")
        );
    }
    let ended = call(&mut driver, &host, "bad", &[]);
    assert_eq!(
        shown(&ended).failed.as_deref(),
        Some("the plugin exited with code 3")
    );
}

const GREEDY: &str = r#"(module
    (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
    (import "extism:host/env" "output_set" (func $output (param i64 i64)))
    (memory (export "memory") 1)
    (func (export "once") (drop (call $alloc (i64.const 0x100000000))))
    (func (export "hoard") (loop (drop (call $alloc (i64.const 100000))) br 0))
    (func (export "pins") (loop (drop (call $alloc (i64.const 1))) br 0))
    (func (export "most") (local $at i64)
        (local.set $at (call $alloc (i64.const -1)))
        (call $output (local.get $at) (i64.const -1))))"#;

#[test]
fn the_hosts_memory_counts_as_the_guests() {
    for export in ["once", "hoard", "pins", "most"] {
        let mut driver = Driver::new();
        driver.session.handle(Command::Configure(Settings {
            limits: Limits {
                memory_pages: 40,
                ..Limits::default()
            },
            ..Settings::default()
        }));
        let module = wat::parse_str(GREEDY).expect("it assembles");
        let host = chosen(&driver.load("test.wasm", module));
        let ended = call(&mut driver, &host, export, &[]);
        let Outcome::Limited(text) = &ended.outcome else {
            panic!("{export}: {:?}", ended.outcome);
        };
        assert!(
            text.contains("asked Extism for") && text.ends_with("(Settings, memory)"),
            "{text}"
        );
        // It is shown all the same.
        assert_eq!(bytes(&shown(&ended), "Output"), "");
    }
}

#[test]
fn a_function_of_another_type_is_none_of_the_hosts() {
    let (mut driver, host) = wat(r#"(module
        (import "extism:host/env" "alloc" (func $alloc (param i32) (result i64)))
        (import "extism:host/env" "nothing" (func))
        (func (export "run") (drop (call $alloc (i32.const 1)))))"#);
    assert_eq!(host.serves, Vec::<u32>::new());
    let ended = call(&mut driver, &host, "run", &[]);
    let Outcome::Trapped(text) = &ended.outcome else {
        panic!("{:?}", ended.outcome);
    };
    assert!(
        text.ends_with("Extism's alloc is (i64) → i64, the module's is (i32) → i64"),
        "{text}"
    );
}

#[test]
fn one_name_can_be_imported_twice() {
    let (mut driver, host) = wat(r#"(module
        (import "extism:host/env" "log_error" (func $one (param i64)))
        (import "extism:host/env" "log_error" (func $two (param i64)))
        (func (export "run") (call $one (i64.const 0)) (call $two (i64.const 0))))"#);
    assert_eq!(host.serves, [0, 1]);
    let ended = call(&mut driver, &host, "run", &[]);
    assert_eq!(ended.printed(Stream::Host), "error: \nerror: \n");
}

#[test]
fn what_is_no_message_is_rejected() {
    let (mut driver, _) = sample();
    driver.session.handle(Command::Host(vec![200, 1, 2]));
    let events = driver.session.take_events();
    assert!(
        matches!(events.as_slice(), [Event::Rejected(_)]),
        "{events:?}"
    );
    say(&mut driver, &ToHost::Choose(None));
    let events = driver.session.take_events();
    assert!(matches!(told(&events).as_slice(), [FromHost::Chosen(_)]));
}
