//! An extern for each import of a module: WASI's functions, answers, and defaults.

use super::host::{Host, Interrupt, end_slice_on_flood, memory};
use super::instance::InstantiateError;
use crate::module::{self, WASI};
use crate::protocol::Answer;
use crate::wasi::{self, Flow, Function};
use wasmi::{
    Caller, Error, Extern, ExternType, Func, FuncType, Global, ImportType, Memory, Ref, Store,
    Table, Val, ValType,
};

/// The extern for the import at place `index`.
pub(super) fn link(
    store: &mut Store<Host>,
    index: usize,
    import: &ImportType<'_>,
) -> Result<Extern, InstantiateError> {
    let refuse = |reason: String| InstantiateError::Import {
        module: import.module().to_owned(),
        name: import.name().to_owned(),
        reason,
    };
    Ok(match import.ty() {
        ExternType::Func(ty) => {
            let wasi = (import.module() == WASI)
                .then(|| Function::from_name(import.name()))
                .flatten();
            match wasi {
                Some(function) if *ty == wasi_type(function) => {
                    Extern::Func(wasi_func(store, function))
                }
                Some(function) => {
                    return Err(refuse(format!(
                        "WASI's has the type {}",
                        module_type(&wasi_type(function))
                    )));
                }
                None => {
                    let name = format!("{}.{}", import.module(), import.name());
                    Extern::Func(answered_func(store, index, name, ty.clone()))
                }
            }
        }
        ExternType::Memory(ty) => {
            let memory =
                Memory::new(&mut *store, *ty).map_err(|error| refuse(error.to_string()))?;
            store.data_mut().memory.get_or_insert(memory);
            Extern::Memory(memory)
        }
        ExternType::Table(ty) => {
            let null = Ref::default_for_ty(ty.element());
            let table =
                Table::new(&mut *store, *ty, null).map_err(|error| refuse(error.to_string()))?;
            Extern::Table(table)
        }
        ExternType::Global(ty) => {
            let zero = Val::default_for_ty(ty.content());
            Extern::Global(Global::new(&mut *store, zero, ty.mutability()))
        }
    })
}

/// The Wasm type of a function of WASI.
fn wasi_type(function: Function) -> FuncType {
    let params = function.params().iter().map(|ty| match ty {
        wasi::ValType::I32 => ValType::I32,
        wasi::ValType::I64 => ValType::I64,
    });
    let results = function.returns_errno().then_some(ValType::I32);
    FuncType::new(params, results)
}

fn wasi_func(store: &mut Store<Host>, function: Function) -> Func {
    Func::new(
        store,
        wasi_type(function),
        move |mut caller: Caller<'_, Host>, inputs: &[Val], outputs: &mut [Val]| {
            let mut args = [0; 16];
            for (arg, input) in args.iter_mut().zip(inputs) {
                *arg = bits(input);
            }
            let args = args.get(..inputs.len()).unwrap_or_default();
            let flow = match memory(&mut caller) {
                Some(memory) => {
                    let (bytes, host) = memory.data_and_store_mut(&mut caller);
                    wasi::call(function, &mut host.wasi, bytes, args)
                }
                None => wasi::call(function, &mut caller.data_mut().wasi, &mut [], args),
            };
            end_slice_on_flood(&mut caller);
            match flow {
                Flow::Return(errno) => {
                    if let Some(output) = outputs.first_mut() {
                        *output = Val::I32(i32::from(errno.raw()));
                    }
                    Ok(())
                }
                flow => Err(Error::host(interrupt(function, args, flow))),
            }
        },
    )
}

/// How a call of WASI that does not return leaves the guest.
fn interrupt(function: Function, args: &[u64], flow: Flow) -> Interrupt {
    match flow {
        Flow::Exit(code) => Interrupt::Exit(code),
        Flow::Wait(wait) => Interrupt::Wait {
            function,
            args: args.to_vec(),
            wait,
        },
        Flow::Limit(wasi::Limit::Output { bytes }) => {
            Interrupt::Limit(super::host::output_limit_reached(bytes))
        }
        Flow::Return(errno) => Interrupt::Trap(format!("{}: {}", function.name(), errno.name())),
    }
}

fn answered_func(store: &mut Store<Host>, index: usize, name: String, ty: FuncType) -> Func {
    let results: Vec<ValType> = ty.results().to_vec();
    Func::new(
        store,
        ty,
        move |mut caller: Caller<'_, Host>, inputs: &[Val], outputs: &mut [Val]| {
            let answer = caller.data().answers.get(index).cloned().flatten();
            match answer.unwrap_or(Answer::Nothing) {
                Answer::PrintString => {
                    print_string(&mut caller, &name, inputs).map_err(Error::host)?;
                    end_slice_on_flood(&mut caller);
                }
                Answer::ReturnZero => {}
                Answer::Trap => {
                    let text = format!("import {name} is set to trap (Imports)");
                    return Err(Error::host(Interrupt::Trap(text)));
                }
                _ => {
                    let text = format!("import {name} was called, and has no answer (Imports)");
                    return Err(Error::host(Interrupt::Trap(text)));
                }
            }
            for (output, ty) in outputs.iter_mut().zip(&results) {
                *output = Val::default_for_ty(*ty);
            }
            Ok(())
        },
    )
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
    let Some(memory) = memory(caller) else {
        return Err(Interrupt::Trap(format!(
            "import {name} cannot print: the guest exports no memory"
        )));
    };
    let (bytes, host) = memory.data_and_store_mut(&mut *caller);
    let string = ptr.checked_add(len).and_then(|end| bytes.get(ptr..end));
    let size = bytes.len();
    match string {
        Some(string) => host.print(string),
        None => Err(Interrupt::Trap(format!(
            "import {name} was given a string at {ptr:#x} of {len} bytes, \
             outside the guest's memory of {size} bytes"
        ))),
    }
}

/// An address or a length in linear memory; one that does not fit lies outside any.
fn address(value: &Val) -> usize {
    usize::try_from(bits(value)).unwrap_or(usize::MAX)
}

/// The bits of a value, zero-extended; those of a reference or a vector are zero.
#[expect(clippy::cast_sign_loss, reason = "the bits are what is wanted")]
pub(super) fn bits(value: &Val) -> u64 {
    match value {
        Val::I32(value) => u64::from(*value as u32),
        Val::I64(value) => *value as u64,
        Val::F32(value) => u64::from(value.to_bits()),
        Val::F64(value) => value.to_bits(),
        Val::V128(_) | Val::FuncRef(_) | Val::ExternRef(_) => 0,
    }
}

/// A type of wasmi's as this crate has it.
pub(super) fn val_type(ty: ValType) -> module::ValType {
    match ty {
        ValType::I32 => module::ValType::I32,
        ValType::I64 => module::ValType::I64,
        ValType::F32 => module::ValType::F32,
        ValType::F64 => module::ValType::F64,
        ValType::V128 => module::ValType::V128,
        ValType::FuncRef => module::ValType::FuncRef,
        ValType::ExternRef => module::ValType::ExternRef,
    }
}

fn module_type(ty: &FuncType) -> module::FuncType {
    module::FuncType {
        params: ty.params().iter().copied().map(val_type).collect(),
        results: ty.results().iter().copied().map(val_type).collect(),
    }
}
