//! A program that is written here: how it comes onto the board, and from there into an archive.

use super::super::folders::{self, Folder};
use super::super::{editor, files};
use super::{Driver, size};
use crate::ui::state::program::{MAX_FILE, MAX_FILES};
use crate::ui::state::templates::Template;
use std::cell::RefCell;
use web_sys::Blob;

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
            let is_one = folders.len() == 1;
            let found = RefCell::new(Vec::new());
            for folder in folders {
                let take = |entries| {
                    found.borrow_mut().extend(entries);
                    found.borrow().len() < MAX_FILES
                };
                folders::read(folder, take).await;
            }
            let (mut texts, mut left_out) = (Vec::new(), Vec::new());
            let found = found.into_inner().into_iter();
            let found: Vec<(String, Blob)> = found
                .filter_map(|(path, file)| Some((path, file?)))
                .map(|(path, file)| match path.split_once('/') {
                    Some((_, path)) if is_one => (path.to_owned(), file),
                    _ => (path, file),
                })
                .filter(|(path, _)| !path.split('/').any(|name| name.starts_with('.')))
                .collect();
            let has = |ending: &str| found.iter().any(|(path, _)| path.ends_with(ending));
            if driver.0.loads.get() != load || has(".wasm") || !has(".go") {
                if let (false, Some(name)) = (watched, name) {
                    driver.change(|board| board.refuse_folder(&name));
                }
                return;
            }
            for (path, file) in found {
                let text = match size(&file) > MAX_FILE {
                    true => None,
                    false => files::text_of(&file).await.ok(),
                };
                match text.filter(|text| !text.contains('\0')) {
                    Some(text) => texts.push((path, text)),
                    None => left_out.push(path),
                }
            }
            if driver.0.loads.get() == load {
                driver.begin_program(&texts);
                driver.change(|board| board.leave_out(&left_out));
            }
        });
    }

    /// Offers all files of the program as an archive.
    pub(crate) fn download_program(&self) {
        let (name, files) = self.board().archive();
        wasm_bindgen_futures::spawn_local(async move {
            if let Some(archive) = editor::tar(&files).await {
                files::save(&name, &archive);
            }
        });
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
