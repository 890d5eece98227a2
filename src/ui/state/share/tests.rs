use super::*;
use crate::go::Source as Origin;
use crate::module::{Export, ExternType, FuncType, Import, Info, Kind, ValType};
use crate::protocol::{Event, Signatures};
use crate::ui::state::sockets::Socket;

/// `greet`, whose two numbers may be a string, and an import.
fn module(name: &str) -> Info {
    let ty = FuncType {
        params: vec![ValType::I32; 2],
        results: Vec::new(),
    };
    Info {
        name: name.to_owned(),
        size: 7,
        kind: Kind::Bare,
        producer: None,
        memories: Vec::new(),
        exports: vec![Export {
            name: "greet".to_owned(),
            ty: ExternType::Func(ty.clone()),
            signatures: vec![(ty.numbers("greet"), Origin::Guess)],
        }],
        imports: vec![Import {
            module: "env".to_owned(),
            name: "ask".to_owned(),
            ty: ExternType::Func(ty),
            signature: None,
        }],
        functions: 1,
        sections: Vec::new(),
    }
}

fn load(board: &mut Board, name: &str) -> Vec<Effect> {
    board.begin_load(name);
    board.apply(Event::Read(Box::new(module(name))));
    board.apply(Event::Ready {
        answers: Vec::new(),
    })
}

fn words(text: &str) -> Vec<(String, String)> {
    let words = text.split('&').map(|word| word.split_once('=').unwrap());
    words
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn a_link_in_words_fills_the_form_and_calls_nothing() {
    let mut board = Board::default();
    board.offer_link("This link", &words("sample=greet&call=greet(\"Ada\")"));
    let offered = board.offered_session().unwrap().clone();
    assert_eq!(
        offered.lines,
        ["the sample greet.wasm", "arguments of: greet"]
    );
    assert!(matches!(offered.module, Module::Sample(sample) if sample.file == "greet.wasm"));
    board.agree_to_session(Vec::new());
    load(&mut board, "greet.wasm");
    assert!(board.run().is_none());
    assert_eq!(board.selected().unwrap().name, "greet");
    let is_right = |board: &Board| board.form().is_right(board.selected().unwrap());
    assert!(!is_right(&board), "a string is no two numbers");
    // The reader knows better; then there are fields.
    let ty = module("").exports[0].ty.clone();
    let string = crate::ui::state::form::completions(
        &Export {
            name: "greet".to_owned(),
            ty,
            signatures: Vec::new(),
        },
        "",
    );
    assert!(!string.is_empty());
    let mut form = crate::ui::state::form::Form::default();
    form.enter_signature(board.selected().unwrap(), "greet(name string)");
    let (signature, _) = form.typed_signature().unwrap().clone();
    board.apply(Event::Signatures(Box::new(Signatures {
        exports: vec![vec![(signature, Origin::Dwarf)]],
        imports: vec![None],
        problems: Vec::new(),
    })));
    assert!(is_right(&board));
    let form = board.form();
    assert_eq!(form.texts(board.selected().unwrap())[0].as_ref(), "Ada");
    assert!(matches!(
        form.shown(board.selected().unwrap()),
        crate::ui::state::form::Arguments::Fields(_)
    ));
}

#[test]
fn arguments_become_fields_too_where_the_signature_is_known_before_the_module_is_ready() {
    let mut board = Board::default();
    board.offer_link("This link", &words("sample=greet&call=greet(5, 6)"));
    board.agree_to_session(Vec::new());
    board.begin_load("greet.wasm");
    board.apply(Event::Read(Box::new(module("greet.wasm"))));
    let ty = module("").exports[0].ty.func().unwrap().numbers("greet");
    board.apply(Event::Signatures(Box::new(Signatures {
        exports: vec![vec![(ty, Origin::Dwarf)]],
        imports: vec![None],
        problems: Vec::new(),
    })));
    board.apply(Event::Ready {
        answers: Vec::new(),
    });
    let form = board.form();
    assert_eq!(form.texts(board.selected().unwrap())[1].as_ref(), "6");
}

#[test]
fn a_link_that_is_wrong_says_what() {
    for (text, message) in [
        (
            "sample=grete",
            "there is no sample \"grete\": there are greet.wasm, hello.wasm, types.wasm, extism.wasm, http-wasm.wasm, wapc.wasm, proxy-wasm.wasm",
        ),
        (
            "sample=greet&cal=greet()",
            "a link has sample=, url= and call=, and no cal=",
        ),
        ("sample=greet&call=greet(\"Ada\"", "does not end in )"),
    ] {
        let mut board = Board::default();
        board.offer_link("This link", &words(text));
        assert!(board.offered_session().is_none());
        assert!(board.refused().unwrap().message.contains(message));
    }
    for (text, message) in [
        ("{", "it is not JSON"),
        ("{\"plugboard\": 7}", "it is of version 7"),
        ("[]", "it is no session"),
    ] {
        let mut board = Board::default();
        board.offer_session("a.json", text);
        assert!(board.offered_session().is_none());
        assert!(board.refused().unwrap().message.contains(message), "{text}");
    }
}

const SESSION: &str = r#"{
    "plugboard": 1,
    "plugin": { "name": "a.wasm" },
    "settings": { "environment": "A=1" },
    "answers": { "env": { "ask": { "answer": "javascript", "code": "return 7" } } },
    "files": [ { "preopen": "/", "path": "in.txt", "data": "x" }, { "preopen": "/", "path": "dir" } ]
}"#;

