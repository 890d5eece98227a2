//! What buf gives its check plugins, and what they answer: pluginrpc, protocol 1 (`pluginrpc/v1/pluginrpc.proto`), over
//! `buf.plugin.check.v1.CheckService`.

use super::{PROGRAM, Process, text};
use crate::hosts::protobuf::{self, Content};
use crate::hosts::{Action, Field, Form, Input, Part, Shown, Value, Values};

/// A procedure: the form's action, its label, its path, and the message that it takes.
const PROCEDURES: [(&str, &str, &str, &str); 4] = [
    (
        "check",
        "Check",
        "/buf.plugin.check.v1.CheckService/Check",
        "buf.plugin.check.v1.CheckRequest",
    ),
    (
        "list-rules",
        "List rules",
        "/buf.plugin.check.v1.CheckService/ListRules",
        "buf.plugin.check.v1.ListRulesRequest",
    ),
    (
        "list-categories",
        "List categories",
        "/buf.plugin.check.v1.CheckService/ListCategories",
        "buf.plugin.check.v1.ListCategoriesRequest",
    ),
    (
        "info",
        "Plugin info",
        "/buf.plugin.info.v1.PluginInfoService/GetPluginInfo",
        "buf.plugin.info.v1.GetPluginInfoRequest",
    ),
];

/// What it is asked by a flag: the form's action, its label, the flag.
const FLAGS: [(&str, &str, &str); 2] = [
    ("spec", "Spec", "--spec"),
    ("protocol", "Protocol", "--protocol"),
];

/// What precedes the name of the message in an Any.
const TYPES: &str = "type.googleapis.com/";

pub(super) fn form(name: &str) -> Form {
    let procedures = PROCEDURES.iter().map(|(key, label, ..)| (key, label));
    let flags = FLAGS.iter().map(|(key, label, _)| (key, label));
    let actions = procedures.chain(flags).map(|(key, label)| Action {
        key: (*key).to_owned(),
        label: (*label).to_owned(),
    });
    Form {
        name: name.to_owned(),
        actions: actions.collect(),
        fields: vec![
            Field::new("request", "Request", Input::Bytes, Value::Bytes(Vec::new())).with_help(
                "The message that the procedure takes, in protobuf's wire format; empty: none. Arguments and stdin are those that buf gives, \
                 not those of Settings.",
            ),
            Field::new("wrap", "Wrap the request", Input::Switch, Value::Flag(true)).with_help(
                "In a pluginrpc.v1.Request, as it goes to stdin. Off: it is one already.",
            ),
        ],
    }
}

pub(super) fn process(action: &str, values: &Values) -> Process {
    let mut args = vec![PROGRAM.to_owned()];
    let mut stdin = Vec::new();
    if let Some((_, _, flag)) = FLAGS.iter().find(|(key, ..)| *key == action) {
        args.push((*flag).to_owned());
    }
    if let Some((_, _, path, ty)) = PROCEDURES.iter().find(|(key, ..)| *key == action) {
        args.push((*path).to_owned());
        let request = values.bytes("request");
        if !values.flag("wrap") {
            stdin = request.to_vec();
        } else if !request.is_empty() {
            let mut any = Vec::new();
            protobuf::put(&mut any, 1, format!("{TYPES}{ty}").as_bytes());
            protobuf::put(&mut any, 2, request);
            protobuf::put(&mut stdin, 1, &any);
        }
    }
    Process {
        args,
        env: Vec::new(),
        stdin,
    }
}

pub(super) fn show(action: &str, stdout: &[u8], shown: &mut Shown) {
    let stdout_part = || Part::Bytes(stdout.to_vec());
    match action {
        "protocol" => {
            match text(stdout).trim().parse::<u64>() {
                Ok(version) => shown.said = format!("protocol {version}"),
                Err(_) => {
                    shown.failed = Some("what it wrote to stdout is no version".to_owned());
                    shown.add("stdout", stdout_part());
                }
            }
            return;
        }
        _ if !protobuf::is_message(stdout) => {
            shown.failed = Some("what it wrote to stdout is no message of pluginrpc".to_owned());
            shown.add("stdout", stdout_part());
            return;
        }
        "spec" => {
            let rows = protobuf::parts(stdout, 1).map(|procedure| {
                let args = protobuf::parts(procedure, 2).map(|arg| text(arg).into_owned());
                let args: Vec<String> = args.collect();
                vec![protobuf::text(procedure, 1), args.join(" ")]
            });
            shown.add("Procedures", table(&["Path", "Arguments"], rows.collect()));
            shown.add("Spec", stdout_part());
            return;
        }
        _ => {}
    }
    // A Response: an Any (1), an error (2), or both.
    let value = protobuf::parts(stdout, 1).last();
    let value = value.and_then(|any| protobuf::parts(any, 2).last());
    let value = value.unwrap_or_default();
    if let Some(error) = protobuf::parts(stdout, 2).last() {
        let code = protobuf::fields(error).flatten().find_map(|field| {
            let Content::Varint(code) = field.content else {
                return None;
            };
            (field.number == 1).then_some(code)
        });
        let code = code.unwrap_or_default();
        shown.failed = Some(format!("{} (code {code})", protobuf::text(error, 2)));
    } else if action == "check" {
        let rows = protobuf::parts(value, 1);
        let rows = rows.map(|it| vec![protobuf::text(it, 1), protobuf::text(it, 2)]);
        let rows: Vec<Vec<String>> = rows.collect();
        shown.said = crate::amount::amount(rows.len() as u64, "annotation");
        if !rows.is_empty() {
            shown.add("Annotations", table(&["Rule", "Message"], rows));
        }
    }
    shown.add("Response", Part::Bytes(value.to_vec()));
}

fn table(columns: &[&str], rows: Vec<Vec<String>>) -> Part {
    Part::Table {
        columns: columns.iter().map(|&column| column.to_owned()).collect(),
        rows,
    }
}
