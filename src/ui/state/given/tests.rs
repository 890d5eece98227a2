use super::*;
use crate::module::{Export, ExternType, FuncType, Import, Info, Kind, ValType};
use crate::protocol::{Answer, Event, Place, Preopen};
use crate::ui::state::files::Added;
use crate::ui::state::settings::Field;
use crate::ui::state::sockets::{Edit, Socket};

fn func(params: usize, results: usize) -> ExternType {
    ExternType::Func(FuncType {
        params: vec![ValType::I32; params],
        results: vec![ValType::I32; results],
    })
}

/// A module that exports these functions and imports `env.ask`, which takes so many numbers.
fn module(name: &str, exports: &[&str], ask: usize) -> Info {
    let export = |name: &&str| Export {
        name: (*name).to_owned(),
        ty: func(1, 0),
        signatures: vec![(
            func(1, 0).func().unwrap().numbers(name),
            crate::go::Source::Guess,
        )],
    };
    Info {
        name: name.to_owned(),
        size: exports.concat().len() as u64,
        kind: Kind::Bare,
        producer: None,
        memories: Vec::new(),
        exports: exports.iter().map(export).collect(),
        imports: vec![Import {
            module: "env".to_owned(),
            name: "ask".to_owned(),
            ty: func(ask, 1),
            signature: None,
        }],
        functions: 1,
        sections: Vec::new(),
    }
}

/// What comes of a module that is read.
fn read(board: &mut Board, info: &Info) -> Vec<Effect> {
    board.begin_load(&info.name);
    board.apply(Event::Read(Box::new(info.clone())))
}

fn ready(board: &mut Board) -> Vec<Effect> {
    board.apply(Event::Ready {
        answers: Vec::new(),
        elsewhere: None,
    })
}

fn load(board: &mut Board, info: &Info) -> Vec<Effect> {
    let mut effects = read(board, info);
    effects.extend(ready(board));
    effects
}

fn script() -> Answer {
    Answer::Script("return 7".to_owned())
}

fn answers(effects: &[Effect]) -> bool {
    effects.contains(&Effect::Send(Command::Answer {
        import: 0,
        answer: script(),
    }))
}

/// Variables, with their values.
type Env = Vec<(String, String)>;

/// The last settings that the worker is told of.
fn configured(effects: &[Effect]) -> Option<(Env, Vec<Preopen>)> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::Send(Command::Configure(settings)) => {
            Some((settings.env.clone(), settings.preopens.clone()))
        }
        _ => None,
    })
}

/// A board with a plugin that was given all that there is.
fn given() -> Board {
    let mut board = Board::default();
    load(&mut board, &module("plugin.wasm", &["one", "two"], 1));
    board.enter_setting(Field::Env, "SECRET=1".to_owned());
    board.enter_setting(Field::Preopens, "/secrets".to_owned());
    board.edit_answer(0, Edit::Script("return 7".to_owned()));
    board.enter(0, "5");
    let at = Place {
        preopen: "/".to_owned(),
        path: "key".to_owned(),
    };
    board.add_files("/", vec![Added { at, size: Some(3) }]);
    board
}

