//! The debugger's part of a driver: the lines of the module, where calls stop, and the caller who is asked how a call
//! that has stopped goes on.

use super::backtrace::Told;
use super::breakpoints::{Breakpoints, no_lines, stoppable};
use super::coverage::Coverage;
use super::driver::{Driver, End};
use super::{Plain, profile};
use crate::browser::js::{define, error, from_plain, to_plain};
use crate::debug::Places;
use crate::engine::Instance;
use crate::module::Info;
use crate::protocol::{Command, Debug, Debugged, Go, Held, Lines};
use js_sys::{Function, Object, Promise};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Fuel between two samples, unless the caller says so: a call of a test's is short.
const SAMPLE: u64 = 20_000;

/// Why a module cannot be debugged, where no more is known.
const UNKNOWN: &str = "the module has something that cannot be watched";

/// What a handler may answer.
const ANSWERS: &str = "\"continue\", \"over\", \"into\", \"out\" or \"stop\"";

/// What the debugger has been told, and what it knows.
#[derive(Default)]
pub(super) struct Debugger {
    /// The lines of the module; `None`: it is not debugged.
    lines: RefCell<Option<Rc<Lines>>>,
    /// Asked how a call goes on that has stopped; `None`: it goes on by itself.
    pub(super) on_stop: RefCell<Option<Function>>,
    pub(super) breakpoints: RefCell<Breakpoints>,
    /// The places of these, in order.
    places: RefCell<Vec<u32>>,
    pub(super) coverage: RefCell<Coverage>,
    /// The names of the imports, in their order.
    imports: RefCell<Vec<String>>,
    /// Those at whose calls one stops, by their places; and whether at traps.
    held: RefCell<(BTreeSet<u32>, bool)>,
    /// Where the guest has stopped.
    stopped: RefCell<Held>,
    /// Whether samples are taken.
    profiles: Cell<bool>,
    /// How often calls have stopped.
    stops: Cell<u32>,
    /// The stop at which the caller is asked.
    asked: Cell<Option<u32>>,
    /// Whether the module is being made ready.
    prepares: Cell<bool>,
}

impl Debugger {
    /// The lines of the module; `what` is called for them.
    pub(super) fn lines(&self, what: &str) -> Result<Rc<Lines>, JsValue> {
        let lines = self.lines.borrow().clone();
        lines.ok_or_else(|| {
            error(&format!(
                "{what}: the plugin was loaded without debug: load it with {{ debug: true }}"
            ))
        })
    }

    /// The session has refused to do something: that is the end of it if the module was being made ready.
    pub(super) fn rejected(&self, reason: String) -> Option<End> {
        self.prepares.get().then_some(End::Refused(reason))
    }

    /// No call is stopped any more: what the caller has yet to answer does not matter.
    pub(super) fn goes_on(&self) {
        self.asked.set(None);
    }
}

impl Driver {
    /// Has the module debugged from now on; why not more of its lines are known.
    pub(super) async fn debug(self: &Rc<Self>, info: &Info) -> Result<Option<String>, JsValue> {
        let imports = info.imports.iter();
        let imports = imports.map(|import| format!("{}.{}", import.module, import.name));
        self.debugger.imports.replace(imports.collect());
        let lines = self.located.with(Places::lines).unwrap_or_default();
        self.handle(Command::Debug(Debug::Keep(lines.kept.clone())));
        let twin = Command::Debug(Debug::Lines(Some(lines.places.clone())));
        self.debugger.prepares.set(true);
        let end = self.run([twin]).await;
        self.debugger.prepares.set(false);
        match end? {
            End::Ready(_) => {}
            End::Refused(reason) => {
                let reason = format!("options.debug: {reason}: load it without");
                return Err(error(&reason));
            }
            End::Ended(..) | End::Engine(_) => {
                return Err(error("a call ended while the module was loaded"));
            }
        }
        self.handle(Command::Debug(Debug::Cover(true)));
        self.handle(Command::Debug(Debug::Inlined(lines.inlined.clone())));
        let lines = stoppable(lines, self.session.borrow().stopping_places());
        let lines = Rc::new(lines);
        self.debugger.lines.replace(Some(Rc::clone(&lines)));
        let none = || (!lines.are_known()).then(|| no_lines(&lines));
        let problem = none().or_else(|| lines.problem.clone());
        Ok(problem.map(|problem| format!("debug: {problem}")))
    }

