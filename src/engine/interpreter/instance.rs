//! An instance in the interpreter.

use super::data::Data;
use super::debugger::Debugger;
use super::limiter::Limiter;
use super::link::link;
use super::noting::Noting;
use super::refs::Refs;
use super::registers::Globals;
use super::stack::stack;
use super::value::{number_bits, val, val_type};
use super::{Activation, Program, trap};
use crate::debug::go;
use crate::engine::host::Shared;
use crate::engine::{CallError, InstantiateError};
use crate::linear::{Linear, LinearMut};
use crate::module::{self, START};
use crate::protocol::{GlobalValue, Limits, Stack};
use std::rc::Rc;
use wasmi::{Extern, ExternRef, Memory, Nullable, Store, Val, ValType};

/// An instance.
pub(in crate::engine) struct Instance {
    pub(super) store: Store<Data>,
    instance: wasmi::Instance,
    memory: Option<Memory>,
    /// The export that the `start` section became.
    start: Option<String>,
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Instance").finish_non_exhaustive()
    }
}

impl Instance {
    /// As [`crate::engine::Instance::new`].
    pub(in crate::engine) fn new(
        program: &Program,
        host: &Shared,
        limits: &Limits,
    ) -> Result<Self, InstantiateError> {
        let data = Data {
            host: Rc::clone(host),
            limiter: Limiter::new(limits),
            memory: None,
            refs: Refs::default(),
            globals: Vec::new(),
            call_depth: program.call_depth,
            too_large: program.too_large.clone(),
            noting: None,
            registers: None,
            debugger: None,
            spared_fuel: 0,
        };
        let mut store = Store::new(program.module.engine(), data);
        store.limiter(|data| &mut data.limiter);
        let instance = instantiate(&mut store, program)?;
        let map = program.map.as_ref();
        let exported = instance.get_memory(&store, "memory").or_else(|| {
            let mut exports = instance.exports(&store);
            exports.find_map(|export| {
                let is_own = map.is_some_and(|map| map.is_own(export.name()));
                export.into_memory().filter(|_| !is_own)
            })
        });
        let noting = map.and_then(|map| Noting::of(map, &instance, &store));
        if let Some(noting) = &noting {
            Debugger::install(noting, &instance, &mut store);
        }
        let registers = Globals::of(program, instance, &store);
        let memory = exported.or(store.data().memory);
        let data = store.data_mut();
        (data.memory, data.noting, data.registers) = (memory, noting, registers);
        Ok(Self {
            store,
            instance,
            memory,
            start: program.start.clone(),
        })
    }

    /// Whether the module has a `start` section: until that has returned, the instance is not ready.
    pub(in crate::engine) fn has_start_section(&self) -> bool {
        self.start.is_some()
    }

    /// Prepares the call of what the `start` section names.
    ///
    /// # Errors
    ///
    /// When there is no such section.
    pub(in crate::engine) fn start_section(&mut self) -> Result<Activation, CallError> {
        let start = self.start.clone();
        self.call(start.as_deref().unwrap_or(START), &[])
    }

    /// Prepares a call of the function `export` with `args`, the bits of its Wasm arguments; those of a
    /// reference are its number, 0 for null.
    ///
    /// # Errors
    ///
    /// When there is no such function, it takes another number of arguments, or one is a reference to a
    /// function that this instance has not given.
    pub(in crate::engine) fn call(
        &mut self,
        export: &str,
        args: &[u64],
    ) -> Result<Activation, CallError> {
        let func = self
            .instance
            .get_func(&self.store, export)
            .ok_or_else(|| CallError::NoSuchExport(export.to_owned()))?;
        let ty = func.ty(&self.store);
        if ty.params().len() != args.len() {
            return Err(CallError::Arguments {
                export: export.to_owned(),
                expected: ty.params().len(),
                given: args.len(),
            });
        }
        let mut inputs = Vec::new();
        for (ty, bits) in ty.params().iter().zip(args) {
            if !self.has_reference(*ty, *bits) {
                return Err(CallError::NoSuchReference {
                    export: export.to_owned(),
                    number: *bits,
                });
            }
            inputs.push(self.val(*ty, *bits));
        }
        let outputs = ty.results().iter().map(|ty| Val::default_for_ty(*ty));
        Ok(Activation::new(func, inputs, outputs.collect()))
    }

    /// The value of a type with these bits. A number that has not been given stands for something of the
    /// host's from now on; where a function is wanted, null is all that it can be.
    pub(super) fn val(&mut self, ty: ValType, bits: u64) -> Val {
        if let Some(value) = self.store.data().refs.val(ty, bits) {
            return value;
        }
        let (ValType::ExternRef, Ok(number)) = (ty, u32::try_from(bits)) else {
            return val(ty, bits);
        };
        let given = ExternRef::new(&mut self.store, number);
        self.store.data_mut().refs.give(number, given);
        Val::ExternRef(Nullable::Val(given))
    }

