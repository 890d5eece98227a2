//! Saved calls that are made, one after the other, and judged.

use super::{Saved, Verdict};
use crate::go::Signature;
use crate::protocol::{Command, Difference, Judging, Trace};
use crate::saved::expected::HOST_CALLS;
use crate::saved::not_made;
use crate::ui::state::board::{Board, Effect};
use crate::ui::state::outcome::{Called, Tone};
use crate::ui::state::run::Run;
use crate::ui::state::shared::Shared;
use serde_json::{Map, Value as Json};
use std::collections::VecDeque;

/// Saved calls that are being made.
#[derive(Debug, Default)]
pub(crate) struct Round {
    pub(crate) todo: VecDeque<u32>,
    /// The one that runs, or whose host calls are asked for.
    pub(crate) now: Option<u32>,
    /// By which that was made.
    pub(crate) signature: Option<Signature>,
}

/// What happens to them.
impl Board {
    /// Begins with the next one that can be made.
    pub(crate) fn next_saved(&mut self) -> Vec<Effect> {
        loop {
            let Some(number) = self.round.as_mut().and_then(|round| round.todo.pop_front()) else {
                self.round = None;
                return Vec::new();
            };
            let made = self.make_saved(number);
            let calls = self.given.calls.make_mut();
            match made {
                Ok(effects) => {
                    calls.judged(number, Verdict::Runs);
                    return effects;
                }
                Err(reason) => calls.judged(number, Verdict::Red(vec![not_made(&reason)])),
            }
        }
    }

    fn make_saved(&mut self, number: u32) -> Result<Vec<Effect>, String> {
        let (Some(plugged), Some(saved)) = (&self.plugged, self.given.calls.get(number)) else {
            return Err("it is not there any more".to_owned());
        };
        let export = saved.call.export.clone();
        let mut effects = Vec::new();
        if !self.given.calls.in_order {
            effects.push(Effect::Send(Command::Reset));
        }
        if let Some(by_form) = saved.call.by_form.clone() {
            effects.extend(self.send_by_form(&export, &Shared::new(by_form))?);
            self.saved_begins(number, None);
            return Ok(effects);
        }
        let resolved = saved.call.resolve(&plugged.info)?;
        let mut called = Called {
            export: export.clone(),
            ..Called::default()
        };
        let mut signature = None;
        if let Some((known, source, args)) = resolved {
            signature = Some(known.clone());
            called.known = Some((known, source));
            called.args = args;
        }
        let args = called.args.clone();
        let call = self.begin(called);
        effects.extend(self.trace_next_call());
        self.saved_begins(number, signature.clone());
        effects.push(Effect::Send(match signature {
            None => Command::Start { call },
            Some(signature) => Command::Call {
                call,
                export,
                signature,
                args,
            },
        }));
        Ok(effects)
    }

    fn saved_begins(&mut self, number: u32, signature: Option<Signature>) {
        if let Some(run) = &mut self.run {
            // Nobody is there to type.
            run.interactive = false;
        }
        if let Some(round) = &mut self.round {
            round.now = Some(number);
            round.signature = signature;
        }
    }

    /// Whether the run under way is that of a saved call.
    pub(crate) fn is_saved_run(&self) -> bool {
        self.round.as_ref().is_some_and(|round| round.now.is_some())
    }

    /// The run of a saved call has ended. What is typed, the history and the outcomes that are shown stay as
    /// they are.
    pub(crate) fn saved_ended(&mut self, run: Run, tone: Tone, text: &str) -> Vec<Effect> {
        if text != "returned" {
            self.say(tone.source(), text);
        }
        let Some(number) = self.round.as_ref().and_then(|round| round.now) else {
            return Vec::new();
        };
        match run.came {
            Some(came) => {
                self.edit_call(number, |saved| saved.came = came);
                self.ask_made(number)
            }
            None => {
                self.end_round();
                Vec::new()
            }
        }
    }

    pub(crate) fn ask_made(&mut self, number: u32) -> Vec<Effect> {
        self.asked.push_back(number);
        vec![Effect::Send(Command::Trace(Trace::Made))]
    }

    /// The host calls of a run that was asked for.
    pub(crate) fn made(&mut self, lines: Option<Vec<String>>) -> Vec<Effect> {
        let Some(number) = self.asked.pop_front() else {
            return Vec::new();
        };
        if let Some(lines) = lines {
            let lines = Json::from(lines);
            self.edit_call(number, |saved| {
                saved.came.insert(HOST_CALLS.to_owned(), lines);
            });
        }
        let round = self
            .round
            .as_mut()
            .filter(|round| round.now == Some(number));
        let Some(round) = round else {
            let came = self.expectation_of(number);
            if let Some(lines) = came.get(HOST_CALLS) {
                self.edit_call(number, |saved| {
                    saved
                        .call
                        .expect
                        .insert(HOST_CALLS.to_owned(), lines.clone());
                });
            }
            return Vec::new();
        };
        round.now = None;
        let signature = round.signature.take();
        let mut effects = Vec::new();
        if let Some(saved) = self.given.calls.get(number) {
            let text = |map: &Map<String, Json>| Json::Object(map.clone()).to_string();
            effects.push(Effect::Send(Command::Judge(Box::new(Judging {
                number,
                expect: text(&saved.call.expect),
                came: text(&saved.came),
                signature,
            }))));
        }
        effects.extend(self.next_saved());
        effects
    }

    /// A saved call has been judged.
    pub(crate) fn judged(&mut self, number: u32, differences: Vec<Difference>) {
        let is_judged = |saved: &Shared<Saved>| saved.verdict == Verdict::Runs;
        if self.given.calls.get(number).is_some_and(is_judged) {
            let verdict = match differences.is_empty() {
                true => Verdict::Green,
                false => Verdict::Red(differences),
            };
            self.given.calls.make_mut().judged(number, verdict);
        }
    }

    /// No more of them are made; of those that were not judged nothing is known.
    pub(crate) fn end_round(&mut self) {
        self.round = None;
        self.asked.clear();
        self.forget_verdicts(|verdict| *verdict == Verdict::Runs);
    }

    /// The verdicts are those of another build.
    pub(crate) fn forget_verdicts(&mut self, which: fn(&Verdict) -> bool) {
        if self
            .given
            .calls
            .list
            .iter()
            .any(|saved| which(&saved.verdict))
        {
            let calls = self.given.calls.make_mut();
            for saved in calls.list.iter_mut().filter(|saved| which(&saved.verdict)) {
                saved.make_mut().verdict = Verdict::Not;
            }
        }
    }

    /// Stop was pressed: the ones that have not begun are not made.
    pub(crate) fn stop_round(&mut self) {
        if let Some(round) = &mut self.round {
            round.todo.clear();
            if round.now.is_none() {
                self.round = None;
            }
        }
    }

    /// Something kept the one that is made, or those that are judged, from an end.
    pub(crate) fn saved_failed(&mut self, reason: &str) {
        let calls = self.given.calls.list.iter();
        let waiting = calls.filter(|saved| saved.verdict == Verdict::Runs);
        let waiting: Vec<u32> = waiting.map(|saved| saved.number).collect();
        for number in waiting {
            let verdict = Verdict::Red(vec![not_made(reason)]);
            self.given.calls.make_mut().judged(number, verdict);
        }
        self.round = None;
        self.asked.clear();
    }
}
