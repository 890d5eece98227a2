//! wasmtime, asked the same.

mod gate;

use self::gate::{Gate, depth_left, put_between};
use crate::compare::{Given, Outcome, Seen};
use crate::metered;
use crate::ours::{context, number};
use crate::random::Random;
use plugboard::linear::LinearMut;
use plugboard::module::{self, ExternType, FuncType, ValType};
use plugboard::protocol::Answer;
use plugboard::rewrite::metered::{Metered, gate};
use plugboard::wasi::{self, Flow};
use std::cell::Cell;
use std::rc::Rc;
use wasmtime::{
    AsContextMut, Caller, Config, Engine, Extern, Func, Global, HeapType, Instance, Memory, Module,
    OptLevel, Ref, ResourceLimiter, Store, Table, Val,
};

/// A module that wasmtime has compiled.
pub struct Compiled {
    module: Module,
    /// What is metered has a gate, and fuel for slices.
    metered: Option<(Module, Metered, i32)>,
}

fn compiled(bytes: &[u8]) -> Module {
    thread_local!(static ENGINE: Engine = engine());
    let module = ENGINE.with(|engine| Module::new(engine, bytes));
    module.expect("wasmtime compiles it")
}

impl Compiled {
    pub fn new(bytes: &[u8]) -> Self {
        Self {
            module: compiled(bytes),
            metered: None,
        }
    }

    /// The same, metered: as the browser's engine gets it.
    pub fn metered(bytes: &[u8], random: &mut Random) -> Self {
        let metered = metered::made(bytes, random);
        let info = module::read("random.wasm", bytes).expect("it is a module");
        let imports = info.imports.iter().filter_map(|import| import.ty.func());
        let imports: Vec<FuncType> = imports.cloned().collect();
        // References do not cross here: the tests of the package have them do so.
        let mut types = imports
            .iter()
            .flat_map(|ty| ty.params.iter().chain(&ty.results));
        if types.any(|ty| ty.is_ref()) {
            return Self::new(bytes);
        }
        let gate = compiled(&gate(&imports, 0).expect("there is room"));
        let slice = 1 + random.below(300) as i32;
        Self {
            module: compiled(metered.bytes()),
            metered: Some((gate, metered, slice)),
        }
    }
}

fn engine() -> Engine {
    let mut config = Config::new();
    config
        .wasm_multi_memory(true)
        .wasm_tail_call(true)
        .wasm_extended_const(true)
        .wasm_relaxed_simd(false)
        .wasm_simd(false)
        .cranelift_opt_level(OptLevel::None)
        .memory_reservation(0)
        .memory_guard_size(0);
    Engine::new(&config).expect("an engine")
}

pub struct Theirs {
    store: Store<State>,
    instance: Instance,
    added: Option<Metered>,
}

struct State {
    given: Rc<Given>,
    wasi: wasi::Context,
    clock: Rc<Cell<u64>>,
    asked: Vec<(usize, Vec<u64>)>,
    called: Vec<u64>,
    count: u64,
    depth: u64,
    too_deep: bool,
    /// Known once it is made.
    instance: Option<Instance>,
    memory: Option<Memory>,
    globals: Vec<(String, Global)>,
    growth: Growth,
    gate: Option<Gate>,
}

/// How far memories and tables may grow.
struct Growth {
    pages: u64,
    elements: u64,
}

impl ResourceLimiter for Growth {
    fn memory_growing(
        &mut self,
        _: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let fits = (desired as u64).div_ceil(65_536) <= self.pages;
        Ok(fits && maximum.is_none_or(|maximum| desired <= maximum))
    }

    fn table_growing(
        &mut self,
        _: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let fits = desired as u64 <= self.elements;
        Ok(fits && maximum.is_none_or(|maximum| desired <= maximum))
    }
}

/// A host function ended the call.
#[derive(Debug)]
struct Failed;

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the host fails")
    }
}

impl std::error::Error for Failed {}

