//! The page's end: spawns the worker, and replaces it when it does not answer.

use super::wire::{self, FromWorker};
use crate::protocol::{Command, Event, Report};
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Uint8Array, WebAssembly};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::JsCast;
use web_sys::{Blob, ErrorEvent, MessageEvent, Url, Worker, WorkerOptions};
use yew::Callback;

/// The script that Trunk writes for the worker, beside the page.
const WORKER: &str = "./worker_loader.js";

/// A worker that has not stopped after this many milliseconds is replaced.
const WATCHDOG_MILLIS: u32 = 1000;

/// The least module that needs tail calls: a function that returns a call of itself.
const TAIL_CALL: &[u8] = &[
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 6, 1, 4, 0, 0x12, 0, 0x0b,
];

/// What the page hears of the worker.
#[derive(Debug)]
pub enum Notice {
    /// What happened in the session.
    Report(Report),
    /// The worker was replaced; the module that was on the board is being loaded again.
    Replaced {
        /// Why.
        reason: String,
    },
    /// This browser cannot run Plugboard.
    Unsupported {
        /// What it lacks, and what to use instead.
        reason: String,
    },
}

/// The worker. It is terminated on drop.
#[derive(Clone)]
pub struct WorkerClient {
    inner: Rc<Inner>,
}

impl std::fmt::Debug for WorkerClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WorkerClient").finish_non_exhaustive()
    }
}

impl PartialEq for WorkerClient {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

struct Inner {
    link: RefCell<Option<Link>>,
    on_notice: Callback<Notice>,
    watchdog: Cell<Option<Timeout>>,
    /// What a replacement is told again, in order: settings, module, answers.
    settings: RefCell<Option<Command>>,
    module: RefCell<Option<(Command, Blob)>>,
    /// Whether the module has been on the board: one that fails while it loads is not tried again.
    module_is_good: Cell<bool>,
    answers: RefCell<Vec<Command>>,
}

/// One worker and what listens to it.
struct Link {
    worker: Worker,
    /// What waits until the worker is ready; `None` once it is.
    waiting: Option<Vec<(Command, Option<Blob>)>>,
    _listeners: [EventListener; 2],
}

impl Drop for Link {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl WorkerClient {
    /// Spawns the worker; `on_notice` hears of it from now on.
    #[must_use]
    pub fn spawn(on_notice: Callback<Notice>) -> Self {
        let inner = Rc::new(Inner {
            link: RefCell::new(None),
            on_notice,
            watchdog: Cell::new(None),
            settings: RefCell::new(None),
            module: RefCell::new(None),
            module_is_good: Cell::new(false),
            answers: RefCell::new(Vec::new()),
        });
        if has_tail_calls() {
            Inner::connect(&inner);
        } else {
            let reason = "This browser does not run WebAssembly tail calls. Use Chrome or Edge \
                          112, Firefox 121, Safari 18.2, or a later version.";
            inner.on_notice.emit(Notice::Unsupported {
                reason: reason.to_owned(),
            });
        }
        Self { inner }
    }

    /// Sends a command. After [`Command::Stop`] the worker has a second to stop.
    pub fn send(&self, command: &Command) {
        match command {
            Command::Stop => {
                let weak = Rc::downgrade(&self.inner);
                let timeout = Timeout::new(WATCHDOG_MILLIS, move || Inner::replace(&weak));
                self.inner.watchdog.set(Some(timeout));
            }
            Command::Configure(_) => {
                *self.inner.settings.borrow_mut() = Some(command.clone());
            }
            Command::Answer { .. } => self.inner.answers.borrow_mut().push(command.clone()),
            _ => {}
        }
        self.inner.post(command.clone(), None);
    }

