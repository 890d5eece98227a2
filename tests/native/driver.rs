//! Drives a session as the worker does, with a clock that only moves when a guest waits for it.

use plugboard::go::{Param, Signature, Type, Value};
use plugboard::protocol::{CallId, Command, Event, Outcome, Settings, Stream, Usage};
use plugboard::session::{Next, Session};
use plugboard::signatures::Readers;
use plugboard::wasi;
use std::cell::Cell;
use std::rc::Rc;

/// Fuel of one step, small enough that most guests need several.
pub const SLICE: u64 = 1_000;

/// A session and its clock.
pub struct Driver {
    pub session: Session,
    pub clock: Rc<Cell<u64>>,
    next_call: u32,
}

struct Clock(Rc<Cell<u64>>);

impl wasi::Host for Clock {
    fn realtime(&self) -> u64 {
        1_700_000_000_000_000_000 + self.0.get()
    }

    fn monotonic(&self) -> u64 {
        self.0.get()
    }

    fn resolution(&self) -> u64 {
        1
    }

    fn random(&mut self, buffer: &mut [u8]) {
        buffer.fill(4);
    }
}

/// How a call ended, and what came before.
#[derive(Debug)]
pub struct Ended {
    pub outcome: Outcome,
    pub usage: Usage,
    pub events: Vec<Event>,
}

impl Ended {
    pub fn printed(&self, wanted: Stream) -> String {
        printed(&self.events, wanted)
    }
}

/// What `events` say was printed.
pub fn printed(events: &[Event], wanted: Stream) -> String {
    let bytes: Vec<u8> = events
        .iter()
        .filter_map(|event| match event {
            Event::Output { stream, bytes } if *stream == wanted => Some(bytes.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    String::from_utf8(bytes).expect("the tests print UTF-8")
}

impl Driver {
    /// A session with nothing on the board.
    pub fn new() -> Self {
        let clock = Rc::new(Cell::new(0));
        let hosts = Rc::clone(&clock);
        Self {
            session: Session::new(Box::new(move || Box::new(Clock(Rc::clone(&hosts)))))
                .with_readers(Readers::new()),
            clock,
            next_call: 0,
        }
    }

    /// A session with the module that `wat` assembles to.
    #[track_caller]
    pub fn with_wat(wat: &str) -> Self {
        let bytes = wat::parse_str(wat).expect("the test's WAT assembles");
        let mut driver = Self::new();
        let events = driver.load("test.wasm", bytes);
        assert!(
            matches!(events.last(), Some(Event::Ready { .. })),
            "the module is not ready: {events:?}"
        );
        driver
    }

    /// A session with such a module and these settings.
    #[track_caller]
    pub fn with_settings(wat: &str, settings: Settings) -> Self {
        let mut driver = Self::with_wat(wat);
        driver.session.handle(Command::Configure(settings));
        driver
    }

    pub fn load(&mut self, name: &str, bytes: Vec<u8>) -> Vec<Event> {
        self.session.handle(Command::Load {
            name: name.to_owned(),
            bytes,
        });
        self.drain().1
    }

    /// Steps until there is nothing to do but wait for a command; clocks are waited for.
    pub fn drain(&mut self) -> (Next, Vec<Event>) {
        let mut events = Vec::new();
        for _ in 0..1_000_000 {
            let next = self.session.step(SLICE);
            for event in self.session.take_events() {
                if let Event::Output { bytes, .. } = &event {
                    self.session.handle(Command::Taken {
                        bytes: bytes.len() as u64,
                    });
                }
                events.push(event);
            }
            match next {
                Next::Ready => {}
                Next::Wait(Some(deadline)) => self.clock.set(deadline.max(self.clock.get())),
                Next::Wait(None) | Next::Idle => return (next, events),
            }
        }
        panic!("the guest does not end");
    }

    pub fn id(&mut self) -> CallId {
        self.next_call += 1;
        CallId(self.next_call)
    }

    /// Calls `export` as a function of Go's `params` and waits for its end.
    #[track_caller]
    pub fn call(&mut self, export: &str, params: &[Type], args: Vec<Value>) -> Ended {
        let signature = signature(export, params, None);
        self.call_as(signature, args)
    }

    /// Calls by a whole signature and waits for the end.
    #[track_caller]
    pub fn call_as(&mut self, signature: Signature, args: Vec<Value>) -> Ended {
        let call = self.id();
        self.session.handle(Command::Call {
            call,
            export: signature.name.clone(),
            signature,
            args,
        });
        self.end_of(call)
    }

    /// Calls `_start` or `_initialize` and waits for its end.
    #[track_caller]
    pub fn start(&mut self) -> Ended {
        let call = self.id();
        self.session.handle(Command::Start { call });
        self.end_of(call)
    }

    /// Drains until `call` has ended.
    #[track_caller]
    pub fn end_of(&mut self, call: CallId) -> Ended {
        let (_, events) = self.drain();
        let end = events.iter().find_map(|event| match event {
            Event::Ended {
                call: ended,
                outcome,
                usage,
            } if *ended == call => Some((outcome.clone(), *usage)),
            _ => None,
        });
        let (outcome, usage) = end.unwrap_or_else(|| panic!("the call has not ended: {events:?}"));
        Ended {
            outcome,
            usage,
            events,
        }
    }
}

/// A signature whose parameters have no names.
pub fn signature(name: &str, params: &[Type], result: Option<Type>) -> Signature {
    Signature {
        name: name.to_owned(),
        params: params
            .iter()
            .cloned()
            .map(|ty| Param::new("", ty))
            .collect(),
        result,
        written: None,
    }
}

/// What happened, without where the guest was meanwhile.
pub(crate) fn unlocated(mut events: Vec<Event>) -> Vec<Event> {
    events.retain(|event| !matches!(event, Event::Stack { .. }));
    events
}
