//! The settings as they are typed, and as they are sent.

use crate::protocol::{Limits, Preopen, Settings, Stdin};
use std::fmt;

/// What is typed in the Settings panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SettingsForm {
    /// An argument per line, without the program's name.
    pub(crate) args: String,
    /// `KEY=value` per line.
    pub(crate) env: String,
    /// What stdin holds.
    pub(crate) stdin: String,
    /// A directory per line, as the guest knows it; `:ro` after it keeps the guest from changing it.
    pub(crate) preopens: String,
    pub(crate) terminal: bool,
    pub(crate) auto_initialize: bool,
    /// Empty: until Stop.
    pub(crate) fuel: String,
    /// In pages of 64 KiB.
    pub(crate) memory_pages: String,
    /// In elements.
    pub(crate) table_elements: String,
    /// In bytes.
    pub(crate) output_bytes: String,
}

impl Default for SettingsForm {
    fn default() -> Self {
        let Settings {
            terminal,
            preopens,
            auto_initialize,
            limits,
            ..
        } = Settings::default();
        let preopens: Vec<String> = preopens.into_iter().map(|preopen| preopen.path).collect();
        Self {
            args: String::new(),
            env: String::new(),
            stdin: String::new(),
            preopens: preopens.join("\n"),
            terminal,
            auto_initialize,
            fuel: limits.fuel.map(|fuel| fuel.to_string()).unwrap_or_default(),
            memory_pages: limits.memory_pages.to_string(),
            table_elements: limits.table_elements.to_string(),
            output_bytes: limits.output_bytes.to_string(),
        }
    }
}

/// A field that holds text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Args,
    Env,
    Stdin,
    Preopens,
    Fuel,
    MemoryPages,
    TableElements,
    OutputBytes,
}

/// A field that is on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Switch {
    Terminal,
    AutoInitialize,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) field: Field,
    pub(crate) message: String,
}

/// What stands after a directory that the guest may not change.
const READ_ONLY: &str = ":ro";

/// Most pages of 64 KiB that a memory with 32-bit addresses can have.
const MAX_PAGES: u64 = 65_536;

/// Most elements that a table is allowed: 16 bytes each are the worker's.
const MAX_ELEMENTS: u64 = 10_000_000;

impl SettingsForm {
    pub(crate) fn enter(&mut self, field: Field, text: String) {
        match field {
            Field::Args => self.args = text,
            Field::Env => self.env = text,
            Field::Stdin => self.stdin = text,
            Field::Preopens => self.preopens = text,
            Field::Fuel => self.fuel = text,
            Field::MemoryPages => self.memory_pages = text,
            Field::TableElements => self.table_elements = text,
            Field::OutputBytes => self.output_bytes = text,
        }
    }

    pub(crate) fn switch(&mut self, switch: Switch, on: bool) {
        match switch {
            Switch::Terminal => self.terminal = on,
            Switch::AutoInitialize => self.auto_initialize = on,
        }
    }

    /// The settings for a module that is called `program`.
    ///
    /// # Errors
    ///
    /// Every field that cannot be used, and why.
    pub(crate) fn settings(&self, program: &str) -> Result<Settings, Vec<Problem>> {
        let mut problems = Vec::new();
        let args = std::iter::once(program)
            .chain(self.args.lines())
            .map(str::to_owned)
            .collect();
        let env = environment(&self.env, &mut problems);
        if self.args.contains('\0') {
            problems.push(problem(Field::Args, "an argument cannot hold a NUL"));
        }
        let preopens = preopens(&self.preopens, &mut problems);
        let fuel = match self.fuel.trim() {
            "" => None,
            text => number(Field::Fuel, text, 1, u64::MAX, &mut problems),
        };
        let mut limit = |field, text: &str, min, max| {
            number(field, text, min, max, &mut problems).unwrap_or_default()
        };
        let limits = Limits {
            fuel,
            memory_pages: limit(Field::MemoryPages, &self.memory_pages, 0, MAX_PAGES),
            table_elements: limit(Field::TableElements, &self.table_elements, 0, MAX_ELEMENTS),
            output_bytes: limit(Field::OutputBytes, &self.output_bytes, 0, u64::MAX),
        };
        let stdin = match self.stdin.as_str() {
            "" => Stdin::Empty,
            text => Stdin::Bytes(text.as_bytes().to_vec()),
        };
        if problems.is_empty() {
            Ok(Settings {
                args,
                env,
                stdin,
                terminal: self.terminal,
                auto_initialize: self.auto_initialize,
                limits,
                preopens,
            })
        } else {
            Err(problems)
        }
    }
}

fn environment(text: &str, problems: &mut Vec<Problem>) -> Vec<(String, String)> {
    let mut env = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        match line.split_once('=') {
            Some((key, value)) if !key.is_empty() && !line.contains('\0') => {
                env.push((key.to_owned(), value.to_owned()));
            }
            _ => problems.push(problem(
                Field::Env,
                format_args!("line {}: {line:?} is not KEY=value", index + 1),
            )),
        }
    }
    env
}

