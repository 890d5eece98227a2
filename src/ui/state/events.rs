//! What the worker says.

use super::board::{Board, Effect, Loading};
use super::console::Source;
use super::module::Plugged;
use super::outcome::Tone;
use super::saved::Verdict;
use super::shared::Shared;
use super::{format, rebuilt};
use crate::module::Info;
use crate::protocol::{
    Command, Debug, Event, Go, InstanceState, Report, Signatures, Stream, WaitingFor,
};
use crate::wasi::Used;
use litemap::LiteMap;

/// Bytes of what is printed that are taken in at once: those of a hostile guest can be slow.
const PIECE: usize = 16 << 10;

impl Board {
    /// Takes in a report, all of it.
    #[cfg(test)]
    pub(crate) fn report(&mut self, report: Report) -> Vec<Effect> {
        self.receive(report);
        let mut effects = Vec::new();
        while let Some(more) = self.take_in() {
            effects.extend(more);
        }
        effects.extend(self.acknowledge());
        effects
    }

    /// Takes a report, to be gone through by [`Board::take_in`].
    pub(crate) fn receive(&mut self, report: Report) {
        if let Some(run) = &mut self.run {
            run.busy_micros = run.busy_micros.saturating_add(report.busy_micros);
        }
        self.intake.extend(report.events);
    }

    /// Goes through a part of what was received: an event, or a piece of what was printed. `None`: there
    /// is nothing left.
    pub(crate) fn take_in(&mut self) -> Option<Vec<Effect>> {
        let waits = self.loading.as_ref().is_some_and(|loading| loading.hashing);
        if waits && matches!(self.intake.front(), Some(Event::Read(_))) {
            return None;
        }
        match self.intake.pop_front()? {
            Event::Output { stream, mut bytes } => {
                if bytes.len() > PIECE {
                    let rest = bytes.split_off(PIECE);
                    let rest = Event::Output {
                        stream,
                        bytes: rest,
                    };
                    self.intake.push_front(rest);
                }
                self.taken_in += bytes.len() as u64;
                Some(self.apply(Event::Output { stream, bytes }))
            }
            event => Some(self.apply(event)),
        }
    }

    /// Tells the worker what has been taken in of what was printed.
    pub(crate) fn acknowledge(&mut self) -> Option<Effect> {
        let bytes = std::mem::take(&mut self.taken_in);
        (bytes > 0).then_some(Effect::Send(Command::Taken { bytes }))
    }

    /// The worker was replaced; the new one is told the settings, the module and the answers again.
    pub(crate) fn replaced(&mut self, reason: &str) -> Vec<Effect> {
        let running = self.run.is_some();
        self.saved_failed(reason);
        self.comparison_failed(reason);
        if let Some(run) = self.run.take() {
            self.end(run, Tone::Bad, reason, false);
        } else {
            self.say(Source::Alarm, reason);
        }
        self.instance = InstanceState::Fresh;
        self.prompt.ended = false;
        let name = match (&self.loading, &mut self.plugged) {
            (Some(loading), _) => Some(loading.name.clone()),
            (None, Some(plugged)) => {
                plugged.make_mut().ready = false;
                Some(plugged.info.name.clone())
            }
            (None, None) => None,
        };
        self.loading = name.map(|name| {
            Shared::new(Loading {
                name,
                again: true,
                ..Loading::default()
            })
        });
        self.aside_lost = self.previous.of.is_some();
        self.locate_anew();
        self.debugger_is_new();
        self.forget_engine();
        let mut effects = self.put_files_back(running);
        effects.extend(self.look_anew());
        effects
    }

    /// A fresh worker is told what is looked at.
    pub(super) fn look_anew(&mut self) -> Vec<Effect> {
        let mut effects = self.trace_anew();
        effects.extend(self.memory_anew());
        effects
    }

