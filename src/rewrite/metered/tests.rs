use super::{IMPORTS, Making, Metered, SLOT, asked, door, gate, said};
use crate::module::{FuncType, Import, ValType};
use std::rc::Rc;

fn metered(bytes: &[u8], step: usize) -> Metered {
    let mut making = Making::new(Rc::from(bytes)).expect("all of it is known");
    loop {
        if let Some(metered) = making.step(step).expect("all of it is known") {
            return metered;
        }
    }
}

fn check(bytes: &[u8]) {
    let features = wasmparser::WasmFeatures::all();
    let checked = wasmparser::Validator::new_with_features(features).validate_all(bytes);
    checked.expect("it is valid");
}

const MODULE: &str = r#"(module
    (import "host" "f" (func $f (param i32)))
    (memory (export "metered memory") 1)
    (table (export "table") 1 funcref)
    (global (export "'metered fuel") i32 (i32.const 7))
    (func $two (export "two") (param i64) (result i32 i64)
        (br_if 0 (i32.const 1) (local.get 0) (i32.const 1))
        drop (call $f) unreachable)
    (func $start (call $f (i32.const 1)) (drop (memory.grow (i32.const 1))))
    (start $start))"#;

#[test]
fn what_a_module_has_stays_where_it_is() {
    let bytes = wat::parse_str(MODULE).expect("it assembles");
    let metered = metered(&bytes, usize::MAX);
    check(metered.bytes());
    let info = |bytes: &[u8]| crate::module::read("a.wasm", bytes).expect("it is a module");
    let (before, after) = (info(&bytes), info(metered.bytes()));
    let numbered = before.imports.into_iter().enumerate();
    let numbered = numbered.map(|(number, import)| Import {
        module: IMPORTS.to_owned(),
        name: number.to_string(),
        ..import
    });
    assert_eq!(after.imports, numbered.collect::<Vec<_>>());
    let (there, added) = after.exports.split_at(before.exports.len());
    assert_eq!(there, before.exports);
    assert!(there.iter().all(|export| !metered.is_added(&export.name)));
    assert!(added.iter().all(|export| metered.is_added(&export.name)));
    let start = metered.start().expect("there is a start section");
    assert!(added.iter().any(|export| export.name == start));
}

#[test]
fn steps_make_the_same_module() {
    let bytes = wat::parse_str(MODULE).expect("it assembles");
    let at_once = metered(&bytes, usize::MAX);
    assert_eq!(metered(&bytes, 1).bytes(), at_once.bytes());
}

#[test]
fn what_has_no_functions_can_be_metered() {
    let bytes = wat::parse_str("(module)").expect("it assembles");
    check(metered(&bytes, 1).bytes());
}

#[test]
fn each_place_leads_back() {
    const GROW: u8 = 0x40;
    let bytes = wat::parse_str(MODULE).expect("it assembles");
    let metered = metered(&bytes, usize::MAX);
    let places = metered.places();
    let led: Vec<(u8, u32, usize)> = metered
        .bytes()
        .iter()
        .enumerate()
        .filter_map(|(offset, byte)| {
            let (function, original) = places.original(offset)?;
            Some((*byte, function, original))
        })
        .collect();
    assert!(led.is_sorted_by_key(|(_, function, original)| (*function, *original)));
    for function in led.chunk_by(|a, b| a.1 == b.1) {
        // What is put in leads to what is behind it. Each begins with its locals, of which there are more.
        for one in function.chunk_by(|a, b| a.2 == b.2).skip(1) {
            let (byte, _, original) = one[one.len() - 1];
            // A function of the module's own is called in the place of what grows.
            let grows = bytes[original - 1..=original].contains(&GROW);
            assert!(bytes[original] == byte || grows, "at {original}");
        }
    }
    let functions: Vec<u32> = led.iter().map(|(_, function, _)| *function).collect();
    assert_eq!((functions[0], functions[functions.len() - 1]), (1, 2));
}

fn func(params: &[ValType], results: &[ValType]) -> FuncType {
    FuncType {
        params: params.to_vec(),
        results: results.to_vec(),
    }
}

