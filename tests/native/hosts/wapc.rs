//! Guests of waPC and policies of Kubewarden: the sample, in Go, and others in WAT.

use super::{
    after, begin, begin_by, bytes, chosen, form, line, pairs, part, plug_in, plug_in_text, sample,
    say, shown,
};
use crate::driver::Driver;
use plugboard::hosts::{Kind, Part, Shown, Value};
use plugboard::protocol::Outcome;
use plugboard::protocol::hosts::{Chosen, ToHost};
use std::sync::LazyLock;

static SAMPLE: LazyLock<Vec<u8>> = LazyLock::new(|| sample("wapc"));

const CALL: &str = "__guest_call";

#[track_caller]
fn call(driver: &mut Driver, host: &Chosen, values: &[(&str, Value)]) -> Shown {
    let call = begin(driver, form(host, CALL), CALL, values);
    let ended = driver.end_of(call);
    assert!(
        matches!(ended.outcome, Outcome::Returned { .. }),
        "{:?}",
        ended.outcome
    );
    shown(&ended)
}

#[track_caller]
fn judge(operation: &str, values: &[(&str, Value)]) -> Shown {
    let (mut driver, host) = plug_in(SAMPLE.clone());
    let call = begin_by(&mut driver, form(&host, CALL), (CALL, operation), values);
    shown(&driver.end_of(call))
}

#[test]
fn a_guest_answers_an_operation_and_asks_its_host() {
    let (mut driver, host) = plug_in(SAMPLE.clone());
    // It is a policy as well.
    assert_eq!(host.kind, Some(Kind::Kubewarden));
    say(&mut driver, &ToHost::Choose(Some(Kind::Wapc)));
    let host = chosen(&driver.session.take_events());
    let values = [
        ("operation", line("greet")),
        ("payload", line("Ada")),
        ("replies", pairs(&[("sample/greetings/find", "Salve")])),
    ];
    let greeted = call(&mut driver, &host, &values);
    assert_eq!(greeted.failed, None);
    assert_eq!(bytes(&greeted, "Response"), "Salve, Ada!");
    let Part::Table { rows, .. } = part(&greeted, "Host calls") else {
        panic!("{greeted:?}");
    };
    assert_eq!(rows, [["sample/greetings/find", "Ada", "Salve"]]);

    let failed = call(&mut driver, &host, &values[..2])
        .failed
        .expect("it failed");
    assert_eq!(
        failed,
        "no greeting: no reply to sample/greetings/find is filled in (Replies)"
    );
    let failed = call(&mut driver, &host, &[("operation", line("none"))]).failed;
    assert_eq!(failed.as_deref(), Some("there is no operation none"));
}

#[test]
fn a_policy_refuses_an_object() {
    let shown = judge("validate", &[]);
    assert_eq!(
        (shown.failed.as_deref(), shown.said.as_str()),
        (None, "rejected")
    );
    let message = "the image nginx:latest has no fixed version";
    assert_eq!(part(&shown, "Message"), Part::Text(message.to_owned()));
    assert_eq!(part(&shown, "Code"), Part::Text("403".to_owned()));
}

#[test]
fn a_policy_changes_an_object() {
    let request = r#"{"object": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"},
        "spec": {"containers": [{"image": "nginx:1.27"}]}}}"#;
    let settings = r#"{"label": "seen"}"#;
    let shown = judge(
        "validate",
        &[("request", line(request)), ("settings", line(settings))],
    );
    assert_eq!(shown.said, "accepted");
    let Part::Difference { before, after } = part(&shown, "Object") else {
        panic!("{shown:?}");
    };
    let label = "    \"labels\": {\n      \"seen\": \"yes\"\n    },\n";
    assert_eq!(after.replace(label, ""), before);
}

#[test]
fn a_policy_judges_its_settings_and_says_its_version() {
    let valid = judge(
        "validate_settings",
        &[("settings", line(r#"{"label": "a"}"#))],
    );
    assert_eq!(valid.said, "valid");
    let not = judge(
        "validate_settings",
        &[("settings", line(r#"{"label": "a b"}"#))],
    );
    assert_eq!(not.said, "not valid");
    assert_eq!(after(&not, "Message"), "a label has no spaces");
    assert_eq!(judge("protocol_version", &[]).said, "v1");
}

#[test]
fn a_policy_that_is_annotated_is_recognised() {
    let (_, host) = plug_in_text(
        r#"(module (import "wapc" "__guest_response" (func (param i32 i32)))
            (func (export "__guest_call") (param i32 i32) (result i32) (i32.const 1))
            (@custom "io.kubewarden.metadata" "{}"))"#,
    );
    assert_eq!(host.kind, Some(Kind::Kubewarden));
}

#[test]
fn a_policy_that_is_fresh_from_the_compiler_is_recognised_by_its_data() {
    for (data, kind) in [
        ("validate, validate_settings, kubewarden", Kind::Kubewarden),
        ("validate_settings", Kind::Wapc),
        ("kubewarden", Kind::Wapc),
    ] {
        let (_, host) = plug_in_text(&format!(
            r#"(module (import "wapc" "__guest_response" (func (param i32 i32)))
                (memory 1) (data (i32.const 0) "{data}")
                (func (export "__guest_call") (param i32 i32) (result i32) (i32.const 1)))"#
        ));
        assert_eq!(host.kind, Some(kind), "{data}");
    }
}

#[test]
fn what_makes_a_guest_ready_is_called_once() {
    let (mut driver, host) = plug_in_text(
        r#"(module (import "wapc" "__guest_response" (func $response (param i32 i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "0")
            (func (export "wapc_init")
                (i32.store8 (i32.const 0) (i32.add (i32.load8_u (i32.const 0)) (i32.const 1))))
            (func (export "__guest_call") (param i32 i32) (result i32)
                (call $response (i32.const 0) (i32.const 1)) (i32.const 1)))"#,
    );
    for _ in 0..2 {
        assert_eq!(bytes(&call(&mut driver, &host, &[]), "Response"), "1");
    }
}

#[test]
fn bytes_that_are_nowhere_trap() {
    let (mut driver, host) = plug_in_text(
        r#"(module (import "wapc" "__guest_response" (func $response (param i32 i32)))
            (memory (export "memory") 1)
            (func (export "__guest_call") (param i32 i32) (result i32)
                (call $response (i32.const 65535) (i32.const 2)) (i32.const 1)))"#,
    );
    let id = begin(&mut driver, form(&host, CALL), CALL, &[]);
    match driver.end_of(id).outcome {
        Outcome::Trapped(said) => {
            assert!(
                said.contains("import wapc.__guest_response: 0xffff"),
                "{said}"
            );
        }
        other => panic!("{other:?}"),
    }
}