    /// Puts the module in `file` on the board. The page's thread does not read it.
    pub fn load(&self, name: &str, file: &Blob) {
        let command = Command::Load {
            name: name.to_owned(),
            bytes: Vec::new(),
        };
        self.inner.answers.borrow_mut().clear();
        self.inner.module_is_good.set(false);
        *self.inner.module.borrow_mut() = Some((command.clone(), file.clone()));
        self.inner.post(command, Some(file.clone()));
    }
}

impl Inner {
    fn connect(this: &Rc<Self>) {
        let options = WorkerOptions::new();
        options.set_name("plugboard");
        let worker = worker_url().and_then(|url| Worker::new_with_options(&url, &options).ok());
        let Some(worker) = worker else {
            let reason = "This page could not start its worker. Serve it over http or https: a \
                          file opened from disk may not start workers.";
            this.on_notice.emit(Notice::Unsupported {
                reason: reason.to_owned(),
            });
            return;
        };
        let weak = Rc::downgrade(this);
        let messages = EventListener::new(&worker, "message", move |event| {
            if let (Some(this), Some(event)) = (weak.upgrade(), event.dyn_ref::<MessageEvent>()) {
                this.hear(event);
            }
        });
        let weak = Rc::downgrade(this);
        let errors = EventListener::new(&worker, "error", move |event| {
            if let Some(this) = weak.upgrade() {
                let text = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
                this.failed(&text.unwrap_or_default());
            }
        });
        *this.link.borrow_mut() = Some(Link {
            worker,
            waiting: Some(Vec::new()),
            _listeners: [messages, errors],
        });
    }

    fn post(&self, command: Command, file: Option<Blob>) {
        let mut link = self.link.borrow_mut();
        let Some(link) = link.as_mut() else { return };
        match &mut link.waiting {
            Some(waiting) => waiting.push((command, file)),
            None => link.post(&command, file.as_ref()),
        }
    }

    fn hear(self: &Rc<Self>, event: &MessageEvent) {
        match wire::read_from_worker(&event.data()) {
            Ok(FromWorker::Ready) => {
                if let Some(link) = self.link.borrow_mut().as_mut() {
                    for (command, file) in link.waiting.take().unwrap_or_default() {
                        link.post(&command, file.as_ref());
                    }
                }
            }
            Ok(FromWorker::Report(report)) => {
                for event in &report.events {
                    match event {
                        Event::Stopping => self.watchdog.set(None),
                        Event::Ready { .. } => self.module_is_good.set(true),
                        _ => {}
                    }
                }
                self.on_notice.emit(Notice::Report(report));
            }
            Ok(FromWorker::Panic(text)) => self.failed(&text),
            Err(error) => self.failed(&error.to_string()),
        }
    }

    /// The worker has failed with this message.
    fn failed(self: &Rc<Self>, text: &str) {
        let link = self.link.borrow_mut().take();
        let was_ready = link.as_ref().is_some_and(|link| link.waiting.is_none());
        if link.is_none() {
            // It was heard of already.
            return;
        }
        if was_ready {
            self.reconnect(&format!("The worker failed and was replaced: {text}"));
        } else {
            let reason = format!("The worker cannot start: {text}");
            self.on_notice.emit(Notice::Unsupported { reason });
        }
    }

    fn replace(weak: &Weak<Self>) {
        if let Some(this) = weak.upgrade() {
            this.link.borrow_mut().take();
            this.reconnect("The worker did not stop within a second and was replaced.");
        }
    }

    fn reconnect(self: &Rc<Self>, reason: &str) {
        self.watchdog.set(None);
        Self::connect(self);
        self.on_notice.emit(Notice::Replaced {
            reason: reason.to_owned(),
        });
        if let Some(settings) = self.settings.borrow().clone() {
            self.post(settings, None);
        }
        if !self.module_is_good.get() {
            *self.module.borrow_mut() = None;
        }
        if let Some((command, file)) = self.module.borrow().clone() {
            self.post(command, Some(file));
        }
        for answer in self.answers.borrow().iter() {
            self.post(answer.clone(), None);
        }
    }
}

impl Link {
    fn post(&self, command: &Command, file: Option<&Blob>) {
        if let Ok((object, transfer)) = wire::command(command, file) {
            // Fails only for what cannot be cloned; bytes and files can.
            let _ = self.worker.post_message_with_transfer(&object, &transfer);
        }
    }
}

fn has_tail_calls() -> bool {
    WebAssembly::validate(&Uint8Array::from(TAIL_CALL)).unwrap_or(false)
}

/// The worker's script, beside the page.
fn worker_url() -> Option<String> {
    let document = web_sys::window()?.document()?;
    let base = document.base_uri().ok()??;
    Url::new_with_base(WORKER, &base).ok().map(|url| url.href())
}
