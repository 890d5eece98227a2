//! What a person does on the page.

use super::board::{Board, Effect, Loading, Refused};
use super::console::Source;
use super::form::{Form, Path, Way};
use super::outcome::{Called, Tone};
use super::run::Run;
use super::settings::{Field, SettingsForm, StdinWay, Switch};
use super::shared::Shared;
use crate::protocol::{Allocator, CallId, Command};

impl Board {
    /// A file was dropped, picked or asked for.
    pub(crate) fn begin_load(&mut self, name: &str) -> Vec<Effect> {
        let mut effects = self.leave_watch();
        effects.extend(self.start_load(name, false));
        effects
    }

    /// As [`Board::begin_load`], of what is watched, where it is known that it is on its way: if it was on
    /// the board before, it is the same plugin built anew.
    pub(crate) fn start_load(&mut self, name: &str, rebuilt: bool) -> Vec<Effect> {
        self.refused = None;
        match self.run.take() {
            Some(run) if rebuilt => {
                self.end(
                    run,
                    Tone::Neutral,
                    "ended: the plugin was built anew",
                    false,
                );
            }
            _ => {}
        }
        self.end_round();
        self.comparison = None;
        self.coming.clear();
        let mut effects = self.stop_build();
        if self.loading.is_none() {
            self.before = self.plugged.clone();
        } else if self.switched {
            effects.extend(self.hand_back());
            self.plugged = self.before.clone();
        }
        self.loading = Some(Shared::new(Loading {
            name: name.to_owned(),
            rebuilt,
            ..Loading::default()
        }));
        effects.extend(self.configure(name));
        effects
    }

    /// As [`Board::start_load`], of what was built here.
    pub(crate) fn load_built(&mut self, name: &str) -> Vec<Effect> {
        let mut effects = self.leave_watch();
        effects.extend(self.start_load(name, true));
        let files = self.building.files.clone();
        self.expect_built(&files);
        effects
    }

    /// The file cannot even be had, so nothing is sent to the worker.
    pub(crate) fn load_failed(&mut self, name: &str, message: &str) -> Vec<Effect> {
        self.loading = None;
        self.refuse(name, message);
        self.return_watch(false)
    }

    /// The file on its way is not wanted any more. The worker is a fresh one.
    pub(crate) fn cancel_load(&mut self) -> Vec<Effect> {
        self.loading = None;
        // The worker is another one: what was added is put back below.
        self.aside_lost = false;
        let mut effects = self.hand_back();
        effects.extend(self.return_watch(false));
        self.plugged = self.before.take();
        effects.extend(self.restore());
        effects.extend(self.put_files_back(false));
        effects.extend(self.look_anew());
        effects
    }

    pub(crate) fn dismiss_refusal(&mut self) {
        self.refused = None;
    }

    pub(crate) fn select(&mut self, export: &str) {
        let exists = |board: &Self| board.plugged.as_ref()?.function(export).map(|_| ());
        if exists(self).is_some() {
            self.selected = Some(export.to_owned());
        }
    }

    /// Something is typed for a parameter of the export that is selected.
    pub(crate) fn enter(&mut self, place: impl Into<Path>, text: &str) {
        self.edit_form(|form, export| form.enter(export, place.into(), text));
    }

    /// A file was picked for a parameter, or a part of one, of the export.
    pub(crate) fn enter_file(&mut self, export: &str, place: Path, name: &str, bytes: &[u8]) {
        // Somebody may have gone on to another one while it was read.
        if self.selected.as_deref() == Some(export) {
            self.edit_form(|form, export| form.enter_file(export, place, name, bytes));
        }
    }

    /// Another way to enter a value is chosen.
    pub(crate) fn choose_way(&mut self, place: &Path, way: Way) {
        self.edit_form(|form, export| form.choose_way(export, place, way));
    }

    /// More elements of an array are asked for.
    pub(crate) fn show_more(&mut self, place: Path) {
        self.edit_form(|form, export| form.show_more(export, place));
    }

    /// The arguments are to be entered as JSON, or not any more.
    pub(crate) fn switch_json(&mut self, on: bool) {
        self.edit_form(|form, export| form.switch_json(export, on));
    }

