use super::*;
use crate::module::{Export, ExternType, FuncType, Info, Kind};
use crate::protocol::{CallId, Command, Event, Outcome, Usage};
use crate::ui::state::board::{Board, Effect};
use crate::ui::state::console::Filter;

const NAME: &str = "greet.wasm";

fn module(exports: &[&str], size: u64) -> Info {
    let ty = FuncType {
        params: Vec::new(),
        results: Vec::new(),
    };
    let export = |name: &&str| Export {
        name: (*name).to_owned(),
        ty: ExternType::Func(ty.clone()),
        signatures: vec![(ty.numbers(name), crate::go::Source::Guess)],
    };
    Info {
        name: NAME.to_owned(),
        size,
        kind: Kind::Bare,
        producer: None,
        memories: Vec::new(),
        exports: exports.iter().map(export).collect(),
        imports: Vec::new(),
        functions: 1,
        sections: Vec::new(),
    }
}

fn ready() -> Event {
    Event::Ready {
        answers: Vec::new(),
        elsewhere: None,
    }
}

fn put(board: &mut Board, info: Info) -> Vec<Effect> {
    board.apply(Event::Read(Box::new(info)));
    board.apply(ready())
}

/// A board with a module on it that is watched, as target 1, since its stamp was `1`.
fn watching() -> Board {
    let mut board = Board::default();
    board.begin_load(NAME);
    put(&mut board, module(&["greet"], 100));
    let target = board.new_target();
    board.watch(target, NAME, Some("1".to_owned()));
    board
}

fn look(board: &mut Board, stamp: &str, size: u64) -> Vec<Effect> {
    let look = Look::There {
        stamp: stamp.to_owned(),
        size: Some(size),
        time: "12:03:05".to_owned(),
    };
    board.watch_saw(1, look).1
}

fn copy(board: &mut Board, stamp: &str, is_cut: bool) -> Option<bool> {
    let copied = Copied {
        name: NAME.to_owned(),
        stamp: stamp.to_owned(),
        size: 200,
        time: "12:03:05".to_owned(),
        is_cut,
    };
    board.watch_copied(1, &copied)
}

fn reads() -> Vec<Effect> {
    vec![Effect::Watch(Ask::Read)]
}

fn text(board: &Board) -> String {
    board.watched().unwrap().text
}

/// The file is written anew, and taken; the module is on its way.
fn rebuild(board: &mut Board, stamp: &str) {
    assert_eq!(look(board, stamp, 200), []);
    assert_eq!(look(board, stamp, 200), reads());
    assert_eq!(copy(board, stamp, false), Some(true));
    board.start_load(NAME, true);
}

fn refused(message: &str) -> Event {
    Event::Refused {
        name: NAME.to_owned(),
        message: message.to_owned(),
    }
}

fn ended(call: u32) -> Event {
    Event::Ended {
        call: CallId(call),
        outcome: Outcome::Returned {
            result: None,
            shown: None,
            raw: Vec::new(),
            args: Vec::new(),
        },
        usage: Usage::default(),
    }
}

fn console(board: &Board) -> Vec<String> {
    let rows = board.console().rows(Filter::default(), 0, usize::MAX);
    rows.into_iter().map(|row| row.text).collect()
}

fn calls(effects: &[Effect]) -> Vec<&str> {
    let calls = effects.iter().filter_map(|effect| match effect {
        Effect::Send(Command::Call { export, .. }) => Some(export.as_str()),
        _ => None,
    });
    calls.collect()
}

#[test]
fn a_file_that_has_not_changed_is_left_alone() {
    let mut board = watching();
    for _ in 0..50 {
        assert_eq!(look(&mut board, "1", 100), []);
    }
    assert_eq!(text(&board), "watching greet.wasm");
}

#[test]
fn a_file_is_taken_once_two_looks_find_it_the_same() {
    let mut board = watching();
    for (stamp, size) in [("2", 10), ("3", 1024), ("4", 2048)] {
        assert_eq!(look(&mut board, stamp, size), [], "it grows");
    }
    assert_eq!(text(&board), "greet.wasm is being written: 2.0 KiB so far");
    assert_eq!(look(&mut board, "4", 2048), reads());
    assert_eq!(look(&mut board, "4", 2048), [], "a copy is on its way");
    assert_eq!(copy(&mut board, "4", false), Some(true));
    assert_eq!(
        text(&board),
        "watching greet.wasm: changed 12:03:05, loaded again"
    );
    assert_eq!(look(&mut board, "4", 2048), [], "it is that one now");
    assert_eq!(copy(&mut board, "4", false), None, "nobody asked for it");
}

#[test]
fn an_empty_file_and_one_that_is_gone_are_waited_for() {
    let mut board = watching();
    for _ in 0..50 {
        assert_eq!(look(&mut board, "2", 0), []);
    }
    assert_eq!(
        text(&board),
        "waiting for the compiler: the file is 0 bytes"
    );
    for _ in 0..50 {
        assert_eq!(board.watch_saw(1, Look::Gone).1, []);
    }
    assert_eq!(text(&board), "waiting for the compiler: greet.wasm is gone");
    assert_eq!(look(&mut board, "3", 10), [], "it may still grow");
    assert_eq!(look(&mut board, "3", 10), reads());
}

