//! Drives a session in slices on the caller's event loop, and tells the caller what comes out.

use super::backtrace::Located;
use super::debugger::Debugger;
use super::host::Heard;
use super::options::Options;
use super::trace::Tracer;
use crate::browser::clocks::Clocks;
use crate::browser::guest::{Callee, HostFunctions};
use crate::browser::js::{self, error};
use crate::module::Info;
use crate::protocol::{
    Answer, Command, Event, Outcome, Signatures, Stream, Trace, Usage, WaitingFor,
};
use crate::saved::Output;
use crate::session::{Fixed, HostCall, Next, Pace, Session};
use crate::signatures::Readers;
use crate::wasi::Host as _;
use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise, Reflect, Uint8Array, global};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::MessageChannel;

/// A slice aims at this many milliseconds.
const SLICE_MILLIS: f64 = 8.0;

/// What the caller hears while a guest runs.
#[derive(Debug, Default)]
pub(super) struct Callbacks {
    pub(super) stdout: Option<Function>,
    pub(super) stderr: Option<Function>,
    /// What imports print; if there is none, it goes to `stdout`.
    pub(super) host: Option<Function>,
    /// Asked for more when the guest waits for stdin.
    pub(super) stdin: Option<Function>,
    /// Told of host calls.
    pub(super) trace: Option<Tracer>,
}

/// What a session has come to.
#[derive(Debug)]
pub(super) enum End {
    /// The module can be called.
    Ready(Box<Loaded>),
    /// The module is refused.
    Refused(String),
    /// The call has ended.
    Ended(Outcome, Usage),
    /// Calls run in the engine that was asked for, or this is why they do not.
    Engine(Option<String>),
}

/// A module that can be called.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    /// What is in it.
    pub(super) info: Option<Box<Info>>,
    /// How its imports are answered.
    pub(super) answers: Vec<Option<Answer>>,
    /// What it needs that the interpreter does not run.
    pub(super) elsewhere: Option<String>,
    /// Why not more is known of its Go signatures.
    pub(super) problems: Vec<String>,
}

/// A session and its driver.
pub(super) struct Driver {
    /// Borrowed for no longer than it works: host functions use it too.
    pub(super) session: Rc<RefCell<Session>>,
    functions: Rc<HostFunctions>,
    /// The functions of the caller's that answer imports, by the places of these.
    pub(super) callees: RefCell<HashMap<u32, Callee>>,
    callbacks: Callbacks,
    clocks: Clocks,
    pace: Cell<Pace>,
    /// The module that is being loaded, as far as it is known.
    loading: RefCell<Loaded>,
    waiting_for: Cell<Option<WaitingFor>>,
    /// Ends the wait that is under way.
    wake: RefCell<Option<Function>>,
    /// Whether the caller has been asked for stdin, and has not answered.
    asked: Cell<bool>,
    /// What the callback for stdin or the handler of stops threw.
    thrown: RefCell<Option<JsValue>>,
    /// What the call that is checked prints.
    kept: RefCell<Option<Output>>,
    /// Where a call has ended in the middle.
    pub(super) located: Located,
    pub(super) debugger: Debugger,
    /// The host of the framework that it is written for.
    pub(super) host: Heard,
}

impl Driver {
    pub(super) fn new(options: &Options, callbacks: Callbacks) -> Rc<Self> {
        let mut session = Session::new(Box::new(|| Box::new(Clocks::new())))
            .with_readers(Readers::new())
            .with_fixed(Fixed {
                clock: options.clock,
                seed: options.seed,
            });
        session.handle(Command::Trace(Trace::Record(callbacks.trace.is_some())));
        let session = Rc::new(RefCell::new(session));
        Rc::new_cyclic(|weak: &Weak<Self>| Self {
            functions: HostFunctions::new(Rc::clone(&session), {
                let weak = weak.clone();
                Rc::new(move || {
                    if let Some(driver) = weak.upgrade() {
                        driver.wake();
                    }
                })
            }),
            callees: RefCell::default(),
            session,
            callbacks,
            clocks: Clocks::new(),
            pace: Cell::new(Pace::new(SLICE_MILLIS)),
            loading: RefCell::default(),
            waiting_for: Cell::new(None),
            wake: RefCell::new(None),
            asked: Cell::new(false),
            thrown: RefCell::new(None),
            kept: RefCell::new(None),
            located: Located::default(),
            debugger: Debugger::default(),
            host: Heard::default(),
        })
    }

