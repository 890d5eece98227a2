//! What the worker says, gone through a few milliseconds at a time.

use super::super::files;
use super::{Driver, now};
use crate::browser::worker_client::Notice;
use crate::ui::state::Effect;
use gloo_timers::callback::Timeout;
use std::rc::Rc;

/// Milliseconds for which what the worker said is gone through at once.
pub(super) const TAKE_MILLIS: f64 = 8.0;

impl Driver {
    /// What the worker says is taken in at once, and shown in the next frame.
    pub(super) fn hear(&self, notice: Notice) {
        match notice {
            Notice::Report(report, files) => {
                self.0.came.borrow_mut().extend(files);
                self.0.board.borrow_mut().receive(report);
                if !self.0.taking.get() {
                    self.take_in(TAKE_MILLIS);
                }
            }
            Notice::Replaced { reason } => {
                // What the old worker said comes before.
                self.take_in(f64::INFINITY);
                self.0.parts.borrow_mut().clear();
                let effects = self.0.board.borrow_mut().replaced(&reason);
                self.carry_out(effects);
            }
            Notice::Unsupported { reason } => self.0.board.borrow_mut().cannot_run(&reason),
        }
        self.0.frame.ask();
    }

    /// Goes through what the worker has said, for so many milliseconds; the rest after a pause in which
    /// there may be a frame.
    pub(super) fn take_in(&self, millis: f64) {
        let end = now() + millis;
        loop {
            let effects = self.0.board.borrow_mut().take_in();
            let Some(effects) = effects else {
                break;
            };
            self.save(&effects);
            self.carry_out(effects);
            if now() >= end {
                self.0.taking.set(true);
                let weak = Rc::downgrade(&self.0);
                Timeout::new(0, move || {
                    if let Some(inner) = weak.upgrade() {
                        inner.taking.set(false);
                        Self(inner).take_in(TAKE_MILLIS);
                    }
                })
                .forget();
                break;
            }
        }
        let acknowledged = self.0.board.borrow_mut().acknowledge();
        self.carry_out(acknowledged);
        self.0.frame.ask();
    }

    /// Offers files that came beside a report, as the effects say in the same order.
    fn save(&self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Save(name) => {
                    if let Some(file) = self.0.came.borrow_mut().pop_front() {
                        files::save(name, &file);
                    }
                }
                Effect::KeepFile(at) => {
                    if let Some(file) = self.0.came.borrow_mut().pop_front() {
                        self.0.added.borrow_mut().insert(at.clone(), file);
                    }
                }
                Effect::SavePart { last } => {
                    let mut parts = self.0.parts.borrow_mut();
                    parts.extend(self.0.came.borrow_mut().pop_front());
                    if let Some(name) = last
                        && let Some(file) = files::joined(&std::mem::take(&mut *parts))
                    {
                        files::save(name, &file);
                    }
                }
                _ => {}
            }
        }
    }
}
