//! Go signatures: where they come from, and calls that go by them.

use crate::driver::{Driver, signature};
use crate::written::{self, I32, Written, export};
use plugboard::go::{Pointer, Signature, Source, Type, Value};
use plugboard::module;
use plugboard::protocol::{Command, Event, Outcome, Signatures};

/// `st` adds one to the int32 at its address; `fill` writes 1, 2, 3 behind a pointer.
const MODULE: &str = r#"(module
    (import "log" "log" (func (param i32 i32)))
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "malloc") (param i32) (result i32)
        (global.get $next)
        (global.set $next (i32.add (global.get $next)
            (i32.and (i32.add (local.get 0) (i32.const 15)) (i32.const -16)))))
    (func (export "free") (param i32))
    (func (export "greet") (param i32 i32))
    (func (export "st") (param i32)
        (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 1))))
    (func (export "fill") (param i32)
        (i32.store8 (local.get 0) (i32.const 1))
        (i64.store offset=8 (local.get 0) (i64.const 2))
        (f32.store offset=16 (local.get 0) (f32.const 3))))"#;

const SOURCE: &str = r#"package main

import "structs"

//go:wasmimport log log
func log(msg string)

// S is what st takes.
type S struct {
	_   structs.HostLayout
	val int32
}

type Mixed struct {
	_ structs.HostLayout
	a uint8
	b int64
	c float32
}

//go:wasmexport greet
func greet(name string) { log("Hello, " + name) }

//go:wasmexport st
func st(s *S) { s.val++ }

//go:wasmexport fill
func fill(m *Mixed) {}

func main() {}
"#;

fn with_source(source: &str) -> (Driver, Signatures) {
    let mut driver = Driver::with_wat(MODULE);
    driver.session.handle(Command::GoSource {
        files: vec![("main.go".to_owned(), source.to_owned())],
    });
    match driver.session.take_events().pop() {
        Some(Event::Signatures(signatures)) => (driver, *signatures),
        other => panic!("no signatures: {other:?}"),
    }
}

fn best(signatures: &Signatures, name: &str) -> (Signature, Source) {
    let mut all = signatures.exports.iter().flatten();
    all.find(|(signature, _)| signature.name == name)
        .unwrap_or_else(|| panic!("no signature for {name}"))
        .clone()
}

#[test]
fn the_source_gives_exports_and_imports_their_types() {
    let (_, signatures) = with_source(SOURCE);
    assert_eq!(signatures.problems, Vec::<String>::new());
    for (name, text) in [
        ("greet", "greet(name string)"),
        ("st", "st(s *S)"),
        ("fill", "fill(m *Mixed)"),
    ] {
        let (signature, source) = best(&signatures, name);
        assert_eq!(signature.to_string(), text);
        assert_eq!(source.to_string(), "from main.go");
    }
    let (log, _) = signatures.imports[0].as_ref().expect("log.log is known");
    assert_eq!(log.to_string(), "log(msg string)");
}

#[test]
fn a_pointee_is_passed_and_read_back() {
    let (mut driver, signatures) = with_source(SOURCE);
    let (st, _) = best(&signatures, "st");
    let seven = Value::new(Value::Struct(vec![("val".to_owned(), Value::Int(7))]));
    let ended = driver.call_as(st, vec![seven]);
    let Outcome::Returned { args, .. } = &ended.outcome else {
        panic!("{:?}", ended.outcome);
    };
    let eight = Value::Struct(vec![("val".to_owned(), Value::Int(8))]);
    assert_eq!(args, &[Value::Pointer(Pointer::New(Box::new(eight)))]);
}

#[test]
fn fields_lie_where_the_host_layout_puts_them() {
    let (mut driver, signatures) = with_source(SOURCE);
    let (fill, _) = best(&signatures, "fill");
    let Type::Pointer(element) = &fill.params[0].ty else {
        panic!("{fill}");
    };
    let zero = Value::zero(element).expect("a zero value");
    let ended = driver.call_as(fill.clone(), vec![Value::new(zero)]);
    let Outcome::Returned { args, .. } = &ended.outcome else {
        panic!("{:?}", ended.outcome);
    };
    let filled = Value::Struct(vec![
        ("a".to_owned(), Value::Uint(1)),
        ("b".to_owned(), Value::Int(2)),
        ("c".to_owned(), Value::Float32(3f32.to_bits())),
    ]);
    assert_eq!(args, &[Value::new(filled)]);
}

