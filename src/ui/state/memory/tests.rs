use super::*;

fn told(board: &mut Board, address: u64, bytes: &[u8], changed: Option<Vec<(u32, u32)>>) {
    board.memory_report(MemoryReport::Bytes {
        address,
        bytes: bytes.to_vec(),
        changed,
        size: 65_536,
    });
}

fn open() -> Board {
    let mut board = Board::default();
    board.open_memory();
    told(&mut board, 0, &[0; 16], None);
    board
}

fn said(board: &Board) -> &str {
    board.memory().said.as_ref().map_or("", |said| &said.0)
}

#[test]
fn addresses_are_hex_or_decimal_and_what_is_none_is_said() {
    for (text, expected) in [
        ("0x10", 16),
        (" 16 ", 16),
        ("0XFF", 255),
        ("0xff_ff", 65_535),
    ] {
        assert_eq!(address(text, 65_536), Ok(expected));
    }
    let problem = |text: &str| address(text, 65_536).unwrap_err().to_string();
    assert_eq!(problem(""), "type an address: 0x1f00, or 7936");
    for text in [
        "12g",
        "ff",
        "-1",
        "+1",
        "0x",
        "0x-1",
        "99999999999999999999",
    ] {
        assert!(problem(text).contains("is no address"), "{text}");
    }
    assert_eq!(
        problem("65536"),
        "0x10000 is beyond the end: memory has 0x10000 bytes"
    );
}

#[test]
fn bytes_are_typed_as_text_or_hex() {
    assert_eq!(needle("é", false), Ok(vec![0xc3, 0xa9]));
    assert_eq!(needle("0a FF00", true), Ok(vec![10, 255, 0]));
    for text in ["0", "0a f", "xy", "+1", " é"] {
        let problem = needle(text, true).unwrap_err();
        assert!(problem.contains("is no byte"), "{text}: {problem}");
    }
    assert!(needle("  ", true).is_err());
    assert!(needle("", false).is_err());
}

#[test]
fn what_is_in_view_is_asked_for_until_it_is_known_and_after_it_has_changed() {
    let mut board = Board::default();
    assert!(board.see_memory(0, 160).is_empty(), "the panel is closed");
    let effects = board.open_memory();
    assert!(effects.contains(&ask(Memory::Watch(true))));
    assert!(!board.open_memory().contains(&ask(Memory::Watch(true))));
    let read = |address, length| vec![ask(Memory::Read { address, length })];
    assert_eq!(board.see_memory(4_096, 160), read(2_048, 4_256));
    assert!(board.see_memory(0, 160).is_empty(), "one at a time");
    told(&mut board, 2_048, &[0; 4_256], None);
    assert!(board.see_memory(4_096, 160).is_empty());
    board.memory_goes_on(1, false);
    assert!(!board.see_memory(4_096, 160).is_empty());
}

#[test]
fn changed_bytes_are_marked() {
    let mut board = open();
    assert!(!board.memory().knows_changes());
    told(&mut board, 16, b"0123456789", Some(vec![(2, 2), (9, 1)]));
    let marks: Vec<bool> = board
        .memory()
        .bytes(17, 100)
        .iter()
        .map(|byte| byte.changed)
        .collect();
    let expected = [false, true, true, false, false, false, false, false, true];
    assert_eq!(marks, expected);
}

#[test]
fn changes_are_gone_to_in_all_of_memory() {
    let mut board = open();
    let search = |from, back| {
        let sought = Sought::Change;
        vec![ask(Memory::Search { sought, from, back })]
    };
    assert_eq!(board.go_to_change(false), search(1, false));
    assert_eq!(board.go_to_change(false), [], "one search at a time");
    board.memory_report(MemoryReport::Found(Some(18)));
    assert_eq!((board.memory().cursor, board.memory().found), (18, 0));
    assert_eq!(said(&board), "changed at 0x12");
    assert_eq!(board.go_to_change(true), search(18, true));
    let wrapped = board.memory_report(MemoryReport::Found(None));
    assert_eq!(wrapped, search(u64::MAX, true));
    board.memory_report(MemoryReport::Found(None));
    assert_eq!(said(&board), "nothing in memory has changed");
}

