//! Metered modules, which do what they do without it: in wasmtime, with all that browsers run, in slices of any size.

use crate::compare::Verdict;
use crate::random::Random;
use plugboard::rewrite::metered::{Making, Metered, asked, gate, said};
use std::rc::Rc;
use wasm_smith::{Config, Module as Smith};
use wasmtime::{
    Engine, Extern, Func, FuncType, Global, Instance, Linker, Memory, MemoryType, Module, OptLevel,
    Store, Trap, Val, ValType,
};

/// The metered module, made in steps of any size.
pub fn made(bytes: &[u8], random: &mut Random) -> Metered {
    let mut making = Making::new(Rc::from(bytes)).expect("all of it is known");
    loop {
        let step = making.step(1 + random.below(300) as usize);
        if let Some(metered) = step.expect("all of it is known") {
            return metered;
        }
    }
}

/// A module of all that browsers run, without imports.
pub fn module(random: &mut Random) -> Vec<u8> {
    loop {
        let size = 300 + random.below(6_000);
        let bytes: Vec<u8> = (0..size).map(|_| random.next() as u8).collect();
        let config = Config {
            allow_start_export: random.once_in(4),
            bulk_memory_enabled: true,
            canonicalize_nans: true,
            compact_imports_enabled: false,
            custom_descriptors_enabled: false,
            custom_page_sizes_enabled: false,
            exceptions_enabled: true,
            export_everything: true,
            extended_const_enabled: true,
            gc_enabled: true,
            max_exports: 20,
            max_funcs: 10,
            max_imports: 0,
            min_imports: 0,
            max_instructions: 50 + random.below(300) as usize,
            max_memories: 3,
            max_memory32_bytes: 12 << 16,
            max_memory64_bytes: 12 << 16,
            max_table_elements: 200,
            max_tables: 3,
            memory64_enabled: true,
            min_funcs: 2,
            min_types: 3,
            multi_value_enabled: true,
            reference_types_enabled: true,
            relaxed_simd_enabled: false,
            shared_everything_threads_enabled: false,
            simd_enabled: true,
            tail_call_enabled: true,
            threads_enabled: false,
            wide_arithmetic_enabled: true,
            ..Config::default()
        };
        let mut unstructured = arbitrary::Unstructured::new(&bytes);
        if let Ok(mut module) = Smith::new(config, &mut unstructured)
            && module.ensure_termination(400).is_ok()
        {
            return module.to_bytes();
        }
    }
}

fn engine() -> Engine {
    let mut config = wasmtime::Config::new();
    config
        .wasm_multi_memory(true)
        .wasm_memory64(true)
        .wasm_tail_call(true)
        .wasm_exceptions(true)
        .wasm_function_references(true)
        .wasm_gc(true)
        .wasm_wide_arithmetic(true)
        .wasm_extended_const(true)
        .cranelift_opt_level(OptLevel::None)
        .memory_reservation(0)
        .memory_guard_size(0);
    Engine::new(&config).expect("an engine")
}

/// What can be seen of a call from outside.
#[derive(Debug, PartialEq)]
struct Seen {
    outcome: Result<Vec<String>, String>,
    globals: Vec<(String, String)>,
    memories: Vec<(String, Vec<u8>)>,
    tables: Vec<(String, u64)>,
}

/// What is kept for a metered guest.
#[derive(Default)]
struct Host {
    slice: i32,
    used: i64,
    fuel: Option<Global>,
    depth: Option<Global>,
    too_deep: bool,
}

struct Guest {
    store: Store<Host>,
    instance: Instance,
    metered: Option<Metered>,
    start: Option<String>,
}

/// Fuel for a metered guest's slice.
const DEPTH: i32 = 200;

impl Guest {
    fn plain(engine: &Engine, bytes: &[u8]) -> Result<Self, String> {
        let module = Module::new(engine, bytes).expect("wasmtime compiles it");
        let mut store = Store::new(engine, Host::default());
        let instance = Instance::new(&mut store, &module, &[]);
        let instance = instance.map_err(|error| told(&error))?;
        Ok(Self {
            store,
            instance,
            metered: None,
            start: None,
        })
    }

