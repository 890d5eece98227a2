//! The page's end: spawns the worker, and replaces it when it does not answer; has the reader of Go
//! signatures read what is loaded.

use super::link::{Link, STARTER, beside_the_page};
use super::reader_client::ReaderClient;
use super::wire::FromWorker;
use crate::protocol::{Command, Event, Report};
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use web_sys::Blob;
use yew::Callback;

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
    /// Reads the signatures of the module that was loaded last.
    reader: ReaderClient,
    /// What it has read of a module that is not on the board yet.
    early: RefCell<Vec<Report>>,
    /// The modules that the worker has not begun with.
    to_come: Cell<usize>,
    /// Whether the page has heard what is in the module that was loaded last, or why it is refused.
    is_known: Cell<bool>,
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

impl WorkerClient {
    /// Spawns the worker; `on_notice` hears of it from now on.
    #[must_use]
    pub fn spawn(on_notice: Callback<Notice>) -> Self {
        let inner = Rc::new_cyclic(|weak: &Weak<Inner>| Inner {
            link: RefCell::new(None),
            reader: {
                let weak = weak.clone();
                ReaderClient::new(move |said| {
                    if let Some(inner) = weak.upgrade() {
                        inner.hear_reader(said);
                    }
                })
            },
            early: RefCell::default(),
            to_come: Cell::new(0),
            is_known: Cell::new(false),
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
            Command::HostCode(..) | Command::Account(_) | Command::Judge(_) => {
                return self.inner.reader.ask(command.clone(), None);
            }
            Command::Contents { .. }
            | Command::Functions { .. }
            | Command::Lines { .. }
            | Command::Profile(_)
            | Command::Backtrace { .. } => {
                if let Some((_, file)) = &*self.inner.module.borrow() {
                    self.inner.reader.ask(command.clone(), Some(file.clone()));
                }
                return;
            }
            Command::GoSource { .. } => {
                if let Some(module) = &*self.inner.module.borrow() {
                    self.inner.reader.read_source(module, command.clone());
                }
                return;
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
        *self.inner.module.borrow_mut() = Some((command, file.clone()));
        self.inner.load_module();
    }

    /// A worker that takes this one's place is given `copy` for the module in `file`.
    pub fn replace_module(&self, file: &Blob, copy: &Blob) {
        if let Some((_, module)) = &mut *self.inner.module.borrow_mut()
            && module == file
        {
            module.clone_from(copy);
        }
    }
}

impl Inner {
    fn connect(this: &Rc<Self>) {
        let link = Link::spawn(
            this,
            STARTER,
            |inner, said| inner.hear(said),
            |inner, text| inner.failed(text),
        );
        let started = link
            .as_ref()
            .zip(program())
            .is_some_and(|(link, program)| link.start(&program, &wasm_bindgen::module()));
        if !started {
            let reason = "This page could not start its worker. Serve it over http or https: a \
                          file opened from disk may not start workers.";
            this.on_notice.emit(Notice::Unsupported {
                reason: reason.to_owned(),
            });
        }
        *this.link.borrow_mut() = link;
        this.to_come.set(0);
    }

    /// Sends the module, if there is one, to be put on the board.
    fn load_module(&self) {
        self.early.borrow_mut().clear();
        self.is_known.set(false);
        if let Some((command, file)) = self.module.borrow().clone() {
            self.reader.expect_module();
            self.to_come.set(self.to_come.get() + 1);
            self.post(command, Some(file));
        }
    }

    fn hear_reader(&self, said: Result<Report, String>) {
        // Without it the module runs as well; its signatures stay guesses.
        let report = said.unwrap_or_else(|text| {
            let problem = format!("the Go signatures cannot be read: {text}");
            Report {
                events: vec![Event::Rejected(problem)],
                busy_micros: 0,
            }
        });
        if self.is_known.get() {
            self.tell_signatures(report);
        } else {
            self.early.borrow_mut().push(report);
        }
    }

    fn tell_signatures(&self, report: Report) {
        for event in &report.events {
            if let Event::Signatures(signatures) = event {
                let known = Command::Know {
                    exports: signatures.exports.clone(),
                    imports: signatures.imports.clone(),
                };
                self.post(known, None);
            }
        }
        self.on_notice.emit(Notice::Report(report, Vec::new()));
    }

    fn post(&self, command: Command, file: Option<Blob>) {
        let mut link = self.link.borrow_mut();
        if let Some(link) = link.as_mut() {
            link.send(command, file);
        }
    }

    fn hear(&self, said: FromWorker) {
        match said {
            FromWorker::Ready => {
                if let Some(link) = self.link.borrow_mut().as_mut() {
                    link.ready();
                }
            }
            FromWorker::Loading { has_debug } => {
                self.to_come.set(self.to_come.get().saturating_sub(1));
                if has_debug
                    && self.to_come.get() == 0
                    && let Some(module) = &*self.module.borrow()
                {
                    self.reader.read_module(module);
                }
            }
            FromWorker::Report(report, files) => self.hear_report(report, files),
            // The link tells it apart.
            FromWorker::Panic(_) => {}
        }
    }

    fn hear_report(&self, mut report: Report, files: Vec<Blob>) {
        if self.to_come.get() > 0 {
            // How a module fares for which another one has come is not asked for any more.
            report.events.retain(|event| !is_of_loading(event));
        }
        let mut is_read = None;
        for event in &report.events {
            match event {
                Event::Stopping => self.watchdog.set(None),
                Event::Ready { .. } => self.module_is_good.set(true),
                Event::Read(_) => is_read = Some(true),
                Event::Refused { .. } => is_read = Some(false),
                _ => {}
            }
        }
        self.on_notice.emit(Notice::Report(report, files));
        // What is said of a module is said after that it is being loaded.
        if let Some(is_read) = is_read
            && self.to_come.get() == 0
        {
            self.is_known.set(true);
            for report in self.early.take() {
                if is_read {
                    self.tell_signatures(report);
                }
            }
        }
    }

    /// The worker has failed with this message.
    fn failed(self: &Rc<Self>, text: &str) {
        let link = self.link.borrow_mut().take();
        let was_ready = link.as_ref().is_some_and(Link::is_ready);
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
        self.load_module();
    }
}

/// Whether it says how a module comes onto the board.
fn is_of_loading(event: &Event) -> bool {
    matches!(
        event,
        Event::Read(_) | Event::Validating { .. } | Event::Ready { .. } | Event::Refused { .. }
    )
}

/// The address of the page's own script, which `start.js` was given.
fn program() -> Option<String> {
    let document = web_sys::window()?.document()?;
    let starter = document.query_selector("script[data-js]").ok()??;
    beside_the_page(&starter.get_attribute("data-js")?)
}
