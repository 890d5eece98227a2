//! The turns of the event loop in which a worker goes on: it hears what the page says in between.

use crate::session::Next;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{MessageChannel, MessagePort};

/// The turns of one worker.
pub(super) struct Turns {
    /// Posting to it makes the next one; a timer would wait for 4 ms.
    port: MessagePort,
    pending: Cell<bool>,
    /// Ends a wait.
    timer: RefCell<Option<Timeout>>,
}

impl Turns {
    /// The turns, and where they arrive; `None` in a browser without channels, of which none has workers.
    pub(super) fn new() -> Option<(Rc<Self>, MessagePort)> {
        let channel = MessageChannel::new().ok()?;
        let turns = Self {
            port: channel.port2(),
            pending: Cell::new(false),
            timer: RefCell::new(None),
        };
        Some((Rc::new(turns), channel.port1()))
    }

    /// Does `turn` at each of them, for as long as there is a worker.
    pub(super) fn listen(port: &MessagePort, turn: impl Fn() + 'static) {
        EventListener::new(port, "message", move |_| turn()).forget();
        port.start();
    }

    /// Asks for a turn after what the page has already sent.
    pub(super) fn take(&self) {
        self.timer.borrow_mut().take();
        self.take_soon();
    }

    fn take_soon(&self) {
        if !self.pending.get() {
            self.pending
                .set(self.port.post_message(&JsValue::NULL).is_ok());
        }
    }

    /// A turn has begun.
    pub(super) fn begin(&self) {
        self.pending.set(false);
    }

    /// Arranges for the next one, when it is `now` in nanoseconds.
    pub(super) fn go_on(self: &Rc<Self>, next: Next, now: u64) {
        match next {
            Next::Ready => self.take_soon(),
            Next::Wait(Some(deadline)) => {
                let millis = deadline.saturating_sub(now).div_ceil(1_000_000);
                // A timer counts in 31 bits; a longer wait is taken up again.
                let millis = u32::try_from(millis)
                    .unwrap_or(u32::MAX)
                    .min(i32::MAX.unsigned_abs());
                let this = Rc::clone(self);
                *self.timer.borrow_mut() = Some(Timeout::new(millis, move || this.take_soon()));
            }
            Next::Wait(None) | Next::Idle => {}
        }
    }
}
