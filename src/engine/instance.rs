//! An instance of a program, with its memory and what the host keeps for it.

use super::answer::Sockets;
use super::debugger::Debugger;
use super::host::Host;
use super::import::link;
use super::limiter::Limiter;
use super::noting::Noting;
use super::record::Recorder;
use super::registers::Registers;
use super::timing;
use super::value::{number_bits, val, val_type};
use super::{Activation, Program, Socket, trap};
use crate::amount::amount;
use crate::go::{Abi, Signature};
use crate::linear::{Linear, LinearMut};
use crate::module::{self, PAGE, START};
use crate::protocol::{Answer, CallId, GlobalValue, Limits, Stack, Stream};
use crate::trace::Trace;
use crate::wasi;
use std::cell::RefCell;
use std::rc::Rc;
use wasmi::{Extern, ExternRef, Memory, Nullable, Store, Val, ValType};

/// Why a program could not be instantiated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstantiateError {
    /// An import cannot be provided.
    #[error("import {module}.{name} cannot be provided: {reason}")]
    Import {
        /// The module that it is imported from.
        module: String,
        /// Its name there.
        name: String,
        /// Why.
        reason: String,
    },
    /// The module is larger than the limits.
    #[error("{0}")]
    Limit(String),
    /// Its segments do not fit, or there is no room for its memories and tables: which.
    #[error("the module cannot be instantiated: {0}")]
    Module(String),
}

/// Why a call cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// There is no such export.
    #[error("the module exports no function {0}")]
    NoSuchExport(String),
    /// The arguments do not fit.
    #[error("{export} takes {}, not {given}", amount(*expected as u64, "Wasm argument"))]
    Arguments {
        /// The export.
        export: String,
        /// How many it takes.
        expected: usize,
        /// How many there were.
        given: usize,
    },
    /// An argument is a reference that this instance has not given.
    #[error(
        "{export}: there is no function ref {number}: no call of this instance has returned it"
    )]
    NoSuchReference {
        /// The export.
        export: String,
        /// The number that was to stand for it.
        number: u64,
    },
}

/// An instance.
pub struct Instance {
    pub(super) store: Store<Host>,
    instance: wasmi::Instance,
    memory: Option<Memory>,
    /// The export that the `start` section became.
    start: Option<String>,
    pub(super) registers: Option<Registers>,
    /// Where it notes where the guest is.
    pub(super) noting: Option<Noting>,
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Instance")
            .field("memory_pages", &self.memory_pages())
            .finish_non_exhaustive()
    }
}

impl Instance {
    /// Instantiates `program`; there is a socket for each import, whose answer and provision fit its
    /// type. `abi` is how its compiler lays out what is in memory. Nothing of the guest's runs:
    /// [`Instance::start_section`] is to be called first.
    ///
    /// # Errors
    ///
    /// When an import cannot be provided, a limit is too low, or the segments of the module do not fit;
    /// with it comes `wasi` back, whose files may be wanted.
    pub fn new(
        program: &Program,
        wasi: wasi::Context,
        sockets: Vec<Socket>,
        abi: Abi,
        limits: &Limits,
    ) -> Result<Self, (InstantiateError, Box<wasi::Context>)> {
        let host = Host::new(
            wasi,
            Sockets::new(sockets, abi),
            Limiter::new(limits),
            limits.output_bytes,
            program.call_depth,
            program.too_large.clone(),
        );
        let mut store = Store::new(program.module.engine(), host);
        store.limiter(|host| &mut host.limiter);
        let instance = match instantiate(&mut store, program) {
            Ok(instance) => instance,
            Err(error) => return Err((error, Box::new(store.into_data().wasi))),
        };
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
        let memory = exported.or(store.data().memory);
        store.data_mut().memory = memory;
        Ok(Self {
            registers: Registers::of(program, instance, &store),
            store,
            instance,
            memory,
            start: program.start.clone(),
            noting,
        })
    }

    /// Whether the module has a `start` section: until that has returned, the instance is not ready.
    #[must_use]
    pub fn has_start_section(&self) -> bool {
        self.start.is_some()
    }

