//! Runs a guest through a session, with a clock that only moves when it is read or waited for.

use crate::cases::Case;
use plugboard::engine::foreign;
use plugboard::protocol::{CallId, Command, Debug, Debugged, Engine, Event, Outcome, Stream};
use plugboard::session::{Next, Session};
use plugboard::wasi;
use std::cell::Cell;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Waker};

/// Fuel of one step: small enough that a guest needs several.
const SLICE: u64 = 100_000;

struct Host {
    clock: Rc<Cell<u64>>,
    random: u8,
}

impl wasi::Host for Host {
    fn realtime(&self) -> u64 {
        1_700_000_000_000_000_000 + self.monotonic()
    }

    fn monotonic(&self) -> u64 {
        self.clock.set(self.clock.get() + 1000);
        self.clock.get()
    }

    fn resolution(&self) -> u64 {
        1000
    }

    fn random(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            self.random = self.random.wrapping_mul(5).wrapping_add(77);
            *byte = self.random;
        }
    }
}

/// What a guest runs in.
pub enum Way {
    Interpreted,
    Debugged,
    /// In this engine, which is outside of this program, and awaited by this.
    #[cfg_attr(
        not(target_arch = "wasm32"),
        expect(dead_code, reason = "only browsers have such an engine")
    )]
    Elsewhere(
        Rc<dyn foreign::Engine>,
        fn() -> Pin<Box<dyn Future<Output = ()>>>,
    ),
}

/// Runs `module`, and checks that what comes of it is as `case` says, whether it is debugged or not.
#[track_caller]
pub fn check(case: &Case, module: &[u8]) {
    for way in [Way::Interpreted, Way::Debugged] {
        let mut checked = pin!(check_once(case, module, way));
        let mut context = Context::from_waker(Waker::noop());
        assert!(
            checked.as_mut().poll(&mut context).is_ready(),
            "nothing is awaited"
        );
    }
}

/// Lines wherever they may begin, far closer than those of any source.
fn lines(module: &[u8]) -> Vec<(u32, u32)> {
    let end = u32::try_from(module.len()).unwrap_or(u32::MAX);
    (0..end).step_by(3).zip(1..).collect()
}

/// The same, in one way.
pub async fn check_once(case: &Case, module: &[u8], way: Way) {
    let clock = Rc::new(Cell::new(0));
    let hosts = Rc::clone(&clock);
    let mut session = Session::new(Box::new(move || {
        let clock = Rc::clone(&hosts);
        Box::new(Host { clock, random: 1 })
    }));
    session.handle(Command::Configure(case.settings.clone()));
    session.handle(Command::Load {
        name: "guest.wasm".to_owned(),
        bytes: module.to_vec(),
    });
    let loaded = drive(&mut session, &clock, &way).await;
    assert!(
        matches!(loaded.last(), Some(Event::Ready { .. })),
        "the guest is not ready: {loaded:?}"
    );
    if let Way::Elsewhere(engine, _) = &way {
        session.set_engine(Rc::clone(engine));
        session.handle(Command::Engine(Engine::Browser));
        let ready = drive(&mut session, &clock, &way).await;
        let is_ready = |event: &Event| matches!(event, Event::Engine { problem: None, .. });
        assert!(ready.iter().any(is_ready), "it is not ready: {ready:?}");
    }
    if let Way::Debugged = way {
        session.handle(Command::Debug(Debug::Lines(Some(lines(module)))));
        session.handle(Command::Debug(Debug::Cover(true)));
        let ready = drive(&mut session, &clock, &way).await;
        let is_ready = |event: &Event| matches!(event, Event::Debug(debugged) if matches!(**debugged, Debugged::Ready(Some(1..))));
        assert!(ready.iter().any(is_ready), "it is not ready: {ready:?}");
    }
    session.handle(Command::Start { call: CallId(1) });
    let events = drive(&mut session, &clock, &way).await;
    let printed = |wanted: Stream| {
        let outputs = events.iter().filter_map(|event| match event {
            Event::Output { stream, bytes } if *stream == wanted => Some(bytes.as_slice()),
            _ => None,
        });
        String::from_utf8(outputs.flatten().copied().collect()).expect("guests print UTF-8")
    };
    let outcome = events.iter().find_map(|event| match event {
        Event::Ended { outcome, .. } => Some(outcome),
        _ => None,
    });
    let (stdout, stderr) = (printed(Stream::Stdout), printed(Stream::Stderr));
    match (outcome, case.exit_code) {
        (Some(Outcome::Returned { .. }), None) => {}
        (Some(Outcome::Exited(code)), Some(expected)) if *code == expected => {}
        (outcome, _) => panic!("{outcome:?}\n{stderr}"),
    }
    assert_eq!((&*stdout, &*stderr), (case.stdout, case.stderr));
}

/// Steps until there is nothing to do; what is waited for comes at once.
async fn drive(session: &mut Session, clock: &Cell<u64>, way: &Way) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        let next = session.step(SLICE);
        for event in session.take_events() {
            if let Event::Output { bytes, .. } = &event {
                let bytes = bytes.len() as u64;
                session.handle(Command::Taken { bytes });
            }
            events.push(event);
        }
        if let (Way::Elsewhere(_, turn), Next::Wait(_)) = (way, next)
            && (session.is_away() || session.usage().is_none())
        {
            turn().await;
            continue;
        }
        match next {
            Next::Ready => {}
            Next::Wait(Some(deadline)) => clock.set(deadline.max(clock.get())),
            Next::Wait(None) => panic!("the guest waits for stdin: {events:?}"),
            Next::Idle => return events,
        }
    }
}
