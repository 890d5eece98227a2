//! The page's end of the reader: a worker that reads Go signatures. Its program is fetched once there
//! is something to read.

use super::link::{Link, STARTER, beside_the_page};
use super::wire::FromWorker;
use crate::protocol::{Command, Report};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use web_sys::Blob;

/// The script of the reader's program, beside the page.
const SCRIPT: &str = "./reader.js";

/// The reader's program, beside the page.
const PROGRAM: &str = "./reader_bg.wasm";

/// The reader of one module at a time. It stays for the next one, unless it is still busy then.
pub(super) struct ReaderClient(Rc<Inner>);

struct Inner {
    link: RefCell<Option<Link>>,
    /// Whether the worker has been told its program.
    is_started: Cell<bool>,
    /// Whether it has been given the module.
    has_module: Cell<bool>,
    /// The commands that it has not answered.
    unanswered: Cell<usize>,
    /// Hears what it has read, or why it has failed.
    hear: Box<dyn Fn(Result<Report, String>)>,
}

impl ReaderClient {
    pub(super) fn new(hear: impl Fn(Result<Report, String>) + 'static) -> Self {
        Self(Rc::new(Inner {
            link: RefCell::new(None),
            is_started: Cell::new(false),
            has_module: Cell::new(false),
            unanswered: Cell::new(0),
            hear: Box::new(hear),
        }))
    }

    /// A module is coming, which may be one to be read: what is still read of the one before is not
    /// asked for any more, and there is to be a worker when it has come.
    pub(super) fn expect_module(&self) {
        let inner = &self.0;
        inner.has_module.set(false);
        if inner.unanswered.get() > 0 {
            inner.end();
        }
        if inner.link.borrow().is_none() {
            Inner::spawn(inner);
        }
    }

    /// Has the signatures of the module read: the command that loads it, and its file.
    pub(super) fn read_module(&self, (load, file): &(Command, Blob)) {
        if !self.0.has_module.replace(true) {
            Inner::send(&self.0, load.clone(), Some(file.clone()));
        }
    }

    /// Has it do what does not need the module that it was given, with a file if that is asked for.
    pub(super) fn ask(&self, command: Command, file: Option<Blob>) {
        Inner::send(&self.0, command, file);
    }

    /// As [`Self::read_module`], with those that its Go source gives.
    pub(super) fn read_source(&self, module: &(Command, Blob), source: Command) {
        self.read_module(module);
        Inner::send(&self.0, source, None);
    }
}

impl Inner {
    fn spawn(this: &Rc<Self>) {
        *this.link.borrow_mut() = Link::spawn(
            this,
            STARTER,
            |inner, said| inner.hear(said),
            |inner, text| inner.failed(text),
        );
    }

    fn end(&self) {
        self.link.borrow_mut().take();
        self.is_started.set(false);
        self.has_module.set(false);
        self.unanswered.set(0);
    }

    fn send(this: &Rc<Self>, command: Command, file: Option<Blob>) {
        if this.link.borrow().is_none() {
            Self::spawn(this);
        }
        let mut link = this.link.borrow_mut();
        let Some(link) = link.as_mut() else { return };
        if !this.is_started.replace(true)
            && let (Some(script), Some(program)) =
                (beside_the_page(SCRIPT), beside_the_page(PROGRAM))
        {
            link.start(&script, &program.into());
        }
        this.unanswered.set(this.unanswered.get() + 1);
        link.send(command, file);
    }

    fn hear(&self, said: FromWorker) {
        match said {
            FromWorker::Ready => {
                if let Some(link) = self.link.borrow_mut().as_mut() {
                    link.ready();
                }
            }
            FromWorker::Report(report, _) => {
                let left = self.unanswered.get().saturating_sub(1);
                self.unanswered.set(left);
                (self.hear)(Ok(report));
            }
            // It loads no modules, and the link tells panics apart.
            FromWorker::Loading { .. } | FromWorker::Panic(_) => {}
        }
    }

    fn failed(&self, text: &str) {
        let was_asked = self.unanswered.get() > 0;
        self.end();
        if was_asked {
            (self.hear)(Err(text.to_owned()));
        }
    }
}