const ALL: [ValType; 7] = [
    ValType::I32,
    ValType::I64,
    ValType::F32,
    ValType::F64,
    ValType::V128,
    ValType::FuncRef,
    ValType::ExternRef,
];

#[test]
fn gates_and_doors_are_valid_for_all_that_crosses() {
    // What reads modules here has no vectors.
    let engine = wasmtime::Engine::default();
    let check = |bytes: Option<Vec<u8>>| {
        let bytes = bytes.expect("there is one");
        wasmtime::Module::validate(&engine, &bytes).expect("it is valid");
    };
    let types = [func(&[], &[]), func(&ALL, &ALL), func(&ALL[..1], &[])];
    check(gate(&types, 64));
    check(gate(&[], 0));
    for ty in &types {
        check(door(ty, u32::MAX - 300));
    }
}

/// What a module imports is asked of the host with its arguments, bit by bit, and what the host puts there is what it gets; an
/// import that ends the call ends it.
#[test]
fn what_crosses_is_bits() {
    const ROOM: u32 = 4096;
    let guest = r#"(module
        (import "host" "swap" (func $swap (param f32 i64 f64 i32) (result i32 f64 i64 f32)))
        (import "host" "end" (func $end))
        (func (export "swap") (param f32 i64 f64 i32) (result i32 f64 i64 f32)
            (call $swap (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
        (func (export "end") (call $end)))"#;
    let guest = wat::parse_str(guest).expect("it assembles");
    let [f32, i64, f64, i32] = [ValType::F32, ValType::I64, ValType::F64, ValType::I32];
    let swap = func(&[f32, i64, f64, i32], &[i32, f64, i64, f32]);
    let end = func(&[], &[]);
    let types = [swap.clone(), end.clone()];
    let gate = gate(&types, ROOM).expect("there is a gate");

    let engine = wasmtime::Engine::default();
    let mut store = wasmtime::Store::new(&engine, Vec::<i32>::new());
    let memory = wasmtime::MemoryType::new(1, None);
    let memory = wasmtime::Memory::new(&mut store, memory).expect("a memory");
    let slot = |at: usize| ROOM as usize + at * SLOT as usize;
    let ask = wasmtime::Func::wrap(
        &mut store,
        move |mut caller: wasmtime::Caller<'_, Vec<i32>>, room: i32, what: i32| {
            assert_eq!(room, ROOM.cast_signed());
            caller.data_mut().push(what);
            if what == 0 {
                // The other way round.
                let bytes = memory.data_mut(&mut caller);
                let mut words: Vec<[u8; 8]> = (0..4)
                    .map(|at| *bytes[slot(at)..].first_chunk().expect("it is there"))
                    .collect();
                words.reverse();
                for (at, word) in words.into_iter().enumerate() {
                    bytes[slot(at)..slot(at) + 8].copy_from_slice(&word);
                }
            }
            if what == 1 { said::ENDS } else { said::ON }
        },
    );
    let wait = wasmtime::Func::wrap(&mut store, || -> i32 { panic!("nothing waits") });
    let mut linker = wasmtime::Linker::new(&engine);
    for (name, given) in [
        ("ask", wasmtime::Extern::from(ask)),
        ("wait", wait.into()),
        ("memory", memory.into()),
    ] {
        linker.define(&mut store, "host", name, given).expect("one");
    }
    let wanted = wasmtime::Module::new(&engine, &gate).expect("it is compiled");
    let defined = linker.define_unknown_imports_as_traps(&wanted);
    defined.expect("no references cross");
    let mut instance = |linker: &wasmtime::Linker<_>, bytes: &[u8]| {
        let module = wasmtime::Module::new(&engine, bytes).expect("it is compiled");
        linker
            .instantiate(&mut store, &module)
            .expect("it is linked")
    };
    let gate = instance(&linker, &gate);
    let exports: Vec<wasmtime::Extern> = (0..2)
        .map(|place: usize| gate.get_func(&mut store, &place.to_string()))
        .map(|func| func.expect("it is exported").into())
        .collect();
    let module = wasmtime::Module::new(&engine, &guest).expect("it is compiled");
    let guest = wasmtime::Instance::new(&mut store, &module, &exports).expect("it is linked");
    let open = |name: &str, ty: &FuncType, store: &mut wasmtime::Store<Vec<i32>>| {
        let mut linker = linker.clone();
        let export = guest.get_func(&mut *store, name).expect("it is exported");
        linker
            .define(&mut *store, "guest", "export", export)
            .expect("one");
        let door = door(ty, ROOM).expect("there is a door");
        let door = wasmtime::Module::new(&engine, door).expect("it is compiled");
        let door = linker
            .instantiate(&mut *store, &door)
            .expect("it is linked");
        let open = door
            .get_typed_func::<(), ()>(&mut *store, "open")
            .expect("it opens");
        open.call(store, ())
    };
    // Signalling and other NaNs among them.
    let words = [
        0x7fa0_0001,
        0x8000_0000_0000_0001,
        0xfff4_0000_dead_beef,
        0xffff_fffe,
    ];
    for (at, word) in words.iter().enumerate() {
        let word: u64 = *word;
        memory
            .write(&mut store, slot(at), &word.to_le_bytes())
            .expect("there is room");
    }
    open("swap", &swap, &mut store).expect("it returns");
    let got: Vec<u64> = (0..4)
        .map(|at| {
            memory.data(&store)[slot(at)..]
                .first_chunk()
                .expect("it is there")
        })
        .map(|bytes| u64::from_le_bytes(*bytes))
        .collect();
    assert_eq!(got, [words[3], words[2], words[1], words[0]]);
    let ended = open("end", &end, &mut store).expect_err("it ends");
    let trap = ended.downcast_ref::<wasmtime::Trap>();
    assert_eq!(trap, Some(&wasmtime::Trap::UnreachableCodeReached));
    assert_eq!(*store.data(), [0, asked::RETURNED, 1]);
}

/// Exceptions as they were first, which browsers run and wasmtime does not.
#[test]
fn legacy_exceptions_are_metered() {
    let module = r#"(module (tag $t (param i32)) (func $f (export "f") (param i32) (result i32)
        (loop $again
            try (result i32)
                try (call $f (i32.const 1)) drop (throw $t (local.get 0)) delegate 0
                (i32.const 1)
            catch $t
                (br_if $again (local.get 0)) drop (rethrow 0)
            catch_all
                (br $again)
            end
            drop)
        (i32.const 2)))"#;
    let bytes = wat::parse_str(module).expect("it assembles");
    check(&bytes);
    check(metered(&bytes, usize::MAX).bytes());
}