    fn metered(
        engine: &Engine,
        bytes: &[u8],
        slice: i32,
        random: &mut Random,
    ) -> Result<Self, String> {
        let metered = made(bytes, random);
        let module = Module::new(engine, metered.bytes()).expect("what is metered is valid");
        let gate = gate(&[], 0).expect("nothing is imported");
        let gate = Module::new(engine, gate).expect("the gate is valid");
        let host = Host {
            slice,
            ..Host::default()
        };
        let mut store = Store::new(engine, host);
        let mut linker = Linker::new(engine);
        let ask = FuncType::new(engine, [ValType::I32, ValType::I32], [ValType::I32]);
        let ask = Func::new(&mut store, ask, |mut caller, asks, results| {
            assert_eq!(asks[1].unwrap_i32(), asked::TICK);
            let host = caller.data();
            let (fuel, depth) = (
                host.fuel.expect("it is exported"),
                host.depth.expect("it is exported"),
            );
            let (slice, left) = (host.slice, fuel.get(&mut caller).unwrap_i32());
            if depth.get(&mut caller).unwrap_i32() < 0 {
                caller.data_mut().too_deep = true;
                results[0] = Val::I32(said::ENDS);
                return Ok(());
            }
            caller.data_mut().used += i64::from(slice) - i64::from(left);
            fuel.set(&mut caller, Val::I32(slice))?;
            results[0] = Val::I32(said::WAITS);
            Ok(())
        });
        let wait = FuncType::new(engine, [], [ValType::I32]);
        let wait = Func::new(&mut store, wait, |_, _, results| {
            results[0] = Val::I32(0);
            Ok(())
        });
        let memory = Memory::new(&mut store, MemoryType::new(1, None)).expect("a memory");
        for (name, given) in [
            ("ask", Extern::from(ask)),
            ("wait", wait.into()),
            ("memory", memory.into()),
        ] {
            let defined = linker.define(&mut store, "host", name, given);
            defined.expect("one");
        }
        let defined = linker.define_unknown_imports_as_traps(&gate);
        defined.expect("no references cross");
        let gate = linker
            .instantiate(&mut store, &gate)
            .expect("the gate opens");
        let instance = Instance::new(&mut store, &module, &[]);
        let instance = instance.map_err(|error| told(&error))?;
        let global = |store: &mut Store<Host>, what: &str, value: Val| {
            let global = instance.get_global(&mut *store, &metered.export(what));
            let global = global.expect("it is exported");
            global.set(store, value).expect("it varies");
            global
        };
        let fuel = global(&mut store, "fuel", Val::I32(slice));
        let depth = global(&mut store, "depth", Val::I32(DEPTH));
        global(&mut store, "pages", Val::I64(i64::MAX));
        global(&mut store, "elements", Val::I64(i64::MAX));
        store.data_mut().fuel = Some(fuel);
        store.data_mut().depth = Some(depth);
        let tick = gate.get_func(&mut store, "tick").expect("it is exported");
        let table = instance.get_table(&mut store, &metered.export("gate"));
        let set = table
            .expect("it is exported")
            .set(&mut store, 0, tick.into());
        set.expect("it is a function");
        let mut guest = Self {
            store,
            instance,
            start: metered.start(),
            metered: Some(metered),
        };
        if let Some(start) = guest.start.clone() {
            guest.called(&start).outcome?;
        }
        Ok(guest)
    }

    /// The fuel that has been used.
    fn used(&mut self) -> i64 {
        let host = self.store.data();
        let (slice, used) = (i64::from(host.slice), host.used);
        let left = host.fuel.expect("it is metered").get(&mut self.store);
        used + slice - i64::from(left.unwrap_i32())
    }

