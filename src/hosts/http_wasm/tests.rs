use super::functions::TABLE;
use super::{HttpWasm, form};
use crate::hosts::testing::{Board, pairs, text};
use crate::hosts::{Came, Flow, Next, Part, Value};

fn board(values: &[(&str, Value)]) -> Board<HttpWasm> {
    let mut board = Board::new(HttpWasm::default(), TABLE);
    let mut all = vec![
        ("method", text("POST")),
        ("uri", text("/a?b=c")),
        ("version", text("HTTP/1.1")),
        ("source", text("1.2.3.4:5")),
        (
            "headers",
            pairs(&[("Host", "example"), ("X-A", "1"), ("x-a", "2")]),
        ),
        ("body", text("hello")),
        ("status", text("201")),
        ("answer-headers", pairs(&[("Server", "next")])),
        ("answer-body", text("answered")),
        ("config", text("{}")),
    ];
    for (key, value) in values {
        all.retain(|(name, _)| name != key);
        all.push((*key, value.clone()));
    }
    board.begin("send", &all).expect("it is filled in well");
    board
}

/// A board whose guest is in `handle_request`.
fn in_request(values: &[(&str, Value)]) -> Board<HttpWasm> {
    let mut board = board(values);
    let called = board.calls(Came::Begun);
    assert_eq!(called, ("handle_request".to_owned(), vec![]));
    board
}

/// The same in `handle_response`, with these features.
fn in_response(features: u64, values: &[(&str, Value)]) -> Board<HttpWasm> {
    let mut board = in_request(values);
    board.call("enable_features", &[features]);
    let called = board.calls(Came::Returned(vec![7 << 32 | 1]));
    assert_eq!(called.0, "handle_response");
    board
}

fn part(board: &Board<HttpWasm>, label: &str) -> Part {
    use crate::hosts::Host;
    let shown = board.host.shown();
    let found = shown.parts.iter().find(|(name, _)| name.starts_with(label));
    found.unwrap_or_else(|| panic!("{shown:?}")).1.clone()
}

#[test]
fn what_is_longer_than_the_limit_is_not_written_and_its_length_is_told() {
    for is_far in [false, true] {
        let mut board = in_request(&[]);
        board.is_far = is_far;
        assert_eq!(board.call("get_uri", &[16, 5]), 6);
        assert_eq!(board.at(15, 8), b"????????");
        assert_eq!(board.call("get_uri", &[16, 6]), 6);
        assert_eq!(board.at(15, 8), b"?/a?b=c?");
        assert_eq!(board.call("get_method", &[32, 100]), 4);
        assert_eq!(board.at(31, 6), b"?POST?");
        assert_eq!(board.call("get_protocol_version", &[48, 8]), 8);
        assert_eq!(board.call("get_source_addr", &[64, 9]), 9);
        assert_eq!(board.at(64, 9), b"1.2.3.4:5");
        assert_eq!(board.call("get_config", &[80, 2]), 2);
        assert_eq!(board.at(80, 3), b"{}?");
    }
}

#[test]
fn names_of_headers_are_told_once_in_lower_case() {
    let mut board = in_request(&[]);
    assert_eq!(board.call("get_header_names", &[0, 16, 23]), 3 << 32 | 24);
    assert_eq!(board.at(16, 8), b"????????");
    assert_eq!(board.call("get_header_names", &[0, 16, 24]), 3 << 32 | 24);
    assert_eq!(board.at(16, 25), b"content-length\0host\0x-a\0?");
    assert_eq!(board.call("get_header_names", &[1, 16, 100]), 0);
}

#[test]
fn values_of_a_header_are_found_by_a_name_of_any_case() {
    let mut board = in_request(&[]);
    board.put(0, "X-a");
    assert_eq!(
        board.call("get_header_values", &[0, 0, 3, 16, 9]),
        2 << 32 | 4
    );
    assert_eq!(board.at(16, 5), b"1\x002\0?");
    board.put(0, "no-");
    assert_eq!(board.call("get_header_values", &[0, 0, 3, 16, 9]), 0);
}

#[test]
fn headers_are_set_added_and_removed() {
    let mut board = in_request(&[]);
    board.put(0, "x-aY-b3");
    board.call("set_header_value", &[0, 0, 3, 6, 1]);
    board.call("add_header_value", &[0, 3, 3, 6, 1]);
    board.call("add_header_value", &[0, 3, 3, 0, 0]);
    board.put(20, "host");
    board.call("remove_header", &[0, 20, 4]);
    board.call("remove_header", &[0, 20, 4]);
    assert_eq!(board.call("get_header_names", &[0, 32, 100]), 3 << 32 | 23);
    assert_eq!(board.at(32, 23), b"content-length\0x-a\0y-b\0");
    assert_eq!(
        board.call("get_header_values", &[0, 3, 3, 48, 9]),
        2 << 32 | 3
    );
    assert_eq!(board.at(48, 3), b"3\0\0");
}