#[test]
fn nil_and_addresses_need_no_room() {
    let (mut driver, signatures) = with_source(SOURCE);
    let (st, _) = best(&signatures, "st");
    for pointer in [Pointer::Nil, Pointer::Address(64)] {
        let ended = driver.call_as(st.clone(), vec![Value::Pointer(pointer.clone())]);
        let Outcome::Returned { args, .. } = &ended.outcome else {
            panic!("{:?}", ended.outcome);
        };
        assert_eq!(args, &[Value::Pointer(pointer)]);
    }
    let memory = driver.session.instance().expect("an instance").memory();
    let memory = memory.to_vec();
    assert_eq!((memory[0], memory[64]), (1, 1));
}

#[test]
fn a_source_that_does_not_fit_is_not_used() {
    let (_, signatures) = with_source(
        "package main\n\n//go:wasmexport greet\nfunc greet(n int64) {}\n\n\
         //go:wasmexport gone\nfunc gone() {}\n",
    );
    let (greet, source) = best(&signatures, "greet");
    assert_eq!(source, Source::Guess, "{greet}");
    let problems = signatures.problems.join("\n");
    assert!(
        problems.contains("greet(n int64) needs (i64); the module has (i32, i32)"),
        "{problems}"
    );
    assert!(problems.contains("exports no function gone"), "{problems}");
}

#[test]
fn what_no_compiler_accepts_is_said_as_a_compiler_says_it() {
    let (_, signatures) = with_source(
        "package main\n\n//go:wasmimport log log\nfunc log(n *int, msg string)\n\n\
         //go:wasmexport greet\nfunc greet(s string) string { return s }\n\n\
         //go:wasmexport st\nfunc st(n int8) {}\n",
    );
    assert_eq!(
        signatures.problems,
        [
            "main.go:4:6: log: parameter n: type *int is not allowed: int has no fixed size: use \
             int32 or int64",
            "main.go:7:6: greet: result type string is not allowed: strings are permitted as \
             parameters only",
            "main.go:10:6: st: parameter n: type int8 is not allowed: integers of 8 and 16 bits are \
             permitted behind a pointer only: use int32",
        ]
    );
    // The module has it all the same: the compiler was another one.
    let (st, _) = best(&signatures, "st");
    assert_eq!(st.to_string(), "st(n int8)");
    let (_, signatures) =
        with_source("package main\n//go:wasmimport log log\nfunc log(msg string, n int32)\n");
    assert_eq!(
        signatures.problems,
        ["import log.log(msg string, n int32) needs (i32, i32, i32); the module has (i32, i32)"]
    );
}

#[test]
fn of_several_functions_of_one_name_the_one_that_the_module_has_counts() {
    let mut driver = Driver::with_wat(MODULE);
    let files = ["(n int64)", "(msg string)", "()"].map(|params| {
        let text = format!("package main\n//go:wasmexport greet\nfunc greet{params} {{}}\n");
        (format!("cmd/{}/main.go", params.len()), text)
    });
    driver.session.handle(Command::GoSource {
        files: files.to_vec(),
    });
    let (_, events) = driver.drain();
    let Some(Event::Signatures(signatures)) = events.first() else {
        panic!("{events:?}");
    };
    assert_eq!(signatures.problems, Vec::<String>::new());
    assert_eq!(best(signatures, "greet").0.to_string(), "greet(msg string)");
}

/// TinyGo's debug information says nothing of results.
#[test]
fn source_that_agrees_with_debug_information_tells_the_result() {
    let module = include_bytes!("../fuzz/corpus/dwarf/tinygo.wasm");
    let read = |params: &str| {
        let main = format!(
            "package main\nimport (\"unsafe\"; \"example.com/x/units\")\n\
             type Node struct {{ next *Node; pair [2]int32; at int64 }}\n\
             //go:wasmexport walk\nfunc walk({params}) uint64 {{ return 0 }}\n"
        );
        let units = "package units\ntype Celsius float32\n";
        let mut driver = Driver::new();
        driver.load("tinygo.wasm", module.to_vec());
        driver.session.handle(Command::GoSource {
            files: vec![
                ("main.go".to_owned(), main),
                ("units/units.go".to_owned(), units.to_owned()),
            ],
        });
        match driver.drain().1.pop() {
            Some(Event::Signatures(signatures)) => best(&signatures, "walk"),
            other => panic!("no signatures: {other:?}"),
        }
    };
    let (walk, source) = read("n *Node, c units.Celsius, raw unsafe.Pointer, at uintptr");
    let params = "walk(n *Node, c units.Celsius, raw unsafe.Pointer, at uintptr)";
    assert_eq!(walk.to_string(), format!("{params} uint64"));
    assert_eq!(source.to_string(), "from main.go");
    let (walk, source) = read("n, c, raw, at uint32");
    assert_eq!(walk.to_string(), format!("{params} int64"));
    assert_eq!(source, Source::Dwarf);
}

