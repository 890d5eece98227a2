//! What the imports that are not WASI's do when they are called.

use super::debugger::stops_before;
use super::host::{Host, Interrupt, end_slice_on_flood};
use super::value::{number_bits, val};
use super::{record, timing};
use crate::amount::amount;
use crate::go::{self, Abi, Signature};
use crate::module::ExternType;
use crate::protocol::{Answer, Provision};
use wasmi::{Caller, Error, F32, F64, Func, FuncType, Store, Val, ValType};

/// What an import of a module is plugged into.
#[derive(Clone, Debug)]
pub struct Socket {
    /// Its type.
    pub ty: ExternType,
    /// How it is answered; `None`: by WASI, or it is no function.
    pub answer: Option<Answer>,
    /// Its signature: what its arguments are printed by.
    pub signature: Option<Signature>,
    /// What stands in for it if it is no function; `None`: [`Provision::usual`].
    pub provision: Option<Provision>,
}

/// The function for the import at place `index`, which messages call `name`; `mismatch` is why WASI does
/// not serve it, if it has the name of one of WASI's.
pub(super) fn func(
    store: &mut Store<Host>,
    index: usize,
    name: String,
    mismatch: Option<String>,
    ty: FuncType,
) -> Func {
    let results: Vec<ValType> = ty.results().to_vec();
    Func::new(
        store,
        ty,
        move |mut caller: Caller<'_, Host>, inputs: &[Val], outputs: &mut [Val]| {
            stop_before(&mut caller, index, inputs)?;
            for (output, ty) in outputs.iter_mut().zip(&results) {
                *output = Val::default_for_ty(*ty);
            }
            let began = timing::begin(&caller);
            record::begin(&mut caller, index, &name, inputs);
            let mut result = answer(&mut caller, index, &name, inputs, outputs);
            if let (Answer::Nothing, Err(Interrupt::Trap(text)), Some(mismatch)) =
                (caller.data().answer(index), &mut result, &mismatch)
            {
                *text = format!("{text}: {mismatch}");
            }
            record::end(&mut caller, index, &mut result, outputs);
            let waits = matches!(result, Err(Interrupt::Host { .. }));
            timing::end(&mut caller, index, began, waits);
            result.map_err(Error::host)
        },
    )
}

/// Leaves the guest where it is to stop before it calls the import at place `index`.
pub(super) fn stop_before(
    caller: &mut Caller<'_, Host>,
    index: usize,
    inputs: &[Val],
) -> Result<(), Error> {
    if !stops_before(caller, index) {
        return Ok(());
    }
    let refs = &mut caller.data_mut().refs;
    Err(Error::host(Interrupt::Before {
        import: index,
        args: inputs.iter().map(|value| refs.bits(value)).collect(),
    }))
}

/// Answers one call; `outputs` are zero, and stay so unless the answer says something else.
fn answer(
    caller: &mut Caller<'_, Host>,
    index: usize,
    name: &str,
    inputs: &[Val],
    outputs: &mut [Val],
) -> Result<(), Interrupt> {
    let called = caller.data_mut().count_call(index);
    let trap = |text: String| Err(Interrupt::Trap(text));
    match caller.data().answer(index) {
        Answer::PrintString => print_string(caller, name, inputs),
        Answer::PrintArguments => print_arguments(caller, index, name, inputs),
        Answer::ReturnZero => Ok(()),
        Answer::Constant(results) => {
            for (output, bits) in outputs.iter_mut().zip(results) {
                *output = val(output.ty(), *bits);
            }
            Ok(())
        }
        Answer::Echo(place) => match inputs.get(*place as usize) {
            Some(input) => {
                set(outputs, |_| input.clone());
                Ok(())
            }
            None => trap(format!("import {name} has no argument {place}")),
        },
        Answer::Count => {
            set(outputs, |ty| number(ty, called));
            Ok(())
        }
        Answer::Trap => trap(format!("import {name} is set to trap (Imports)")),
        Answer::Script(_) | Answer::Driver => {
            let refs = &mut caller.data_mut().refs;
            Err(Interrupt::Host {
                import: index,
                args: inputs.iter().map(|value| refs.bits(value)).collect(),
                entry: None,
            })
        }
        Answer::Nothing => trap(format!(
            "import {name} was called, and has no answer (Imports)"
        )),
    }
}

/// Sets the one result.
fn set(outputs: &mut [Val], value: impl FnOnce(ValType) -> Val) {
    if let [output] = outputs {
        *output = value(output.ty());
    }
}

/// A count as a number of the type.
#[expect(
    clippy::cast_precision_loss,
    reason = "calls are not counted that far, and a float has no more"
)]
fn number(ty: ValType, count: u64) -> Val {
    match ty {
        ValType::F32 => Val::F32(F32::from_bits((count as f32).to_bits())),
        ValType::F64 => Val::F64(F64::from_bits((count as f64).to_bits())),
        ty => val(ty, count),
    }
}

/// Prints the string that `(ptr, len)` points at.
fn print_string(
    caller: &mut Caller<'_, Host>,
    name: &str,
    inputs: &[Val],
) -> Result<(), Interrupt> {
    let (ptr, len) = match inputs {
        [ptr, len] => (address(ptr), address(len)),
        _ => return Err(Interrupt::Trap(format!("import {name} takes no string"))),
    };
    let Some(memory) = caller.data().memory else {
        return Err(Interrupt::Trap(format!(
            "import {name} cannot print: the guest exports no memory"
        )));
    };
    let (bytes, host) = memory.data_and_store_mut(&mut *caller);
    let string = ptr.checked_add(len).and_then(|end| bytes.get(ptr..end));
    let size = bytes.len();
    match string {
        Some(string) => host.print(string)?,
        None => {
            return Err(Interrupt::Trap(format!(
                "import {name} was given a string at {ptr:#x} of {}, \
                 outside the guest's memory of {size} bytes",
                amount(len as u64, "byte")
            )));
        }
    }
    end_slice_on_flood(caller);
    Ok(())
}

/// Prints the call, a line, as Go would write it.
fn print_arguments(
    caller: &mut Caller<'_, Host>,
    index: usize,
    name: &str,
    inputs: &[Val],
) -> Result<(), Interrupt> {
    let refs = &mut caller.data_mut().refs;
    let words: Vec<u64> = inputs.iter().map(|value| refs.bits(value)).collect();
    let memory = caller.data().memory;
    let bytes = memory.map_or(&[][..], |memory| memory.data(&*caller));
    let (signature, abi) = caller.data().signature(index);
    let arguments = signature.map(|signature| go::received(signature, &words, bytes.into(), abi));
    let arguments = go::show_received(&arguments.unwrap_or_default());
    let line = format!("{name}({arguments})\n");
    caller.data_mut().print(line.as_bytes())?;
    end_slice_on_flood(caller);
    Ok(())
}

/// An address or a length in linear memory; one that does not fit lies outside any.
fn address(value: &Val) -> usize {
    usize::try_from(number_bits(value)).unwrap_or(usize::MAX)
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

    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut Socket> {
        self.sockets.get_mut(index)
    }

    /// The places of the imports in the order in which wasmi has them: functions, tables, memories,
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

    pub(super) fn abi(&self) -> Abi {
        self.abi
    }
}