/// And only a call is told to be one.
#[test]
fn each_call_leads_back_to_itself() {
    use wasmparser::{Operator, Parser, Payload};
    let bytes = wat::parse_str(MODULE).expect("it assembles");
    let metered = metered(&bytes, usize::MAX);
    let operators = |bytes: &[u8]| {
        let mut all = Vec::new();
        for payload in Parser::new(0).parse_all(bytes) {
            let Ok(Payload::CodeSectionEntry(body)) = payload else {
                continue;
            };
            let mut reader = body.get_operators_reader().expect("it is read");
            while !reader.eof() {
                let (operator, offset) = reader.read_with_offset().expect("it is read");
                // What is called that the module itself does not have is put in.
                let call = match operator {
                    Operator::Call { function_index } => function_index < 3,
                    _ => false,
                };
                all.push((offset, call));
            }
        }
        all
    };
    let places = metered.places();
    let calls = |all: &[(usize, bool)]| {
        let calls = all.iter().filter(|(_, call)| *call);
        calls.map(|(offset, _)| *offset).collect::<Vec<_>>()
    };
    let (before, after) = (operators(&bytes), operators(metered.bytes()));
    let led = calls(&after).into_iter().map(|offset| {
        let (_, place) = places.in_code(offset).expect("it is in a function");
        assert!(places.calls(place), "{offset:#x}");
        places.original(offset).expect("it is in a function").1
    });
    assert_eq!(led.collect::<Vec<_>>(), calls(&before));
    for (offset, call) in after {
        if let Some((_, place)) = places.in_code(offset)
            && !call
            && let Some((_, original)) = places.original(offset)
        {
            assert_eq!(
                places.calls(place),
                calls(&before).contains(&original),
                "{offset:#x}"
            );
        }
    }
}