impl Theirs {
    pub fn new(compiled: &Compiled, given: &Rc<Given>) -> Result<Self, Outcome> {
        let clock = Rc::new(Cell::new(1));
        let state = State {
            wasi: context(&clock),
            clock,
            asked: Vec::new(),
            called: vec![0; given.info.imports.len()],
            count: 0,
            depth: 0,
            too_deep: false,
            instance: None,
            memory: None,
            globals: Vec::new(),
            growth: Growth {
                pages: given.limits.memory_pages,
                elements: given.limits.table_elements,
            },
            gate: None,
            given: Rc::clone(given),
        };
        let mut store = Store::new(compiled.module.engine(), state);
        store.limiter(|state| &mut state.growth);
        let mut externs = Vec::new();
        for (place, import) in compiled.module.imports().enumerate() {
            // What is metered calls them by their numbers.
            let known = &given.info.imports[place];
            let name = format!("{}.{}", known.module, known.name);
            externs.push(provide(&mut store, place, name, import.ty())?);
        }
        let gate = compiled.metered.as_ref().map(|(gate, metered, slice)| {
            let gate = put_between(&mut store, gate, &mut externs, *slice);
            (gate, metered)
        });
        let instance = Instance::new(&mut store, &compiled.module, &externs);
        if store.data().too_deep {
            return Err(Outcome::TooDeep);
        }
        let instance = instance.map_err(|error| outcome(&error))?;
        store.data_mut().instance = Some(instance);
        let mut theirs = Self {
            store,
            instance,
            added: compiled
                .metered
                .as_ref()
                .map(|(_, metered, _)| metered.clone()),
        };
        if let Some((gate, metered)) = gate {
            theirs.open(gate, metered)?;
        }
        Ok(theirs)
    }

    pub fn call(&mut self, export: usize, hash: u64) -> Seen {
        self.store.data_mut().asked.clear();
        self.store.data_mut().too_deep = false;
        let given = Rc::clone(&self.store.data().given);
        let name = &given.exports[export];
        let func = self
            .instance
            .get_func(&mut self.store, name)
            .expect("it is exported");
        let mut came_to = call(&mut self.store, func, &given, export, hash);
        if self.store.data().too_deep {
            came_to = Outcome::TooDeep;
        }
        Seen {
            outcome: came_to,
            asked: self.store.data().asked.clone(),
            globals: self.globals(),
            memory: self.memory(),
        }
    }

    /// As the engine gives them: the exported ones by name, then the imported ones.
    fn globals(&mut self) -> Vec<(String, u64)> {
        let names = self.instance.exports(&mut self.store);
        let own = names.filter(|it| {
            !self
                .added
                .as_ref()
                .is_some_and(|added| added.is_added(it.name()))
        });
        let exported = own.filter_map(|it| Some((it.name().to_owned(), it.into_global()?)));
        let mut globals: Vec<(String, Global)> = exported.collect();
        globals.sort_by(|(a, _), (b, _)| a.cmp(b));
        globals.extend(self.store.data().globals.clone());
        let value = |(name, global): (String, Global)| (name, bits(&global.get(&mut self.store)));
        globals.into_iter().map(value).collect()
    }

    fn memory(&mut self) -> Vec<u8> {
        let mut exported: Vec<(String, Memory)> = self
            .instance
            .exports(&mut self.store)
            .filter_map(|it| Some((it.name().to_owned(), it.into_memory()?)))
            .collect();
        exported.sort_by_key(|(name, _)| (name != "memory", name.clone()));
        let first = exported.into_iter().map(|(_, memory)| memory).next();
        let memory = first.or(self.store.data().memory);
        memory.map_or_else(Vec::new, |memory| memory.data(&self.store).to_vec())
    }
}

/// Calls an export, also from within a host call.
fn call(
    mut store: impl AsContextMut<Data = State>,
    func: Func,
    given: &Given,
    export: usize,
    hash: u64,
) -> Outcome {
    let (_, args) = given.call(export, hash);
    let ty = func.ty(&store);
    let args: Vec<Val> = ty
        .params()
        .zip(args)
        .map(|(ty, bits)| val(&ty, bits))
        .collect();
    let mut results: Vec<Val> = ty.results().map(|ty| val(&ty, 0)).collect();
    let depth = depth_left(&mut store);
    let called = func.call(&mut store, &args, &mut results);
    // What ended in the middle has left none of its functions.
    if let (Some((global, depth)), true) = (depth, called.is_err()) {
        global.set(&mut store, depth).expect("it varies");
    }
    match called {
        Ok(()) => {
            let types = ty.results().map(|ty| val_type(&ty));
            Outcome::Returned(types.zip(results.iter().map(bits)).collect())
        }
        Err(error) => {
            let outcome = outcome(&error);
            store.as_context_mut().data_mut().too_deep |= outcome == Outcome::TooDeep;
            outcome
        }
    }
}

