//! What a person does on the page.

use super::board::{Board, Effect, Loading, Refused};
use super::console::Source;
use super::form::Form;
use super::module::import_name;
use super::run::Run;
use super::settings::{Field, Switch};
use super::shared::Shared;
use crate::go::{self, Signature, Value};
use crate::protocol::{Answer, Command};

/// Most characters of an argument that the console repeats.
const MAX_ECHO: usize = 200;

impl Board {
    /// A file was dropped, picked or asked for.
    pub(crate) fn begin_load(&mut self, name: &str) -> Vec<Effect> {
        self.refused = None;
        self.run = None;
        if self.loading.is_none() {
            self.before = self.plugged.clone();
        }
        self.loading = Some(Shared::new(Loading {
            name: name.to_owned(),
            progress: None,
            again: false,
        }));
        self.configure(name)
    }

    /// The file cannot even be had, so nothing is sent to the worker.
    pub(crate) fn load_failed(&mut self, name: &str, message: &str) {
        self.loading = None;
        self.refuse(name, message);
    }

    /// The file on its way is not wanted any more. The worker is a fresh one.
    pub(crate) fn cancel_load(&mut self) -> Vec<Effect> {
        self.loading = None;
        self.plugged = self.before.take();
        self.restore()
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
    pub(crate) fn enter(&mut self, param: usize, text: &str) {
        self.edit_form(|form, export| form.enter(export, param, text));
    }

    /// Another reading of the export that is selected is chosen.
    pub(crate) fn choose_reading(&mut self, reading: usize) {
        self.edit_form(|form, export| form.choose(export, reading));
    }

    /// Calls the export that is selected, if what is typed for it is right.
    pub(crate) fn call(&mut self) -> Vec<Effect> {
        let (Some(plugged), Some(export), true) = (
            self.plugged.clone(),
            self.selected().cloned(),
            self.can_call(),
        ) else {
            return Vec::new();
        };
        if plugged.is_start(&export.name) {
            self.say(Source::Note, &format!("{}()", export.name));
            let call = self.next_call();
            self.run = Some(Run::new(call, &export.name, None));
            return vec![Effect::Send(Command::Start { call })];
        }
        let form = self.form();
        let Some((signature, _)) = form.signature(&export).cloned() else {
            return Vec::new();
        };
        let Ok(args) = form
            .values(&export)
            .into_iter()
            .collect::<Result<Vec<_>, _>>()
        else {
            return Vec::new();
        };
        self.say(Source::Note, &written(&signature, &args));
        let call = self.next_call();
        self.run = Some(Run::new(call, &export.name, signature.result.clone()));
        vec![Effect::Send(Command::Call {
            call,
            export: export.name,
            signature,
            args,
        })]
    }

    pub(crate) fn stop(&mut self) -> Vec<Effect> {
        match &mut self.run {
            Some(run) if !run.stopping => {
                run.stopping = true;
                vec![Effect::Send(Command::Stop)]
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

    /// Chooses how the import at a place is answered.
    pub(crate) fn answer(&mut self, import: usize, answer: Answer) -> Vec<Effect> {
        let Some(plugged) = &mut self.plugged else {
            return Vec::new();
        };
        let name = plugged.info.imports.get(import).map(import_name);
        let (Some(name), Ok(place)) = (name, u32::try_from(import)) else {
            return Vec::new();
        };
        self.chosen.insert(name, answer);
        if let Some(slot) = plugged.make_mut().answers.get_mut(import) {
            *slot = Some(answer);
        }
        vec![Effect::Send(Command::Answer {
            import: place,
            answer,
        })]
    }

    pub(crate) fn enter_setting(&mut self, field: Field, text: String) -> Vec<Effect> {
        self.settings.make_mut().enter(field, text);
        self.settings_changed()
    }

    pub(crate) fn switch_setting(&mut self, switch: Switch, on: bool) -> Vec<Effect> {
        self.settings.make_mut().switch(switch, on);
        self.settings_changed()
    }

    pub(crate) fn clear_console(&mut self) {
        self.console.clear();
    }

    pub(crate) fn toggle(&mut self, source: Source) {
        self.filter.toggle(source);
    }

    /// The command that tells the worker of the settings, if they are right.
    pub(super) fn configure(&self, program: &str) -> Vec<Effect> {
        match self.settings.settings(program) {
            Ok(settings) => vec![Effect::Send(Command::Configure(settings))],
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
            progress: None,
            again: true,
        }));
        effects.push(Effect::Restore);
        effects
    }

    /// The worker gives an instance in which nothing has run yet the new settings too.
    fn settings_changed(&mut self) -> Vec<Effect> {
        let name = self
            .plugged
            .as_ref()
            .map_or("plugin.wasm", |plugged| plugged.info.name.as_str());
        self.configure(name)
    }

    fn edit_form(&mut self, edit: impl FnOnce(&mut Form, &crate::module::Export)) {
        if let (Some(key), Some(export)) = (self.form_key(), self.selected().cloned()) {
            edit(self.forms.entry(key).or_default(), &export);
        }
    }
}

/// A call as Go would write it.
fn written(signature: &Signature, args: &[Value]) -> String {
    let args: Vec<String> = signature
        .params
        .iter()
        .zip(args)
        .map(|(param, value)| {
            let text = go::value::show(value, &param.ty).to_string();
            match text.char_indices().nth(MAX_ECHO) {
                Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
                None => text,
            }
        })
        .collect();
    format!("{}({})", signature.name, args.join(", "))
}
