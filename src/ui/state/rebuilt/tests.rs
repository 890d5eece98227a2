use super::*;
use crate::go::parse::signature;
use crate::module::{FuncType, Import, Kind, Section, ValType};
use crate::protocol::{CallId, Event, Outcome, Signatures, Usage};
use crate::ui::state::settings::Field;

fn func(params: usize) -> ExternType {
    ExternType::Func(FuncType {
        params: vec![ValType::I32; params],
        results: Vec::new(),
    })
}

/// A module that exports functions of so many numbers, and imports others.
fn module(exports: &[(&str, usize)], imports: &[(&str, usize)], size: u64) -> Info {
    let export = |(name, params): &(&str, usize)| {
        let ty = func(*params);
        let known = ty.func().map(|ty| (ty.numbers(name), go::Source::Guess));
        Export {
            name: (*name).to_owned(),
            ty,
            signatures: known.into_iter().collect(),
        }
    };
    let import = |(name, params): &(&str, usize)| Import {
        module: "env".to_owned(),
        name: (*name).to_owned(),
        ty: func(*params),
        signature: None,
    };
    Info {
        name: "plugin.wasm".to_owned(),
        size,
        kind: Kind::Bare,
        producer: None,
        memories: Vec::new(),
        exports: exports.iter().map(export).collect(),
        imports: imports.iter().map(import).collect(),
        functions: 1,
        sections: Vec::new(),
    }
}

fn with_debug(mut info: Info) -> Info {
    info.sections = vec![Section {
        name: ".debug_info".to_owned(),
        offset: 0,
        size: 1,
        custom: true,
    }];
    info
}

fn put(board: &mut Board, info: &Info) -> Vec<Effect> {
    board.apply(Event::Read(Box::new(info.clone())));
    board.apply(Event::Ready {
        answers: Vec::new(),
        elsewhere: None,
    })
}

/// A board with the module, of which `f` was called with 7.
fn called(info: &Info) -> Board {
    let mut board = Board::default();
    board.begin_load(&info.name);
    put(&mut board, info);
    board.enter(0, "7");
    assert_eq!(calls(&board.call()), [("f", vec![Value::Int(7)])]);
    end(&mut board);
    board.switch_repeat(true);
    board
}

fn end(board: &mut Board) {
    let call = CallId(board.calls);
    let outcome = Outcome::Stopped;
    let usage = Usage::default();
    board.apply(Event::Ended {
        call,
        outcome,
        usage,
    });
}

fn rebuild(board: &mut Board, info: &Info) -> Vec<Effect> {
    board.start_load(&info.name, true);
    put(board, info)
}

fn calls(effects: &[Effect]) -> Vec<(&str, Vec<Value>)> {
    let calls = effects.iter().filter_map(|effect| match effect {
        Effect::Send(Command::Call { export, args, .. }) => Some((&**export, args.clone())),
        _ => None,
    });
    calls.collect()
}

fn last_note(board: &Board) -> String {
    let rows = board.console().rows(Default::default(), 0, usize::MAX);
    rows.last().unwrap().text.clone()
}

#[test]
fn one_that_is_opened_again_is_said_to_be_rebuilt_whatever_the_console_has() {
    let mut board = Board::default();
    board.begin_load("plugin.wasm");
    put(&mut board, &module(&[("f", 1)], &[], 1_000));
    assert_eq!(board.console().version(), 0);
    board.begin_load("plugin.wasm");
    put(&mut board, &module(&[("f", 1), ("g", 1)], &[], 1_100));
    let note = last_note(&board);
    assert_eq!(note, "new export: g");
}

#[test]
fn what_has_changed_is_said() {
    let before = module(
        &[("f", 1), ("g", 1), ("same", 0)],
        &[("log", 2), ("old", 0)],
        2_000_000,
    );
    let now = module(
        &[("f", 2), ("h", 1), ("i", 0), ("same", 0)],
        &[("log", 2)],
        1_987_712,
    );
    assert_eq!(
        message(&before, &now),
        "rebuilt: plugin.wasm, 1.9 MiB, 12 KiB smaller\n\
         new exports: h, i\n\
         gone export: g\n\
         changed export: f was (i32), is (i32, i32)\n\
         gone import: env.old"
    );
    assert_eq!(
        message(&before, &before),
        "rebuilt: plugin.wasm, 1.9 MiB, as large as before"
    );
}

