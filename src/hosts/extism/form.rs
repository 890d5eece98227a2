//! What is filled in for a call of a plugin's, and what is shown of it.

use super::Extism;
use crate::amount::size;
use crate::hosts::fields::shown_bytes;
use crate::hosts::{Action, Change, Field, Form, Input, Part, Shown, Value};
use crate::module::{FuncType, Info, ValType};

/// The levels of log lines, from 0 on, and what leaves all of them out.
pub(super) const LEVELS: &[&str] = &["trace", "debug", "info", "warn", "error", "off"];

/// The most bytes of output that are shown.
const MOST_OUTPUT: u64 = 64 << 20;

/// The keys of the fields.
pub(super) mod key {
    pub const INPUT: &str = "input";
    pub const CONFIG: &str = "config";
    pub const VARIABLES: &str = "variables";
    pub const ALLOWED: &str = "allowed_hosts";
    pub const LEVEL: &str = "log_level";
}

/// What is to be filled in for an export; `None`: it is not one that Extism calls.
pub(in crate::hosts) fn form(info: &Info, export: &str) -> Option<Form> {
    let mut exports = info.exports.iter();
    let ty = exports.find(|one| one.name == export)?.ty.func()?;
    if !is_plugin_function(export, ty) {
        return None;
    }
    let pairs = |name: &str| Input::Pairs {
        name: name.to_owned(),
        value: "value".to_owned(),
    };
    let none = || Value::Pairs(Vec::new());
    let settings = "Host";
    Some(Form {
        name: export.to_owned(),
        actions: vec![Action {
            key: "call".to_owned(),
            label: "Call".to_owned(),
        }],
        fields: vec![
            Field::new(key::INPUT, "Input", Input::Bytes, Value::Bytes(Vec::new())),
            Field::new(key::CONFIG, "Configuration", pairs("key"), none()).of(settings),
            Field::new(
                key::ALLOWED,
                "Allowed hosts",
                Input::List,
                Value::List(Vec::new()),
            )
            .of(settings)
            .with_help("Hosts that it may send HTTP requests to, one a line; * stands for anything. None: to none."),
            Field::new(key::VARIABLES, "Variables", pairs("name"), none())
                .of(settings)
                .with_help("What the first call in a fresh instance finds; later ones find what the one before left."),
            Field::new(
                key::LEVEL,
                "Log level",
                Input::Choice(LEVELS.iter().map(|&level| level.to_owned()).collect()),
                Value::Text("info".to_owned()),
            )
            .of(settings),
        ],
    })
}

/// Whether Extism calls an export: it takes nothing, and gives nothing or an i32.
fn is_plugin_function(name: &str, ty: &FuncType) -> bool {
    let is_own = ["_initialize", "__wasm_call_ctors", "hs_init"].contains(&name)
        || name.starts_with("asyncify_");
    !is_own && ty.params.is_empty() && matches!(ty.results.as_slice(), [] | [ValType::I32])
}

impl Extism {
    /// What there is to show of the call.
    pub(super) fn show(&self) -> Shown {
        let mut shown = Shown {
            failed: self.failed.clone(),
            ..Shown::default()
        };
        if let Some(result) = self.returned {
            shown.said = format!("returned {result}");
        }
        let (at, length) = self.output;
        let output = self.blocks.stretch(at, length.min(MOST_OUTPUT));
        shown.add("Output", Part::Bytes(output.unwrap_or_default()));
        if length > MOST_OUTPUT {
            let all = format!(
                "Output is the first {} of {}.",
                size(MOST_OUTPUT),
                size(length)
            );
            shown.add("Cut", Part::Text(all));
        }
        if !self.log.is_empty() {
            let rows = self.log.iter();
            shown.add(
                "Log",
                Part::Table {
                    columns: vec!["Level".to_owned(), "Line".to_owned()],
                    rows: rows
                        .map(|(level, line)| vec![(*level).to_owned(), line.clone()])
                        .collect(),
                },
            );
        }
        let variables = self.changes();
        if !variables.is_empty() {
            shown.add("Variables", Part::Changes(variables));
        }
        shown
    }

    /// What the variables were before the call, and are now.
    fn changes(&self) -> Vec<Change> {
        let (before, after) = (&self.before, &self.variables);
        let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
        names.sort();
        names.dedup();
        let text = |bytes: &Vec<u8>| shown_bytes(bytes).into_owned();
        let changes = names.into_iter().map(|name| Change {
            name: name.clone(),
            before: before.get(name).map(text),
            after: after.get(name).map(text),
        });
        changes.collect()
    }
}
