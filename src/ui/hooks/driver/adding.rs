//! Files that guests are to see, and what is dropped on the page.

use super::super::files::Picked;
use super::super::folders::{self, Dropped, Folder};
use super::super::picked::Entry;
use super::{Driver, size};
use crate::protocol::{Command, Files, Place};
use crate::ui::state::files::{Added, below, shown};
use web_sys::Blob;

impl Driver {
    /// Puts files, by paths below `into`, where guests see them. The page's thread does not read
    /// them.
    pub(crate) fn add_files(&self, into: &Place, entries: Vec<Entry>) {
        let added = self.remember(into, entries);
        self.act(|board| board.add_files(&shown(into), added));
    }

    /// As [`Driver::add_files`], with what is in the folders.
    pub(crate) fn add_dropped(&self, into: &Place, dropped: Dropped) {
        let files = dropped.files.into_iter();
        let files: Vec<Entry> = files
            .map(|file| (file.name(), Some(Blob::from(file))))
            .collect();
        if !files.is_empty() {
            self.add_files(into, files);
        }
        for folder in dropped.folders {
            self.add_folder(into.clone(), folder);
        }
    }

    /// Takes what was dropped on the page, and on no panel: a module, its source, or files that the
    /// module on the board is to see.
    pub(in crate::ui::hooks) fn take_dropped(&self, dropped: Dropped) {
        let begins = self.board().is_empty() && dropped.has_go();
        if (begins || self.board().is_unbuilt()) && dropped.is_part_of_a_program() {
            return self.drop_into_program(dropped);
        }
        let picked = Picked::of(dropped.files);
        let alone = picked.module.is_none();
        let into = self.board().files().target();
        let is_project = alone && into.is_none() && !dropped.folders.is_empty();
        if is_project && picked.is_empty() {
            // With its module it is watched; without one it is a program that is written here, too.
            let watched = dropped.handles.is_some();
            self.take_project(dropped.folders, watched);
            return dropped
                .handles
                .map_or((), |handles| self.watch_folder(handles));
        }
        if !picked.is_empty() {
            self.take_with(picked, dropped.handles);
        }
        for folder in dropped.folders {
            match &into {
                Some(into) if alone => {
                    self.change(|board| board.folder_is_for_guests(folder.path(), into));
                    self.add_folder(into.clone(), folder);
                }
                _ => self.change(|board| board.refuse_folder(folder.path())),
            }
        }
    }

    /// Sends the file that was added at a place, and keeps it for when it has to be sent again.
    pub(super) fn send_file(&self, at: Place) {
        let files = self.0.added.borrow();
        if let (Some(client), Some(file)) = (self.client(), files.get(&at)) {
            let bytes = Vec::new();
            client.send_with(&Command::Files(Files::Write { at, bytes }), file);
        }
    }

    fn add_folder(&self, into: Place, folder: Folder) {
        let driver = self.clone();
        let search = self.0.board.borrow_mut().begin_search();
        self.redraw();
        wasm_bindgen_futures::spawn_local(async move {
            let name = shown(&into);
            let unread = folders::read(folder, |entries| {
                let wanted = driver.board().wants(search);
                if wanted {
                    let added = driver.remember(&into, entries);
                    driver.act(|board| board.add_files(&name, added));
                }
                wanted
            });
            let unread = unread.await;
            driver.act(|board| board.end_search(search, unread));
        });
    }

    /// The entries by their places; the files are kept.
    fn remember(&self, into: &Place, entries: Vec<Entry>) -> Vec<Added> {
        let mut files = self.0.added.borrow_mut();
        let added = entries.into_iter().map(|(path, file)| {
            let at = below(into, &path);
            let size = file.as_ref().map(size);
            if let Some(file) = file {
                files.insert(at.clone(), file);
            }
            Added { at, size }
        });
        added.collect()
    }
}
