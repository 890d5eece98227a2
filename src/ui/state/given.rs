//! What a person gave the plugin on the board: it stays with that one. Another one starts from defaults, and
//! the page says so, and offers what the one before had.

use super::arrangement::Panel;
use super::board::{Board, Effect};
use super::debugger::Wanted;
use super::files::Kept;
use super::form::Form;
use super::go_source::GoSource;
use super::hosts::Filled;
use super::module::Plugged;
use super::outcome::Finished;
use super::plugin::{is_akin, is_same};
use super::prompt::Prompt;
use super::saved::Calls;
use super::settings::SettingsForm;
use super::shared::Shared;
use crate::module::Info;
use crate::protocol::{Allocator, Command, Engine, Files};
use litemap::LiteMap;
use std::collections::VecDeque;

/// What a person gave a plugin; how its imports are answered is with the module.
#[derive(Debug)]
pub(super) struct Given {
    /// Which it was, once it is not on the board any more.
    pub(super) of: Option<Shared<Plugged>>,
    pub(super) settings: Shared<SettingsForm>,
    /// What is typed for its exports.
    pub(super) forms: LiteMap<String, Form>,
    /// What gives room for arguments, where somebody chose it.
    pub(super) allocator: Option<Allocator>,
    /// The Go source that belongs to it.
    pub(super) source: Option<Shared<GoSource>>,
    /// Its calls that have ended, the last one first.
    pub(super) history: VecDeque<Shared<Finished>>,
    /// Those that are saved.
    pub(super) calls: Shared<Calls>,
    pub(super) kept: Kept,
    /// What is wanted of the debugger.
    pub(super) debug: Wanted,
    /// What its calls are to run in.
    pub(super) engine: Engine,
    /// What is filled in for the host of the framework that it is written for.
    pub(super) host: Option<Shared<Filled>>,
    prompt: Prompt,
}

impl Default for Given {
    fn default() -> Self {
        Self {
            of: None,
            settings: Shared::new(SettingsForm::default()),
            forms: LiteMap::new(),
            allocator: None,
            source: None,
            history: VecDeque::new(),
            calls: Shared::default(),
            kept: Kept::default(),
            debug: Wanted::default(),
            engine: Engine::default(),
            host: None,
            prompt: Prompt::default(),
        }
    }
}

/// What becomes of the files that the page keeps for guests, and of the one for stdin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hand {
    /// They are set aside, in exchange for those that were.
    Exchange,
    /// Those that were set aside come to the others.
    Merge,
    /// Those that were set aside are not wanted any more.
    Drop,
}

impl Board {
    /// Whose things are offered to the plugin on the board, which started without them.
    pub(crate) fn offered(&self) -> Option<&str> {
        let of = self.previous.of.as_ref().filter(|_| self.offers)?;
        Some(&of.info.name)
    }

    /// They are not wanted.
    pub(crate) fn dismiss_offer(&mut self) {
        self.offers = false;
    }

    /// A module comes. If it is not the plugin that was there, it starts from defaults, or with what it was
    /// given when it was on the board before the other one.
    pub(super) fn hand_over(&mut self, plugged: &mut Plugged) -> Vec<Effect> {
        let is_built = self.loading.as_ref().is_some_and(|it| it.built.is_some());
        if let Some(program) = self.program.take_if(|_| is_built) {
            // It is the program's first.
            plugged.id = program.id;
            // What was edited still is.
            self.arrangement.show(Panel::Source);
            return Vec::new();
        }
        let mut effects = self.leave_program();
        if !effects.is_empty() {
            effects.extend(self.configure(&plugged.info.name));
        }
        let owner = self.plugged.clone().or_else(|| self.given.of.take());
        // A worker that is told the module again is told the same one.
        let again = self.loading.as_ref().is_some_and(|loading| loading.again);
        let rebuilt = self.loading.as_ref().is_some_and(|loading| loading.rebuilt);
        let is = |of: &Shared<Plugged>| again || is_built || is_same(&of.about, &plugged.about);
        let is_it = |owner: &&Shared<Plugged>| {
            is(owner) || (rebuilt && is_akin(&owner.about, &plugged.about))
        };
        if let Some(owner) = owner.as_ref().filter(is_it) {
            plugged.take_over(owner, again);
        } else if let Some(owner) = owner {
            let is_back = self.previous.of.as_ref().is_some_and(is);
            if !is_back {
                self.previous = Given::default();
                effects.push(Effect::Hand(Hand::Drop));
            }
            self.plugged = Some(owner);
            self.switched = true;
            effects.extend(self.exchange(&plugged.info.name));
            if !is_back {
                effects.push(Effect::Send(Command::Files(Files::Reset)));
            }
            self.offers = !is_back && self.has_something_for(&plugged.info);
            match self.given.of.take() {
                Some(of) => plugged.take_over(&of, false),
                None => effects.extend(self.recall_what_is_kept(plugged)),
            }
        } else {
            effects.extend(self.recall_what_is_kept(plugged));
        }
        effects
    }

