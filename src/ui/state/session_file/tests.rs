use super::*;
use crate::go::Source as Origin;
use crate::module::{ExternType, FuncType, Import, Info, Kind, ValType};
use crate::protocol::{Answer, Event};
use crate::ui::state::form::{Path, Way};
use crate::ui::state::settings::{Field, StdinFile, StdinWay, Switch};
use crate::ui::state::sockets::{Edit, Socket};

/// A plugin with `greet(name string)` and an import.
fn plugged() -> Board {
    let ty = FuncType {
        params: vec![ValType::I32; 2],
        results: Vec::new(),
    };
    let mut form = Form::default();
    let mut export = Export {
        name: "greet".to_owned(),
        ty: ExternType::Func(ty.clone()),
        signatures: vec![(ty.numbers("greet"), Origin::Guess)],
    };
    form.enter_signature(&export, "greet(name string)");
    export
        .signatures
        .push(form.typed_signature().unwrap().clone());
    let mut board = Board::default();
    board.begin_load("greet.wasm");
    board.apply(Event::Read(Box::new(Info {
        name: "greet.wasm".to_owned(),
        size: 7,
        kind: Kind::Bare,
        producer: None,
        memories: Vec::new(),
        exports: vec![export],
        imports: vec![Import {
            module: "env".to_owned(),
            name: "ask".to_owned(),
            ty: ExternType::Func(ty),
            signature: None,
        }],
        functions: 1,
        sections: Vec::new(),
    })));
    board.apply(Event::Ready {
        answers: Vec::new(),
        elsewhere: None,
    });
    board
}

#[test]
fn what_is_written_is_read_again() {
    let mut board = plugged();
    board.edit_settings(|form| {
        form.enter(Field::CommandLine, "-v \"two words\" 'open".to_owned());
        form.enter(Field::Env, "A=1\nnot yet".to_owned());
        form.enter(Field::Memory, "12x".to_owned());
        form.choose_stdin(StdinWay::File);
        form.stdin.keys = true;
        form.stdin.file = Some(StdinFile {
            name: "in.txt".to_owned(),
            size: 3,
        });
        form.switch(Switch::Repeatable, true);
        form.enter(Field::Seed, "9".to_owned());
    });
    board.choose_reading(1);
    board.choose_way(&Path::from(0), Way::File);
    board.enter_file("greet", Path::from(0), "bytes.bin", &[0, 255, 10]);
    board.choose_allocator(Some(Allocator::Pair {
        allocate: "get".to_owned(),
        free: None,
    }));
    board.add_source(&[("main.go".to_owned(), "package main".to_owned())]);
    board.edit_answer(0, Edit::Script("return 7".to_owned()));
    let session = board.session().unwrap();
    let mut other = plugged();
    other.take_session(&session, true).unwrap();
    assert_eq!(other.session().unwrap(), session);
    assert_eq!(**other.settings(), **board.settings());
    assert_eq!(other.form(), board.form());
    let export = other.selected().unwrap().clone();
    let args = other.form().arguments(&export).unwrap();
    assert_eq!(args, [crate::go::Value::String(vec![0, 255, 10])]);
}

#[test]
fn javascript_of_a_stranger_waits_for_a_yes() {
    let mut board = plugged();
    board.edit_answer(0, Edit::Script("return 7".to_owned()));
    let session = board.session().unwrap();
    for trusted in [true, false] {
        let mut other = plugged();
        let effects = other.take_session(&session, trusted).unwrap();
        let Socket::Function(function) = &other.plugged().unwrap().sockets[0] else {
            panic!("it is a function");
        };
        assert_eq!((&*function.script, function.held), ("return 7", !trusted));
        let runs = effects.iter().any(|effect| {
            matches!(
                effect,
                Effect::Send(crate::protocol::Command::Answer {
                    answer: Answer::Script(_),
                    ..
                })
            )
        });
        assert_eq!(runs, trusted);
    }
}

#[test]
fn what_is_wrong_is_told_with_where_it_is_and_nothing_changes() {
    for (text, message) in [
        ("{}", "it is no session: it has no \"plugboard\": 1"),
        ("{\"plugboard\": 2}", "it is of version 2"),
        (
            "{\"plugboard\": 1, \"settings\": {\"environment\": 5}}",
            "settings: \"environment\" is not a text",
        ),
        (
            "{\"plugboard\": 1, \"settings\": 5}",
            "\"settings\" is not an object",
        ),
        (
            "{\"plugboard\": 1, \"settings\": {\"terminal\": \"yes\"}}",
            "settings: \"terminal\" is neither true nor false",
        ),
        (
            "{\"plugboard\": 1, \"settings\": {\"stdinFrom\": \"mars\"}}",
            "settings: \"stdinFrom\" has no way \"mars\"",
        ),
        (
            "{\"plugboard\": 1, \"arguments\": {\"greet\": {\"typed\": {\"greet()\": {\"x\": \"1\"}}}}}",
            "arguments of \"greet\": \"greet()\": \"x\" is no place",
        ),
        (
            "{\"plugboard\": 1, \"arguments\": {\"greet\": {\"typed\": {\"greet()\": {\"0\": {\"as\": 1}}}}}}",
            "arguments of \"greet\": \"greet()\": 0: \"as\" is not a text",
        ),
        (
            "{\"plugboard\": 1, \"source\": {\"a.go\": []}}",
            "source: \"a.go\" is not a text",
        ),
        (
            "{\"plugboard\": 1, \"answers\": {\"env\": {\"ask\": {\"answer\": \"?\"}}}}",
            "answers: env.ask: ",
        ),
    ] {
        let mut board = plugged();
        board.enter_setting(Field::Env, "A=1".to_owned());
        let json: Json = serde_json::from_str(text).unwrap();
        let mistake = board.take_session(&json, false).unwrap_err();
        assert!(mistake.starts_with(message), "{mistake}");
        assert_eq!(board.settings().env, "A=1");
    }
}
