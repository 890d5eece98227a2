//! TCP connections.

use super::*;

#[test]
fn a_connection_goes_through_all_its_phases() {
    let mut board = plugin(CALLBACKS);
    let more = [
        ("body", text("abcd")),
        ("piece", text("3")),
        ("response-body", text("xy")),
    ];
    begin(&mut board, "connect", &more);
    let mut seen = String::new();
    let calls = play(&mut board, |board, name| {
        match name {
            "downstream_data" => {
                seen += &given_text(board, "proxy_get_buffer_bytes", &[2, 0, 9]);
                assert_eq!(given(board, "proxy_get_buffer_bytes", &[0, 0, 9]).0, 1);
                board.put(0, "!");
                assert_eq!(board.call("proxy_set_buffer_bytes", &[2, 9, 0, 0, 1]), 0);
            }
            "upstream_data" => {
                seen += &given_text(board, "proxy_get_buffer_bytes", &[3, 0, 9]);
                assert_eq!(board.call("proxy_continue_stream", &[0]), 12);
            }
            _ => {}
        }
        willing(name)
    });
    assert_eq!(
        calls[3..],
        [
            "context_create(2 1)",
            "new_connection(2)",
            "downstream_data(2 3 0)",
            "downstream_data(2 1 1)",
            "upstream_data(2 2 1)",
            "downstream_connection_close(2 2)",
            "upstream_connection_close(2 1)",
            "done(2)",
            "log(2)",
            "delete(2)",
        ]
    );
    assert_eq!(seen, "abcdxy");
    assert_eq!(said(&board), "the connection is over");
    let sent = Part::Bytes(b"abc!d!".to_vec());
    assert_eq!(part(&board, "From downstream"), sent);
    assert_eq!(board.host.held(), 0);
}

#[test]
fn a_connection_that_is_held_up_waits() {
    let mut board = plugin(CALLBACKS);
    begin(&mut board, "connect", &[("body", text("a"))]);
    let calls = play(&mut board, |_, name| match name {
        "new_connection" => 1,
        _ => willing(name),
    });
    assert_eq!(calls.last().map(String::as_str), Some("new_connection(2)"));
    assert_eq!(said(&board), "the connection is held up");
}

#[test]
fn a_connection_that_the_plugin_closes_is_over() {
    let mut board = plugin(CALLBACKS);
    begin(&mut board, "connect", &[("body", text("a"))]);
    let calls = play(&mut board, |board, name| {
        if name == "downstream_data" {
            let args = [403, 0, 0, 0, 0, 0, 0, 0xffff_ffff];
            assert_eq!(board.call("proxy_send_local_response", &args), 2);
            assert_eq!(board.call("proxy_close_stream", &[2]), 0);
        }
        willing(name)
    });
    assert_eq!(
        calls[5..],
        ["downstream_data(2 1 1)", "done(2)", "log(2)", "delete(2)"]
    );
}
