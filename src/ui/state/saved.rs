//! The calls that are saved: made again, one or all, and whether they come to what is expected of them.

mod round;

pub(crate) use self::round::Round;

use super::board::{Board, Effect};
use super::console::Source;
use super::outcome::Finished;
use super::shared::Shared;
use crate::amount::amount;
use crate::go::Signature;
use crate::go::value::json;
use crate::protocol::{CallId, Command, Difference};
use crate::saved::expected::{ALL, EXIT, TRAP};
use crate::saved::file::{self, call_from_json, call_to_json};
use crate::saved::{SavedCall, expectation};
use serde_json::{Map, Value as Json};
use std::collections::VecDeque;

/// Characters of the name that a call gets when it is saved.
const MAX_NAME: usize = 60;

/// Whether a call came to what is expected of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Verdict {
    /// It has not been made, of this build of the plugin and as it is now.
    #[default]
    Not,
    /// It is being made, or judged.
    Runs,
    Green,
    /// With what is otherwise.
    Red(Vec<Difference>),
}

/// A call that is saved.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Saved {
    /// Names it while the page is open.
    pub(crate) number: u32,
    pub(crate) call: SavedCall,
    /// What came of it the last time.
    came: Map<String, Json>,
    pub(crate) verdict: Verdict,
    /// The call as it is edited, and what is wrong with that.
    pub(crate) edited: Option<(String, Option<String>)>,
}

/// The calls that are saved for a plugin.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calls {
    pub(crate) list: Vec<Shared<Saved>>,
    /// Whether they are made in order, in one instance, and not each in a fresh one.
    pub(crate) in_order: bool,
    /// What is wrong with the file that was opened last.
    pub(crate) problem: Option<String>,
}

impl Saved {
    /// What can be expected of it, and whether that is.
    pub(crate) fn expectations(&self) -> Vec<(&'static str, bool)> {
        let known = ALL
            .iter()
            .map(|key| (*key, self.call.expect.contains_key(*key)));
        known
            .filter(|(key, is_expected)| *is_expected || self.came.contains_key(*key))
            .collect()
    }

    /// Whether it is known what else could be expected.
    pub(crate) fn can_update(&self) -> bool {
        matches!(self.verdict, Verdict::Red(_)) && !self.came.is_empty()
    }

    /// The call as a file has it.
    pub(crate) fn text(&self) -> String {
        format!("{:#}", call_to_json(&self.call))
    }
}

impl Calls {
    /// What a file has of them.
    pub(crate) fn file(&self) -> file::Calls {
        file::Calls {
            calls: self.list.iter().map(|saved| saved.call.clone()).collect(),
            in_order: self.in_order,
        }
    }

    /// Takes calls in, in place of those of the same name.
    pub(crate) fn take(&mut self, file: file::Calls) {
        self.in_order = file.in_order;
        for call in file.calls {
            let there = self.list.iter_mut().find(|it| it.call.name == call.name);
            match there {
                Some(there) => {
                    *there = Shared::new(Saved {
                        number: there.number,
                        call,
                        ..Saved::default()
                    });
                }
                None => {
                    self.push(call);
                }
            }
        }
    }

    fn push(&mut self, call: SavedCall) -> u32 {
        let number = self.list.iter().map(|it| it.number).max().unwrap_or(0) + 1;
        self.list.push(Shared::new(Saved {
            number,
            call,
            ..Saved::default()
        }));
        number
    }

    fn get(&self, number: u32) -> Option<&Shared<Saved>> {
        self.list.iter().find(|it| it.number == number)
    }

    fn get_mut(&mut self, number: u32) -> Option<&mut Saved> {
        let found = self.list.iter_mut().find(|it| it.number == number);
        found.map(Shared::make_mut)
    }

    /// How many are green, red, and neither.
    pub(crate) fn counts(&self) -> [usize; 3] {
        let count =
            |is: fn(&Verdict) -> bool| self.list.iter().filter(|it| is(&it.verdict)).count();
        let green = count(|verdict| *verdict == Verdict::Green);
        let red = count(|verdict| matches!(verdict, Verdict::Red(_)));
        [green, red, self.list.len().saturating_sub(green + red)]
    }
}

/// What a person does with them.
impl Board {
    pub(crate) fn saved_calls(&self) -> &Shared<Calls> {
        &self.given.calls
    }

    /// Saves a call of before, the last one first, or the last one of the export that is selected; what came
    /// of it is what is expected.
    pub(crate) fn save_call(&mut self, past: Option<usize>) -> Vec<Effect> {
        let finished = match past {
            Some(past) => self.given.history.get(past),
            None => self.finished(),
        };
        let (Some(finished), Some(plugged)) = (finished.cloned(), &self.plugged) else {
            return Vec::new();
        };
        let Some(came) = finished.came.clone() else {
            return Vec::new();
        };
        let called = &finished.called;
        let signature = called.signature();
        let args = signature.map(|known| json::arguments_to_json(&called.args, known));
        let call = SavedCall {
            name: self.name_for(&finished),
            export: called.export.clone(),
            signature: signature.map(Signature::in_go),
            args: match args {
                Some(Json::Array(args)) => args,
                _ => Vec::new(),
            },
            by_form: called.by_form.as_deref().cloned(),
            expect: expectation(&came, &plugged.info),
        };
        let message = format!("saved: {} (Calls runs it again)", call.name);
        let calls = self.given.calls.make_mut();
        let number = calls.push(call);
        if let Some(saved) = calls.get_mut(number) {
            saved.came = came;
            saved.verdict = Verdict::Green;
        }
        self.say(Source::Note, &message);
        // The session knows the host calls of the last run only.
        if finished.number != CallId(self.calls) || self.run.is_some() {
            return Vec::new();
        }
        self.ask_made(number)
    }

