//! What a person does with imports.

use super::board::{Board, Effect};
use super::console::Source;
use super::shared::Shared;
use super::sockets::{self, Edit, Socket, Told};
use crate::protocol::Command;

impl Board {
    /// What was kept of a module's answers by an earlier visit.
    pub(crate) fn recall_answers(&mut self, module: &str, file: String) {
        self.answers.entry(module.to_owned()).or_insert(file);
    }

    /// Edits how the imported function at a place is answered.
    pub(crate) fn edit_answer(&mut self, place: usize, edit: Edit) -> Vec<Effect> {
        self.edit_socket(place, |socket, import| match socket {
            Socket::Function(function) => function
                .edit(edit, import)
                .then(|| Told::Answer(function.answer.clone())),
            Socket::Wasi | Socket::Other(_) => None,
        })
    }

    /// Something is typed for a memory, a table or a global that is imported.
    pub(crate) fn enter_provision(&mut self, place: usize, text: &str) -> Vec<Effect> {
        self.edit_socket(place, |socket, import| match socket {
            Socket::Other(other) => other.enter(text, &import.ty).map(Told::Provision),
            Socket::Wasi | Socket::Function(_) => None,
        })
    }

    /// The answers of the module on the board as a file: its name and its text.
    pub(crate) fn answers_file(&self) -> Option<(String, String)> {
        let plugged = self.plugged.as_ref()?;
        let text = sockets::write(&plugged.info.imports, &plugged.sockets);
        let name = plugged.info.name.trim_end_matches(".wasm");
        Some((format!("{name}.imports.json"), text))
    }

    /// Takes in a file of answers. What is JavaScript in it waits for a person's yes.
    pub(crate) fn open_answers(&mut self, name: &str, text: &str) -> Vec<Effect> {
        let effects = self.take_answers(text, false);
        match effects {
            Ok(effects) => {
                self.answers_problem = None;
                let imports = effects.len();
                let message = format!("{name}: {imports} imports are answered as it says");
                self.say(Source::Note, &message);
                let mut effects = effects;
                effects.extend(self.keep_answers());
                effects
            }
            Err(problem) => {
                self.answers_problem = Some(format!("{name}: {problem}"));
                Vec::new()
            }
        }
    }

    /// Answers the imports of a module that is on the board again, or has been by an earlier visit,
    /// as they were.
    pub(super) fn answer_as_before(&mut self) -> Vec<Effect> {
        self.called = Shared::default();
        self.answers_problem = None;
        let name = self.plugged.as_ref().map(|plugged| &plugged.info.name);
        let file = name.and_then(|name| self.answers.get(name)).cloned();
        // It may be of a module of the same name with other imports: then there is nothing to keep.
        file.and_then(|file| self.take_answers(&file, true).ok())
            .unwrap_or_default()
    }

    fn take_answers(&mut self, text: &str, trusted: bool) -> Result<Vec<Effect>, String> {
        let Some(plugged) = &mut self.plugged else {
            return Ok(Vec::new());
        };
        let plugged = plugged.make_mut();
        let told = sockets::read(text, trusted, &plugged.info.imports, &mut plugged.sockets);
        let told = told.map_err(|error| error.to_string())?;
        Ok(told.into_iter().filter_map(send).collect())
    }

    fn edit_socket(
        &mut self,
        place: usize,
        edit: impl FnOnce(&mut Socket, &crate::module::Import) -> Option<Told>,
    ) -> Vec<Effect> {
        let Some(plugged) = &mut self.plugged else {
            return Vec::new();
        };
        let plugged = plugged.make_mut();
        let import = plugged.info.imports.get(place);
        let told = import
            .zip(plugged.sockets.get_mut(place))
            .and_then(|(import, socket)| edit(socket, import));
        let mut effects: Vec<Effect> = told
            .and_then(|told| send((place, told)))
            .into_iter()
            .collect();
        if !effects.is_empty() {
            effects.extend(self.keep_answers());
        }
        effects
    }

    /// Has the answers kept for the next time that the module is on the board.
    fn keep_answers(&mut self) -> Option<Effect> {
        let (_, file) = self.answers_file()?;
        let module = self.plugged.as_ref()?.info.name.clone();
        self.answers.insert(module.clone(), file.clone());
        Some(Effect::KeepAnswers { module, file })
    }
}

fn send((place, told): (usize, Told)) -> Option<Effect> {
    let import = u32::try_from(place).ok()?;
    Some(Effect::Send(match told {
        Told::Answer(answer) => Command::Answer { import, answer },
        Told::Provision(provision) => Command::Provide { import, provision },
    }))
}
