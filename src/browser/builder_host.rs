//! The builder worker's end: drives the build in slices, and has the toolchain's files fetched.

use super::clocks::Clocks;
use super::engine::Browser;
use super::turns::Turns;
use super::wire;
use super::worker_host::post_panics;
use crate::build::{Builder, Wanted};
use crate::protocol::build::{Build, BuildEnd, BuildReport, BuildStep, Timed};
use crate::protocol::{self, Command, Event, Report};
use crate::session::{Next, Pace};
use crate::wasi::Host;
use gloo_events::EventListener;
use js_sys::{Array, Promise, Uint8Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// A slice aims at this many milliseconds: what is to be heard in between is Stop.
const SLICE_MILLIS: f64 = 20.0;

/// The page hears of what is fetched about this often, in milliseconds.
const FETCHING_MILLIS: f64 = 50.0;

#[wasm_bindgen]
extern "C" {
    /// In `builder_worker.js`: the bytes of a file, and whether they are compressed still.
    #[wasm_bindgen(catch, js_name = toolchainFile)]
    fn toolchain_file(name: &str, tell: &JsValue) -> Result<Promise, JsValue>;
    /// In `builder_worker.js`.
    #[wasm_bindgen(js_name = forgetOtherFiles)]
    fn forget_other_files(names: Array);
}

/// Starts to take [`Command::Build`] from the page. Does nothing outside a dedicated worker.
pub fn start() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    post_panics(&scope);
    let Some((turns, port)) = Turns::new() else {
        return;
    };
    let driver = Rc::new(RefCell::new(Driver {
        builder: Builder::new(Box::new(|| Box::new(Clocks::new()))),
        clocks: Clocks::new(),
        pace: Pace::new(SLICE_MILLIS),
        scope: scope.clone(),
        turns,
        fetching: Vec::new(),
        told_at: 0.0,
        began_at: 0.0,
    }));
    let (turned, waits) = (Rc::clone(&driver), Rc::clone(&driver));
    Turns::listen(&port, move || Driver::turn(&turned));
    EventListener::new(&scope, "message", move |event| {
        let data = event.dyn_ref::<MessageEvent>().map(MessageEvent::data);
        if let Ok((Command::Build(bytes), _)) = wire::read_command(&data.unwrap_or_default())
            && let Ok(build) = protocol::decode(&bytes)
        {
            Driver::hear(&driver, build);
        }
    })
    .forget();
    spawn_local(async move {
        let turns = Rc::clone(&waits.borrow().turns);
        let engine = Browser::bring(Rc::new(move || turns.take())).await;
        if let Some(engine) = engine {
            waits.borrow_mut().builder.set_engine(Rc::new(engine));
        }
        // Fails only for what cannot be cloned.
        let _ = scope.post_message(&wire::ready());
    });
}

struct Driver {
    builder: Builder,
    clocks: Clocks,
    pace: Pace,
    scope: DedicatedWorkerGlobalScope,
    turns: Rc<Turns>,
    /// The files that have been asked for in this build, with the bytes that have come.
    fetching: Vec<(Wanted, u64)>,
    told_at: f64,
    /// When the build began.
    began_at: f64,
}

impl Driver {
    fn hear(this: &Rc<RefCell<Self>>, build: Build) {
        let mut driver = this.borrow_mut();
        if build != Build::Stop {
            driver.began_at = driver.clocks.millis();
            driver.fetching.clear();
        }
        let now = driver.clocks.monotonic();
        driver.builder.tell_time(now);
        driver.builder.handle(build);
        driver.turns.take();
    }

    /// Runs one slice, reports, and arranges for the next one.
    fn turn(this: &Rc<RefCell<Self>>) {
        let mut driver = this.borrow_mut();
        driver.turns.begin();
        let now = driver.clocks.millis();
        let start = driver.pace.began(now);
        let mut elapsed = 0.0;
        let next = loop {
            let began = elapsed;
            let fuel = driver.pace.fuel(SLICE_MILLIS - elapsed);
            let now = driver.clocks.monotonic();
            driver.builder.tell_time(now);
            let before = driver.builder.fuel_spent();
            let next = driver.builder.step(fuel);
            let spent = driver.builder.fuel_spent().saturating_sub(before);
            let now = driver.clocks.millis() - start;
            driver.pace.learn(spent, now - elapsed);
            elapsed = now;
            if driver.builder.is_away() {
                driver.pace.leaves(start + began);
            }
            if next != Next::Ready || elapsed >= SLICE_MILLIS * 0.8 {
                break next;
            }
        };
        for report in driver.builder.take_reports() {
            driver.post(report);
        }
        for wanted in driver.builder.wanted() {
            Self::fetch(this, &mut driver, wanted);
        }
        let now = driver.clocks.monotonic();
        driver.turns.go_on(next, now);
    }

