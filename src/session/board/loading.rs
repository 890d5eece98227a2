//! What is done before a module can run: it is validated, and gets the twin that runs in its place.

use super::Board;
use super::engine::Elsewhere;
use crate::debug::twin::{Line, Making, Plan, Twin};
use crate::engine::{Instance, Program};
use crate::module::{Refusal, Validated, Validation};
use crate::protocol::{Debugged, Event, Inlined, Kept, Limits};
use std::rc::Rc;

/// How far a module is.
pub(super) enum Loading {
    Validation(Box<Validation>),
    /// It is valid, and gets a twin.
    Twin(Box<Making>),
    /// It is made ready for another engine.
    Elsewhere(Box<Elsewhere>),
}

impl Board {
    /// Whether the module has not been ready yet.
    pub(in crate::session) fn is_validating(&self) -> bool {
        self.is_loading() && self.module.is_none()
    }

    /// Whether something is to be done before a call can be made.
    pub(in crate::session) fn is_loading(&self) -> bool {
        self.loading.is_some()
    }

    /// Why no call can be made now.
    pub(in crate::session) fn is_not_ready(&self) -> Option<&str> {
        match &self.loading {
            None if self.program.is_none() => self.elsewhere.as_deref(),
            None => None,
            Some(Loading::Elsewhere(_)) => {
                Some("the module is being made ready for the browser's engine: wait for it")
            }
            Some(_) if self.module.is_none() => {
                Some("the module is still being validated: wait for it")
            }
            Some(_) => Some("the module is being made ready for the debugger: wait for it"),
        }
    }

    /// Goes on for about `bytes` bytes. When all is valid, the program is made for calls of the depth that the
    /// `limits` say.
    pub(in crate::session) fn load(
        &mut self,
        bytes: usize,
        limits: &Limits,
    ) -> Result<Event, Refusal> {
        let progress = Event::Validating {
            done: self.info.size,
            total: self.info.size,
        };
        let (module, twin) = match &mut self.loading {
            None => return Ok(progress),
            Some(Loading::Elsewhere(_)) => {
                return Ok(self.ready_elsewhere(limits).unwrap_or(progress));
            }
            Some(Loading::Validation(validation)) => {
                let step = match validation.step(bytes) {
                    Err(refusal) if refusal.is_run_by_browsers() => {
                        self.loading = None;
                        self.elsewhere = Some(refusal.to_string());
                        return Ok(self.is_ready());
                    }
                    step => step?,
                };
                let Some(module) = step else {
                    return Ok(Event::Validating {
                        done: validation.done(),
                        total: self.info.size,
                    });
                };
                match usual(&module) {
                    Some(making) => {
                        self.loading = Some(Loading::Twin(Box::new(making)));
                        return Ok(progress);
                    }
                    None => (module, None),
                }
            }
            Some(Loading::Twin(making)) => match making.step(TWIN_STEP) {
                Ok(None) => return Ok(progress),
                // Without one it runs as well.
                twin => (making.module().clone(), twin.ok().flatten()),
            },
        };
        self.ready(module, twin, limits)
    }

    fn ready(
        &mut self,
        module: Validated,
        twin: Option<Twin>,
        limits: &Limits,
    ) -> Result<Event, Refusal> {
        self.loading = None;
        self.program = Some(program(&module, twin.as_ref(), limits)?);
        let rows = twin.as_ref().filter(|twin| twin.map().is_debug());
        let rows = rows.map(|twin| u32::try_from(twin.map().rows().len()).unwrap_or(u32::MAX));
        if self.module.replace((module, twin)).is_some() {
            return Ok(Event::Debug(Box::new(Debugged::Ready(rows))));
        }
        // What is valid has them.
        self.bytes = Rc::new([]);
        Ok(self.is_ready())
    }

    fn is_ready(&self) -> Event {
        let answers = self.sockets.iter().map(|socket| socket.answer.clone());
        Event::Ready {
            answers: answers.collect(),
            elsewhere: self.elsewhere.clone(),
        }
    }

