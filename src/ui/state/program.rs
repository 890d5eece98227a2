//! A program that is written here: its files, under which names, and what is wrong in them. It may have no module yet.
//!
//! What is typed is the program's at once; the module on the board is what it was built of
//! ([`GoSource::built_text`]), and so are its signatures and lines, until it is built anew.

use super::board::{Board, Effect};
use super::debugger::{Moves, Wanted};
use super::format;
use super::given::{Given, Hand};
use super::go_source::{Binary, GoSource};
use super::shared::Shared;
use crate::go::parse::FRAGMENT;
use crate::protocol::build::{Diagnostic, ProgramFile};
use crate::protocol::{Command, Files};

/// Bytes of a text at most that is written here. One that is larger is not edited.
const MAX_TEXT: usize = 1 << 20;

/// Files and directories at most of a folder that is taken as a program.
pub(crate) const MAX_FILES: usize = 2000;

/// Bytes of a path at most.
const MAX_PATH: usize = 255;

/// A program without a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    /// What it is kept under.
    pub(super) id: String,
    /// What its module is to be called.
    pub(super) name: String,
}

/// A name that is being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Naming {
    /// The file that is to be called so; `None`: a new one.
    pub(crate) from: Option<String>,
    pub(crate) typed: String,
}

/// The text that a file holds, if it is one that is written here. Go source always is: what is no UTF-8 in it is shown so.
pub(crate) fn text_of(path: &str, bytes: Vec<u8>) -> Option<String> {
    let is_source = path.ends_with(".go") || path.rsplit('/').next() == Some("go.mod");
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if is_source => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        Err(_) => return None,
    };
    if is_source {
        return Some(text.trim_start_matches('\u{feff}').to_owned());
    }
    (text.len() <= MAX_TEXT && !text.contains('\0')).then_some(text)
}

impl GoSource {
    /// Why no file, or the file `from`, can be called so.
    pub(crate) fn why_not(&self, path: &str, from: Option<&str>) -> Option<&'static str> {
        let others = || self.dropped().filter(|name| Some(*name) != from);
        let within = |outer: &str, inner: &str| {
            inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        if path.is_empty() {
            Some("A file needs a name: words.go, or words/list.go in a folder.")
        } else if path.len() > MAX_PATH {
            Some("This is too long: a path has at most 255 bytes.")
        } else if path.starts_with('/') {
            Some("A path begins with a name, not with /: it is below the program's folder.")
        } else if path.contains(|sign: char| "\\:*?\"<>|".contains(sign) || sign.is_control()) {
            Some("None of \\ : * ? \" < > | can be in a name; / is between folders.")
        } else if path
            .split('/')
            .any(|name| matches!(name, "" | "." | "..") || name.trim() != name)
        {
            Some("Each part between / needs a name, without spaces around it; . and .. are none.")
        } else if path == FRAGMENT {
            Some("pasted.go is what was pasted here: choose another name.")
        } else if others().any(|other| other == path) {
            Some("There is a file of this name.")
        } else if others().any(|other| within(other, path) || within(path, other)) {
            Some("A folder and a file cannot have the same name.")
        } else {
            None
        }
    }

    /// The commands that build it elsewhere: what with, and the command.
    pub(crate) fn commands(&self, module: &str) -> [(&'static str, String); 2] {
        let exports = |text: &str| {
            text.lines()
                .any(|line| line.starts_with("//go:wasmexport "))
        };
        let mut go = self.files().filter(|(path, _)| {
            path.ends_with(".go") && !path.ends_with("_test.go") && !path.contains('/')
        });
        let mode = match go.any(|(_, text)| exports(text)) {
            true => " -buildmode=c-shared",
            false => "",
        };
        [
            (
                "Go",
                format!("GOOS=wasip1 GOARCH=wasm go build{mode} -o {module} ."),
            ),
            (
                "TinyGo",
                format!("tinygo build -target=wasip1{mode} -o {module} ."),
            ),
        ]
    }

    /// Where lines have gone since the module on the board was built; `None`: they are where they were.
    pub(super) fn moves(&self, file: &str) -> Option<Moves<'_>> {
        let (before, now) = (self.built_text(file), self.text(file));
        (before != now).then(|| Moves::new(before, now))
    }
}

impl Board {
    /// The files of the program that is on the board, for the builder; those that are no texts as they stand among these.
    pub(crate) fn program(&self) -> Vec<ProgramFile> {
        let files = self.given.source.iter().flat_map(|source| source.files());
        files
            .filter(|(path, _)| *path != FRAGMENT)
            .map(|(path, text)| ProgramFile {
                path: path.to_owned(),
                contents: text.as_bytes().to_vec(),
            })
            .collect()
    }

    /// Whether nothing is on the board, or on its way there.
    pub(crate) fn is_empty(&self) -> bool {
        self.plugged.is_none() && self.loading.is_none() && self.program.is_none()
    }

