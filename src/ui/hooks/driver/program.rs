//! A program that is written here: how it comes onto the board, and from there into an archive.

use super::super::folders::{self, Dropped, Folder};
use super::super::picked::Entry;
use super::super::{editor, files, store};
use super::{Driver, size};
use crate::ui::state::go_source::{Binary, GoSource};
use crate::ui::state::program::{MAX_FILES, text_of};
use crate::ui::state::templates::Template;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

/// What a file of a program that is no text is kept under, before its name.
const BINARY: &str = "binary ";

impl Driver {
    /// Takes in Go files: the module's that is on the board or on its way to it, or else a program's.
    pub(super) fn take_texts(&self, files: &[(String, String)]) {
        if self.board().is_empty() && !files.is_empty() {
            self.begin_program(files);
        } else {
            self.act(|board| board.add_source(files));
        }
    }

    /// Puts a program on the board. What was there is kept.
    pub(crate) fn begin_program(&self, files: &[(String, String)]) {
        if !self.board().is_empty() {
            self.unplug();
        }
        let id = js_sys::Date::now().to_string();
        self.act(|board| board.begin_program(id, files));
    }

    /// Puts a template on the board, to be gone on from.
    pub(crate) fn begin_template(&self, template: Template) {
        let load = self.new_load();
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let mut texts = Vec::new();
            for &name in template.files {
                let file = files::fetch(&format!("{}{name}", template.folder)).await;
                let text = match file {
                    Ok(file) => files::text_of(&file).await,
                    Err(why) => Err(why),
                };
                match text {
                    Ok(text) => texts.push((name.to_owned(), text)),
                    Err(why) => {
                        return driver.act(|board| board.load_failed(template.title, &why));
                    }
                }
            }
            if driver.0.loads.get() == load {
                driver.begin_program(&texts);
            }
        });
    }

    /// Takes folders with Go files and no module as a program.
    pub(super) fn take_project(&self, folders: Vec<Folder>, watched: bool) {
        let load = self.0.loads.get();
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let name = folders.first().map(|folder| folder.path().to_owned());
            let mut found = all_of(folders).await;
            strip_folder(&mut found);
            let has = |ending: &str| found.iter().any(|(path, _)| path.ends_with(ending));
            if driver.0.loads.get() != load || has(".wasm") || !has(".go") {
                if let (false, Some(name)) = (watched, name) {
                    driver.change(|board| board.refuse_folder(&name));
                }
                return;
            }
            let (texts, left_out) = driver.read_program(found).await;
            if driver.0.loads.get() == load {
                driver.begin_program(&texts);
                driver.change(|board| board.leave_out(&left_out));
            }
        });
    }

    /// Puts an archive with Go files on the board as a program, such as one that was downloaded here.
    pub(super) fn open_archive(&self, name: String, archive: Blob) {
        let load = self.new_load();
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let mut found = editor::untar(&archive).await.unwrap_or_default();
            for (path, _) in &mut found {
                *path = path.trim_start_matches("./").to_owned();
            }
            found.truncate(MAX_FILES);
            strip_folder(&mut found);
            let is_path = |path: &str| GoSource::default().why_not(path, None).is_none();
            let (found, others): (Vec<_>, Vec<_>) =
                found.into_iter().partition(|(path, _)| is_path(path));
            let has_go = found.iter().any(|(path, _)| path.ends_with(".go"));
            let (texts, mut left_out) = driver.read_program(found).await;
            left_out.extend(others.into_iter().map(|(path, _)| path));
            if driver.0.loads.get() != load {
                return;
            }
            if has_go {
                driver.begin_program(&texts);
                driver.change(|board| board.leave_out(&left_out));
            } else {
                driver.act(|board| {
                    board.load_failed(
                        &name,
                        "no tar archive with Go files, so that it is no program",
                    )
                });
            }
        });
    }

    /// Puts what was dropped into the program that is on the board, or begins one with it.
    pub(crate) fn drop_into_program(&self, dropped: Dropped) {
        let files = dropped.files.into_iter();
        let files: Vec<Entry> = files.map(|file| (file.name(), Some(file.into()))).collect();
        self.put_into_program(files, dropped.folders);
    }

    /// Puts files into the program that is on the board.
    pub(crate) fn add_to_program(&self, files: Vec<Entry>) {
        self.put_into_program(files, Vec::new());
    }

    fn put_into_program(&self, files: Vec<Entry>, folders: Vec<Folder>) {
        let plugin = self.board().plugins();
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let files = files.into_iter();
            let mut found: Vec<_> = files
                .filter_map(|(path, file)| Some((path, file?)))
                .collect();
            found.extend(all_of(folders).await);
            let (texts, left_out) = driver.read_program(found).await;
            if driver.board().plugins() != plugin {
                return;
            }
            if driver.board().is_empty() {
                driver.begin_program(&texts);
            } else {
                driver.change(|board| board.put_files(&texts));
            }
            driver.change(|board| board.leave_out(&left_out));
        });
    }

    /// The files of a program as they stand in it, and the paths of those that cannot.
    async fn read_program(
        &self,
        found: Vec<(String, Blob)>,
    ) -> (Vec<(String, String)>, Vec<String>) {
        let (mut texts, mut left_out) = (Vec::new(), Vec::new());
        for (path, file) in found {
            let text = match files::bytes(&file).await.map(|bytes| text_of(&path, bytes)) {
                Some(Some(text)) => Some(text),
                Some(None) => self.keep_binary(&file).await,
                None => None,
            };
            match text {
                Some(text) => texts.push((path, text)),
                None => left_out.push(path),
            }
        }
        (texts, left_out)
    }

    /// Keeps the bytes of a file that is no text, as they are now; how it stands among texts.
    pub(super) async fn keep_binary(&self, file: &Blob) -> Option<String> {
        let (copy, hash) = store::snapshot(file).await.ok()?;
        // Without the hash it is a file of its own.
        let name = hash.unwrap_or_else(|| js_sys::Math::random().to_string());
        let size = size(&copy);
        let text = Binary { name: &name, size }.as_text();
        self.0.binaries.borrow_mut().insert(name, copy);
        Some(text)
    }

    /// The bytes of a file of a program that is no text, for what stands in its place.
    pub(super) fn binary(&self, text: &str) -> Option<Blob> {
        let binary = Binary::of(text)?;
        self.0.binaries.borrow().get(binary.name).cloned()
    }

    /// Takes up the files of a program that are no texts, of what is kept of it; their names.
    pub(super) fn recall_binaries(&self, parts: &[(String, JsValue)]) -> Vec<String> {
        let mut binaries = self.0.binaries.borrow_mut();
        let mut names = Vec::new();
        for (part, value) in parts {
            if let (Some(name), Some(file)) = (part.strip_prefix(BINARY), value.dyn_ref::<Blob>()) {
                binaries.insert(name.to_owned(), file.clone());
                names.push(name.to_owned());
            }
        }
        names
    }

    /// Of the files of the program that are no texts: what is to be written, where `before` are kept, and what is now.
    pub(super) fn binaries_to_keep(
        &self,
        before: &[String],
    ) -> (Vec<(String, JsValue)>, Vec<String>) {
        let binaries = self.0.binaries.borrow();
        let mut now: Vec<String> = Vec::new();
        let mut parts = Vec::new();
        for binary in self.board().binaries() {
            if let Some(file) = binaries.get(binary.name)
                && !now.iter().any(|name| name == binary.name)
            {
                now.push(binary.name.to_owned());
                if !before.iter().any(|name| name == binary.name) {
                    parts.push((format!("{BINARY}{}", binary.name), JsValue::from(file)));
                }
            }
        }
        for name in before.iter().filter(|name| !now.contains(name)) {
            parts.push((format!("{BINARY}{name}"), JsValue::UNDEFINED));
        }
        (parts, now)
    }

    /// Offers all files of the program as an archive.
    pub(crate) fn download_program(&self) {
        let (name, files) = self.board().archive();
        let file = |text: &str| self.binary(text).map_or_else(|| text.into(), JsValue::from);
        let files = files
            .iter()
            .flat_map(|(path, text)| [path.into(), file(text)])
            .collect();
        wasm_bindgen_futures::spawn_local(async move {
            if let Some(archive) = editor::tar(&files).await {
                files::save(&name, &archive);
            }
        });
    }

    /// Offers the module that is on the board as a file.
    pub(crate) fn download_module(&self) {
        if let Some((name, module)) = &self.0.files.borrow().good {
            files::save(name, module);
        }
    }

    /// Puts what is kept of a program without a module on the board again.
    pub(super) fn reopen_program(&self, id: &str, session: &str) {
        if !self.board().is_empty() {
            self.unplug();
        }
        let mut effects = None;
        self.change_quietly(|board| effects = board.reopen_program(id, session));
        match effects {
            Some(effects) => self.carry_out(effects),
            None => self.act(|board| {
                board.load_failed("What is kept of this program", "it cannot be read")
            }),
        }
        self.keep_soon();
        self.redraw();
    }
}

/// Where all are in one folder, paths begin in that.
fn strip_folder(files: &mut [(String, Blob)]) {
    let folder = files.first().and_then(|(path, _)| path.split_once('/'));
    let Some(folder) = folder.map(|(folder, _)| format!("{folder}/")) else {
        return;
    };
    if files.iter().all(|(path, _)| path.starts_with(&folder)) {
        for (path, _) in files {
            path.drain(..folder.len());
        }
    }
}

/// The files of folders by their paths, but for hidden ones.
async fn all_of(folders: Vec<Folder>) -> Vec<(String, Blob)> {
    let found = RefCell::new(Vec::new());
    for folder in folders {
        let take = |entries| {
            found.borrow_mut().extend(entries);
            found.borrow().len() < MAX_FILES
        };
        folders::read(folder, take).await;
    }
    let found = found.into_inner().into_iter();
    found
        .filter_map(|(path, file)| Some((path, file?)))
        .filter(|(path, _): &(String, Blob)| !path.split('/').any(|name| name.starts_with('.')))
        .collect()
}
