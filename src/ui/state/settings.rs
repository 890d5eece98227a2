//! The settings as they are typed, and as they are sent.

mod arguments;
mod command_line;
mod kept;
mod repeatable;
mod stdin;

pub(crate) use self::arguments::Arguments;
pub(crate) use self::kept::of_session;
pub(crate) use self::repeatable::Repeatable;
pub(crate) use self::stdin::{StdinFile, StdinForm, StdinWay};

use crate::amount::{grouped, millis, read_size, read_time, size, time};
use crate::module::PAGE;
use crate::protocol::{Limits, Preopen, Settings};
use std::fmt;

/// What is typed in the Settings panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SettingsForm {
    pub(crate) args: Arguments,
    /// `KEY=value` per line.
    pub(crate) env: String,
    pub(crate) stdin: StdinForm,
    /// A directory per line, as the guest knows it; `:ro` after it keeps the guest from changing it.
    pub(crate) preopens: String,
    pub(crate) terminal: bool,
    pub(crate) auto_initialize: bool,
    /// Empty: until Stop.
    pub(crate) fuel: String,
    /// As a size, `1 GiB`; a number alone is bytes.
    pub(crate) memory: String,
    /// In elements.
    pub(crate) table_elements: String,
    /// As a size; a number alone is bytes.
    pub(crate) output: String,
    /// As a time, `10 min`; a number alone is seconds. Empty: until Stop.
    pub(crate) wall_time: String,
    pub(crate) call_depth: String,
    pub(crate) repeatable: Repeatable,
}

impl Default for SettingsForm {
    fn default() -> Self {
        let Settings {
            preopens,
            auto_initialize,
            limits,
            ..
        } = Settings::default();
        let preopens: Vec<String> = preopens.into_iter().map(|preopen| preopen.path).collect();
        Self {
            args: Arguments::default(),
            env: String::new(),
            stdin: StdinForm::default(),
            preopens: preopens.join("\n"),
            // What is typed into the page is typed at one.
            terminal: true,
            auto_initialize,
            fuel: limits.fuel.map(grouped).unwrap_or_default(),
            memory: size(limits.memory_pages.saturating_mul(PAGE)),
            table_elements: grouped(limits.table_elements),
            output: size(limits.output_bytes),
            wall_time: limits.wall_millis.map(millis).unwrap_or_default(),
            call_depth: grouped(limits.call_depth.into()),
            repeatable: Repeatable::default(),
        }
    }
}

/// A field that holds text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// All arguments as one line.
    CommandLine,
    Env,
    /// The text that stdin holds.
    StdinText,
    Preopens,
    Fuel,
    Memory,
    TableElements,
    Output,
    /// The time that a call may take.
    WallTime,
    CallDepth,
    /// What the clock of a run that can be repeated begins with.
    Start,
    Step,
    Seed,
}

/// A field that is on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Switch {
    Terminal,
    AutoInitialize,
    Repeatable,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) field: Field,
    pub(crate) message: String,
}

/// What stands after a directory that the guest may not change.
const READ_ONLY: &str = ":ro";

impl SettingsForm {
    pub(crate) fn enter(&mut self, field: Field, text: String) {
        match field {
            Field::CommandLine => self.args.enter_line(text),
            Field::Env => self.env = text,
            Field::StdinText => self.stdin.text = text,
            Field::Preopens => self.preopens = text,
            Field::Fuel => self.fuel = text,
            Field::Memory => self.memory = text,
            Field::TableElements => self.table_elements = text,
            Field::Output => self.output = text,
            Field::WallTime => self.wall_time = text,
            Field::CallDepth => self.call_depth = text,
            Field::Start => self.repeatable.start = text,
            Field::Step => self.repeatable.step = text,
            Field::Seed => self.repeatable.seed = text,
        }
    }

    pub(crate) fn switch(&mut self, switch: Switch, on: bool) {
        match switch {
            Switch::Terminal => self.terminal = on,
            Switch::AutoInitialize => self.auto_initialize = on,
            Switch::Repeatable => self.repeatable.on = on,
        }
    }

    /// Writes an amount as it is understood, where it is: `256MB` becomes `256 MiB`.
    pub(crate) fn settle(&mut self, field: Field) {
        let place = match field {
            Field::Fuel => &mut self.fuel,
            Field::Memory => &mut self.memory,
            Field::TableElements => &mut self.table_elements,
            Field::Output => &mut self.output,
            Field::WallTime => &mut self.wall_time,
            Field::CallDepth => &mut self.call_depth,
            Field::Step => &mut self.repeatable.step,
            _ => return,
        };
        let read = measure(field, place, 0, u64::MAX, &mut Vec::new());
        if let Some(number) = read {
            *place = match Unit::of(field) {
                Some(unit) => unit.written(number),
                None => grouped(number),
            };
        }
    }

