//! Forms that are filled in, and what is made of what comes.

use super::*;

#[test]
fn bytes_are_filled_in_as_text_or_digits() {
    let bytes = |bytes: &[u8]| Ok(Value::Bytes(bytes.to_vec()));
    assert_eq!(Entry::Text("aé".to_owned()).value(), bytes("aé".as_bytes()));
    let hex = |text: &str| Entry::Hex(text.to_owned()).value();
    assert_eq!(hex(" 00fF\n1 2"), bytes(&[0, 255, 18]));
    assert_eq!(hex(""), bytes(&[]));
    assert_eq!(
        hex("0"),
        Err("a byte has two hexadecimal digits".to_owned())
    );
    assert_eq!(hex("0x"), Err("'x' is no hexadecimal digit".to_owned()));
    let text = Entry::Text("ab".to_owned());
    assert_eq!(text.as_hex(), Entry::Hex("61 62".to_owned()));
    assert_eq!(text.as_hex().as_text(), text);
}

#[test]
fn bytes_are_shown_as_what_they_look_like() {
    assert_eq!(look(b""), Look::Nothing);
    assert_eq!(look(b"plain\n"), Look::Text("plain\n".to_owned(), false));
    assert_eq!(
        look(b"{\"a\":1}"),
        Look::Json("{\n  \"a\": 1\n}".to_owned())
    );
    assert_eq!(
        look(b"{not json"),
        Look::Text("{not json".to_owned(), false)
    );
    assert_eq!(look(b"\x89PNG\r\n"), Look::Picture("image/png"));
    assert!(matches!(look(b"\0A"), Look::Hex(digits, false) if digits.contains("00 41")));
    let long = "é".repeat(40_000) + "x";
    assert!(matches!(look(long.as_bytes()), Look::Text(text, true) if text.len() == 65_536));
    // A character that is cut is left out.
    let long = "x".to_owned() + &long;
    assert!(matches!(look(long.as_bytes()), Look::Text(text, true) if text.len() == 65_535));
}

#[test]
fn what_is_filled_in_is_kept_as_it_was() {
    let mut filled = Filled {
        kind: Some(None),
        ..Filled::default()
    };
    let mut form = LiteMap::new();
    let text = |text: &str| text.to_owned();
    for (key, entry) in [
        ("a", Entry::Text(text("Ada"))),
        ("b", Entry::Hex(text("00 f"))),
        ("c", Entry::File(text("x.png"), vec![1, 2])),
        ("d", Entry::Value(Value::Text(text("info")))),
        ("e", Entry::Value(Value::Flag(true))),
        ("f", Entry::Value(Value::List(vec![text("x"), text("")]))),
        (
            "g",
            Entry::Value(Value::Pairs(vec![(text("k"), text("v"))])),
        ),
    ] {
        form.insert(text(key), entry);
    }
    filled.entries.insert(text("greet"), form);
    let json = filled.to_json().into();
    assert_eq!(Filled::from_json(&json), Ok(filled));
}

