//! Requests that are held up, and what becomes of them.

use super::*;
use crate::hosts::{Begin, Values};

/// One more call, of what was filled in for the one before.
fn again(board: &mut Board<ProxyWasm>, action: &str) {
    let values = [("piece".to_owned(), text("0"))];
    let begun = board.host.begin(Begin {
        export: "",
        action,
        values: &Values(values.to_vec()),
        is_fresh: false,
        room: board.room,
    });
    assert_eq!(begun, Ok(()));
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
    assert_eq!(says(&[]), "content-length: 4\n\nbody\n");
    let chunked = [("transfer-encoding", "chunked")];
    assert_eq!(says(&chunked), "transfer-encoding: chunked\n\nbody\n");
    let other = [("Content-Length", "9")];
    assert_eq!(says(&other), "content-length: 9\n\nbody\n");
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
