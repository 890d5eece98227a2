use super::*;
use crate::module::{Info, read};
use crate::protocol::{Caller, Event};
use crate::ui::state::arrangement::Pane;

fn info(name: &str) -> Info {
    read(name, b"\0asm\x01\0\0\0").unwrap()
}

fn loaded() -> Board {
    let mut board = Board::default();
    board.begin_load("a.wasm");
    board.apply(Event::Read(Box::new(info("a.wasm"))));
    board
}

/// What is asked of the reader, and of which module.
fn asked(effects: Vec<Effect>) -> Vec<(u32, Functions)> {
    let asks = effects.into_iter().filter_map(|effect| match effect {
        Effect::Send(Command::Functions { module, ask }) => Some((module, ask)),
        _ => None,
    });
    asks.collect()
}

fn tell(board: &mut Board, report: FunctionsReport) {
    let module = board.text_form.module;
    board.apply(Event::Functions { module, report });
}

fn line(index: u32) -> FunctionLine {
    FunctionLine {
        index,
        name: format!("f{index}"),
        ..FunctionLine::default()
    }
}

fn text(function: u32, marked: Option<(u32, Option<u32>)>) -> FunctionText {
    FunctionText {
        function: line(function),
        total: 3,
        lines: (0..3)
            .map(|place| TextLine {
                place: Some(place * 2),
                text: format!("line {place}"),
                callee: None,
            })
            .collect(),
        is_whole: true,
        marked,
        ..FunctionText::default()
    }
}

fn at(board: &Board) -> Option<(u32, Option<u32>)> {
    let at = board.text_form().at()?;
    Some((at.function, at.place))
}

#[test]
fn rows_are_asked_for_once_as_they_come_into_view() {
    let mut board = loaded();
    let seen = |board: &mut Board, first| asked(board.text_form_mut().see_rows((first, 20)));
    let asks = seen(&mut board, 0);
    let Some((_, Functions::Find { first, count, .. })) = asks.first() else {
        panic!("{asks:?}");
    };
    assert_eq!((asks.len(), *first), (1, 0));
    // Nothing more while that is on its way.
    assert_eq!(seen(&mut board, 30_000), []);
    let found = Found {
        all: 40_000,
        passing: 40_000,
        functions: (0..*count).map(line).collect(),
        ..Found::default()
    };
    tell(&mut board, FunctionsReport::Found(found));
    assert!(!board.text_form().lacks_rows((40, 20)));
    assert_eq!(seen(&mut board, 40), []);
    assert_eq!(board.text_form().function(40), Some(&line(40)));
    board.text_form_mut().cursor = 41;
    board.text_form_mut().choose();
    assert_eq!(at(&board), Some((41, None)));
    let asks = seen(&mut board, 30_000);
    let first = asks.first().map(|(_, ask)| ask);
    assert!(
        matches!(first, Some(Functions::Find { first: 29_900, .. })),
        "{asks:?}"
    );
    assert_eq!(board.text_form().function(30_000), None);
}

#[test]
fn what_comes_for_what_is_no_longer_looked_for_is_asked_for_again() {
    let mut board = loaded();
    board.text_form_mut().see_rows((0, 20));
    let filter = FunctionFilter {
        text: "main".to_owned(),
        largest_first: false,
    };
    board.text_form_mut().seek(filter.clone());
    assert!(!board.text_form().lacks_rows((0, 20)));
    assert_eq!(board.text_form_mut().choose(), []);
    let found = Found {
        all: 9,
        ..Found::default()
    };
    tell(&mut board, FunctionsReport::Found(found.clone()));
    let asks = asked(board.text_form_mut().see_rows((0, 20)));
    let asked = asks.first().map(|(_, ask)| ask);
    assert!(matches!(asked, Some(Functions::Find { filter: it, .. }) if *it == filter));
    // Nothing passes, which is an answer.
    tell(
        &mut board,
        FunctionsReport::Found(Found { filter, ..found }),
    );
    assert!(!board.text_form().lacks_rows((0, 20)));
}

#[test]
fn a_function_is_shown_from_anywhere_with_its_place() {
    let mut board = loaded();
    let asks = asked(board.show_text(7, Some(2)));
    assert!(matches!(
        asks.as_slice(),
        [
            (
                _,
                Functions::Text {
                    function: 7,
                    place: Some(2),
                    first: None,
                    ..
                }
            ),
            (_, Functions::Uses { function: 7 }),
        ]
    ));
    assert!(board.text_form().is_open);
    assert_eq!(board.arrangement.open(Pane::First), Panel::Module);
    // What comes late of another function is not taken for it.
    tell(&mut board, FunctionsReport::Text(text(6, None)));
    assert_eq!(board.text_form().text(), None);
    tell(
        &mut board,
        FunctionsReport::Text(text(7, Some((2, Some(1))))),
    );
    assert_eq!(board.text_form().marked(), Some(1));
    assert_eq!(board.text_form().jumps, 1);
    assert_eq!(board.text_form().line(2).unwrap().text, "line 2");
    assert_eq!(
        board.text_form().whole().unwrap(),
        "line 0\nline 1\nline 2\n"
    );
    let uses = FunctionUses {
        function: 7,
        total: 1,
        callers: vec![Caller::default()],
        ..FunctionUses::default()
    };
    tell(&mut board, FunctionsReport::Uses(uses));
    assert_eq!(board.text_form().uses().unwrap().total, 1);
    // Another place of the same function needs no second look at who uses it.
    assert_eq!(asked(board.show_text(7, Some(4))).len(), 1);
    tell(
        &mut board,
        FunctionsReport::Text(text(7, Some((2, Some(1))))),
    );
    assert_eq!(
        board.text_form().text(),
        None,
        "it is that of the place before"
    );
    tell(
        &mut board,
        FunctionsReport::Text(text(7, Some((4, Some(2))))),
    );
    assert_eq!(board.text_form().marked(), Some(2));
}

