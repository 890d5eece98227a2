//! One call of one function in the interpreter, advanced slice by slice.

use super::data::Left as LeftBy;
use super::instance::Instance;
use super::noting::is_there;
use super::trap::trap;
use super::value::val_type;
use crate::engine::activation::{HostCall, Step};
use crate::engine::host::{Interrupt, output_limit_reached};
use crate::engine::record::{self, Entry};
use crate::engine::trap::Trap;
use crate::protocol::Held;
use crate::wasi::{self, Flow};
use std::rc::Rc;
use wasmi::{Error, Func, ResumableCall, ResumableCallHostTrap, ResumableCallOutOfFuel, Val};

/// A call that has not ended.
#[derive(Debug)]
pub struct Activation {
    state: State,
    outputs: Vec<Val>,
}

#[derive(Debug)]
enum State {
    New { func: Func, inputs: Vec<Val> },
    OutOfFuel(ResumableCallOutOfFuel),
    Suspended(Suspended),
}

/// The guest is inside a host call.
#[derive(Debug)]
struct Suspended {
    /// `None`: the host function is itself what was called, an export that is an import.
    call: Option<ResumableCallHostTrap>,
    /// That function, where it is so.
    own: Option<Func>,
    inside: Inside,
    /// The host call in the trace, if it is recorded.
    entry: Option<Entry>,
}

#[derive(Debug)]
enum Inside {
    Wasi {
        function: wasi::Function,
        args: Vec<u64>,
        wait: wasi::Wait,
    },
    Host(HostCall),
    /// The import at this place returns these.
    Answered(usize, Vec<u64>),
    /// At a line.
    Stopped,
    /// Before this import is called, with these arguments.
    Before {
        import: usize,
        args: Vec<u64>,
    },
}

impl Activation {
    pub(super) fn new(func: Func, inputs: Vec<Val>, outputs: Vec<Val>) -> Self {
        Self {
            state: State::New { func, inputs },
            outputs,
        }
    }

    /// What the import returns that the guest waits for. Ignored if it waits for none.
    pub(in crate::engine) fn answer(&mut self, results: Vec<u64>) {
        if let State::Suspended(suspended) = &mut self.state
            && let Inside::Host(call) = &suspended.inside
        {
            suspended.inside = Inside::Answered(call.import, results);
        }
    }

    /// Why the import failed that the guest waits for: it will not be gone on with.
    pub(in crate::engine) fn fail(&self, instance: &Instance, reason: &str) {
        if let State::Suspended(suspended) = &self.state
            && let Inside::Host(call) = &suspended.inside
        {
            let host = instance.store.data().host.borrow();
            record::answered(&host, call.import, suspended.entry, Err(reason));
        }
    }

    /// Whether the guest has stopped.
    pub(in crate::engine) fn is_stopped(&self) -> bool {
        matches!(&self.state, State::Suspended(suspended) if suspended.inside.held().is_some())
    }

    /// Goes on for at most `fuel`; says what it came to, and how much fuel was used.
    pub(in crate::engine) fn step(self, instance: &mut Instance, fuel: u64) -> (Step<Self>, u64) {
        let Self { state, mut outputs } = self;
        let store = &mut instance.store;
        store.data_mut().spared_fuel = 0;
        store.data().host.borrow_mut().slice_begins(fuel);
        if let Err(error) = store.set_fuel(fuel) {
            return (Step::Ended(trap(&error, store.data())), 0);
        }
        let mut own = None;
        let result = match state {
            State::New { func, inputs } => {
                own = Some(func);
                func.call_resumable(&mut *store, &inputs, &mut outputs)
            }
            State::OutOfFuel(call) => call.resume(&mut *store, &mut outputs),
            State::Suspended(mut suspended) => match suspended.go_on(instance) {
                Ok(results) => {
                    own = suspended.own;
                    resume(suspended.call, instance, &results, &mut outputs)
                }
                Err(Left::Waits) => return (suspended.step(outputs), 0),
                Err(Left::Ended(trap)) => return (Step::Ended(trap), 0),
            },
        };
        let left = instance.store.get_fuel().unwrap_or(0);
        let spared = instance.store.data().spared_fuel;
        let used = fuel.saturating_sub(left.saturating_add(spared));
        let step = match result {
            Ok(ResumableCall::Finished) => {
                instance.left(true);
                let refs = &mut instance.store.data_mut().refs;
                let outputs = outputs.iter();
                let results = outputs.map(|value| (val_type(value.ty()), refs.bits(value)));
                Step::Returned(results.collect())
            }
            Ok(ResumableCall::OutOfFuel(call)) => {
                instance.left(false);
                let required = call.required_fuel();
                let state = State::OutOfFuel(call);
                Step::OutOfFuel(Self { state, outputs }, required)
            }
            Ok(ResumableCall::HostTrap(call)) => {
                instance.left(true);
                match Inside::of(call.host_error()) {
                    Some((inside, entry)) => Suspended {
                        call: Some(call),
                        own: None,
                        inside,
                        entry,
                    }
                    .step(outputs),
                    None => Step::Ended(trap(call.host_error(), instance.store.data())),
                }
            }
            Err(error) => {
                instance.left(is_there(&error));
                match Inside::of(&error) {
                    Some((inside, entry)) => Suspended {
                        call: None,
                        own,
                        inside,
                        entry,
                    }
                    .step(outputs),
                    None => Step::Ended(instance.trap(&error)),
                }
            }
        };
        (step, used)
    }
}

/// What a host call came to that did not return.
enum Left {
    /// The guest waits still.
    Waits,
    Ended(Trap),
}

