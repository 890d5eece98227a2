//! What the page hears of a run while it goes on.

use super::Session;
use crate::engine::Instance;
use crate::protocol::Event;

impl Session {
    /// Tells how often imports have been called, if that is news.
    pub(super) fn tell_called(&mut self) {
        let called = self.instance().map_or(&[][..], Instance::called);
        if !called.is_empty() && *called != self.called {
            self.called = called.to_vec();
            self.events.push(Event::Called(self.called.clone()));
        }
    }

    /// Tells how far the run under way is, if there is one. The driver asks for it about ten times a
    /// second.
    pub fn tell_progress(&mut self) {
        if let Some(usage) = self.usage() {
            self.events.push(Event::Progress(usage));
            self.tell_called();
        }
    }
}
