//! What is to be filled in for a request, and what is shown of it.

use super::ProxyWasm;
use super::drive::Goal;
use super::shared::METRICS;
use super::stream::{Phase, Stream};
use crate::hosts::fields::{shown_bytes, text};
use crate::hosts::{Action, Change, Field, Form, Input, Part, Shown, Value};

/// The actions, by their keys.
const ACTIONS: [(&str, &str, Goal); 4] = [
    ("send", "Send", Goal::Send),
    ("next", "Next phase", Goal::Next),
    ("tick", "Tick", Goal::Tick),
    ("connect", "TCP connection", Goal::Connect),
];

/// The headers of a request, and those of a response, until somebody fills them in.
pub(super) const REQUEST: &[(&str, &str)] = &[
    (":method", "GET"),
    (":path", "/"),
    (":authority", "localhost"),
    (":scheme", "http"),
];
pub(super) const RESPONSE: &[(&str, &str)] = &[(":status", "200"), ("content-type", "text/plain")];

/// What an action is to do.
pub(super) fn goal(action: &str) -> Goal {
    let mut actions = ACTIONS.iter();
    let found = actions.find(|(key, ..)| *key == action);
    found.map_or(Goal::Send, |(_, _, goal)| *goal)
}

/// The form of any callback: all are called for a request.
pub(in crate::hosts) fn form(export: &str) -> Option<Form> {
    if !export.starts_with("proxy_on_") || export == "proxy_on_memory_allocate" {
        return None;
    }
    let line = |key, label, default: &str| {
        Field::new(key, label, Input::Line, Value::Text(default.to_owned()))
    };
    let bytes = |key, label, default: &str| {
        let default = Value::Bytes(default.as_bytes().to_vec());
        Field::new(key, label, Input::Bytes, default)
    };
    let pairs = |key, label, (name, value): (&str, &str), default: &[(&str, &str)]| {
        let input = Input::Pairs {
            name: name.to_owned(),
            value: value.to_owned(),
        };
        let default = default.iter();
        let default = default.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Field::new(key, label, input, Value::Pairs(default.collect()))
    };
    let levels = super::LEVELS.iter().map(|&level| level.to_owned());
    let header = ("header", "value");
    let (more, upstream, config) = ("More of the request", "Upstream", "Configuration");
    let (callouts, properties) = ("Callouts", "Properties");
    Some(Form {
        name: "request".to_owned(),
        actions: ACTIONS
            .iter()
            .map(|(key, label, _)| Action {
                key: (*key).to_owned(),
                label: (*label).to_owned(),
            })
            .collect(),
        fields: vec![
            pairs("headers", "Headers", header, REQUEST),
            bytes("body", "Body", "")
                .with_help("of a TCP connection: what the client sends, and the upstream's body what that sends"),
            Field::new("piece", "Bytes a piece", Input::Number, Value::Text("0".to_owned()))
                .of(more)
                .with_help("the body comes in pieces of so many bytes; 0: in one"),
            pairs("trailers", "Trailers", header, &[]).of(more),
            pairs("response-headers", "Headers", header, RESPONSE).of(upstream),
            bytes("response-body", "Body", "Hello from the upstream\n").of(upstream),
            pairs("response-trailers", "Trailers", header, &[]).of(upstream),
            bytes("plugin", "Plugin", "")
                .of(config)
                .with_help("with another one the plugin gets another context, as proxies do it"),
            bytes("vm", "VM", "")
                .of(config)
                .with_help("what it reads when it starts: for another one, restart it"),
            line("vm_id", "VM id", "").of(config),
            Field::new(
                "level",
                "Log level",
                Input::Choice(levels.collect()),
                Value::Text("info".to_owned()),
            )
            .of(config),
            pairs("replies", "Replies", ("upstream", "reply"), &[])
                .of(callouts)
                .with_help(
                    "A body; or JSON with status, headers and body, where status 0 is a failure; or an address, https://…, which is asked (its server \
                     must let this page read, CORS). To a command of Redis: a string, a number, nil, a list in JSON. * is any upstream.",
                ),
            pairs("properties", "Properties", ("path", "value"), &[])
                .of(properties)
                .with_help("The path with dots: source.address. A value i64:80 is a number, as Envoy has them. What any request has (addresses, method, route_name, cluster_name) is there."),
        ],
    })
}

fn table(columns: &[&str], rows: Vec<Vec<String>>) -> Part {
    Part::Table {
        columns: columns.iter().map(|&column| column.to_owned()).collect(),
        rows,
    }
}