/// TinyGo keeps no more than the first parameter of a function that does next to nothing.
#[test]
fn guesses_begin_with_what_debug_information_has_kept() {
    let mut dwarf = Written::new(4);
    let unit = dwarf.unit("TinyGo", gimli::DW_LANG_C99);
    let level = dwarf.base(unit, "uint32", gimli::DW_ATE_unsigned, 4);
    let function = dwarf.function(unit, "main.note", &[("level", level)]);
    dwarf.refer(function, gimli::DW_AT_type, level);
    let note = export("note", "main.note#wasmexport", &[I32, I32, I32], &[]);
    let module = written::module(&[note], &dwarf.sections(), true);
    let mut driver = Driver::new();
    let events = driver.load("note.wasm", module);
    let read = events.into_iter().find_map(|event| match event {
        Event::Signatures(signatures) => Some(signatures),
        _ => None,
    });
    let signatures = read.expect("there is debug information");
    assert_eq!(signatures.problems, Vec::<String>::new());
    let shown = signatures.exports.iter().flatten();
    let shown: Vec<String> = shown
        .map(|(signature, source)| format!("{signature} {source}"))
        .collect();
    let source = "first parameter from DWARF, the rest guessed from the Wasm types";
    assert_eq!(
        shown,
        [
            format!("note(level uint32, s string) {source}"),
            format!("note(level uint32, n1 int32, n2 int32) {source}"),
        ]
    );
}

#[test]
fn a_syntax_error_names_its_place() {
    let (_, signatures) =
        with_source("package main\n\n//go:wasmexport greet\nfunc greet(name) {\n");
    assert_eq!(
        signatures.problems,
        ["main.go:4:18: syntax error: { is never closed"]
    );
}

#[test]
fn arguments_that_do_not_fit_are_refused() {
    let mut driver = Driver::with_wat(MODULE);
    let greet = signature("greet", &[Type::String], None);
    for args in [
        vec![],
        vec![Value::Int(1)],
        vec![Value::string("a"), Value::string("b")],
    ] {
        let ended = driver.call_as(greet.clone(), args);
        assert!(
            matches!(ended.outcome, Outcome::Refused(_)),
            "{:?}",
            ended.outcome
        );
    }
}

#[test]
fn debug_information_is_seen_at_a_glance() {
    let wasm = |text: &str| wat::parse_str(text).expect("the text is a module");
    let before = r#"(@custom "some" (after func) ".debug_info") (func (export "f"))"#;
    let with = wasm(&format!(
        r#"(module {before} (@custom ".debug_info" "12345"))"#
    ));
    let without = wasm(&format!(
        r#"(module {before} (@custom ".debug_line" "12345"))"#
    ));
    assert!(module::has_debug(&with));
    assert!(!module::has_debug(&without));
    // A section that is not all there is none.
    for end in 0..with.len() {
        assert!(!module::has_debug(&with[..end]), "of the first {end} bytes");
    }
}

#[test]
fn what_is_known_of_a_function_with_the_same_body_shuts_out_nothing() {
    let mut dwarf = Written::new(4);
    let unit = dwarf.unit("TinyGo", gimli::DW_LANG_C99);
    let int32 = dwarf.base(unit, "int32", gimli::DW_ATE_signed, 4);
    let first = dwarf.function(unit, "main.first", &[("q", int32)]);
    dwarf.refer(first, gimli::DW_AT_type, int32);
    let exports = [export("first", "main.first#wasmexport", &[I32, I32], &[])];
    let further = [("greet", 1)];
    let wasm = written::folded(&exports, &further, &dwarf.sections(), true);
    let mut driver = Driver::new();
    let events = driver.load("folded.wasm", wasm);
    let signatures = events.iter().find_map(|event| match event {
        Event::Signatures(signatures) => Some(signatures),
        _ => None,
    });
    let signatures = signatures.expect("the debug information is read");
    let (known, source) = best(signatures, "first");
    assert_eq!(known.to_string(), "first(q int32, n int32)");
    assert_eq!(source, Source::GuessAfter { known: 1 });
    let greet: Vec<String> = signatures.exports[1]
        .iter()
        .map(|(signature, source)| {
            assert_eq!(*source, Source::Guess);
            signature.to_string()
        })
        .collect();
    assert_eq!(
        greet,
        [
            "greet(s string)",
            "greet(n1 int32, n2 int32)",
            "greet(q int32, n int32)"
        ]
    );
}
