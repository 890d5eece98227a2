use super::*;
use crate::hosts::Flow;
use crate::hosts::fields::Fields;
use crate::hosts::proxy_wasm::maps::{decode, encode};

#[test]
fn a_map_is_lengths_and_then_names_and_values_each_ended_by_a_nul() {
    let fields: Fields = [("a", "1"), ("B", "22")].into_iter().collect();
    let bytes = encode(&fields);
    assert_eq!(
        bytes[..20],
        [2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]
    );
    assert_eq!(&bytes[20..], b"a\x001\0b\x0022\0");
    assert_eq!(decode(&bytes), Some(fields));
    assert_eq!(encode(&Fields::default()), [0; 4]);
    for empty in [&b""[..], &[0], &[0; 4]] {
        assert_eq!(decode(empty), Some(Fields::default()));
    }
}

#[test]
fn bytes_that_are_no_map_are_told_from_one() {
    let fields: Fields = [("a", "1"), ("b", "22")].into_iter().collect();
    let bytes = encode(&fields);
    for end in 2..bytes.len() {
        assert_eq!(decode(&bytes[..end]), None, "{end}");
    }
    for place in [0, 4, 8, 21] {
        let mut bytes = bytes.clone();
        bytes[place] = 255;
        assert_eq!(decode(&bytes), None, "{place}");
    }
    assert_eq!(decode(&[255; 64]), None);
    assert_eq!(decode(&[0, 0, 1, 0]), None);
}

#[test]
fn what_is_given_lies_where_the_guest_has_made_room() {
    for is_far in [false, true] {
        let mut board = in_callback("request_headers", &[]);
        board.is_far = is_far;
        board.put(0, ":path");
        let path = given_text(&mut board, "proxy_get_header_map_value", &[0, 0, 5]);
        assert_eq!(path, "/a?b");
        assert_eq!(board.number(TO[0]), u64::from(crate::hosts::testing::HEAP));
    }
}

#[test]
fn nothing_has_no_address_and_no_room_is_made_for_it() {
    let mut board = in_callback("request_headers", &[("plugin", text(""))]);
    board.put(TO[0], [9; 8]);
    assert_eq!(
        board.call("proxy_get_buffer_bytes", &[7, 0, 9, TO[0], TO[1]]),
        0
    );
    assert_eq!((board.number(TO[0]), board.number(TO[1])), (0, 0));
}

#[test]
fn where_no_room_can_be_made_nothing_is_given() {
    let mut board = in_callback("request_headers", &[]);
    board.heap = 0;
    assert_eq!(
        given(&mut board, "proxy_get_buffer_bytes", &[7, 0, 9]).0,
        10
    );
    board.heap = 0xffff;
    assert_eq!(given(&mut board, "proxy_get_buffer_bytes", &[7, 0, 9]).0, 6);
    // No room is asked for what cannot be handed over.
    board.heap = 1;
    assert_eq!(
        board.call("proxy_get_buffer_bytes", &[7, 0, 9, 0xfffd, 0]),
        6
    );
    assert_eq!(board.heap, 1);
    let mut board = plugin(&["proxy_on_vm_start"]);
    begin(&mut board, "send", &[]);
    let said = board.trap("proxy_get_buffer_bytes", &[7, 0, 9, TO[0], TO[1]]);
    assert!(said.contains("proxy_on_memory_allocate"), "{said}");
}

