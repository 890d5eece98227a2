//! Which engine a module runs in.

use super::Board;
use super::loading::{Loading, depth, program};
use crate::engine::Program;
use crate::engine::foreign::{self, Compiled};
use crate::protocol::{Engine, Event, Limits};
use crate::rewrite::metered::{Making, Metered};
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

/// Bytes of code that are metered in one step.
const STEP: usize = 256 << 10;

/// A module that is made ready for another engine.
pub(super) struct Elsewhere {
    engine: Rc<dyn foreign::Engine>,
    state: State,
}

enum State {
    /// The engine says whether the module is valid.
    Validating(Rc<[u8]>, Answer),
    Metering(Box<Making>),
    Compiling(Box<Metered>, Answer),
}

/// What the engine has made of the metered module, once it has.
type Answer = Rc<RefCell<Option<Result<Rc<dyn Any>, String>>>>;

/// The metered module, and what the engine has made of it.
type Made = (Metered, Rc<dyn Any>);

/// Has the engine compile a module, and gives what will have come of it.
fn compile(engine: &Rc<dyn foreign::Engine>, module: &[u8]) -> Answer {
    let answer = Answer::default();
    let to = Rc::clone(&answer);
    let done: Compiled = Box::new(move |made| {
        to.replace(Some(made));
    });
    engine.compile(module, done);
    answer
}

fn metering(module: Rc<[u8]>) -> Result<State, String> {
    let making = Making::new(module).map_err(|unknown| unknown.to_string())?;
    Ok(State::Metering(Box::new(making)))
}

impl Elsewhere {
    /// Whether it waits for the engine, which wakes whoever drives the session.
    pub(super) fn waits(&self) -> bool {
        match &self.state {
            State::Validating(_, answer) | State::Compiling(_, answer) => answer.borrow().is_none(),
            State::Metering(_) => false,
        }
    }

    /// Goes on; gives what is to be instantiated when that is there. The text says why there is none.
    fn step(&mut self) -> Result<Option<Made>, String> {
        match &mut self.state {
            State::Validating(module, answer) => {
                if let Some(made) = answer.take() {
                    made?;
                    self.state = metering(Rc::clone(module))?;
                }
                Ok(None)
            }
            State::Metering(making) => {
                let made = making.step(STEP).map_err(|unknown| unknown.to_string())?;
                if let Some(metered) = made {
                    let answer = compile(&self.engine, metered.bytes());
                    self.state = State::Compiling(Box::new(metered), answer);
                }
                Ok(None)
            }
            State::Compiling(metered, answer) => match answer.take() {
                Some(made) => Ok(Some(((**metered).clone(), made?))),
                None => Ok(None),
            },
        }
    }
}

impl Board {
    /// Whether what is being made ready waits for another engine.
    pub(in crate::session) fn waits_for_engine(&self) -> bool {
        matches!(&self.loading, Some(Loading::Elsewhere(it)) if it.waits())
    }

    /// Runs the module from now on in the interpreter, or in another engine, for which it is made ready in steps. There is no instance.
    /// The text says why it cannot.
    pub(in crate::session) fn run_in(
        &mut self,
        engine: Option<Rc<dyn foreign::Engine>>,
        limits: &Limits,
    ) -> Result<Option<Event>, String> {
        let state = match (&self.module, &self.elsewhere, &engine) {
            (Some((module, twin)), _, None) => {
                let program = program(module, twin.as_ref(), limits);
                self.program = Some(program.map_err(|refusal| refusal.to_string())?);
                return Ok(Some(ran(Engine::Interpreter, None)));
            }
            (Some((module, _)), _, Some(_)) => metering(Rc::from(module.bytes()))?,
            (None, Some(_), Some(engine)) => {
                State::Validating(Rc::clone(&self.bytes), compile(engine, &self.bytes))
            }
            (None, Some(needs), None) => return Err(needs.clone()),
            (None, None, _) => return Err("the module is not ready: wait for it".to_owned()),
        };
        let Some(engine) = engine else {
            return Ok(None);
        };
        self.loading = Some(Loading::Elsewhere(Box::new(Elsewhere { engine, state })));
        Ok(None)
    }

    /// Goes on with what is made ready for another engine. Where that fails, the interpreter goes on to run it.
    pub(super) fn ready_elsewhere(&mut self, limits: &Limits) -> Option<Event> {
        let Some(Loading::Elsewhere(elsewhere)) = &mut self.loading else {
            return None;
        };
        let made = match elsewhere.step() {
            Ok(None) => return None,
            Ok(Some(made)) => Ok((made, Rc::clone(&elsewhere.engine))),
            Err(problem) => Err(problem),
        };
        self.loading = None;
        Some(match made {
            Ok(((metered, compiled), engine)) => {
                let module = self.module.as_ref().map(|(module, _)| module);
                let of = (module, &self.info);
                let depth = depth(limits);
                self.program = Some(Program::elsewhere(engine, of, metered, compiled, depth));
                ran(Engine::Browser, None)
            }
            Err(problem) => ran(Engine::Interpreter, Some(problem)),
        })
    }
}

/// Calls run in this engine from now on.
fn ran(engine: Engine, problem: Option<String>) -> Event {
    Event::Engine { engine, problem }
}
