//! One call of one function, advanced slice by slice.

use super::Instance;
use super::host::Interrupt;
use super::trap::Trap;
use super::value::raw;
use crate::module::ValType;
use crate::wasi::{self, Flow};
use wasmi::{Func, ResumableCall, ResumableCallHostTrap, ResumableCallOutOfFuel, Val};

/// A call that has not ended.
#[derive(Debug)]
pub struct Activation {
    state: State,
    outputs: Vec<Val>,
}

#[derive(Debug)]
enum State {
    New {
        func: Func,
        inputs: Vec<Val>,
    },
    OutOfFuel(ResumableCallOutOfFuel),
    Waiting {
        call: ResumableCallHostTrap,
        function: wasi::Function,
        args: Vec<u64>,
    },
}

/// What a slice came to.
#[derive(Debug)]
pub enum Step {
    /// The function returned: its results, as bits.
    Returned(Vec<(ValType, u64)>),
    /// The slice is used up; it can go on. The number is the least fuel that gets it further.
    OutOfFuel(Activation, u64),
    /// The guest waits: go on when what it waits for is there.
    Waiting(Activation, wasi::Wait),
    /// It ended in the middle.
    Ended(Trap),
}

impl Activation {
    pub(super) fn new(func: Func, inputs: Vec<Val>, outputs: Vec<Val>) -> Self {
        Self {
            state: State::New { func, inputs },
            outputs,
        }
    }

    /// Goes on for at most `fuel`; says what it came to, and how much fuel was used.
    pub fn step(mut self, instance: &mut Instance, fuel: u64) -> (Step, u64) {
        let store = &mut instance.store;
        store.data_mut().spared_fuel = 0;
        if let Err(error) = store.set_fuel(fuel) {
            return (Step::Ended(Trap::new(&error, None)), 0);
        }
        let result = match self.state {
            State::New { func, ref inputs } => {
                func.call_resumable(&mut *store, inputs, &mut self.outputs)
            }
            State::OutOfFuel(call) => call.resume(&mut *store, &mut self.outputs),
            State::Waiting {
                call,
                function,
                args,
            } => {
                let flow = retry(instance, function, &args);
                match flow {
                    Flow::Return(errno) => call.resume(
                        &mut instance.store,
                        &[Val::I32(i32::from(errno.raw()))],
                        &mut self.outputs,
                    ),
                    Flow::Wait(wait) => {
                        self.state = State::Waiting {
                            call,
                            function,
                            args,
                        };
                        return (Step::Waiting(self, wait), 0);
                    }
                    Flow::Exit(code) => return (Step::Ended(Trap::Exit(code)), 0),
                    Flow::Limit(wasi::Limit::Output { bytes }) => {
                        let text = super::host::output_limit_reached(bytes);
                        return (Step::Ended(Trap::Limit(text)), 0);
                    }
                }
            }
        };
        let left = instance.store.get_fuel().unwrap_or(0);
        let spared = instance.store.data().spared_fuel;
        let used = fuel.saturating_sub(left.saturating_add(spared));
        let step = match result {
            Ok(ResumableCall::Finished) => Step::Returned(raw(&self.outputs)),
            Ok(ResumableCall::OutOfFuel(call)) => {
                let required = call.required_fuel();
                self.state = State::OutOfFuel(call);
                Step::OutOfFuel(self, required)
            }
            Ok(ResumableCall::HostTrap(call)) => suspended(call, self.outputs),
            Err(error) => Step::Ended(Trap::new(&error, instance.store.data().limiter.denied())),
        };
        (step, used)
    }
}

/// Makes the call that waited once more.
fn retry(instance: &mut Instance, function: wasi::Function, args: &[u64]) -> Flow {
    match instance.store.data().memory {
        Some(memory) => {
            let (bytes, host) = memory.data_and_store_mut(&mut instance.store);
            wasi::call(function, &mut host.wasi, bytes, args)
        }
        None => wasi::call(function, instance.wasi_mut(), &mut [], args),
    }
}

/// What a host function that did not return came to.
fn suspended(call: ResumableCallHostTrap, outputs: Vec<Val>) -> Step {
    match call.host_error().downcast_ref::<Interrupt>() {
        Some(Interrupt::Wait {
            function,
            args,
            wait,
        }) => {
            let wait = *wait;
            let state = State::Waiting {
                function: *function,
                args: args.clone(),
                call,
            };
            Step::Waiting(Activation { state, outputs }, wait)
        }
        _ => Step::Ended(Trap::new(call.host_error(), None)),
    }
}
