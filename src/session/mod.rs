//! One plugin on the board: commands in, events out.
//!
//! Sans-IO: a session never waits, sleeps or reads a clock of its own. Its driver (the worker, a
//! test, the JS package) gives it commands, calls [`Session::step`] as long as there is something
//! to do, and does the waiting that a step asks for.

mod board;
mod callable;
mod control;
mod debugging;
mod disk;
mod engine;
mod fixed;
mod frame;
mod host_call;
mod hosted;
mod kept;
mod left;
mod loading;
mod look;
mod memory;
mod meter;
mod pace;
mod placement;
mod random;
mod run;
mod stack;
mod tracing;

pub use self::fixed::{Fixed, FixedClock};
pub use self::host_call::{HostCall, HostCallId, HostResult, WithinId};
pub use self::pace::Pace;
pub use self::random::Random;

use self::board::{Board, stdin};
use self::control::Time;
use self::debugging::Debugging;
use self::disk::Disk;
use self::fixed::Moved;
use self::frame::Progress;
use self::memory::Watch;
use self::run::Run;
use self::tracing::Tracing;
use crate::engine::{Instance, foreign};
use crate::protocol::{
    CallId, Command, Event, InstanceState, Outcome, Settings, Usage, WaitingFor,
};
use crate::signatures::Readers;
use crate::vfs::{Fs, Quota};
use crate::wasi::{self, Used};
use std::rc::Rc;

/// Bytes of a module that one step validates.
const VALIDATION_STEP: usize = 64 << 10;

/// The guest waits for the page when this many bytes of output have not been taken in.
const UNTAKEN: u64 = 512 << 10;

/// What the driver has to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing, until there is a command.
    Idle,
    /// Step again.
    Ready,
    /// Step again at this time of the monotonic clock, in nanoseconds, or after the next command,
    /// whichever is first.
    Wait(Option<u64>),
}

/// A session.
pub struct Session {
    hosts: Box<dyn Fn() -> Box<dyn wasi::Host>>,
    readers: Option<Readers>,
    /// The one beside the interpreter.
    engine: Option<Rc<dyn foreign::Engine>>,
    settings: Settings,
    /// What is fixed unless the settings fix all.
    fixed: Fixed,
    moved: Moved,
    /// What [`Stdin::File`](crate::protocol::Stdin::File) is.
    stdin_file: Rc<[u8]>,
    board: Option<Board>,
    run: Option<Run>,
    disk: Disk,
    tracing: Tracing,
    watch: Watch,
    /// The file system, while no instance has it.
    rest: Fs,
    /// The disk that was set aside.
    aside: (Disk, Fs),
    events: Vec<Event>,
    waiting: Option<WaitingFor>,
    paused: bool,
    debugging: Debugging,
    time: Time,
    /// The state of the instance that the events have told of.
    announced: InstanceState,
    /// How many names have been given to host calls and to calls within them.
    names: u32,
    /// What has come of the calls that host functions made in runs that have ended.
    returned: Vec<(WithinId, Outcome)>,
    /// What [`Event::Called`] and [`Event::Used`] have told of.
    called: Vec<u64>,
    used: Used,
    untaken: u64,
    fuel_spent: u64,
    /// Whether a guest runs outside of this program.
    is_away: bool,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("board", &self.board)
            .field("running", &self.run.is_some())
            .finish_non_exhaustive()
    }
}

impl Session {
    /// A session with nothing on the board; each instance gets its clocks and its randomness from
    /// `hosts`.
    #[must_use]
    pub fn new(hosts: Box<dyn Fn() -> Box<dyn wasi::Host>>) -> Self {
        Self {
            hosts,
            readers: None,
            engine: None,
            settings: Settings::default(),
            fixed: Fixed::default(),
            moved: Moved::default(),
            stdin_file: Rc::default(),
            board: None,
            run: None,
            disk: Disk::default(),
            tracing: Tracing::default(),
            watch: Watch::default(),
            rest: Fs::new(Quota::default()),
            aside: (Disk::default(), Fs::new(Quota::default())),
            events: Vec::new(),
            waiting: None,
            paused: false,
            debugging: Debugging::default(),
            time: Time::default(),
            announced: InstanceState::Fresh,
            names: 0,
            returned: Vec::new(),
            called: Vec::new(),
            used: Used::default(),
            untaken: 0,
            fuel_spent: 0,
            is_away: false,
        }
    }

    /// The same session, reading Go signatures by itself, from debug information and source.
    #[must_use]
    pub fn with_readers(mut self, readers: Readers) -> Self {
        self.readers = Some(readers);
        self
    }

    /// The same session with what is fixed for all instances, unless
    /// [`Settings::determinism`] fixes it.
    #[must_use]
    pub fn with_fixed(mut self, fixed: Fixed) -> Self {
        self.fixed = fixed;
        self
    }

