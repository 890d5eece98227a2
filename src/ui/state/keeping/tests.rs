use super::*;
use crate::go::{Signature, Source as Origin};
use crate::module::{Export, ExternType, FuncType, Import, Info, Kind, ValType};
use crate::protocol::{Answer, Command, Event, Outcome, Place, Report, Usage};
use crate::ui::state::settings::Field;
use crate::ui::state::sockets::{Edit, Socket};

fn func(params: usize) -> FuncType {
    FuncType {
        params: vec![ValType::I32; params],
        results: Vec::new(),
    }
}

fn module(name: &str, exports: &[&str]) -> Info {
    let signature = |name: &str| -> (Signature, Origin) { (func(1).numbers(name), Origin::Guess) };
    let export = |name: &&str| Export {
        name: (*name).to_owned(),
        ty: ExternType::Func(func(1)),
        signatures: vec![signature(name)],
    };
    Info {
        name: name.to_owned(),
        size: 10,
        kind: Kind::Bare,
        producer: None,
        memories: Vec::new(),
        exports: exports.iter().map(export).collect(),
        imports: vec![Import {
            module: "env".to_owned(),
            name: "ask".to_owned(),
            ty: ExternType::Func(func(1)),
            signature: None,
        }],
        functions: 1,
        sections: Vec::new(),
    }
}

/// Loads a module whose file has this hash, to be kept under `id`.
fn load(board: &mut Board, id: &str, hash: &str, info: &Info) -> Vec<Effect> {
    let mut effects = board.begin_load(&info.name);
    board.expect(id.to_owned());
    board.hashed(Some(hash.to_owned()));
    effects.extend(board.apply(Event::Read(Box::new(info.clone()))));
    effects.extend(board.apply(Event::Ready {
        answers: Vec::new(),
        elsewhere: None,
    }));
    effects
}

fn place() -> Place {
    Place {
        preopen: "/".to_owned(),
        path: "a.txt".to_owned(),
    }
}

/// A board with a plugin that was given all that there is, and called.
fn used() -> Board {
    let mut board = Board::default();
    load(
        &mut board,
        "1",
        "aa",
        &module("plugin.wasm", &["one", "two"]),
    );
    board.enter_setting(Field::Env, "SECRET=1".to_owned());
    board.edit_answer(0, Edit::Script("return 7".to_owned()));
    board.select("two");
    board.enter(0, "5");
    board.paste_source("package main");
    let size = Some(3);
    board.add_files("/", vec![Added { at: place(), size }]);
    let effects = board.call();
    let Some(Effect::Send(Command::Call { call, .. })) = effects.last() else {
        panic!("{effects:?}");
    };
    let call = *call;
    board.report(Report {
        events: vec![
            Event::Began {
                call,
                export: "two".to_owned(),
            },
            Event::Ended {
                call,
                outcome: Outcome::Returned {
                    result: None,
                    shown: None,
                    raw: Vec::new(),
                    args: Vec::new(),
                },
                usage: Usage::default(),
            },
        ],
        busy_micros: 0,
    });
    board.enter(0, "6");
    board
}

/// The page of another visit, which has what the first one kept.
fn later(board: &Board) -> (Board, Keep) {
    let keep = board.keep(1000).unwrap();
    let mut later = Board::default();
    later.set_recent(Ok(vec![(keep.recent.id.clone(), keep.recent.to_json())]));
    (later, keep)
}

fn recalls(effects: &[Effect]) -> Option<&str> {
    effects.iter().find_map(|effect| match effect {
        Effect::Recall(id) => Some(&**id),
        _ => None,
    })
}

#[test]
fn a_plugin_comes_back_with_all_that_belongs_to_it() {
    let (mut board, keep) = later(&used());
    assert_eq!(*board.recent()[0].about.name, *"plugin.wasm");
    assert_eq!(
        (
            board.recent()[0].when,
            board.recent()[0].about.hash.as_deref()
        ),
        (1000, Some("aa"))
    );
    assert!(keep.recent.kept >= 13, "the module, a file, and more");
    // The same file by another name, and with nothing to go by but its bytes.
    let effects = load(&mut board, "2", "aa", &module("copy.wasm", &["one", "two"]));
    assert_eq!(recalls(&effects), Some("1"));
    assert_eq!(board.keep(2000), None, "what is there now is not all");
    let size = Some(3);
    let effects = board.come_back(
        "1",
        Some((&keep.session, vec![Added { at: place(), size }])),
    );
    assert_eq!(board.settings().env, "SECRET=1");
    assert_eq!(board.selected().unwrap().name, "two");
    let form = board.form();
    assert_eq!(form.texts(board.selected().unwrap())[0].as_ref(), "6");
    assert_eq!(board.go_source().unwrap().pasted(), "package main");
    assert_eq!(board.history().len(), 1);
    assert_eq!(board.history()[0].called.written, "two(5)");
    assert_eq!(board.kept_files().count(), 1);
    assert!(effects.contains(&Effect::AddFile(place())));
    let script = Answer::Script("return 7".to_owned());
    let answers = Command::Answer {
        import: 0,
        answer: script,
    };
    assert!(effects.contains(&Effect::Send(answers)), "{effects:?}");
    // The history can be used.
    board.recall(0);
    let form = board.form();
    assert_eq!(form.texts(board.selected().unwrap())[0].as_ref(), "5");
    // It is kept under its own name, with the name of the file now.
    let kept = board.keep(3000).unwrap().recent;
    assert_eq!((&*kept.id, &*kept.about.name), ("1", "copy.wasm"));
}

