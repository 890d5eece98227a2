use super::*;

#[test]
fn shared_data_has_a_number_that_changes_with_it() {
    let mut board = in_callback("configure", &[]);
    board.put(0, "keyone");
    let get = |board: &mut Board<ProxyWasm>| {
        let args = [0, 3, TO[0], TO[1], 0x108];
        let status = board.call("proxy_get_shared_data", &args);
        (status, board.number(0x108))
    };
    assert_eq!(get(&mut board).0, 1);
    let set =
        |board: &mut Board<ProxyWasm>, cas| board.call("proxy_set_shared_data", &[0, 3, 3, 3, cas]);
    // What is not there has no number that could differ.
    assert_eq!(set(&mut board, 77), 0);
    let (status, first) = get(&mut board);
    assert_eq!(status, 0);
    assert_eq!(set(&mut board, first + 1), 8);
    assert_eq!(set(&mut board, first), 0);
    let (_, second) = get(&mut board);
    assert_ne!(second, first);
    assert_eq!(set(&mut board, first), 8);
    assert_eq!(set(&mut board, 0), 0);
    let value = [board.number(TO[0]), board.number(TO[1])];
    assert_eq!(board.at(value[0], value[1]), b"one");
    assert_eq!(
        board.call("proxy_set_shared_data", &[0xffff, 2, 0, 0, 0]),
        6
    );
}

#[test]
fn a_value_of_no_bytes_is_there() {
    let mut board = in_callback("configure", &[]);
    assert_eq!(board.call("proxy_set_shared_data", &[0, 1, 0, 0, 0]), 0);
    let args = [0, 1, TO[0], TO[1], 0x108];
    assert_eq!(board.call("proxy_get_shared_data", &args), 0);
    assert_eq!(board.number(0x108), 1);
    assert_eq!(board.number(TO[1]), 0);
}

#[test]
fn a_queue_gives_its_items_in_order_and_is_empty_then() {
    let mut board = in_callback("configure", &[]);
    board.put(0, "queueab");
    assert_eq!(
        board.call("proxy_resolve_shared_queue", &[0, 0, 0, 5, TO[0]]),
        1
    );
    assert_eq!(board.call("proxy_register_shared_queue", &[0, 5, TO[0]]), 0);
    let id = board.number(TO[0]);
    for (name, args) in [
        ("proxy_register_shared_queue", vec![0, 5, TO[0]]),
        ("proxy_resolve_shared_queue", vec![0, 0, 0, 5, TO[0]]),
    ] {
        board.put(TO[0], [9; 4]);
        assert_eq!(board.call(name, &args), 0);
        assert_eq!(board.number(TO[0]), id);
    }
    // The VM is another one.
    assert_eq!(
        board.call("proxy_resolve_shared_queue", &[0, 1, 0, 5, TO[0]]),
        1
    );
    assert_eq!(given(&mut board, "proxy_dequeue_shared_queue", &[id]).0, 7);
    assert_eq!(
        given(&mut board, "proxy_dequeue_shared_queue", &[id + 1]).0,
        1
    );
    assert_eq!(given(&mut board, "proxy_dequeue_shared_queue", &[0]).0, 1);
    assert_eq!(board.call("proxy_enqueue_shared_queue", &[9, 5, 1]), 1);
    for (at, length) in [(5, 1), (6, 1), (0, 0)] {
        assert_eq!(
            board.call("proxy_enqueue_shared_queue", &[id, at, length]),
            0
        );
    }
    for item in ["a", "b", ""] {
        let given = given(&mut board, "proxy_dequeue_shared_queue", &[id]);
        assert_eq!(given, (0, item.as_bytes().to_vec()));
    }
    assert_eq!(given(&mut board, "proxy_dequeue_shared_queue", &[id]).0, 7);
}

#[test]
fn an_item_that_cannot_be_given_stays() {
    let mut board = in_callback("configure", &[]);
    board.call("proxy_register_shared_queue", &[0, 5, TO[0]]);
    let id = board.number(TO[0]);
    board.put(0, "item");
    board.call("proxy_enqueue_shared_queue", &[id, 0, 4]);
    board.heap = 0;
    assert_eq!(given(&mut board, "proxy_dequeue_shared_queue", &[id]).0, 10);
    board.heap = 0x8000;
    let given = given(&mut board, "proxy_dequeue_shared_queue", &[id]);
    assert_eq!(given, (0, b"item".to_vec()));
}

