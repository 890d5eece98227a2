//! Handlers of http-wasm: the sample, in Go, and what is hostile, in WAT.

use super::{after, begin, bytes, form, line, pairs, part, plug_in, plug_in_text, sample, shown};
use crate::driver::{Driver, Ended};
use plugboard::hosts::{Kind, Part, Shown, Value};
use plugboard::protocol::hosts::Chosen;
use plugboard::protocol::{Limits, Outcome, Settings, Stream};
use std::sync::LazyLock;

static SAMPLE: LazyLock<Vec<u8>> = LazyLock::new(|| sample("http-wasm"));

#[track_caller]
fn send(driver: &mut Driver, host: &Chosen, values: &[(&str, Value)]) -> Ended {
    let form = form(host, "handle_request");
    let call = begin(driver, form, "handle_request", values);
    driver.end_of(call)
}

#[track_caller]
fn sent(driver: &mut Driver, host: &Chosen, values: &[(&str, Value)]) -> Shown {
    let ended = send(driver, host, values);
    assert!(
        matches!(ended.outcome, Outcome::Returned { .. }),
        "{:?}",
        ended.outcome
    );
    shown(&ended)
}

#[test]
fn a_handler_of_go_is_recognised_and_both_its_exports_have_one_form() {
    let (_, host) = plug_in(SAMPLE.clone());
    assert_eq!(host.kind, Some(Kind::HttpWasm));
    let recognised = host.recognised.as_ref().expect("it is recognised");
    assert!(
        recognised.why.ends_with("from http_handler"),
        "{}",
        recognised.why
    );
    assert_eq!(recognised.notes, Vec::<String>::new());
    assert_eq!(host.forms.len(), 2);
    assert_eq!(
        form(&host, "handle_request"),
        form(&host, "handle_response")
    );
}

#[test]
fn a_request_goes_through_the_handler_and_its_response_comes_back_through_it() {
    let (mut driver, host) = plug_in(SAMPLE.clone());
    let values = [
        ("method", line("POST")),
        ("uri", line("/a?b=c")),
        (
            "headers",
            pairs(&[("Authorization", "secret"), ("Content-Type", "text/plain")]),
        ),
        ("body", line("hello")),
    ];
    // Twice: what is enabled when it is made ready lasts.
    for _ in 0..2 {
        let shown = sent(&mut driver, &host, &values);
        assert_eq!(
            (shown.failed.as_deref(), shown.said.as_str()),
            (None, "next was called, 200")
        );
        let request = "POST /a HTTP/1.1\ncontent-type: text/plain\ncontent-length: 5\nx-seen-by: plugin\n\nhello\n";
        assert_eq!(after(&shown, "Request"), request);
        let response = "200\ncontent-type: text/plain\nx-request-length: 5\n\nHELLO\n";
        assert_eq!(after(&shown, "Response"), response);
        assert_eq!(bytes(&shown, "Response body"), "HELLO");
    }
}

#[test]
fn a_handler_answers_itself_what_it_does_not_let_through() {
    let (mut driver, host) = plug_in(SAMPLE.clone());
    let private = ("uri", line("/private"));
    let config = ("config", line("open"));
    let ended = send(&mut driver, &host, &[private.clone(), config.clone()]);
    assert_eq!(ended.printed(Stream::Host), "info: no entry: /private\n");
    let refused = shown(&ended);
    assert_eq!(refused.said, "next was not called, 401");
    assert_eq!(
        after(&refused, "Response"),
        "401\nwww-authenticate: Bearer\n\nwho are you?\n"
    );
    assert!(matches!(part(&refused, "Log"), Part::Table { .. }));

    let token = ("headers", pairs(&[("authorization", "Bearer open")]));
    let let_in = sent(&mut driver, &host, &[private, config, token]);
    assert_eq!(let_in.said, "next was called, 200");
}

