//! Which engine calls run in, as the page has it: what is chosen is the plugin's, what runs now is the session's.

use super::board::{Board, Effect};
use crate::protocol::{Command, Engine};

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Running {
    /// What calls run in.
    pub(crate) engine: Engine,
    /// Whether the module is made ready for another one.
    making: bool,
    /// Whether that waits for what runs to end.
    due: bool,
    /// Why the one that was chosen is not used.
    problem: Option<String>,
    /// Whether a call was asked for while the module was made ready, for the debugger or another engine.
    calls: bool,
}

impl Board {
    /// The engine that was chosen for the plugin.
    pub(crate) fn chosen_engine(&self) -> Engine {
        self.given.engine
    }

    /// What is in the way of it, as a sentence.
    pub(crate) fn engine_problem(&self) -> Option<String> {
        let Running {
            due,
            making,
            problem,
            ..
        } = &self.engine;
        if *due {
            return Some("The engine is changed when what runs has ended.".to_owned());
        }
        if *making {
            return Some("The module is being made ready for the browser's engine.".to_owned());
        }
        if self.debugs() && self.given.engine == Engine::Browser {
            return Some("With Debug, calls run in the interpreter.".to_owned());
        }
        let problem = problem.as_ref()?;
        Some(format!("Calls run in the interpreter: {problem}."))
    }

    /// Whether no call can be made until the module is ready for the engine.
    pub(super) fn is_made_ready_for_engine(&self) -> bool {
        self.engine.making
    }

    /// Calls run in this engine from now on, in a fresh instance.
    pub(crate) fn choose_engine(&mut self, engine: Engine) -> Vec<Effect> {
        self.given.engine = engine;
        self.changed = true;
        self.engine.problem = None;
        self.engine_anew()
    }

    /// Another engine may be wanted than what calls run in.
    pub(super) fn engine_anew(&mut self) -> Vec<Effect> {
        let is_there = self.plugged.as_ref().is_some_and(|plugged| plugged.ready);
        // The debugger's twin is the interpreter's.
        if !is_there || self.debugs() || self.engine.making || self.engine.problem.is_some() {
            return Vec::new();
        }
        let wanted = self.given.engine;
        self.engine.due = self.engine.engine != wanted && self.run.is_some();
        if self.engine.due || self.engine.engine == wanted {
            return Vec::new();
        }
        self.engine.making = true;
        vec![Effect::Send(Command::Engine(wanted))]
    }

    /// The module, or the worker, is another one.
    pub(super) fn forget_engine(&mut self) {
        self.engine = Running::default();
    }

    /// The interpreter is told to run something itself.
    pub(super) fn is_interpreted(&mut self) {
        self.engine.engine = Engine::Interpreter;
    }

    /// Calls run in this engine now.
    pub(super) fn runs_in(&mut self, engine: Engine, problem: Option<String>) -> Vec<Effect> {
        self.engine.engine = engine;
        self.engine.making = false;
        self.engine.problem = problem;
        let mut effects = self.engine_anew();
        if effects.is_empty() {
            effects.extend(self.go_on_after_rebuild());
            effects.extend(self.call_at_last());
        }
        effects
    }

    /// A call is asked for before the page could show that none can be made yet: it is made when it can be.
    pub(super) fn call_later(&mut self) -> Vec<Effect> {
        self.engine.calls = self.is_made_ready() || self.engine.making;
        Vec::new()
    }

    /// Makes the call that was asked for meanwhile.
    pub(super) fn call_at_last(&mut self) -> Vec<Effect> {
        match self.can_call() && std::mem::take(&mut self.engine.calls) {
            true => self.call(),
            false => Vec::new(),
        }
    }

    /// What is to be done when a run has ended.
    pub(super) fn engine_after_run(&mut self) -> Vec<Effect> {
        match self.engine.due {
            true => self.engine_anew(),
            false => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