#[test]
fn what_is_no_such_file_is_refused() {
    for (json, problem) in [
        (r#"{"kind": "Fastly"}"#, "kind: there is no host Fastly"),
        (
            r#"{"forms": {"greet": 1}}"#,
            "forms: \"greet\" is no object",
        ),
        (
            r#"{"forms": {"greet": {"input": 1}}}"#,
            "forms: \"greet\": \"input\" is no value of a field",
        ),
        (
            r#"{"forms": {"greet": {"input": [["a"]]}}}"#,
            "forms: \"greet\": \"input\" is no value of a field",
        ),
    ] {
        let json = serde_json::from_str(json).expect("JSON");
        assert_eq!(Filled::from_json(&json), Err(problem.to_owned()));
    }
}

/// What the worker says of a module with an export `greet` that has a form, and `other` that has none.
fn extism() -> Board {
    use crate::module::{Export, ExternType, FuncType, Import, Info, ValType};
    use crate::protocol::{Event, Report};
    let export = |name: &str, params: Vec<ValType>| Export {
        name: name.to_owned(),
        ty: ExternType::Func(FuncType {
            params,
            results: vec![ValType::I32],
        }),
        signatures: Vec::new(),
    };
    let info = Info {
        name: "extism.wasm".to_owned(),
        size: 8,
        kind: crate::module::Kind::Reactor,
        producer: None,
        memories: Vec::new(),
        exports: vec![
            export("other", vec![ValType::I32]),
            export("greet", Vec::new()),
        ],
        imports: vec![Import {
            module: "extism:host/env".to_owned(),
            name: "input_length".to_owned(),
            ty: ExternType::Func(FuncType {
                params: Vec::new(),
                results: vec![ValType::I64],
            }),
            signature: None,
        }],
        functions: 2,
        sections: Vec::new(),
    };
    let form = Kind::Extism.form(&info, "greet").expect("a form");
    let chosen = Chosen {
        recognised: crate::hosts::recognise(&info, &[]),
        kind: Some(Kind::Extism),
        forms: vec![("greet".to_owned(), form)],
        serves: vec![0],
    };
    let told = FromHost::Chosen(Box::new(chosen));
    let mut board = Board::default();
    board.begin_load("extism.wasm");
    board.report(Report {
        events: vec![
            Event::Read(Box::new(info)),
            Event::Host(encode(&told).expect("it can be written")),
            Event::Ready {
                answers: vec![None],
                elsewhere: None,
            },
        ],
        busy_micros: 0,
    });
    board
}

/// The call that was sent.
fn sent(effects: &[Effect]) -> Option<ToHost> {
    effects.iter().find_map(|effect| match effect {
        Effect::Send(Command::Host(bytes)) => decode(bytes).ok(),
        _ => None,
    })
}

#[test]
fn an_export_with_a_form_is_selected_and_called_by_it() {
    let mut board = extism();
    assert_eq!(
        board.selected().map(|export| export.name.as_str()),
        Some("greet")
    );
    assert!(board.host_form().is_some() && board.is_typed_right());
    let plugged = board.plugged().expect("a module");
    assert_eq!(plugged.served_by(0), Some("Extism"));
    board.fill("input", Entry::Hex("0".to_owned()));
    assert!(!board.is_typed_right());
    assert_eq!(sent(&board.call()), None);
    board.fill("input", Entry::Text("Ada".to_owned()));
    let Some(ToHost::Call {
        export,
        action,
        values,
        ..
    }) = sent(&board.call())
    else {
        panic!("it is called");
    };
    assert_eq!((export.as_str(), action.as_str()), ("greet", "call"));
    assert_eq!(values.bytes("input"), b"Ada");
    assert_eq!(values.text("log_level"), "info");
}

#[test]
fn a_call_that_fails_in_the_frameworks_terms_is_told_so() {
    let mut board = extism();
    let Some(ToHost::Call { call, .. }) = sent(&board.call()) else {
        panic!("it is called");
    };
    let no = Shown {
        failed: Some("no".to_owned()),
        ..Shown::default()
    };
    ends(&mut board, no);
    let finished = board.finished().expect("it has ended");
    assert_eq!(
        (finished.tone, finished.text.as_str()),
        (Tone::Bad, "failed: no")
    );
    let hosting = board.hosting().expect("a host");
    assert!(hosting.shown("greet", call).is_some());
}

#[test]
fn what_was_filled_in_is_put_back_from_the_history() {
    use crate::protocol::{Event, Outcome, Usage};
    let mut board = extism();
    board.fill("input", Entry::Text("Ada".to_owned()));
    board.call();
    board.apply(Event::Ended {
        call: CallId(board.calls),
        outcome: Outcome::Stopped,
        usage: Usage::default(),
    });
    board.fill("input", Entry::Text("Grace".to_owned()));
    let Some(ToHost::Call { values, .. }) = sent(&board.repeat(0)) else {
        panic!("it is called");
    };
    assert_eq!(values.bytes("input"), b"Ada");
    let filled = board.filled();
    assert_eq!(
        filled.entry("greet", "input"),
        Some(&Entry::Text("Ada".to_owned()))
    );
}

#[test]
fn another_host_is_chosen_and_remembered() {
    let mut board = extism();
    assert_eq!(sent(&board.choose_host(None)), Some(ToHost::Choose(None)));
    assert_eq!(
        board.host_anew().map(|effect| sent(&[effect])),
        Some(Some(ToHost::Choose(None)))
    );
    board.choose_host(Some(Kind::Extism));
    assert_eq!(board.host_anew(), None);
}

/// The call under way ends, and this is shown of it.
fn ends(board: &mut Board, shown: Shown) -> Vec<Effect> {
    use crate::protocol::{Event, Outcome, Usage};
    let call = CallId(board.calls);
    let shown = Box::new(shown);
    let told = FromHost::Shown { call, shown };
    board.apply(Event::Host(encode(&told).expect("it can be written")));
    board.apply(Event::Ended {
        call,
        outcome: Outcome::Returned {
            result: None,
            shown: None,
            raw: Vec::new(),
            args: Vec::new(),
        },
        usage: Usage::default(),
    })
}

fn output(bytes: &[u8]) -> Shown {
    let mut shown = Shown {
        said: "returned 0".to_owned(),
        ..Shown::default()
    };
    shown.add("Output", crate::hosts::Part::Bytes(bytes.to_vec()));
    shown
}

#[test]
fn a_call_by_a_form_is_saved_with_what_was_filled_in_and_what_it_has_shown() {
    let mut board = extism();
    board.fill("input", Entry::Text("Ada".to_owned()));
    board.call();
    ends(&mut board, output(b"Hello, Ada!"));
    board.save_call(None);
    let text = board.saved_calls().list[0].text();
    let json: Json = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        json.to_string(),
        r#"{"name":"greet(input: \"Ada\")","export":"greet","host":"Extism","action":"call","fields":{"input":"Ada"},"expect":{"exit":null,"stdout":"","stderr":"","printed":"","shown":{"said":"returned 0","Output":"Hello, Ada!"}}}"#
    );
    // What is filled in meanwhile is not what is called, and stays.
    board.fill("input", Entry::Text("Grace".to_owned()));
    let Some(ToHost::Call { values, action, .. }) = sent(&board.run_saved(None)) else {
        panic!("it is called");
    };
    assert_eq!((values.bytes("input"), &*action), (&b"Ada"[..], "call"));
    assert_eq!(values.text("log_level"), "info");
    ends(&mut board, output(b"Hello, you!"));
    let judged = board.made(Some(Vec::new()));
    let judging = judged.iter().find_map(|effect| match effect {
        Effect::Send(Command::Judge(judging)) => Some(judging),
        _ => None,
    });
    let differences = judging.expect("it is judged").judge();
    let lines: Vec<String> = differences
        .iter()
        .flat_map(|it| &it.lines)
        .map(|(mark, line)| format!("{}{line}", mark.sign()))
        .collect();
    assert!(
        lines.contains(&r#"+  "Output": "Hello, you!""#.to_owned()),
        "{lines:?}"
    );
    assert_eq!(
        board.filled().entry("greet", "input"),
        Some(&Entry::Text("Grace".to_owned()))
    );
}

#[test]
fn a_saved_call_of_another_host_is_not_made() {
    use crate::ui::state::saved::Verdict;
    let mut board = extism();
    let text = r#"{"plugboard": 1, "calls": [{"export": "greet", "host": "waPC"},
        {"export": "greet", "host": "Extism", "fields": {"inputs": "x"}}]}"#;
    board.open_calls("calls.json", text);
    board.run_saved(None);
    let told = board
        .saved_calls()
        .list
        .iter()
        .map(|saved| match &saved.verdict {
            Verdict::Red(differences) => differences[0].lines[0].1.clone(),
            other => format!("{other:?}"),
        });
    let told: Vec<String> = told.collect();
    assert_eq!(
        told[0],
        "it is a call with the host waPC, and the module runs with Extism"
    );
    assert!(
        told[1].starts_with("fields: there is no inputs, only input"),
        "{}",
        told[1]
    );
}

