//! The Go source on the board as a program, and what is wrong with it.

use super::board::{Board, Effect};
use super::shared::Shared;
use crate::protocol::build::{Diagnostic, ProgramFile};

impl Board {
    /// Whether there is something to be built.
    pub(crate) fn has_program(&self) -> bool {
        let source = self.go_source();
        source.is_some_and(|source| source.dropped().any(|name| name.ends_with(".go")))
    }

    /// The files of the program.
    pub(crate) fn program(&self) -> Vec<ProgramFile> {
        let Some(source) = self.go_source() else {
            return Vec::new();
        };
        let files = source.dropped().map(|name| ProgramFile {
            path: name.to_owned(),
            contents: source.text(name).into(),
        });
        files.collect()
    }

    /// What is wrong with it.
    pub(crate) fn diagnostics(&self) -> &Shared<Vec<Diagnostic>> {
        &self.diagnostics
    }

    pub(super) fn set_diagnostics(&mut self, diagnostics: Vec<Diagnostic>) {
        self.diagnostics = Shared::new(diagnostics);
    }

    pub(super) fn add_diagnostics(&mut self, diagnostics: Vec<Diagnostic>) {
        self.diagnostics.make_mut().extend(diagnostics);
    }

    /// A file has been formatted.
    pub(super) fn formatted(&mut self, file: &str, text: &str) -> Vec<Effect> {
        self.add_source(&[(file.to_owned(), text.to_owned())])
    }

    /// What the module that is built is called: by the last name of the module's path, or as the one on the board.
    pub(super) fn module_name(&self) -> String {
        if let Some(plugged) = &self.plugged {
            return plugged.info.name.clone();
        }
        let go_mod = self.go_source().map_or("", |source| source.text("go.mod"));
        let mut lines = go_mod.lines().map(str::trim);
        let path = lines.find_map(|line| line.strip_prefix("module"));
        let path = path.map(|path| path.trim().trim_matches('"'));
        let name = path.and_then(|path| path.rsplit('/').next());
        let name = name.filter(|name| !name.is_empty()).unwrap_or("plugin");
        format!("{name}.wasm")
    }
}