#[test]
fn a_pointer_is_followed_and_one_comes_back() {
    let mut board = open();
    told(
        &mut board,
        0,
        &[0, 0x34, 0x12, 0, 0, 0xff, 0xff, 0xff, 0xff],
        None,
    );
    board.put_cursor(1);
    assert_eq!(board.memory().word(4), Some(0x1234));
    board.follow_pointer();
    assert_eq!((board.memory().cursor, board.memory().jumps), (0x1234, 1));
    board.go_back();
    assert_eq!((board.memory().cursor, board.memory().jumps), (1, 2));
    board.put_cursor(5);
    board.follow_pointer();
    assert_eq!(said(&board), "0xffffffff is beyond the end of memory");
    board.put_cursor(7);
    board.follow_pointer();
    assert_eq!(board.memory().cursor, 7, "there are no four bytes");
    board.move_cursor(-100);
    assert_eq!(board.memory().cursor, 0);
    board.move_cursor(i64::MAX);
    assert_eq!(board.memory().cursor, 65_535);
}

#[test]
fn a_search_goes_on_behind_what_was_found_and_from_the_beginning() {
    let mut board = open();
    let seek = |from, back| {
        let sought = Sought::Bytes(b"ab".to_vec());
        vec![ask(Memory::Search { sought, from, back })]
    };
    let search = |from| seek(from, false);
    board.type_needle("ab".to_owned());
    assert_eq!(board.search_memory(false), search(0));
    board.memory_report(MemoryReport::Found(Some(100)));
    assert_eq!((board.memory().cursor, board.memory().found), (100, 2));
    assert_eq!(board.search_memory(true), seek(100, true));
    board.memory_report(MemoryReport::Found(Some(7)));
    assert_eq!(board.search_memory(false), search(8));
    assert_eq!(board.memory_report(MemoryReport::Found(None)), search(0));
    board.memory_report(MemoryReport::Found(None));
    assert_eq!(said(&board), "found nowhere in memory");
    assert!(!board.memory().searching);
    board.search_hex(true);
    board.type_needle("a".to_owned());
    assert!(board.search_memory(false).is_empty());
    assert!(said(&board).contains("is no byte"));
}

#[test]
fn what_is_typed_is_written_where_the_cursor_is_and_shown() {
    let mut board = open();
    board.put_cursor(0x20);
    assert_eq!(board.write_typed(), []);
    assert_eq!(said(&board), "type what to write");
    let write = |bytes: &[u8]| {
        let bytes = bytes.to_vec();
        vec![ask(Memory::Write { address: 32, bytes })]
    };
    board.edit_writing(|writing| writing.text = "é".to_owned());
    assert_eq!(board.write_typed(), write("é".as_bytes()));
    board.edit_writing(|writing| {
        writing.text = "00 Ff".to_owned();
        writing.hex = true;
    });
    assert_eq!(board.write_typed(), write(&[0, 255]));
    assert_eq!(
        board.write_file(9),
        Some(Command::Memory(Memory::Write {
            address: 32,
            bytes: Vec::new(),
        }))
    );
    board.edit_writing(|writing| writing.text = "0".to_owned());
    assert_eq!(board.write_typed(), []);
    assert!(said(&board).contains("is no byte"));
    board.memory_report(MemoryReport::Written(Ok((64, 2))));
    assert_eq!((board.memory().cursor, board.memory().found), (64, 2));
    assert_eq!(said(&board), "2 bytes written at 0x40");
    assert!(!board.see_memory(0, 160).is_empty(), "it is read again");
    board.memory_report(MemoryReport::Written(Err("outside".to_owned())));
    assert_eq!(said(&board), "outside");
    assert_eq!(board.memory().cursor, 64);
}