    /// What is typed is typed at a terminal, what was there before is not; that can be changed.
    pub(crate) fn choose_stdin(&mut self, way: StdinWay) {
        self.stdin.way = way;
        self.terminal = way == StdinWay::Typed;
    }

    /// Whether guests find `/` open, which covers every path.
    pub(crate) fn opens_root(&self) -> bool {
        let paths = self.preopens.lines().map(str::trim);
        let mut paths = paths.map(|line| line.strip_suffix(READ_ONLY).unwrap_or(line));
        paths.any(|path| path == "/")
    }

    /// The settings for a module that is called `program`.
    ///
    /// # Errors
    ///
    /// Every field that cannot be used, and why.
    pub(crate) fn settings(&self, program: &str) -> Result<Settings, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut args = vec![program.to_owned()];
        match self.args.all() {
            Ok(all) => args.extend_from_slice(all),
            Err(mistake) => problems.push(problem(Field::CommandLine, mistake)),
        }
        let env = environment(&self.env, &mut problems);
        let preopens = preopens(&self.preopens, &mut problems);
        let fuel = match self.fuel.trim() {
            "" => None,
            text => number(Field::Fuel, text, 1, u64::MAX, &mut problems),
        };
        let wall_millis = match self.wall_time.trim() {
            "" => None,
            text => measure(
                Field::WallTime,
                text,
                1,
                Limits::MOST_WALL_MILLIS,
                &mut problems,
            ),
        };
        let determinism = self.repeatable.determinism(&mut problems);
        let mut limit = |field, text: &str, min, max| {
            measure(field, text, min, max, &mut problems).unwrap_or_default()
        };
        let limits = Limits {
            fuel,
            memory_pages: limit(Field::Memory, &self.memory, 0, Limits::MOST_MEMORY_PAGES),
            table_elements: limit(
                Field::TableElements,
                &self.table_elements,
                0,
                Limits::MOST_TABLE_ELEMENTS,
            ),
            output_bytes: limit(Field::Output, &self.output, 0, u64::MAX),
            wall_millis,
            call_depth: u32::try_from(limit(
                Field::CallDepth,
                &self.call_depth,
                1,
                Limits::MOST_CALL_DEPTH.into(),
            ))
            .unwrap_or(u32::MAX),
        };
        if problems.is_empty() {
            Ok(Settings {
                args,
                env,
                stdin: self.stdin.stdin(),
                terminal: self.terminal,
                auto_initialize: self.auto_initialize,
                limits,
                preopens,
                determinism,
            })
        } else {
            Err(problems)
        }
    }
}

/// What is typed in a field as the amount that the settings have.
fn measure(
    field: Field,
    text: &str,
    min: u64,
    max: u64,
    problems: &mut Vec<Problem>,
) -> Option<u64> {
    let Some(unit) = Unit::of(field) else {
        return number(field, text, min, max, problems);
    };
    let (read, what, example) = match unit {
        Unit::Bytes | Unit::Pages => (read_size(text), "size", "256 MiB, 1.5 GiB or 4096 pages"),
        Unit::Millis | Unit::Nanos => (
            read_time(text, unit.plain()),
            "time",
            "10 min, 90 s or 500 ms",
        ),
    };
    let message = match read.map(|number| number / unit.size()) {
        Some(number) if number >= min && number <= max => return Some(number),
        Some(_) => {
            let (min, max) = (unit.written(min), unit.written(max));
            format!("{text:?} is not from {min} to {max}")
        }
        None => format!("{text:?} is no {what}: write it as {example}"),
    };
    problems.push(problem(field, message));
    None
}

/// What the amount in a field is counted in, where people write it with a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Bytes,
    /// Of 64 KiB; what is typed is a size.
    Pages,
    Millis,
    Nanos,
}

impl Unit {
    fn of(field: Field) -> Option<Self> {
        Some(match field {
            Field::Memory => Self::Pages,
            Field::Output => Self::Bytes,
            Field::WallTime => Self::Millis,
            Field::Step => Self::Nanos,
            _ => return None,
        })
    }

    /// The bytes or the nanoseconds of one.
    fn size(self) -> u64 {
        match self {
            Self::Bytes | Self::Nanos => 1,
            Self::Pages => PAGE,
            Self::Millis => 1_000_000,
        }
    }

    /// The bytes or the nanoseconds that a number without a unit counts.
    fn plain(self) -> u64 {
        match self {
            Self::Millis => 1_000_000_000,
            _ => 1,
        }
    }

    /// How so many are written.
    fn written(self, number: u64) -> String {
        match self {
            Self::Bytes | Self::Pages => size(number.saturating_mul(self.size())),
            Self::Millis => millis(number),
            Self::Nanos => time(number),
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
            // A number that is too large for any limit is told how far they go.
            let is_number = digits.bytes().all(|digit| digit.is_ascii_digit());
            let range = if max == u64::MAX && !(is_number && digits.len() > 1) {
                format!("of {min} or more")
            } else {
                format!("from {} to {}", grouped(min), grouped(max))
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
mod tests;