    fn called(&mut self, name: &str) -> Seen {
        let func = self.instance.get_func(&mut self.store, name);
        let func = func.expect("it is exported");
        let ty = func.ty(&self.store);
        let params: Option<Vec<Val>> = ty.params().map(|ty| Val::default_for_ty(&ty)).collect();
        let mut results = vec![Val::I32(0); ty.results().len()];
        let outcome = match params {
            None => Err("it wants what cannot be made".to_owned()),
            Some(params) => match func.call(&mut self.store, &params, &mut results) {
                Ok(()) => Ok(results.iter().map(shown).collect()),
                Err(error) => Err(told(&error)),
            },
        };
        let outcome = match self.store.data().too_deep {
            true => Err("too deep".to_owned()),
            false => outcome,
        };
        let exports: Vec<(String, Extern)> = self
            .instance
            .exports(&mut self.store)
            .map(|export| (export.name().to_owned(), export.into_extern()))
            .collect();
        let (mut globals, mut memories, mut tables) = (Vec::new(), Vec::new(), Vec::new());
        for (name, export) in exports {
            if self
                .metered
                .as_ref()
                .is_some_and(|metered| metered.is_added(&name))
            {
                continue;
            }
            match export {
                Extern::Global(global) => globals.push((name, shown(&global.get(&mut self.store)))),
                Extern::Memory(memory) => memories.push((name, memory.data(&self.store).to_vec())),
                Extern::Table(table) => tables.push((name, table.size(&self.store))),
                _ => {}
            }
        }
        Seen {
            outcome,
            globals,
            memories,
            tables,
        }
    }
}

fn shown(value: &Val) -> String {
    match value {
        Val::I32(value) => format!("i32 {value}"),
        Val::I64(value) => format!("i64 {value}"),
        Val::F32(bits) => format!("f32 {bits:x}"),
        Val::F64(bits) => format!("f64 {bits:x}"),
        Val::V128(bits) => format!("v128 {:x}", bits.as_u128()),
        other => match other.ref_().is_some_and(|it| it.is_null()) {
            true => "null".to_owned(),
            false => "a reference".to_owned(),
        },
    }
}

/// What a call came to that did not return.
fn told(error: &wasmtime::Error) -> String {
    match error.downcast_ref::<Trap>() {
        Some(Trap::StackOverflow) => "too deep".to_owned(),
        Some(trap) => trap.to_string(),
        None if error.is::<wasmtime::ThrownException>() => "an exception".to_owned(),
        None => format!("{error:#}"),
    }
}

/// Whether the metered module does the same, whatever the slices.
pub fn compare(bytes: &[u8], _: u64, random: &mut Random) -> Verdict {
    match difference(bytes, random) {
        None => Verdict::Equal,
        Some(how) => Verdict::Differs(how),
    }
}

/// How it differs.
fn difference(bytes: &[u8], random: &mut Random) -> Option<String> {
    thread_local!(static ENGINE: Engine = engine());
    ENGINE.with(|engine| {
        let slices = [1, 1 + random.below(400) as i32, i32::MAX];
        let mut metered = slices.map(|slice| Guest::metered(engine, bytes, slice, random));
        let mut plain = match Guest::plain(engine, bytes) {
            Ok(plain) => plain,
            Err(plain) => {
                let ends = metered.iter().map(|metered| metered.as_ref().err());
                let ends: Vec<Option<&String>> = ends.collect();
                let alike = ends.iter().all(|end| *end == Some(&plain));
                let too_deep = "too deep".to_owned();
                return match alike || plain == too_deep || ends.contains(&Some(&too_deep)) {
                    true => None,
                    false => Some(format!("instantiation: {plain}, metered {ends:?}")),
                };
            }
        };
        let exports: Vec<String> = plain
            .instance
            .exports(&mut plain.store)
            .filter(|export| matches!(export.clone().into_extern(), Extern::Func(_)))
            .map(|export| export.name().to_owned())
            .collect();
        for name in exports.iter().cycle().take(2 * exports.len()) {
            let expected = plain.called(name);
            let mut used = Vec::new();
            for (guest, slice) in metered.iter_mut().zip(slices) {
                let guest = match guest {
                    Ok(guest) => guest,
                    Err(how) if *how == "too deep" => return None,
                    Err(how) => return Some(format!("instantiation of what is metered: {how}")),
                };
                let before = guest.used();
                let seen = guest.called(name);
                if [&seen, &expected]
                    .iter()
                    .any(|it| it.outcome == Err("too deep".to_owned()))
                {
                    return None;
                }
                if seen != expected {
                    return Some(format!(
                        "{name} in slices of {slice}: {seen:?}, not {expected:?}"
                    ));
                }
                used.push(guest.used() - before);
            }
            // A trap takes what was charged in a local with it.
            if expected.outcome.is_ok() && used.iter().any(|it| *it != used[0]) {
                return Some(format!("{name}: fuel {used:?} in slices of {slices:?}"));
            }
        }
        None
    })
}
