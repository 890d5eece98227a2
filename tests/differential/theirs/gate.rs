//! What is between a metered guest and its host: the gate, fuel for slices, and how deep calls may be nested.

use super::{State, Theirs, outcome, val};
use crate::compare::Outcome;
use plugboard::rewrite::metered::Metered;
use wasmtime::{AsContextMut, Extern, Func, Global, Instance, Linker, Module, Store, Val};

/// How deep calls may be nested in what is metered.
const DEPTH: i32 = 500;

/// What the host keeps of a metered guest.
pub(super) struct Gate {
    waits: Global,
    fuel: Option<Global>,
    depth: Option<Global>,
    slice: i32,
    /// The arguments of the call that waits.
    args: Vec<Val>,
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
        let wait = gate.get_func(&mut *store, "wait").expect("it is exported");
        let table = instance.get_table(&mut *store, &metered.export("gate"));
        let set = table
            .expect("it is exported")
            .set(&mut *store, 0, wait.into());
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
    let waits = wasmtime::GlobalType::new(wasmtime::ValType::I32, wasmtime::Mutability::Var);
    let waits = Global::new(&mut *store, waits, Val::I32(0)).expect("a global");
    store.data_mut().gate = Some(Gate {
        waits,
        fuel: None,
        depth: None,
        slice,
        args: Vec::new(),
    });
    let functions: Vec<Func> = externs
        .iter()
        .filter_map(|it| it.clone().into_func())
        .collect();
    let mut linker = Linker::new(&engine);
    linker
        .define(&mut *store, "host", "waits", waits)
        .expect("one");
    for (place, function) in functions.into_iter().enumerate() {
        let ty = function.ty(&*store);
        let results: Vec<_> = ty.results().collect();
        let take = wasmtime::FuncType::new(&engine, [], results.clone());
        let call = Func::new(&mut *store, ty, move |mut caller, params, to| {
            for (to, ty) in to.iter_mut().zip(&results) {
                *to = val(ty, 0);
            }
            let state = caller.data_mut();
            let gate = state.gate.as_mut().expect("there is one");
            gate.args = params.to_vec();
            gate.waits.clone().set(&mut caller, Val::I32(1))
        });
        let take = Func::new(&mut *store, take, move |mut caller, _, to| {
            let gate = caller.data_mut().gate.as_mut().expect("there is one");
            let args = std::mem::take(&mut gate.args);
            function.call(&mut caller, &args, to)
        });
        linker
            .define(&mut *store, "host", &format!("call {place}"), call)
            .expect("one");
        linker
            .define(&mut *store, "host", &format!("take {place}"), take)
            .expect("one");
    }
    let wait = wasmtime::FuncType::new(&engine, [], [wasmtime::ValType::I32]);
    let wait = Func::new(&mut *store, wait, |mut caller, _, ends| {
        let gate = caller.data().gate.as_ref().expect("there is one");
        let (waits, fuel, depth, slice) = (gate.waits, gate.fuel, gate.depth, gate.slice);
        ends[0] = Val::I32(0);
        if waits.get(&mut caller).unwrap_i32() != 0 {
            return waits.set(&mut caller, Val::I32(0));
        }
        if depth.is_some_and(|depth| depth.get(&mut caller).unwrap_i32() < 0) {
            caller.data_mut().too_deep = true;
            ends[0] = Val::I32(1);
        }
        match fuel {
            Some(fuel) => fuel.set(&mut caller, Val::I32(slice)),
            None => Ok(()),
        }
    });
    linker
        .define(&mut *store, "host", "wait", wait)
        .expect("one");
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