impl Inside {
    /// The host call that a host function has left the guest in, if that is how it did, and its place
    /// in the trace.
    fn of(error: &Error) -> Option<(Self, Option<Entry>)> {
        match &error.downcast_ref::<LeftBy>()?.0 {
            Interrupt::Wait {
                function,
                args,
                wait,
                entry,
            } => {
                let inside = Self::Wasi {
                    function: *function,
                    args: args.clone(),
                    wait: *wait,
                };
                Some((inside, *entry))
            }
            Interrupt::Host {
                import,
                args,
                entry,
            } => {
                let inside = Self::Host(HostCall {
                    import: *import,
                    args: args.clone(),
                });
                Some((inside, *entry))
            }
            Interrupt::Stop => Some((Self::Stopped, None)),
            Interrupt::Before { import, args } => {
                let (import, args) = (*import, args.clone());
                Some((Self::Before { import, args }, None))
            }
            _ => None,
        }
    }

    /// Where the guest has stopped, if it has.
    fn held(&self) -> Option<Held> {
        match self {
            Self::Stopped => Some(Held::Line),
            Self::Before { import, .. } => {
                Some(Held::Import(u32::try_from(*import).unwrap_or(u32::MAX)))
            }
            Self::Wasi { .. } | Self::Host(_) | Self::Answered(..) => None,
        }
    }
}

impl Suspended {
    fn step(self, outputs: Vec<Val>) -> Step<Activation> {
        let held = self.inside.held();
        let (wait, host) = match &self.inside {
            Inside::Wasi { wait, .. } => (Some(*wait), None),
            Inside::Host(host) => (None, Some(host.clone())),
            _ => (None, None),
        };
        let state = State::Suspended(self);
        let activation = Activation { state, outputs };
        match (wait, host, held) {
            (Some(wait), ..) => Step::Waiting(activation, wait),
            (_, Some(host), _) => Step::Host(activation, host),
            (.., Some(held)) => Step::Stopped(activation, held),
            (None, None, None) => Step::OutOfFuel(activation, 0),
        }
    }

    /// What the host call returns to the guest; one of WASI that waited is made once more.
    fn go_on(&mut self, instance: &mut Instance) -> Result<Vec<u64>, Left> {
        match &mut self.inside {
            Inside::Answered(import, results) => {
                let mut host = instance.store.data().host.borrow_mut();
                record::answered(&host, *import, self.entry, Ok(results));
                host.call_is_over();
                Ok(std::mem::take(results))
            }
            Inside::Host(_) => Err(Left::Waits),
            Inside::Stopped => Ok(Vec::new()),
            Inside::Before { args, .. } => {
                let args = std::mem::take(args);
                self.make(instance, &args)
            }
            Inside::Wasi {
                function,
                args,
                wait,
            } => {
                let flow = retry(instance, *function, args, self.entry);
                if !matches!(flow, Flow::Wait(_)) {
                    instance.store.data().host.borrow_mut().call_is_over();
                }
                match flow {
                    Flow::Return(errno) => Ok(vec![errno.raw().into()]),
                    Flow::Wait(longer) => {
                        *wait = longer;
                        Err(Left::Waits)
                    }
                    Flow::Exit(code) => Err(Left::Ended(Trap::Exit(code))),
                    Flow::Limit(wasi::Limit::Output { bytes }) => {
                        let text = output_limit_reached(bytes);
                        Err(Left::Ended(Trap::Limit(text)))
                    }
                }
            }
        }
    }

    /// Makes the host call that the guest has stopped before.
    fn make(&mut self, instance: &mut Instance, args: &[u64]) -> Result<Vec<u64>, Left> {
        let called = self.call.as_ref().map(ResumableCallHostTrap::host_func);
        let Some(func) = called.or(self.own) else {
            return Ok(Vec::new());
        };
        let ty = func.ty(&instance.store);
        let inputs = ty.params().iter().zip(args);
        let inputs: Vec<Val> = inputs.map(|(ty, bits)| instance.val(*ty, *bits)).collect();
        let results = ty.results().iter();
        let mut results: Vec<Val> = results.map(|ty| Val::default_for_ty(*ty)).collect();
        instance.pass();
        match func.call(&mut instance.store, &inputs, &mut results) {
            Ok(()) => {
                let refs = &mut instance.store.data_mut().refs;
                Ok(results.iter().map(|value| refs.bits(value)).collect())
            }
            Err(error) => match Inside::of(&error) {
                Some((inside, entry)) => {
                    (self.inside, self.entry) = (inside, entry);
                    Err(Left::Waits)
                }
                None => Err(Left::Ended(instance.trap(&error))),
            },
        }
    }
}

/// Returns to the guest with the results of the host call that it is in.
fn resume(
    call: Option<ResumableCallHostTrap>,
    instance: &mut Instance,
    results: &[u64],
    outputs: &mut [Val],
) -> Result<ResumableCall, Error> {
    match call {
        Some(call) => {
            let ty = call.host_func().ty(&instance.store);
            let results = ty.results().iter().zip(results);
            let results: Vec<Val> = results.map(|(ty, bits)| instance.val(*ty, *bits)).collect();
            call.resume(&mut instance.store, &results, outputs)
        }
        None => {
            for (output, bits) in outputs.iter_mut().zip(results) {
                *output = instance.val(output.ty(), *bits);
            }
            Ok(ResumableCall::Finished)
        }
    }
}

/// Makes the call that waited once more.
fn retry(
    instance: &mut Instance,
    function: wasi::Function,
    args: &[u64],
    entry: Option<Entry>,
) -> Flow {
    let host = Rc::clone(&instance.store.data().host);
    record::again(
        &mut host.borrow_mut(),
        instance.memory_mut(),
        function,
        args,
        entry,
    )
}
