//! What the imports that are not WASI's do when they are called.

use super::call::Callee;
use super::host::{Host, Interrupt};
use crate::amount::amount;
use crate::go::{self, Abi, Signature};
use crate::hosts::FunctionId;
use crate::linear::Linear;
use crate::module::{ExternType, FuncType, ValType};
use crate::protocol::{Answer, Provision};

/// What an import of a module is plugged into.
#[derive(Clone, Debug)]
pub struct Socket {
    /// Its type.
    pub ty: ExternType,
    /// What is called, if it is a function.
    pub callee: Callee,
    /// How it is answered; `None`: by WASI, or it is no function.
    pub answer: Option<Answer>,
    /// Its signature: what its arguments are printed by.
    pub signature: Option<Signature>,
    /// What stands in for it if it is no function; `None`: [`Provision::usual`].
    pub provision: Option<Provision>,
}

/// Answers a call of the import at place `index`, which messages call `name`; `results` are zero, and stay so unless the answer says
/// something else.
pub(super) fn answer(
    host: &mut Host,
    memory: Linear<'_>,
    (index, name): (usize, &str),
    args: &[u64],
    results: &mut [u64],
) -> Result<(), Interrupt> {
    let called = host.sockets.count(index);
    let trap = |text: String| Err(Interrupt::Trap(text));
    match host.answer(index) {
        Answer::PrintString => print_string(host, memory, name, args),
        Answer::PrintArguments => print_arguments(host, memory, (index, name), args),
        Answer::ReturnZero => Ok(()),
        Answer::Constant(constant) => {
            for (result, bits) in results.iter_mut().zip(constant) {
                *result = *bits;
            }
            Ok(())
        }
        Answer::Echo(place) => match args.get(*place as usize) {
            Some(bits) => {
                set(results, *bits);
                Ok(())
            }
            None => trap(format!("import {name} has no argument {place}")),
        },
        Answer::Count => {
            let ty = host.sockets.result(index);
            set(results, number(ty, called));
            Ok(())
        }
        Answer::Trap => trap(format!("import {name} is set to trap (Imports)")),
        Answer::Script(_) | Answer::Driver => Err(Interrupt::Host {
            import: index,
            args: args.to_vec(),
            entry: None,
        }),
        Answer::Nothing => trap(format!(
            "import {name} was called, and has no answer (Imports)"
        )),
    }
}

/// Sets the one result.
fn set(results: &mut [u64], bits: u64) {
    if let [result] = results {
        *result = bits;
    }
}

/// A count as the bits of a number of the type.
#[expect(
    clippy::cast_precision_loss,
    reason = "calls are not counted that far, and a float has no more"
)]
fn number(ty: Option<ValType>, count: u64) -> u64 {
    match ty {
        Some(ValType::F32) => (count as f32).to_bits().into(),
        Some(ValType::F64) => (count as f64).to_bits(),
        Some(ValType::I32) => count & u64::from(u32::MAX),
        Some(ValType::I64) => count,
        _ => 0,
    }
}

/// Prints the string that `(ptr, len)` points at.
fn print_string(
    host: &mut Host,
    memory: Linear<'_>,
    name: &str,
    args: &[u64],
) -> Result<(), Interrupt> {
    let (ptr, len) = match args {
        [ptr, len] => (address(*ptr), address(*len)),
        _ => return Err(Interrupt::Trap(format!("import {name} takes no string"))),
    };
    let end = ptr.checked_add(len);
    match end.and_then(|end| memory.get(ptr..end)) {
        Some(string) => host.print(&string),
        None if memory.size() == 0 => Err(Interrupt::Trap(format!(
            "import {name} cannot print: the guest exports no memory"
        ))),
        None => Err(Interrupt::Trap(format!(
            "import {name} was given a string at {ptr:#x} of {}, \
             outside the guest's memory of {} bytes",
            amount(len as u64, "byte"),
            memory.size()
        ))),
    }
}

/// Prints the call, a line, as Go would write it.
fn print_arguments(
    host: &mut Host,
    memory: Linear<'_>,
    (index, name): (usize, &str),
    args: &[u64],
) -> Result<(), Interrupt> {
    let (signature, abi) = host.signature(index);
    let arguments = signature.map(|signature| go::received(signature, args, memory, abi));
    let arguments = go::show_received(&arguments.unwrap_or_default());
    host.print(format!("{name}({arguments})\n").as_bytes())
}

/// An address or a length in linear memory; one that does not fit lies outside any.
fn address(bits: u64) -> usize {
    usize::try_from(bits).unwrap_or(usize::MAX)
}

/// How the imports of an instance are answered, and how often each has been called.
pub(super) struct Sockets {
    sockets: Vec<Socket>,
    called: Vec<u64>,
    abi: Abi,
}

impl Sockets {
    pub(super) fn new(sockets: Vec<Socket>, abi: Abi) -> Self {
        Self {
            called: vec![0; sockets.len()],
            sockets,
            abi,
        }
    }

    /// Counts a call of the import at place `index`: says how many that makes.
    pub(super) fn count(&mut self, index: usize) -> u64 {
        self.called.get_mut(index).map_or(0, |called| {
            *called += 1;
            *called
        })
    }

    /// How often each import has been called.
    pub(super) fn called(&self) -> &[u64] {
        &self.called
    }

    pub(super) fn get(&self, index: usize) -> Option<&Socket> {
        self.sockets.get(index)
    }

    /// The functions among them, in their order, with their places and types.
    pub(super) fn functions(&self) -> impl Iterator<Item = (usize, &Socket, &FuncType)> {
        let sockets = self.sockets.iter().enumerate();
        sockets.filter_map(|(place, socket)| Some((place, socket, socket.ty.func()?)))
    }

    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut Socket> {
        self.sockets.get_mut(index)
    }

    /// The places of the imports in the order in which the interpreter has them: functions, tables, memories,
    /// globals.
    pub(super) fn engine_order(&self) -> Vec<usize> {
        let kind = |place: usize| match self.get(place).map(|socket| &socket.ty) {
            Some(ExternType::Func(_)) => 0,
            Some(ExternType::Table(..)) => 1,
            Some(ExternType::Memory(_)) => 2,
            Some(ExternType::Global(..) | ExternType::Tag) | None => 3,
        };
        let places = |of: u8| (0..self.sockets.len()).filter(move |place| kind(*place) == of);
        (0..4).flat_map(places).collect()
    }

    /// The function of the framework's host that answers the import at place `index`, and how many results it has.
    pub(super) fn hosted(&self, index: usize) -> Option<(FunctionId, usize)> {
        let socket = self.get(index)?;
        match &socket.callee {
            Callee::Hosted { function, .. } => Some((*function, socket.ty.func()?.results.len())),
            _ => None,
        }
    }

    /// The type of the first result of the import at place `index`.
    fn result(&self, index: usize) -> Option<ValType> {
        let ty = self.get(index)?.ty.func()?;
        ty.results.first().copied()
    }

    pub(super) fn abi(&self) -> Abi {
        self.abi
    }
}
