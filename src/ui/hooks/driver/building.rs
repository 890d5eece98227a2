//! What the builder is asked for, and what becomes of what it says.

use super::super::{files, storage};
use super::Driver;
use crate::browser::builder_client::{BuilderClient, BuilderSaid};
use crate::protocol::build::{Build, BuildEnd, BuildReport, ProgramFile, Timed};
use crate::ui::state::Board;
use crate::ui::state::go_source::Binary;
use std::rc::Rc;

/// Whether files are formatted before they are built is remembered so: `on` or `off`.
const FORMATS: &str = "plugboard.format";

impl Driver {
    /// The page has a toolchain.
    pub(super) fn offer_building(&self) {
        let formats = storage::get(FORMATS).is_some_and(|kept| kept == "on");
        self.tell(|board| board.offer_building(formats));
    }

    /// Asks the builder for something; before, the files that are no texts are read.
    pub(super) fn ask_builder(&self, mut build: Build) {
        let is_text = |file: &ProgramFile| binary(file).is_none();
        if files_of(&mut build).iter().all(is_text) {
            return self.send_builder(&build);
        }
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            for file in files_of(&mut build) {
                let Some(text) = binary(file) else { continue };
                let bytes = match driver.binary(text) {
                    Some(blob) => files::bytes(&blob).await,
                    None => None,
                };
                let Some(bytes) = bytes else {
                    let why = format!(
                        "{} cannot be read any more: delete it, and add it again",
                        file.path
                    );
                    let report = BuildReport::Ended(BuildEnd::Failed(why));
                    let micros = 0;
                    return driver.act(|board| board.build_report(Timed { micros, report }));
                };
                file.contents = bytes;
            }
            if driver.board().building().stopping {
                return driver.change(|board| board.builder_failed(""));
            }
            driver.send_builder(&build);
        });
    }

    /// Files are to be formatted before they are built, or not, from now on.
    pub(crate) fn switch_formatting(&self, on: bool) {
        storage::set(FORMATS, if on { "on" } else { "off" });
        self.change(|board| board.offer_building(on));
    }

    fn send_builder(&self, build: &Build) {
        let mut builder = self.0.builder.borrow_mut();
        let weak = Rc::downgrade(&self.0);
        let builder = builder.get_or_insert_with(|| {
            BuilderClient::new(move |said| {
                if let Some(inner) = weak.upgrade() {
                    Self(inner).hear_builder(said);
                }
            })
        });
        builder.ask(build);
    }

    fn hear_builder(&self, said: BuilderSaid) {
        match said {
            Ok((timed, module)) => {
                if module.is_some() {
                    *self.0.built.borrow_mut() = module;
                }
                self.act(|board| board.build_report(timed));
            }
            Err(why) => self.change(|board| board.builder_failed(&why)),
        }
    }

    pub(super) fn take_built(&self, name: String) {
        if let Some(module) = self.0.built.borrow_mut().take() {
            let id = js_sys::Date::now().to_string();
            self.begin(id, name, module, Board::load_built);
        }
    }
}

/// The files that are to be built.
fn files_of(build: &mut Build) -> &mut [ProgramFile] {
    match build {
        Build::Program { files }
        | Build::Test { files }
        | Build::Vet { files }
        | Build::Format { files } => files,
        Build::Stop => &mut [],
    }
}

/// What stands in place of a file that is no text.
fn binary(file: &ProgramFile) -> Option<&str> {
    let text = std::str::from_utf8(&file.contents).ok()?;
    Binary::of(text).map(|_| text)
}