    /// All arguments are typed as JSON.
    pub(crate) fn enter_json(&mut self, text: &str) {
        self.edit_form(|form, _| form.enter_json(text));
    }

    /// The signature of the export that is selected is to be typed.
    pub(crate) fn edit_signature(&mut self) -> Vec<Effect> {
        self.edit_choice(Form::edit_signature)
    }

    /// A signature is typed.
    pub(crate) fn enter_signature(&mut self, text: &str) -> Vec<Effect> {
        self.edit_choice(|form, export| form.enter_signature(export, text))
    }

    /// The signature that is typed is not wanted any more.
    pub(crate) fn forget_signature(&mut self) -> Vec<Effect> {
        self.edit_choice(|form, _| form.forget_signature())
    }

    /// Another reading of the export that is selected is chosen.
    pub(crate) fn choose_reading(&mut self, reading: usize) -> Vec<Effect> {
        self.edit_choice(|form, export| form.choose(export, reading))
    }

    /// Calls the export that is selected, if what is typed for it is right.
    pub(crate) fn call(&mut self) -> Vec<Effect> {
        let (Some(plugged), Some(export), true) = (
            self.plugged.clone(),
            self.selected().cloned(),
            self.can_call(),
        ) else {
            return self.call_later();
        };
        if self.hosting.is_some()
            && let Some(effects) = self.call_by_form(None)
        {
            return effects;
        }
        if plugged.is_start(&export.name) {
            return self.start(&export.name);
        }
        let form = self.form();
        match (form.signature(&export).cloned(), form.arguments(&export)) {
            (Some(known), Some(args)) => self.call_with(export.name, known, args),
            _ => Vec::new(),
        }
    }

    pub(super) fn begin(&mut self, mut called: Called) -> CallId {
        called.written = called.to_string();
        self.say(Source::Note, &called.written);
        self.prompt.ended = false;
        self.console.take_replies();
        let call = self.next_call();
        self.run = Some(Run {
            interactive: self.given.settings.stdin.way == StdinWay::Typed,
            ..Run::new(call, called)
        });
        call
    }

    /// Puts what was called before, the last call first, back into the form.
    pub(crate) fn recall(&mut self, past: usize) -> Vec<Effect> {
        let Some(finished) = self.given.history.get(past).cloned() else {
            return Vec::new();
        };
        self.select(&finished.called.export);
        if let Some(form) = &finished.called.by_form {
            self.refill(form);
        }
        if self.selected.as_deref() == Some(&*finished.called.export)
            && let Some(known) = &finished.called.known
        {
            return self.edit_choice(|form, export| {
                form.restore(export, known, &finished.called.args);
            });
        }
        Vec::new()
    }

    /// Calls again what was called before, the last call first.
    pub(crate) fn repeat(&mut self, past: usize) -> Vec<Effect> {
        if !self.can_call() || past >= self.given.history.len() {
            return Vec::new();
        }
        let mut effects = self.recall(past);
        let called = self.given.history.get(past).map(|it| it.called.clone());
        // Another of the form's actions than the usual one may have been it.
        match called.filter(|called| called.by_form.is_some()) {
            Some(called) => effects.extend(self.call_again(called)),
            None => effects.extend(self.call()),
        }
        effects
    }

    pub(crate) fn stop(&mut self) -> Vec<Effect> {
        self.stop_round();
        self.stop_comparison();
        self.leave_again();
        match &mut self.run {
            Some(run) if !run.stopping => {
                run.stopping = true;
                vec![Effect::Send(Command::Stop)]
            }
            _ => Vec::new(),
        }
    }

    /// Holds what runs, until [`Board::resume`].
    pub(crate) fn pause(&mut self) -> Vec<Effect> {
        match &mut self.run {
            Some(run) if !run.stopping && !run.pausing && !run.is_paused() => {
                run.pausing = true;
                vec![Effect::Send(Command::Pause)]
            }
            _ => Vec::new(),
        }
    }