fn preopens(text: &str, problems: &mut Vec<Problem>) -> Vec<Preopen> {
    let mut preopens: Vec<Preopen> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        let (path, read_only) = match line.strip_suffix(READ_ONLY) {
            Some(path) => (path, true),
            None => (line, false),
        };
        let mut complain = |why| {
            let message = format_args!("line {}: {line:?} {why}", index + 1);
            problems.push(problem(Field::Preopens, message));
        };
        if line.is_empty() {
            continue;
        }
        if path.is_empty() || path.contains('\0') {
            complain("is not the path of a directory");
        } else if preopens.iter().any(|preopen| preopen.path == path) {
            complain("is there already");
        } else {
            preopens.push(Preopen {
                read_only,
                ..Preopen::empty(path)
            });
        }
    }
    preopens
}

fn number(
    field: Field,
    text: &str,
    min: u64,
    max: u64,
    problems: &mut Vec<Problem>,
) -> Option<u64> {
    let digits: String = text.trim().replace([',', '_'], "");
    match digits.parse() {
        Ok(number) if number >= min && number <= max => Some(number),
        _ => {
            let range = if max == u64::MAX {
                format!("of {min} or more")
            } else {
                format!("from {min} to {max}")
            };
            let message = format_args!("{text:?} is not a whole number {range}");
            problems.push(problem(field, message));
            None
        }
    }
}

fn problem(field: Field, message: impl fmt::Display) -> Problem {
    Problem {
        field,
        message: message.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untouched_they_are_the_defaults() {
        let settings = SettingsForm::default().settings("plugin.wasm");
        assert_eq!(settings, Ok(Settings::default()));
    }

    #[test]
    fn lines_become_arguments_and_variables() {
        let form = SettingsForm {
            args: "-v\nspaces are kept \n\nlast".to_owned(),
            env: "A=1\n\nEMPTY=\nEQUALS=a=b\n".to_owned(),
            stdin: "in\n".to_owned(),
            ..SettingsForm::default()
        };
        let settings = form.settings("p.wasm").unwrap();
        assert_eq!(
            settings.args,
            ["p.wasm", "-v", "spaces are kept ", "", "last"]
        );
        let env = [("A", "1"), ("EMPTY", ""), ("EQUALS", "a=b")];
        assert_eq!(
            settings.env,
            env.map(|(key, value)| (key.to_owned(), value.to_owned()))
        );
        assert_eq!(settings.stdin, Stdin::Bytes(b"in\n".to_vec()));
    }

    #[test]
    fn every_field_that_cannot_be_used_is_named() {
        let form = SettingsForm {
            env: "A=1\nno equals sign\n=no key".to_owned(),
            fuel: "0".to_owned(),
            memory_pages: "65537".to_owned(),
            output_bytes: "-1".to_owned(),
            ..SettingsForm::default()
        };
        let problems = form.settings("p.wasm").unwrap_err();
        let fields: Vec<Field> = problems.iter().map(|problem| problem.field).collect();
        assert_eq!(
            fields,
            [
                Field::Env,
                Field::Env,
                Field::Fuel,
                Field::MemoryPages,
                Field::OutputBytes
            ]
        );
        assert_eq!(
            problems[0].message,
            "line 2: \"no equals sign\" is not KEY=value"
        );
        assert_eq!(
            problems[3].message,
            "\"65537\" is not a whole number from 0 to 65536"
        );
    }

    #[test]
    fn directories_are_writable_or_not() {
        let form = SettingsForm {
            preopens: " /\n/lib:ro\n\n".to_owned(),
            ..SettingsForm::default()
        };
        let preopens = form.settings("p").unwrap().preopens;
        let seen: Vec<(&str, bool)> = preopens
            .iter()
            .map(|preopen| (preopen.path.as_str(), preopen.read_only))
            .collect();
        assert_eq!(seen, [("/", false), ("/lib", true)]);

        let form = SettingsForm {
            preopens: "/a\n:ro\n/a:ro".to_owned(),
            ..SettingsForm::default()
        };
        let messages: Vec<String> = form
            .settings("p")
            .unwrap_err()
            .into_iter()
            .map(|problem| problem.message)
            .collect();
        assert_eq!(
            messages,
            [
                "line 2: \":ro\" is not the path of a directory",
                "line 3: \"/a:ro\" is there already"
            ]
        );
    }

    #[test]
    fn numbers_may_be_grouped() {
        let form = SettingsForm {
            fuel: " 1,000_000 ".to_owned(),
            ..SettingsForm::default()
        };
        assert_eq!(form.settings("p").unwrap().limits.fuel, Some(1_000_000));
    }
}
