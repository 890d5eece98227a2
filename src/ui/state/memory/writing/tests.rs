use super::*;
use crate::module::{ExternType, FuncType, Info, Kind, ValType};
use crate::protocol::{Event, Usage};

/// A board with a module that exports `take`.
fn with_module() -> Board {
    let mut board = Board::default();
    board.begin_load("take.wasm");
    let ty = FuncType {
        params: vec![ValType::I32],
        results: vec![ValType::I32],
    };
    board.apply(Event::Read(Box::new(Info {
        name: "take.wasm".to_owned(),
        size: 0,
        kind: Kind::Bare,
        producer: None,
        memories: Vec::new(),
        exports: vec![crate::module::Export {
            name: "take".to_owned(),
            ty: ExternType::Func(ty),
            signatures: Vec::new(),
        }],
        imports: Vec::new(),
        functions: 1,
        sections: Vec::new(),
    })));
    let answers = Vec::new();
    board.apply(Event::Ready {
        answers,
        elsewhere: None,
    });
    board.open_memory();
    board
}

fn ended(call: u32, outcome: Outcome) -> Event {
    Event::Ended {
        call: CallId(call),
        outcome,
        usage: Usage::default(),
    }
}

#[test]
fn bytes_are_put_into_room_and_the_address_is_shown() {
    let mut board = with_module();
    board.edit_writing(|writing| {
        writing.text = "abc".to_owned();
        writing.in_room = true;
    });
    let said = |board: &Board| board.memory().said.clone().unwrap_or_default();
    assert_eq!(board.write_typed(), []);
    assert_eq!(said(&board).0, "choose what gives room in memory");
    board.choose_allocator(Some(Allocator::Pair {
        allocate: "take".to_owned(),
        free: None,
    }));
    let put = |call| Command::Put {
        call: CallId(call),
        bytes: b"abc".to_vec(),
    };
    assert_eq!(board.write_typed(), [Effect::Send(put(1))]);
    assert_eq!(board.write_typed(), [], "one call at a time");
    assert!(said(&board).0.contains("when no call runs"));
    board.apply(ended(
        1,
        Outcome::Returned {
            result: None,
            shown: Some("0x400".to_owned()),
            raw: vec![(ValType::I32, 1024)],
            args: Vec::new(),
        },
    ));
    assert_eq!(said(&board), ("3 bytes written at 0x400".to_owned(), false));
    assert_eq!((board.memory().cursor, board.memory().found), (1024, 3));
    assert_eq!(board.history()[0].called.to_string(), "take(3)");
    board.write_typed();
    board.apply(ended(2, Outcome::Trapped("take: unreachable".to_owned())));
    assert_eq!(said(&board), ("take: unreachable".to_owned(), true));
}