    /// Gives the session commands, and drives it until something has come of them.
    ///
    /// # Errors
    ///
    /// What a callback threw. The run was stopped then.
    pub(super) async fn run(
        self: &Rc<Self>,
        commands: impl IntoIterator<Item = Command>,
    ) -> Result<End, JsValue> {
        for command in commands {
            self.handle(command);
        }
        loop {
            let next = self.slice();
            match self.deliver() {
                Ok(Some(end)) => return Ok(end),
                Ok(None) => {}
                Err(thrown) => {
                    self.session.borrow_mut().handle(Command::Stop);
                    self.session.borrow_mut().take_events();
                    // What host functions wait for.
                    self.functions.settle();
                    self.keep_reached();
                    return Err(thrown);
                }
            }
            match next {
                Next::Ready => turn().await,
                // What it waited for has been taken just now.
                Next::Wait(_) if self.waiting_for.get() == Some(WaitingFor::Page) => turn().await,
                Next::Wait(until) => self.wait(until).await,
                Next::Idle => return Err(error("the guest neither runs nor has it ended")),
            }
        }
    }

    /// Gives the session a command; what comes of it is in the next [`Driver::run`].
    pub(super) fn handle(&self, command: Command) {
        let mut session = self.session.borrow_mut();
        session.tell_time(self.clocks.monotonic());
        session.handle(command);
    }

    /// What the next call prints, and which host calls it makes, is kept.
    pub(super) fn start_keeping(&self) {
        self.kept.replace(Some(Output::default()));
        if let Some(tracer) = &self.callbacks.trace {
            tracer.keeps.set(true);
        }
        self.handle(Command::Trace(Trace::Record(true)));
    }

    /// What was kept: what it printed, and its calls of imports, if all are known.
    pub(super) fn stop_keeping(&self) -> (Output, Option<Vec<String>>) {
        let made = self.session.borrow().made();
        match &self.callbacks.trace {
            Some(tracer) => tracer.keeps.set(false),
            None => {
                self.handle(Command::Trace(Trace::Record(false)));
                self.handle(Command::Trace(Trace::Clear));
            }
        }
        (self.kept.take().unwrap_or_default(), made)
    }

    /// Ends the run that is under way, if there is one.
    pub(super) fn stop(&self) {
        if let Ok(mut session) = self.session.try_borrow_mut()
            && session.usage().is_some()
        {
            session.handle(Command::Stop);
        }
        self.wake();
    }

    /// Holds the run that is under way, or lets it go on.
    pub(super) fn hold(&self, held: bool) {
        let command = if held {
            Command::Pause
        } else {
            Command::Resume
        };
        if let Ok(mut session) = self.session.try_borrow_mut() {
            session.tell_time(self.clocks.monotonic());
            session.handle(command);
        }
        self.wake();
    }

    fn slice(&self) -> Next {
        let mut pace = self.pace.get();
        let start = pace.began(self.clocks.millis());
        let mut elapsed = 0.0;
        loop {
            let began = elapsed;
            let (next, spent, asked, wanted) = {
                let mut session = self.session.borrow_mut();
                session.tell_time(self.clocks.monotonic());
                let before = session.fuel_spent();
                let next = session.step(pace.fuel(SLICE_MILLIS - elapsed));
                let spent = session.fuel_spent().saturating_sub(before);
                (next, spent, session.host_call(), session.asked())
            };
            let now = self.clocks.millis() - start;
            pace.learn(spent, now - elapsed);
            self.pace.set(pace);
            elapsed = now;
            self.functions.settle();
            let was_asked = asked.is_some();
            if let Some(call) = asked {
                self.answer(call);
            }
            if let Some((id, ask)) = wanted {
                self.functions.ask(id, ask);
            }
            let is_ready = next == Next::Ready || was_asked;
            if !is_ready {
                if self.session.borrow().is_away() {
                    pace.leaves(start + began);
                    self.pace.set(pace);
                }
                return next;
            }
            if elapsed >= SLICE_MILLIS * 0.8 {
                return Next::Ready;
            }
        }
    }