#[test]
fn metrics_are_counted_set_and_read() {
    let mut board = in_callback("configure", &[]);
    board.put(0, "abc");
    let mut define = |kind, at| {
        let status = board.call("proxy_define_metric", &[kind, at, 1, TO[0]]);
        (status, board.number(TO[0]))
    };
    let (counter, gauge, histogram) = (define(0, 0), define(1, 1), define(2, 2));
    assert_eq!(define(0, 0), counter);
    assert_eq!(define(3, 0).0, 2);
    let [counter, gauge, histogram] = [counter, gauge, histogram].map(|(status, id)| {
        assert_eq!(status, 0);
        id
    });
    let value = |board: &mut Board<ProxyWasm>, id| {
        assert_eq!(board.call("proxy_get_metric", &[id, TO[0]]), 0);
        board.number(TO[0]) | board.number(TO[1]) << 32
    };
    let minus_two = (-2_i64).cast_unsigned();
    assert_eq!(board.call("proxy_increment_metric", &[counter, 5]), 0);
    assert_eq!(
        board.call("proxy_increment_metric", &[counter, minus_two]),
        2
    );
    assert_eq!(value(&mut board, counter), 5);
    assert_eq!(board.call("proxy_increment_metric", &[gauge, minus_two]), 0);
    assert_eq!(value(&mut board, gauge), minus_two);
    assert_eq!(board.call("proxy_record_metric", &[histogram, 1 << 40]), 0);
    assert_eq!(value(&mut board, histogram), 1 << 40);
    for (name, args) in [
        ("proxy_increment_metric", [9, 1]),
        ("proxy_record_metric", [0, 1]),
        ("proxy_get_metric", [0xffff_ffff, TO[0]]),
    ] {
        assert_eq!(board.call(name, &args), 1, "{name}");
    }
    let Part::Table { rows, .. } = part(&board, "Metrics") else {
        panic!("metrics are a table");
    };
    assert_eq!(rows[1], ["b", "gauge", "-2"]);
}

#[test]
fn there_is_an_end_to_queues_and_metrics() {
    let mut board = in_callback("configure", &[]);
    board.room = 1 << 30;
    let mut statuses = [0; 2];
    for number in 0..10_001_u64 {
        board.put(0, format!("{number:08}"));
        statuses = [
            board.call("proxy_register_shared_queue", &[0, 8, TO[0]]),
            board.call("proxy_define_metric", &[0, 0, 8, TO[0]]),
        ];
    }
    assert_eq!(statuses, [10, 10]);
}

#[test]
fn redis_replies_what_was_filled_in() {
    for (reply, called, response) in [
        (
            "[5, null]",
            "redis_call_response(1 1 0 13)",
            "*2\r\n:5\r\n$-1\r\n",
        ),
        (r#"{"status": 0}"#, "redis_call_response(1 1 1 0)", ""),
    ] {
        let mut board = plugin(CALLBACKS);
        begin(
            &mut board,
            "send",
            &[("replies", pairs(&[("store", reply)]))],
        );
        let calls = play(&mut board, |board, name| match name {
            "configure" => {
                assert_eq!(board.call("proxy_redis_init", &[0; 7]), 0);
                1
            }
            "request_headers" => {
                let upstream = board.put(0x2000, "store");
                let command = board.put(0x3000, "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n");
                let args = [&upstream[..], &command, &[TO[0]]].concat();
                assert_eq!(board.call("proxy_redis_call", &args), 0);
                let unknown = [&[0x2000, 2][..], &command, &[TO[0]]].concat();
                assert_eq!(board.call("proxy_redis_call", &unknown), 2);
                1
            }
            "redis_call_response" => {
                let given = given_text(board, "proxy_get_buffer_bytes", &[9, 0, 99]);
                assert_eq!(given, response);
                board.call("proxy_set_effective_context", &[2]);
                board.call("proxy_continue_stream", &[0])
            }
            _ => willing(name),
        });
        assert!(calls.contains(&called.to_owned()), "{calls:?}");
        assert_eq!(calls.last().map(String::as_str), Some("delete(2)"));
        let Part::Table { rows, .. } = part(&board, "Callouts") else {
            panic!("callouts are a table");
        };
        let unknown = ["", "st", "GET k", "none is filled in: bad argument"];
        assert_eq!(rows[0], unknown);
        assert_eq!(rows[1][..3], ["1", "store", "GET k"]);
        assert_eq!(rows[1][3] == "failed", response.is_empty());
        assert_eq!(board.host.held(), 0);
    }
}