    /// Makes a saved call again, or all of them.
    pub(crate) fn run_saved(&mut self, only: Option<u32>) -> Vec<Effect> {
        if !self.can_call() {
            return Vec::new();
        }
        let calls = self.given.calls.make_mut();
        let all = calls.list.iter().map(|saved| saved.number);
        let todo: VecDeque<u32> = all
            .filter(|it| only.is_none_or(|only| only == *it))
            .collect();
        for number in &todo {
            calls.judged(*number, Verdict::Not);
        }
        let mut effects = Vec::new();
        if calls.in_order && only.is_none() {
            effects.push(Effect::Send(Command::Reset));
        }
        self.round = Some(Round {
            todo,
            ..Round::default()
        });
        effects.extend(self.go_on_with_round());
        effects
    }

    /// Begins a round, unless signatures are still being read: the calls are made by them.
    pub(super) fn go_on_with_round(&mut self) -> Vec<Effect> {
        let waits = |round: &Round| round.now.is_none();
        if self.unread > 0 || self.run.is_some() || !self.round.as_ref().is_some_and(waits) {
            return Vec::new();
        }
        self.next_saved()
    }

    /// Whether saved calls are being made.
    pub(crate) fn is_running_saved(&self) -> bool {
        self.round.is_some()
    }

    pub(crate) fn rename_saved(&mut self, number: u32, name: String) {
        self.edit_call(number, |saved| saved.call.name = name);
    }

    pub(crate) fn remove_saved(&mut self, number: u32) {
        let calls = self.given.calls.make_mut();
        calls.list.retain(|saved| saved.number != number);
    }

    /// Whether they are made in order, in one instance.
    pub(crate) fn order_saved(&mut self, in_order: bool) {
        self.given.calls.make_mut().in_order = in_order;
    }

    /// Expects something of a call that came of it, or does not any more.
    pub(crate) fn switch_expected(&mut self, number: u32, key: &str) {
        let came = self.expectation_of(number);
        self.edit_call(number, |saved| {
            saved.edited = None;
            let expect = &mut saved.call.expect;
            if expect.shift_remove(key).is_none()
                && let Some(value) = came.get(key)
            {
                expect.insert(key.to_owned(), value.clone());
            }
            saved.verdict = Verdict::Not;
        });
    }

    /// What came of a call is from now on what is expected, as far as something was.
    pub(crate) fn update_saved(&mut self, number: u32) {
        let mut came = self.expectation_of(number);
        self.edit_call(number, |saved| {
            saved.edited = None;
            let before = &saved.call.expect;
            let is_end = |key: &str| matches!(key, EXIT | TRAP);
            came.retain(|key, _| is_end(key) || before.contains_key(key));
            saved.call.expect = came;
            saved.verdict = Verdict::Green;
        });
    }

    /// A call is edited as a file has it.
    pub(crate) fn edit_saved(&mut self, number: u32, text: &str) {
        let json: Result<Json, _> = serde_json::from_str(text);
        let read = json.map_err(|error| format!("JSON: {error}"));
        let read = read.and_then(|json| call_from_json(&json, "call"));
        self.edit_call(number, |saved| {
            let problem = match read {
                Ok(call) => {
                    if call != saved.call {
                        saved.call = call;
                        saved.verdict = Verdict::Not;
                    }
                    None
                }
                Err(problem) => Some(problem),
            };
            saved.edited = Some((text.to_owned(), problem));
        });
    }

    /// The saved calls as a file: its name and its text.
    pub(crate) fn calls_file(&self) -> Option<(String, String)> {
        let calls = &self.given.calls;
        let name = self
            .plugged
            .as_ref()?
            .info
            .name
            .trim_end_matches(".wasm")
            .to_owned();
        let text = file::write(&calls.file());
        Some((format!("{name}.calls.json"), text))
    }

    /// Takes in a file of calls.
    pub(crate) fn open_calls(&mut self, name: &str, text: &str) -> Vec<Effect> {
        let calls = self.given.calls.make_mut();
        match file::read(text) {
            Ok(file) => {
                calls.problem = None;
                let count = amount(file.calls.len() as u64, "call");
                calls.take(file);
                self.say(Source::Note, &format!("{name}: {count}"));
            }
            Err(problem) => calls.problem = Some(format!("{name}: {problem}")),
        }
        Vec::new()
    }

    fn edit_call(&mut self, number: u32, edit: impl FnOnce(&mut Saved)) {
        if let Some(saved) = self.given.calls.make_mut().get_mut(number) {
            edit(saved);
        }
    }

    /// What could be expected of what came of a call the last time.
    fn expectation_of(&self, number: u32) -> Map<String, Json> {
        let saved = self.given.calls.get(number);
        let known = saved.zip(self.plugged.as_ref());
        let known = known.map(|(saved, plugged)| expectation(&saved.came, &plugged.info));
        known.unwrap_or_default()
    }

    /// A name that no other has.
    fn name_for(&self, finished: &Finished) -> String {
        let written = &finished.called.written;
        let name = match written.char_indices().nth(MAX_NAME) {
            Some((end, _)) => format!("{}…", written.get(..end).unwrap_or_default()),
            None => written.clone(),
        };
        let calls = &self.given.calls;
        let is_free = |name: &String| calls.list.iter().all(|saved| saved.call.name != *name);
        let names = (2..).map(|nth| format!("{name} ({nth})"));
        let mut names = [name.clone()].into_iter().chain(names);
        names.find(is_free).unwrap_or_default()
    }
}

impl Calls {
    fn judged(&mut self, number: u32, verdict: Verdict) {
        if let Some(saved) = self.get_mut(number) {
            saved.verdict = verdict;
        }
    }
}

#[cfg(test)]
mod tests;
