//! What the builder is asked for, and what becomes of what it says.

use super::Driver;
use crate::browser::builder_client::{BuilderClient, BuilderSaid};
use crate::protocol::build::Build;
use crate::ui::state::Board;
use std::rc::Rc;

impl Driver {
    pub(super) fn ask_builder(&self, build: &Build) {
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