    /// Has a host call answered by the caller's function.
    fn answer(&self, call: HostCall) {
        match self.callees.borrow().get(&call.import) {
            Some(callee) => self.functions.call(callee, call),
            None => self
                .functions
                .fail(call.id, "it has no function".to_owned()),
        }
    }

    /// Tells the caller what happened, which may make more happen.
    pub(super) fn deliver(&self) -> Result<Option<End>, JsValue> {
        let mut end = None;
        loop {
            let events = self.session.borrow_mut().take_events();
            if events.is_empty() {
                if let Some(tracer) = &self.callbacks.trace {
                    tracer.tell(&self.session)?;
                }
                return match self.thrown.take() {
                    Some(thrown) => Err(thrown),
                    None => Ok(end),
                };
            }
            for event in self.join(events) {
                match event {
                    Event::Read(info) => {
                        self.loading.borrow_mut().info = Some(info);
                    }
                    Event::Signatures(signatures) => self.signatures(*signatures),
                    Event::Ready { answers, elsewhere } => {
                        let loading = self.loading.take();
                        end = Some(End::Ready(Box::new(Loaded {
                            answers,
                            elsewhere,
                            ..loading
                        })));
                    }
                    Event::Refused { message, .. } => end = Some(End::Refused(message)),
                    Event::Began { .. } => {
                        self.located.begin();
                        if let Some(kept) = &mut *self.kept.borrow_mut() {
                            kept.begin();
                        }
                    }
                    Event::Output { stream, bytes } => self.output(stream, &bytes)?,
                    Event::Waiting(what) => self.waiting_for.set(Some(what)),
                    Event::Stack { stack, .. } => self.located.see(stack),
                    Event::Ended { outcome, usage, .. } => {
                        self.keep_reached();
                        end = Some(End::Ended(outcome, usage));
                    }
                    Event::Host(bytes) => self.host.hear(&bytes),
                    Event::Engine { problem, .. } => end = Some(End::Engine(problem)),
                    Event::Debug(said) => end = self.debugged(&said).or(end),
                    Event::Rejected(reason) => end = self.debugger.rejected(reason).or(end),
                    _ => {}
                }
            }
        }
    }

    fn signatures(&self, signatures: Signatures) {
        let mut loading = self.loading.borrow_mut();
        loading.problems = signatures.problems;
        if let Some(info) = &mut loading.info {
            for (export, signatures) in info.exports.iter_mut().zip(signatures.exports) {
                export.signatures = signatures;
            }
            for (import, signature) in info.imports.iter_mut().zip(signatures.imports) {
                import.signature = signature;
            }
        }
    }

    /// The stream whose callback hears of this one.
    fn told_as(&self, stream: Stream) -> Stream {
        match stream {
            Stream::Host if self.callbacks.host.is_none() => Stream::Stdout,
            stream => stream,
        }
    }

    /// Puts together what the same callback hears of, one after the other: a call of it costs more than
    /// what makes it.
    fn join(&self, events: Vec<Event>) -> Vec<Event> {
        // Where it went matters to what is kept.
        let keeps = self.kept.borrow().is_some();
        let mut joined: Vec<Event> = Vec::new();
        for event in events {
            if let Event::Output { stream, bytes } = &event
                && let Some(Event::Output {
                    stream: last,
                    bytes: all,
                }) = joined.last_mut()
                && (*last == *stream || (!keeps && self.told_as(*last) == self.told_as(*stream)))
            {
                all.extend_from_slice(bytes);
            } else {
                joined.push(event);
            }
        }
        joined
    }