    /// Gets the twin that can be stopped at these lines, in steps, or with `None` the usual one; there is no instance. The text says
    /// why it cannot.
    pub(in crate::session) fn debug(
        &mut self,
        lines: Option<Vec<Line>>,
        limits: &Limits,
    ) -> Result<Option<Event>, String> {
        if let Some(needs) = &self.elsewhere {
            return Err(format!("the debugger is the interpreter's: {needs}"));
        }
        let Some((module, _)) = &self.module else {
            return Err("the module is not ready: wait for it".to_owned());
        };
        let module = module.clone();
        self.inlined = Rc::new([]);
        let making = match lines {
            Some(lines) if !lines.is_sorted_by_key(|line| line.0) => {
                return Err("the lines are not in the order of their places".to_owned());
            }
            Some(lines) => {
                let making = Making::new(module.clone(), Plan::Debug(lines.into()));
                let mut making = making.map_err(|error| error.to_string())?;
                making.keep(std::mem::take(&mut self.kept).into());
                Some(making)
            }
            None => usual(&module),
        };
        if let Some(making) = making {
            self.loading = Some(Loading::Twin(Box::new(making)));
            return Ok(None);
        }
        let ready = self.ready(module, None, limits);
        ready.map(Some).map_err(|refusal| refusal.to_string())
    }

    /// The frames of the next twin that can be stopped keep these.
    pub(in crate::session) fn keep(&mut self, kept: Vec<Kept>) {
        self.kept = kept;
    }

    /// Where debugged instances can be stopped.
    pub(in crate::session) fn rows(&self) -> &[Line] {
        let twin = self.module.as_ref().and_then(|(_, twin)| twin.as_ref());
        twin.filter(|twin| twin.map().is_debug())
            .map_or(&[], |twin| twin.map().rows())
    }

    /// Where debugged instances stop.
    pub(in crate::session) fn set_breakpoints(&mut self, places: Vec<u32>) {
        self.breakpoints = places;
        if let Some(instance) = &mut self.instance {
            instance.set_breakpoints(&self.breakpoints);
        }
    }

    /// Which calls are inlined where, for the steps of debugged instances.
    pub(in crate::session) fn set_inlined(&mut self, inlined: Vec<Inlined>) {
        self.inlined = inlined.into();
        if let Some(instance) = &mut self.instance {
            instance.set_inlined(&self.inlined);
        }
    }

    /// Whether debugged instances keep which lines they have reached.
    pub(in crate::session) fn cover(&mut self, wanted: bool) {
        self.covers = wanted;
        if let Some(instance) = &mut self.instance {
            instance.cover(wanted);
        }
    }

    /// Which imports debugged instances stop before, and whether calls that trap are held there.
    pub(in crate::session) fn hold(&mut self, imports: Vec<u32>, traps: bool) {
        (self.held_imports, self.holds_traps) = (imports, traps);
        if let Some(instance) = &mut self.instance {
            instance.hold(&self.held_imports);
        }
    }

    /// Whether a call that traps is held there.
    pub(in crate::session) fn holds_traps(&self) -> bool {
        self.holds_traps && self.instance.as_ref().is_some_and(Instance::is_debugged)
    }

    /// Lets a new instance do what those before did.
    pub(super) fn arm(&mut self) {
        let instance = self.instance.as_mut();
        if let Some(instance) = instance.filter(|instance| instance.is_debugged()) {
            instance.cover(self.covers);
            instance.set_inlined(&self.inlined);
            instance.set_breakpoints(&self.breakpoints);
            instance.hold(&self.held_imports);
        }
    }
}

/// The making of the twin that runs in a module's place; `None`: none does, since standard Go notes where it is
/// in its own memory, or there can be none.
fn usual(module: &Validated) -> Option<Making> {
    match module.registers() {
        Some(_) => None,
        None => Making::new(module.clone(), Plan::Frames).ok(),
    }
}

/// Bytes of code that one step makes the twin of: that is faster than validation.
const TWIN_STEP: usize = 256 << 10;

/// The program of a module, or of the twin that runs in its place, for calls as deep as the limits say.
pub(super) fn program(
    module: &Validated,
    twin: Option<&Twin>,
    limits: &Limits,
) -> Result<Program, Refusal> {
    match twin {
        Some(twin) => Program::of_twin(module, twin, depth(limits)),
        None => Program::new(module, depth(limits)),
    }
}

/// How deep calls may be nested.
pub(super) fn depth(limits: &Limits) -> u32 {
    limits.call_depth.min(Limits::MOST_CALL_DEPTH)
}
