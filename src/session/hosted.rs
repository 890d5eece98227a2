//! The host of the framework that a module is written for: which it is, calls by its forms, and what it asks of the world.

use super::Session;
use super::host_call::HostCallId;
use super::run::Run;
use crate::hosts::{Ask, Came, Response};
use crate::protocol::hosts::{FromHost, ToHost};
use crate::protocol::{Event, Settings, decode, encode};

impl Session {
    /// Obeys a [`Command::Host`](crate::protocol::Command::Host).
    #[inline(never)]
    pub(super) fn obey_host(&mut self, bytes: &[u8]) {
        match decode(bytes) {
            Ok(ToHost::Choose(host)) => {
                if self.run.is_some() {
                    self.stop();
                }
                let Some(board) = &mut self.board else {
                    return self.on_board(|_| Ok(()));
                };
                board.choose_host(host, &mut self.rest);
                let chosen = FromHost::Chosen(Box::new(board.told_host()));
                self.tell_host(&chosen);
                self.announce();
            }
            Ok(ToHost::Call {
                call,
                export,
                action,
                values,
            }) => self.begin(Run::hosted(call, export, action, values)),
            Err(error) => self.events.push(Event::Rejected(error.to_string())),
        }
    }

    /// Drops an instance that a run cannot be in; and the settings for it, where they are not the page's: of a command that a tool starts.
    pub(super) fn make_way(&mut self, run: &Run) -> Option<Settings> {
        let (Some(board), None) = (&mut self.board, &self.run) else {
            return None;
        };
        let process = run.process(board);
        if board.is_stillborn() || process.is_some() {
            board.reset(&mut self.rest);
            self.announce();
        }
        process.map(|process| self.settings.for_process(process))
    }

    fn tell_host(&mut self, told: &FromHost) {
        // No message here cannot be written.
        self.events.extend(encode(told).ok().map(Event::Host));
    }

    /// Tells which host the module on the board runs with, if it is written for a framework.
    pub(super) fn tell_chosen_host(&mut self) {
        if let Some(chosen) = self.board.as_ref().and_then(|board| board.host()) {
            self.tell_host(&FromHost::Chosen(Box::new(chosen)));
        }
    }

    /// Tells what there is to show of a call of the framework's.
    pub(super) fn tell_shown(&mut self, run: &Run) {
        if run.is_hosted()
            && let Some(shown) = self.instance().and_then(crate::engine::Instance::shown)
        {
            self.tell_host(&FromHost::Shown {
                call: run.id(),
                shown: Box::new(shown),
            });
        }
    }

    /// What the framework's host asks of the world, if the guest waits for that. Each is told once.
    pub fn asked(&mut self) -> Option<(HostCallId, Ask)> {
        let open = self.run.as_mut()?.open().filter(|open| !open.taken)?;
        let ask = open.asks()?.clone();
        open.taken = true;
        Some((open.id, ask))
    }

    /// The answer to an HTTP request that the host asked for, or why there is none. Ignored when nobody waits for it any more.
    #[inline(never)]
    pub fn http_answer(&mut self, id: HostCallId, answer: Result<Response, String>) {
        let (Some(run), Some(board)) = (&mut self.run, &mut self.board) else {
            return;
        };
        if run
            .open()
            .is_some_and(|open| open.is(id) && open.asks().is_some())
        {
            run.host_came(board, Ok(Came::Http(answer)));
        }
    }
}