#[test]
fn an_address_that_is_typed_is_gone_to() {
    let mut board = open();
    board.type_address("0x20".to_owned());
    board.go_to_address();
    assert_eq!(board.memory().cursor, 32);
    board.type_address("0x20000".to_owned());
    board.go_to_address();
    assert!(said(&board).contains("beyond the end"));
    assert_eq!(board.memory().cursor, 32);
}

#[test]
fn growth_is_a_line_of_bounded_length() {
    let mut growth = Growth::default();
    assert_eq!(growth.points(100, 20), "");
    growth.push(1);
    growth.push(2);
    assert_eq!(growth.points(100, 20), "0,10 50,0 100,0");
    for pages in 0..100_000 {
        growth.push(pages);
    }
    assert!(growth.points(100, 20).split(' ').count() < 250);
    assert_eq!(growth.most_and_last(), (99_999, 99_999));
}

/// The effects that are about memory.
fn asked(effects: Vec<Effect>) -> Vec<Memory> {
    let asked = effects.into_iter().filter_map(|effect| match effect {
        Effect::Send(Command::Memory(memory)) => Some(memory),
        _ => None,
    });
    asked.collect()
}

#[test]
fn an_address_that_is_followed_from_elsewhere_is_where_the_panel_opens() {
    let mut board = Board::default();
    board.show_address(0x1f00);
    assert_eq!((board.memory().shown, board.memory().jumps), (1, 1));
    board.open_memory();
    // The view can only scroll there once it knows how far memory goes.
    let jumps = board.memory().jumps;
    told(&mut board, 0, &[0; 16], None);
    assert_eq!(
        (board.memory().cursor, board.memory().jumps),
        (0x1f00, jumps + 1)
    );
    told(&mut board, 0, &[0; 16], None);
    assert_eq!(board.memory().jumps, jumps + 1);
    board.go_back();
    assert_eq!(board.memory().cursor, 0);
}

#[test]
fn it_opens_where_the_latest_call_has_touched_memory_and_stays_where_one_looks() {
    let mut board = Board::default();
    assert!(
        !asked(board.open_memory()).contains(&Memory::Touched),
        "nothing has run"
    );
    board.close_memory();
    board.next_call();
    assert!(asked(board.open_memory()).contains(&Memory::Touched));
    board.memory_report(MemoryReport::Touched(Some((
        "buf of random_get".to_owned(),
        64,
    ))));
    assert_eq!(board.memory().cursor, 64);
    assert_eq!(
        said(&board),
        "0x40: buf of random_get, of the latest host call with bytes"
    );
    board.close_memory();
    assert!(!asked(board.open_memory()).contains(&Memory::Touched));
    board.next_call();
    board.close_memory();
    assert!(asked(board.open_memory()).contains(&Memory::Touched));
    board.memory_report(MemoryReport::Touched(None));
    assert_eq!(board.memory().cursor, 64);
}

#[test]
fn what_a_call_has_changed_of_its_arguments_comes_first() {
    use crate::protocol::{Placed, PlacedBlock};
    let block = |address, before: &[u8], after: &[u8]| PlacedBlock {
        address,
        before: before.to_vec(),
        after: after.to_vec(),
        ..PlacedBlock::default()
    };
    let placed = |blocks| Placed {
        blocks,
        ..Placed::default()
    };
    let same = block(16, b"ab", b"ab");
    let changed = block(64, b"abc", b"abd");
    assert_eq!(
        placed(vec![same.clone(), changed]).touched(),
        Some((66, true))
    );
    assert_eq!(placed(vec![same]).touched(), Some((16, false)));
    // What was not read again has not changed.
    assert_eq!(
        placed(vec![block(16, b"ab", b"")]).touched(),
        Some((16, false))
    );
    assert_eq!(placed(Vec::new()).touched(), None);
}