#[test]
fn headers_are_read_added_replaced_and_removed() {
    let mut board = in_callback("request_headers", &[]);
    let value = |board: &mut Board<ProxyWasm>, name: &str| {
        let [at, len] = board.put(0x20, name);
        given(board, "proxy_get_header_map_value", &[0, at, len])
    };
    assert_eq!(value(&mut board, "X-a"), (0, b"1,2".to_vec()));
    assert_eq!(value(&mut board, "none").0, 1);
    board.put(0, "x-aX-B3");
    assert_eq!(
        board.call("proxy_replace_header_map_value", &[0, 0, 3, 6, 1]),
        0
    );
    assert_eq!(value(&mut board, "x-a"), (0, b"3".to_vec()));
    assert_eq!(
        board.call("proxy_replace_header_map_value", &[0, 3, 3, 6, 1]),
        0
    );
    assert_eq!(
        board.call("proxy_add_header_map_value", &[0, 3, 3, 6, 0]),
        0
    );
    assert_eq!(value(&mut board, "x-b"), (0, b"3,".to_vec()));
    assert_eq!(board.call("proxy_remove_header_map_value", &[0, 0, 3]), 0);
    assert_eq!(board.call("proxy_remove_header_map_value", &[0, 0, 3]), 0);
    assert_eq!(value(&mut board, "x-a").0, 1);

    let (_, bytes) = given(&mut board, "proxy_get_header_map_pairs", &[0]);
    let fields: Fields = [
        (":method", "GET"),
        (":path", "/a?b"),
        ("x-b", "3"),
        ("x-b", ""),
    ]
    .into_iter()
    .collect();
    assert_eq!(decode(&bytes), Some(fields));
    board.call("proxy_get_header_map_size", &[0, TO[0]]);
    assert_eq!(board.number(TO[0]), bytes.len() as u64);
}

#[test]
fn a_map_is_set_as_a_whole() {
    let mut board = in_callback("request_headers", &[]);
    let fields: Fields = [(":path", "/b")].into_iter().collect();
    let [at, len] = board.put(0, encode(&fields));
    assert_eq!(board.call("proxy_set_header_map_pairs", &[0, at, len]), 0);
    let (_, bytes) = given(&mut board, "proxy_get_header_map_pairs", &[0]);
    assert_eq!(decode(&bytes), Some(fields));
    assert_eq!(
        board.call("proxy_set_header_map_pairs", &[0, at, len - 1]),
        4
    );
}

#[test]
fn maps_that_are_not_there_are_bad_arguments() {
    let mut board = in_callback("request_headers", &[]);
    for map in [2, 3, 6, 7, 8, 0xffff_ffff] {
        assert_eq!(
            given(&mut board, "proxy_get_header_map_pairs", &[map]).0,
            2,
            "{map}"
        );
        assert_eq!(
            board.call("proxy_remove_header_map_value", &[map, 0, 1]),
            2,
            "{map}"
        );
    }
    assert_eq!(given(&mut board, "proxy_get_header_map_pairs", &[4]).0, 12);
    let mut board = in_callback("configure", &[]);
    assert_eq!(given(&mut board, "proxy_get_header_map_pairs", &[0]).0, 2);
}

#[test]
fn buffers_are_read_from_anywhere_in_them() {
    let mut board = in_callback("configure", &[]);
    let read = |board: &mut Board<ProxyWasm>, args: [u64; 3]| {
        given(board, "proxy_get_buffer_bytes", &args)
    };
    assert_eq!(read(&mut board, [7, 0, 99]), (0, b"config".to_vec()));
    assert_eq!(read(&mut board, [7, 2, 3]), (0, b"nfi".to_vec()));
    assert_eq!(read(&mut board, [7, 6, 3]), (0, vec![]));
    assert_eq!(read(&mut board, [7, 7, 3]).0, 2);
    assert_eq!(
        read(&mut board, [7, 1, 0xffff_ffff]),
        (0, b"onfig".to_vec())
    );
    assert_eq!(read(&mut board, [6, 0, 9]), (0, b"vm".to_vec()));
    for buffer in [0, 1, 2, 3, 4, 5, 8, 9] {
        assert_eq!(read(&mut board, [buffer, 0, 9]).0, 1, "{buffer}");
    }
    assert_eq!(read(&mut board, [10, 0, 9]).0, 2);
    assert_eq!(board.call("proxy_set_buffer_bytes", &[7, 0, 0, 0, 0]), 2);
    assert_eq!(board.call("proxy_get_buffer_status", &[7, TO[0], TO[1]]), 0);
    assert_eq!((board.number(TO[0]), board.number(TO[1])), (6, 0));
}

