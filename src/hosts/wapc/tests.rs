use super::Wapc;
use super::functions::TABLE;
use crate::hosts::testing::{Board, pairs, text};
use crate::hosts::{Came, Flow, Host, Next, Part, Shown, Value};

fn board(is_policy: bool, has_init: bool) -> Board<Wapc> {
    let host = Wapc {
        is_policy,
        needs_init: has_init,
        ..Wapc::default()
    };
    Board::new(host, TABLE)
}

/// A board whose guest is in a call of `greet` with the payload `Ada`.
fn in_call(more: &[(&str, Value)]) -> Board<Wapc> {
    let mut board = board(false, false);
    let mut values = vec![("operation", text("greet")), ("payload", text("Ada"))];
    values.extend(more.iter().cloned());
    board.begin("call", &values).expect("it is filled in well");
    let called = board.calls(Came::Begun);
    assert_eq!(called, ("__guest_call".to_owned(), vec![5, 3]));
    board
}

/// The same of a policy's operation: what it answers, and what is shown of that.
fn policy(operation: &str, answer: &str, request: &str) -> (String, Shown) {
    let mut board = board(true, false);
    let values = [("request", text(request)), ("settings", text("{\"a\":1}"))];
    board.begin(operation, &values).expect("it is JSON");
    let (_, lengths) = board.calls(Came::Begun);
    board.call("__guest_request", &[0, 0x1000]);
    assert_eq!(board.at(0, lengths[0]), operation.as_bytes());
    let payload = String::from_utf8(board.at(0x1000, lengths[1]).to_vec()).expect("text");
    let [at, len] = board.put(0x4000, answer);
    board.call("__guest_response", &[at, len]);
    assert_eq!(board.next(Came::Returned(vec![1])), Next::Done);
    (payload, board.host.shown())
}

#[test]
fn the_guest_fetches_the_operation_and_the_payload() {
    for is_far in [false, true] {
        let mut board = in_call(&[]);
        board.is_far = is_far;
        board.call("__guest_request", &[16, 32]);
        assert_eq!(board.at(15, 7), b"?greet?");
        assert_eq!(board.at(31, 5), b"?Ada?");
    }
}

#[test]
fn a_guest_that_has_wapc_init_is_made_ready_by_it_once() {
    let mut board = board(false, true);
    let values = [("operation", text("greet"))];
    board.begin("call", &values).expect("it is filled in well");
    assert_eq!(board.calls(Came::Begun).0, "wapc_init");
    // There is no operation meanwhile.
    board.call("__guest_request", &[16, 32]);
    assert_eq!(board.at(16, 5), b"?????");
    assert_eq!(board.calls(Came::Returned(vec![])).0, "__guest_call");
}

#[test]
fn what_it_responds_is_shown() {
    let mut board = in_call(&[]);
    let [at, len] = board.put(0, "Hello");
    board.call("__guest_response", &[at, 2]);
    board.call("__guest_response", &[at, len]);
    assert_eq!(board.next(Came::Returned(vec![1])), Next::Done);
    let shown = board.host.shown();
    assert_eq!(shown.failed, None);
    assert_eq!(
        shown.parts,
        [("Response".to_owned(), Part::Bytes(b"Hello".to_vec()))]
    );
}

#[test]
fn an_error_counts_whatever_the_result_is() {
    for result in [0, 1] {
        let mut board = in_call(&[]);
        let [at, len] = board.put(0, "no such name");
        board.call("__guest_error", &[at, len]);
        board.next(Came::Returned(vec![result]));
        assert_eq!(board.host.shown().failed.as_deref(), Some("no such name"));
    }
}

#[test]
fn a_result_other_than_1_is_a_failure() {
    for result in [0, 2] {
        let mut board = in_call(&[]);
        board.next(Came::Returned(vec![result]));
        let failed = board.host.shown().failed.expect("it failed");
        assert!(failed.contains("greet"), "{failed}");
    }
}

#[test]
fn a_host_call_gets_the_reply_that_was_filled_in() {
    let mut board = in_call(&[
        ("replies", pairs(&[("b/n/o", "yes")])),
        ("errors", pairs(&[("b/n/bad", "it is broken")])),
    ]);
    assert_eq!(board.call("__host_response_len", &[]), 0);
    assert_eq!(board.call("__host_error_len", &[]), 0);
    board.put(0, "bnobadpay");
    assert_eq!(board.call("__host_call", &[0, 1, 1, 1, 2, 1, 6, 3]), 1);
    assert_eq!(board.call("__host_response_len", &[]), 3);
    assert_eq!(board.call("__host_error_len", &[]), 0);
    board.call("__host_response", &[32]);
    assert_eq!(board.at(31, 5), b"?yes?");

    assert_eq!(board.call("__host_call", &[0, 1, 1, 1, 3, 3, 0, 0]), 0);
    assert_eq!(board.call("__host_response_len", &[]), 0);
    assert_eq!(board.call("__host_error_len", &[]), 12);
    board.call("__host_error", &[48]);
    assert_eq!(board.at(48, 13), b"it is broken?");

    assert_eq!(board.call("__host_call", &[0, 1, 1, 1, 0, 0, 0, 0]), 0);
    let length = board.call("__host_error_len", &[]);
    board.call("__host_error", &[64]);
    let said = board.at(64, length);
    assert_eq!(said, b"no reply to b/n/ is filled in (Replies)");

    let shown = board.host.shown();
    let Some((_, Part::Table { rows, .. })) = shown.parts.last() else {
        panic!("{shown:?}");
    };
    assert_eq!(rows[0], ["b/n/o", "pay", "yes"]);
    assert_eq!(rows[1], ["b/n/bad", "", "error: it is broken"]);
}

