//! An extern for each import of a module: WASI's functions, answers, and defaults.

use super::data::{Data, Left, end_slice};
use super::debugger::stops_before;
use super::noting::Noting;
use super::stack::stack;
use super::trap;
use super::value::val;
use crate::engine::InstantiateError;
use crate::engine::host::Interrupt;
use crate::engine::words::Words;
use crate::protocol::{Provision, Stack};
use std::rc::Rc;
use wasmi::{
    Caller, Error, Extern, ExternType, Func, FuncType, Global, ImportType, Memory, MemoryType, Ref,
    Store, Table, TableType, Val,
};

/// The extern for the import at place `index`.
pub(super) fn link(
    store: &mut Store<Data>,
    index: usize,
    import: &ImportType<'_>,
) -> Result<Extern, InstantiateError> {
    let refuse = |reason: String| InstantiateError::Import {
        module: import.module().to_owned(),
        name: import.name().to_owned(),
        reason,
    };
    let host = Rc::clone(&store.data().host);
    let provision = host
        .borrow()
        .sockets
        .get(index)
        .and_then(|socket| socket.provision);
    Ok(match import.ty() {
        ExternType::Func(ty) => Extern::Func(func(store, index, ty.clone())),
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
fn no_room(store: &Store<Data>, error: &Error) -> String {
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

/// The function for the import at place `index`.
fn func(store: &mut Store<Data>, index: usize, ty: FuncType) -> Func {
    let host = store.data().host.borrow();
    let callee = host.sockets.get(index).map(|socket| socket.callee.clone());
    drop(host);
    let results = ty.results().len();
    Func::new(
        store,
        ty,
        move |mut caller: Caller<'_, Data>, inputs: &[Val], outputs: &mut [Val]| {
            stop_before(&mut caller, index, inputs)?;
            let Some(callee) = &callee else {
                return Ok(());
            };
            let host = Rc::clone(&caller.data().host);
            let (mut args, mut came) = (Words::new(inputs.len()), Words::new(results));
            let refs = &mut caller.data_mut().refs;
            for (arg, input) in args.get().iter_mut().zip(inputs) {
                *arg = refs.bits(input);
            }
            let (is_recorded, began) = {
                let host = host.borrow();
                (host.recorder.is_some(), host.call_time())
            };
            let left = match is_recorded {
                true => caller.get_fuel().unwrap_or_default(),
                false => 0,
            };
            let (args, came) = (args.get(), came.get());
            let memory = caller.data().memory;
            let result = {
                let bytes = memory.map_or(&mut [][..], |memory| memory.data_mut(&mut caller));
                let mut host = host.borrow_mut();
                callee.call(&mut host, bytes.into(), index, args, came, left)
            };
            let ended = host.borrow().call_time();
            if let Some((began, ended)) = began.zip(ended) {
                let waits = matches!(result, Err(Interrupt::Wait { .. } | Interrupt::Host { .. }));
                let stack = calling(&caller);
                host.borrow_mut()
                    .call_ends(index, [began, ended], waits, stack);
            }
            if host.borrow().is_flooded() {
                end_slice(&mut caller);
            }
            result.map_err(Left::by)?;
            let refs = &caller.data().refs;
            for (output, bits) in outputs.iter_mut().zip(came) {
                let ty = output.ty();
                *output = refs.val(ty, *bits).unwrap_or_else(|| val(ty, *bits));
            }
            Ok(())
        },
    )
}

/// The stack that a host function is called from.
fn calling(caller: &Caller<'_, Data>) -> Stack {
    let data = caller.data();
    // Who calls its host has noted that.
    let noting = data.noting.clone().map(|noting| Noting {
        is_there: true,
        ..noting
    });
    let bytes = data.memory.map_or(&[][..], |memory| memory.data(caller));
    let (stack, _) = stack(
        noting.as_ref(),
        data.registers.as_ref(),
        caller,
        bytes.into(),
    );
    stack.unwrap_or_default()
}

/// Leaves the guest where it is to stop before it calls the import at place `index`.
fn stop_before(caller: &mut Caller<'_, Data>, index: usize, inputs: &[Val]) -> Result<(), Error> {
    if !stops_before(caller, index) {
        return Ok(());
    }
    let refs = &mut caller.data_mut().refs;
    Err(Left::by(Interrupt::Before {
        import: index,
        args: inputs.iter().map(|value| refs.bits(value)).collect(),
    }))
}