#[test]
fn a_body_is_prepended_to_appended_to_and_replaced() {
    for (start, size, after) in [
        (0, 0, "xybody"),
        (4, 0, "bodyxy"),
        (0xffff_ffff, 0xffff_ffff, "bodyxy"),
        (1, 2, "bxyy"),
        (1, 0, "bxyody"),
        (0, 0xffff_ffff, "xy"),
        (2, 99, "boxy"),
    ] {
        let mut board = in_callback("request_body", &[("body", text("body"))]);
        board.put(0, "xy");
        assert_eq!(
            board.call("proxy_set_buffer_bytes", &[0, start, size, 0, 2]),
            0
        );
        let body = given_text(&mut board, "proxy_get_buffer_bytes", &[0, 0, 99]);
        assert_eq!(body, after, "{start} {size}");
    }
}

#[test]
fn lines_of_the_level_or_above_are_logged() {
    let mut board = in_callback("configure", &[]);
    board.put(0, "hello");
    for level in 0..6 {
        assert_eq!(board.call("proxy_log", &[level, 0, 5]), 0);
    }
    assert_eq!(board.call("proxy_log", &[6, 0, 5]), 2);
    assert_eq!(board.call("proxy_log", &[2, 0xffff, 2]), 6);
    let lines = [
        "info: hello",
        "warn: hello",
        "error: hello",
        "critical: hello",
    ];
    assert_eq!(board.console.0, lines);
    board.call("proxy_get_log_level", &[TO[0]]);
    assert_eq!(board.number(TO[0]), 2);
}

#[test]
fn a_property_has_a_path_of_segments() {
    let properties = [
        ("source.address", "1.2.3.4:5"),
        ("source.port", "i64:80"),
        ("request.method", "mine"),
    ];
    let mut board = in_callback("response_headers", &[("properties", pairs(&properties))]);
    let get = |board: &mut Board<ProxyWasm>, path: &str| {
        let [at, len] = board.put(0, path);
        given(board, "proxy_get_property", &[at, len])
    };
    assert_eq!(
        get(&mut board, "source\0address"),
        (0, b"1.2.3.4:5".to_vec())
    );
    assert_eq!(
        get(&mut board, "source\0port\0"),
        (0, vec![80, 0, 0, 0, 0, 0, 0, 0])
    );
    assert_eq!(get(&mut board, "request\0method"), (0, b"mine".to_vec()));
    assert_eq!(get(&mut board, "request\0path"), (0, b"/a?b".to_vec()));
    assert_eq!(get(&mut board, "request\0url_path"), (0, b"/a".to_vec()));
    assert_eq!(get(&mut board, "request\0headers\0x-a"), (0, b"1".to_vec()));
    assert_eq!(
        get(&mut board, "response\0code"),
        (0, vec![200, 0, 0, 0, 0, 0, 0, 0])
    );
    assert_eq!(get(&mut board, "no\0such").0, 1);
    board.put(0x40, "new");
    board.put(0, "source\0address");
    assert_eq!(board.call("proxy_set_property", &[0, 14, 0x40, 3]), 0);
    assert_eq!(get(&mut board, "source\0address"), (0, b"new".to_vec()));
}

#[test]
fn contexts_are_those_that_there_are() {
    let mut board = in_callback("request_headers", &[]);
    for (id, status) in [(0, 2), (1, 0), (2, 0), (3, 2), (0xffff_ffff, 2)] {
        assert_eq!(
            board.call("proxy_set_effective_context", &[id]),
            status,
            "{id}"
        );
    }
    board.call("proxy_set_effective_context", &[1]);
    assert_eq!(given(&mut board, "proxy_get_header_map_pairs", &[0]).0, 2);
    assert_eq!(board.call("proxy_done", &[]), 1);
}

