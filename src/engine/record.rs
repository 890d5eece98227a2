//! Recording host calls, while somebody wants them recorded; it costs a branch a call otherwise.

use super::host::{Host, Interrupt};
use crate::go;
use crate::linear::{Linear, LinearMut};
use crate::protocol::{Answer, CallId};
use crate::trace::{Draft, STRETCH, TEXT, Trace};
use crate::wasi::describe::{self, Text};
use crate::wasi::{self, Errno, Flow, Function};
use std::cell::RefCell;
use std::rc::Rc;

/// The most bytes of an argument in Go's terms that are read.
const READ: u32 = 256;

/// The number of an entry that is not finished: its call waits.
pub(super) type Entry = u64;

/// Where host calls are recorded.
pub(super) struct Recorder {
    trace: Rc<RefCell<Trace>>,
    call: CallId,
    /// The fuel that the run under way had used before this slice.
    used: u64,
    /// What it will have used when there is none left.
    ceiling: u64,
}

impl Host {
    /// A slice of so much fuel begins.
    pub(super) fn slice_begins(&mut self, fuel: u64) {
        if let Some(recorder) = &mut self.recorder {
            recorder.ceiling = recorder.used.saturating_add(fuel);
        }
    }
}

impl Recorder {
    /// Records the host calls of a run.
    pub(super) fn new(trace: Rc<RefCell<Trace>>, call: CallId) -> Self {
        Self {
            trace,
            call,
            used: 0,
            ceiling: 0,
        }
    }

    /// This export goes on; the run has used so much fuel.
    pub(super) fn enter(&mut self, export: &str, used: u64) {
        self.trace.borrow_mut().enter(self.call, export);
        self.used = used;
    }
}

/// Makes a call of WASI, and records it while that is wanted. One that waits is not finished: [`again`] does that. The slice has so
/// much fuel `left`.
pub(super) fn wasi(
    host: &mut Host,
    mut memory: LinearMut<'_>,
    function: Function,
    args: &[u64],
    left: u64,
) -> (Flow, Option<Entry>) {
    let Some(recorder) = &host.recorder else {
        return (wasi::call(function, &mut host.wasi, memory, args), None);
    };
    let mut trace = recorder.trace.borrow_mut();
    let fuel = recorder.ceiling.saturating_sub(left);
    let draft = trace.begin(host.wasi.glance(), fuel, function.name());
    let mut text = Text::new(&mut draft.arguments, TEXT);
    describe::arguments(function, args, memory.view(), &mut text);
    let flow = wasi::call(function, &mut host.wasi, memory.reborrow(), args);
    if matches!(flow, Flow::Wait(_)) {
        return (flow, Some(trace.open()));
    }
    let failed = tell(trace.draft(), function, args, flow, memory.view());
    trace.end(host.wasi.glance(), failed);
    (flow, None)
}

/// Makes a call of WASI that has waited once more, and finishes its entry if it waits no longer.
pub(super) fn again(
    host: &mut Host,
    mut memory: LinearMut<'_>,
    function: Function,
    args: &[u64],
    entry: Option<Entry>,
) -> Flow {
    let flow = wasi::call(function, &mut host.wasi, memory.reborrow(), args);
    if let (Some(recorder), Some(entry)) = (&host.recorder, entry)
        && !matches!(flow, Flow::Wait(_))
    {
        let mut trace = recorder.trace.borrow_mut();
        let failed = tell(
            trace.begin_again(entry),
            function,
            args,
            flow,
            memory.view(),
        );
        trace.finish(entry, host.wasi.glance(), failed);
    }
    flow
}

/// Says what a call came to, and keeps what it points to: whether it failed.
fn tell(
    draft: &mut Draft,
    function: Function,
    args: &[u64],
    flow: Flow,
    memory: Linear<'_>,
) -> bool {
    describe::stretches(function, args, memory, STRETCH, |name, address, bytes| {
        draft.keep(name, address, bytes);
    });
    let mut text = Text::new(&mut draft.result, TEXT);
    match flow {
        Flow::Return(errno) => {
            describe::result(function, args, errno, memory, &mut text);
            errno != Errno::Success
        }
        Flow::Exit(code) => {
            text.push("exits");
            code != 0
        }
        Flow::Limit(wasi::Limit::Output { bytes }) => {
            text.push(&super::host::output_limit_reached(bytes));
            true
        }
        Flow::Wait(_) => false,
    }
}

