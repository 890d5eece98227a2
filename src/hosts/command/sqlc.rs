//! What sqlc gives the plugins that generate code, and what they answer (`internal/ext/wasm`, `protos/plugin/codegen.proto`).

use super::{PROGRAM, Process};
use crate::amount::amount;
use crate::hosts::protobuf;
use crate::hosts::{Action, Field, Form, Input, Part, Shown, Value, Values};

/// The procedure, as the argument has it.
const GENERATE: &str = "/plugin.CodegenService/Generate";

/// The version of sqlc that the environment names.
const VERSION: &str = "v1.31.1";

/// The most files that are shown.
const MOST_FILES: usize = 1_000;

pub(super) fn form(name: &str) -> Form {
    let pairs = Input::Pairs {
        name: "name".to_owned(),
        value: "value".to_owned(),
    };
    Form {
        name: name.to_owned(),
        actions: vec![Action {
            key: "generate".to_owned(),
            label: "Generate".to_owned(),
        }],
        fields: vec![
            Field::new("request", "Request", Input::Bytes, Value::Bytes(Vec::new())).with_help(
                "A GenerateRequest in protobuf's wire format, which goes to stdin. Arguments, environment and stdin are those that sqlc \
                 gives, not those of Settings.",
            ),
            Field::new(
                "version",
                "SQLC_VERSION",
                Input::Line,
                Value::Text(VERSION.to_owned()),
            )
            .of("Environment"),
            Field::new("env", "Other variables", pairs, Value::Pairs(Vec::new()))
                .of("Environment")
                .with_help("Those that \"env\" names in sqlc's configuration."),
        ],
    }
}

pub(super) fn process(values: &Values) -> Process {
    let version = ("SQLC_VERSION".to_owned(), values.text("version").to_owned());
    Process {
        args: vec![PROGRAM.to_owned(), GENERATE.to_owned()],
        env: [version]
            .into_iter()
            .chain(values.pairs("env").iter().cloned())
            .collect(),
        stdin: values.bytes("request").to_vec(),
    }
}

/// A `GenerateResponse`: files, each with a name (1) and contents (2).
pub(super) fn show(response: &[u8], shown: &mut Shown) {
    if !protobuf::is_message(response) {
        shown.failed = Some("what it wrote to stdout is no GenerateResponse".to_owned());
        shown.add("stdout", Part::Bytes(response.to_vec()));
        return;
    }
    let files: Vec<&[u8]> = protobuf::parts(response, 1).collect();
    shown.said = format!("generated {}", amount(files.len() as u64, "file"));
    for file in files.iter().take(MOST_FILES) {
        let contents = protobuf::parts(file, 2).last().unwrap_or_default();
        shown.add(&protobuf::text(file, 1), Part::Bytes(contents.to_vec()));
    }
    shown.add("Response", Part::Bytes(response.to_vec()));
}
