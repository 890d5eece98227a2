//! How long host calls take, while a profile is to know; it costs a branch a call otherwise.

use super::host::Host;
use crate::debug::samples::Samples;
use crate::module::ExternType;
use crate::protocol::Stack;
use std::cell::RefCell;
use std::rc::Rc;

/// Host calls that are under way at most, each within the one before.
const MOST_OPEN: usize = 256;

/// Where the time of host calls is kept.
pub(super) struct Timing {
    samples: Rc<RefCell<Samples>>,
    /// Those that wait, the innermost last.
    open: Vec<Open>,
}

/// A host call under way.
struct Open {
    stack: Stack,
    function: u32,
    /// Nanoseconds by the instance's monotonic clock.
    began: u64,
}

impl Host {
    /// Keeps how long host calls take there from now on; `None`: nowhere.
    pub(super) fn time_calls(&mut self, to: Option<&Rc<RefCell<Samples>>>) {
        let is = match (&self.timing, to) {
            (Some(timing), Some(to)) => Rc::ptr_eq(&timing.samples, to),
            (None, None) => true,
            _ => false,
        };
        if !is {
            let timing = to.map(|samples| Timing {
                samples: Rc::clone(samples),
                open: Vec::new(),
            });
            self.timing = timing.map(Box::new);
        }
    }

    /// What the time is, where a host call begins or ends; `None`: nobody wants to know.
    pub(super) fn call_time(&self) -> Option<u64> {
        self.timing.as_ref().map(|_| self.wasi.glance())
    }

    /// The call of the import at place `index` that began and ended then has come to something; or it waits, and [`Host::call_is_over`] says
    /// when it does not any more. It was made from `stack`.
    pub(super) fn call_ends(
        &mut self,
        index: usize,
        [began, now]: [u64; 2],
        waits: bool,
        stack: Stack,
    ) {
        let before = (0..index).filter_map(|place| self.sockets.get(place));
        let functions = before.filter(|socket| matches!(socket.ty, ExternType::Func(_)));
        let open = Open {
            function: u32::try_from(functions.count()).unwrap_or(u32::MAX),
            stack,
            began,
        };
        let Some(timing) = &mut self.timing else {
            return;
        };
        if !waits {
            return timing.took(open, now);
        }
        if timing.open.len() >= MOST_OPEN {
            // Of runs that were ended in the middle.
            timing.open.clear();
        }
        timing.open.push(open);
    }

    /// The innermost call that waited does not any more.
    pub(super) fn call_is_over(&mut self) {
        let now = self.wasi.glance();
        if let Some(timing) = &mut self.timing
            && let Some(open) = timing.open.pop()
        {
            timing.took(open, now);
        }
    }
}

impl Timing {
    fn took(&self, open: Open, now: u64) {
        let nanos = now.saturating_sub(open.began);
        let mut samples = self.samples.borrow_mut();
        samples.host_call(open.stack, open.function, nanos);
    }
}
