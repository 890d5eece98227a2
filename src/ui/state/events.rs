//! What the worker says.

use super::board::{Board, Effect, Loading};
use super::console::Source;
use super::format;
use super::module::{Plugged, import_name};
use super::outcome::{Finished, Tone, describe};
use super::shared::Shared;
use crate::module::Info;
use crate::protocol::{Answer, Command, Event, InstanceState, Outcome, Report, Signatures, Usage};

impl Board {
    /// Takes in a report.
    pub(crate) fn report(&mut self, report: Report) -> Vec<Effect> {
        if let Some(run) = &mut self.run {
            run.busy_micros = run.busy_micros.saturating_add(report.busy_micros);
        }
        let mut effects = Vec::new();
        let mut taken = 0;
        for event in report.events {
            if let Event::Output { bytes, .. } = &event {
                taken += bytes.len() as u64;
            }
            effects.extend(self.apply(event));
        }
        if taken > 0 {
            effects.push(Effect::Send(Command::Taken { bytes: taken }));
        }
        effects
    }

    /// The worker was replaced; the new one is told the settings, the module and the answers again.
    pub(crate) fn replaced(&mut self, reason: &str) {
        if let Some(run) = self.run.take() {
            self.finish(&run.export, Tone::Bad, reason, run.usage, run.busy_micros);
        } else {
            self.say(Source::Alarm, reason);
        }
        self.instance = InstanceState::Fresh;
        let name = match (&self.loading, &mut self.plugged) {
            (Some(loading), _) => loading.name.clone(),
            (None, Some(plugged)) => {
                plugged.make_mut().ready = false;
                plugged.info.name.clone()
            }
            (None, None) => return,
        };
        self.loading = Some(Shared::new(Loading {
            name,
            progress: None,
            again: true,
        }));
    }

    /// Nothing can be run in this browser.
    pub(crate) fn cannot_run(&mut self, reason: &str) {
        self.loading = None;
        self.run = None;
        self.unsupported = Some(reason.to_owned());
    }

    /// Takes in one event.
    pub(crate) fn apply(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Read(info) => self.read(*info),
            Event::Signatures(signatures) => self.signatures(*signatures),
            Event::Validating { done, total } => {
                if let Some(loading) = &mut self.loading {
                    loading.make_mut().progress = Some((done, total));
                }
            }
            Event::Ready { answers } => return self.ready(answers),
            Event::Refused { name, message } => return self.module_refused(&name, &message),
            Event::Began { call, export } => {
                if let Some(run) = self.run.as_mut().filter(|run| run.call == call) {
                    run.running = Some(export);
                }
            }
            Event::Output { stream, bytes } => {
                self.console.write(stream.into(), &bytes);
                self.resumed();
            }
            Event::Progress(usage) => {
                self.resumed();
                if let Some(run) = &mut self.run {
                    run.usage = usage;
                }
            }
            Event::Waiting(waiting) => {
                if let Some(run) = &mut self.run {
                    run.waiting = Some(waiting);
                }
            }
            Event::Ended {
                call,
                outcome,
                usage,
            } => {
                if let Some(run) = self.run.take_if(|run| run.call == call) {
                    let (tone, text) = describe(&outcome, run.result.as_ref());
                    let quiet = matches!(&outcome, Outcome::Returned { raw, .. } if raw.is_empty());
                    self.end(&run.export, tone, &text, usage, run.busy_micros, quiet);
                }
            }
            Event::Instance(state) => self.instance = state,
            Event::Stopping => {}
            Event::Rejected(why) => self.rejected(&why),
        }
        Vec::new()
    }

    fn read(&mut self, info: Info) {
        let name = info.name.clone();
        let again = self.loading.as_ref().is_some_and(|loading| loading.again);
        let plugged = Plugged::new(info);
        let kept = self
            .selected
            .take()
            .filter(|name| plugged.function(name).is_some());
        self.selected = kept.or_else(|| plugged.likely().map(|export| export.name.clone()));
        self.plugged = Some(Shared::new(plugged));
        self.instance = InstanceState::Fresh;
        if !again {
            self.finished.clear();
        }
        self.loading = Some(Shared::new(Loading {
            name,
            progress: None,
            again,
        }));
    }

    fn signatures(&mut self, signatures: Signatures) {
        for problem in &signatures.problems {
            self.say(Source::Note, problem);
        }
        if let Some(plugged) = &mut self.plugged {
            let info = plugged.make_mut().info.make_mut();
            for (export, signatures) in info.exports.iter_mut().zip(signatures.exports) {
                export.signatures = signatures;
            }
            for (import, signature) in info.imports.iter_mut().zip(signatures.imports) {
                import.signature = signature;
            }
        }
    }

    fn ready(&mut self, mut answers: Vec<Option<Answer>>) -> Vec<Effect> {
        let again = self.loading.take().is_some_and(|loading| loading.again);
        self.before = None;
        let Some(plugged) = &mut self.plugged else {
            return Vec::new();
        };
        let mut effects = vec![Effect::Keep(plugged.info.name.clone())];
        for (place, (import, slot)) in plugged.info.imports.iter().zip(&mut answers).enumerate() {
            let chosen = self.chosen.get(&import_name(import)).copied();
            if let (Some(answer), Some(given)) = (chosen, slot.as_mut())
                && *given != answer
                && let Ok(import) = u32::try_from(place)
            {
                *given = answer;
                effects.push(Effect::Send(Command::Answer { import, answer }));
            }
        }
        let plugged = plugged.make_mut();
        plugged.answers = answers;
        plugged.ready = true;
        let Info {
            name, size, kind, ..
        } = &*plugged.info;
        let message = format!("{name}: {kind}, {}", format::bytes(*size));
        if !again && self.console.version() > 0 {
            self.say(Source::Note, &message);
        }
        effects
    }

    fn module_refused(&mut self, name: &str, message: &str) -> Vec<Effect> {
        self.refuse(name, message);
        self.run = None;
        let loading = self.loading.take();
        self.plugged = self.before.take();
        if loading.is_some_and(|loading| loading.again) {
            // What was good before is not any more: there is nothing to go back to.
            self.plugged = None;
        }
        self.restore()
    }

    /// A guest that does something does not wait.
    fn resumed(&mut self) {
        if let Some(run) = &mut self.run {
            run.waiting = None;
        }
    }

    fn rejected(&mut self, why: &str) {
        match self.run.take_if(|run| run.running.is_none()) {
            Some(run) => self.finish(&run.export, Tone::Bad, why, run.usage, run.busy_micros),
            None => self.say(Source::Alarm, why),
        }
    }

    fn finish(&mut self, export: &str, tone: Tone, text: &str, usage: Usage, micros: u64) {
        self.end(export, tone, text, usage, micros, false);
    }

    /// Notes how a call ended, in the console unless there is nothing to say.
    fn end(
        &mut self,
        export: &str,
        tone: Tone,
        text: &str,
        usage: Usage,
        busy_micros: u64,
        quiet: bool,
    ) {
        if !quiet {
            self.say(tone.source(), text);
        }
        let finished = Finished {
            tone,
            text: text.to_owned(),
            usage,
            busy_micros,
        };
        self.finished
            .insert(export.to_owned(), Shared::new(finished));
    }
}
