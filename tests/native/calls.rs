//! Calling exports: when they may be called, and what comes back.

use crate::driver::{Driver, signature};
use plugboard::go::{Type, Value};
use plugboard::module::ValType;
use plugboard::protocol::{Event, InstanceState, Outcome, Settings, Stream};

#[track_caller]
fn assert_refused(outcome: &Outcome, parts: &[&str]) {
    let Outcome::Refused(reason) = outcome else {
        panic!("not refused: {outcome:?}");
    };
    for part in parts {
        assert!(reason.contains(part), "{part:?} is not in {reason:?}");
    }
}

#[track_caller]
fn assert_result(outcome: &Outcome, expected: &Value) {
    let Outcome::Returned { result, .. } = outcome else {
        panic!("not returned: {outcome:?}");
    };
    assert_eq!(result.as_ref(), Some(expected));
}

const ECHO: &str = r#"(module
    (import "log" "log" (func $log (param i32 i32)))
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (global $freed (mut i32) (i32.const 0))
    (func (export "malloc") (param i32) (result i32)
        (global.get $next)
        (global.set $next (i32.add (global.get $next) (i32.and (i32.add (local.get 0) (i32.const 15)) (i32.const -16)))))
    (func (export "free") (param i32)
        (global.set $freed (i32.add (global.get $freed) (i32.const 1))))
    (func (export "freed") (result i32) (global.get $freed))
    (func (export "greet") (param i32 i32) (call $log (local.get 0) (local.get 1)))
    (func (export "boom") (param i32 i32) unreachable))"#;

#[test]
fn a_string_is_placed_passed_and_freed() {
    let mut driver = Driver::with_wat(ECHO);
    let ended = driver.call(
        "greet",
        &[Type::String],
        vec![Value::string("héllo, WaZero")],
    );
    assert!(
        matches!(ended.outcome, Outcome::Returned { .. }),
        "{:?}",
        ended.outcome
    );
    assert_eq!(ended.printed(Stream::Host), "héllo, WaZero");
    let freed = driver.call_as(signature("freed", &[], Some(Type::Int32)), vec![]);
    assert_result(&freed.outcome, &Value::Int(1));
}

#[test]
fn an_empty_string_needs_no_room() {
    let mut driver = Driver::with_wat(ECHO);
    let ended = driver.call("greet", &[Type::String], vec![Value::string("")]);
    assert!(
        matches!(ended.outcome, Outcome::Returned { .. }),
        "{:?}",
        ended.outcome
    );
    assert_eq!(ended.printed(Stream::Host), "");
}

#[test]
fn what_was_placed_is_freed_after_a_trap() {
    let mut driver = Driver::with_wat(ECHO);
    let ended = driver.call("boom", &[Type::String], vec![Value::string("x")]);
    assert_eq!(
        ended.outcome,
        Outcome::Trapped("boom: unreachable executed (a panic or a fatal error)".to_owned())
    );
    let freed = driver.call_as(signature("freed", &[], Some(Type::Int32)), vec![]);
    assert_result(&freed.outcome, &Value::Int(1));
}

#[test]
fn without_an_allocator_a_string_is_refused_with_what_to_add() {
    let mut driver = Driver::with_wat(
        r#"(module
            (memory (export "memory") 1)
            (func (export "greet") (param i32 i32))
            (@producers (processed-by "TinyGo" "0.40.1")))"#,
    );
    let ended = driver.call("greet", &[Type::String], vec![Value::string("x")]);
    assert_refused(&ended.outcome, &["malloc", "free", "//go:wasmexport"]);
    let numbers = driver.call(
        "greet",
        &[Type::Int32, Type::Int32],
        vec![Value::Int(0), Value::Int(1)],
    );
    assert!(
        matches!(numbers.outcome, Outcome::Returned { .. }),
        "{:?}",
        numbers.outcome
    );
}