    /// Lets it go on.
    pub(crate) fn resume(&mut self) -> Vec<Effect> {
        match &mut self.run {
            Some(run) if run.pausing || run.is_paused() => {
                run.pausing = false;
                run.waiting = None;
                vec![Effect::Send(Command::Resume)]
            }
            _ => Vec::new(),
        }
    }

    /// Asks for a fresh instance.
    pub(crate) fn restart(&mut self) -> Vec<Effect> {
        if !self.can_call() {
            return Vec::new();
        }
        self.finished.clear();
        self.say(Source::Note, "restarted: a fresh instance");
        vec![Effect::Send(Command::Reset)]
    }

    /// Lets guests find `/` open too, from the next instance on, which is made unless something runs.
    pub(crate) fn open_root(&mut self) -> Vec<Effect> {
        let mut effects = self.edit_settings(|form| {
            let others = form.preopens.trim_end();
            form.preopens = format!("{others}\n/").trim_start().to_owned();
        });
        effects.extend(self.restart());
        effects
    }

    /// Chooses what gives room for arguments; `None`: the usual one.
    pub(crate) fn choose_allocator(&mut self, allocator: Option<Allocator>) -> Vec<Effect> {
        self.given.allocator.clone_from(&allocator);
        vec![Effect::Send(Command::Allocate(allocator))]
    }

    pub(crate) fn enter_setting(&mut self, field: Field, text: String) -> Vec<Effect> {
        self.edit_settings(|form| form.enter(field, text))
    }

    /// Whoever typed has gone on to something else: an amount is written as it is understood.
    pub(crate) fn settle_setting(&mut self, field: Field) {
        self.given.settings.make_mut().settle(field);
    }

    pub(crate) fn switch_setting(&mut self, switch: Switch, on: bool) -> Vec<Effect> {
        self.edit_settings(|form| form.switch(switch, on))
    }

    /// The worker gives an instance in which nothing has run yet the new settings too.
    pub(crate) fn edit_settings(&mut self, edit: impl FnOnce(&mut SettingsForm)) -> Vec<Effect> {
        edit(self.given.settings.make_mut());
        let name = self
            .plugged
            .as_ref()
            .map_or("plugin.wasm", |plugged| plugged.info.name.as_str());
        self.configure(name)
    }

    /// The file that was picked for stdin is not wanted any more.
    pub(crate) fn remove_stdin_file(&mut self) -> Vec<Effect> {
        let bytes = Vec::new();
        let mut effects = vec![Effect::Send(Command::StdinFile { bytes })];
        effects.extend(self.edit_settings(|form| form.stdin.file = None));
        effects
    }

    /// The console has room for so many lines, of so many columns.
    pub(crate) fn resize_console(&mut self, lines: u64, columns: usize) {
        self.console.resize(lines, columns);
    }

    /// The command that tells the worker of the settings, if they are right.
    pub(super) fn configure(&self, program: &str) -> Vec<Effect> {
        match self.given.settings.settings(program) {
            Ok(mut settings) => {
                if self.is_comparing() {
                    settings.determinism.get_or_insert_default();
                }
                vec![Effect::Send(Command::Configure(settings))]
            }
            Err(_) => Vec::new(),
        }
    }

    pub(super) fn refuse(&mut self, name: &str, message: &str) {
        self.refused = Some(Shared::new(Refused {
            name: name.to_owned(),
            message: message.to_owned(),
        }));
    }

    /// Puts back what was on the board before, if something was.
    pub(super) fn restore(&mut self) -> Vec<Effect> {
        let Some(plugged) = &self.plugged else {
            return Vec::new();
        };
        let name = plugged.info.name.clone();
        let mut effects = self.configure(&name);
        self.loading = Some(Shared::new(Loading {
            name,
            again: true,
            ..Loading::default()
        }));
        effects.push(Effect::Restore);
        effects
    }

    pub(super) fn edit_form(&mut self, edit: impl FnOnce(&mut Form, &crate::module::Export)) {
        if let Some(export) = self.selected().cloned() {
            let form = self.given.forms.entry(export.name.clone());
            edit(form.or_default(), &export);
        }
    }
}
