//! Files that a person gives a guest otherwise than on its disk: for stdin, and for its memory. What becomes of
//! all files when another plugin comes.

use super::{Driver, size};
use crate::protocol::Command;
use crate::ui::state::Hand;
use crate::ui::state::settings::StdinFile;
use web_sys::Blob;

impl Driver {
    /// Gives guests a file as stdin. The page's thread does not read it.
    pub(crate) fn set_stdin(&self, name: String, file: &Blob) {
        self.0.stdin.borrow_mut()[0] = Some(file.clone());
        self.send_stdin();
        let size = size(file);
        self.act(|board| {
            board.edit_settings(|form| form.stdin.file = Some(StdinFile { name, size }))
        });
    }

    /// Writes a file into the guest's memory. The page's thread does not read it.
    pub(crate) fn write_file(&self, file: &Blob) {
        let length = size(file);
        let command = self.0.board.borrow_mut().write_file(length);
        if let (Some(client), Some(command)) = (self.client(), command) {
            client.send_with(&command, file);
        }
        self.redraw();
    }

    pub(super) fn send_stdin(&self) {
        let Some(client) = self.client() else { return };
        let command = Command::StdinFile { bytes: Vec::new() };
        match &self.0.stdin.borrow()[0] {
            Some(file) => client.send_with(&command, file),
            None => client.send(&command),
        }
    }

    /// Sets the files that were added aside, or takes those that were.
    pub(super) fn hand(&self, hand: Hand) {
        let mut added = self.0.added.borrow_mut();
        let mut aside = self.0.aside.borrow_mut();
        match hand {
            Hand::Exchange => std::mem::swap(&mut *added, &mut *aside),
            Hand::Merge => {
                for (at, file) in std::mem::take(&mut *aside) {
                    if added.get(&at).is_none() {
                        added.insert(at, file);
                    }
                }
            }
            Hand::Drop => aside.clear(),
        }
        let [mine, others] = &mut *self.0.stdin.borrow_mut();
        match hand {
            Hand::Drop => *others = None,
            Hand::Exchange | Hand::Merge => std::mem::swap(mine, others),
        }
    }
}