#[test]
fn streams_of_other_kinds_and_grpc_are_unimplemented() {
    let mut board = in_callback("request_headers", &[]);
    assert_eq!(board.call("proxy_continue_stream", &[2]), 12);
    assert_eq!(board.call("proxy_close_stream", &[3]), 12);
    assert_eq!(board.call("proxy_continue_stream", &[4]), 2);
    assert_eq!(board.call("proxy_grpc_cancel", &[1]), 12);
}

#[test]
fn functions_of_the_proxys_own_are_called_by_name() {
    let mut board = in_callback("request_headers", &[("level", text("warn"))]);
    let mut call = |name: &str, args: &str| {
        let [at, length] = board.put(0, name);
        let args = board.put(0x80, args);
        let args = [&[at, length][..], &args].concat();
        given(&mut board, "proxy_call_foreign_function", &args)
    };
    assert_eq!(call("get_log_level", ""), (0, vec![3, 0, 0, 0]));
    assert_eq!(call("clear_route_cache", ""), (0, Vec::new()));
    let (status, stream) = call("compress", "ab");
    assert_eq!(status, 0);
    assert_eq!(stream[7..9], *b"ab");
    assert_eq!(call("none", "").0, 1);
    assert_eq!(
        board.console.0,
        ["proxy_call_foreign_function: there is no function none here: not found"]
    );
}

#[test]
fn what_is_kept_counts_as_the_guests_memory() {
    for (name, args) in [
        ("proxy_set_buffer_bytes", vec![0, 0, 0, 0, 0x8000]),
        ("proxy_set_shared_data", vec![0, 8, 0, 0x8000, 0]),
        ("proxy_add_header_map_value", vec![0, 0, 4, 0, 0x8000]),
    ] {
        let mut board = in_callback("request_body", &[("body", text("body"))]);
        let mut ended = false;
        for key in 0..100_u64 {
            board.put(0, key.to_le_bytes());
            match board.flow(name, &args).0 {
                Flow::Return => {}
                Flow::Limit(said) => {
                    assert!(said.contains("(Settings, memory)"), "{said}");
                    ended = true;
                    break;
                }
                other => panic!("{other:?}"),
            }
        }
        assert!(ended, "{name}");
        assert!(board.host.held() <= board.room);
    }
}

#[test]
fn what_is_replaced_is_kept_no_more() {
    let mut board = in_callback("request_body", &[("body", text("body"))]);
    for _ in 0..200 {
        assert_eq!(
            board.call("proxy_set_buffer_bytes", &[0, 0, 0xffff_ffff, 0, 0x8000]),
            0
        );
        assert_eq!(
            board.call("proxy_set_shared_data", &[0, 8, 0, 0x8000, 0]),
            0
        );
        assert_eq!(board.call("proxy_set_property", &[0, 8, 0, 0x1000]), 0);
    }
}

#[test]
fn headers_that_are_replaced_or_removed_are_kept_no_more() {
    let mut board = in_callback("request_headers", &[]);
    for _ in 0..200 {
        assert_eq!(
            board.call("proxy_replace_header_map_value", &[0, 0, 4, 0, 0x8000]),
            0
        );
        assert_eq!(
            board.call("proxy_add_header_map_value", &[0, 8, 4, 0, 0x8000]),
            0
        );
        assert_eq!(board.call("proxy_remove_header_map_value", &[0, 8, 4]), 0);
    }
}

#[test]
fn no_arguments_do_harm() {
    let replies = [
        ("replies", pairs(&[("*", "hello")])),
        ("body", text("body")),
    ];
    for callback in ["vm_start", "request_body", "response_body", "log"] {
        let more = [&replies[..], &[("response-body", text("b"))]].concat();
        in_callback(callback, &more).harass();
    }
}