#[test]
fn a_file_that_is_cut_short_is_waited_for_and_refused_only_if_it_stays_so() {
    let mut board = watching();
    look(&mut board, "2", 200);
    assert_eq!(look(&mut board, "2", 200), reads());
    assert_eq!(copy(&mut board, "2", true), None);
    assert_eq!(
        text(&board),
        "waiting for the compiler: greet.wasm is cut short at 200 B"
    );
    for _ in 1..PATIENCE {
        assert_eq!(look(&mut board, "2", 200), []);
    }
    // Now it is loaded, so that the message is the usual one.
    assert_eq!(look(&mut board, "2", 200), reads());
    assert_eq!(copy(&mut board, "2", true), Some(true));
    board.start_load(NAME, true);
    board.apply(refused("truncated"));
    assert_eq!(board.refused(), None, "it may be a moment's");
    look(&mut board, "2", 200);
    look(&mut board, "2", 200);
    assert_eq!(board.refused().unwrap().message, "truncated");
}

#[test]
fn one_that_goes_on_to_grow_was_never_cut_short() {
    let mut board = watching();
    look(&mut board, "2", 200);
    look(&mut board, "2", 200);
    assert_eq!(copy(&mut board, "2", true), None);
    rebuild(&mut board, "3");
    assert_eq!(board.refused(), None);
}

#[test]
fn a_module_that_is_refused_while_its_file_changes_is_waited_for() {
    let mut board = watching();
    rebuild(&mut board, "2");
    let effects = board.apply(refused("invalid"));
    assert!(effects.contains(&Effect::Restore), "what was good is back");
    put(&mut board, module(&["greet"], 100));
    assert_eq!(board.refused(), None);
    look(&mut board, "2", 200);
    rebuild(&mut board, "3");
    put(&mut board, module(&["greet"], 300));
    assert_eq!(board.refused(), None);
    assert_eq!(
        console(&board).last().unwrap(),
        "rebuilt: greet.wasm, 300 B, 200 B larger"
    );
}

#[test]
fn a_module_that_stays_refused_is_said_to_be_and_still_watched() {
    let mut board = watching();
    rebuild(&mut board, "2");
    board.apply(refused("invalid"));
    put(&mut board, module(&["greet"], 100));
    look(&mut board, "2", 200);
    look(&mut board, "2", 200);
    assert_eq!(board.refused().unwrap().message, "invalid");
    assert_eq!(
        text(&board),
        "watching greet.wasm: changed 12:03:05, refused"
    );
    rebuild(&mut board, "3");
    assert_eq!(board.refused(), None);
}

#[test]
fn what_is_dropped_while_it_is_written_is_waited_for_and_what_was_watched_comes_back() {
    let mut board = watching();
    board.begin_load("half.wasm");
    board.apply(Event::Refused {
        name: "half.wasm".to_owned(),
        message: "truncated".to_owned(),
    });
    put(&mut board, module(&["greet"], 100));
    // Its handle comes a moment later.
    let target = board.new_target();
    board.watch(target, "half.wasm", Some("7".to_owned()));
    assert_eq!(board.refused(), None);
    let half = || Look::There {
        stamp: "7".to_owned(),
        size: Some(50),
        time: String::new(),
    };
    board.watch_saw(target, half());
    let (_, effects) = board.watch_saw(target, half());
    assert_eq!(board.refused().unwrap().name, "half.wasm");
    assert!(effects.contains(&Effect::Watch(Ask::Follow(Some(1)))));
    assert_eq!(text(&board), "watching greet.wasm");
}

#[test]
fn a_file_that_changes_while_something_runs_is_taken_when_that_has_ended() {
    let mut board = watching();
    board.call();
    look(&mut board, "2", 200);
    for _ in 0..20 {
        assert_eq!(look(&mut board, "2", 200), []);
    }
    assert_eq!(
        text(&board),
        "greet.wasm changed 12:03:05: loaded when what runs has ended"
    );
    assert_eq!(board.watched().unwrap().offer, Some(Offer::Now));
    board.apply(ended(1));
    assert_eq!(look(&mut board, "2", 200), reads());
}

#[test]
fn or_at_once_if_somebody_says_so_and_the_call_that_it_ends_is_the_last_one() {
    let mut board = watching();
    board.switch_repeat(true);
    board.call();
    look(&mut board, "2", 200);
    look(&mut board, "2", 200);
    assert_eq!(board.take_now(), [Effect::Watch(Ask::Look)]);
    assert_eq!(look(&mut board, "2", 200), reads());
    assert_eq!(copy(&mut board, "2", false), Some(true));
    board.start_load(NAME, true);
    assert!(board.run().is_none());
    let effects = put(&mut board, module(&["greet"], 100));
    assert_eq!(calls(&effects), ["greet"]);
    assert!(console(&board).contains(&"ended: the plugin was built anew".to_owned()));
}