fn outcome(error: &wasmtime::Error) -> Outcome {
    use wasmtime::Trap;
    let text = match error.downcast_ref::<Trap>() {
        Some(Trap::UnreachableCodeReached) => "unreachable executed",
        Some(Trap::MemoryOutOfBounds) => "out of bounds memory access",
        Some(Trap::TableOutOfBounds) => "out of bounds table access",
        Some(Trap::IndirectCallToNull) => "indirect call of an uninitialized element",
        Some(Trap::IntegerDivisionByZero) => "integer divide by zero",
        Some(Trap::IntegerOverflow) => "integer overflow",
        Some(Trap::BadConversionToInteger) => "invalid conversion to integer",
        Some(Trap::BadSignature) => "indirect call type mismatch",
        Some(Trap::StackOverflow) => return Outcome::TooDeep,
        Some(other) => panic!("{other}"),
        None => return Outcome::Failed,
    };
    Outcome::Trapped(text.to_owned())
}

/// What stands for an import.
fn provide(
    store: &mut Store<State>,
    place: usize,
    name: String,
    ty: wasmtime::ExternType,
) -> Result<Extern, Outcome> {
    // A limit is all that keeps the host from making one.
    Ok(match ty {
        wasmtime::ExternType::Func(ty) => Extern::Func(func(store, place, ty)),
        wasmtime::ExternType::Memory(ty) => {
            let memory = Memory::new(&mut *store, ty).map_err(|_| Outcome::Failed)?;
            store.data_mut().memory.get_or_insert(memory);
            Extern::Memory(memory)
        }
        wasmtime::ExternType::Table(ty) => {
            let null = Ref::null(ty.element().heap_type());
            Extern::Table(Table::new(&mut *store, ty, null).map_err(|_| Outcome::Failed)?)
        }
        wasmtime::ExternType::Global(ty) => {
            let zero = val(ty.content(), 0);
            let global = Global::new(&mut *store, ty, zero).expect("a global");
            store.data_mut().globals.push((name, global));
            Extern::Global(global)
        }
        other => panic!("{other:?}"),
    })
}

fn func(store: &mut Store<State>, place: usize, ty: wasmtime::FuncType) -> Func {
    let types: Vec<wasmtime::ValType> = ty.results().collect();
    Func::new(store, ty, move |mut caller, params, results| {
        let args: Vec<u64> = params.iter().map(bits).collect();
        let answers = host(&mut caller, place, &args)?;
        for ((result, ty), bits) in results.iter_mut().zip(&types).zip(answers) {
            *result = val(ty, bits);
        }
        Ok(())
    })
}

/// What the import at this place returns.
fn host(caller: &mut Caller<'_, State>, place: usize, args: &[u64]) -> wasmtime::Result<Vec<u64>> {
    let given = Rc::clone(&caller.data().given);
    let import = &given.info.imports[place];
    let ExternType::Func(ty) = &import.ty else {
        panic!("a function is called");
    };
    if import.is_wasi() {
        let function = wasi::Function::from_name(&import.name).expect("WASI has it");
        return Ok(wasi_call(caller, function, args));
    }
    caller.data_mut().called[place] += 1;
    let called = caller.data().called[place];
    match given.oracle.answer(place, ty) {
        Answer::ReturnZero => Ok(vec![0; ty.results.len()]),
        Answer::Constant(bits) => Ok(bits),
        Answer::Echo(from) => Ok(vec![args[from as usize]]),
        Answer::Count => Ok(ty.results.iter().map(|ty| count(*ty, called)).collect()),
        _ => asked(caller, &given, place, args, ty),
    }
}