fn answer(board: &Board) -> Answer {
    match &board.plugged().unwrap().sockets[0] {
        Socket::Function(function) => function.answer.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn another_plugin_starts_from_defaults_and_the_page_says_so() {
    let mut board = given();
    let other = module("plugin.wasm", &["one_more", "other"], 2);
    let effects = load(&mut board, &other);
    let (env, preopens) = configured(&effects).unwrap();
    assert_eq!(env, []);
    assert_eq!(preopens[0].path, "/");
    for expected in [
        Effect::Send(Command::Files(Files::Exchange)),
        Effect::Send(Command::Files(Files::Reset)),
        Effect::Hand(Hand::Exchange),
    ] {
        assert!(effects.contains(&expected), "{expected:?} in {effects:?}");
    }
    assert!(!answers(&effects));
    assert_eq!(answer(&board), Answer::Nothing);
    assert_eq!(**board.settings(), SettingsForm::default());
    assert_eq!(board.offered(), Some("plugin.wasm"));
    board.dismiss_offer();
    assert_eq!(board.offered(), None);
}

#[test]
fn one_that_was_built_anew_keeps_what_it_was_given() {
    let mut board = given();
    let anew = module("plugin.wasm", &["one", "two", "three"], 1);
    let effects = load(&mut board, &anew);
    assert_eq!(board.settings().env, "SECRET=1");
    assert!(answers(&effects));
    assert!(!effects.contains(&Effect::Hand(Hand::Exchange)));
    assert_eq!(board.offered(), None);
    assert_eq!(board.form(), {
        let mut form = Form::default();
        form.enter(&anew.exports[0], 0.into(), "5");
        form
    });
}

#[test]
fn with_one_click_the_other_one_gets_it_too() {
    let mut board = given();
    load(&mut board, &module("other.wasm", &["one", "other"], 1));
    let effects = board.use_offered();
    let (env, preopens) = configured(&effects).unwrap();
    assert_eq!(env.len(), 1);
    assert_eq!(preopens[0].path, "/secrets");
    assert!(effects.contains(&Effect::Send(Command::Files(Files::Exchange))));
    assert!(effects.contains(&Effect::Hand(Hand::Merge)));
    assert!(answers(&effects));
    assert_eq!(answer(&board), script());
    assert_eq!(board.offered(), None);
    assert_eq!(board.use_offered(), [], "once");
}

#[test]
fn what_somebody_did_before_the_click_stays() {
    let mut board = given();
    load(&mut board, &module("other.wasm", &["one", "other"], 1));
    board.edit_answer(0, Edit::Choose(Answer::Trap));
    board.enter(0, "6");
    board.use_offered();
    assert_eq!(answer(&board), Answer::Trap);
    let export = board.selected().cloned().unwrap();
    let mut form = Form::default();
    form.enter(&export, 0.into(), "6");
    assert_eq!(board.form(), form);
}

#[test]
fn the_plugin_of_before_finds_its_own_when_it_is_back() {
    let mut board = given();
    load(&mut board, &module("other.wasm", &["other"], 1));
    board.enter_setting(Field::Env, "OTHER=1".to_owned());
    let effects = load(&mut board, &module("plugin.wasm", &["one", "two"], 1));
    assert_eq!(
        configured(&effects).unwrap().0,
        [("SECRET".to_owned(), "1".to_owned())]
    );
    assert!(answers(&effects));
    assert!(!effects.contains(&Effect::Send(Command::Files(Files::Reset))));
    assert_eq!(board.offered(), None);
}

#[test]
fn what_is_refused_or_given_up_takes_nothing_away() {
    let other = module("other.wasm", &["other"], 1);
    let give_up: [fn(&mut Board) -> Vec<Effect>; 3] = [
        |board| {
            board.apply(Event::Refused {
                name: "other.wasm".to_owned(),
                message: "invalid".to_owned(),
            })
        },
        Board::cancel_load,
        |board| {
            let plugin = module("plugin.wasm", &["one", "two"], 1);
            read(board, &plugin)
        },
    ];
    for give_up in give_up {
        let mut board = given();
        read(&mut board, &other);
        assert_eq!(**board.settings(), SettingsForm::default());
        let effects = give_up(&mut board);
        assert_eq!(board.settings().env, "SECRET=1");
        assert_eq!(answer(&board), script());
        assert_eq!(board.offered(), None);
        let (env, _) = configured(&effects)
            .or(configured(&board.edit_settings(|_| {})))
            .unwrap();
        assert_eq!(env.len(), 1);
    }
}

#[test]
fn what_was_typed_while_a_module_is_validated_stays() {
    let mut board = Board::default();
    read(&mut board, &module("plugin.wasm", &["one"], 1));
    let kept = board.edit_answer(0, Edit::Script("return 7".to_owned()));
    assert!(!answers(&kept), "the session has no module yet");
    assert_eq!(kept, []);
    assert!(answers(&ready(&mut board)));
    // What cannot be taken yet, too, when the plugin is built anew.
    board.edit_answer(0, Edit::Choose(Answer::Constant(vec![0])));
    board.edit_answer(0, Edit::Constant("12x".to_owned()));
    load(&mut board, &module("plugin.wasm", &["one", "two"], 1));
    let Socket::Function(function) = &board.plugged().unwrap().sockets[0] else {
        panic!("it is a function");
    };
    assert_eq!(function.constant, "12x");
    assert!(function.problem.is_some());
}

#[test]
fn what_is_looked_for_in_one_plugin_is_not_in_another() {
    let mut board = given();
    board.filter_trace("fd_write".to_owned());
    board.type_needle("secret".to_owned());
    board.type_directory("mine".to_owned());
    let plugins = board.plugins();
    load(
        &mut board,
        &module("plugin.wasm", &["one", "two", "three"], 1),
    );
    assert_eq!(board.trace().text, "fd_write", "it is the same one");
    assert_eq!(board.plugins(), plugins);
    load(&mut board, &module("other.wasm", &["other"], 1));
    assert_eq!(board.trace().text, "");
    assert_eq!(board.memory().typed_needle, "");
    assert_eq!(board.files().directory, "");
    assert!(board.history().is_empty());
    assert_ne!(board.plugins(), plugins);
}