    /// Takes a command in. What comes of it is in the events, now or after steps.
    pub fn handle(&mut self, command: Command) {
        match command {
            Command::Load { name, bytes } => self.load(name, bytes),
            Command::GoSource { files } => {
                if let (Some(board), Some(readers)) = (&mut self.board, self.readers) {
                    self.events.push(board.read_source(&files, readers));
                }
            }
            // Those are for others.
            Command::HostCode(..)
            | Command::Build(_)
            | Command::Account(_)
            | Command::Contents { .. }
            | Command::Backtrace { .. }
            | Command::Profile(_)
            | Command::Lines { .. }
            | Command::Functions { .. }
            | Command::Judge(_) => {}
            Command::Configure(settings) => {
                self.disk
                    .settings_change(&self.settings.preopens, &settings.preopens);
                self.settings = settings;
                self.forget_fresh_instance();
            }
            Command::StdinFile { bytes } => {
                self.stdin_file = bytes.into();
                self.forget_fresh_instance();
            }
            Command::Answer { import, answer } => {
                self.on_board(|board| board.answer(import as usize, answer));
            }
            Command::Provide { import, provision } => {
                self.on_board(|board| board.provide(import as usize, provision));
                self.forget_fresh_instance();
            }
            Command::Know { exports, imports } => {
                if let Some(board) = &mut self.board {
                    board.know(exports, imports);
                }
            }
            Command::Choose { export, signature } => {
                self.on_board(|board| board.choose(&export, signature));
            }
            Command::Allocate(allocator) => {
                if let Some(board) = &mut self.board {
                    board.allocator = allocator;
                }
            }
            Command::Start { call } => self.start(call),
            Command::Call {
                call,
                export,
                signature,
                args,
            } => {
                let is_start = self
                    .board
                    .as_ref()
                    .is_some_and(|board| board.info.kind.start_export() == Some(&*export));
                if is_start {
                    self.start(call);
                } else {
                    self.begin(Run::call(call, export, signature, args));
                }
            }
            Command::Put { call, bytes } => {
                let export = self.board.as_ref().and_then(Board::gives_room);
                self.begin(Run::put(call, export.unwrap_or_default(), bytes));
            }
            Command::Host(bytes) => self.obey_host(&bytes),
            Command::Stop => self.stop(),
            Command::Reset => {
                self.stop();
                if let Some(board) = &mut self.board {
                    board.reset(&mut self.rest);
                }
                self.announce();
            }
            Command::Files(files) => self.files(files),
            Command::Trace(command) => self.obey_trace(command),
            Command::Memory(command) => self.obey_memory(command),
            Command::Pause => self.pause(),
            Command::Resume => self.resume(),
            Command::Debug(command) => self.obey_debug(command),
            Command::Engine(engine) => self.choose_engine(engine),
            Command::Left => self.events.push(Event::Left(Box::new(self.left()))),
            Command::Stdin(bytes) => {
                if let Some(instance) = self.instance_mut() {
                    match bytes {
                        Some(bytes) => instance.wasi_mut().feed_stdin(&bytes),
                        None => instance.wasi_mut().end_stdin(),
                    }
                }
            }
            Command::Taken { bytes } => self.untaken = self.untaken.saturating_sub(bytes),
        }
    }

    /// Goes on for about `fuel`, and says what the driver has to do next.
    pub fn step(&mut self, fuel: u64) -> Next {
        let next = self.advance(fuel);
        let next = self.tell_files(next);
        let is_looking = self.look();
        match next {
            Next::Idle | Next::Wait(_) if is_looking => Next::Ready,
            next => next,
        }
    }

    /// Goes on with the module and the run.
    fn advance(&mut self, fuel: u64) -> Next {
        if let Some(held) = self.held() {
            self.wait_for(held);
            return Next::Wait(None);
        }
        self.check_time();
        if self.untaken > UNTAKEN && self.run.is_some() {
            self.wait_for(WaitingFor::Page);
            return Next::Wait(None);
        }
        let Some(board) = &mut self.board else {
            return Next::Idle;
        };
        if let Some(event) = self.readers.and_then(|readers| board.read_debug(readers)) {
            self.events.push(event);
            return Next::Ready;
        }
        if board.is_loading() {
            match board.load(VALIDATION_STEP, &self.settings.limits) {
                Ok(event) => self.events.push(event),
                Err(refusal) => self.refuse(&refusal.to_string()),
            }
            return match &self.board {
                Some(board) if board.waits_for_engine() => Next::Wait(None),
                Some(board) if board.is_loading() => Next::Ready,
                _ => Next::Idle,
            };
        }
        let Some(run) = &mut self.run else {
            return Next::Idle;
        };
        let before = run.usage().fuel;
        let progress = self.debugging.step(run, board, fuel);
        let spent = run.usage().fuel.saturating_sub(before);
        self.fuel_spent += spent;
        if spent > 0 {
            // If it waits again, that is said again: whoever has seen it go on shows it as running.
            self.waiting = None;
        }
        self.collect_output();
        self.begin_proper();
        self.is_away = matches!(progress, Progress::Running);
        match progress {
            Progress::Running => self.wait_until(None),
            Progress::Ready => {
                self.waiting = None;
                Next::Ready
            }
            // A fixed clock is there at once.
            Progress::Wait(wasi::Wait {
                until: Some(until), ..
            }) if self.moved.sleep_until(until) => {
                self.waiting = None;
                Next::Ready
            }
            Progress::Wait(wait) => {
                self.wait_for(match (wait.until, wait.stdin) {
                    (Some(_), true) => WaitingFor::StdinOrClock,
                    (None, true) => WaitingFor::Stdin,
                    (_, false) => WaitingFor::Clock,
                });
                self.wait_until(wait.until)
            }
            Progress::Host(import) => {
                self.wait_for(WaitingFor::Import(
                    u32::try_from(import).unwrap_or(u32::MAX),
                ));
                self.wait_until(None)
            }
            Progress::Stopped(held) => self.stopped(held),
            Progress::Ended(outcome) => {
                self.end(outcome);
                Next::Idle
            }
        }
    }

