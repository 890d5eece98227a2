//! Modules that are written for a framework run with its host.

mod commands;
mod conformance;
mod extism;
mod http_wasm;
mod proxy_wasm;
mod recognised;
mod wapc;

use crate::driver::{Driver, Ended};
use crate::go;
use plugboard::hosts::{Form, Kind, Part, Shown, Value, Values};
use plugboard::protocol::hosts::{Chosen, FromHost, ToHost};
use plugboard::protocol::{CallId, Command, Event, decode, encode};
use std::path::Path;

/// What the session has said of a host.
fn told(events: &[Event]) -> Vec<FromHost> {
    let events = events.iter().filter_map(|event| match event {
        Event::Host(bytes) => Some(decode(bytes).expect("it can be read")),
        _ => None,
    });
    events.collect()
}

/// The host that the module runs with.
#[track_caller]
fn chosen(events: &[Event]) -> Chosen {
    let mut chosen = told(events).into_iter().filter_map(|told| match told {
        FromHost::Chosen(chosen) => Some(*chosen),
        FromHost::Shown { .. } => None,
    });
    chosen.next().expect("a host was chosen")
}

fn say(driver: &mut Driver, told: &ToHost) {
    let bytes = encode(told).expect("it can be written");
    driver.session.handle(Command::Host(bytes));
}

fn form<'a>(chosen: &'a Chosen, export: &str) -> &'a Form {
    let mut forms = chosen.forms.iter();
    let found = forms.find(|(name, _)| name == export);
    &found.expect("it has a form").1
}

fn begin(driver: &mut Driver, form: &Form, export: &str, values: &[(&str, Value)]) -> CallId {
    let action = &form.actions.first().expect("an action").key;
    begin_by(driver, form, (export, action), values)
}

/// The same by an action.
fn begin_by(
    driver: &mut Driver,
    form: &Form,
    (export, action): (&str, &str),
    values: &[(&str, Value)],
) -> CallId {
    let call = driver.id();
    let mut filled = Values::default();
    for (key, value) in values {
        filled.set(key, value.clone());
    }
    say(
        driver,
        &ToHost::Call {
            call,
            export: export.to_owned(),
            action: action.to_owned(),
            values: filled.over(form),
        },
    );
    call
}

/// What there is to show of a call that has ended.
#[track_caller]
fn shown(ended: &Ended) -> Shown {
    let mut shown = told(&ended.events)
        .into_iter()
        .filter_map(|told| match told {
            FromHost::Shown { shown, .. } => Some(*shown),
            FromHost::Chosen(_) => None,
        });
    shown.next().expect("something is shown")
}

fn bytes(shown: &Shown, label: &str) -> String {
    let mut parts = shown.parts.iter();
    let part = parts.find(|(name, _)| name == label).map(|(_, part)| part);
    match part {
        Some(Part::Bytes(bytes)) => String::from_utf8(bytes.clone()).expect("UTF-8"),
        other => panic!("{label}: {other:?}"),
    }
}

/// A sample of these, by standard Go.
fn sample(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("plugin")
        .join(name);
    go::build(&folder, &["-buildmode=c-shared"]).expect("it builds")
}

/// A module on a board, and the host that it runs with.
fn plug_in(wasm: Vec<u8>) -> (Driver, Chosen) {
    let mut driver = Driver::new();
    // Go ends where the monotonic clock is at zero.
    driver.clock.set(1);
    let events = driver.load("plugin.wasm", wasm);
    (driver, chosen(&events))
}

/// The same of one as text.
fn plug_in_text(wat: &str) -> (Driver, Chosen) {
    plug_in(wat::parse_str(wat).expect("it assembles"))
}

fn pairs(pairs: &[(&str, &str)]) -> Value {
    let pairs = pairs.iter();
    Value::Pairs(
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    )
}

fn line(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// What is shown under a label that begins so.
#[track_caller]
fn part(shown: &Shown, label: &str) -> Part {
    let mut parts = shown.parts.iter();
    let found = parts.find(|(name, _)| name.starts_with(label));
    found
        .unwrap_or_else(|| panic!("{label}: {shown:?}"))
        .1
        .clone()
}

/// What a difference has after.
#[track_caller]
fn after(shown: &Shown, label: &str) -> String {
    match part(shown, label) {
        Part::Difference { after, .. } | Part::Text(after) => after,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_written_for_no_framework_has_no_host() {
    let mut driver = Driver::new();
    let wat = r#"(module (import "log" "log" (func (param i32 i32))) (func (export "run")))"#;
    let events = driver.load("test.wasm", wat::parse_str(wat).expect("it assembles"));
    assert_eq!(told(&events), []);
}

#[test]
fn a_framework_without_a_host_is_known_by_name() {
    let mut driver = Driver::new();
    let wat = r#"(module (import "fastly_http_req" "new" (func (param i32) (result i32))))"#;
    let events = driver.load("test.wasm", wat::parse_str(wat).expect("it assembles"));
    let chosen = chosen(&events);
    let recognised = chosen.recognised.expect("it is recognised");
    assert_eq!(
        (recognised.name.as_str(), recognised.kind),
        ("Fastly Compute", None)
    );
    assert_eq!(recognised.why, "it imports from fastly_http_req");
    assert_eq!((chosen.kind, chosen.forms.len()), (None, 0));
}

#[test]
fn a_host_can_be_taken_away_and_chosen() {
    let mut driver = Driver::new();
    let wat = r#"(module (import "extism:host/env" "input_length" (func $length (result i64)))
        (func (export "run") (drop (call $length))))"#;
    let events = driver.load("test.wasm", wat::parse_str(wat).expect("it assembles"));
    let extism = chosen(&events);
    assert_eq!(
        (extism.kind, extism.serves.clone()),
        (Some(Kind::Extism), vec![0])
    );
    say(&mut driver, &ToHost::Choose(None));
    let none = chosen(&driver.session.take_events());
    assert_eq!((none.kind, none.serves), (None, Vec::new()));
    let ended = driver.call("run", &[], Vec::new());
    let text = format!("{:?}", ended.outcome);
    assert!(
        text.contains("input_length was called, and has no answer"),
        "{text}"
    );
    say(&mut driver, &ToHost::Choose(Some(Kind::Extism)));
    assert_eq!(chosen(&driver.session.take_events()), extism);
    let call = begin(&mut driver, form(&extism, "run"), "run", &[]);
    assert_eq!(shown(&driver.end_of(call)).failed, None);
}