#[test]
fn what_only_go_can_do_is_advised_to_go_alone() {
    let rust = |text: &str| text.replace("Go cmd/compile", "rustc");
    let mut driver = Driver::with_wat(&rust(COMMAND));
    let before = driver.call("other", &[], vec![]).outcome;
    driver.start();
    let after = driver.call("other", &[], vec![]).outcome;
    let greet = r#"(module (memory (export "memory") 1) (func (export "greet") (param i32 i32)))"#;
    let mut driver = Driver::with_wat(greet);
    let room = driver.call("greet", &[Type::String], vec![Value::string("x")]);
    for (outcome, part) in [
        (before, "_start has not run"),
        (after, "exited with code 3"),
        (room.outcome, "malloc and free"),
    ] {
        let Outcome::Refused(text) = outcome else {
            panic!("{outcome:?}");
        };
        assert!(text.contains(part), "{text}");
        assert!(
            !text.contains("c-shared") && !text.contains("go:"),
            "{text}"
        );
    }
}

#[test]
fn numbers_come_back_bit_for_bit() {
    let mut driver = Driver::with_wat(
        r#"(module
            (func (export "i64") (param i64) (result i64) local.get 0)
            (func (export "f32") (param f32) (result f32) local.get 0)
            (func (export "f64") (param f64) (result f64) local.get 0)
            (func (export "i32") (param i32) (result i32) local.get 0))"#,
    );
    let cases = [
        ("i64", Type::Int64, Value::Int(i64::MIN)),
        ("i64", Type::Uint64, Value::Uint(u64::MAX)),
        ("f32", Type::Float32, Value::Float32(0x7fa0_0001)),
        ("f64", Type::Float64, Value::Float64(0x8000_0000_0000_0000)),
        ("i32", Type::Int32, Value::Int(-1)),
        ("i32", Type::Uint32, Value::Uint(u64::from(u32::MAX))),
        ("i32", Type::Bool, Value::Bool(true)),
    ];
    for (export, ty, value) in cases {
        let signature = signature(export, std::slice::from_ref(&ty), Some(ty.clone()));
        let ended = driver.call_as(signature, vec![value.clone()]);
        assert_result(&ended.outcome, &value);
    }
}

#[test]
fn a_signature_that_does_not_fit_is_refused() {
    let mut driver = Driver::with_wat(r#"(module (func (export "greet") (param i32)))"#);
    let ended = driver.call("greet", &[Type::String], vec![Value::string("x")]);
    assert_refused(
        &ended.outcome,
        &["needs (i32, i32)", "the module has (i32)"],
    );
}

const REACTOR: &str = r#"(module
    (global $ready (mut i32) (i32.const 0))
    (func (export "_initialize") (global.set $ready (i32.add (global.get $ready) (i32.const 1))))
    (func (export "ready") (result i32) (global.get $ready)))"#;

fn ready(driver: &mut Driver) -> Outcome {
    driver
        .call_as(signature("ready", &[], Some(Type::Int32)), vec![])
        .outcome
}

#[test]
fn a_reactor_is_initialized_once_before_its_first_call() {
    let mut driver = Driver::with_wat(REACTOR);
    assert_result(&ready(&mut driver), &Value::Int(1));
    assert_result(&ready(&mut driver), &Value::Int(1));
    assert_refused(&driver.start().outcome, &["_initialize has already run"]);
}

#[test]
fn a_reactor_can_be_initialized_by_hand() {
    let settings = Settings {
        auto_initialize: false,
        ..Settings::default()
    };
    let mut driver = Driver::with_settings(REACTOR, settings);
    assert_refused(
        &ready(&mut driver),
        &["_initialize has not run", "call _initialize first"],
    );
    let ended = driver.start();
    assert!(
        matches!(ended.outcome, Outcome::Returned { .. }),
        "{:?}",
        ended.outcome
    );
    assert!(
        ended
            .events
            .contains(&Event::Instance(InstanceState::Initialized))
    );
    assert_result(&ready(&mut driver), &Value::Int(1));
}

const COMMAND: &str = r#"(module
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (global $runs (mut i32) (i32.const 0))
    (func (export "_start") (call $exit (i32.const 3)))
    (func (export "other"))
    (@producers (processed-by "Go cmd/compile" "go1.27")))"#;

#[test]
fn a_command_exits_with_its_code() {
    let mut driver = Driver::with_wat(COMMAND);
    let ended = driver.start();
    assert_eq!(ended.outcome, Outcome::Exited(3));
    assert!(
        ended
            .events
            .contains(&Event::Instance(InstanceState::Exited(3)))
    );
}