#[test]
fn a_call_by_a_form_is_compared_in_both_engines() {
    let mut board = extism();
    board.fill("input", Entry::Text("Ada".to_owned()));
    board.call();
    ends(&mut board, output(b"Hello, Ada!"));
    let Some(ToHost::Call { values, .. }) = sent(&board.compare(None)) else {
        panic!("it is called");
    };
    assert_eq!(values.bytes("input"), b"Ada");
}

#[test]
fn hosts_are_offered_for_what_is_not_recognised() {
    let mut board = crate::ui::state::tests::plugged();
    assert_eq!(sent(&board.offer_hosts()), Some(ToHost::Choose(None)));
    assert_eq!(extism().offer_hosts(), []);
}

#[test]
fn a_call_by_a_form_is_in_the_session_with_what_was_filled_in_and_is_made_again() {
    let mut board = extism();
    board.fill("input", Entry::Text("Ada".to_owned()));
    board.call();
    ends(&mut board, output(b"Hello, Ada!"));
    let session = board.session().expect("there is one");
    assert_eq!(session["history"][0]["fields"]["input"], "Ada");
    let mut other = extism();
    other.take_session(&session, false).expect("it is one");
    assert_eq!(
        other.filled().entry("greet", "input"),
        Some(&Entry::Text("Ada".to_owned()))
    );
    assert_eq!(
        other.history()[0].called.to_string(),
        r#"greet(input: "Ada")"#
    );
    let Some(ToHost::Call { values, .. }) = sent(&other.repeat(0)) else {
        panic!("it is called");
    };
    assert_eq!(values.bytes("input"), b"Ada");
}
