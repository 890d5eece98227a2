//! The worker's end: drives a session in slices, so that it hears what the page says in between.

use super::clocks::Clocks;
use super::wire;
use crate::protocol::{Command, Event, Files, FilesReport, Report};
use crate::session::{Next, Pace, Session};
use crate::wasi::Host;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{ArrayBuffer, Uint8Array};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

/// A slice aims at this many milliseconds.
const SLICE_MILLIS: f64 = 10.0;

/// While a guest runs, the page hears of its progress about this often, in milliseconds.
const PROGRESS_MILLIS: f64 = 100.0;

/// Bytes at most of a file that is put where guests see it: more than any disk has room for.
const MOST_FILE: f64 = 1e9;

/// Bytes of a file for stdin at most.
const MOST_STDIN: f64 = 1e9;

/// Starts to take commands from the page. Outside a dedicated worker it does nothing, and says so.
#[must_use]
pub fn start() -> bool {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return false;
    };
    post_panics(&scope);
    let Ok(channel) = MessageChannel::new() else {
        // No browser with workers lacks it. The page hears nothing, and says that.
        return true;
    };
    let driver = Rc::new(RefCell::new(Driver {
        session: Session::new(Box::new(|| Box::new(Clocks::new()))),
        clocks: Clocks::new(),
        pace: Pace::new(SLICE_MILLIS),
        scope: scope.clone(),
        turn: channel.port2(),
        turn_pending: false,
        timer: None,
        heard: VecDeque::new(),
        reading: false,
        progress_at: 0.0,
    }));
    let turns = Rc::clone(&driver);
    EventListener::new(&channel.port1(), "message", move |_| Driver::turn(&turns)).forget();
    channel.port1().start();
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
    session: Session,
    clocks: Clocks,
    pace: Pace,
    scope: DedicatedWorkerGlobalScope,
    /// Posting to it makes the next turn of the event loop; a timer would wait for 4 ms.
    turn: MessagePort,
    turn_pending: bool,
    /// Ends the wait of a guest.
    timer: Option<Timeout>,
    /// What the page has said and has not been obeyed, in order.
    heard: VecDeque<wire::Heard>,
    /// Whether it is being gone through.
    reading: bool,
    progress_at: f64,
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
                (Command::Load { name, .. }, Some(file)) => match contents(&file).await {
                    Ok(bytes) => Self::obey(this, Command::Load { name, bytes }),
                    Err(reason) => {
                        let message = format!("the file cannot be read: {reason}");
                        let refused = Event::Refused { name, message };
                        this.borrow().post(vec![refused], 0.0);
                    }
                },
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
                (Command::StdinFile { .. }, Some(file)) => {
                    match contents_within(&file, MOST_STDIN).await {
                        Ok(bytes) => Self::obey(this, Command::StdinFile { bytes }),
                        Err(reason) => {
                            let message = format!("the file for stdin cannot be read: {reason}");
                            this.borrow().post(vec![Event::Rejected(message)], 0.0);
                        }
                    }
                }
                (command, _) => Self::obey(this, command),
            }
        }
    }

    fn obey(this: &Rc<RefCell<Self>>, command: Command) {
        let mut driver = this.borrow_mut();
        driver.session.handle(command);
        driver.timer = None;
        driver.take_turn();
    }

    /// Runs one slice, reports, and arranges for the next one.
    fn turn(this: &Rc<RefCell<Self>>) {
        let mut driver = this.borrow_mut();
        driver.turn_pending = false;
        let start = driver.clocks.millis();
        let mut elapsed = 0.0;
        let next = loop {
            let fuel = driver.pace.fuel(SLICE_MILLIS - elapsed);
            let before = driver.session.fuel_spent();
            let next = driver.session.step(fuel);
            let now = driver.clocks.millis() - start;
            let spent = driver.session.fuel_spent().saturating_sub(before);
            driver.pace.learn(spent, now - elapsed);
            elapsed = now;
            if next != Next::Ready || elapsed >= SLICE_MILLIS * 0.8 {
                break next;
            }
        };
        let now = start + elapsed;
        if now - driver.progress_at >= PROGRESS_MILLIS {
            driver.progress_at = now;
            driver.session.tell_progress();
        }
        let events = driver.session.take_events();
        driver.post(events, elapsed);
        match next {
            Next::Ready => driver.take_turn(),
            Next::Wait(Some(deadline)) => {
                let millis = deadline
                    .saturating_sub(driver.clocks.monotonic())
                    .div_ceil(1_000_000);
                // A timer counts in 31 bits; a longer wait is taken up again.
                let millis = u32::try_from(millis)
                    .unwrap_or(u32::MAX)
                    .min(i32::MAX.unsigned_abs());
                let this = Rc::clone(this);
                driver.timer = Some(Timeout::new(millis, move || {
                    this.borrow_mut().take_turn();
                }));
            }
            Next::Wait(None) | Next::Idle => {}
        }
    }

    /// Asks for a turn after what the page has already sent.
    fn take_turn(&mut self) {
        if !self.turn_pending {
            self.turn_pending = self.turn_port().is_ok();
        }
    }

    fn turn_port(&self) -> Result<(), JsValue> {
        self.turn.post_message(&JsValue::NULL)
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
        if report.events.is_empty() && self.session.usage().is_none() {
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
