//! What is between a metered guest and its host: the gate, fuel for slices, and how deep calls may be nested.

use super::{State, Theirs, bits, outcome, val};
use crate::compare::Outcome;
use plugboard::rewrite::metered::{Metered, SLOT, asked, said};
use wasmtime::{
    AsContextMut, Caller, Extern, Func, Global, Instance, Linker, Memory, MemoryType, Module,
    Store, Val,
};

/// How deep calls may be nested in what is metered.
const DEPTH: i32 = 500;

/// What the host keeps of a metered guest.
pub(super) struct Gate {
    fuel: Option<Global>,
    depth: Option<Global>,
    slice: i32,
    /// The import that was called and has not been made, with its arguments.
    waits: Option<(usize, Vec<Val>)>,
}

impl Theirs {
    /// Gives a metered guest its fuel and its limits, and calls what its `start` section named.
    pub(super) fn open(&mut self, gate: Instance, metered: &Metered) -> Result<(), Outcome> {
        let (instance, store) = (self.instance, &mut self.store);
        let mut set = |what: &str, value: Val| {
            let global = instance.get_global(&mut *store, &metered.export(what));
            let global = global.expect("it is exported");
            global.set(&mut *store, value).expect("it varies");
            global
        };
        let fuel = set("fuel", Val::I32(0));
        let depth = set("depth", Val::I32(DEPTH));
        set("pages", Val::I64(i64::MAX));
        set("elements", Val::I64(i64::MAX));
        let tick = gate.get_func(&mut *store, "tick").expect("it is exported");
        let table = instance.get_table(&mut *store, &metered.export("gate"));
        let set = table
            .expect("it is exported")
            .set(&mut *store, 0, tick.into());
        set.expect("it is a function");
        if let Some(gate) = &mut store.data_mut().gate {
            (gate.fuel, gate.depth) = (Some(fuel), Some(depth));
        }
        let Some(start) = metered.start() else {
            return Ok(());
        };
        let start = instance
            .get_func(&mut *store, &start)
            .expect("it is exported");
        let came_to = start.call(&mut *store, &[], &mut []);
        match store.data().too_deep {
            true => Err(Outcome::TooDeep),
            false => came_to.map_err(|error| outcome(&error)),
        }
    }
}

/// There is no fuel left, or no depth.
fn tick(caller: &mut Caller<'_, State>) -> wasmtime::Result<i32> {
    let gate = caller.data().gate.as_ref().expect("there is one");
    let (fuel, depth, slice) = (gate.fuel, gate.depth, gate.slice);
    if depth.is_some_and(|depth| depth.get(&mut *caller).unwrap_i32() < 0) {
        caller.data_mut().too_deep = true;
        return Ok(said::ENDS);
    }
    if let Some(fuel) = fuel {
        fuel.set(caller, Val::I32(slice))?;
    }
    Ok(said::ON)
}

/// How much deeper calls may be nested, in what is metered.
pub(super) fn depth_left(mut store: impl AsContextMut<Data = State>) -> Option<(Global, Val)> {
    let context = store.as_context_mut();
    let depth = context.data().gate.as_ref()?.depth?;
    Some((depth, depth.get(&mut store)))
}

/// Puts a gate between the guest and its imports; where the host feels like it, the guest waits there.
pub(super) fn put_between(
    store: &mut Store<State>,
    gate: &Module,
    externs: &mut [Extern],
    slice: i32,
) -> Instance {
    let engine = store.engine().clone();
    let functions: Vec<Func> = externs
        .iter()
        .filter_map(|it| it.clone().into_func())
        .collect();
    let room = Memory::new(&mut *store, MemoryType::new(1, None)).expect("a memory");
    store.data_mut().gate = Some(Gate {
        fuel: None,
        depth: None,
        slice,
        waits: None,
    });
    let i32 = || wasmtime::ValType::I32;
    let ask = wasmtime::FuncType::new(&engine, [i32(), i32()], [i32()]);
    let ask = Func::new(&mut *store, ask, move |mut caller, asks, says| {
        says[0] = match asks[1].unwrap_i32() {
            asked::TICK => tick(&mut caller)?,
            asked::TAKE => {
                let gate = caller.data_mut().gate.as_mut().expect("there is one");
                let (place, args) = gate.waits.take().expect("one waits");
                let function = functions[place];
                let ty = function.ty(&caller);
                let mut results: Vec<Val> = ty.results().map(|ty| val(&ty, 0)).collect();
                function.call(&mut caller, &args, &mut results)?;
                for (slot, result) in results.iter().enumerate() {
                    let at = slot * SLOT as usize;
                    room.write(&mut caller, at, &bits(result).to_le_bytes())?;
                }
                said::ON
            }
            place => {
                let place = usize::try_from(place).expect("a function is called");
                let ty = functions[place].ty(&caller);
                let mut args = Vec::new();
                for (slot, ty) in ty.params().enumerate() {
                    let mut word = [0; 8];
                    room.read(&caller, slot * SLOT as usize, &mut word)?;
                    args.push(val(&ty, u64::from_le_bytes(word)));
                }
                let gate = caller.data_mut().gate.as_mut().expect("there is one");
                gate.waits = Some((place, args));
                said::WAITS
            }
        }
        .into();
        Ok(())
    });
    let wait = wasmtime::FuncType::new(&engine, [], [i32()]);
    let wait = Func::new(&mut *store, wait, |_, _, ends| {
        ends[0] = Val::I32(0);
        Ok(())
    });
    let mut linker = Linker::new(&engine);
    for (name, given) in [
        ("ask", Extern::from(ask)),
        ("wait", wait.into()),
        ("memory", room.into()),
    ] {
        let defined = linker.define(&mut *store, "host", name, given);
        defined.expect("one");
    }
    let defined = linker.define_unknown_imports_as_traps(gate);
    defined.expect("no references cross");
    let gate = linker
        .instantiate(&mut *store, gate)
        .expect("the gate opens");
    let functions = externs
        .iter_mut()
        .filter(|it| matches!(it, Extern::Func(_)));
    for (place, function) in functions.enumerate() {
        let through = gate.get_func(&mut *store, &place.to_string());
        *function = through.expect("it is exported").into();
    }
    gate
}
