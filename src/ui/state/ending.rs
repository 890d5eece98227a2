//! How a call ended.

use super::board::{Board, Effect};
use super::host_code;
use super::module::Plugged;
use super::outcome::{Finished, Tone, describe, split_advice};
use super::run::Run;
use super::shared::Shared;
use crate::module::Kind;
use crate::protocol::{CallId, InstanceState, Outcome, Usage};
use crate::saved;

/// What a trap is called that a panic ends in.
const UNREACHABLE: &str = "unreachable executed";

/// Calls that are remembered.
const MAX_HISTORY: usize = 100;

/// Bytes of their arguments that are.
const MAX_HISTORY_BYTES: usize = 128 << 20;

impl Board {
    /// A call has ended.
    pub(super) fn ended(&mut self, call: CallId, outcome: Outcome, usage: Usage) -> Vec<Effect> {
        self.put_ended(call, &outcome);
        let mut effects = Vec::new();
        if let Some(mut run) = self.run.take_if(|run| run.call == call) {
            let returned = matches!(outcome, Outcome::Returned { .. });
            let is_command = |plugged: &Shared<Plugged>| plugged.info.kind == Kind::Command;
            let is_over = returned
                || (outcome == Outcome::Exited(0) && self.plugged.as_ref().is_some_and(is_command));
            let (mut tone, mut text) = if returned && run.called.export == "_start" {
                // To return from it is to exit with 0: WASI's application ABI.
                describe(&Outcome::Exited(0))
            } else {
                describe(&outcome)
            };
            let mut by_form = None;
            if returned && self.hosting.is_some() {
                by_form = self.ended_by_form(call, &run.called.export);
            }
            if let Some(ended) = by_form {
                (tone, text) = ended;
            }
            let quiet = text == "returned";
            if returned && self.instance == InstanceState::Broken {
                tone = Tone::Neutral;
                text.push_str(" (after an interrupted call: restart before you rely on it)");
            }
            if may_be_panic(&outcome) {
                let [stdout, stderr] = &mut run.panics;
                run.panic = stderr.message().or_else(|| stdout.message());
            }
            run.usage = usage;
            run.expected = host_code::expected(&outcome, run.output.printed());
            if !matches!(outcome, Outcome::Stopped | Outcome::Refused(_)) {
                let signature = run.called.signature();
                let mut came = saved::came(&run.called.export, signature, &outcome, &run.output);
                if run.called.by_form.is_some() {
                    self.showed(call, &run.called.export, &mut came);
                }
                run.came = Some(came);
            }
            if let Outcome::Returned { args, .. } = outcome {
                run.called.after = Some(args);
            }
            if is_over {
                // It may have been held before; it is nowhere now.
                self.locate_anew();
            }
            if self.is_compared(call) {
                effects = self.compared_ended(run, tone, &text);
            } else if self.is_saved_run() {
                effects = self.saved_ended(run, tone, &text);
            } else {
                self.end(run, tone, &text, quiet);
            }
            effects.extend(self.after_debugged());
            effects.extend(self.engine_after_run());
            effects.extend(self.cover_anew());
            effects.extend(self.ask_where_it_was());
        }
        effects.extend(self.keep_written());
        effects.extend(self.looked_at(usage.memory_pages, true));
        effects.extend(self.next_again());
        effects
    }

    /// Notes how a call ended, in the console unless there is nothing to say.
    pub(super) fn end(&mut self, run: Run, tone: Tone, text: &str, quiet: bool) {
        if !quiet {
            // Lines that are advised to be pasted stand where they can be copied.
            let (words, _) = split_advice(text);
            self.say(tone.source(), words);
        }
        let export = run.called.export.clone();
        // Why it happened comes first; the console has it already.
        let text = match run.panic {
            Some(panic) => format!("{panic}\n{text}"),
            None => text.to_owned(),
        };
        let finished = Shared::new(Finished {
            number: run.call,
            called: run.called,
            tone,
            text,
            usage: run.usage,
            busy_micros: run.busy_micros,
            printed: run.printed,
            expected: run.expected,
            came: run.came,
        });
        self.changed = true;
        self.finished.insert(export, finished.clone());
        self.given.history.push_front(finished);
        let mut left = MAX_HISTORY_BYTES;
        let mut kept = 0;
        for call in self.given.history.iter().take(MAX_HISTORY) {
            left = left.saturating_sub(call.called.weight());
            if left == 0 {
                break;
            }
            kept += 1;
        }
        // The last one is there, whatever it weighs.
        self.given.history.truncate(kept.max(1));
    }
}

/// Whether a run may end so because of a panic that it has printed: Go exits with 2 then, Rust with 101 at
/// times, others trap.
fn may_be_panic(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Trapped(text) => text.contains(UNREACHABLE),
        Outcome::Exited(code) => matches!(code, 2 | 101),
        _ => false,
    }
}
