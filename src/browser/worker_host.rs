//! The worker's end: drives a session in slices, so that it hears what the page says in between.

use super::clocks::Clocks;
use super::engine::Browser;
use super::guest::HostFunctions;
use super::script::Scripts;
use super::turns::Turns;
use super::wire;
use crate::module;
use crate::protocol::{Answer, Command, Engine, Event, Files, FilesReport, Memory, Report};
use crate::session::{HostCall, Next, Pace, Session};
use crate::wasi::Host;
use gloo_events::EventListener;
use js_sys::{ArrayBuffer, Uint8Array};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

/// A slice aims at this many milliseconds.
const SLICE_MILLIS: f64 = 10.0;

/// The same in nanoseconds.
const SLICE_NANOS: u64 = 10_000_000;

/// While a guest runs, the page hears of its progress about this often, in milliseconds.
const PROGRESS_MILLIS: f64 = 100.0;

/// Bytes at most of a file that a guest gets: more than any disk, or any memory, has room for.
const MOST_FILE: f64 = 1e9;

/// Starts to take commands from the page. Outside a dedicated worker it does nothing, and says so.
#[must_use]
pub fn start() -> bool {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return false;
    };
    post_panics(&scope);
    let Some((turns, port)) = Turns::new() else {
        // The page hears nothing, and says that.
        return true;
    };
    let session = Session::new(Box::new(|| Box::new(Clocks::new())));
    let session = Rc::new(RefCell::new(session));
    let wake = Rc::clone(&turns);
    let driver = Rc::new(RefCell::new(Driver {
        functions: HostFunctions::new(Rc::clone(&session), Rc::new(move || wake.take())),
        scripts: Scripts::new(),
        session,
        clocks: Clocks::new(),
        pace: Pace::new(SLICE_MILLIS),
        scope: scope.clone(),
        turns,
        heard: VecDeque::new(),
        reading: false,
        has_engine: false,
        progress_at: 0.0,
        posted_at: 0.0,
        unposted: 0.0,
    }));
    let turned = Rc::clone(&driver);
    Turns::listen(&port, move || Driver::turn(&turned));
    EventListener::new(&scope, "message", move |event| {
        if let Some(event) = event.dyn_ref::<MessageEvent>() {
            Driver::hear(&driver, &event.data());
        }
    })
    .forget();
    let _ = scope.post_message(&wire::ready());
    true
}

/// Tells the page of panics: it replaces the worker.
pub(super) fn post_panics(scope: &DedicatedWorkerGlobalScope) {
    let scope = scope.clone();
    std::panic::set_hook(Box::new(move |info| {
        // There is nobody else to tell.
        let _ = scope.post_message(&wire::panicked(&info.to_string()));
    }));
}

struct Driver {
    /// Borrowed for no longer than it works: host functions use it too.
    session: Rc<RefCell<Session>>,
    functions: Rc<HostFunctions>,
    scripts: Scripts,
    clocks: Clocks,
    pace: Pace,
    scope: DedicatedWorkerGlobalScope,
    turns: Rc<Turns>,
    /// What the page has said and has not been obeyed, in order.
    heard: VecDeque<wire::Heard>,
    /// Whether it is being gone through.
    reading: bool,
    /// Whether the session has the browser's engine.
    has_engine: bool,
    progress_at: f64,
    /// When a report was posted last, and how long the session has worked since, in milliseconds.
    posted_at: f64,
    unposted: f64,
}

impl Driver {
    /// Takes in a message of the page.
    fn hear(this: &Rc<RefCell<Self>>, message: &JsValue) {
        let (command, file) = match wire::read_command(message) {
            Ok(read) => read,
            Err(error) => {
                this.borrow()
                    .post(vec![Event::Rejected(error.to_string())], 0.0);
                return;
            }
        };
        let mut driver = this.borrow_mut();
        driver.heard.push_back((command, file));
        if !driver.reading {
            driver.reading = true;
            drop(driver);
            let this = Rc::clone(this);
            spawn_local(async move { Self::obey_all(&this).await });
        }
    }

    /// Obeys what has been heard, in order: what comes after a file waits until it has been read.
    async fn obey_all(this: &Rc<RefCell<Self>>) {
        loop {
            let Some((command, file)) = this.borrow_mut().heard.pop_front() else {
                this.borrow_mut().reading = false;
                return;
            };
            match (command, file) {
                (Command::Load { name, .. }, Some(file)) => {
                    let read = contents(&file).await;
                    let has_debug = read.as_ref().is_ok_and(|bytes| module::has_debug(bytes));
                    // Right before it is read: what it has to say of another one comes earlier.
                    let loading = wire::loading(has_debug);
                    let _ = this.borrow().scope.post_message(&loading);
                    match read {
                        Ok(bytes) => Self::obey(this, Command::Load { name, bytes }),
                        Err(reason) => {
                            let message = format!("the file cannot be read: {reason}");
                            let refused = Event::Refused { name, message };
                            this.borrow().post(vec![refused], 0.0);
                        }
                    }
                }
                (command @ Command::Engine(Engine::Browser), _) => {
                    Self::bring_engine(this).await;
                    Self::obey(this, command);
                }
                (Command::Files(Files::Write { at, .. }), Some(file)) => {
                    match contents_within(&file, MOST_FILE).await {
                        Ok(bytes) => {
                            Self::obey(this, Command::Files(Files::Write { at, bytes }));
                        }
                        Err(reason) => {
                            let message = format!("{} cannot be read: {reason}", at.path);
                            let failed = Event::Files(FilesReport::Failed(message));
                            this.borrow().post(vec![failed], 0.0);
                        }
                    }
                }
                (mut command, Some(file)) => match contents_within(&file, MOST_FILE).await {
                    Ok(read) => {
                        if let Command::StdinFile { bytes }
                        | Command::Put { bytes, .. }
                        | Command::Memory(Memory::Write { bytes, .. }) = &mut command
                        {
                            *bytes = read;
                        }
                        Self::obey(this, command);
                    }
                    Err(reason) => {
                        let message = format!("the file cannot be read: {reason}");
                        this.borrow().post(vec![Event::Rejected(message)], 0.0);
                    }
                },
                (command, _) => Self::obey(this, command),
            }
        }
    }