    /// A run has gone on, or ended: what is looked at of it is not as it was.
    pub(super) fn looked_at(&mut self, pages: u64, ended: bool) -> Vec<Effect> {
        self.trace_goes_on();
        // A call that was refused has no memory.
        if pages == 0 {
            return Vec::new();
        }
        self.memory_goes_on(pages, ended)
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
            Event::Read(info) => return self.read(*info),
            Event::Signatures(signatures) => return self.signatures(*signatures),
            Event::Validating { done, total } => {
                if let Some(loading) = &mut self.loading {
                    loading.make_mut().progress = Some((done, total));
                }
            }
            Event::Ready { elsewhere, .. } => return self.ready(elsewhere),
            Event::Refused { name, message } => return self.module_refused(&name, &message),
            Event::Began { call, export } => {
                self.ask_anew();
                if let Some(run) = self.run.as_mut().filter(|run| run.call == call) {
                    run.running = Some(export);
                    run.output.begin();
                }
            }
            Event::Output { stream, bytes } => {
                self.console.write(stream.into(), &bytes);
                self.resumed();
                if let Some(run) = &mut self.run {
                    run.printed += bytes.len() as u64;
                    run.output.keep(stream, &bytes);
                    let place = match stream {
                        Stream::Stdout => Some(0),
                        Stream::Stderr => Some(1),
                        Stream::Host => None,
                    };
                    if let Some(panic) = place.and_then(|place| run.panics.get_mut(place)) {
                        panic.read(&bytes);
                    }
                }
            }
            Event::Progress(usage) => {
                self.resumed();
                if let Some(run) = &mut self.run {
                    run.usage = usage;
                    run.lasts = true;
                }
                return self.looked_at(usage.memory_pages, false);
            }
            // A test is not to be stopped.
            Event::Waiting(WaitingFor::Debugger) if self.is_saved_run() => {
                return vec![Effect::Send(Command::Debug(Debug::Go(Go::On)))];
            }
            Event::Waiting(waiting) => {
                if let Some(run) = &mut self.run {
                    run.waiting = Some(waiting);
                    run.pausing &= waiting != WaitingFor::Resume;
                    run.reads |= run.waits_for_stdin();
                    if run.waits_for_stdin() {
                        if self.is_saved_run() {
                            return vec![Effect::Send(Command::Stdin(None))];
                        }
                        return self.reply();
                    }
                }
            }
            Event::Stack { call, stack } => return self.seen(call, stack),
            Event::Backtrace { call, backtrace } => return self.locate(call, *backtrace),
            Event::Lines(lines) => return self.take_lines(*lines),
            Event::Profile(report) => return self.profile_report(report),
            Event::Engine { engine, problem } => return self.runs_in(engine, problem),
            Event::Left(left) => return self.compared_left(*left),
            Event::Debug(said) => return self.debugged(*said),
            Event::Placed(placed) => {
                if let Some(run) = &mut self.run {
                    run.called.placed = Some(*placed);
                }
            }
            Event::Ended {
                call,
                outcome,
                usage,
            } => return self.ended(call, outcome, usage),
            Event::Instance(state) => {
                self.instance = state;
                if state == InstanceState::Fresh {
                    self.instance_began();
                    self.reached_nothing();
                    self.prompt.ended = false;
                    let mut effects = self.memory_is_gone();
                    effects.extend(self.has_used(Used::default()));
                    return effects;
                }
            }
            Event::Files(report) => return self.files_report(report),
            Event::Called(called) => {
                self.called = Shared::new(called);
                return self.inspect();
            }
            Event::Used(used) => return self.has_used(*used),
            Event::Account(account) => return self.accounted(account),
            Event::Contents(contents) => self.contained(contents),
            Event::Functions { module, report } => return self.functions_report(module, report),
            Event::Trace(report) => return self.trace_report(report),
            Event::Memory(report) => return self.memory_report(report),
            Event::Script { import, problem } => self.script_read(import, problem),
            Event::HostCode(form, text) => self.host_code = Some((form, text)),
            Event::Judged {
                number,
                differences,
            } => self.judged(number, differences),
            // The driver hears it from the builder itself.
            Event::Host(bytes) => return self.hear_host(&bytes),
            Event::Build(_) | Event::Built(_) | Event::Stopping => {}
            Event::Rejected(why) => {
                self.rejected(&why);
                return self.go_on_after_rebuild();
            }
        }
        Vec::new()
    }

    fn read(&mut self, info: Info) -> Vec<Effect> {
        let name = info.name.clone();
        let Loading {
            again,
            rebuilt,
            id,
            hash,
            origin,
            built,
            ..
        } = self.loading.as_deref().cloned().unwrap_or_default();
        let mut plugged = Plugged::new(info, id, hash);
        plugged.origin = origin;
        let mut effects = self.hand_over(&mut plugged);
        if let (Some(built), Some(source)) = (built, &mut self.given.source) {
            source.make_mut().set_built(Some(built));
        }
        self.expect_signatures(&mut plugged, rebuilt);
        let kept = self
            .selected
            .take()
            .filter(|name| plugged.function(name).is_some());
        self.selected = kept.or_else(|| plugged.likely().map(|export| export.name.clone()));
        self.plugged = Some(Shared::new(plugged));
        self.hosting = None;
        self.instance = InstanceState::Fresh;
        self.prompt.ended = false;
        if !again {
            self.finished.clear();
            self.forget_verdicts(|verdict| *verdict != Verdict::Not);
        }
        self.loading = Some(Shared::new(Loading {
            name,
            again,
            rebuilt,
            read: true,
            ..Loading::default()
        }));
        self.locate_anew();
        self.forget_lines();
        self.forget_engine();
        self.problems = Shared::new(Vec::new());
        let coming = std::mem::take(&mut self.coming);
        effects.extend(match &coming[..] {
            [] => self.send_source(),
            files => self.add_source(files),
        });
        effects.extend(self.tell_chosen(&LiteMap::new()));
        effects.extend(self.memory_is_gone());
        effects.extend(self.inspect_another());
        self.text_of_another();
        if let Some(allocator) = self.allocator() {
            effects.push(Effect::Send(Command::Allocate(Some(allocator.clone()))));
        }
        effects
    }

    fn signatures(&mut self, signatures: Signatures) -> Vec<Effect> {
        if self.awaits_more_signatures() {
            return Vec::new();
        }
        let before = self.chosen();
        self.problems = Shared::new(signatures.problems);
        if let Some(plugged) = &mut self.plugged {
            let info = plugged.make_mut().info.make_mut();
            for (export, signatures) in info.exports.iter_mut().zip(signatures.exports) {
                export.signatures = signatures;
            }
            for (import, signature) in info.imports.iter_mut().zip(signatures.imports) {
                import.signature = signature;
            }
        }
        self.unfold_arguments();
        let mut effects = self.tell_chosen(&before);
        effects.extend(self.inspect());
        effects.extend(self.go_on_with_round());
        effects.extend(self.go_on_after_rebuild());
        effects
    }

    fn ready(&mut self, elsewhere: Option<String>) -> Vec<Effect> {
        let loading = self.loading.take();
        let again = loading.as_ref().is_some_and(|loading| loading.again);
        let rebuilt = loading.is_some_and(|loading| loading.rebuilt);
        let before = self.before.take().filter(|_| !self.switched);
        self.switched = false;
        self.called = Shared::default();
        self.answers_problem = None;
        self.changed = true;
        // Whoever types while the compiler works keeps the focus.
        self.loads += u32::from(!again && !rebuilt);
        if !again {
            self.watch_is_good();
        }
        let answers = self.tell_answers();
        let Some(plugged) = &mut self.plugged else {
            return Vec::new();
        };
        let mut effects = vec![Effect::Keep(plugged.info.name.clone())];
        effects.extend(answers);
        let plugged = plugged.make_mut();
        plugged.ready = true;
        plugged.elsewhere = elsewhere;
        let Info {
            name, size, kind, ..
        } = &*plugged.info;
        let before = before.filter(|before| !again && before.info.name == *name);
        let message = match &before {
            Some(before) => rebuilt::message(&before.info, &plugged.info),
            None => format!("{name}: {kind}, {}", format::bytes(*size)),
        };
        let name = name.clone();
        if !again && (rebuilt || before.is_some() || self.console.version() > 0) {
            self.say(Source::Note, &message);
        }
        if !again {
            self.trace_of(&name);
        }
        effects.extend(self.debug_anew());
        effects.extend(self.engine_anew());
        if self.given.host.is_some() {
            effects.extend(self.host_anew());
        }
        effects.extend(self.profile_anew());
        effects.extend(self.list_files());
        effects.extend(self.open_what_was_agreed_to());
        if before.is_some() || self.building.calls() {
            effects.extend(self.after_rebuild());
        }
        effects
    }

    fn module_refused(&mut self, name: &str, message: &str) -> Vec<Effect> {
        let loading = self.loading.take();
        let again = loading.as_ref().is_some_and(|loading| loading.again);
        let mut effects = self.hand_back();
        if again || !self.holds_refusal(name, message) {
            self.refuse(name, message);
            effects.extend(self.return_watch(true));
        }
        self.run = None;
        self.given.of = self.plugged.take();
        self.plugged = self.before.take();
        if again {
            // What was good before is not any more: there is nothing to go back to.
            self.plugged = None;
        }
        effects.extend(self.restore());
        effects
    }

    /// A guest that does something does not wait.
    fn resumed(&mut self) {
        if let Some(run) = &mut self.run {
            run.waiting = None;
        }
    }

    pub(super) fn rejected(&mut self, why: &str) {
        self.saved_failed(why);
        self.comparison_failed(why);
        self.unread = 0;
        self.debug_failed();
        match self.run.take_if(|run| run.running.is_none()) {
            Some(run) => self.end(run, Tone::Bad, why, false),
            None => self.say(Source::Alarm, why),
        }
    }
}
