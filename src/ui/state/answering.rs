//! What a person does with imports.

use super::arrangement::Panel;
use super::board::{Board, Effect};
use super::console::Source;
use super::sockets::{self, Edit, Socket, Told};
use crate::amount::amount;
use crate::protocol::{Answer, Command};
use serde_json::{Map, Value as Json};

impl Board {
    /// Edits how the imported function at a place is answered. JavaScript is written in the panel of imports, which opens.
    pub(crate) fn edit_answer(&mut self, place: usize, edit: Edit) -> Vec<Effect> {
        if let Edit::Choose(Answer::Script(_)) = edit {
            self.arrangement.show(Panel::Imports);
        }
        self.edit_socket(place, |socket, import| match socket {
            Socket::Function(function) => function
                .edit(edit, import)
                .then(|| Told::Answer(function.answer.clone())),
            Socket::Wasi | Socket::Other(_) => None,
        })
    }

    /// The script of an import was read.
    pub(super) fn script_read(&mut self, import: u32, problem: Option<String>) {
        let place = import as usize;
        let Some(plugged) = &mut self.plugged else {
            return;
        };
        if let Some(Socket::Function(function)) = plugged.sockets.get(place)
            && matches!(function.answer, Answer::Script(_))
            && function.problem != problem
            && let Some(Socket::Function(function)) = plugged.make_mut().sockets.get_mut(place)
        {
            function.problem = problem;
        }
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

    /// The answers of the module on the board.
    pub(super) fn answers_to_json(&self) -> Map<String, Json> {
        let plugged = self.plugged.as_ref();
        plugged.map_or_else(Map::new, |plugged| {
            sockets::to_json(&plugged.info.imports, &plugged.sockets)
        })
    }

    /// Takes in a file of answers. What is JavaScript in it waits for a person's yes.
    pub(crate) fn open_answers(&mut self, name: &str, text: &str) -> Vec<Effect> {
        let answers = sockets::parse(text).map_err(|error| error.to_string());
        let effects = answers.and_then(|answers| self.take_answers(&answers, false));
        match effects {
            Ok(effects) => {
                self.answers_problem = None;
                let imports = effects.len();
                let imports = amount(imports as u64, "import");
                let message = format!("{name}: {imports} answered as it says");
                self.say(Source::Note, &message);
                effects
            }
            Err(problem) => {
                self.answers_problem = Some(format!("{name}: {problem}"));
                Vec::new()
            }
        }
    }

    /// The session of a module that is ready is told how its imports are answered.
    pub(super) fn tell_answers(&mut self) -> Vec<Effect> {
        let Some(plugged) = &self.plugged else {
            return Vec::new();
        };
        let sockets = plugged.info.imports.iter().zip(&plugged.sockets);
        let chosen = sockets.enumerate().filter(|(_, it)| it.1.is_chosen());
        let told = chosen.filter_map(|(place, (import, socket))| {
            let told = socket.told(import)?;
            send((place, told))
        });
        told.collect()
    }

    /// Takes in answers. Unless they are `trusted`, what is JavaScript in them waits for a person's yes.
    pub(super) fn take_answers(
        &mut self,
        answers: &Json,
        trusted: bool,
    ) -> Result<Vec<Effect>, String> {
        let Some(plugged) = &mut self.plugged else {
            return Ok(Vec::new());
        };
        let plugged = plugged.make_mut();
        let told = sockets::read(
            answers,
            trusted,
            &plugged.info.imports,
            &mut plugged.sockets,
        );
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
        // One that is not ready hears of it when it is.
        let is_ready = plugged.ready;
        let Some(told) = told else {
            return Vec::new();
        };
        let told = is_ready.then(|| send((place, told)));
        told.flatten().into_iter().collect()
    }
}

fn send((place, told): (usize, Told)) -> Option<Effect> {
    let import = u32::try_from(place).ok()?;
    Some(Effect::Send(match told {
        Told::Answer(answer) => Command::Answer { import, answer },
        Told::Provision(provision) => Command::Provide { import, provision },
    }))
}