#[test]
fn an_empty_name_or_method_traps() {
    let mut board = in_request(&[]);
    for (name, args) in [
        ("get_header_values", vec![0, 0, 0, 0, 0]),
        ("set_header_value", vec![0, 0, 0, 0, 1]),
        ("add_header_value", vec![0, 0, 0, 0, 1]),
        ("remove_header", vec![0, 0, 0]),
        ("set_method", vec![0, 0]),
    ] {
        let said = board.trap(name, &args);
        assert!(said.contains("empty"), "{said}");
    }
    board.call("set_uri", &[0, 0]);
    assert_eq!(board.call("get_uri", &[0, 9]), 1);
    assert_eq!(board.at(0, 2), b"/?");
}

#[test]
fn a_body_is_read_piece_by_piece_until_it_ends() {
    let mut board = in_request(&[]);
    let said = board.trap("read_body", &[0, 16, 0]);
    assert!(said.contains("limit is 0"), "{said}");
    assert_eq!(board.call("read_body", &[0, 16, 3]), 3);
    assert_eq!(board.at(16, 4), b"hel?");
    assert_eq!(board.call("read_body", &[0, 16, 3]), 1 << 32 | 2);
    assert_eq!(board.at(16, 4), b"lol?");
    assert_eq!(board.call("read_body", &[0, 16, 3]), 1 << 32);
    let said = board.trap("read_body", &[0, 0xfff0, 0x11]);
    assert!(
        said.contains("are not all in the guest's memory of 65,536 bytes"),
        "{said}"
    );
}

#[test]
fn the_first_write_of_a_body_replaces_it_and_later_ones_append() {
    let mut board = in_request(&[]);
    board.put(0, "abc");
    board.call("write_body", &[0, 0, 2]);
    board.call("write_body", &[0, 2, 1]);
    board.call("write_body", &[1, 0, 1]);
    assert_eq!(board.call("set_status_code", &[404]), 0);
    assert_eq!(board.next(Came::Returned(vec![0])), Next::Done);
    assert_eq!(part(&board, "Response body"), Part::Bytes(b"a".to_vec()));
    assert_eq!(
        part(&board, "Response"),
        Part::Text("404\n\na\n".to_owned())
    );
}

#[test]
fn next_gets_what_reading_has_left_unless_the_request_is_buffered() {
    for (features, left) in [(0, "lo"), (1, "hello")] {
        let mut board = in_request(&[]);
        assert_eq!(board.call("enable_features", &[features]), features);
        board.call("read_body", &[0, 16, 3]);
        board.calls(Came::Returned(vec![1]));
        assert_eq!(part(&board, "Response body"), Part::Bytes(left.into()));
    }
}

#[test]
fn features_that_are_enabled_while_it_is_made_ready_are_for_all_requests() {
    let mut board = board(&[]);
    assert_eq!(board.call("enable_features", &[2]), 2);
    board.calls(Came::Begun);
    assert_eq!(board.call("enable_features", &[1]), 3);
    board.next(Came::Returned(vec![0]));
    board
        .begin("send", &[("status", text("200"))])
        .expect("it is filled in");
    board.calls(Came::Begun);
    assert_eq!(board.call("enable_features", &[4]), 6);
}

#[test]
fn there_is_no_request_while_it_is_made_ready() {
    let mut board = board(&[]);
    assert_eq!(board.call("get_config", &[0, 9]), 2);
    let said = board.trap("get_method", &[0, 9]);
    assert!(said.starts_with("there is no request"), "{said}");
}

#[test]
fn the_low_half_of_the_result_calls_next_and_the_high_one_is_given_back() {
    let mut board = in_request(&[("backend", text(form::ANSWERS))]);
    board.put(0, "x-mine");
    board.call("set_header_value", &[1, 0, 6, 0, 1]);
    let called = board.calls(Came::Returned(vec![0xffff_fffe << 32 | 1]));
    assert_eq!(called, ("handle_response".to_owned(), vec![0xffff_fffe, 0]));
    assert_eq!(board.call("get_status_code", &[]), 201);
    assert_eq!(board.call("get_header_names", &[1, 16, 99]), 2 << 32 | 14);
    assert_eq!(board.next(Came::Returned(vec![])), Next::Done);
    let body = Part::Bytes(b"answered".to_vec());
    assert_eq!(part(&board, "Response body"), body);
}