    /// What the debugger has said.
    pub(super) fn debugged(&self, said: &Debugged) -> Option<End> {
        match said {
            Debugged::Ready(Some(_)) => Some(End::Ready(Box::default())),
            Debugged::Ready(None) => Some(End::Refused(UNKNOWN.to_owned())),
            Debugged::Covered(_) | Debugged::Profiled(_) | Debugged::Shown(_) => None,
            Debugged::Stopped(held) => {
                self.debugger.stopped.replace(held.clone());
                None
            }
        }
    }

    /// Calls stop before the imports of this name are called, such as `env.log`, or no longer.
    pub(super) fn hold_before(&self, name: &Plain, on: bool) -> Result<(), String> {
        let Plain::Text(name) = name else {
            return Err(format!(
                "needs the name of an import, such as \"env.log\", got {name}"
            ));
        };
        let imports = self.debugger.imports.borrow();
        let places = (0..).zip(&*imports).filter(|(_, known)| *known == name);
        let places: Vec<u32> = places.map(|(place, _)| place).collect();
        if places.is_empty() {
            return Err(match imports.is_empty() {
                true => format!("{name} is not imported: nothing is"),
                false => format!("{name} is not imported: there is {}", imports.join(", ")),
            });
        }
        {
            let mut held = self.debugger.held.borrow_mut();
            for place in places {
                match on {
                    true => held.0.insert(place),
                    false => held.0.remove(&place),
                };
            }
        }
        self.send_held();
        Ok(())
    }

    /// Calls stop where they trap, or no longer.
    pub(super) fn hold_at_traps(&self, on: bool) {
        self.debugger.held.borrow_mut().1 = on;
        self.send_held();
    }

    fn send_held(&self) {
        let (imports, traps) = self.debugger.held.borrow().clone();
        let imports = imports.into_iter().collect();
        self.handle(Command::Debug(Debug::Hold { imports, traps }));
    }

    /// The stack that was seen last, once.
    pub(super) fn backtrace(&self) -> Option<Told> {
        let session = self.session.borrow();
        let memory = session.instance().map(Instance::memory).unwrap_or_default();
        self.located.take(memory)
    }

    /// Calls stop at the breakpoints that there are now.
    pub(super) fn send_breakpoints(&self, lines: &Lines) {
        let places = self.debugger.breakpoints.borrow().places(lines);
        self.debugger.places.replace(places.clone());
        self.handle(Command::Debug(Debug::Breakpoints(places)));
    }

    /// A run has ended: what the instance has reached is kept, since the next one begins anew.
    pub(super) fn keep_reached(&self) {
        self.debugger.goes_on();
        self.gather_reached();
    }

    /// Takes in what the instance has reached so far.
    pub(super) fn gather_reached(&self) {
        if self.debugger.lines.borrow().is_some() {
            let session = self.session.borrow();
            let covered = session.instance().map(Instance::covered);
            let mut coverage = self.debugger.coverage.borrow_mut();
            coverage.add(&covered.unwrap_or_default());
        }
    }

    /// Takes samples from now on, each time that about so much fuel has been used; `what` is told of it.
    pub(super) fn start_profile(&self, what: &str, every: Option<u64>) -> Result<(), JsValue> {
        self.debugger.lines(what)?;
        if self.debugger.profiles.get() {
            let reason = format!("{what}: a profile is being taken: plugin.profile.stop() ends it");
            return Err(error(&reason));
        }
        self.debugger.profiles.set(true);
        let every = every.unwrap_or(SAMPLE);
        self.session.borrow_mut().sample_every(Some(every));
        self.handle(Command::Debug(Debug::Profile(true)));
        Ok(())
    }

    /// Takes no more samples: those that there are; `None`: there was no profile.
    pub(super) fn stop_profile(&self) -> Option<Plain> {
        if !self.debugger.profiles.replace(false) {
            return None;
        }
        let samples = self.session.borrow().samples();
        self.handle(Command::Debug(Debug::Profile(false)));
        self.located
            .with(|places| profile::to_plain(places, &samples))
    }

