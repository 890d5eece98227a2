//! The engines held against each other: calls are made again in both, in a fresh instance each, with the same clocks and the same random
//! bytes. Of each call it is told what differs first.

use super::board::{Board, Effect};
use super::console::Source;
use super::outcome::{Called, Tone};
use super::run::Run;
use super::shared::Shared;
use crate::protocol::{CallId, Command, Difference, Engine, Left, Mark, Usage};
use crate::saved::expected::ALL;
use serde_json::{Map, Value as Json};

/// The most characters that are shown of what differs.
const MOST_CHARS: usize = 400;

/// What came of a call in one engine.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Came {
    /// As a saved call has it.
    came: Map<String, Json>,
    pub(crate) usage: Usage,
    pub(crate) busy_micros: u64,
    left: Left,
}

/// A call that was made in both.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) written: String,
    /// In the interpreter, and in the browser's engine.
    pub(crate) used: [(u64, Usage); 2],
    pub(crate) difference: Option<Difference>,
}

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum State {
    /// Calls are made in this engine.
    #[default]
    Runs,
    Done,
    /// It has ended early, for this reason.
    Ended(String),
}

/// Calls that are made in both engines.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Comparison {
    /// The first one first.
    calls: Vec<Called>,
    /// What came of them in the interpreter.
    interpreted: Vec<Came>,
    pub(crate) rows: Vec<Row>,
    pub(crate) state: State,
    engine: Engine,
    /// The call that runs.
    call: Option<CallId>,
    /// What came of one that has ended, without what it has left.
    ended: Option<Came>,
    stops: bool,
}

impl Comparison {
    /// How many calls have been made in the engine that they are made in.
    fn made(&self) -> usize {
        match self.engine {
            Engine::Interpreter => self.interpreted.len(),
            Engine::Browser => self.rows.len(),
        }
    }

    /// How far it is, in words.
    pub(crate) fn told(&self) -> String {
        let calls = self.calls.len();
        match &self.state {
            State::Runs => format!(
                "Call {} of {calls}, in {}",
                (self.made() + 1).min(calls),
                match self.engine {
                    Engine::Interpreter => "the interpreter",
                    Engine::Browser => "the browser's engine",
                }
            ),
            State::Ended(why) => format!("Ended early: {why}"),
            State::Done => {
                let differ = self.rows.iter().filter(|row| row.difference.is_some());
                match differ.count() {
                    0 => "The same in both: results, output, host calls, memory and globals."
                        .to_owned(),
                    count => format!("{count} of {calls} differ: here is what differs first."),
                }
            }
        }
    }
}

/// What a person does with it.
impl Board {
    pub(crate) fn comparison(&self) -> Option<&Shared<Comparison>> {
        self.comparison.as_ref()
    }

    /// Whether calls are being made for it.
    pub(crate) fn is_comparing(&self) -> bool {
        let comparison = self.comparison.as_ref();
        comparison.is_some_and(|it| it.state == State::Runs)
    }

    /// Makes a call of before in both engines, the last one first; `None`: all of them, in their order.
    pub(crate) fn compare(&mut self, past: Option<usize>) -> Vec<Effect> {
        if !self.can_call() || self.debugs() || self.is_only_elsewhere() {
            return Vec::new();
        }
        let history = self.given.history.iter().enumerate();
        let wanted = history.filter(|(place, _)| past.is_none_or(|past| past == *place));
        let mut calls: Vec<Called> = wanted.map(|(_, it)| it.called.clone()).collect();
        calls.reverse();
        if calls.is_empty() {
            return Vec::new();
        }
        self.say(
            Source::Note,
            "compare: in the interpreter, with fixed clocks and random bytes",
        );
        self.comparison = Some(Shared::new(Comparison {
            calls,
            ..Comparison::default()
        }));
        let mut effects = self.configure_again();
        effects.extend(self.compare_in(Engine::Interpreter));
        effects
    }

    /// The last call of the export that is selected.
    pub(crate) fn compare_last(&mut self) -> Vec<Effect> {
        let number = self.finished().map(|finished| finished.number);
        let mut history = self.given.history.iter();
        let past = history.position(|it| Some(it.number) == number);
        past.map_or_else(Vec::new, |past| self.compare(Some(past)))
    }