/// Begins the record of a call of the import at place `index`, which is not WASI's, while that is wanted. The slice has so much fuel `left`.
pub(super) fn begin(
    host: &Host,
    memory: Linear<'_>,
    (index, name): (usize, &str),
    words: &[u64],
    left: u64,
) {
    let Some(recorder) = &host.recorder else {
        return;
    };
    let mut trace = recorder.trace.borrow_mut();
    let fuel = recorder.ceiling.saturating_sub(left);
    let draft = trace.begin(host.wasi.glance(), fuel, name);
    if let (Some(hosted), Some((function, _))) = (&host.hosted, host.sockets.hosted(index)) {
        let mut text = Text::new(&mut draft.arguments, TEXT);
        return hosted
            .host
            .tell_arguments(function, words, memory, &mut text);
    }
    let (Some(signature), abi) = host.signature(index) else {
        return;
    };
    let arguments = go::received_within(signature, words, memory, abi, READ);
    let mut text = Text::new(&mut draft.arguments, TEXT);
    for (place, argument) in arguments.iter().enumerate() {
        if place > 0 {
            text.push(", ");
        }
        text.push(&argument.to_string());
    }
    // What is printed is a string, whatever the signature says.
    let mut printed = None;
    if let (Answer::PrintString, [address, length], [_, _]) =
        (host.answer(index), words, &arguments[..])
    {
        printed = Some((*address, *length));
    }
    if let Some((address, length)) = printed
        && let Some(range) = memory.range(address, length)
    {
        let string = memory.head(range.start, range.len().min(STRETCH));
        text.push(" ");
        text.quoted_of(&string, range.len());
        let address = u32::try_from(address).unwrap_or_default();
        draft.keep("string", address, &string);
    }
    for (param, argument) in signature.params.iter().zip(&arguments) {
        if let Some(address) = argument.address {
            let length = argument
                .length
                .min(u32::try_from(STRETCH).unwrap_or(u32::MAX));
            let there = memory.range(address.into(), length.into());
            let there = there.and_then(|range| memory.get(range));
            draft.keep(&param.name, address, &there.unwrap_or_default());
        }
    }
}

/// Records what the call that was begun came to. One that whoever drives the guest answers is not
/// finished: [`answered`] does that.
pub(super) fn end(host: &Host, index: usize, result: &mut Result<(), Interrupt>, results: &[u64]) {
    let Some(recorder) = &host.recorder else {
        return;
    };
    let mut trace = recorder.trace.borrow_mut();
    let failure = match result {
        Err(Interrupt::Host { entry, .. }) => {
            *entry = Some(trace.open());
            return;
        }
        Err(interrupt) => Some(interrupt.to_string()),
        Ok(()) => None,
    };
    let came = failure.as_deref().map_or(Ok(results), Err);
    came_to(trace.draft(), host, index, came);
    trace.end(host.wasi.glance(), failure.is_some());
}

/// Finishes the entry of a call of the import at place `index`: it returned these bits, or failed.
pub(super) fn answered(
    host: &Host,
    index: usize,
    entry: Option<Entry>,
    answer: Result<&[u64], &str>,
) {
    let (Some(recorder), Some(entry)) = (&host.recorder, entry) else {
        return;
    };
    let mut trace = recorder.trace.borrow_mut();
    came_to(trace.begin_again(entry), host, index, answer);
    trace.finish(entry, host.wasi.glance(), answer.is_err());
}

/// Says what a call of an import came to.
fn came_to(draft: &mut Draft, host: &Host, index: usize, came: Result<&[u64], &str>) {
    let mut text = Text::new(&mut draft.result, TEXT);
    let results = match came {
        Ok(results) => results,
        Err(failure) => return text.push(failure),
    };
    if let (Some(hosted), Some((function, _))) = (&host.hosted, host.sockets.hosted(index)) {
        return hosted.host.tell_results(function, results, &mut text);
    }
    let ty = host.signature(index).0.and_then(|it| it.result.as_ref());
    let value = ty.and_then(|ty| {
        let value = go::abi::lift_all(ty, results).ok()?;
        Some(go::value::show(&value, ty).to_string())
    });
    text.push(value.as_deref().unwrap_or("returned"));
}
