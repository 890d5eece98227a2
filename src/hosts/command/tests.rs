//! What commands are given, and what is read out of their answers.

use super::*;
use crate::hosts::{Value, protobuf};

fn message(parts: &[(u64, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (number, content) in parts {
        protobuf::put(&mut bytes, *number, content);
    }
    bytes
}

fn filled(tool: Tool, entries: &[(&str, Value)]) -> Values {
    let mut values = Values::default();
    for (key, value) in entries {
        values.set(key, value.clone());
    }
    let form = match tool {
        Tool::Sqlc => sqlc::form(START),
        Tool::Buf => buf::form(START),
    };
    values.over(&form)
}

/// What is shown of a call that has printed this and come to its end.
fn shown(tool: Tool, action: &str, stdout: &[u8]) -> Shown {
    let mut host = Command::new(tool);
    let begin = Begin {
        export: START,
        action,
        values: &Values::default(),
        is_fresh: true,
        room: 1 << 20,
    };
    host.begin(begin).expect("it begins");
    let mut world = crate::hosts::testing::Console::default();
    let call = host.next(Came::Begun, &mut world);
    assert_eq!(call, Next::Call(GuestCall::new("_start", &[])));
    host.printed(Stream::Stdout, stdout);
    host.printed(Stream::Stderr, b"noise");
    assert_eq!(host.next(Came::Exited(0), &mut world), Next::Done);
    host.shown()
}

#[test]
fn sqlc_gives_a_method_a_version_and_a_request() {
    let env = Value::Pairs(vec![("PATH".to_owned(), "/bin".to_owned())]);
    let values = filled(
        Tool::Sqlc,
        &[("request", Value::Bytes(vec![8, 1])), ("env", env)],
    );
    let process = process(Tool::Sqlc, "generate", &values);
    assert_eq!(
        process.args,
        ["plugin.wasm", "/plugin.CodegenService/Generate"]
    );
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let env = [pair("SQLC_VERSION", "v1.31.1"), pair("PATH", "/bin")];
    assert_eq!(process.env, env);
    assert_eq!(process.stdin, [8, 1]);
}

#[test]
fn files_that_are_generated_are_shown() {
    let file = message(&[(1, b"models.go"), (2, b"package db\n")]);
    let response = message(&[(1, &file), (1, &message(&[(1, b"empty.txt")]))]);
    let shown = shown(Tool::Sqlc, "generate", &response);
    assert_eq!((shown.failed, &*shown.said), (None, "generated 2 files"));
    let part = |bytes: &[u8]| Part::Bytes(bytes.to_vec());
    assert_eq!(
        shown.parts,
        [
            ("models.go".to_owned(), part(b"package db\n")),
            ("empty.txt".to_owned(), part(b"")),
            ("Response".to_owned(), part(&response)),
        ]
    );
    let other = super::tests::shown(Tool::Sqlc, "generate", b"panic: no");
    assert!(
        other
            .failed
            .expect("it failed")
            .contains("no GenerateResponse")
    );
}

#[test]
fn buf_asks_by_paths_and_flags() {
    let request = ("request", Value::Bytes(vec![8, 1]));
    let values = filled(Tool::Buf, std::slice::from_ref(&request));
    let checked = process(Tool::Buf, "check", &values);
    let path = "/buf.plugin.check.v1.CheckService/Check";
    assert_eq!(checked.args, ["plugin.wasm", path]);
    let any = message(&[
        (1, b"type.googleapis.com/buf.plugin.check.v1.CheckRequest"),
        (2, &[8, 1]),
    ]);
    assert_eq!(checked.stdin, message(&[(1, &any)]));
    let raw = filled(Tool::Buf, &[request, ("wrap", Value::Flag(false))]);
    assert_eq!(process(Tool::Buf, "check", &raw).stdin, [8, 1]);
    let nothing = filled(Tool::Buf, &[]);
    let listed = process(Tool::Buf, "list-rules", &nothing);
    assert_eq!(listed.stdin, Vec::<u8>::new());
    let spec = process(Tool::Buf, "spec", &values);
    assert_eq!((spec.args[1].as_str(), spec.stdin.len()), ("--spec", 0));
}

#[test]
fn what_a_check_finds_is_shown() {
    let annotation = message(&[(1, b"RULE"), (2, b"no")]);
    let any = message(&[(1, b"type"), (2, &message(&[(1, &annotation)]))]);
    let found = shown(Tool::Buf, "check", &message(&[(1, &any)]));
    assert_eq!((found.failed, &*found.said), (None, "1 annotation"));
    assert!(matches!(&found.parts[0].1, Part::Table { rows, .. } if rows == &[["RULE", "no"]]));
    let mut error = vec![8, 3];
    protobuf::put(&mut error, 2, b"what is that?");
    let refused = shown(Tool::Buf, "check", &message(&[(2, &error)]));
    assert_eq!(refused.failed.as_deref(), Some("what is that? (code 3)"));
    assert_eq!(shown(Tool::Buf, "protocol", b"1\n").said, "protocol 1");
    assert!(
        shown(Tool::Buf, "protocol", b"usage: plugin")
            .failed
            .is_some()
    );
    let procedure = message(&[(1, b"/a.B/C"), (2, b"c")]);
    let spec = shown(Tool::Buf, "spec", &message(&[(1, &procedure)]));
    assert!(matches!(&spec.parts[0].1, Part::Table { rows, .. } if rows == &[["/a.B/C", "c"]]));
    let none = shown(Tool::Buf, "check", b"");
    assert_eq!((none.failed, &*none.said), (None, "0 annotations"));
}

#[test]
fn another_code_than_0_is_an_exit() {
    let mut host = Command::new(Tool::Sqlc);
    let mut world = crate::hosts::testing::Console::default();
    host.printed(Stream::Stdout, b"of no call by the form");
    let begin = Begin {
        export: START,
        action: "generate",
        values: &Values::default(),
        is_fresh: true,
        room: 1 << 20,
    };
    host.begin(begin).expect("it begins");
    host.printed(Stream::Stdout, b"half");
    assert_eq!(host.next(Came::Exited(2), &mut world), Next::Exit(2));
    assert_eq!(
        host.shown().parts,
        [("stdout".to_owned(), Part::Bytes(b"half".to_vec()))]
    );
}