    /// It is not shown any more.
    pub(crate) fn leave_comparison(&mut self) {
        if !self.is_comparing() {
            self.comparison = None;
        }
    }

    fn comparing(&mut self) -> Option<&mut Comparison> {
        let comparison = self.comparison.as_mut()?.make_mut();
        (comparison.state == State::Runs).then_some(comparison)
    }
}

/// What happens to it.
impl Board {
    fn compare_in(&mut self, engine: Engine) -> Vec<Effect> {
        if let Some(comparison) = self.comparing() {
            comparison.engine = engine;
        }
        if self.prepare_engine(engine) {
            return vec![Effect::Send(Command::Engine(engine))];
        }
        let mut effects = vec![Effect::Send(Command::Reset)];
        effects.extend(self.next_compared());
        effects
    }

    /// The module is ready for the engine, or this is why it is not.
    #[inline(never)]
    pub(super) fn compares_in(&mut self, problem: Option<String>) -> Vec<Effect> {
        match problem {
            Some(problem) => self.end_comparison(State::Ended(problem)),
            None => self.next_compared(),
        }
    }

    fn next_compared(&mut self) -> Vec<Effect> {
        let Some(comparison) = self.comparing() else {
            return Vec::new();
        };
        if comparison.stops {
            return self.end_comparison(State::Ended("it was stopped".to_owned()));
        }
        let Some(called) = comparison.calls.get(comparison.made()).cloned() else {
            return match comparison.engine {
                Engine::Browser => self.end_comparison(State::Done),
                Engine::Interpreter => {
                    self.say(Source::Note, "compare: in the browser's engine");
                    self.compare_in(Engine::Browser)
                }
            };
        };
        let effects = self.call_again(called);
        let Some(run) = &mut self.run else {
            return self.end_comparison(State::Ended("a call cannot be made any more".to_owned()));
        };
        // Nobody is there to type.
        run.interactive = false;
        let call = Some(run.call);
        if let Some(comparison) = self.comparing() {
            comparison.call = call;
        }
        effects
    }

    /// Whether this is a call that is made for it.
    pub(super) fn is_compared(&self, call: CallId) -> bool {
        let comparison = self.comparison.as_ref();
        comparison.is_some_and(|it| it.call == Some(call))
    }

    /// Such a call has ended. What is typed, the history and the outcomes that are shown stay as they are.
    #[inline(never)]
    pub(super) fn compared_ended(&mut self, run: Run, tone: Tone, text: &str) -> Vec<Effect> {
        if text != "returned" {
            self.say(tone.source(), text);
        }
        if let Some(comparison) = &mut self.comparison {
            comparison.make_mut().call = None;
        }
        let Some(came) = run.came else {
            return self.end_comparison(State::Ended(text.to_owned()));
        };
        let Some(comparison) = self.comparing() else {
            return Vec::new();
        };
        comparison.ended = Some(Came {
            came,
            usage: run.usage,
            busy_micros: run.busy_micros,
            left: Left::default(),
        });
        vec![Effect::Send(Command::Left)]
    }

    /// What the call has left behind.
    #[inline(never)]
    pub(super) fn compared_left(&mut self, left: Left) -> Vec<Effect> {
        let Some(comparison) = self.comparing() else {
            return Vec::new();
        };
        let Some(ended) = comparison.ended.take() else {
            return Vec::new();
        };
        let came = Came { left, ..ended };
        match comparison.engine {
            Engine::Interpreter => comparison.interpreted.push(came),
            Engine::Browser => {
                let place = comparison.rows.len();
                let call = comparison.calls.get(place);
                if let (Some(call), Some(before)) = (call, comparison.interpreted.get(place)) {
                    comparison.rows.push(Row {
                        written: call.to_string(),
                        used: [before, &came].map(|it| (it.busy_micros, it.usage)),
                        difference: difference(before, &came),
                    });
                }
            }
        }
        self.next_compared()
    }

    fn end_comparison(&mut self, state: State) -> Vec<Effect> {
        let Some(comparison) = self.comparing() else {
            return Vec::new();
        };
        comparison.state = state;
        comparison.interpreted.clear();
        let told = comparison.told();
        self.say(Source::Note, &format!("compare: {told}"));
        let mut effects = self.configure_again();
        effects.push(Effect::Send(Command::Reset));
        effects.extend(self.engine_anew());
        effects
    }