#[test]
fn a_copy_that_comes_when_something_runs_again_waits() {
    let mut board = watching();
    look(&mut board, "2", 200);
    assert_eq!(look(&mut board, "2", 200), reads());
    board.call();
    assert_eq!(copy(&mut board, "2", false), None);
    assert_eq!(look(&mut board, "2", 200), []);
    board.apply(ended(1));
    assert_eq!(look(&mut board, "2", 200), reads());
}

#[test]
fn what_is_not_watched_is_not_taken_but_can_be_loaded_again() {
    let mut board = watching();
    assert_eq!(
        board.switch_watch(false),
        [Effect::Watch(Ask::Watch(false))]
    );
    assert_eq!(text(&board), "greet.wasm is not watched");
    look(&mut board, "2", 200);
    assert_eq!(look(&mut board, "2", 200), []);
    assert_eq!(board.load_again(), reads());
    assert_eq!(copy(&mut board, "2", false), Some(true));
}

#[test]
fn another_module_from_elsewhere_is_not_mistaken_for_it() {
    let mut board = watching();
    let effects = board.begin_load("other.wasm");
    assert!(effects.contains(&Effect::Watch(Ask::Follow(None))));
    assert_eq!(board.watched(), None);
    assert_eq!(look(&mut board, "2", 200), []);
    assert_eq!(copy(&mut board, "2", false), None);
    // It is given up: what was there is watched again.
    let effects = board.cancel_load();
    assert!(effects.contains(&Effect::Watch(Ask::Follow(Some(1)))));
    assert_eq!(text(&board), "watching greet.wasm");
}

#[test]
fn a_permission_that_is_lost_is_asked_for() {
    let mut board = watching();
    assert!(board.watch_saw(1, Look::Forbidden).0);
    assert_eq!(board.watched().unwrap().offer, Some(Offer::Allow));
    assert!(!board.watch_saw(1, Look::Forbidden).0, "nothing new");
    look(&mut board, "1", 100);
    assert_eq!(text(&board), "watching greet.wasm");
}

#[test]
fn an_address_that_cannot_be_fetched_is_refused_and_one_that_fails_later_is_not() {
    let mut board = Board::default();
    board.begin_load(NAME);
    let target = board.new_target();
    board.watch(target, NAME, None);
    board.fetched(1, (10, 0));
    assert_eq!(board.loading().unwrap().progress, Some((10, 0)));
    board.fetch_failed(1, "404");
    assert_eq!(
        board.refused().unwrap().message,
        "could not be fetched: 404"
    );
    assert_eq!(board.watched(), None);

    board.begin_load(NAME);
    let target = board.new_target();
    board.watch(target, NAME, None);
    let copied = |stamp: &str| Copied {
        name: NAME.to_owned(),
        stamp: stamp.to_owned(),
        size: 100,
        time: String::new(),
        is_cut: false,
    };
    assert_eq!(board.watch_copied(target, &copied("a")), Some(false));
    board.start_load(NAME, false);
    put(&mut board, module(&["greet"], 100));
    let failed = Look::Failed("no answer".to_owned());
    assert!(board.watch_saw(target, failed).0);
    assert_eq!(
        text(&board),
        "greet.wasm cannot be had at the moment: no answer"
    );
    assert_eq!(board.refused(), None);
}

#[test]
fn what_watches_a_plugin_is_had_again_on_the_next_visit() {
    let mut board = watching();
    let watches = |board: &Board| board.watches().map(|it| (it.target, it.name, it.stamp));
    let of = |target, stamp: &str| Some((target, NAME.to_owned(), stamp.to_owned()));
    assert_eq!(watches(&board), of(1, "1"));
    rebuild(&mut board, "2");
    put(&mut board, module(&["greet"], 200));
    assert_eq!(watches(&board), of(1, "2"));

    // Then: the plugin comes back, and what has been watched is as it was, or is not allowed to be read.
    let mut board = Board::default();
    board.begin_load(NAME);
    board.apply(Event::Read(Box::new(module(&["greet"], 200))));
    let target = board.new_target();
    let follow = Effect::Watch(Ask::Follow(Some(target)));
    assert!(
        board
            .watch(target, NAME, Some("2".to_owned()))
            .contains(&follow)
    );
    board.apply(ready());
    assert_eq!(board.watch_saw(target, Look::Forbidden).1, []);
    assert_eq!(board.watched().unwrap().offer, Some(Offer::Allow));
    assert_eq!(look(&mut board, "2", 200), []);
    assert_eq!(look(&mut board, "2", 200), [], "it is what is there");
    assert_eq!(text(&board), "watching greet.wasm");
    assert_eq!(board.watched().unwrap().offer, None);
    // It was built anew meanwhile.
    assert_eq!(look(&mut board, "3", 300), []);
    assert_eq!(look(&mut board, "3", 300), reads());
    assert_eq!(copy(&mut board, "3", false), Some(true), "as a rebuild");

    board.cannot_watch(NAME, "it came from a mail");
    assert_eq!(board.watches(), None);
}
