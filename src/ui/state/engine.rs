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

impl Running {
    /// Whether calls run in the browser's.
    pub(super) fn is_the_browsers(&self) -> bool {
        self.engine == Engine::Browser
    }
}

/// Why another engine is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offer {
    /// The interpreter cannot run the module.
    Needed,
    /// The call that runs takes long.
    Runs,
    /// The last one did.
    Ran,
}

/// A call that has run for longer is offered another engine, in microseconds.
const LONG: u64 = 1_000_000;

impl Board {
    /// Whether the interpreter cannot run the module.
    pub(super) fn is_only_elsewhere(&self) -> bool {
        let plugged = self.plugged.as_ref();
        plugged.is_some_and(|plugged| plugged.elsewhere.is_some())
    }

    /// Whether the browser's engine is offered, and why.
    pub(crate) fn engine_offer(&self) -> Option<Offer> {
        if self.given.engine == Engine::Browser || self.engine.problem.is_some() {
            return None;
        }
        if self.is_only_elsewhere() {
            return Some(Offer::Needed);
        }
        let ran = || self.finished().map(|last| last.busy_micros);
        let (busy, offer) = match self.run() {
            Some(run) => (run.busy_micros, Offer::Runs),
            None => (ran()?, Offer::Ran),
        };
        let interprets = !self.debugs() && !self.profile().on;
        (interprets && busy > LONG).then_some(offer)
    }

    /// Calls run in the browser's engine from now on. What runs is stopped, and called there.
    pub(crate) fn take_engine_offer(&mut self) -> Vec<Effect> {
        let runs = self.run.is_some();
        let mut effects = match runs {
            true => self.stop(),
            false => Vec::new(),
        };
        effects.extend(self.choose_engine(Engine::Browser));
        self.engine.calls = runs;
        effects
    }

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
        let needs = self.plugged.as_ref()?.elsewhere.as_ref();
        match (needs, problem) {
            (Some(_), None) if self.engine.is_the_browsers() => None,
            (Some(needs), None) => Some(format!("The module {needs}.")),
            (Some(needs), Some(problem)) => Some(format!("The module {needs}: {problem}.")),
            (None, Some(problem)) => Some(format!("Calls run in the interpreter: {problem}.")),
            (None, None) => None,
        }
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
        if !is_there
            || self.is_comparing()
            || self.debugs()
            || self.engine.making
            || self.engine.problem.is_some()
        {
            return Vec::new();
        }
        let wanted = self.given.engine;
        self.engine.due = self.engine.engine != wanted && self.run.is_some();
        if self.engine.due || self.engine.engine == wanted {
            return Vec::new();
        }
        if wanted == Engine::Interpreter && self.is_only_elsewhere() {
            self.engine.engine = wanted;
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

    /// Has the module made ready for the engine; says whether that is to be waited for.
    pub(super) fn prepare_engine(&mut self, engine: Engine) -> bool {
        self.engine.making = self.engine.engine != engine;
        self.engine.making
    }

    /// Calls run in this engine now.
    pub(super) fn runs_in(&mut self, engine: Engine, problem: Option<String>) -> Vec<Effect> {
        self.engine.engine = engine;
        self.engine.making = false;
        if self.is_comparing() {
            return self.compares_in(problem);
        }
        self.engine.problem = problem;
        self.engine.calls &= self.takes_call();
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
