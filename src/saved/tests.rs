mod by_form;

use super::*;
use crate::go::{Param, Type};
use crate::module::{ExternType, FuncType, Kind, ValType};
use crate::protocol::{Outcome, Stream};

fn signature(text: &str) -> Signature {
    parse::signature(text, "f").unwrap()
}

fn object(text: &str) -> Map<String, Json> {
    serde_json::from_str(text).unwrap()
}

/// How `came` differs from `expect`, a line each, behind what it is about.
fn judged(expect: &str, came: &str, go: Option<&str>) -> Vec<String> {
    let signature = go.map(signature);
    let differences = judge(&object(expect), &object(came), signature.as_ref());
    let each = differences.iter().flat_map(|it| {
        let lines = it.lines.iter();
        lines.map(|(mark, line)| format!("{} {}{line}", it.what, mark.sign()))
    });
    each.collect()
}

const NONE: [&str; 0] = [];

#[test]
fn what_is_not_expected_may_be_as_it_likes() {
    let came = r#"{"exit": null, "result": 7, "stdout": "x", "stderr": "", "printed": ""}"#;
    assert_eq!(judged("{}", came, None), NONE);
    assert_eq!(judged(r#"{"result": 7, "stdout": "x"}"#, came, None), NONE);
    assert_eq!(
        judged(r#"{"result": 8, "stderr": ""}"#, came, None),
        ["result -8", "result +7"]
    );
}

#[test]
fn a_call_has_to_come_to_its_end_unless_a_trap_is_expected() {
    let trapped = r#"{"trap": "f: integer divide by zero"}"#;
    for (expect, came, lines) in [
        ("{}", r#"{"exit": null}"#, vec![]),
        ("{}", r#"{"exit": 0}"#, vec![]),
        (
            "{}",
            r#"{"exit": 3}"#,
            vec!["end -returned", "end +exited with code 3"],
        ),
        (r#"{"exit": 3}"#, r#"{"exit": 3}"#, vec![]),
        (
            r#"{"exit": null}"#,
            r#"{"exit": 0}"#,
            vec!["end -returned", "end +exited with code 0"],
        ),
        (
            "{}",
            trapped,
            vec!["end -returned", "end +f: integer divide by zero"],
        ),
        (r#"{"trap": "divide by zero"}"#, trapped, vec![]),
        (r#"{"trap": ""}"#, trapped, vec![]),
        (
            r#"{"trap": "unreachable"}"#,
            trapped,
            vec!["end -unreachable", "end +f: integer divide by zero"],
        ),
        (
            r#"{"trap": ""}"#,
            r#"{"exit": null}"#,
            vec!["end -trapped", "end +returned"],
        ),
        // What cannot be there needs no words of its own.
        (
            r#"{"exit": null, "result": 1}"#,
            trapped,
            vec!["end -returned", "end +f: integer divide by zero"],
        ),
    ] {
        assert_eq!(judged(expect, came, None), lines, "{expect} {came}");
    }
}

#[test]
fn values_are_compared_by_their_types() {
    let same = |go: &str, a: &str, b: &str| {
        let (a, b) = (
            format!(r#"{{"result": {a}}}"#),
            format!(r#"{{"result": {b}}}"#),
        );
        judged(&a, &b, Some(go)).is_empty()
    };
    assert!(same("f() float64", "1", "1.0"));
    assert!(same("f() float64", r#""NaN""#, r#""NaN""#));
    assert!(same(
        "f() int64",
        "9007199254740993",
        r#""9007199254740993""#
    ));
    assert!(!same(
        "f() int64",
        "9007199254740992",
        r#""9007199254740993""#
    ));
    assert!(same("f() int32", "1e3", "1000"));
    assert!(
        !same("f() int32", r#""x""#, "1"),
        "what is no value of its type is no value"
    );
}

#[test]
fn what_a_call_changes_is_shown_by_its_fields() {
    let go = "f(s *struct{ val, x int32 })";
    let came = r#"{"exit": null, "args_after": [{"val": 8, "x": 0}]}"#;
    assert_eq!(
        judged(r#"{"args_after": [{"val": 8}]}"#, came, Some(go)),
        NONE
    );
    let lines = judged(r#"{"args_after": [{"val": 7, "x": 0}]}"#, came, Some(go));
    assert!(
        lines.contains(&r#"args_after -    "val": 7,"#.to_owned()),
        "{lines:?}"
    );
    assert!(
        lines.contains(&r#"args_after +    "val": 8,"#.to_owned()),
        "{lines:?}"
    );
}

#[test]
fn output_is_compared_by_lines_and_what_cannot_be_seen_is_quoted() {
    let lines = |a: &str, b: &str| {
        let text = |text: &str| Json::from(text).to_string();
        let expect = format!(r#"{{"stdout": {}}}"#, text(a));
        judged(&expect, &format!(r#"{{"stdout": {}}}"#, text(b)), None)
    };
    assert_eq!(
        lines("one\ntwo\nthree\n", "one\n2\nthree\n"),
        [
            "stdout  one",
            "stdout -two",
            "stdout +2",
            "stdout  three",
            "stdout  "
        ]
    );
    assert_eq!(lines("a\n", "a"), ["stdout  a", "stdout -"]);
    assert_eq!(lines("a ", "a\r"), [r#"stdout -"a ""#, r#"stdout +"a\r""#]);
    let more = judged(r#"{"stdout": ""}"#, "{}", None);
    assert!(more[0].contains("more than 65536 bytes"), "{more:?}");
}

#[test]
fn host_calls_are_compared_in_order() {
    let came = r#"{"host_calls": ["a.b(1)", "a.c(16, 5)"]}"#;
    assert_eq!(
        judged(r#"{"host_calls": ["a.b", "a.c(…, 5)"]}"#, came, None),
        NONE
    );
    assert_eq!(
        judged(r#"{"host_calls": ["a.c"]}"#, came, None),
        ["host_calls +a.b(1)", "host_calls  a.c(16, 5)"]
    );
    let unknown = judged(r#"{"host_calls": []}"#, "{}", None);
    assert_eq!(unknown.len(), 1);
}

#[test]
fn what_came_is_what_can_be_expected() {
    let mut output = Output::default();
    output.keep(Stream::Stdout, b"set up\n");
    output.begin();
    output.keep(Stream::Stdout, b"a\n");
    output.keep(Stream::Stderr, b"\xff");
    output.keep(Stream::Host, b"log");
    output.keep(Stream::Stdout, b"b\n");
    assert_eq!(output.printed().unwrap(), b"set up\na\nlogb\n");
    let signature = signature("f(p *int32) int64");
    let outcome = Outcome::Returned {
        result: Some(Value::Int(i64::MAX)),
        shown: None,
        raw: Vec::new(),
        args: vec![Value::new(Value::Int(3))],
    };
    let came = came("f", Some(&signature), &outcome, &output);
    let expect = r#"{"exit": null, "result": "9223372036854775807", "args_after": [3], "stdout": "a\nb\n",
        "stderr": {"$bytes": "ff"}, "printed": "log"}"#;
    assert_eq!(came, object(expect));
    assert_eq!(
        judge(&expectation(&came, &module()), &came, Some(&signature)),
        []
    );
}

#[test]
fn an_address_is_not_expected() {
    let came = object(r#"{"exit": null, "result": {"$address": 4096}}"#);
    assert_eq!(expectation(&came, &module()), object(r#"{"exit": null}"#));
}

#[test]
fn to_return_from_start_is_to_exit_with_0() {
    let outcome = Outcome::Returned {
        result: None,
        shown: None,
        raw: Vec::new(),
        args: Vec::new(),
    };
    let came = came("_start", None, &outcome, &Output::default());
    assert_eq!(came["exit"], 0);
}

#[test]
fn a_flood_is_not_kept() {
    let mut output = Output::default();
    output.keep(Stream::Stdout, &[b'x'; 40_000]);
    output.begin();
    output.keep(Stream::Stdout, &[b'x'; 40_000]);
    assert_eq!(output.printed(), None);
    let came = came("f", None, &Outcome::Exited(0), &output);
    assert_eq!(came, object(r#"{"exit": 0}"#));
}

#[test]
fn a_file_reads_back() {
    let text = r#"{"plugboard": 1, "calls": [{"name": "one", "export": "f", "signature": null,
        "args": [12345678901234567890, {"$bytes": "ff"}],
        "expect": {"exit": null, "stdout": {"$bytes": "ff"}, "host_calls": []}},
        {"export": "g"}], "settings": {"args": []}}"#;
    let file = read(text).unwrap();
    assert_eq!(file.calls[0].args[0].to_string(), "12345678901234567890");
    assert_eq!(file.calls[1].name, "g()", "it gets a name");
    assert_eq!(read(&write(&file)).unwrap(), file);
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_place() {
    let with = |call: &str| format!(r#"{{"plugboard": 1, "calls": [{{"export": "f"}}, {call}]}}"#);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for (text, message) in [
        ("", "it is not JSON: "),
        (&*deep, "it is not JSON: "),
        ("[]", "it is no file of calls: it has no \"plugboard\": 1"),
        (r#"{"plugboard": 2, "calls": []}"#, "it is of version 2, "),
        (
            r#"{"plugboard": "imports"}"#,
            "it is no file of calls: its \"plugboard\" is \"imports\"",
        ),
        (r#"{"plugboard": 1}"#, "it has no \"calls\""),
        (
            r#"{"plugboard": 1, "calls": {}}"#,
            "calls: needs a list, got {}",
        ),
        (
            r#"{"plugboard": 1, "in_order": 1, "calls": []}"#,
            "in_order: needs true or false, got 1",
        ),
        (&with("7"), "calls[1]: needs an object, got 7"),
        (&with("{}"), "calls[1]: it needs an \"export\""),
        (
            &with(r#"{"export": 7}"#),
            "calls[1].export: needs a string, got 7",
        ),
        (
            &with(r#"{"export": "f", "args": {}}"#),
            "calls[1].args: needs a list, got {}",
        ),
        (
            &with(r#"{"export": "f", "arg": []}"#),
            "calls[1].arg: there is no such part of a call",
        ),
        (
            &with(r#"{"export": "f", "expect": {"stdot": ""}}"#),
            "calls[1].expect.stdot: there is no such expectation",
        ),
        (
            &with(r#"{"export": "f", "expect": {"exit": -1}}"#),
            "calls[1].expect.exit: needs an exit code, or null",
        ),
        (
            &with(r#"{"export": "f", "expect": {"exit": 4294967296}}"#),
            "calls[1].expect.exit: needs",
        ),
        (
            &with(r#"{"export": "f", "expect": {"trap": null}}"#),
            "calls[1].expect.trap: needs",
        ),
        (
            &with(r#"{"export": "f", "expect": {"stderr": 1}}"#),
            "calls[1].expect.stderr: needs a string, got 1",
        ),
        (
            &with(r#"{"export": "f", "expect": {"args_after": 1}}"#),
            "calls[1].expect.args_after: needs a list",
        ),
        (
            &with(r#"{"export": "f", "expect": {"host_calls": [1]}}"#),
            "calls[1].expect.host_calls: needs a list of strings",
        ),
        (
            &with(&format!(
                r#"{{"export": "f", "expect": {{"stdout": "{}"}}}}"#,
                "x".repeat(65_537)
            )),
            "calls[1].expect.stdout: more than 65536 bytes cannot be compared",
        ),
    ] {
        let found = read(text).unwrap_err();
        assert!(found.starts_with(message), "{message}: {found}");
    }
}

/// A module that exports `greet(name string)`, which is a guess, and `st(s *S)`, which is known.
fn module() -> Info {
    let export = |name: &str, params: Vec<ValType>, signatures| Export {
        name: name.to_owned(),
        ty: ExternType::Func(FuncType {
            params,
            results: Vec::new(),
        }),
        signatures,
    };
    let i32s = |count| vec![ValType::I32; count];
    let guess = |text: &str| (signature(text), Source::Guess);
    let structure = signature("st(s *struct{ val int32 })").params[0].ty.clone();
    let Type::Pointer(structure) = structure else {
        panic!("it is a pointer");
    };
    let named = Type::Named {
        name: "S".to_owned(),
        underlying: Some(structure),
    };
    let known = Signature::new("st", vec![Param::new("s", named.pointer())], None);
    Info {
        name: "plugin.wasm".to_owned(),
        size: 0,
        kind: Kind::Reactor,
        producer: None,
        memories: Vec::new(),
        exports: vec![
            export("_initialize", Vec::new(), Vec::new()),
            export(
                "greet",
                i32s(2),
                vec![guess("greet(s string)"), guess("greet(a, b int32)")],
            ),
            export("st", i32s(1), vec![(known, Source::Dwarf)]),
        ],
        imports: Vec::new(),
        functions: 0,
        sections: Vec::new(),
    }
}

#[test]
fn a_call_is_made_by_the_signature_that_it_names() {
    let call = |text: &str| call_from(text).resolve(&module());
    let made = |text: &str| {
        let (signature, source, args) = call(text).unwrap().unwrap();
        (signature.in_go(), source, args)
    };
    let (go, source, args) = made(r#"{"export": "greet", "args": ["Ada"]}"#);
    assert_eq!((&*go, source), ("greet(s string)", Source::Guess));
    assert_eq!(args, [Value::string("Ada")]);
    assert_eq!(
        made(r#"{"export": "greet", "args": [1, 2]}"#).0,
        "greet(a int32, b int32)"
    );
    let (go, source, _) =
        made(r#"{"export": "greet", "signature": "func(who string)", "args": ["Ada"]}"#);
    assert_eq!((&*go, source), ("greet(who string)", Source::ByHand));
    // A type that has a name is that of today.
    let (go, source, args) =
        made(r#"{"export": "st", "signature": "st(s *S)", "args": [{"val": 7}]}"#);
    assert_eq!((&*go, source), ("st(s *S)", Source::Dwarf));
    assert!(matches!(&args[..], [Value::Pointer(_)]));
    assert_eq!(call(r#"{"export": "_initialize"}"#), Ok(None));
    for (text, message) in [
        (
            r#"{"export": "none"}"#,
            "the module exports no function none",
        ),
        (
            r#"{"export": "_initialize", "args": [1]}"#,
            "_initialize takes no arguments",
        ),
        (
            r#"{"export": "st", "signature": "st(s *T)", "args": [{}]}"#,
            "1:7: undefined: T",
        ),
        (
            r#"{"export": "st", "signature": "st(s string)", "args": ["x"]}"#,
            "st(s string)",
        ),
        (
            r#"{"export": "st", "args": [{"vale": 7}]}"#,
            "s: S has no field vale",
        ),
        (
            r#"{"export": "greet", "args": []}"#,
            "greet(s string): needs 1 argument, has 0",
        ),
    ] {
        let found = call(text).unwrap_err();
        assert!(found.starts_with(message), "{message}: {found}");
    }
}

fn call_from(text: &str) -> SavedCall {
    file::call_from_json(&serde_json::from_str(text).unwrap(), "call").unwrap()
}

#[test]
fn a_call_is_written_on_a_line_that_is_not_too_long() {
    assert_eq!(
        call_from(r#"{"export": "f", "args": [1, "x"]}"#).name,
        r#"f(1, "x")"#
    );
    let long = call_from(&format!(
        r#"{{"export": "f", "args": ["{}"]}}"#,
        "é".repeat(500)
    ));
    assert_eq!(long.name.chars().count(), 81);
}