    /// Whether there is a program, and no module of it.
    pub(crate) fn is_unbuilt(&self) -> bool {
        self.program.is_some()
    }

    /// What the module of the program that is on the board is to be called: `greet.wasm`.
    pub(crate) fn module_name(&self) -> &str {
        match (&self.plugged, &self.program) {
            (Some(plugged), _) => &plugged.info.name,
            (None, Some(program)) => &program.name,
            (None, None) => "plugin.wasm",
        }
    }

    /// What is wrong in the program, as far as it is known.
    pub(crate) fn diagnostics(&self) -> &Shared<Vec<Diagnostic>> {
        &self.diagnostics
    }

    /// Says what is wrong in the program, in place of what was.
    pub(crate) fn set_diagnostics(&mut self, diagnostics: Vec<Diagnostic>) {
        self.diagnostics = Shared::new(diagnostics);
    }

    /// Puts a program on the empty board, to be kept under `id`.
    pub(crate) fn begin_program(&mut self, id: String, files: &[(String, String)]) -> Vec<Effect> {
        let mut effects = self.stop_build();
        self.refused = None;
        self.offers = false;
        if let Some(owner) = self.given.of.take() {
            // As where another plugin comes: what was given to the one before is not this one's.
            let name = owner.info.name.clone();
            self.previous = Given::default();
            effects.push(Effect::Hand(Hand::Drop));
            self.plugged = Some(owner);
            effects.extend(self.exchange(&name));
            effects.push(Effect::Send(Command::Files(Files::Reset)));
            self.plugged = None;
        }
        self.given = Given::default();
        self.plugins = self.plugins.wrapping_add(1);
        let source = GoSource::own(files);
        let name = module_name(source.text("go.mod"));
        self.given.source = Some(Shared::new(source));
        self.program = Some(Program { id, name });
        self.source_view = Default::default();
        self.set_diagnostics(Vec::new());
        if let Some(main) = files.iter().find(|(path, _)| path == "main.go") {
            self.look_at_source(&main.0);
        }
        effects
    }

    /// Says which files of a folder are not the program's.
    pub(crate) fn leave_out(&mut self, files: &[String]) {
        if let Some(first) = files.first() {
            let others = match files.len() {
                1 => String::new(),
                count => format!(", as {}", format::count(count as u64 - 1, "other")),
            };
            let why = format!(
                "not taken{others}: a file of a program has at most 16 MB, and a name that Go files can have"
            );
            self.refuse(first, &why);
        }
    }

    /// The files as an archive: what that is called, and each path with its text. There is a `go.mod` among them.
    pub(crate) fn archive(&self) -> (String, Vec<(String, String)>) {
        let name = self.module_name().trim_end_matches(".wasm");
        let source = self.given.source.as_deref();
        let own = source.into_iter().flat_map(GoSource::files);
        let own = own.filter(|(path, _)| *path != FRAGMENT);
        let within = |path: &str, text: &str| (format!("{name}/{path}"), text.to_owned());
        let mut files: Vec<_> = own.map(|(path, text)| within(path, text)).collect();
        if !source.is_some_and(|source| source.has("go.mod")) {
            files.push(within("go.mod", &begins("go.mod")));
        }
        (format!("{name}.tar"), files)
    }

    /// A module that is not the program's comes, or none: what was given to the program is not that one's.
    pub(super) fn leave_program(&mut self) -> Vec<Effect> {
        if self.program.take().is_none() {
            return Vec::new();
        }
        self.given = Given::default();
        self.plugins = self.plugins.wrapping_add(1);
        self.set_diagnostics(Vec::new());
        vec![Effect::Send(Command::Files(Files::Reset))]
    }

    /// Whether there is source of one's own.
    pub(crate) fn owns_source(&self) -> bool {
        let source = self.given.source.as_ref();
        source.is_some_and(|source| source.is_own())
    }

    /// What was only found is one's own from now on, to be edited.
    pub(crate) fn own_source(&mut self) {
        if let Some(source) = &mut self.given.source {
            source.make_mut().make_own();
        }
    }

    /// A file is being edited: this is its text now.
    pub(crate) fn edit_source(&mut self, file: &str, text: &str) {
        let is_other = |source: &Shared<GoSource>| source.has(file) && source.text(file) != text;
        if !self.given.source.as_ref().is_some_and(is_other) {
            return;
        }
        self.change_program(|source, debug| {
            debug.follow(file, source.text(file), text);
            source.put(file, text);
        });
    }

    fn change_program(&mut self, change: impl FnOnce(&mut GoSource, &mut Wanted)) {
        let is_built = self.plugged.is_some();
        let Some(source) = &mut self.given.source else {
            return;
        };
        let source = source.make_mut();
        source.make_own();
        if is_built {
            source.remember_built();
        }
        change(source, &mut self.given.debug);
        source.forget_built();
    }

