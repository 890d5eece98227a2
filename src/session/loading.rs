//! A module comes onto the board, is set up there, and is taken off.

use super::Session;
use super::board::Board;
use crate::protocol::Event;

impl Session {
    pub(super) fn load(&mut self, name: String, bytes: Vec<u8>) {
        // One that is still on its way is not refused: whoever loads another one has given it up.
        let given_up = self.board.take_if(|board| board.is_validating());
        self.stop();
        if let Some(mut board) = given_up.or_else(|| self.board.take()) {
            board.reset(&mut self.rest);
        }
        self.announce();
        match Board::read(&name, bytes) {
            Ok(board) => {
                self.events.push(Event::Read(Box::new(board.info.clone())));
                self.board = Some(board);
                self.tell_chosen_host();
            }
            Err(refusal) => {
                let message = refusal.to_string();
                self.events.push(Event::Refused { name, message });
            }
        }
    }

    /// Does something to the module on the board; tells why it cannot be done.
    pub(super) fn on_board(&mut self, act: impl FnOnce(&mut Board) -> Result<(), String>) {
        let done = match &mut self.board {
            Some(board) => act(board),
            None => Err("there is no module: open one first".to_owned()),
        };
        self.events.extend(done.err().map(Event::Rejected));
    }

    /// The next call is to see new settings.
    pub(super) fn forget_fresh_instance(&mut self) {
        if let (Some(board), None) = (&mut self.board, &self.run) {
            board.forget_fresh_instance(&mut self.rest);
        }
    }

    /// Takes the module off the board.
    pub(super) fn refuse(&mut self, message: &str) {
        if let Some(board) = self.board.take() {
            self.events.push(Event::Refused {
                name: board.info.name,
                message: message.to_owned(),
            });
        }
    }
}
