//! The page's end of the builder: a worker that makes modules of Go source. It is fetched and started when there is
//! something to build.

use super::link::{Link, beside_the_page};
use super::wire::FromWorker;
use crate::protocol::build::{Build, BuildReport, Timed};
use crate::protocol::{self, Command, Event};
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use web_sys::Blob;

/// What starts it.
const STARTER: &str = "./builder_worker.js";

/// The script of its program, beside the page, and the program.
const SCRIPT: &str = "./builder.js";
const PROGRAM: &str = "./builder_bg.wasm";

/// A builder that has not stopped after this many milliseconds is ended. The next one has to load the toolchain again.
const WATCHDOG_MILLIS: u32 = 1000;

/// What it says, with the module if one was built; or why it has failed.
pub type BuilderSaid = Result<(Timed, Option<Blob>), String>;

/// The builder. It stays for the next build.
pub struct BuilderClient(Rc<Inner>);

struct Inner {
    link: RefCell<Option<Link>>,
    watchdog: Cell<Option<Timeout>>,
    /// A module that came before what is said of it.
    module: RefCell<Option<Blob>>,
    hear: Box<dyn Fn(BuilderSaid)>,
}

impl std::fmt::Debug for BuilderClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BuilderClient").finish_non_exhaustive()
    }
}

impl BuilderClient {
    /// A builder that has not been started; `hear` hears of it.
    #[must_use]
    pub fn new(hear: impl Fn(BuilderSaid) + 'static) -> Self {
        Self(Rc::new(Inner {
            link: RefCell::new(None),
            watchdog: Cell::new(None),
            module: RefCell::new(None),
            hear: Box::new(hear),
        }))
    }

    /// Asks for something. After [`Build::Stop`] the builder has a second to stop.
    pub fn ask(&self, build: &Build) {
        let inner = &self.0;
        let is_there = inner.link.borrow().is_some();
        if !is_there && *build == Build::Stop {
            return;
        }
        if !is_there && !Inner::spawn(inner) {
            return inner.failed("this browser starts no worker");
        }
        if *build == Build::Stop {
            let weak = Rc::downgrade(inner);
            let timeout = Timeout::new(WATCHDOG_MILLIS, move || Inner::end(&weak));
            inner.watchdog.set(Some(timeout));
        }
        if let (Some(link), Ok(bytes)) = (inner.link.borrow_mut().as_mut(), protocol::encode(build))
        {
            link.send(Command::Build(bytes), None);
        }
    }
}

impl Inner {
    fn spawn(this: &Rc<Self>) -> bool {
        let link = Link::spawn(
            this,
            STARTER,
            |inner, said| inner.hear(said),
            |inner, text| inner.failed(text),
        );
        if let (Some(link), Some(script), Some(program)) =
            (&link, beside_the_page(SCRIPT), beside_the_page(PROGRAM))
        {
            link.start(&script, &program.into());
        }
        let is_there = link.is_some();
        *this.link.borrow_mut() = link;
        is_there
    }

    fn end(weak: &Weak<Self>) {
        if let Some(inner) = weak.upgrade() {
            inner.failed("it did not stop, and was ended");
        }
    }

    fn hear(&self, said: FromWorker) {
        match said {
            FromWorker::Ready => {
                if let Some(link) = self.link.borrow_mut().as_mut() {
                    link.ready();
                }
            }
            FromWorker::Report(report, files) => {
                let mut files = files.into_iter();
                for event in report.events {
                    match event {
                        Event::Built(_) => *self.module.borrow_mut() = files.next(),
                        Event::Build(bytes) => {
                            let timed: Result<Timed, _> = protocol::decode(&bytes);
                            if let Ok(Timed {
                                report: BuildReport::Ended(_),
                                ..
                            }) = &timed
                            {
                                self.watchdog.set(None);
                            }
                            let module = self.module.borrow_mut().take();
                            (self.hear)(match timed {
                                Ok(timed) => Ok((timed, module)),
                                Err(error) => Err(error.to_string()),
                            });
                        }
                        _ => {}
                    }
                }
            }
            // It loads no modules, and the link tells panics apart.
            FromWorker::Loading { .. } | FromWorker::Panic(_) => {}
        }
    }

    fn failed(&self, text: &str) {
        self.link.borrow_mut().take();
        self.watchdog.set(None);
        (self.hear)(Err(text.to_owned()));
    }
}
