//! Host calls, told to the caller as they end.

use crate::browser::js::define;
use crate::protocol::TraceEntry;
use crate::session::Session;
use js_sys::{Function, Object};
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsValue;

/// As many are told before the session is looked at again.
const BATCH: u64 = 256;

/// Whom host calls are told, and which have been.
#[derive(Debug)]
pub(super) struct Tracer {
    callback: Function,
    /// The number of the next one.
    next: Cell<u64>,
    /// Whether those that have been told are still asked for.
    pub(super) keeps: Cell<bool>,
}

impl Tracer {
    pub(super) fn new(callback: Function) -> Self {
        Self {
            callback,
            next: Cell::new(0),
            keeps: Cell::new(false),
        }
    }

    /// Tells those that have ended, in order; one that waits holds up those after it.
    ///
    /// # Errors
    ///
    /// What the callback threw.
    pub(super) fn tell(&self, session: &RefCell<Session>) -> Result<(), JsValue> {
        loop {
            let entries = self.take(session);
            if entries.is_empty() {
                return Ok(());
            }
            for entry in entries {
                self.callback.call1(&JsValue::UNDEFINED, &object(entry))?;
            }
        }
    }

    /// Takes some out of the session.
    fn take(&self, session: &RefCell<Session>) -> Vec<TraceEntry> {
        let session = session.borrow();
        let mut trace = session.trace().borrow_mut();
        let first = self.next.get().max(trace.held().start);
        let end = first.saturating_add(BATCH).min(trace.settled());
        let entries = (first..end).filter_map(|number| trace.entry(number));
        let entries = entries.collect();
        self.next.set(end.max(first));
        if !self.keeps.get() {
            trace.forget_before(end);
        }
        entries
    }
}

fn object(entry: TraceEntry) -> Object {
    let object = Object::new();
    #[expect(clippy::cast_precision_loss, reason = "calls are not counted that far")]
    define(&object, "number", &(entry.number as f64).into());
    for (name, number) in [
        ("at", entry.at),
        ("duration", entry.duration),
        ("fuel", entry.fuel),
    ] {
        define(&object, name, &number.into());
    }
    for (name, text) in [
        ("export", entry.export),
        ("name", entry.name),
        ("arguments", entry.arguments),
        ("result", entry.result),
    ] {
        define(&object, name, &text.into());
    }
    define(&object, "failed", &entry.failed.into());
    object
}
