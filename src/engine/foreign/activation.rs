//! One call of one function in another engine.

use super::instance::Instance;
use super::side::{Phase, Side};
use crate::engine::activation::{HostCall, Step};
use crate::engine::host::{Interrupt, output_limit_reached};
use crate::engine::record::{self, Entry};
use crate::engine::trap::Trap;
use crate::module::{FuncType, ValType};
use crate::wasi::{self, Flow};
use std::rc::Rc;

/// The most fuel of a slice: the counter is an `i32`.
const MOST_FUEL: u32 = i32::MAX.unsigned_abs() / 2;

/// A call that has not ended.
pub struct Activation {
    number: u32,
    results: Vec<ValType>,
    state: State,
    /// The fuel of the slice under way.
    fuel: u32,
    /// What it is dropped with.
    end: Ending,
}

#[derive(Debug)]
enum State {
    New {
        export: String,
        ty: FuncType,
        args: Vec<u64>,
    },
    /// A slice is under way.
    Runs,
    OutOfFuel,
    Wasi {
        function: wasi::Function,
        args: Vec<u64>,
        wait: wasi::Wait,
        entry: Option<Entry>,
    },
    Host(HostCall, Option<Entry>),
    /// The import at this place returns these.
    Answered(usize, Vec<u64>, Option<Entry>),
}

/// Ends a call that nobody waits for any more.
struct Ending {
    number: u32,
    side: Rc<Side>,
    /// Whether it has begun, and has not come to an end.
    is_open: bool,
}

impl Drop for Ending {
    fn drop(&mut self) {
        if self.is_open {
            self.side.drops(self.number);
        }
    }
}

impl std::fmt::Debug for Activation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Activation")
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl Activation {
    pub(super) fn new(
        number: u32,
        side: &Rc<Side>,
        export: &str,
        ty: &FuncType,
        args: &[u64],
    ) -> Self {
        Self {
            number,
            results: ty.results.clone(),
            state: State::New {
                export: export.to_owned(),
                ty: ty.clone(),
                args: args.to_vec(),
            },
            fuel: 0,
            end: Ending {
                number,
                side: Rc::clone(side),
                is_open: false,
            },
        }
    }

    #[inline(never)]
    pub(in crate::engine) fn answer(&mut self, results: Vec<u64>) {
        if let State::Host(call, entry) = &self.state {
            self.state = State::Answered(call.import, results, *entry);
        }
    }

    #[inline(never)]
    pub(in crate::engine) fn fail(&self, instance: &Instance, reason: &str) {
        if let State::Host(call, entry) = &self.state {
            let host = instance.host().borrow();
            record::answered(&host, call.import, *entry, Err(reason));
        }
    }

    /// Goes on for about `fuel`, or says what has come of the slice before.
    #[inline(never)]
    pub(in crate::engine) fn step(
        mut self,
        instance: &mut Instance,
        fuel: u64,
    ) -> (Step<Self>, u64) {
        let answer = match &self.state {
            State::Runs => return self.came(instance),
            State::New { .. } | State::OutOfFuel => Vec::new(),
            _ => match self.go_on(instance) {
                Ok(answer) => answer,
                Err(Some(trap)) => return (Step::Ended(trap), 0),
                Err(None) => return (self.waits(), 0),
            },
        };
        self.fuel = u32::try_from(fuel).unwrap_or(u32::MAX).min(MOST_FUEL);
        instance.host().borrow_mut().slice_begins(self.fuel.into());
        match std::mem::replace(&mut self.state, State::Runs) {
            State::New { export, ty, args } => {
                self.end.is_open = true;
                instance.begin(self.number, &export, &ty, &args, self.fuel);
            }
            _ => instance.go_on(self.number, answer, self.fuel),
        }
        self.came(instance)
    }

    /// What the slice has come to.
    fn came(mut self, instance: &mut Instance) -> (Step<Self>, u64) {
        let Some(phase) = self.end.side.came(self.number) else {
            return (Step::Running(self), 0);
        };
        let used = self.end.side.used(self.fuel);
        let step = match phase {
            Phase::OutOfFuel => {
                self.state = State::OutOfFuel;
                // What any instruction costs.
                return (Step::OutOfFuel(self, 1), used);
            }
            Phase::Left(Interrupt::Wait {
                function,
                args,
                wait,
                entry,
            }) => {
                self.state = State::Wasi {
                    function,
                    args,
                    wait,
                    entry,
                };
                return (self.waits(), used);
            }
            Phase::Left(Interrupt::Host {
                import,
                args,
                entry,
            }) => {
                self.state = State::Host(HostCall { import, args }, entry);
                return (self.waits(), used);
            }
            Phase::Returned(results) => {
                let types = self.results.iter().copied();
                Step::Returned(types.zip(results).collect())
            }
            Phase::Ended(interrupt, failure) => {
                instance.keep(failure);
                Step::Ended(Trap::of(&interrupt))
            }
            Phase::Failed(failure) => {
                let trap = instance.trap(&failure);
                instance.keep(failure);
                Step::Ended(trap)
            }
            Phase::Left(interrupt) | Phase::Ends(interrupt) => Step::Ended(Trap::of(&interrupt)),
            Phase::Runs | Phase::Dropped => Step::Ended(Trap::said("the call is over", None)),
        };
        self.end.is_open = false;
        (step, used)
    }

    /// What it waits for.
    fn waits(self) -> Step<Self> {
        match &self.state {
            State::Wasi { wait, .. } => {
                let wait = *wait;
                Step::Waiting(self, wait)
            }
            State::Host(call, _) => {
                let call = call.clone();
                Step::Host(self, call)
            }
            _ => Step::OutOfFuel(self, 0),
        }
    }

    /// What the host call returns to the guest; one of WASI that waited is made once more. `Err(None)`: it waits still.
    fn go_on(&mut self, instance: &mut Instance) -> Result<Vec<u64>, Option<Trap>> {
        match &mut self.state {
            State::Answered(import, results, entry) => {
                let mut host = instance.host().borrow_mut();
                record::answered(&host, *import, *entry, Ok(results));
                host.call_is_over();
                Ok(std::mem::take(results))
            }
            State::Wasi {
                function,
                args,
                wait,
                entry,
            } => {
                let mut host = instance.host().borrow_mut();
                let flow = record::again(&mut host, instance.memory_mut(), *function, args, *entry);
                if !matches!(flow, Flow::Wait(_)) {
                    host.call_is_over();
                }
                match flow {
                    Flow::Return(errno) => Ok(vec![errno.raw().into()]),
                    Flow::Wait(longer) => {
                        *wait = longer;
                        Err(None)
                    }
                    Flow::Exit(code) => Err(Some(Trap::Exit(code))),
                    Flow::Limit(wasi::Limit::Output { bytes }) => {
                        Err(Some(Trap::Limit(output_limit_reached(bytes))))
                    }
                }
            }
            _ => Err(None),
        }
    }
}
