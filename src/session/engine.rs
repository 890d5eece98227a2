//! Which engine guests run in.

use super::Session;
use crate::engine::foreign;
use crate::protocol::{Engine, Event};
use std::rc::Rc;

impl Session {
    /// There is another engine beside the interpreter: [`Command::Engine`](crate::protocol::Command::Engine) chooses it.
    pub fn set_engine(&mut self, engine: Rc<dyn foreign::Engine>) {
        self.engine = Some(engine);
    }

    /// Whether a guest runs outside of this program: whoever drives the session steps it when it is woken.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.is_away && self.run.is_some()
    }

    /// The module runs in another engine, in a fresh instance.
    pub(super) fn choose_engine(&mut self, engine: Engine) {
        if self.run.is_some() {
            self.stop();
        }
        let chosen = match (engine, &self.engine) {
            (Engine::Interpreter, _) => Ok(None),
            (Engine::Browser, Some(engine)) => Ok(Some(Rc::clone(engine))),
            (Engine::Browser, None) => Err(
                "this browser cannot suspend WebAssembly (JSPI): Chrome or Edge 137, Firefox 153, Safari 27 and later can"
                    .to_owned(),
            ),
        };
        let limits = self.settings.limits;
        let Some(board) = &mut self.board else {
            return self.on_board(|_| Ok(()));
        };
        match chosen.and_then(|chosen| board.run_in(chosen, &limits)) {
            Ok(ready) => {
                board.reset(&mut self.rest);
                self.events.extend(ready);
                self.announce();
            }
            Err(problem) => self.events.push(Event::Engine {
                engine: Engine::Interpreter,
                problem: Some(problem),
            }),
        }
    }
}
