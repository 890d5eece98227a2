use super::*;
use crate::hosts::fields::Fields;
use crate::hosts::proxy_wasm::maps::encode;

/// The callbacks of a request, without those that make the plugin ready.
fn send(
    board: &mut Board<ProxyWasm>,
    more: &[(&str, Value)],
    answers: impl FnMut(&mut Board<ProxyWasm>, &str) -> u64,
) -> Vec<String> {
    begin(board, "send", more);
    let mut calls = play(board, answers);
    calls.retain(|call| !call.starts_with("vm_start") && !call.starts_with("configure"));
    calls.retain(|call| call != "context_create(1 0)");
    calls
}

fn put_text(board: &mut Board<ProxyWasm>, text: &str) -> [u64; 2] {
    board.put(0x1000, text)
}

#[test]
fn a_plugin_is_made_ready_and_a_request_goes_through_all_phases() {
    let mut board = plugin(CALLBACKS);
    let more = [
        ("body", text("body")),
        ("trailers", pairs(&[("t", "1")])),
        ("response-body", text("answer")),
        ("response-trailers", pairs(&[("u", "1"), ("v", "2")])),
    ];
    begin(&mut board, "send", &more);
    let calls = play(&mut board, |_, name| willing(name));
    assert_eq!(
        calls,
        [
            "context_create(1 0)",
            "vm_start(1 2)",
            "configure(1 6)",
            "context_create(2 1)",
            "request_headers(2 5 0)",
            "request_body(2 4 0)",
            "request_trailers(2 1)",
            "response_headers(2 2 0)",
            "response_body(2 6 0)",
            "response_trailers(2 2)",
            "done(2)",
            "log(2)",
            "delete(2)",
        ]
    );
    assert_eq!(said(&board), "passed on: 200");
    assert_eq!(
        part(&board, "Response body"),
        Part::Bytes(b"answer".to_vec())
    );
    assert_eq!(board.host.held(), 0);
}

#[test]
fn the_next_request_has_a_context_of_its_own() {
    let mut board = plugin(CALLBACKS);
    send(&mut board, &[], |_, name| willing(name));
    let calls = send_again(&mut board);
    assert_eq!(calls[0], "context_create(3 1)");
}

#[test]
fn what_has_no_body_ends_with_its_headers() {
    let mut board = plugin(CALLBACKS);
    let calls = send(&mut board, &[], |_, name| willing(name));
    assert_eq!(
        calls[1..3],
        ["request_headers(2 4 1)", "response_headers(2 1 1)"]
    );
}

#[test]
fn callbacks_that_a_plugin_does_not_have_are_left_out() {
    let mut board = plugin(&["proxy_on_context_create", "proxy_on_response_headers"]);
    let calls = send(&mut board, &[("body", text("b"))], |_, name| willing(name));
    assert_eq!(calls, ["context_create(2 1)", "response_headers(2 1 1)"]);
    assert_eq!(said(&board), "passed on: 200");
}

#[test]
fn a_plugin_that_refuses_its_configuration_is_not_used() {
    for refused in ["vm_start", "configure"] {
        let mut board = plugin(CALLBACKS);
        begin(&mut board, "send", &[]);
        let calls = play(&mut board, |_, name| {
            (willing(name) != 0 && name != refused).into()
        });
        assert!(calls.last().is_some_and(|call| call.starts_with(refused)));
        let failed = board.host.shown().failed.expect("it failed");
        assert!(failed.contains("returned false"), "{failed}");
    }
}

#[test]
fn a_body_comes_in_pieces_and_while_it_is_held_up_all_of_it_is_there() {
    let mut board = plugin(CALLBACKS);
    let more = [("body", text("abcdef")), ("piece", text("2"))];
    let mut pieces = 0;
    let calls = send(&mut board, &more, |_, name| {
        if name == "request_body" {
            pieces += 1;
            return (pieces < 2).into();
        }
        willing(name)
    });
    assert_eq!(
        calls[2..5],
        [
            "request_body(2 2 0)",
            "request_body(2 4 0)",
            "request_body(2 2 1)"
        ]
    );
    let Part::Difference { before, after } = part(&board, "Request") else {
        panic!("it went on");
    };
    assert_eq!(before, after);
}