#[test]
fn one_that_was_built_anew_comes_back_and_another_one_does_not() {
    let (mut board, _) = later(&used());
    let anew = module("plugin.wasm", &["one", "two", "three"]);
    assert_eq!(recalls(&load(&mut board, "2", "bb", &anew)), Some("1"));
    for (name, exports) in [
        ("plugin.wasm", ["steal", "all"]),
        ("other.wasm", ["one", "two"]),
    ] {
        let (mut board, _) = later(&used());
        let effects = load(&mut board, "2", "cc", &module(name, &exports));
        assert_eq!(recalls(&effects), None, "{name}");
        assert_eq!(board.settings().env, "");
        assert_eq!(board.keep(1).unwrap().recent.id, "2");
    }
}

#[test]
fn nothing_is_decided_before_the_file_is_hashed() {
    let (mut board, _) = later(&used());
    board.begin_load("copy.wasm");
    board.expect("2".to_owned());
    board.receive(Report {
        events: vec![Event::Read(Box::new(module("copy.wasm", &["one", "two"])))],
        busy_micros: 0,
    });
    assert_eq!(board.take_in(), None);
    assert!(board.plugged().is_none());
    board.hashed(Some("aa".to_owned()));
    let effects = board.take_in().unwrap();
    assert_eq!(recalls(&effects), Some("1"));
}

#[test]
fn what_comes_too_late_is_not_another_ones() {
    let (mut board, keep) = later(&used());
    load(
        &mut board,
        "2",
        "aa",
        &module("plugin.wasm", &["one", "two"]),
    );
    load(&mut board, "3", "cc", &module("other.wasm", &["other"]));
    assert_eq!(
        board.keep(1).unwrap().recent.id,
        "3",
        "it waits for nothing"
    );
    assert_eq!(board.come_back("1", Some((&keep.session, Vec::new()))), []);
    assert_eq!(board.settings().env, "");
}

#[test]
fn what_cannot_be_read_is_said_and_the_plugin_runs() {
    let (mut board, _) = later(&used());
    load(
        &mut board,
        "2",
        "aa",
        &module("plugin.wasm", &["one", "two"]),
    );
    board.come_back("1", Some(("{\"plugboard\": 99}", Vec::new())));
    assert!(board.can_call());
    assert!(board.keep(1).is_some());
}

#[test]
fn sixteen_are_kept_and_what_is_deleted_is_not() {
    let mut board = used();
    let kept = board.keep(1).unwrap().recent;
    for number in 0..MOST {
        let one = Recent {
            id: number.to_string(),
            ..kept.clone()
        };
        assert_eq!(board.kept(one), Vec::<String>::new());
    }
    let one = Recent {
        id: "last".to_owned(),
        ..kept
    };
    assert_eq!(board.kept(one), ["0"]);
    board.forget_recent("last");
    assert_eq!(board.recent().len(), MOST - 1);
    board.forget_recent("1");
    assert_eq!(board.keep(1), None, "not on this visit");
}

#[test]
fn a_plugin_that_is_unplugged_has_its_own_when_it_is_back() {
    let mut board = used();
    board.unplug();
    assert!(board.plugged().is_none());
    assert!(board.finished().is_none());
    load(
        &mut board,
        "2",
        "aa",
        &module("plugin.wasm", &["one", "two"]),
    );
    assert_eq!(board.settings().env, "SECRET=1");
    assert_eq!(board.history().len(), 1);
    board.unplug();
    load(&mut board, "3", "bb", &module("other.wasm", &["other"]));
    assert_eq!(board.settings().env, "");
    let Socket::Function(function) = &board.plugged().unwrap().sockets[0] else {
        panic!("it is a function");
    };
    assert!(function.guessed);
}