    /// Prepares the call of what the `start` section names.
    ///
    /// # Errors
    ///
    /// When there is no such section.
    pub fn start_section(&mut self) -> Result<Activation, CallError> {
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
    pub fn call(&mut self, export: &str, args: &[u64]) -> Result<Activation, CallError> {
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
    #[must_use]
    pub fn can_return(&self, index: usize, bits: &[u64]) -> bool {
        let socket = self.store.data().sockets.get(index);
        let ty = socket.and_then(|socket| socket.ty.func());
        let results = ty.map_or(&[][..], |ty| &ty.results);
        let mut pairs = results.iter().zip(bits);
        pairs.all(|(ty, bits)| {
            *ty != module::ValType::FuncRef || self.has_reference(ValType::FuncRef, *bits)
        })
    }

    /// The functions that have been called and have not returned, as far as can be seen.
    #[must_use]
    pub fn stack(&self) -> Option<Stack> {
        let (noting, registers) = (self.noting.as_ref(), self.registers.as_ref());
        timing::stack(noting, registers, &self.store, self.memory())
    }

    /// The linear memory; empty when there is none.
    #[must_use]
    pub fn memory(&self) -> Linear<'_> {
        match self.memory {
            Some(memory) => memory.data(&self.store).into(),
            None => Linear::default(),
        }
    }

    /// The linear memory, to be written.
    pub fn memory_mut(&mut self) -> LinearMut<'_> {
        match self.memory {
            Some(memory) => memory.data_mut(&mut self.store).into(),
            None => LinearMut::Here(&mut []),
        }
    }

    /// The size of the linear memory, in pages of 64 KiB.
    #[must_use]
    pub fn memory_pages(&self) -> u64 {
        self.memory().size() as u64 / PAGE
    }

    /// What the guest and its imports have printed since this was last asked, in order.
    pub fn take_output(&mut self) -> Vec<(Stream, Vec<u8>)> {
        self.store.data_mut().take_output()
    }

    /// Prints on behalf of an import.
    ///
    /// # Errors
    ///
    /// When the limit of output is reached: says so.
    pub fn print(&mut self, bytes: &[u8]) -> Result<(), String> {
        let printed = self.store.data_mut().print(bytes);
        printed.map_err(|interrupt| interrupt.to_string())
    }

    /// What WASI keeps for the instance.
    #[must_use]
    pub fn wasi(&self) -> &wasi::Context {
        &self.store.data().wasi
    }

    /// What WASI keeps for the instance, to be changed.
    pub fn wasi_mut(&mut self) -> &mut wasi::Context {
        &mut self.store.data_mut().wasi
    }

    /// Answers the import at place `index` otherwise from now on.
    pub fn answer(&mut self, index: usize, answer: Answer) {
        if let Some(socket) = self.store.data_mut().sockets.get_mut(index) {
            socket.answer = Some(answer);
        }
    }

    /// What the arguments of the import at place `index` are printed by from now on.
    pub fn set_signature(&mut self, index: usize, signature: Option<Signature>) {
        if let Some(socket) = self.store.data_mut().sockets.get_mut(index) {
            socket.signature = signature;
        }
    }

    /// Records host calls there from now on, as belonging to this call; `None`: nowhere.
    pub fn record(&mut self, to: Option<(Rc<RefCell<Trace>>, CallId)>) {
        self.store.data_mut().recorder = to.map(|(trace, call)| Recorder::new(trace, call));
    }

    /// `export` goes on, in a run that has used so much fuel before.
    pub fn enter(&mut self, export: &str, fuel: u64) {
        if let Some(recorder) = &mut self.store.data_mut().recorder {
            recorder.enter(export, fuel);
        }
    }

    /// The globals that are exported or imported, with their values.
    #[must_use]
    pub fn globals(&self) -> Vec<GlobalValue> {
        let map = self.noting.as_ref().map(|noting| &noting.map);
        let exported = self.instance.exports(&self.store).filter_map(|export| {
            let name = export.name().to_owned();
            let global = export.into_global()?;
            let registers = self.registers.as_ref();
            let is_hidden = registers.is_some_and(|registers| registers.are(&name))
                || map.is_some_and(|map| map.is_own(&name));
            (!is_hidden).then_some((name, global))
        });
        let imported = self.store.data().globals.iter().cloned();
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

    /// How often each import has been called.
    #[must_use]
    pub fn called(&self) -> &[u64] {
        self.store.data().sockets.called()
    }
}

fn instantiate(
    store: &mut Store<Host>,
    program: &Program,
) -> Result<wasmi::Instance, InstantiateError> {
    let mut externs: Vec<Extern> = Vec::new();
    let places = store.data().sockets.engine_order();
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
    store: &mut Store<Host>,
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

fn instantiate_error(store: &Store<Host>, error: &wasmi::Error) -> InstantiateError {
    if let Some(denied) = store.data().limiter.denied() {
        return InstantiateError::Limit(format!("the module cannot be instantiated: {denied}"));
    }
    InstantiateError::Module(trap::uninstantiated(error))
}
