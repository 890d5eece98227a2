//! The functions of the proxy and the order of callbacks, over a guest that is played by the test.

mod functions;
mod held_up;
mod phases;
mod sharing;
mod tcp;

use super::ProxyWasm;
use super::functions::TABLE;
use crate::hosts::testing::{Board, pairs, text};
use crate::hosts::{Came, Host, Next, Part, Value};

/// The callbacks of a plugin that has all.
const CALLBACKS: &[&str] = &[
    "proxy_on_memory_allocate",
    "proxy_on_context_create",
    "proxy_on_vm_start",
    "proxy_on_configure",
    "proxy_on_request_headers",
    "proxy_on_request_body",
    "proxy_on_request_trailers",
    "proxy_on_response_headers",
    "proxy_on_response_body",
    "proxy_on_response_trailers",
    "proxy_on_new_connection",
    "proxy_on_downstream_data",
    "proxy_on_upstream_data",
    "proxy_on_downstream_connection_close",
    "proxy_on_upstream_connection_close",
    "proxy_on_done",
    "proxy_on_log",
    "proxy_on_delete",
    "proxy_on_tick",
    "proxy_on_queue_ready",
    "proxy_on_http_call_response",
    "proxy_on_redis_call_response",
];

/// Addresses where the host's answers go.
const TO: [u64; 2] = [0x100, 0x104];

/// A board with a plugin that has these exports.
fn plugin(exports: &[&str]) -> Board<ProxyWasm> {
    let exports = exports.iter().map(|&name| name.to_owned());
    Board::new(ProxyWasm::with_exports(exports), TABLE)
}

/// A call begins, of a request with a header and what else there is.
fn begin(board: &mut Board<ProxyWasm>, action: &str, more: &[(&str, Value)]) {
    let mut values = vec![
        (
            "headers",
            pairs(&[
                (":method", "GET"),
                (":path", "/a?b"),
                ("X-A", "1"),
                ("x-a", "2"),
            ]),
        ),
        ("response-headers", pairs(&[(":status", "200")])),
        ("piece", text("0")),
        ("level", text("info")),
        ("plugin", text("config")),
        ("vm", text("vm")),
    ];
    for (key, value) in more {
        values.retain(|(name, _)| name != key);
        values.push((*key, value.clone()));
    }
    board.begin(action, &values).expect("it is filled in well");
}

/// Plays the plugin, each of whose callbacks returns what `answers` says: the callbacks, as `name(arguments)`, until the call is over.
fn play(
    board: &mut Board<ProxyWasm>,
    mut answers: impl FnMut(&mut Board<ProxyWasm>, &str) -> u64,
) -> Vec<String> {
    let mut calls = Vec::new();
    let mut came = Came::Begun;
    while let Next::Call(call) = board.next(came) {
        let args: Vec<String> = call.args.iter().map(ToString::to_string).collect();
        let name = call.export.strip_prefix("proxy_on_").expect("a callback");
        calls.push(format!("{name}({})", args.join(" ")));
        came = Came::Returned(vec![answers(board, name)]);
        assert!(calls.len() < 1000, "it does not end");
    }
    calls
}

/// What a plugin answers that lets all go on.
fn willing(name: &str) -> u64 {
    matches!(name, "vm_start" | "configure" | "done").into()
}

/// A board whose plugin is in this callback of a request, all before which let it go on.
fn in_callback(callback: &str, more: &[(&str, Value)]) -> Board<ProxyWasm> {
    let mut board = plugin(CALLBACKS);
    begin(&mut board, "send", more);
    let mut came = Came::Begun;
    loop {
        let (export, _) = board.calls(came);
        let name = export.strip_prefix("proxy_on_").expect("a callback");
        if name == callback {
            return board;
        }
        came = Came::Returned(vec![willing(name)]);
    }
}

/// Calls a function that gives bytes: its status and the bytes.
fn given(board: &mut Board<ProxyWasm>, name: &str, args: &[u64]) -> (u64, Vec<u8>) {
    let args = [args, &TO].concat();
    let status = board.call(name, &args);
    if status != 0 {
        return (status, Vec::new());
    }
    let (at, length) = (board.number(TO[0]), board.number(TO[1]));
    (0, board.at(at, length).to_vec())
}

/// The same of bytes that are text.
fn given_text(board: &mut Board<ProxyWasm>, name: &str, args: &[u64]) -> String {
    let (status, bytes) = given(board, name, args);
    assert_eq!(status, 0, "{name}");
    String::from_utf8(bytes).expect("text")
}

/// What is shown under a label.
fn part(board: &Board<ProxyWasm>, label: &str) -> Part {
    let shown = board.host.shown();
    let found = shown.parts.iter().find(|(name, _)| name.starts_with(label));
    found.unwrap_or_else(|| panic!("{shown:?}")).1.clone()
}

/// What was said of a call.
fn said(board: &Board<ProxyWasm>) -> String {
    board.host.shown().said
}
