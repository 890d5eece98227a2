//! The page's end: spawns the worker, and replaces it when it does not answer. Beside it, once there
//! is something to read, a worker that reads Go signatures.

use super::wire::{self, FromWorker};
use crate::protocol::{Command, Event, Report};
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::JsCast;
use web_sys::{Blob, ErrorEvent, MessageEvent, Url, Worker, WorkerOptions};
use yew::Callback;

/// What starts the worker, beside the page: with the page's own program.
const WORKER: &str = "./worker.js";

/// What starts the worker which reads Go signatures: a program of its own, and Trunk's script.
const READER: &str = "./reader_loader.js";

/// A worker that has not stopped after this many milliseconds is replaced.
const WATCHDOG_MILLIS: u32 = 1000;

/// What the page hears of the worker.
#[derive(Debug)]
pub enum Notice {
    /// What happened in the session, and the files to be saved that came with it, in the order of
    /// its events.
    Report(Report, Vec<Blob>),
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
    /// Reads the signatures of the module that is on the board.
    reader: RefCell<Option<Link>>,
    source: RefCell<Option<Command>>,
    on_notice: Callback<Notice>,
    watchdog: Cell<Option<Timeout>>,
    /// What a replacement is told again, in order: settings, stdin, module. The page answers its
    /// imports once it is ready.
    settings: RefCell<Option<Command>>,
    stdin: RefCell<Option<Blob>>,
    module: RefCell<Option<(Command, Blob)>>,
    /// Whether the module has been on the board: one that fails while it loads is not tried again.
    module_is_good: Cell<bool>,
}

/// One worker and what listens to it.
struct Link {
    worker: Worker,
    /// What waits until the worker is ready; `None` once it is.
    waiting: Option<Vec<wire::Heard>>,
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
            reader: RefCell::new(None),
            source: RefCell::new(None),
            on_notice,
            watchdog: Cell::new(None),
            settings: RefCell::new(None),
            stdin: RefCell::new(None),
            module: RefCell::new(None),
            module_is_good: Cell::new(false),
        });
        Inner::connect(&inner);
        Self { inner }
    }

    /// Replaces the worker, whatever it is doing, by one that has been told the settings. The module
    /// is given up.
    pub fn restart(&self) {
        self.inner.link.borrow_mut().take();
        self.inner.reader.borrow_mut().take();
        self.inner.source.borrow_mut().take();
        self.inner.module.borrow_mut().take();
        self.inner.watchdog.set(None);
        self.inner.reconnect();
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
            Command::StdinFile { .. } => *self.inner.stdin.borrow_mut() = None,
            Command::GoSource { .. } => {
                *self.inner.source.borrow_mut() = Some(command.clone());
                return Inner::read_signatures(&self.inner);
            }
            _ => {}
        }
        self.inner.post(command.clone(), None);
    }

    /// Sends a command whose bytes are in `file`. The page's thread does not read it.
    pub fn send_with(&self, command: &Command, file: &Blob) {
        if let Command::StdinFile { .. } = command {
            *self.inner.stdin.borrow_mut() = Some(file.clone());
        }
        self.inner.post(command.clone(), Some(file.clone()));
    }

    /// Puts the module in `file` on the board. The page's thread does not read it.
    pub fn load(&self, name: &str, file: &Blob) {
        let command = Command::Load {
            name: name.to_owned(),
            bytes: Vec::new(),
        };
        self.inner.module_is_good.set(false);
        // What it still reads is not asked for any more.
        self.inner.reader.borrow_mut().take();
        self.inner.source.borrow_mut().take();
        *self.inner.module.borrow_mut() = Some((command.clone(), file.clone()));
        self.inner.post(command, Some(file.clone()));
    }
}

impl Inner {
    fn connect(this: &Rc<Self>) {
        let link = Link::spawn(this, WORKER, Self::hear, Self::failed);
        let started = link.as_ref().zip(program()).is_some_and(|(link, program)| {
            let start = wire::start(&program, &wasm_bindgen::module());
            link.worker.post_message(&start).is_ok()
        });
        if !started {
            let reason = "This page could not start its worker. Serve it over http or https: a \
                          file opened from disk may not start workers.";
            this.on_notice.emit(Notice::Unsupported {
                reason: reason.to_owned(),
            });
        }
        *this.link.borrow_mut() = link;
    }

    /// Has the signatures of the module on the board read, from what it says and from its source.
    fn read_signatures(this: &Rc<Self>) {
        let Some((command, file)) = this.module.borrow().clone() else {
            return;
        };
        let mut reader = this.reader.borrow_mut();
        if reader.is_none() {
            *reader = Link::spawn(this, READER, Self::hear_reader, Self::reader_failed);
            if let Some(link) = reader.as_mut() {
                link.send(command, Some(file));
            }
        }
        if let (Some(link), Some(source)) = (reader.as_mut(), this.source.borrow().clone()) {
            link.send(source, None);
        }
    }

    fn hear_reader(self: &Rc<Self>, event: &MessageEvent) {
        match wire::read_from_worker(&event.data()) {
            Ok(FromWorker::Ready) => {
                if let Some(link) = self.reader.borrow_mut().as_mut() {
                    link.ready();
                }
            }
            Ok(FromWorker::Report(report, files)) => {
                for event in &report.events {
                    if let Event::Signatures(signatures) = event {
                        let known = Command::KnowImports(signatures.imports.clone());
                        self.post(known, None);
                    }
                }
                self.on_notice.emit(Notice::Report(report, files));
            }
            Ok(FromWorker::Panic(text)) => self.reader_failed(&text),
            Err(error) => self.reader_failed(&error.to_string()),
        }
    }

