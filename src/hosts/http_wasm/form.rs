//! What is to be filled in for a request: it, the configuration, and what the next handler answers.

use crate::hosts::{Action, Field, Form, Input, Value};

/// What the next handler does with a request: answers with its body, answers as filled in, fails.
pub(super) const ECHOES: &str = "echo";
pub(super) const ANSWERS: &str = "the answer below";
pub(super) const FAILS: &str = "fail";

/// The levels of the log, from −1 on.
const LEVELS: [&str; 5] = ["debug", "info", "warn", "error", "none"];

/// The number of a level.
pub(super) fn level(name: &str) -> i32 {
    let place = LEVELS.iter().position(|level| *level == name);
    place
        .and_then(|place| i32::try_from(place).ok())
        .unwrap_or_default()
        - 1
}

/// The form of both handlers.
pub(in crate::hosts) fn form(export: &str) -> Option<Form> {
    if !matches!(export, "handle_request" | "handle_response") {
        return None;
    }
    let line = |key, label, default: &str| {
        Field::new(key, label, Input::Line, Value::Text(default.to_owned()))
    };
    let bytes = |key, label| Field::new(key, label, Input::Bytes, Value::Bytes(Vec::new()));
    let pairs = |key, label, default: &[(&str, &str)]| {
        let input = Input::Pairs {
            name: "name".to_owned(),
            value: "value".to_owned(),
        };
        let default = default.iter();
        let default = default.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Field::new(key, label, input, Value::Pairs(default.collect()))
    };
    let choice = |key, label, of: &[&str]| {
        let of: Vec<String> = of.iter().map(|one| (*one).to_owned()).collect();
        let first = of.first().cloned().unwrap_or_default();
        Field::new(key, label, Input::Choice(of), Value::Text(first))
    };
    let more = "More of the request";
    let next = "Next handler";
    let config = "Configuration";
    Some(Form {
        name: "request".to_owned(),
        actions: vec![Action {
            key: "send".to_owned(),
            label: "Send".to_owned(),
        }],
        fields: vec![
            line("method", "Method", "GET"),
            line("uri", "URI", "/"),
            pairs("headers", "Headers", &[("host", "localhost")]),
            bytes("body", "Body"),
            line("version", "Version", "HTTP/1.1").of(more),
            line("source", "Source address", "127.0.0.1:12345").of(more),
            pairs("trailers", "Trailers", &[]).of(more),
            choice("backend", "It does this", &[ECHOES, ANSWERS, FAILS])
                .of(next)
                .with_help("echo answers 200 with the body that it is sent"),
            Field::new("status", "Status", Input::Number, Value::Text("200".to_owned())).of(next),
            pairs("answer-headers", "Headers", &[("content-type", "text/plain")]).of(next),
            bytes("answer-body", "Body").of(next),
            pairs("answer-trailers", "Trailers", &[]).of(next),
            bytes("config", "Configuration")
                .of(config)
                .with_help("what get_config gives: a plugin that reads it when it is made ready reads it with a fresh instance"),
            Field::new(
                "level",
                "Log level",
                Input::Choice(LEVELS.iter().map(|&level| level.to_owned()).collect()),
                Value::Text("info".to_owned()),
            )
            .of(config),
        ],
    })
}
