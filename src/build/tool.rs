//! A tool of Go's, or a program's tests, as a guest: loaded and validated once, run in a fresh instance each time, over files
//! that stay.

use crate::engine::foreign;
use crate::protocol::{
    CallId, Command, Engine, Event, Files, FilesReport, Limits, Outcome, Place, Preopen, Settings,
    Stdin, Trace,
};
use crate::session::{Next, Session};
use crate::wasi;
use std::rc::Rc;

/// Output of one run that is kept, in bytes: a tool that prints more is not read.
const MOST_OUTPUT: usize = 4 << 20;

/// The directory that tools see.
const ROOT: &str = "/";

/// What a run has come to.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// It exited with this code.
    Exited(u32),
    /// It cannot be run, or failed in a way that a tool should not: a text says how.
    Broken(String),
}

/// What a step has come to.
#[derive(Debug, PartialEq, Eq)]
pub enum Progress {
    /// Step again, when this says.
    Going(Next),
    /// It is loaded.
    Loaded,
    /// The run has ended.
    Ended(End),
}

/// A tool.
pub struct Tool {
    session: Session,
    /// Beside the usual environment.
    env: &'static [(&'static str, &'static str)],
    calls: u32,
    /// What it has printed, in this run.
    output: Vec<u8>,
    /// Whether it is to run in another engine than the interpreter.
    is_foreign: bool,
    is_loaded: bool,
}

impl std::fmt::Debug for Tool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tool")
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}

impl Tool {
    /// A tool that this module is; it is to be loaded by steps, and runs in `engine` where that can run it.
    #[must_use]
    pub fn new(
        hosts: Box<dyn Fn() -> Box<dyn wasi::Host>>,
        name: &str,
        module: Vec<u8>,
        env: &'static [(&'static str, &'static str)],
        engine: Option<Rc<dyn foreign::Engine>>,
    ) -> Self {
        let mut session = Session::new(hosts);
        let is_foreign = engine.is_some();
        if let Some(engine) = engine {
            session.set_engine(engine);
        }
        session.handle(Command::Trace(Trace::Record(false)));
        session.handle(Command::Load {
            name: format!("{name}.wasm"),
            bytes: module,
        });
        Self {
            session,
            env,
            calls: 0,
            output: Vec::new(),
            is_foreign,
            is_loaded: false,
        }
    }

    /// Puts a file there, instead of what is there.
    ///
    /// # Errors
    ///
    /// Says why it cannot be.
    pub fn put(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), String> {
        match self.files(Files::Write {
            at: place(path),
            bytes,
        }) {
            Some(FilesReport::Failed(reason)) => Err(reason),
            _ => Ok(()),
        }
    }

    /// Makes an empty directory, instead of what is there.
    ///
    /// # Errors
    ///
    /// Says why it cannot be.
    pub fn make_directory(&mut self, path: &str) -> Result<(), String> {
        self.remove(path);
        match self.files(Files::MakeDirectory(place(path))) {
            Some(FilesReport::Failed(reason)) => Err(reason),
            _ => Ok(()),
        }
    }

    /// Removes what is at a path, with all that is below it, if something is.
    pub fn remove(&mut self, path: &str) {
        self.files(Files::Remove(place(path)));
    }

    /// The contents of a file.
    ///
    /// # Errors
    ///
    /// Says why it cannot be read.
    pub fn get(&mut self, path: &str) -> Result<Vec<u8>, String> {
        match self.files(Files::Save(place(path))) {
            Some(FilesReport::Saved { bytes, .. }) => Ok(bytes),
            Some(FilesReport::Failed(reason)) => Err(reason),
            _ => Err(format!("{path} cannot be read")),
        }
    }

    /// What comes of a command about files, which is carried out at once.
    fn files(&mut self, command: Files) -> Option<FilesReport> {
        self.session.handle(Command::Files(command));
        let events = self.session.take_events().into_iter();
        let mut reports = events.filter_map(|event| match event {
            Event::Files(report) => Some(report),
            _ => None,
        });
        reports.next_back()
    }

    /// Begins a run, which has at most so many pages of memory. Its working directory is `directory`.
    pub fn run(&mut self, args: Vec<String>, directory: &str, stdin: Vec<u8>, memory_pages: u64) {
        self.output.clear();
        let mut settings = settings(args, directory, stdin, self.env);
        settings.limits.memory_pages = memory_pages;
        self.session.handle(Command::Configure(settings));
        self.calls += 1;
        self.session.handle(Command::Start {
            call: CallId(self.calls),
        });
    }

    /// Goes on for about `fuel`.
    pub fn step(&mut self, fuel: u64) -> Progress {
        let next = self.session.step(fuel);
        let mut progress = Progress::Going(next);
        for event in self.session.take_events() {
            match event {
                Event::Ready { .. } if self.is_foreign => {
                    self.session.handle(Command::Engine(Engine::Browser));
                    progress = Progress::Going(Next::Ready);
                }
                Event::Ready { .. } | Event::Engine { .. } => {
                    self.is_loaded = true;
                    progress = Progress::Loaded;
                }
                Event::Refused { message, .. } => progress = Progress::Ended(End::Broken(message)),
                Event::Output { bytes, .. } => {
                    let room = MOST_OUTPUT.saturating_sub(self.output.len());
                    self.output.extend(bytes.iter().take(room));
                    self.session.handle(Command::Taken {
                        bytes: bytes.len() as u64,
                    });
                }
                Event::Ended { outcome, .. } => progress = Progress::Ended(self.ended(outcome)),
                _ => {}
            }
        }
        progress
    }

    /// A run is over: its memory is given back.
    fn ended(&mut self, outcome: Outcome) -> End {
        self.session.handle(Command::Reset);
        match outcome {
            Outcome::Exited(code) => End::Exited(code),
            Outcome::Returned { .. } => End::Exited(0),
            Outcome::Stopped => End::Broken("it was stopped".to_owned()),
            Outcome::Trapped(text) | Outcome::Limited(text) | Outcome::Refused(text) => {
                End::Broken(text)
            }
        }
    }

    /// Ends the run that is under way.
    pub fn stop(&mut self) {
        self.session.handle(Command::Stop);
        self.session.handle(Command::Reset);
        self.session.take_events();
    }

    /// Whether it runs outside of this program.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.session.is_away()
    }

    /// Whether it can be run.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.is_loaded
    }

    /// What has been printed since this was last asked.
    pub fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    /// As [`Session::tell_time`].
    pub fn tell_time(&mut self, nanos: u64) {
        self.session.tell_time(nanos);
    }

    /// As [`Session::fuel_spent`].
    #[must_use]
    pub fn fuel_spent(&self) -> u64 {
        self.session.fuel_spent()
    }
}

fn place(path: &str) -> Place {
    Place {
        preopen: ROOT.to_owned(),
        path: path.trim_start_matches('/').to_owned(),
    }
}

fn settings(args: Vec<String>, directory: &str, stdin: Vec<u8>, more: &[(&str, &str)]) -> Settings {
    let env = [
        ("PWD", directory),
        ("GOOS", "wasip1"),
        ("GOARCH", "wasm"),
        ("GOROOT", ""),
        ("TMPDIR", "/tmp"),
    ];
    Settings {
        args,
        env: env
            .iter()
            .chain(more)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        stdin: Stdin::Bytes(stdin),
        preopens: vec![Preopen::empty(ROOT)],
        limits: Limits {
            // A person stops what takes too long.
            wall_millis: None,
            call_depth: 30_000,
            ..Limits::default()
        },
        ..Settings::default()
    }
}
