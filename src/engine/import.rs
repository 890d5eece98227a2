//! An extern for each import of a module: WASI's functions, answers, and defaults.

use super::host::{Host, Interrupt, end_slice_on_flood};
use super::instance::InstantiateError;
use super::record::{self, Entry};
use super::value::{func_type, number_bits, val};
use super::{answer, timing, trap};
use crate::linear::LinearMut;
use crate::module::{ExternType as Type, mismatch};
use crate::protocol::Provision;
use crate::wasi::{self, Flow, Function};
use wasmi::{
    Caller, Error, Extern, ExternType, Func, FuncType, Global, ImportType, Memory, MemoryType, Ref,
    Store, Table, TableType, Val, ValType,
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
    let provision = store
        .data()
        .sockets
        .get(index)
        .and_then(|socket| socket.provision);
    Ok(match import.ty() {
        ExternType::Func(ty) => {
            let (module, name) = (import.module(), import.name());
            match Function::of_import(module, name) {
                Some(function) if *ty == wasi_type(function) => {
                    Extern::Func(wasi_func(store, index, function))
                }
                _ => {
                    let mismatch = mismatch(module, name, &Type::Func(func_type(ty)));
                    let name = format!("{module}.{name}");
                    Extern::Func(answer::func(store, index, name, mismatch, ty.clone()))
                }
            }
        }
        ExternType::Memory(ty) => {
            let ty = match provision {
                Some(Provision::Memory(pages)) => with_pages(*ty, pages).map_err(&refuse)?,
                _ => *ty,
            };
            let memory = Memory::new(&mut *store, ty);
            let memory = memory.map_err(|error| refuse(no_room(store, &error)))?;
            store.data_mut().memory.get_or_insert(memory);
            Extern::Memory(memory)
        }
        ExternType::Table(ty) => {
            let null = Ref::default_for_ty(ty.element());
            let ty = match provision {
                Some(Provision::Table(elements)) => {
                    with_elements(*ty, elements).map_err(&refuse)?
                }
                _ => *ty,
            };
            let table = Table::new(&mut *store, ty, null);
            let table = table.map_err(|error| refuse(no_room(store, &error)))?;
            Extern::Table(table)
        }
        ExternType::Global(ty) => {
            let value = match provision {
                Some(Provision::Global(bits)) => val(ty.content(), bits),
                _ => Val::default_for_ty(ty.content()),
            };
            let global = Global::new(&mut *store, value, ty.mutability());
            let name = format!("{}.{}", import.module(), import.name());
            store.data_mut().globals.push((name, global));
            Extern::Global(global)
        }
    })
}

/// Why there is no such memory or table.
fn no_room(store: &Store<Host>, error: &Error) -> String {
    match store.data().limiter.denied() {
        Some(denied) => denied.to_owned(),
        None => trap::uninstantiated(error),
    }
}

/// The type of a memory that begins with so many pages; the text says why there is none.
fn with_pages(ty: MemoryType, pages: u64) -> Result<MemoryType, String> {
    let mut builder = MemoryType::builder();
    builder.memory64(ty.is_64()).min(pages).max(ty.maximum());
    let too_many = |_| format!("it cannot begin with {pages} pages");
    builder.build().map_err(too_many)
}

/// The type of a table that begins with so many elements; the text says why there is none.
fn with_elements(ty: TableType, elements: u64) -> Result<TableType, String> {
    let too_many = |_| format!("it cannot begin with {elements} elements");
    let maximum = ty.maximum().map(u32::try_from).transpose();
    let elements = u32::try_from(elements).map_err(too_many)?;
    Ok(TableType::new(
        ty.element(),
        elements,
        maximum.map_err(too_many)?,
    ))
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

fn wasi_func(store: &mut Store<Host>, index: usize, function: Function) -> Func {
    Func::new(
        store,
        wasi_type(function),
        move |mut caller: Caller<'_, Host>, inputs: &[Val], outputs: &mut [Val]| {
            answer::stop_before(&mut caller, index, inputs)?;
            let began = timing::begin(&caller);
            caller.data_mut().count_call(index);
            let mut args = [0; 16];
            for (arg, input) in args.iter_mut().zip(inputs) {
                *arg = number_bits(input);
            }
            let args = args.get(..inputs.len()).unwrap_or_default();
            let memory = caller.data().memory;
            let (flow, entry) = if caller.data().recorder.is_some() {
                record::wasi(&mut caller, memory, function, args)
            } else {
                (unrecorded(&mut caller, memory, function, args), None)
            };
            timing::end(&mut caller, index, began, matches!(flow, Flow::Wait(_)));
            end_slice_on_flood(&mut caller);
            match flow {
                Flow::Return(errno) => {
                    if let Some(output) = outputs.first_mut() {
                        *output = Val::I32(i32::from(errno.raw()));
                    }
                    Ok(())
                }
                flow => Err(Error::host(interrupt(function, args, flow, entry))),
            }
        },
    )
}

/// Makes a call of WASI.
fn unrecorded(
    caller: &mut Caller<'_, Host>,
    memory: Option<Memory>,
    function: Function,
    args: &[u64],
) -> Flow {
    match memory {
        Some(memory) => {
            let (bytes, host) = memory.data_and_store_mut(caller);
            wasi::call(function, &mut host.wasi, bytes.into(), args)
        }
        None => {
            let nothing = LinearMut::Here(&mut []);
            wasi::call(function, &mut caller.data_mut().wasi, nothing, args)
        }
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
        Flow::Limit(wasi::Limit::Output { bytes }) => {
            Interrupt::Limit(super::host::output_limit_reached(bytes))
        }
        Flow::Return(errno) => Interrupt::Trap(format!("{}: {}", function.name(), errno.name())),
    }
}