#[test]
fn what_a_plugin_does_to_a_body_goes_on() {
    let mut board = plugin(CALLBACKS);
    send(&mut board, &[("body", text("body"))], |board, name| {
        if name == "request_body" {
            let [at, len] = put_text(board, "new ");
            assert_eq!(board.call("proxy_set_buffer_bytes", &[0, 0, 0, at, len]), 0);
        }
        willing(name)
    });
    let Part::Difference { after, .. } = part(&board, "Request") else {
        panic!("it went on");
    };
    assert!(after.ends_with("\n\nnew body\n"), "{after}");
}

#[test]
fn a_request_that_nothing_lets_go_on_stays() {
    let mut board = plugin(CALLBACKS);
    let calls = send(&mut board, &[("body", text("b"))], |_, name| {
        u64::from(name == "request_headers") | willing(name)
    });
    // What comes meanwhile is told all the same; a body that is let go on lets all go on.
    assert_eq!(
        calls[1..4],
        [
            "request_headers(2 5 0)",
            "request_body(2 1 1)",
            "response_headers(2 1 1)"
        ]
    );

    let mut board = plugin(CALLBACKS);
    let calls = send(&mut board, &[], |_, name| {
        u64::from(name == "request_headers") | willing(name)
    });
    assert_eq!(
        calls.last().map(String::as_str),
        Some("request_headers(2 4 1)")
    );
    assert!(
        said(&board).starts_with("the request is paused"),
        "{}",
        said(&board)
    );
    // Whoever sends another one gives it up.
    let calls = send_again(&mut board);
    assert_eq!(
        calls[..4],
        ["done(2)", "log(2)", "delete(2)", "context_create(3 1)"]
    );
}

/// Sends a request to a plugin that is ready.
fn send_again(board: &mut Board<ProxyWasm>) -> Vec<String> {
    again(board, "send", |_, name| willing(name))
}

/// The same, of an action.
fn again(
    board: &mut Board<ProxyWasm>,
    action: &str,
    answers: impl FnMut(&mut Board<ProxyWasm>, &str) -> u64,
) -> Vec<String> {
    begin_again(board, action);
    play(board, answers)
}

fn begin_again(board: &mut Board<ProxyWasm>, action: &str) {
    let values = crate::hosts::Values(vec![
        ("headers".to_owned(), pairs(&[(":path", "/again")])),
        ("piece".to_owned(), text("0")),
        ("replies".to_owned(), pairs(&[("auth", "yes")])),
        ("plugin".to_owned(), text("config")),
        ("vm".to_owned(), text("vm")),
    ]);
    let begun = board.host.begin(crate::hosts::Begin {
        export: "",
        action,
        values: &values,
        is_fresh: false,
        room: board.room,
    });
    assert_eq!(begun, Ok(()));
}

#[test]
fn higress_holds_up_all_that_comes_by_3_and_4() {
    for action in [3, 4] {
        let mut board = plugin(CALLBACKS);
        let calls = send(&mut board, &[("body", text("b"))], |_, name| match name {
            "request_headers" => action,
            _ => willing(name),
        });
        assert_eq!(
            calls.last().map(String::as_str),
            Some("request_headers(2 5 0)")
        );
    }
}

/// Calls out to `auth`; its status.
fn call_out(board: &mut Board<ProxyWasm>, upstream: &str) -> u64 {
    let fields: Fields = [(":method", "GET"), (":path", "/ok"), (":authority", "a")]
        .into_iter()
        .collect();
    board.put(0x2000, upstream);
    let [at, len] = board.put(0x3000, encode(&fields));
    let upstream = upstream.len() as u64;
    let args = [0x2000, upstream, at, len, 0, 0, 0, 0, 500, TO[0]];
    board.call("proxy_http_call", &args)
}