#[test]
fn of_very_many_changes_some_are_named() {
    let names: Vec<String> = (0..30).map(|name| format!("f{name:02}")).collect();
    let many: Vec<(&str, usize)> = names.iter().map(|name| (&**name, 0)).collect();
    let message = message(&module(&[], &[], 1), &module(&many, &[], 1));
    assert!(message.ends_with("f06, f07 and 22 others"), "{message}");
}

#[test]
fn the_last_call_is_repeated_whatever_is_typed_meanwhile() {
    let info = module(&[("f", 1), ("g", 1)], &[], 1);
    let mut board = called(&info);
    board.enter(0, "8");
    board.select("g");
    let effects = rebuild(&mut board, &info);
    assert_eq!(calls(&effects), [("f", vec![Value::Int(7)])]);
    assert_eq!(board.selected().unwrap().name, "g", "somebody looks at it");
    end(&mut board);
    board.select("f");
    let export = board.selected().unwrap();
    assert_eq!(&*board.form().texts(export)[0], "8");

    board.switch_repeat(false);
    assert_eq!(calls(&rebuild(&mut board, &info)), []);
}

#[test]
fn a_call_that_does_not_fit_any_more_is_not_made() {
    let mut board = called(&module(&[("f", 1), ("g", 0)], &[], 1));
    let effects = rebuild(&mut board, &module(&[("g", 0)], &[], 1));
    assert_eq!(calls(&effects), []);
    assert_eq!(
        last_note(&board),
        "f(7) is not repeated: it is not exported any more"
    );

    // What is typed for the other signature goes.
    let mut board = called(&module(&[("f", 1)], &[], 1));
    let effects = rebuild(&mut board, &module(&[("f", 2), ("g", 0)], &[("log", 1)], 1));
    assert_eq!(calls(&effects), [], "nothing of it is as it was");
}

#[test]
fn it_waits_for_the_signatures_and_has_those_of_before_until_then() {
    let debug = with_debug(module(&[("f", 1)], &[], 1));
    let known = signature("f(n uint32)", "f").unwrap();
    let signatures = || {
        let exports = vec![vec![(known.clone(), go::Source::Dwarf)]];
        Event::Signatures(Box::new(Signatures {
            exports,
            imports: Vec::new(),
            problems: Vec::new(),
        }))
    };
    let mut board = Board::default();
    board.begin_load(&debug.name);
    put(&mut board, &debug);
    board.apply(signatures());
    board.enter(0, "7");
    board.call();
    end(&mut board);
    board.switch_repeat(true);
    let effects = rebuild(&mut board, &debug);
    assert_eq!(calls(&effects), []);
    let export = board.selected().unwrap();
    assert_eq!(export.signatures[0].1, go::Source::Dwarf);
    let effects = board.apply(signatures());
    assert_eq!(calls(&effects), [("f", vec![Value::Uint(7)])]);
    end(&mut board);
    assert_eq!(calls(&board.apply(signatures())), [], "once");
}

#[test]
fn what_was_given_stays_with_what_is_built_anew_unless_nothing_of_it_is_left() {
    let mut board = called(&module(&[("f", 1), ("g", 0), ("h", 0)], &[], 1));
    board.enter_setting(Field::Env, "SECRET=1".to_owned());
    let effects = rebuild(
        &mut board,
        &module(&[("f", 1), ("x", 0), ("y", 0), ("z", 0)], &[], 1),
    );
    assert_eq!(
        board.settings().env,
        "SECRET=1",
        "by its file it is the same"
    );
    assert_eq!(calls(&effects).len(), 1);
    end(&mut board);
    let effects = rebuild(&mut board, &module(&[("steal", 0)], &[], 1));
    assert_eq!(board.settings().env, "");
    assert!(board.offered().is_some());
    assert_eq!(calls(&effects), [], "the call was the other one's");
}