#[test]
fn policies_log_by_a_host_call() {
    let mut board = in_call(&[]);
    board.put(0, "kubewarden");
    board.put(16, "tracing");
    let line = r#"{"level": "warn", "message": "no", "name": "nginx"}"#;
    board.put(32, format!("log{line}{{}}"));
    let length = line.len() as u64;
    for span in [[35, length], [35 + length, 2]] {
        let args = [&[0, 10, 16, 7, 32, 3][..], &span].concat();
        assert_eq!(board.call("__host_call", &args), 1);
        assert_eq!(board.call("__host_response_len", &[]), 0);
    }
    board.call("__console_log", &[16, 7]);
    let logged = [r#"warning: no name="nginx""#, "info: {}", "tracing"];
    assert_eq!(board.console.0, logged);
    let shown = board.host.shown();
    let labels = shown.parts.iter().map(|(label, _)| label.as_str());
    assert_eq!(labels.collect::<Vec<_>>(), ["Log"]);
}

#[test]
fn bytes_that_are_not_in_memory_trap() {
    let mut board = in_call(&[]);
    for (name, args) in [
        ("__guest_request", vec![0xffff, 0]),
        ("__guest_response", vec![0xfff0, 0x11]),
        ("__guest_error", vec![0xffff_ffff, 0xffff_ffff]),
        ("__host_call", vec![0, 1, 0, 1, 0, 1, 0x1_0000, 1]),
    ] {
        let said = board.trap(name, &args);
        assert!(said.contains("are not all in the guest's memory"), "{said}");
    }
}

#[test]
fn a_request_is_validated_with_its_settings() {
    let answer = r#"{"accepted":false,"message":"no","code":403}"#;
    let (payload, shown) = policy("validate", answer, r#"{"uid":"1"}"#);
    assert_eq!(payload, r#"{"request":{"uid":"1"},"settings":{"a":1}}"#);
    assert_eq!(
        (shown.failed.as_deref(), shown.said.as_str()),
        (None, "rejected")
    );
    assert_eq!(shown.parts[0].1, Part::Text("no".to_owned()));
    assert_eq!(shown.parts[1].1, Part::Text("403".to_owned()));
}

#[test]
fn a_review_has_the_request_in_it() {
    let review = r#"{"kind":"AdmissionReview","request":{"uid":"2"}}"#;
    let (payload, _) = policy("validate", "{}", review);
    assert_eq!(payload, r#"{"request":{"uid":"2"},"settings":{"a":1}}"#);
}

#[test]
fn an_object_that_was_changed_is_shown_as_a_difference() {
    let answer = r#"{"accepted":true,"mutated_object":{"b":2,"a":1}}"#;
    let (_, shown) = policy("validate", answer, r#"{"object":{"b":1,"a":1}}"#);
    let difference = Part::Difference {
        before: "{\n  \"a\": 1,\n  \"b\": 1\n}".to_owned(),
        after: "{\n  \"a\": 1,\n  \"b\": 2\n}".to_owned(),
    };
    assert_eq!(
        (shown.said.as_str(), &shown.parts[0].1),
        ("accepted", &difference)
    );
}

#[test]
fn settings_are_valid_or_not_and_the_protocol_has_a_version() {
    let (payload, shown) = policy(
        "validate_settings",
        r#"{"valid":false,"message":"a"}"#,
        "{}",
    );
    assert_eq!(
        (payload.as_str(), shown.said.as_str()),
        (r#"{"a":1}"#, "not valid")
    );
    let (payload, shown) = policy("protocol_version", "\"v1\"", "{}");
    assert_eq!((payload.as_str(), shown.said.as_str()), ("", "v1"));
}

#[test]
fn an_answer_that_no_policy_gives_is_a_failure() {
    for answer in ["yes", "{}", "[1]", "{\"accepted\":1}"] {
        let (_, shown) = policy("validate", answer, "{}");
        let failed = shown.failed.expect("it failed");
        assert!(failed.starts_with("what validate answered"), "{failed}");
    }
}

#[test]
fn what_is_no_json_is_refused() {
    let mut board = board(true, false);
    let said = board.begin(
        "validate",
        &[("request", text("{")), ("settings", text("{}"))],
    );
    assert!(said.is_err_and(|said| said.starts_with("Request: ")));
    let mut board = self::board(false, false);
    let said = board.begin("call", &[("operation", text(""))]);
    assert!(said.is_err_and(|said| said.starts_with("Operation: ")));
}

#[test]
fn what_the_host_keeps_counts_as_the_guests_memory() {
    let mut board = in_call(&[]);
    let said = loop {
        match board.flow("__host_call", &[0, 1, 0, 1, 0, 1, 0, 0x8000]).0 {
            Flow::Return => {}
            Flow::Limit(said) => break said,
            other => panic!("{other:?}"),
        }
    };
    assert!(said.contains("(Settings, memory)"), "{said}");
    assert!(board.host.held() <= board.room);
}

#[test]
fn no_arguments_do_harm() {
    in_call(&[("replies", pairs(&[("//", "yes")]))]).harass();
}