    /// Has the browser's engine beside the interpreter, if there is one that can be used.
    async fn bring_engine(this: &Rc<RefCell<Self>>) {
        if this.borrow().has_engine {
            return;
        }
        let turns = Rc::clone(&this.borrow().turns);
        if let Some(engine) = Browser::bring(Rc::new(move || turns.take())).await {
            let mut driver = this.borrow_mut();
            driver.has_engine = true;
            driver.session.borrow_mut().set_engine(Rc::new(engine));
        }
    }

    fn obey(this: &Rc<RefCell<Self>>, command: Command) {
        let mut driver = this.borrow_mut();
        if let Some(event) = driver.compile(&command) {
            driver.post(vec![event], 0.0);
        }
        {
            let mut session = driver.session.borrow_mut();
            session.tell_time(driver.clocks.monotonic());
            session.handle(command);
        }
        driver.turns.take();
    }

    /// Compiles the script that a command brings. One with a syntax error is taken all the same, and a
    /// call of it ends with the error: the one before is not what the page shows.
    fn compile(&mut self, command: &Command) -> Option<Event> {
        match command {
            Command::Load { .. } => self.scripts.clear(),
            Command::Answer {
                import,
                answer: Answer::Script(text),
            } => {
                let read = self.scripts.set(*import, text, &self.session.borrow());
                return Some(Event::Script {
                    import: *import,
                    problem: read.err(),
                });
            }
            _ => {}
        }
        None
    }

    /// Has a host call answered by the script of its import.
    fn answer(&mut self, call: HostCall) {
        let callee = {
            let session = self.session.borrow();
            self.scripts.get(call.import, &call.signature, &session)
        };
        match callee {
            Ok(callee) => self.functions.call(callee, call),
            Err(reason) => self.functions.fail(call.id, reason),
        }
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
            let (next, spent, asked, wanted) = {
                let mut session = driver.session.borrow_mut();
                session.tell_time(driver.clocks.monotonic());
                let before = session.fuel_spent();
                let next = session.step(fuel);
                let spent = session.fuel_spent().saturating_sub(before);
                (next, spent, session.host_call(), session.asked())
            };
            let now = driver.clocks.millis() - start;
            driver.pace.learn(spent, now - elapsed);
            elapsed = now;
            driver.functions.settle();
            // A script that is no promise has answered at once.
            let is_ready = next == Next::Ready || asked.is_some();
            if let Some(call) = asked {
                driver.answer(call);
            }
            if let Some((id, ask)) = wanted {
                driver.functions.ask(id, ask);
            }
            if !is_ready {
                if driver.session.borrow().is_away() {
                    driver.pace.leaves(start + began);
                }
                break next;
            }
            if elapsed >= SLICE_MILLIS * 0.8 {
                break Next::Ready;
            }
        };
        let now = start + elapsed;
        if now - driver.progress_at >= PROGRESS_MILLIS {
            driver.progress_at = now;
            driver.session.borrow_mut().tell_progress();
        }
        driver.unposted += elapsed;
        // Scripts may answer thousands of calls a second: the page hears of them a slice at a time.
        let is_answered_soon = matches!(next, Next::Wait(_))
            && now - driver.posted_at < SLICE_MILLIS
            && driver.session.borrow().waits_for_import();
        let next = if is_answered_soon {
            let soon = driver.clocks.monotonic().saturating_add(SLICE_NANOS);
            match next {
                Next::Wait(Some(deadline)) => Next::Wait(Some(deadline.min(soon))),
                _ => Next::Wait(Some(soon)),
            }
        } else {
            let mut events = driver.session.borrow_mut().take_events();
            events.dedup_by(|next, event| matches!(next, Event::Waiting(_)) && next == event);
            let busy = std::mem::take(&mut driver.unposted);
            driver.posted_at = now;
            driver.post(events, busy);
            next
        };
        driver.turns.go_on(next, driver.clocks.monotonic());
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive number of microseconds"
    )]
    fn post(&self, events: Vec<Event>, elapsed_millis: f64) {
        let mut report = Report {
            events,
            busy_micros: (elapsed_millis * 1000.0) as u64,
        };
        if report.events.is_empty() && self.session.borrow().usage().is_none() {
            return;
        }
        if let Ok((object, transfer)) = wire::report(&mut report) {
            // Fails only for what cannot be cloned; bytes and files can.
            let _ = self.scope.post_message_with_transfer(&object, &transfer);
        }
    }
}

/// The contents of `file`, unless it has more than `most` bytes: those are not even read.
async fn contents_within(file: &Blob, most: f64) -> Result<Vec<u8>, String> {
    if file.size() > most {
        return Err("it is too large".to_owned());
    }
    contents(file).await
}

/// The contents of `file`.
pub(super) async fn contents(file: &Blob) -> Result<Vec<u8>, String> {
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|error| {
        error.dyn_ref::<js_sys::Error>().map_or_else(
            || "unknown reason".to_owned(),
            |error| String::from(error.message()),
        )
    })?;
    Ok(Uint8Array::new(buffer.unchecked_ref::<ArrayBuffer>()).to_vec())
}
