use super::*;
use crate::module::{Info, read};
use crate::protocol::Event;

fn module(name: &str) -> Info {
    read(name, b"\0asm\x01\0\0\0").unwrap()
}

fn loaded() -> Board {
    let mut board = Board::default();
    board.begin_load("a.wasm");
    board.apply(Event::Read(Box::new(module("a.wasm"))));
    board
}

fn accounts(effects: &[Effect]) -> usize {
    let asks = |effect: &&Effect| matches!(effect, Effect::Send(Command::Account(_)));
    effects.iter().filter(asks).count()
}

fn used() -> Event {
    Event::Used(Box::new(Used {
        random: 8,
        ..Used::default()
    }))
}

#[test]
fn nothing_is_asked_before_somebody_looks_and_then_once_at_a_time() {
    let mut board = loaded();
    assert_eq!(accounts(&board.apply(used())), 0);
    let effects = board.open_inspected();
    assert_eq!(accounts(&effects), 1);
    let contents = |it: &Effect| matches!(it, Effect::Send(Command::Contents { .. }));
    assert!(effects.iter().any(contents));
    let Some(Effect::Send(Command::Account(account))) = effects.first() else {
        panic!("{effects:?}");
    };
    assert_eq!(account.used.random, 8);
    // While it is being written, what is new is only noted.
    assert_eq!(accounts(&board.apply(used())), 0);
    let told = vec![Item::default()];
    assert_eq!(accounts(&board.apply(Event::Account(told.clone()))), 1);
    assert_eq!(accounts(&board.apply(Event::Account(told))), 0);
    assert_eq!(board.inspected().account.len(), 1);
    board.close_inspected();
    assert_eq!(accounts(&board.apply(used())), 0);
}

#[test]
fn another_module_is_looked_at_anew() {
    let mut board = loaded();
    board.open_inspected();
    board.apply(Event::Contents(vec![Item::default()]));
    let effects = board.apply(Event::Read(Box::new(module("other.wasm"))));
    assert!(board.inspected().contents.is_empty());
    assert_eq!(accounts(&effects), 1);
}

#[test]
fn headings_are_open_at_first_and_what_is_below_is_folded() {
    let mut board = Board::default();
    let shows = |board: &Board, place: &str| board.inspected().shows(place);
    assert!(shows(&board, "0") && !shows(&board, "0.3"));
    board.turn("0");
    board.turn("0.3");
    assert!(!shows(&board, "0") && shows(&board, "0.3"));
    board.turn("0.3");
    assert!(!shows(&board, "0.3"));
}
