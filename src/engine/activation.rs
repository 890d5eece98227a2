//! One call of one function, advanced slice by slice.

use super::instance::Guest;
use super::{Instance, Trap, foreign, interpreter};
use crate::module::ValType;
use crate::protocol::Held;
use crate::wasi;

/// A call that has not ended.
#[derive(Debug)]
pub enum Activation {
    /// In the interpreter.
    Interpreted(interpreter::Activation),
    /// In another engine.
    Foreign(foreign::Activation),
}

/// A call of an import that whoever drives the guest answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostCall {
    /// The place of the import.
    pub import: usize,
    /// The arguments, as bits.
    pub args: Vec<u64>,
}

/// What a slice came to.
#[derive(Debug)]
pub enum Step<A = Activation> {
    /// The function returned: its results, as bits.
    Returned(Vec<(ValType, u64)>),
    /// The slice is used up; it can go on. The number is the least fuel that gets it further.
    OutOfFuel(A, u64),
    /// The guest waits: go on when what it waits for is there.
    Waiting(A, wasi::Wait),
    /// The guest waits for the results of an import: go on after [`Activation::answer`].
    Host(A, HostCall),
    /// It runs outside of this program: go on when whoever drives that has been woken.
    Running(A),
    /// The guest has stopped.
    Stopped(A, Held),
    /// It ended in the middle.
    Ended(Trap),
}

impl<A> Step<A> {
    /// The same of what an activation is made of, or makes.
    pub(super) fn map<B>(self, make: impl FnOnce(A) -> B) -> Step<B> {
        match self {
            Self::Returned(results) => Step::Returned(results),
            Self::OutOfFuel(call, required) => Step::OutOfFuel(make(call), required),
            Self::Waiting(call, wait) => Step::Waiting(make(call), wait),
            Self::Host(call, host) => Step::Host(make(call), host),
            Self::Running(call) => Step::Running(make(call)),
            Self::Stopped(call, held) => Step::Stopped(make(call), held),
            Self::Ended(trap) => Step::Ended(trap),
        }
    }
}

impl Activation {
    /// What the import returns that the guest waits for. Ignored if it waits for none.
    pub fn answer(&mut self, results: Vec<u64>) {
        match self {
            Self::Interpreted(call) => call.answer(results),
            Self::Foreign(call) => call.answer(results),
        }
    }

    /// Why the import failed that the guest waits for: it will not be gone on with.
    pub fn fail(&self, instance: &Instance, reason: &str) {
        match (self, &instance.guest) {
            (Self::Interpreted(call), Guest::Interpreted(guest)) => call.fail(guest, reason),
            (Self::Foreign(call), Guest::Foreign(guest)) => call.fail(guest, reason),
            _ => {}
        }
    }

    /// Whether the guest has stopped.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        matches!(self, Self::Interpreted(call) if call.is_stopped())
    }

    /// Goes on for at most `fuel`; says what it came to, and how much fuel was used. It is a call of this instance.
    pub fn step(self, instance: &mut Instance, fuel: u64) -> (Step, u64) {
        match (self, &mut instance.guest) {
            (Self::Interpreted(call), Guest::Interpreted(guest)) => {
                let (step, used) = call.step(guest, fuel);
                (step.map(Self::Interpreted), used)
            }
            (Self::Foreign(call), Guest::Foreign(guest)) => {
                let (step, used) = call.step(guest, fuel);
                (step.map(Self::Foreign), used)
            }
            _ => {
                let text = "the call is of another instance";
                (Step::Ended(Trap::said(text, None)), 0)
            }
        }
    }
}
