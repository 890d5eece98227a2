//! The parts of a module do together what it does.

use crate::names::Rules;
use crate::split;
use wasmi::{Caller, Engine, Extern, Func, Instance, Linker, Module, Store, Val};

/// A function of each kind. What is to move is made long enough for that.
const MODULE: &str = r#"
    (module $app
      (import "host" "add" (func $add (param i32 i32) (result i32)))
      (type $op (func (param i32) (result i32)))
      (memory (export "memory") 1)
      (global $count (mut i32) (i32.const 0))
      (table 4 funcref)
      (elem (i32.const 1) func $app::first $app::later::indirect $app::common)
      (data (i32.const 8) "\2a")
      (func $app::first (export "direct") (param i32) (result i32)
        (call $app::common (call $app::later::direct (local.get 0))))
      (func (export "through") (param i32 i32) (result i32)
        (call_indirect (type $op) (local.get 1) (local.get 0)))
      (func (export "count") (result i32) (global.get $count))
      ;; Only the later part calls it.
      (func $app::of_whoever_calls (param i32) (result i32)
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (call $add (local.get 0) (i32.const 100)))
      (func $app::common (param i32) (result i32)
        (i32.mul (i32.add (local.get 0) (i32.load8_u (i32.const 8))) (i32.const 3)))
      (func $app::later::direct (param i32) (result i32)
        (drop (i64.const 0x7fffffffffffffff))
        (call $app::common (call $app::of_whoever_calls (local.get 0)))
        (call $app::latest::other)
        (i32.add))
      (func $app::later::indirect (param i32) (result i32)
        (drop (i64.const 0x7fffffffffffffff))
        (i32.sub (call $app::of_whoever_calls (local.get 0)) (i32.const 7)))
      (func $app::latest::other (result i32)
        (i32.store (i32.const 16) (i32.const 1000))
        (drop (i64.const 0x7fffffffffffffff))
        (i32.load (i32.const 16))))
"#;

const RULES: &str = "[later]\napp::later # and what only that calls\n[latest]\napp::latest";

/// What the host knows of the parts.
struct Parts {
    programs: Vec<Module>,
    first: Option<Instance>,
    loaded: Vec<u32>,
}

type Run = (Store<Parts>, Instance);

/// Instantiates the parts as `src/ui/parts.js` does.
fn start(parts: &[Vec<u8>]) -> Run {
    let engine = Engine::default();
    let programs: Vec<Module> = parts
        .iter()
        .map(|part| Module::new(&engine, part).unwrap())
        .collect();
    let first = programs[0].clone();
    let mut store = Store::new(
        &engine,
        Parts {
            programs,
            first: None,
            loaded: Vec::new(),
        },
    );
    let mut linker = Linker::new(&engine);
    linker
        .func_wrap("host", "add", |one: i32, other: i32| one + other)
        .unwrap();
    linker.func_wrap("parts", "load", load).unwrap();
    let instance = linker.instantiate_and_start(&mut store, &first).unwrap();
    store.data_mut().first = Some(instance);
    (store, instance)
}

fn load(mut caller: Caller<'_, Parts>, part: u32, _place: u32) {
    let first = caller.data().first.unwrap();
    let program = caller.data().programs[part as usize].clone();
    let table = first.get_table(&caller, "parts").unwrap();
    let imports = program
        .imports()
        .map(|import| match import.name().parse::<u64>() {
            Ok(place) => match table.get(&caller, place).unwrap().as_func().unwrap() {
                wasmi::Nullable::Val(function) => Extern::Func(*function),
                wasmi::Nullable::Null => panic!("{place} is empty"),
            },
            Err(_) => first.get_export(&caller, import.name()).unwrap(),
        });
    let imports: Vec<Extern> = imports.collect();
    Instance::new(&mut caller, &program, &imports).unwrap();
    let has = first.get_global(&caller, &format!("has{part}")).unwrap();
    has.set(&mut caller, Val::I32(1)).unwrap();
    caller.data_mut().loaded.push(part);
}