    /// The events since this was last asked, in order.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.events.extend(self.tracing.news().map(Event::Trace));
        std::mem::take(&mut self.events)
    }

    /// What the run under way has used; `None` when nothing runs.
    #[must_use]
    pub fn usage(&self) -> Option<Usage> {
        self.run.as_ref().map(Run::usage)
    }

    /// Fuel that all runs together have used.
    #[must_use]
    pub fn fuel_spent(&self) -> u64 {
        self.fuel_spent
    }

    /// The instance on the board, if there is one.
    #[must_use]
    pub fn instance(&self) -> Option<&Instance> {
        self.board.as_ref()?.instance()
    }

    fn instance_mut(&mut self) -> Option<&mut Instance> {
        self.board.as_mut()?.instance_mut()
    }

    /// Runs `_start` or `_initialize`. A command that has run gets a fresh instance.
    fn start(&mut self, call: CallId) {
        if let (Some(board), None) = (&mut self.board, &self.run)
            && board.is_spent_command()
        {
            board.reset(&mut self.rest);
            self.announce();
        }
        let export = self
            .board
            .as_ref()
            .and_then(|board| board.info.kind.start_export());
        self.begin(Run::start(call, export));
    }

    fn begin(&mut self, mut run: Run) {
        self.events.push(Event::Began {
            call: run.id(),
            export: run.export().to_owned(),
        });
        let own = self.make_way(&run);
        let settings = own.as_ref().unwrap_or(&self.settings);
        let prepared = match (&mut self.board, &self.run) {
            (None, _) => Err("there is no module: open one first".to_owned()),
            (_, Some(running)) => Err(format!(
                "{} is still running: wait for it, or stop it first",
                running.export()
            )),
            (Some(board), None) if board.is_not_ready().is_some() => {
                Err(board.is_not_ready().unwrap_or_default().to_owned())
            }
            (Some(board), None) => board
                .ensure_instance(
                    settings,
                    stdin(settings, &self.stdin_file),
                    &mut self.disk,
                    &mut self.rest,
                    &|| {
                        let fixed = self.settings.determinism.map_or(self.fixed, Fixed::from);
                        fixed::host(fixed, &self.moved, (self.hosts)())
                    },
                )
                .and_then(|()| run.prepare(board, settings, self.names)),
        };
        match prepared {
            Ok(()) => {
                self.run = Some(run);
                if let Some(instance) = self.instance_mut() {
                    instance.wasi_mut().reopen_stdin();
                }
                self.watch_run();
                self.start_time();
                self.with_disk(|disk, fs| disk.run_begins(fs));
            }
            Err(reason) => {
                if self.run.is_none() {
                    self.tracing.run_ended(0);
                }
                self.events.push(Event::Ended {
                    call: run.id(),
                    outcome: Outcome::Refused(reason),
                    usage: run.usage(),
                });
            }
        }
    }

    fn stop(&mut self) {
        self.events.push(Event::Stopping);
        if self.board.as_ref().is_some_and(Board::is_validating) {
            self.refuse("loading was stopped");
        }
        if let (Some(run), Some(board)) = (&mut self.run, &mut self.board) {
            let outcome = run.stop(board);
            self.collect_output();
            self.end(outcome);
        }
    }

    fn end(&mut self, outcome: Outcome) {
        let Some(mut run) = self.run.take() else {
            return;
        };
        self.waiting = None;
        self.unwatch_run();
        (self.paused, self.debugging.is_stopped) = (false, false);
        self.returned.append(&mut run.returned);
        self.names = run.names();
        if let Some(board) = &mut self.board {
            board.after_run(&outcome);
        }
        self.announce();
        self.tell_called();
        if let Some(placed) = run.placed() {
            self.events.push(Event::Placed(Box::new(placed)));
        }
        self.tell_shown(&run);
        self.tell_last_stack(run.id(), &outcome, run.take_stack());
        self.events.push(Event::Ended {
            call: run.id(),
            outcome,
            usage: run.usage(),
        });
        let files = self.with_disk(|disk, fs| disk.news(fs));
        self.events.extend(files.map(Event::Files));
    }
}
