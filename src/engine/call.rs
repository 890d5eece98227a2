//! A call of an import, whatever engine its guest runs in.

use super::answer;
use super::host::{Host, Interrupt, output_limit_reached};
use super::hosted;
use super::record::{self, Entry};
use crate::hosts::{FunctionId, Kind, Served};
use crate::linear::LinearMut;
use crate::module::Import;
use crate::wasi::{self, Flow, Function};

/// What is called as an import.
#[derive(Clone, Debug)]
pub enum Callee {
    /// A function of WASI.
    Wasi(Function),
    /// A function of the framework's host.
    Hosted {
        /// How messages call it.
        name: String,
        /// Which.
        function: FunctionId,
    },
    /// What has an answer.
    Answered {
        /// How messages call it.
        name: String,
        /// Why neither WASI nor the host serves it, if it has the name of one of their functions.
        mismatch: Option<String>,
    },
}

impl Callee {
    /// That of an import, where the host is this one.
    #[must_use]
    pub fn of(import: &Import, host: Option<Kind>) -> Self {
        if let Some(function) = Function::of_import(&import.module, &import.name)
            && import.is_wasi()
        {
            return Self::Wasi(function);
        }
        let name = format!("{}.{}", import.module, import.name);
        let mismatch = match host.and_then(|host| host.serves(import)) {
            Some(Served::By(function)) => return Self::Hosted { name, function },
            Some(Served::Mismatch(mismatch)) => Some(mismatch),
            None => import.mismatch(),
        };
        Self::Answered { name, mismatch }
    }

    /// A call of the import at place `index`, in a slice that has so much fuel `left`; `results` are zero before.
    pub(super) fn call(
        &self,
        host: &mut Host,
        memory: LinearMut<'_>,
        index: usize,
        args: &[u64],
        results: &mut [u64],
        left: u64,
    ) -> Result<(), Interrupt> {
        let (name, mismatch) = match self {
            Self::Wasi(function) => {
                host.sockets.count(index);
                let (flow, entry) = record::wasi(host, memory, *function, args, left);
                let Flow::Return(errno) = flow else {
                    return Err(interrupt(*function, args, flow, entry));
                };
                if let Some(result) = results.first_mut() {
                    *result = errno.raw().into();
                }
                return Ok(());
            }
            Self::Hosted { name, function } => {
                let called = (index, name.as_str(), *function);
                return hosted::call(host, memory, called, args, results, left);
            }
            Self::Answered { name, mismatch } => (name.as_str(), mismatch),
        };
        let memory = memory.view();
        record::begin(host, memory, (index, name), args, left);
        let mut result = answer::answer(host, memory, (index, name), args, results);
        if let (Some(mismatch), Err(Interrupt::Trap(text))) = (mismatch, &mut result)
            && host.has_no_answer(index)
        {
            *text = format!("{text}: {mismatch}");
        }
        record::end(host, index, &mut result, results);
        result
    }
}

/// How a call of WASI that does not return leaves the guest.
fn interrupt(function: Function, args: &[u64], flow: Flow, entry: Option<Entry>) -> Interrupt {
    match flow {
        Flow::Exit(code) => Interrupt::Exit(code),
        Flow::Wait(wait) => Interrupt::Wait {
            function,
            args: args.to_vec(),
            wait,
            entry,
        },
        Flow::Limit(wasi::Limit::Output { bytes }) => Interrupt::Limit(output_limit_reached(bytes)),
        Flow::Return(errno) => Interrupt::Trap(format!("{}: {}", function.name(), errno.name())),
    }
}