    /// A new file is to be named, or one that is there otherwise.
    pub(crate) fn begin_naming(&mut self, from: Option<&str>) {
        self.source_view.naming = Some(Naming {
            from: from.map(str::to_owned),
            typed: from.unwrap_or_default().to_owned(),
        });
    }

    /// A name is typed.
    pub(crate) fn type_name(&mut self, text: &str) {
        if let Some(naming) = &mut self.source_view.naming {
            text.clone_into(&mut naming.typed);
        }
    }

    /// It stays as it was.
    pub(crate) fn leave_naming(&mut self) {
        self.source_view.naming = None;
    }

    /// The name is as it is to be, if it can be.
    pub(crate) fn settle_name(&mut self) {
        let Some(Naming { from, typed }) = self.source_view.naming.clone() else {
            return;
        };
        let Some(source) = &self.given.source else {
            return;
        };
        if source.why_not(&typed, from.as_deref()).is_some() {
            return;
        }
        self.source_view.naming = None;
        self.source_view.removed = None;
        self.change_program(|source, debug| match &from {
            Some(from) => {
                if let Some(text) = source.remove(from) {
                    source.put(&typed, &text);
                    debug.rename(from, &typed);
                }
            }
            None => source.put(&typed, &begins(&typed)),
        });
        for diagnostic in self.diagnostics.make_mut() {
            if Some(&diagnostic.file) == from.as_ref() {
                diagnostic.file.clone_from(&typed);
            }
        }
        self.look_at_source(&typed);
    }

    /// Files come to the program, in place of those of the same names.
    pub(crate) fn put_files(&mut self, files: &[(String, String)]) {
        let Some(source) = self.given.source.clone() else {
            return;
        };
        let can_be = |path: &str| source.why_not(path, Some(path)).is_none();
        let (taken, others): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| can_be(path));
        self.change_program(|source, debug| {
            for (path, text) in &taken {
                debug.follow(path, source.text(path), text);
                source.put(path, text);
            }
        });
        if let Some((first, _)) = taken.first() {
            self.look_at_source(first);
        }
        let others: Vec<String> = others.into_iter().map(|(path, _)| path.clone()).collect();
        self.leave_out(&others);
    }

    /// The files of the program that are no texts, also one that can be put back.
    pub(crate) fn binaries(&self) -> impl Iterator<Item = Binary<'_>> {
        let removed = self.source_view.removed.as_ref();
        let removed = removed.and_then(|(_, text)| Binary::of(text));
        let source = self.given.source.iter();
        source.flat_map(|source| source.binaries()).chain(removed)
    }

    /// Takes a file away; [`Board::put_back_source`] puts it back.
    pub(crate) fn delete_source(&mut self, file: &str) {
        let Some(source) = self.given.source.clone().filter(|source| source.has(file)) else {
            return;
        };
        self.change_program(|source, _| {
            source.remove(file);
        });
        self.source_view.naming = None;
        self.source_view.removed = Some((file.to_owned(), source.text(file).to_owned()));
    }

    /// The file that was taken away last, if it can be put back.
    pub(crate) fn put_back_source(&mut self) {
        let Some((file, text)) = self.source_view.removed.take() else {
            return;
        };
        let source = self.given.source.as_ref();
        if source.is_some_and(|source| source.why_not(&file, None).is_none()) {
            self.change_program(|source, _| source.put(&file, &text));
            self.look_at_source(&file);
        }
    }
}

/// What the module of a program is called: as its Go module is, whose `go.mod` this is.
fn module_name(go_mod: &str) -> String {
    let mut lines = go_mod.lines().map(str::split_whitespace);
    let module =
        lines.find_map(|mut words| words.next().filter(|it| *it == "module").and(words.next()));
    let path = module.unwrap_or_default().trim_matches('"');
    match path.rsplit('/').find(|name| !name.is_empty()) {
        Some(name) => format!("{name}.wasm"),
        None => "plugin.wasm".to_owned(),
    }
}

/// What a new file begins with.
fn begins(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if name == "go.mod" && folder.is_empty() {
        // `plugin` alone is a package of the standard library.
        return "module example/plugin\n\ngo 1.24\n".to_owned();
    }
    if !name.ends_with(".go") {
        return String::new();
    }
    let package = folder.rsplit('/').next().unwrap_or_default();
    let is_letter = |sign: char| sign.is_alphanumeric() || sign == '_';
    let package: String = package.chars().filter(|sign| is_letter(*sign)).collect();
    match package.starts_with(|sign: char| !sign.is_numeric()) {
        true => format!("package {package}\n"),
        false => "package main\n".to_owned(),
    }
}

#[cfg(test)]
mod tests;