fn asked(
    caller: &mut Caller<'_, State>,
    given: &Given,
    place: usize,
    args: &[u64],
    ty: &FuncType,
) -> wasmtime::Result<Vec<u64>> {
    // An import may itself be the `start` function: wasmtime lets it see nothing of the instance.
    let first = given.info.exports.first().map(|export| &export.name);
    if first.is_some_and(|name| exported(caller, name).is_none()) {
        caller.data_mut().too_deep = true;
    }
    let state = caller.data_mut();
    state.asked.push((place, args.to_vec()));
    state.count += 1;
    let act = given.oracle.act(place, args, state.count);
    if let Some(memory) = memory(caller) {
        let bytes = memory.data_mut(&mut *caller);
        if let Some((at, byte)) = act.written(bytes.len()) {
            bytes[at] = byte;
        }
    }
    let mut came_to = 0;
    if let Some((export, hash)) = act.within(given.exports.len(), caller.data().depth) {
        let found = exported(caller, &given.exports[export]);
        if let Some(func) = found.and_then(Extern::into_func) {
            caller.data_mut().depth += 1;
            came_to = number(&call(&mut *caller, func, given, export, hash));
            caller.data_mut().depth -= 1;
        }
    }
    match act.fails() {
        true => Err(Failed.into()),
        false => Ok(act.results(ty, came_to)),
    }
}

fn wasi_call(caller: &mut Caller<'_, State>, function: wasi::Function, args: &[u64]) -> Vec<u64> {
    loop {
        let flow = match memory(caller) {
            Some(memory) => {
                let (bytes, state) = memory.data_and_store_mut(&mut *caller);
                wasi::call(function, &mut state.wasi, bytes.into(), args)
            }
            None => {
                let nothing = LinearMut::Here(&mut []);
                wasi::call(function, &mut caller.data_mut().wasi, nothing, args)
            }
        };
        match flow {
            Flow::Return(errno) => return vec![errno.raw().into()],
            Flow::Wait(wait) => {
                let until = wait.until.expect("stdin is empty");
                caller.data().clock.set(until);
            }
            other => panic!("{other:?}"),
        }
    }
}

/// The memory that the host sees: see `Instance::new`.
fn memory(caller: &mut Caller<'_, State>) -> Option<Memory> {
    let named = exported(caller, "memory").and_then(Extern::into_memory);
    let mut names: Vec<String> = caller
        .data()
        .given
        .info
        .exports
        .iter()
        .filter(|export| matches!(export.ty, ExternType::Memory(_)))
        .map(|export| export.name.clone())
        .collect();
    names.sort();
    let first = names.first().cloned();
    named
        .or_else(|| exported(caller, &first?)?.into_memory())
        .or(caller.data().memory)
}

/// An export of the instance, also while its `start` section runs.
fn exported(caller: &mut Caller<'_, State>, name: &str) -> Option<Extern> {
    match caller.data().instance {
        Some(instance) => instance.get_export(&mut *caller, name),
        None => caller.get_export(name),
    }
}

fn count(ty: ValType, count: u64) -> u64 {
    match ty {
        ValType::F32 => u64::from((count as f32).to_bits()),
        ValType::F64 => (count as f64).to_bits(),
        _ => count,
    }
}

fn bits(value: &Val) -> u64 {
    match value {
        Val::I32(value) => u64::from(*value as u32),
        Val::I64(value) => *value as u64,
        Val::F32(bits) => u64::from(*bits),
        Val::F64(bits) => *bits,
        _ => 0,
    }
}

fn val(ty: &wasmtime::ValType, bits: u64) -> Val {
    match ty {
        wasmtime::ValType::I32 => Val::I32(bits as i32),
        wasmtime::ValType::I64 => Val::I64(bits as i64),
        wasmtime::ValType::F32 => Val::F32(bits as u32),
        wasmtime::ValType::F64 => Val::F64(bits),
        wasmtime::ValType::Ref(ty) => Val::null_ref(ty.heap_type()),
        other @ wasmtime::ValType::V128 => panic!("{other}"),
    }
}

fn val_type(ty: &wasmtime::ValType) -> ValType {
    match ty {
        wasmtime::ValType::I32 => ValType::I32,
        wasmtime::ValType::I64 => ValType::I64,
        wasmtime::ValType::F32 => ValType::F32,
        wasmtime::ValType::F64 => ValType::F64,
        wasmtime::ValType::V128 => ValType::V128,
        wasmtime::ValType::Ref(ty) => match ty.heap_type() {
            HeapType::Func => ValType::FuncRef,
            _ => ValType::ExternRef,
        },
    }
}