#[test]
fn a_handler_is_told_that_next_has_failed() {
    let (mut driver, host) = plug_in(SAMPLE.clone());
    let shown = sent(&mut driver, &host, &[("backend", line("fail"))]);
    assert_eq!(shown.said, "next was called, 502");
    assert_eq!(bytes(&shown, "Response body"), "the next handler failed\n");
}

/// A handler whose `handle_request` does this.
fn handler(does: &str) -> String {
    format!(
        r#"(module
            (import "http_handler" "get_uri" (func $uri (param i32 i32) (result i32)))
            (import "http_handler" "write_body" (func $write (param i32 i32 i32)))
            (import "http_handler" "set_header_value" (func $set (param i32 i32 i32 i32 i32)))
            (import "http_handler" "add_header_value" (func $add (param i32 i32 i32 i32 i32)))
            (import "http_handler" "read_body" (func $read (param i32 i32 i32) (result i64)))
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") 1)
            (func (export "handle_request") (result i64) {does})
            (func (export "handle_response") (param i32 i32)))"#
    )
}

#[track_caller]
fn trapped(does: &str) -> String {
    let (mut driver, host) = plug_in_text(&handler(does));
    match send(&mut driver, &host, &[]).outcome {
        Outcome::Trapped(text) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_wrong_traps_and_says_where_and_what() {
    let said = trapped("(drop (call $uri (i32.const -1) (i32.const -1))) (i64.const 0)");
    assert!(
        said.contains("import http_handler.get_uri: 0xffffffff"),
        "{said}"
    );
    assert!(said.contains("are not all in the guest's memory"), "{said}");
    let said =
        trapped("(drop (call $read (i32.const 0) (i32.const 0) (i32.const 0))) (i64.const 0)");
    assert!(
        said.contains("import http_handler.read_body: the limit is 0"),
        "{said}"
    );
    let said = trapped(
        "(call $set (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)) (i64.const 0)",
    );
    assert!(said.contains("the name of a header is empty"), "{said}");
}

#[test]
fn bombs_end_at_a_limit() {
    let bomb =
        "(loop (call $write (i32.const 1) (i32.const 0) (i32.const 65536)) (br 0)) (i64.const 0)";
    let (mut driver, host) = plug_in_text(&handler(bomb));
    driver
        .session
        .handle(plugboard::protocol::Command::Configure(Settings {
            limits: Limits {
                memory_pages: 16,
                ..Limits::default()
            },
            ..Settings::default()
        }));
    match send(&mut driver, &host, &[]).outcome {
        Outcome::Limited(said) => assert!(said.contains("(Settings, memory)"), "{said}"),
        other => panic!("{other:?}"),
    }
    let said = trapped(
        "(loop (call $add (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 0)) (br 0)) (i64.const 0)",
    );
    assert!(said.contains("4096 headers"), "{said}");
}

#[test]
fn an_exit_in_a_handler_is_a_failure() {
    let (mut driver, host) = plug_in_text(&handler("(call $exit (i32.const 3)) (i64.const 0)"));
    let shown = sent(&mut driver, &host, &[]);
    let failed = shown.failed.expect("it failed");
    assert!(failed.contains("exited with code 3"), "{failed}");
}

#[test]
fn exports_are_called_after_a_start_that_exits() {
    let command = r#"(module
        (import "http_handler" "set_status_code" (func $status (param i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (func (export "_start") (call $exit (i32.const 0)))
        (func (export "handle_request") (result i64) (call $status (i32.const 418)) (i64.const 0))
        (func (export "handle_response") (param i32 i32)))"#;
    let (mut driver, host) = plug_in_text(command);
    let recognised = host.recognised.as_ref().expect("it is recognised");
    let note = recognised.notes.first().expect("a note");
    assert!(note.contains("module closed with exit_code(0)"), "{note}");
    assert_eq!(
        sent(&mut driver, &host, &[]).said,
        "next was not called, 418"
    );
}
