//! How a module comes onto the board: from a file, from what is watched, from the samples.

use super::super::{files, store};
use super::Driver;
use super::hearing::TAKE_MILLIS;
use crate::ui::state::samples::Sample;
use crate::ui::state::{Board, Effect};
use web_sys::Blob;

impl Driver {
    /// Puts a file on the board.
    pub(crate) fn load(&self, name: String, file: Blob) {
        self.load_as(js_sys::Date::now().to_string(), name, file);
    }

    /// Puts a file on the board, to be kept under an id unless it is a plugin that was there before.
    pub(super) fn load_as(&self, id: String, name: String, file: Blob) {
        self.begin(id, name, file, Board::begin_load);
    }

    /// As [`Driver::load`], of a file that is watched: built anew, or for the first time.
    pub(in super::super) fn load_copy(&self, name: String, file: Blob, rebuilt: bool) {
        let id = js_sys::Date::now().to_string();
        let start: fn(&mut Board, &str) -> Vec<Effect> = if rebuilt {
            |board, name| board.start_load(name, true)
        } else {
            |board, name| board.start_load(name, false)
        };
        self.begin(id, name, file, start);
    }

    /// What was asked to be loaded before is not wanted any more.
    pub(in super::super) fn new_load(&self) -> u32 {
        let load = self.0.loads.get().wrapping_add(1);
        self.0.loads.set(load);
        load
    }

    pub(super) fn begin(
        &self,
        id: String,
        name: String,
        file: Blob,
        begin: fn(&mut Board, &str) -> Vec<Effect>,
    ) {
        // What the plugin before was given is kept with it.
        self.keep();
        let load = self.new_load();
        self.act(|board| {
            let effects = begin(board, &name);
            board.expect(id);
            effects
        });
        if let Some(client) = self.client() {
            client.load(&name, &file);
        }
        self.0.files.borrow_mut().coming = Some((name, file.clone()));
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let (copy, hash) = store::snapshot(&file).await.ok().unzip();
            if driver.0.loads.get() != load {
                return;
            }
            if let Some(copy) = copy {
                driver.0.files.borrow_mut().replace(&file, &copy);
                if let Some(client) = driver.client() {
                    client.replace_module(&file, &copy);
                }
            }
            driver.0.board.borrow_mut().hashed(hash.flatten());
            driver.take_in(TAKE_MILLIS);
        });
    }

    /// Fetches a sample and puts it on the board.
    pub(crate) fn load_sample(&self, sample: Sample) {
        let load = self.new_load();
        self.act(|board| board.begin_load(sample.file));
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let fetched = files::fetch(sample.url).await;
            let mut source = Vec::new();
            for &url in sample.source {
                // Without it the signatures are guesses, and the plugin runs all the same.
                if let Ok(file) = files::fetch(url).await {
                    let name = url.rsplit('/').next().unwrap_or(url);
                    source.push((name.to_owned(), file));
                }
            }
            if driver.0.loads.get() != load {
                return;
            }
            match fetched {
                Ok(file) => {
                    driver.load(sample.file.to_owned(), file);
                    driver
                        .0
                        .board
                        .borrow_mut()
                        .comes_from("sample", sample.file);
                    driver.add_source(source);
                }
                Err(message) => {
                    driver.act(|board| board.load_failed(sample.file, &message));
                }
            }
        });
    }

    /// Gives up what is being loaded, whatever the worker is doing with it.
    pub(crate) fn cancel_load(&self) {
        self.new_load();
        if let Some(client) = self.client() {
            client.restart();
        }
        self.act(Board::cancel_load);
    }
}
