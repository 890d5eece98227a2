//! How long host calls take, while a profile is to know; it costs a branch a call otherwise.

use super::host::Host;
use super::instance::Instance;
use super::noting::Noting;
use super::registers::Registers;
use crate::debug::samples::Samples;
use crate::linear::Linear;
use crate::module::ExternType;
use crate::protocol::Stack;
use std::cell::RefCell;
use std::rc::Rc;
use wasmi::{AsContext, Caller};

/// Host calls that are under way at most, each within the one before.
const MOST_OPEN: usize = 256;

/// Where the time of host calls is kept.
pub(super) struct Timing {
    samples: Rc<RefCell<Samples>>,
    noting: Option<Noting>,
    registers: Option<Registers>,
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

impl Instance {
    /// Keeps how long host calls take there from now on; `None`: nowhere.
    pub fn time_host_calls(&mut self, to: Option<&Rc<RefCell<Samples>>>) {
        let timing = self.store.data().timing.as_ref();
        let is = match (timing, to) {
            (Some(timing), Some(to)) => Rc::ptr_eq(&timing.samples, to),
            (None, None) => true,
            _ => false,
        };
        if !is {
            let timing = to.map(|samples| Timing {
                samples: Rc::clone(samples),
                // Who calls its host has noted that.
                noting: self.noting.clone().map(|noting| Noting {
                    is_there: true,
                    ..noting
                }),
                registers: self.registers.clone(),
                open: Vec::new(),
            });
            self.store.data_mut().timing = timing.map(Box::new);
        }
    }
}

/// When a host call begins; `None`: nobody wants to know.
pub(super) fn begin(caller: &Caller<'_, Host>) -> Option<u64> {
    let host = caller.data();
    host.timing.as_ref().map(|_| host.wasi.glance())
}

/// The call of the import at place `index` that began then has come to something; or it waits, and [`finish`] says when it
/// does not any more.
pub(super) fn end(caller: &mut Caller<'_, Host>, index: usize, began: Option<u64>, waits: bool) {
    let (Some(began), Some(mut timing)) = (began, caller.data_mut().timing.take()) else {
        return;
    };
    let host = caller.data();
    let before = (0..index).filter_map(|place| host.sockets.get(place));
    let functions = before.filter(|socket| matches!(socket.ty, ExternType::Func(_)));
    let open = Open {
        function: u32::try_from(functions.count()).unwrap_or(u32::MAX),
        stack: timing.stack(caller),
        began,
    };
    if !waits {
        timing.took(open, host.wasi.glance());
    } else {
        if timing.open.len() >= MOST_OPEN {
            // Of runs that were ended in the middle.
            timing.open.clear();
        }
        timing.open.push(open);
    }
    caller.data_mut().timing = Some(timing);
}

/// The innermost call that waits does not any more.
pub(super) fn finish(host: &mut Host) {
    let now = host.wasi.glance();
    if let Some(timing) = &mut host.timing
        && let Some(open) = timing.open.pop()
    {
        timing.took(open, now);
    }
}

impl Timing {
    fn took(&self, open: Open, now: u64) {
        let nanos = now.saturating_sub(open.began);
        let mut samples = self.samples.borrow_mut();
        samples.host_call(open.stack, open.function, nanos);
    }

    fn stack(&self, caller: &Caller<'_, Host>) -> Stack {
        let memory = caller.data().memory;
        let memory = memory.map_or_else(Linear::default, |memory| memory.data(caller).into());
        let (noting, registers) = (self.noting.as_ref(), self.registers.as_ref());
        let stack = stack(noting, registers, caller, memory);
        stack.unwrap_or_default()
    }
}

/// The functions that have been called and have not returned, as far as can be seen; `memory` is the guest's.
pub(super) fn stack(
    noting: Option<&Noting>,
    registers: Option<&Registers>,
    store: impl AsContext<Data = Host>,
    memory: Linear<'_>,
) -> Option<Stack> {
    let noted = noting.map(|noting| noting.noted(&store));
    let Some(registers) = registers else {
        return noted;
    };
    let Some(mut stack) = registers.stack(&store, memory) else {
        return noted;
    };
    // The function that runs is what they do not lead to.
    let innermost = noted.and_then(|noted| noted.frames.first().copied());
    if let Some(innermost) = innermost {
        stack.frames.insert(0, innermost);
    }
    Some(stack)
}