#[test]
fn back_leads_to_the_call_that_was_followed() {
    let mut board = loaded();
    board.show_text(1, None);
    board.text_form_mut().follow(2, Some(34));
    board.text_form_mut().go(At {
        function: 3,
        place: Some(50),
    });
    assert_eq!(at(&board), Some((3, Some(50))));
    board.text_form_mut().go_back();
    assert_eq!(at(&board), Some((2, None)));
    board.text_form_mut().go_back();
    assert_eq!(at(&board), Some((1, Some(34))));
    assert!(!board.text_form().can_go_back());
    assert_eq!(board.text_form_mut().go_back(), []);
    board.text_form_mut().go_forward();
    board.text_form_mut().go_forward();
    assert_eq!(at(&board), Some((3, Some(50))));
    assert!(!board.text_form().can_go_forward());
    board.text_form_mut().go_back();
    // Who goes elsewhere from there has nothing before him.
    board.text_form_mut().follow(9, None);
    assert!(!board.text_form().can_go_forward());
    // To where one is, there is no way.
    assert_eq!(board.show_text(9, None), []);
}

#[test]
fn more_of_a_long_text_is_asked_for_as_it_is_scrolled() {
    let mut board = loaded();
    board.show_text(1, None);
    let part = |first: u32| FunctionText {
        total: 100_000,
        first,
        lines: vec![TextLine::default(); 300],
        is_whole: false,
        ..text(1, None)
    };
    tell(&mut board, FunctionsReport::Text(part(0)));
    assert_eq!(board.text_form().whole(), None);
    let see = |board: &mut Board, first| asked(board.text_form_mut().see_lines((first, 40)));
    assert_eq!(see(&mut board, 200), []);
    let asks = see(&mut board, 5_000);
    let ask = asks.first().map(|(_, ask)| ask);
    assert!(
        matches!(
            ask,
            Some(Functions::Text {
                first: Some(4_900),
                ..
            })
        ),
        "{asks:?}"
    );
    assert_eq!(see(&mut board, 6_000), []);
    tell(&mut board, FunctionsReport::Text(part(4_900)));
    // It is no jump: it stays scrolled where it is.
    assert_eq!(board.text_form().jumps, 1);
    assert!(board.text_form().line(5_000).is_some());
    assert!(board.text_form().line(10).is_none());
}

#[test]
fn what_fails_is_said_until_one_goes_elsewhere() {
    let mut board = loaded();
    board.show_text(1, None);
    tell(&mut board, FunctionsReport::Failed("it is gone".to_owned()));
    assert_eq!(board.text_form().failed.as_deref(), Some("it is gone"));
    assert!(
        !board.text_form().lacks_rows((0, 20)),
        "it is not asked for again and again"
    );
    board.show_text(2, None);
    assert_eq!(board.text_form().failed, None);
}

#[test]
fn another_module_has_other_functions() {
    let mut board = loaded();
    board.show_text(1, None);
    tell(&mut board, FunctionsReport::Text(text(1, None)));
    board.text_form_mut().seek(FunctionFilter {
        text: "main".to_owned(),
        largest_first: true,
    });
    let before = board.text_form.module;
    board.apply(Event::Read(Box::new(info("b.wasm"))));
    assert_eq!((at(&board), board.text_form().text()), (None, None));
    assert_eq!(board.text_form().filter.text, "main");
    assert!(board.text_form().is_open);
    // What is still told of the one before is not taken for it.
    let found = Found {
        all: 3,
        ..Found::default()
    };
    let report = FunctionsReport::Found(found);
    board.apply(Event::Functions {
        module: before,
        report,
    });
    assert_eq!(board.text_form().found().all, 0);
    let asks = asked(board.text_form_mut().see_rows((0, 20)));
    assert_eq!(asks.last().map(|(module, _)| *module), Some(before + 1));
}

#[test]
fn a_plugin_that_is_built_anew_shows_the_function_of_the_same_name() {
    let mut board = loaded();
    board.show_text(1, None);
    tell(&mut board, FunctionsReport::Text(text(1, None)));
    board.apply(Event::Read(Box::new(info("a.wasm"))));
    let asks = asked(board.text_form_mut().see_rows((0, 20)));
    let named = Functions::Named("f1".to_owned());
    assert_eq!(asks.first().map(|(_, ask)| ask), Some(&named));
    let module = board.text_form.module;
    let report = FunctionsReport::Named(Some(3));
    let asks = asked(board.apply(Event::Functions { module, report }));
    assert!(matches!(
        asks.first(),
        Some((_, Functions::Text { function: 3, .. }))
    ));
    assert!(
        !board.text_form().can_go_back(),
        "there is no way to the module before"
    );
    // It is gone: then none is shown.
    board.apply(Event::Read(Box::new(info("a.wasm"))));
    tell(&mut board, FunctionsReport::Named(None));
    assert_eq!(at(&board), None);
}

#[test]
fn what_was_on_its_way_when_the_panel_was_closed_is_asked_for_again() {
    let mut board = loaded();
    board.text_form_mut().see_rows((0, 20));
    board.show_text(1, None);
    let asks = asked(board.text_form_mut().open());
    assert!(matches!(
        asks.as_slice(),
        [(_, Functions::Text { function: 1, .. })]
    ));
    assert!(board.text_form().lacks_rows((0, 20)));
}