fn call((store, instance): &mut Run, name: &str, params: &[i32]) -> i32 {
    let function: Func = instance.get_func(&*store, name).unwrap();
    let params: Vec<Val> = params.iter().copied().map(Val::I32).collect();
    let mut results = [Val::I32(0)];
    function.call(store, &params, &mut results).unwrap();
    results[0].i32().unwrap()
}

fn parts() -> (Run, Run) {
    let module = wat::parse_str(MODULE).unwrap();
    let rules = Rules::read(RULES).unwrap();
    let (parts, unused) = split(&module, &rules).unwrap();
    assert_eq!(unused, Vec::<&str>::new());
    (start(&[module]), start(&parts))
}

#[test]
fn a_part_comes_with_the_first_call_of_one_of_its_functions() {
    let (mut whole, mut parts) = parts();
    assert_eq!(call(&mut parts, "count", &[]), 0);
    assert_eq!(
        call(&mut parts, "through", &[3, 5]),
        call(&mut whole, "through", &[3, 5])
    );
    assert_eq!(parts.0.data().loaded, []);
    assert_eq!(
        call(&mut parts, "direct", &[5]),
        call(&mut whole, "direct", &[5])
    );
    // The first calls the second, which was not there either.
    assert_eq!(parts.0.data().loaded, [1, 2]);
    assert_eq!(
        call(&mut parts, "direct", &[-9]),
        call(&mut whole, "direct", &[-9])
    );
    assert_eq!(parts.0.data().loaded, [1, 2]);
    assert_eq!(
        call(&mut parts, "count", &[]),
        call(&mut whole, "count", &[])
    );
}

#[test]
fn a_function_in_a_table_is_a_stub_and_then_itself() {
    let (mut whole, mut parts) = parts();
    for argument in [1, 2] {
        let params = [2, argument];
        assert_eq!(
            call(&mut parts, "through", &params),
            call(&mut whole, "through", &params)
        );
        assert_eq!(parts.0.data().loaded, [1]);
    }
    assert_eq!(call(&mut parts, "count", &[]), 2);
}

#[test]
fn what_only_a_part_calls_is_in_it() {
    let module = wat::parse_str(MODULE).unwrap();
    let (parts, _) = split(&module, &Rules::read(RULES).unwrap()).unwrap();
    let counts: Vec<usize> = parts.iter().map(|part| bodies(part)).collect();
    // In the first: four of its own, three stubs, and what looks for each of two parts.
    assert_eq!(counts, [4 + 3 + 2, 3, 1]);
}

fn bodies(module: &[u8]) -> usize {
    let payloads = wasmparser::Parser::new(0).parse_all(module);
    let bodies =
        payloads.filter(|payload| matches!(payload, Ok(wasmparser::Payload::CodeSectionEntry(_))));
    bodies.count()
}

#[test]
fn the_longest_path_decides_and_other_crates_go_by_their_own() {
    let rules =
        Rules::read("[one]\nplugboard::a\n!plugboard::a::b\nwasmi\n[two]\nplugboard::a::b::c")
            .unwrap();
    for (name, part) in [
        ("plugboard::a::f", Some(1)),
        ("<plugboard::a::T as core::clone::Clone>::clone", Some(1)),
        ("plugboard::ab::f", None),
        ("plugboard::a::b::f", Some(0)),
        ("<plugboard::x::X<plugboard::a::b::c::C>>::f", Some(2)),
        ("<alloc::vec::Vec<plugboard::a::T>>::push", None),
        ("<wasmi::Store<plugboard::a::b::Host>>::new", Some(1)),
    ] {
        assert_eq!(rules.part(name), part, "{name}");
    }
    assert_eq!(
        rules.unused(&["wasmi::f".to_owned()]),
        ["plugboard::a", "plugboard::a::b", "plugboard::a::b::c"]
    );
    assert!(Rules::read("plugboard::a").is_err());
}
