//! A program that is written here: how it comes onto the board.

use super::Driver;

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