/// How a stream ended, or where it is.
fn said(stream: &Stream) -> String {
    let status = || {
        let status = stream.response.headers.values(":status").next();
        status.map_or(String::new(), |status| format!(": {}", text(status)))
    };
    if stream.is_local {
        format!("answered by the plugin{}", status())
    } else if stream.is_tcp && stream.phase >= Phase::Delete {
        "the connection is over".to_owned()
    } else if stream.is_tcp && stream.request.is_paused {
        "the connection is held up".to_owned()
    } else if stream.is_closed {
        "closed before it was answered".to_owned()
    } else if stream.phase >= Phase::Delete {
        format!("passed on{}", status())
    } else if stream.is_in_use {
        "passed on, but the plugin is not done with it (proxy_done)".to_owned()
    } else if stream.response.is_paused || stream.request.is_paused {
        let half = if stream.has_response {
            "response"
        } else {
            "request"
        };
        format!("the {half} is paused (proxy_continue_stream lets it go on)")
    } else {
        "on its way".to_owned()
    }
}

/// What there is to show.
pub(super) fn shown(proxy: &ProxyWasm) -> Shown {
    let ProxyWasm { state, drive, .. } = proxy;
    let mut shown = Shown {
        failed: drive.failed.clone(),
        ..Shown::default()
    };
    // The newest, be it over or held up; a tick is about one if one has come to its end.
    let there = state.streams.back().filter(|_| drive.goal != Goal::Tick);
    let stream = drive
        .last
        .iter()
        .chain(there)
        .max_by_key(|stream| stream.id);
    if let Some(stream) = stream {
        shown.said = said(stream);
        show_stream(stream, &mut shown);
    }
    if !drive.rows.is_empty() {
        let rows = drive.rows.iter().map(|row| row.to_vec()).collect();
        shown.add("Callbacks", table(&["callback", "answer"], rows));
    }
    if !state.callouts.rows.is_empty() {
        let rows = state.callouts.rows.iter().map(|row| row.to_vec()).collect();
        let columns = ["id", "upstream", "request", "reply"];
        shown.add("Callouts", table(&columns, rows));
    }
    show_shared(proxy, &mut shown);
    if let Some(log) = state.log.part() {
        shown.add("Log", log);
    }
    shown
}

fn show_stream(stream: &Stream, shown: &mut Shown) {
    if stream.is_tcp {
        for (label, half) in [
            ("From downstream", &stream.request),
            ("From upstream", &stream.response),
        ] {
            shown.add(label, Part::Bytes(half.sent.clone()));
        }
        return;
    }
    let request = match &stream.forwarded {
        Some(forwarded) => Part::Difference {
            before: stream.request.before.clone(),
            after: forwarded.clone(),
        },
        None => Part::Text(stream.request.text()),
    };
    shown.add("Request", request);
    if !stream.has_response {
        return;
    }
    let after = stream.response.text();
    let response = match stream.is_local {
        true => Part::Text(after),
        false => Part::Difference {
            before: stream.response.before.clone(),
            after,
        },
    };
    shown.add("Response", response);
    if !stream.response.sent.is_empty() {
        let sent = stream.response.sent.clone();
        shown.add("Response body", Part::Bytes(sent));
    }
}

/// The most rows of what plugins share.
const MOST: usize = 200;

fn show_shared(proxy: &ProxyWasm, shown: &mut Shown) {
    let ProxyWasm { state, .. } = proxy;
    let shared = &state.shared;
    if !shared.metrics.is_empty() {
        let rows = shared.metrics.iter().take(MOST).map(|metric| {
            let kind = usize::try_from(metric.kind).ok();
            let kind = kind.and_then(|kind| METRICS.get(kind)).unwrap_or(&"");
            let value = match metric.kind {
                // A gauge may be below 0.
                1 => metric.value.cast_signed().to_string(),
                _ => metric.value.to_string(),
            };
            vec![metric.name.clone(), (*kind).to_owned(), value]
        });
        shown.add("Metrics", table(&["name", "type", "value"], rows.collect()));
    }
    if !shared.data.is_empty() {
        let rows = shared.data.iter().take(MOST).map(|(key, (value, cas))| {
            vec![
                shown_bytes(key).into_owned(),
                shown_bytes(value).into_owned(),
                cas.to_string(),
            ]
        });
        shown.add(
            "Shared data",
            table(&["key", "value", "cas"], rows.collect()),
        );
    }
    if !shared.queues.is_empty() {
        let rows = shared.queues.iter().take(MOST);
        let rows = rows.map(|queue| vec![queue.name.clone(), queue.items.len().to_string()]);
        shown.add("Queues", table(&["name", "items"], rows.collect()));
    }
    if !state.set.is_empty() {
        let changes = state.set.iter().take(MOST).map(|(path, value)| {
            let mut before = state.properties.iter();
            let before = before.find(|(of, _)| of == path);
            Change {
                name: path.clone(),
                before: before.map(|(_, value)| shown_bytes(value).into_owned()),
                after: Some(shown_bytes(value).into_owned()),
            }
        });
        shown.add("Properties", Part::Changes(changes.collect()));
    }
    if state.tick > 0 {
        let tick = format!("every {} ms, here when Tick is pressed", state.tick);
        shown.add("Tick", Part::Text(tick));
    }
}