#[test]
fn a_plugin_that_calls_out_lets_the_request_go_on_when_the_reply_comes() {
    let reply = r#"{"status": 403, "headers": {"x-why": "no"}, "body": {"a": 1}}"#;
    let mut board = plugin(CALLBACKS);
    let more = [("replies", pairs(&[("auth", reply)]))];
    let calls = send(&mut board, &more, |board, name| match name {
        "request_headers" => {
            assert_eq!(call_out(board, "auth"), 0);
            assert_eq!(board.number(TO[0]), 1);
            1
        }
        "http_call_response" => {
            let body = given_text(board, "proxy_get_buffer_bytes", &[4, 0, 99]);
            assert_eq!(body, r#"{"a":1}"#);
            board.put(0, ":status");
            let status = given_text(board, "proxy_get_header_map_value", &[6, 0, 7]);
            assert_eq!(status, "403");
            assert_eq!(board.call("proxy_get_status", &[0x200, TO[0], TO[1]]), 0);
            assert_eq!(board.number(0x200), 403);
            // It is told in the plugin's own context.
            assert_eq!(board.call("proxy_continue_stream", &[0]), 2);
            assert_eq!(board.call("proxy_set_effective_context", &[2]), 0);
            assert_eq!(board.call("proxy_continue_stream", &[0]), 0);
            0
        }
        _ => willing(name),
    });
    assert_eq!(
        calls[1..4],
        [
            "request_headers(2 4 1)",
            "http_call_response(1 1 2 7 0)",
            "response_headers(2 1 1)",
        ]
    );
    // A reply is there in its callback only.
    assert_eq!(given(&mut board, "proxy_get_header_map_pairs", &[6]).0, 2);
    let Part::Table { rows, .. } = part(&board, "Callouts") else {
        panic!("callouts are a table");
    };
    assert_eq!(rows[0][1], "auth");
    assert_eq!(board.host.held(), 0);
}

#[test]
fn a_callout_may_fail_and_one_to_an_unknown_upstream_is_a_bad_argument() {
    let mut board = plugin(CALLBACKS);
    let more = [("replies", pairs(&[("auth", r#"{"status": 0}"#)]))];
    let calls = send(&mut board, &more, |board, name| {
        if name == "request_headers" {
            assert_eq!(call_out(board, "auth"), 0);
            assert_eq!(call_out(board, "other"), 2);
            // It has no headers that say where it goes.
            assert_eq!(
                board.call("proxy_http_call", &[0x2000, 5, 0, 0, 0, 0, 0, 0, 9, TO[0]]),
                2
            );
        }
        willing(name)
    });
    assert!(
        calls.contains(&"http_call_response(1 1 0 0 0)".to_owned()),
        "{calls:?}"
    );
    let unknown = board
        .console
        .0
        .iter()
        .any(|line| line.contains("no reply of other"));
    assert!(unknown, "{:?}", board.console.0);
}

#[test]
fn a_plugin_answers_itself_and_its_answer_goes_through_it() {
    let mut board = plugin(CALLBACKS);
    let calls = send(&mut board, &[("body", text("b"))], |board, name| {
        if name == "request_headers" {
            let fields: Fields = [("x-why", "no")].into_iter().collect();
            let [headers, size] = board.put(0x3000, encode(&fields));
            let [body, len] = put_text(board, "go away");
            let args = [403, 0, 0, body, len, headers, size, 0xffff_ffff];
            assert_eq!(board.call("proxy_send_local_response", &args), 0);
            assert_eq!(board.call("proxy_send_local_response", &args), 2);
            return 1;
        }
        willing(name)
    });
    assert_eq!(
        calls[1..],
        [
            "request_headers(2 5 0)",
            "response_headers(2 4 0)",
            "response_body(2 7 1)",
            "done(2)",
            "log(2)",
            "delete(2)",
        ]
    );
    assert_eq!(said(&board), "answered by the plugin: 403");
    let response =
        ":status: 403\nx-why: no\ncontent-type: text/plain\ncontent-length: 7\n\ngo away\n";
    assert_eq!(part(&board, "Response"), Part::Text(response.to_owned()));
}

#[test]
fn a_response_is_replaced_as_long_as_its_headers_are_not_sent() {
    for (callback, status) in [("response_headers", 0), ("response_body", 2)] {
        let mut board = plugin(CALLBACKS);
        let calls = send(
            &mut board,
            &[("response-body", text("b"))],
            |board, name| {
                if name == callback {
                    let args = [500, 0, 0, 0, 0, 0, 0, 0xffff_ffff];
                    assert_eq!(board.call("proxy_send_local_response", &args), status);
                }
                willing(name)
            },
        );
        let told = calls.contains(&"response_body(2 1 1)".to_owned());
        assert_eq!(told, status != 0, "{calls:?}");
    }
}

#[test]
fn a_stream_that_is_closed_is_over() {
    let mut board = plugin(CALLBACKS);
    let calls = send(&mut board, &[], |board, name| {
        if name == "request_headers" {
            assert_eq!(board.call("proxy_close_stream", &[0]), 0);
        }
        willing(name)
    });
    assert_eq!(calls[1..3], ["request_headers(2 4 1)", "done(2)"]);
    assert_eq!(said(&board), "closed before it was answered");
}

#[test]
fn a_plugin_that_is_not_done_says_so_later() {
    let mut board = plugin(CALLBACKS);
    let calls = send(&mut board, &[], |_, name| {
        willing(name) & u64::from(name != "done")
    });
    assert_eq!(calls.last().map(String::as_str), Some("done(2)"));
    assert!(said(&board).contains("proxy_done"), "{}", said(&board));
    let calls = again(&mut board, "tick", |board, name| {
        if name == "tick" {
            board.call("proxy_set_effective_context", &[2]);
            assert_eq!(board.call("proxy_done", &[]), 0);
            assert_eq!(board.call("proxy_done", &[]), 1);
        }
        0
    });
    assert_eq!(calls, ["tick(1)", "log(2)", "delete(2)"]);
}

#[test]
fn phases_are_made_one_by_one() {
    let mut board = plugin(CALLBACKS);
    begin(&mut board, "next", &[]);
    let calls = play(&mut board, |_, name| willing(name));
    assert_eq!(
        calls[3..],
        ["context_create(2 1)", "request_headers(2 4 1)"]
    );
    for call in ["response_headers(2 1 1)", "done(2)", "log(2)", "delete(2)"] {
        assert_eq!(again(&mut board, "next", |_, name| willing(name)), [call]);
    }
    let calls = again(&mut board, "next", |_, name| willing(name));
    assert_eq!(calls, ["context_create(3 1)", "request_headers(3 1 1)"]);
}

#[test]
fn a_queue_that_has_something_is_told_of() {
    let mut board = plugin(CALLBACKS);
    let calls = send(&mut board, &[], |board, name| {
        match name {
            "configure" => {
                board.call("proxy_register_shared_queue", &[0, 5, TO[0]]);
                board.call("proxy_enqueue_shared_queue", &[1, 0, 3]);
            }
            "queue_ready" => {
                assert_eq!(given(board, "proxy_dequeue_shared_queue", &[1]).0, 0);
            }
            _ => {}
        }
        willing(name)
    });
    assert_eq!(calls[0], "queue_ready(1 1)");
}

#[test]
fn a_tick_may_call_out() {
    let mut board = plugin(CALLBACKS);
    send(&mut board, &[], |board, name| {
        if name == "configure" {
            assert_eq!(board.call("proxy_set_tick_period_milliseconds", &[1000]), 0);
        }
        willing(name)
    });
    let tick = part(&board, "Tick");
    assert_eq!(
        tick,
        Part::Text("every 1000 ms, here when Tick is pressed".to_owned())
    );
    let calls = again(&mut board, "tick", |board, name| {
        if name == "tick" {
            assert_eq!(call_out(board, "auth"), 0);
        }
        0
    });
    assert_eq!(calls, ["tick(1)", "http_call_response(1 1 1 3 0)"]);
}

#[test]
fn an_exit_ends_it() {
    let mut board = plugin(CALLBACKS);
    begin(&mut board, "send", &[]);
    board.calls(Came::Begun);
    assert_eq!(board.next(Came::Exited(3)), Next::Done);
    let failed = board.host.shown().failed.expect("it failed");
    assert!(
        failed.contains("proxy_on_context_create exited with code 3"),
        "{failed}"
    );
}