    fn output(&self, stream: Stream, bytes: &[u8]) -> Result<(), JsValue> {
        if let Some(kept) = &mut *self.kept.borrow_mut() {
            kept.keep(stream, bytes);
        }
        self.session.borrow_mut().handle(Command::Taken {
            bytes: bytes.len() as u64,
        });
        let callback = match self.told_as(stream) {
            Stream::Stdout => &self.callbacks.stdout,
            Stream::Stderr => &self.callbacks.stderr,
            Stream::Host => &self.callbacks.host,
        };
        if let Some(callback) = callback {
            callback.call1(&JsValue::UNDEFINED, &Uint8Array::from(bytes))?;
        }
        Ok(())
    }

    /// Waits until this time of the monotonic clock, or until something happens.
    async fn wait(self: &Rc<Self>, until: Option<u64>) {
        let stdin = matches!(
            self.waiting_for.get(),
            Some(WaitingFor::Stdin | WaitingFor::StdinOrClock)
        );
        let woken = Promise::new(&mut |resolve, _| {
            self.wake.replace(Some(resolve));
        });
        let is_stopped = self.waiting_for.get() == Some(WaitingFor::Debugger);
        if stdin {
            self.ask();
        }
        if is_stopped {
            self.ask_how();
        }
        let timer = until.map(|until| {
            let left = until.saturating_sub(self.clocks.monotonic());
            // A timer counts in 31 bits of milliseconds; a longer wait is taken up again.
            let millis = left.div_ceil(1_000_000).min(i32::MAX.unsigned_abs().into());
            let driver = Rc::clone(self);
            Timeout::new(u32::try_from(millis).unwrap_or_default(), move || {
                driver.wake();
            })
        });
        // It is never rejected.
        let _ = JsFuture::from(woken).await;
        drop(timer);
        if is_stopped {
            // Whoever answers at once, again and again, lets others have their turn all the same.
            turn().await;
        }
    }

    /// Ends the run that is under way with this for its caller.
    pub(super) fn throw(&self, thrown: JsValue) {
        self.thrown.replace(Some(thrown));
        self.wake();
    }

    pub(super) fn wake(&self) {
        if let Some(resolve) = self.wake.take() {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    }

    /// Asks the caller for stdin, once at a time.
    fn ask(self: &Rc<Self>) {
        if self.asked.replace(true) {
            return;
        }
        let answer = match &self.callbacks.stdin {
            Some(callback) => callback.call0(&JsValue::UNDEFINED),
            None => Ok(JsValue::NULL),
        };
        let driver = Rc::clone(self);
        spawn_local(async move {
            let answer = match answer {
                Ok(answer) => JsFuture::from(Promise::resolve(&answer)).await,
                thrown => thrown,
            };
            driver.asked.set(false);
            match answer.and_then(|answer| input(&answer)) {
                Ok(input) => driver.session.borrow_mut().handle(Command::Stdin(input)),
                Err(thrown) => driver.throw(thrown),
            }
            driver.wake();
        });
    }
}

/// What a callback for stdin returned: bytes, or the end.
fn input(answer: &JsValue) -> Result<Option<Vec<u8>>, JsValue> {
    if answer.is_null() || answer.is_undefined() {
        return Ok(None);
    }
    if let Some(text) = answer.as_string() {
        return Ok(Some(text.into_bytes()));
    }
    js::bytes(answer).map(Some).ok_or_else(|| {
        error("options.stdin: the function needs to return a string, a Uint8Array or null")
    })
}

/// Lets the event loop turn.
async fn turn() {
    // Node has this; a port that listens would keep it from ending.
    let immediate = Reflect::get(&global(), &"setImmediate".into())
        .ok()
        .and_then(|function| function.dyn_into::<Function>().ok());
    let channel = match immediate {
        Some(_) => None,
        None => MessageChannel::new().ok(),
    };
    let turned = Promise::new(&mut |resolve, _| match (&immediate, &channel) {
        (Some(immediate), _) => {
            let _ = immediate.call1(&JsValue::UNDEFINED, &resolve);
        }
        (None, Some(channel)) => {
            channel.port1().set_onmessage(Some(&resolve));
            let _ = channel.port2().post_message(&JsValue::NULL);
        }
        (None, None) => {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    // It is never rejected.
    let _ = JsFuture::from(turned).await;
    if let Some(channel) = channel {
        channel.port1().close();
    }
}
