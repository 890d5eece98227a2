//! Plugins for proxies: the sample, in Go, and what is hostile, in WAT.

use super::{
    after, begin_by, bytes, form, line, pairs, part, plug_in, plug_in_text, sample, shown,
};
use crate::driver::{Driver, Ended};
use plugboard::hosts::{Ask, Kind, Part, Response, Shown, Value};
use plugboard::protocol::hosts::Chosen;
use plugboard::protocol::{Outcome, Stream};
use std::sync::LazyLock;

static SAMPLE: LazyLock<Vec<u8>> = LazyLock::new(|| sample("proxy-wasm"));

const EXPORT: &str = "proxy_on_request_headers";

fn act(driver: &mut Driver, host: &Chosen, action: &str, values: &[(&str, Value)]) -> Ended {
    let call = begin_by(driver, form(host, EXPORT), (EXPORT, action), values);
    driver.end_of(call)
}

#[track_caller]
fn send(driver: &mut Driver, host: &Chosen, path: &str, more: &[(&str, Value)]) -> Shown {
    let headers = pairs(&[(":method", "GET"), (":path", path), (":authority", "a")]);
    let values = [&[("headers", headers)], more].concat();
    let ended = act(driver, host, "send", &values);
    assert!(
        matches!(ended.outcome, Outcome::Returned { .. }),
        "{:?}",
        ended.outcome
    );
    shown(&ended)
}

/// The callbacks that were made, without their arguments.
fn callbacks(shown: &Shown) -> Vec<String> {
    let Part::Table { rows, .. } = part(shown, "Callbacks") else {
        panic!("{shown:?}");
    };
    let name = |row: &Vec<String>| {
        let name = row[0].split('(').next().expect("a name");
        name.strip_prefix("proxy_on_")
            .expect("a callback")
            .to_owned()
    };
    rows.iter().map(name).collect()
}

#[test]
fn a_plugin_of_go_is_recognised_and_a_request_goes_through_it() {
    let (mut driver, host) = plug_in(SAMPLE.clone());
    assert_eq!(host.kind, Some(Kind::ProxyWasm));
    let recognised = host.recognised.as_ref().expect("it is recognised");
    assert_eq!(recognised.why, "it exports proxy_abi_version_0_2_1");
    let more = [
        ("plugin", line("hello from the plugin")),
        ("properties", pairs(&[("source.address", "1.2.3.4:5")])),
    ];
    let first = send(&mut driver, &host, "/", &more);
    assert_eq!(
        (first.failed.as_deref(), first.said.as_str()),
        (None, "passed on: 200")
    );
    assert_eq!(
        callbacks(&first),
        [
            "context_create",
            "vm_start",
            "configure",
            "context_create",
            "request_headers",
            "response_headers",
            "response_body",
            "done",
            "log",
            "delete",
        ]
    );
    assert!(after(&first, "Request").ends_with("x-from: 1.2.3.4:5\n"));
    assert_eq!(
        bytes(&first, "Response body"),
        "hello from the plugin\nHello from the upstream\n"
    );
    // The instance lasts, and what is counted in it.
    let second = send(&mut driver, &host, "/", &more);
    assert_eq!(callbacks(&second)[0], "context_create");
    let Part::Table { rows, .. } = part(&second, "Metrics") else {
        panic!("{second:?}");
    };
    assert_eq!(rows, [["requests", "counter", "2"]]);
}

#[test]
fn a_body_in_pieces_is_held_up_until_it_is_whole() {
    let (mut driver, host) = plug_in(SAMPLE.clone());
    let more = [
        ("piece", line("10")),
        ("response-body", line("123456789 123456789 1234")),
    ];
    let shown = send(&mut driver, &host, "/", &more);
    let bodies = callbacks(&shown)
        .into_iter()
        .filter(|name| name == "response_body");
    assert_eq!(bodies.count(), 3);
    let body = bytes(&shown, "Response body");
    assert_eq!(body, "seen by a plugin\n123456789 123456789 1234");
}