    /// Whether the bits are a value of the type: a reference to a function must have been given.
    fn has_reference(&self, ty: ValType, bits: u64) -> bool {
        ty != ValType::FuncRef || self.store.data().refs.val(ty, bits).is_some()
    }

    /// Whether the bits can be the results of the import at place `index`: they can unless there is a
    /// reference to a function among them that the guest has not given.
    pub(in crate::engine) fn can_return(&self, index: usize, bits: &[u64]) -> bool {
        let host = self.store.data().host.borrow();
        let ty = host.sockets.get(index).and_then(|socket| socket.ty.func());
        let results = ty.map_or(&[][..], |ty| &ty.results);
        let mut pairs = results.iter().zip(bits);
        pairs.all(|(ty, bits)| {
            *ty != module::ValType::FuncRef || self.has_reference(ValType::FuncRef, *bits)
        })
    }

    /// The functions that have been called and have not returned, as far as can be seen.
    pub(in crate::engine) fn stack(&self) -> Option<Stack> {
        self.seen().0
    }

    /// The same, with the registers that have led to them.
    pub(super) fn seen(&self) -> (Option<Stack>, Option<go::Registers>) {
        let data = self.store.data();
        let (noting, registers) = (data.noting.as_ref(), data.registers.as_ref());
        stack(noting, registers, &self.store, self.memory())
    }

    /// The linear memory; empty when there is none.
    pub(in crate::engine) fn memory(&self) -> Linear<'_> {
        let bytes = self.memory.map(|memory| memory.data(&self.store));
        bytes.unwrap_or_default().into()
    }

    /// The linear memory, to be written.
    pub(in crate::engine) fn memory_mut(&mut self) -> LinearMut<'_> {
        let bytes = self.memory.map(|memory| memory.data_mut(&mut self.store));
        bytes.unwrap_or_default().into()
    }

    /// The globals that are exported or imported, with their values.
    pub(in crate::engine) fn globals(&self) -> Vec<GlobalValue> {
        let data = self.store.data();
        let map = data.noting.as_ref().map(|noting| &noting.map);
        let exported = self.instance.exports(&self.store).filter_map(|export| {
            let name = export.name().to_owned();
            let global = export.into_global()?;
            let registers = data.registers.as_ref();
            let is_hidden = registers.is_some_and(|globals| globals.registers.are(&name))
                || map.is_some_and(|map| map.is_own(&name));
            (!is_hidden).then_some((name, global))
        });
        let imported = data.globals.iter().cloned();
        let globals = exported.chain(imported);
        globals
            .map(|(name, global)| {
                let value = global.get(&self.store);
                GlobalValue {
                    name,
                    ty: val_type(value.ty()),
                    mutable: global.ty(&self.store).mutability().is_mut(),
                    bits: number_bits(&value),
                }
            })
            .collect()
    }
}

fn instantiate(
    store: &mut Store<Data>,
    program: &Program,
) -> Result<wasmi::Instance, InstantiateError> {
    let mut externs: Vec<Extern> = Vec::new();
    let places = store.data().host.borrow().sockets.engine_order();
    for (place, import) in places.into_iter().zip(program.module.imports()) {
        externs.push(link(store, place, &import)?);
    }
    if let Some(callers) = &program.callers {
        call_through(store, callers, &mut externs)
            .map_err(|error| instantiate_error(store, &error))?;
    }
    let own = program.map.as_ref().map(|map| map.own());
    store.data_mut().limiter.expect_own(own);
    let instance = wasmi::Instance::new(&mut *store, &program.module, &externs);
    store.data_mut().limiter.expect_own(None);
    instance.map_err(|error| instantiate_error(store, &error))
}

/// Puts the functions of `callers` in the place of those that they call.
fn call_through(
    store: &mut Store<Data>,
    callers: &wasmi::Module,
    externs: &mut [Extern],
) -> Result<(), wasmi::Error> {
    let is_func = |one: &Extern| matches!(one, Extern::Func(_));
    let called: Vec<Extern> = externs.iter().filter(|one| is_func(one)).copied().collect();
    let callers = wasmi::Instance::new(&mut *store, callers, &called)?;
    let functions = externs.iter_mut().filter(|one| is_func(one));
    for (place, function) in functions.enumerate() {
        *function = callers
            .get_export(&*store, &place.to_string())
            .ok_or_else(|| wasmi::Error::new("no function calls the import"))?;
    }
    Ok(())
}

fn instantiate_error(store: &Store<Data>, error: &wasmi::Error) -> InstantiateError {
    if let Some(denied) = store.data().limiter.denied() {
        return InstantiateError::Limit(format!("the module cannot be instantiated: {denied}"));
    }
    InstantiateError::Module(trap::uninstantiated(error))
}