    /// Goes on from where a call has stopped, or stops the one that runs at its next line.
    pub(super) fn step(&self, how: Go) -> Result<(), JsValue> {
        self.debugger.lines("step")?;
        let runs = self.session.borrow().usage().is_some();
        if self.debugger.on_stop.borrow().is_none() {
            let reason = "step: there is no onStop that would hear of it: give one to load, or set plugin.onStop";
            return Err(error(reason));
        }
        if !runs {
            return Err(error(
                "step: nothing runs: use it behind call() or start(), or while a call is stopped",
            ));
        }
        self.go(match self.debugger.asked.get() {
            Some(_) => how,
            None => Go::Next,
        });
        Ok(())
    }

    fn go(&self, how: Go) {
        self.debugger.goes_on();
        self.handle(Command::Debug(Debug::Go(how)));
        self.wake();
    }

    /// The guest has stopped: asks the caller how it goes on, once for each stop.
    pub(super) fn ask_how(self: &Rc<Self>) {
        if self.debugger.asked.get().is_some() {
            return;
        }
        let Some(handler) = self.debugger.on_stop.borrow().clone() else {
            return self.go(Go::On);
        };
        let stop = self.debugger.stops.get().wrapping_add(1);
        self.debugger.stops.set(stop);
        self.debugger.asked.set(Some(stop));
        let answer = handler.call1(&JsValue::UNDEFINED, &self.stop_object());
        let driver = Rc::clone(self);
        spawn_local(async move {
            let answer = match answer {
                Ok(answer) => JsFuture::from(Promise::resolve(&answer)).await,
                thrown => thrown,
            };
            // It may have gone on otherwise, or have been ended.
            if driver.debugger.asked.get() == Some(stop) {
                driver.answered(answer);
            }
        });
    }

    fn answered(&self, answer: Result<JsValue, JsValue>) {
        match answer
            .map_err(|it| thrown(&it))
            .and_then(|answer| going(&answer))
        {
            Ok(Some(how)) => self.go(how),
            Ok(None) => self.stop(),
            Err(problem) => {
                self.debugger.goes_on();
                self.throw(problem);
            }
        }
    }

    /// Where the guest has stopped, as the handler gets it.
    fn stop_object(&self) -> Object {
        let object = Object::new();
        let reason = match &*self.debugger.stopped.borrow() {
            Held::Line if self.stopped_by_step() => "step",
            Held::Line => "breakpoint",
            Held::Import(place) => {
                let imports = self.debugger.imports.borrow();
                let name = imports.get(*place as usize).map_or("", String::as_str);
                define(&object, "import", &name.into());
                "hostCall"
            }
            Held::Trap(why) => {
                define(&object, "message", &(&**why).into());
                "trap"
            }
        };
        define(&object, "reason", &reason.into());
        let told = self.backtrace().unwrap_or(Told {
            backtrace: Plain::List(Vec::new()),
            goroutines: None,
            variables: None,
        });
        if let Plain::List(list) = &told.backtrace
            && let Some(innermost) = list.first()
        {
            for key in ["function", "file", "line", "column"] {
                match innermost.get(key) {
                    Plain::Undefined => {}
                    known => define(&object, key, &from_plain(known)),
                }
            }
        }
        told.define_on(&object);
        object
    }

    /// Whether there is no breakpoint where the guest has stopped.
    fn stopped_by_step(&self) -> bool {
        let places = self.debugger.places.borrow();
        let at = self.located.innermost();
        at.is_none_or(|at| places.binary_search(&at).is_err())
    }
}

/// How the guest goes on by what the handler answered; `None`: it is ended.
fn going(answer: &JsValue) -> Result<Option<Go>, JsValue> {
    if answer.is_undefined() {
        return Ok(Some(Go::On));
    }
    let how = answer.as_string();
    Ok(Some(match how.as_deref() {
        Some("continue") => Go::On,
        Some("over") => Go::Over,
        Some("into") => Go::Into,
        Some("out") => Go::Out,
        Some("stop") => return Ok(None),
        _ => {
            let got = to_plain(answer, "onStop")?;
            let reason = format!("onStop: needs to answer {ANSWERS}, got {got}");
            return Err(error(&reason));
        }
    }))
}

/// What the handler threw, as an error that says so; its cause is what was thrown.
fn thrown(thrown: &JsValue) -> JsValue {
    let text = match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => to_plain(thrown, "what was thrown")
            .map_or_else(|_| "something".to_owned(), |plain| plain.to_string()),
    };
    let error = error(&format!("onStop has thrown, which ended the call: {text}"));
    define(error.unchecked_ref(), "cause", thrown);
    error
}