    /// A plugin that was not on the board on this visit: what earlier ones have kept of it is asked for.
    fn recall_what_is_kept(&mut self, plugged: &mut Plugged) -> Option<Effect> {
        let id = self.find_recent(&plugged.id, &plugged.about)?.id.clone();
        plugged.id.clone_from(&id);
        self.recalling = Some(id.clone());
        self.offers = false;
        Some(Effect::Recall(id))
    }

    /// What came after the module that was there before is not to be: that one has its own again.
    pub(super) fn hand_back(&mut self) -> Vec<Effect> {
        if !std::mem::take(&mut self.switched) {
            return Vec::new();
        }
        let name = self.before.as_ref().map(|before| before.info.name.clone());
        let effects = self.exchange(&name.unwrap_or_default());
        self.given.of = None;
        self.previous = Given::default();
        self.offers = false;
        effects
    }

    /// Sets aside what was given to the plugin on the board, in exchange for what was set aside. The
    /// worker, which has the disks of both, is told.
    pub(super) fn exchange(&mut self, program: &str) -> Vec<Effect> {
        let mut effects = self.drop_adding();
        self.given.of = self.plugged.clone();
        self.given.prompt = std::mem::take(&mut self.prompt);
        std::mem::swap(&mut self.given, &mut self.previous);
        self.prompt = std::mem::take(&mut self.given.prompt);
        self.plugins = self.plugins.wrapping_add(1);
        self.files = Shared::default();
        effects.extend(self.trace_of_another());
        self.memory_of_another();
        effects.push(Effect::Send(Command::Allocate(None)));
        effects.push(Effect::Send(Command::Files(Files::Exchange)));
        effects.extend(self.configure(program));
        effects.push(Effect::Hand(Hand::Exchange));
        if std::mem::take(&mut self.aside_lost) {
            effects.extend(self.put_files_back(false));
        }
        effects
    }

    /// Whether what was set aside is worth a word about a module that does without.
    fn has_something_for(&self, info: &Info) -> bool {
        let Given {
            of,
            settings,
            forms,
            allocator,
            calls,
            kept,
            ..
        } = &self.previous;
        let answered = |of: &Shared<Plugged>| of.sockets.iter().any(|socket| socket.is_chosen());
        let exports = |name: &String| info.exports.iter().any(|export| export.name == *name);
        **settings != SettingsForm::default()
            || allocator.is_some()
            || !calls.list.is_empty()
            || !kept.is_empty()
            || forms.keys().any(exports)
            || of.as_ref().is_some_and(answered)
    }

    /// The plugin on the board is to have what the one before had, where it has nothing of its own.
    pub(crate) fn use_offered(&mut self) -> Vec<Effect> {
        if !self.can_call() {
            return Vec::new();
        }
        let before = self.chosen();
        let previous = std::mem::take(&mut self.previous);
        self.offers = false;
        let Some((mut plugged, of)) = self.plugged.clone().zip(previous.of) else {
            return Vec::new();
        };
        let mut effects = self.drop_adding();
        self.given.settings = previous.settings;
        for (export, form) in previous.forms {
            if self.given.forms.get(&export).is_none() {
                self.given.forms.insert(export, form);
            }
        }
        if self.given.calls.list.is_empty() {
            self.given.calls = previous.calls;
        }
        self.given.source = self.given.source.take().or(previous.source);
        // The disk is the one before, to which comes what was added to this one.
        let own = std::mem::replace(&mut self.given.kept, previous.kept);
        plugged.make_mut().take_answers(&of);
        self.plugged = Some(plugged);
        effects.push(Effect::Send(Command::Files(Files::Exchange)));
        effects.push(Effect::Hand(Hand::Merge));
        effects.extend(self.edit_settings(|_| {}));
        if std::mem::take(&mut self.aside_lost) {
            effects.extend(self.put_files_back(false));
        }
        effects.extend(self.add_files("", own.all().collect()));
        effects.extend(self.list_files());
        effects.extend(self.tell_chosen(&before));
        effects.extend(self.send_source());
        let allocator = self.given.allocator.take().or(previous.allocator);
        effects.extend(self.choose_allocator(allocator));
        effects.extend(self.tell_answers());
        effects
    }
}

#[cfg(test)]
mod tests;