#[test]
fn nothing_can_be_called_after_an_exit_but_the_command_again() {
    let mut driver = Driver::with_wat(COMMAND);
    assert_refused(
        &driver.call("other", &[], vec![]).outcome,
        &["_start has not run", "-buildmode=c-shared"],
    );
    driver.start();
    assert_refused(
        &driver.call("other", &[], vec![]).outcome,
        &["exited with code 3", "-buildmode=c-shared"],
    );
    assert_eq!(
        driver.start().outcome,
        Outcome::Exited(3),
        "on a fresh instance"
    );
}

#[test]
fn a_bare_module_needs_no_start() {
    let mut driver = Driver::with_wat(r#"(module (func (export "f")))"#);
    assert!(matches!(
        driver.call("f", &[], vec![]).outcome,
        Outcome::Returned { .. }
    ));
    assert_refused(&driver.start().outcome, &["neither _start nor _initialize"]);
}

#[test]
fn the_traps_of_the_specification_are_named() {
    let traps = [
        ("unreachable", "unreachable executed"),
        (
            "(drop (i32.div_u (i32.const 1) (i32.const 0)))",
            "integer divide by zero",
        ),
        (
            "(drop (i32.div_s (i32.const -2147483648) (i32.const -1)))",
            "integer overflow",
        ),
        (
            "(drop (i32.trunc_f32_s (f32.const nan)))",
            "invalid conversion to integer",
        ),
        (
            "(drop (i32.load (i32.const 65536)))",
            "out of bounds memory access",
        ),
        (
            "(call_indirect (i32.const 9))",
            "out of bounds table access",
        ),
        ("(call_indirect (i32.const 0))", "uninitialized element"),
    ];
    for (body, name) in traps {
        let mut driver = Driver::with_wat(&format!(
            r#"(module (memory 1) (table 1 funcref) (func $f (export "f") {body}))"#
        ));
        let ended = driver.call("f", &[], vec![]);
        let Outcome::Trapped(text) = &ended.outcome else {
            panic!("{body}: {:?}", ended.outcome);
        };
        assert!(
            text.starts_with("f: ") && text.contains(name),
            "{body}: {text}"
        );
        assert!(
            ended
                .events
                .contains(&Event::Instance(InstanceState::Broken))
        );
    }
}

#[test]
fn raw_results_are_given_with_their_types() {
    let mut driver = Driver::with_wat(
        r#"(module (func (export "two") (result i32 f64) i32.const -1 f64.const 1))"#,
    );
    // No Go function has two results, so the module's own types say what came.
    let ended = driver.call_as(signature("two", &[], None), vec![]);
    match ended.outcome {
        Outcome::Returned { raw, .. } => assert_eq!(
            raw,
            [(ValType::I32, 0xffff_ffff), (ValType::F64, 1f64.to_bits())]
        ),
        Outcome::Refused(reason) => assert!(reason.contains("two"), "{reason}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_module_that_cannot_be_instantiated_says_why() {
    for (module, says) in [
        (
            r#"(module (memory 1) (data (i32.const 65535) "xy") (func (export "f")))"#,
            "the module cannot be instantiated: a data segment does not fit into its memory",
        ),
        (
            r#"(module (table 2 funcref) (elem (i32.const 1) $f $f) (func $f (export "f")))"#,
            "the module cannot be instantiated: 2 elements do not fit into their table at 1",
        ),
        (
            r#"(module (import "env" "memory" (memory 20000)) (func (export "f")))"#,
            "import env.memory cannot be provided: the guest asked for 1,250 MiB of memory; \
             the limit is 1 GiB (Settings, memory)",
        ),
        (
            r#"(module (import "env" "table" (table 2000000 funcref)) (func (export "f")))"#,
            "import env.table cannot be provided: the guest asked for a table of 2,000,000 elements; \
             the limit is 1,048,576 (Settings, table elements)",
        ),
    ] {
        let ended = Driver::with_wat(module).call("f", &[], vec![]);
        assert_eq!(ended.outcome, Outcome::Refused(says.to_owned()));
    }
}