#[test]
fn a_plugin_answers_a_request_itself() {
    let (mut driver, host) = plug_in(SAMPLE.clone());
    let shown = send(&mut driver, &host, "/denied", &[]);
    assert_eq!(shown.said, "answered by the plugin: 403");
    // Its answer goes through it, too.
    assert_eq!(
        bytes(&shown, "Response body"),
        "seen by a plugin\ngo away\n"
    );
}

#[test]
fn a_request_waits_for_what_another_server_says() {
    for (reply, said) in [
        ("yes", "passed on: 200"),
        (r#"{"status": 401}"#, "answered by the plugin: 403"),
        (r#"{"status": 0}"#, "answered by the plugin: 403"),
    ] {
        let (mut driver, host) = plug_in(SAMPLE.clone());
        let more = [("replies", pairs(&[("auth", reply)]))];
        let shown = send(&mut driver, &host, "/private", &more);
        assert_eq!(shown.said, said, "{reply}");
        let made = callbacks(&shown);
        let place = |name: &str| made.iter().position(|made| made == name);
        assert!(
            place("request_headers") < place("http_call_response"),
            "{made:?}"
        );
        assert!(
            place("http_call_response") < place("response_headers"),
            "{made:?}"
        );
    }
    let (mut driver, host) = plug_in(SAMPLE.clone());
    let shown = send(&mut driver, &host, "/private", &[]);
    assert_eq!(shown.said, "answered by the plugin: 500");
}

#[test]
fn an_upstream_that_has_an_address_is_asked() {
    let response = |status| Response {
        status,
        headers: vec![("x-a".to_owned(), "b".to_owned())],
        body: b"yes".to_vec(),
    };
    for (answer, said) in [
        (Ok(response(200)), "passed on: 200"),
        (Ok(response(401)), "answered by the plugin: 403"),
        (Err("no network".to_owned()), "answered by the plugin: 403"),
    ] {
        let (mut driver, host) = plug_in(SAMPLE.clone());
        let values = [
            (
                "headers",
                pairs(&[
                    (":method", "GET"),
                    (":path", "/private"),
                    (":authority", "a"),
                ]),
            ),
            ("replies", pairs(&[("auth", "http://localhost:1234/")])),
        ];
        let call = begin_by(&mut driver, form(&host, EXPORT), (EXPORT, "send"), &values);
        driver.drain();
        let (id, Ask::Http(request)) = driver.session.asked().expect("it asks");
        assert_eq!(
            (&*request.method, &*request.url, request.timeout_millis),
            ("GET", "http://localhost:1234/private", Some(1000))
        );
        driver.session.http_answer(id, answer);
        assert_eq!(shown(&driver.end_of(call)).said, said);
    }
}

#[test]
fn phases_are_made_one_by_one_and_ticks_beside_them() {
    let (mut driver, host) = plug_in(SAMPLE.clone());
    let mut last = |action: &str| {
        let shown = shown(&act(&mut driver, &host, action, &[]));
        callbacks(&shown).pop().expect("one")
    };
    assert_eq!(last("next"), "request_headers");
    assert_eq!(last("next"), "response_headers");
    assert_eq!(last("tick"), "tick");
    assert_eq!(last("next"), "response_body");
    assert_eq!(last("tick"), "tick");
    assert_eq!(last("next"), "done");
    let ticked = shown(&act(&mut driver, &host, "tick", &[]));
    let Part::Table { rows, .. } = part(&ticked, "Shared data") else {
        panic!("{ticked:?}");
    };
    assert_eq!(rows[0][..2], ["ticks", "3"]);
}

#[test]
fn a_plugin_that_refuses_its_configuration_needs_another_one() {
    let (mut driver, host) = plug_in(SAMPLE.clone());
    let refused = [("plugin", line("two\nlines"))];
    let ended = act(&mut driver, &host, "send", &refused);
    assert_eq!(
        ended.printed(Stream::Host),
        "info: the configuration is one line\n"
    );
    let failed = shown(&ended).failed.expect("it failed");
    assert!(
        failed.contains("proxy_on_configure returned false"),
        "{failed}"
    );
    let again = act(&mut driver, &host, "send", &refused).outcome;
    assert!(format!("{again:?}").contains("change it"), "{again:?}");
    let other = send(&mut driver, &host, "/", &[("plugin", line("one line"))]);
    assert_eq!(other.said, "passed on: 200");
}

/// A plugin whose allocator and whose callback for headers do this.
fn plugin(allocate: &str, headers: &str) -> String {
    format!(
        r#"(module
            (import "env" "proxy_get_buffer_bytes" (func $get (param i32 i32 i32 i32 i32) (result i32)))
            (import "env" "proxy_register_shared_queue" (func $queue (param i32 i32 i32) (result i32)))
            (import "env" "proxy_enqueue_shared_queue" (func $enqueue (param i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (func (export "proxy_on_memory_allocate") (param i32) (result i32) {allocate})
            (func (export "proxy_on_context_create") (param i32 i32))
            (func (export "proxy_on_queue_ready") (param i32 i32)
                (drop (call $enqueue (i32.const 1) (i32.const 0) (i32.const 1))))
            (func $headers (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) {headers}))"#
    )
}

/// Asks for the configuration; the status goes on as what the callback returns.
const GET: &str =
    "(call $get (i32.const 7) (i32.const 0) (i32.const 9) (i32.const 64) (i32.const 68))";

#[test]
fn a_function_calls_back_for_room() {
    let (mut driver, host) = plug_in_text(&plugin("(i32.const 32)", GET));
    let shown = send(&mut driver, &host, "/", &[("plugin", line("config"))]);
    assert_eq!(shown.said, "passed on: 200");
    let read = driver.session.read_memory(32, 6).expect("it is there");
    assert_eq!(&*read, b"config");
    let read = driver.session.read_memory(64, 8).expect("it is there");
    assert_eq!(&*read, [32, 0, 0, 0, 6, 0, 0, 0]);
}

#[test]
fn an_allocator_that_lies_or_traps_harms_nobody() {
    for (allocate, status) in [
        ("(i32.const 0)", "10"),
        ("(i32.const -1)", "6"),
        ("(i32.const 65535)", "6"),
    ] {
        let (mut driver, host) = plug_in_text(&plugin(allocate, GET));
        let shown = send(&mut driver, &host, "/", &[("plugin", line("config"))]);
        let Part::Table { rows, .. } = part(&shown, "Callbacks") else {
            panic!("{shown:?}");
        };
        assert!(
            rows.iter().any(|row| row[1] == format!("pause ({status})")),
            "{rows:?}"
        );
    }
    let (mut driver, host) = plug_in_text(&plugin("(unreachable)", GET));
    let ended = act(&mut driver, &host, "send", &[("plugin", line("config"))]);
    assert!(
        matches!(ended.outcome, Outcome::Trapped(_)),
        "{:?}",
        ended.outcome
    );
}

#[test]
fn an_allocator_that_asks_for_room_itself_ends() {
    let (mut driver, host) = plug_in_text(&plugin(&format!("(drop {GET}) (i32.const 32)"), GET));
    let ended = act(&mut driver, &host, "send", &[("plugin", line("config"))]);
    match ended.outcome {
        Outcome::Trapped(said) | Outcome::Limited(said) => {
            assert!(said.contains("nested") || said.contains("depth"), "{said}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_callback_that_makes_for_the_next_one_is_stopped() {
    let headers = "(drop (call $queue (i32.const 0) (i32.const 1) (i32.const 64)))
        (call $enqueue (i32.const 1) (i32.const 0) (i32.const 1))";
    let (mut driver, host) = plug_in_text(&plugin("(i32.const 32)", headers));
    let form = form(&host, EXPORT);
    let call = begin_by(&mut driver, form, (EXPORT, "send"), &[]);
    for _ in 0..1000 {
        driver.session.step(crate::driver::SLICE);
    }
    driver.session.handle(plugboard::protocol::Command::Stop);
    assert_eq!(driver.end_of(call).outcome, Outcome::Stopped);
}