#[test]
fn a_failure_of_next_is_told() {
    let mut board = in_request(&[("backend", text(form::FAILS))]);
    let called = board.calls(Came::Returned(vec![1]));
    assert_eq!(called, ("handle_response".to_owned(), vec![0, 1]));
}

#[test]
fn nothing_of_the_request_changes_after_next() {
    let mut board = in_response(7, &[]);
    board.put(0, "abc");
    for (name, args) in [
        ("set_method", vec![0, 1]),
        ("set_uri", vec![0, 1]),
        ("set_header_value", vec![0, 0, 1, 1, 1]),
        ("add_header_value", vec![2, 0, 1, 1, 1]),
        ("remove_header", vec![0, 0, 1]),
        ("write_body", vec![0, 0, 1]),
    ] {
        let said = board.trap(name, &args);
        assert!(said.contains("after the next handler"), "{said}");
    }
    assert_eq!(board.call("read_body", &[0, 16, 9]), 1 << 32 | 5);
}

#[test]
fn the_response_changes_after_next_only_if_it_is_buffered() {
    let calls = [
        ("set_status_code", vec![500]),
        ("set_header_value", vec![1, 0, 1, 1, 1]),
        ("add_header_value", vec![3, 0, 1, 1, 1]),
        ("remove_header", vec![1, 0, 1]),
        ("read_body", vec![1, 16, 9]),
        ("write_body", vec![1, 0, 1]),
    ];
    let mut board = in_response(0, &[]);
    board.put(0, "abc");
    for (name, args) in &calls {
        let said = board.trap(name, args);
        assert!(
            said.contains("unless buffer_response (2) is enabled"),
            "{said}"
        );
    }
    let mut board = in_response(2, &[]);
    board.put(0, "abc");
    for (name, args) in &calls {
        board.call(name, args);
    }
    board.next(Came::Returned(vec![]));
    let Part::Difference { before, after } = part(&board, "Response") else {
        panic!("it was changed");
    };
    assert_eq!(before, "200\n\nhello\n");
    assert_eq!(after, "500\n\na\n\na: b\n");
}

#[test]
fn what_is_logged_is_of_the_level_or_above() {
    let mut board = in_request(&[("level", text("warn"))]);
    let levels = [0xffff_ffff, 0, 1, 2, 3, 77];
    let enabled: Vec<u64> = levels
        .iter()
        .map(|level| board.call("log_enabled", &[*level]))
        .collect();
    assert_eq!(enabled, [0, 0, 1, 1, 0, 0]);
    board.put(0, "warned");
    board.call("log", &[0, 0, 4]);
    board.call("log", &[1, 0, 6]);
    assert_eq!(board.console.0, ["warn: warned"]);
}

#[test]
fn unknown_kinds_trap() {
    let mut board = in_request(&[]);
    assert!(
        board
            .trap("get_header_names", &[4, 0, 0])
            .contains("4 is no kind of headers")
    );
    assert!(
        board
            .trap("read_body", &[2, 0, 1])
            .contains("2 is no kind of body")
    );
}

#[test]
fn what_the_host_keeps_counts_as_the_guests_memory() {
    let mut board = in_request(&[]);
    let mut kept = 0;
    let said = loop {
        match board.flow("write_body", &[0, 0, 0xffff]).0 {
            Flow::Return => kept += 0xffff,
            Flow::Limit(said) => break said,
            other => panic!("{other:?}"),
        }
    };
    assert!(kept < board.room, "{kept}");
    assert!(said.contains("(Settings, memory)"), "{said}");
}

#[test]
fn what_is_replaced_or_removed_is_kept_no_more() {
    let mut board = in_request(&[]);
    for _ in 0..200 {
        board.call("set_uri", &[0, 0x8000]);
        board.call("set_method", &[0, 0x8000]);
        board.call("set_header_value", &[0, 0, 4, 0, 0x8000]);
        board.call("add_header_value", &[0, 0, 4, 0, 0x8000]);
        board.call("remove_header", &[0, 0, 4]);
    }
}

#[test]
fn there_is_an_end_to_headers() {
    let mut board = in_request(&[]);
    board.room = 1 << 30;
    let said = loop {
        if let Flow::Trap(said) = board.flow("add_header_value", &[0, 0, 1, 0, 1]).0 {
            break said;
        }
    };
    assert!(said.contains("4096 headers"), "{said}");
}

#[test]
fn no_arguments_do_harm() {
    in_request(&[]).harass();
    in_response(7, &[]).harass();
    let mut board = in_request(&[]);
    board.is_far = true;
    board.harass();
}

#[test]
fn a_status_that_is_none_is_refused() {
    let mut board = Board::new(HttpWasm::default(), TABLE);
    let said = board.begin("send", &[("status", text("ok"))]);
    assert!(said.is_err_and(|said| said.starts_with("Status: ")));
}
