//! What becomes of requests that are held up, and of plugins that are called again.

use super::*;
use crate::hosts::{Begin, Values};

/// One more call, of what was filled in for the one before.
fn again(board: &mut Board<ProxyWasm>, action: &str) {
    assert_eq!(with(board, action, "config", "vm"), Ok(()));
}

/// The same with these configurations.
fn with(board: &mut Board<ProxyWasm>, action: &str, plugin: &str, vm: &str) -> Result<(), String> {
    let values = [("piece", "0"), ("plugin", plugin), ("vm", vm)];
    let values = values.map(|(key, value)| (key.to_owned(), text(value)));
    board.host.begin(Begin {
        export: "",
        action,
        values: &Values(values.to_vec()),
        is_fresh: false,
        room: board.room,
    })
}

#[test]
fn another_configuration_makes_another_context_of_the_plugin() {
    let mut board = plugin(CALLBACKS);
    begin(&mut board, "send", &[]);
    let calls = play(&mut board, |_, name| u64::from(name == "vm_start"));
    assert_eq!(calls.last().map(String::as_str), Some("configure(1 6)"));
    let refused = with(&mut board, "send", "config", "vm").expect_err("it was refused");
    assert!(refused.contains("change it"), "{refused}");
    let other = with(&mut board, "send", "config", "other").expect_err("it has started");
    assert!(other.contains("Restart"), "{other}");
    assert_eq!(with(&mut board, "send", "better", "vm"), Ok(()));
    let calls = play(&mut board, |_, name| willing(name));
    assert_eq!(
        calls[..4],
        [
            "context_create(3 0)",
            "configure(3 6)",
            "context_create(4 3)",
            "request_headers(4 4 1)"
        ]
    );
    // What is not filled in is what it was.
    assert_eq!(with(&mut board, "tick", "", ""), Ok(()));
    assert_eq!(play(&mut board, |_, name| willing(name)), ["tick(3)"]);
    again(&mut board, "tick");
    assert_eq!(play(&mut board, |_, name| willing(name))[2..], ["tick(5)"]);
}

#[test]
fn a_vm_that_has_not_started_stays_so() {
    let mut board = plugin(CALLBACKS);
    begin(&mut board, "send", &[]);
    play(&mut board, |_, _| 0);
    let refused = with(&mut board, "send", "other", "vm").expect_err("it has not started");
    assert!(refused.contains("Restart"), "{refused}");
}

#[test]
fn a_tick_lets_a_request_go_on_to_its_end() {
    let mut board = plugin(CALLBACKS);
    begin(&mut board, "send", &[]);
    play(&mut board, |_, name| match name {
        "request_headers" => 1,
        _ => willing(name),
    });
    assert!(said(&board).contains("paused"), "{}", said(&board));
    again(&mut board, "tick");
    let calls = play(&mut board, |board, name| match name {
        "tick" => {
            board.call("proxy_set_effective_context", &[2]);
            board.call("proxy_continue_stream", &[0])
        }
        _ => willing(name),
    });
    assert_eq!(calls[..2], ["tick(1)", "response_headers(2 1 1)"]);
    assert_eq!(said(&board), "passed on: 200");
    // One that is made step by step stays where it is.
    again(&mut board, "next");
    play(&mut board, |_, name| willing(name));
    again(&mut board, "tick");
    let calls = play(&mut board, |_, name| willing(name));
    assert_eq!(calls, ["tick(1)"]);
    assert_eq!(said(&board), "");
}

#[test]
fn the_newest_request_is_shown() {
    let mut board = plugin(CALLBACKS);
    begin(&mut board, "send", &[]);
    let pauses = |_: &mut Board<ProxyWasm>, name: &str| match name {
        "request_headers" => 1,
        _ => willing(name),
    };
    play(&mut board, pauses);
    // The one before is over, and this one is held up.
    again(&mut board, "send");
    let calls = play(&mut board, pauses);
    assert!(calls.contains(&"delete(2)".to_owned()), "{calls:?}");
    assert!(said(&board).contains("paused"), "{}", said(&board));
}

#[test]
fn a_request_in_which_the_plugin_has_trapped_is_no_more() {
    let mut board = plugin(CALLBACKS);
    begin(&mut board, "send", &[]);
    let mut came = Came::Begun;
    loop {
        let (export, _) = board.calls(came);
        if export == "proxy_on_request_headers" {
            break;
        }
        let name = export.strip_prefix("proxy_on_").expect("a callback");
        came = Came::Returned(vec![willing(name)]);
    }
    // It has trapped there.
    again(&mut board, "send");
    let calls = play(&mut board, |_, name| willing(name));
    assert_eq!(calls[0], "context_create(3 1)");
    assert_eq!(board.host.held(), 0);
}

#[test]
fn the_length_of_a_body_is_said_unless_it_is_filled_in() {
    let says = |headers: &[(&str, &str)]| {
        let mut board = plugin(CALLBACKS);
        let more = [("body", text("body")), ("headers", pairs(headers))];
        begin(&mut board, "send", &more);
        play(&mut board, |_, name| willing(name));
        match part(&board, "Request") {
            Part::Difference { before, .. } => before,
            other => panic!("{other:?}"),
        }
    };
    let usual = ":method: GET\n:path: /\n:authority: localhost\n:scheme: http\n";
    assert_eq!(says(&[]), format!("{usual}content-length: 4\n\nbody\n"));
    let chunked = [(":path", "/a"), ("transfer-encoding", "chunked")];
    assert_eq!(
        says(&chunked),
        ":path: /a\ntransfer-encoding: chunked\n\nbody\n"
    );
    let other = [(":path", "/a"), ("Content-Length", "9")];
    assert_eq!(says(&other), ":path: /a\ncontent-length: 9\n\nbody\n");
}

#[test]
fn bytes_that_are_no_text_are_shown_as_digits() {
    let mut board = in_callback("configure", &[]);
    board.put(0, [b'k', 1, 0]);
    assert_eq!(board.call("proxy_set_shared_data", &[0, 1, 1, 2, 0]), 0);
    let Part::Table { rows, .. } = part(&board, "Shared data") else {
        panic!("shared data is a table");
    };
    assert_eq!(rows[0][..2], ["k", "01 00"]);
}