    /// Has a file fetched; the builder gets it when it is there.
    fn fetch(this: &Rc<RefCell<Self>>, driver: &mut Self, wanted: Wanted) {
        let name = wanted.file.clone();
        driver.fetching.push((wanted, 0));
        let this = Rc::clone(this);
        spawn_local(async move {
            let tell = {
                let (this, name) = (Rc::clone(&this), name.clone());
                Closure::<dyn Fn(f64)>::new(move |bytes| this.borrow_mut().has_come(&name, bytes))
            };
            let contents = contents(&name, tell.as_ref()).await;
            let mut driver = this.borrow_mut();
            driver.is_here(&name);
            driver.builder.give(&name, contents);
            if let Some(names) = driver.builder.names() {
                forget_other_files(names.iter().map(|name| JsValue::from_str(name)).collect());
            }
            driver.turns.take();
        });
    }

    /// Bytes of a file have come: so many in all. Fewer than none: there is no file yet, and it is waited for.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number below 2⁵³"
    )]
    fn has_come(&mut self, name: &str, bytes: f64) {
        if bytes < 0.0 {
            return self.post(BuildReport::Step {
                step: BuildStep::Await,
                number: 0,
                of: 0,
            });
        }
        let it = self.fetching.iter_mut().find(|(it, _)| it.file == name);
        if let Some((_, come)) = it {
            *come = bytes as u64;
        }
        let now = self.clocks.millis();
        if now - self.told_at >= FETCHING_MILLIS {
            self.told_at = now;
            self.tell_fetching();
        }
    }

    /// All of a file is there, from wherever it came.
    fn is_here(&mut self, name: &str) {
        let it = self.fetching.iter_mut().find(|(it, _)| it.file == name);
        if let Some((wanted, come)) = it {
            *come = wanted.size;
        }
        if self.fetching.iter().all(|(it, come)| *come >= it.size) {
            self.tell_fetching();
        }
    }

    fn tell_fetching(&self) {
        let sum = |size: fn(&(Wanted, u64)) -> u64| self.fetching.iter().map(size).sum();
        self.post(BuildReport::Fetching {
            done: sum(|(wanted, come)| (*come).min(wanted.size)),
            total: sum(|(wanted, _)| wanted.size),
        });
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive number of microseconds"
    )]
    fn post(&self, mut report: BuildReport) {
        let module = match &mut report {
            BuildReport::Ended(BuildEnd::Built { module, .. }) => Some(std::mem::take(module)),
            _ => None,
        };
        let micros = ((self.clocks.millis() - self.began_at) * 1000.0) as u64;
        let Ok(bytes) = protocol::encode(&Timed { micros, report }) else {
            return;
        };
        let mut events: Vec<Event> = module.map(Event::Built).into_iter().collect();
        events.push(Event::Build(bytes));
        let mut report = Report {
            events,
            busy_micros: 0,
        };
        if let Ok((object, transfer)) = wire::report(&mut report) {
            // Fails only for what cannot be cloned; bytes and files can.
            let _ = self.scope.post_message_with_transfer(&object, &transfer);
        }
    }
}

/// A file of the toolchain, decompressed.
async fn contents(name: &str, tell: &JsValue) -> Result<Vec<u8>, String> {
    let said = |error: JsValue| {
        let error = error.dyn_ref::<js_sys::Error>();
        error.map_or_else(|| "unknown reason".to_owned(), |it| it.message().into())
    };
    let promise = toolchain_file(name, tell).map_err(said)?;
    let file = JsFuture::from(promise).await.map_err(said)?;
    let file = Array::from(&file);
    let bytes = Uint8Array::new(&file.get(0)).to_vec();
    match file.get(1).is_truthy() {
        true => crate::build::gunzip(&bytes).map_err(|reason| format!("{name}: {reason}")),
        false => Ok(bytes),
    }
}