    /// Stop was pressed.
    pub(super) fn stop_comparison(&mut self) {
        if let Some(comparison) = self.comparing() {
            comparison.stops = true;
        }
    }

    /// Something keeps it from an end.
    pub(super) fn comparison_failed(&mut self, why: &str) {
        if let Some(comparison) = self.comparing() {
            comparison.call = None;
            comparison.state = State::Ended(why.to_owned());
        }
    }

    fn configure_again(&self) -> Vec<Effect> {
        let plugged = self.plugged.as_ref();
        plugged.map_or_else(Vec::new, |plugged| self.configure(&plugged.info.name))
    }
}

/// What differs first of what came of a call.
fn difference(a: &Came, b: &Came) -> Option<Difference> {
    let differs = |what: &str, a: String, b: String| Difference {
        what: what.to_owned(),
        lines: vec![(Mark::Expected, cut(a)), (Mark::Happened, cut(b))],
    };
    let came = ALL.iter().find_map(|key| {
        let (one, other) = (a.came.get(*key), b.came.get(*key));
        let (one, other) = (text(one), text(other));
        let (one, other) = first_line(&one, &other)?;
        Some(differs(key, one, other))
    });
    let calls = || {
        let (one, other) = (&a.left.calls, &b.left.calls);
        let place = first_that_differs(one, other)?;
        let of = |calls: &[String]| calls.get(place).cloned().unwrap_or_else(nothing);
        Some(differs(
            &format!("host call {}", place + 1),
            of(one),
            of(other),
        ))
    };
    let count = || {
        let counts = [a, b].map(|it| it.left.all_calls);
        let [one, other] = counts.map(|count| count.to_string());
        (one != other).then(|| differs("number of host calls", one, other))
    };
    let size = || {
        let [one, other] = [a, b].map(|it| format!("{} bytes", it.left.memory));
        (one != other).then(|| differs("size of the memory", one, other))
    };
    let memory = || {
        let place = first_that_differs(&a.left.blocks, &b.left.blocks)? as u64;
        let bytes = a.left.block.max(b.left.block);
        let at = place * bytes;
        let what = format!("memory: the {bytes} bytes from {at:#x} on");
        let digest = |it: &Came| {
            let block = usize::try_from(place)
                .ok()
                .and_then(|at| it.left.blocks.get(at));
            block.map_or_else(nothing, |digest| format!("digest {digest:016x}"))
        };
        Some(differs(&what, digest(a), digest(b)))
    };
    let globals = || {
        let place = first_that_differs(&a.left.globals, &b.left.globals)?;
        let of = |it: &Came| {
            let global = it.left.globals.get(place);
            global.map_or_else(nothing, |(name, bits)| format!("{name}: {bits:#x}"))
        };
        Some(differs("global", of(a), of(b)))
    };
    came.or_else(calls)
        .or_else(count)
        .or_else(size)
        .or_else(memory)
        .or_else(globals)
}

fn nothing() -> String {
    "nothing".to_owned()
}

fn cut(text: String) -> String {
    match text.char_indices().nth(MOST_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// A value as text: a text as it is, anything else as JSON.
fn text(value: Option<&Json>) -> String {
    match value {
        None => nothing(),
        Some(Json::String(text)) => text.clone(),
        Some(value) => format!("{value:#}"),
    }
}

fn first_that_differs<T: PartialEq>(a: &[T], b: &[T]) -> Option<usize> {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    (same < a.len().max(b.len())).then_some(same)
}

/// The first lines that differ.
fn first_line(a: &str, b: &str) -> Option<(String, String)> {
    if a == b {
        return None;
    }
    let (one, other): (Vec<&str>, Vec<&str>) = (a.split('\n').collect(), b.split('\n').collect());
    let place = first_that_differs(&one, &other)?;
    let of = |lines: &[&str]| {
        lines
            .get(place)
            .map_or_else(nothing, |line| (*line).to_owned())
    };
    Some((of(&one), of(&other)))
}

#[cfg(test)]
mod tests;