    /// Without it the module runs as well; its signatures stay guesses.
    fn reader_failed(self: &Rc<Self>, text: &str) {
        if self.reader.borrow_mut().take().is_some() {
            let problem = format!("the Go signatures cannot be read: {text}");
            let report = Report {
                events: vec![Event::Rejected(problem)],
                busy_micros: 0,
            };
            self.on_notice.emit(Notice::Report(report, Vec::new()));
        }
    }

    fn post(&self, command: Command, file: Option<Blob>) {
        let mut link = self.link.borrow_mut();
        if let Some(link) = link.as_mut() {
            link.send(command, file);
        }
    }

    fn hear(self: &Rc<Self>, event: &MessageEvent) {
        match wire::read_from_worker(&event.data()) {
            Ok(FromWorker::Ready) => {
                if let Some(link) = self.link.borrow_mut().as_mut() {
                    link.ready();
                }
            }
            Ok(FromWorker::Report(report, files)) => {
                for event in &report.events {
                    match event {
                        Event::Stopping => self.watchdog.set(None),
                        Event::Ready { .. } => self.module_is_good.set(true),
                        _ => {}
                    }
                }
                let read = report.events.iter().find_map(|event| match event {
                    Event::Read(info) => Some(info.has_debug()),
                    _ => None,
                });
                if read.is_some() {
                    // What it knows has been told of another board.
                    self.reader.borrow_mut().take();
                }
                self.on_notice.emit(Notice::Report(report, files));
                if read == Some(true) && self.reader.borrow().is_none() {
                    Self::read_signatures(self);
                }
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
            self.replaced(format!("The worker failed and was replaced: {text}"));
        } else {
            let reason = format!("The worker cannot start: {text}");
            self.on_notice.emit(Notice::Unsupported { reason });
        }
    }

    fn replace(weak: &Weak<Self>) {
        if let Some(this) = weak.upgrade() {
            this.link.borrow_mut().take();
            let reason = "The worker did not stop within a second and was replaced.";
            this.replaced(reason.to_owned());
        }
    }

    fn replaced(self: &Rc<Self>, reason: String) {
        self.watchdog.set(None);
        if !self.module_is_good.get() {
            *self.module.borrow_mut() = None;
        }
        self.reconnect();
        // Last: whoever hears of it may have more to tell the new one.
        self.on_notice.emit(Notice::Replaced { reason });
    }

    fn reconnect(self: &Rc<Self>) {
        Self::connect(self);
        if let Some(settings) = self.settings.borrow().clone() {
            self.post(settings, None);
        }
        if let Some(file) = self.stdin.borrow().clone() {
            self.post(Command::StdinFile { bytes: Vec::new() }, Some(file));
        }
        if let Some((command, file)) = self.module.borrow().clone() {
            self.post(command, Some(file));
        }
    }
}

impl Link {
    /// Spawns the worker whose script is `script`, beside the page.
    fn spawn(
        inner: &Rc<Inner>,
        script: &str,
        hear: fn(&Rc<Inner>, &MessageEvent),
        failed: fn(&Rc<Inner>, &str),
    ) -> Option<Self> {
        let options = WorkerOptions::new();
        options.set_name("plugboard");
        let worker = Worker::new_with_options(&beside_the_page(script)?, &options).ok()?;
        let weak = Rc::downgrade(inner);
        let messages = EventListener::new(&worker, "message", move |event| {
            if let (Some(inner), Some(event)) = (weak.upgrade(), event.dyn_ref::<MessageEvent>()) {
                hear(&inner, event);
            }
        });
        let weak = Rc::downgrade(inner);
        let errors = EventListener::new(&worker, "error", move |event| {
            if let Some(inner) = weak.upgrade() {
                let text = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
                failed(&inner, &text.unwrap_or_default());
            }
        });
        Some(Self {
            worker,
            waiting: Some(Vec::new()),
            _listeners: [messages, errors],
        })
    }

    /// Sends a command, once the worker is ready.
    fn send(&mut self, command: Command, file: Option<Blob>) {
        match &mut self.waiting {
            Some(waiting) => waiting.push((command, file)),
            None => self.post(&command, file.as_ref()),
        }
    }

    /// The worker takes commands now.
    fn ready(&mut self) {
        for (command, file) in self.waiting.take().unwrap_or_default() {
            self.post(&command, file.as_ref());
        }
    }

    fn post(&self, command: &Command, file: Option<&Blob>) {
        if let Ok((object, transfer)) = wire::command(command, file) {
            // Fails only for what cannot be cloned; bytes and files can.
            let _ = self.worker.post_message_with_transfer(&object, &transfer);
        }
    }
}

/// The address of the page's own script, which `start.js` was given.
fn program() -> Option<String> {
    let document = web_sys::window()?.document()?;
    let starter = document.query_selector("script[data-js]").ok()??;
    beside_the_page(&starter.get_attribute("data-js")?)
}

/// The address of a script beside the page.
fn beside_the_page(script: &str) -> Option<String> {
    let document = web_sys::window()?.document()?;
    let base = document.base_uri().ok()??;
    Url::new_with_base(script, &base).ok().map(|url| url.href())
}