#[test]
fn one_without_its_module_waits_for_it_and_javascript_for_a_yes() {
    let mut board = Board::default();
    board.offer_session("a.json", SESSION);
    let offered = board.offered_session().unwrap().clone();
    assert_eq!(
        offered.lines,
        [
            "no module: open a.wasm afterwards, and it gets the rest",
            "settings: environment",
            "answers of imports: 1; JavaScript in 1, which runs when you have read it and agreed",
            "files for its guests: 2",
        ]
    );
    let added: Vec<Added> = offered
        .shared_files()
        .into_iter()
        .map(|(at, data)| Added {
            at,
            size: data.map(|_| 1),
        })
        .collect();
    board.agree_to_session(added);
    assert_eq!(board.open_what_was_agreed_to(), []);
    load(&mut board, "other.wasm");
    assert_eq!(board.settings().env, "", "it is another one");
    let effects = load(&mut board, "a.wasm");
    assert_eq!(board.settings().env, "A=1");
    assert!(effects.contains(&Effect::AddShared));
    assert_eq!(board.kept_files().count(), 2);
    let Socket::Function(function) = &board.plugged().unwrap().sockets[0] else {
        panic!("it is a function");
    };
    assert!(function.held);
}

#[test]
fn what_a_session_does_not_mention_stays() {
    let mut board = Board::default();
    load(&mut board, "a.wasm");
    board.enter_setting(crate::ui::state::settings::Field::Env, "MINE=1".to_owned());
    board.paste_source("package mine");
    board.offer_link(
        "This link",
        &words("url=http://x/a.wasm?b#c&call=greet(1, 2)"),
    );
    assert!(matches!(
        &board.offered_session().unwrap().module,
        Module::Url(_)
    ));
    board.agree_to_session(Vec::new());
    load(&mut board, "a.wasm");
    assert_eq!(board.settings().env, "MINE=1");
    assert_eq!(board.go_source().unwrap().pasted(), "package mine");
    // With a signature that is guessed they stay JSON.
    let args = board.form().arguments(board.selected().unwrap()).unwrap();
    assert_eq!(args, [go::Value::Int(1), go::Value::Int(2)]);
}

#[test]
fn a_file_that_is_no_text_comes_with_the_session_or_is_none_of_it() {
    let mut board = Board::default();
    let session = r#"{ "plugboard": 1, "own": { "a.bin": "\u0000ab 2", "main.go": "package main // before" },
        "source": { "main.go": "package main", "a.bin": "\u0000ab 2", "b.bin": "\u0000secret 3" }, "binary": { "\u0000ab 2": "AAA=" } }"#;
    board.offer_session("x.json", session);
    let offered = board.offered_session().unwrap().clone();
    assert_eq!(offered.binaries().collect::<Vec<_>>(), [("\0ab 2", "AAA=")]);
    // The name is what its bytes are, and not what the session says.
    board.settle_binaries(&[("\0ab 2".to_owned(), "\0cd 2".to_owned())]);
    let json = &board.offered_session().unwrap().json;
    assert_eq!(json["source"]["a.bin"], "\0cd 2");
    assert_eq!(json["own"]["a.bin"], "\0cd 2");
    assert_eq!(json["source"]["main.go"], "package main");
    assert!(
        json["source"].get("b.bin").is_none(),
        "what another program has is none of it"
    );
}
