//! Where a guest is that is not standard Go's: its functions note it, and nothing else about it is changed.

use crate::driver::{Driver, Ended, signature};
use plugboard::go::{Type, Value};
use plugboard::module;
use plugboard::protocol::{
    Answer, At, CallId, Command, Event, Limits, Outcome, RawFrame, Settings, Stack, Stdin,
};
use plugboard::session::{HostResult, Next};

/// Function 0 is imported; what the others are is in their comments.
const GUEST: &str = r#"(module
    (import "host" "ask" (func $ask (param i32) (result i32)))
    (type $unary (func (param i32) (result i32)))
    (memory (export "memory") 1 2)
    (global $count (export "count") (mut i32) (i32.const 5))
    (table 3 funcref)
    (elem (i32.const 0) $double $wrong)
    (;1;) (func $double (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
    (;2;) (func $wrong)
    (;3;) (func $die (param i32) (result i32)
        (if (i32.eqz (local.get 0)) (then unreachable))
        (call $double (local.get 0)))
    (;4;) (func $middle (param i32) (result i32) (local i32)
        (local.set 1 (call $double (local.get 0)))
        (call $die (i32.sub (local.get 1) (i32.const 2))))
    (;5;) (func (export "die") (param i32) (result i32) (call $middle (local.get 0)))
    (;6;) (func $divide (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
    (;7;) (func (export "divide") (param i32) (result i32) (call $divide (i32.const 9) (local.get 0)))
    (;8;) (func $load (param i32) (result i32) (i32.load (local.get 0)))
    (;9;) (func (export "load") (param i32) (result i32) (call $load (local.get 0)))
    (;10;) (func (export "through") (param i32) (result i32)
        (call_indirect (type $unary) (i32.const 21) (local.get 0)))
    (;11;) (func (export "deep") (param i32) (result i32)
        (if (result i32) (local.get 0)
            (then (call 11 (i32.sub (local.get 0) (i32.const 1))))
            (else (call $die (i32.const 0)))))
    (;12;) (func $spin (loop (br 0)))
    (;13;) (func (export "spin") (call $spin))
    (;14;) (func (export "ask") (param i32) (result i32) (call $double (call $ask (local.get 0))))
    (;15;) (func $tail (param i32) (result i32) (return_call $die (local.get 0)))
    (;16;) (func (export "tail") (param i32) (result i32) (call $tail (local.get 0)))
    (;17;) (func (export "forever") (param i32) (result i32)
        (i32.add (call 17 (local.get 0)) (i32.const 1)))
    (;18;) (func (export "pages") (result i32) (memory.size))
    (;19;) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"#;

fn driver() -> Driver {
    let mut driver = Driver::with_wat(GUEST);
    driver.session.handle(Command::Answer {
        import: 0,
        answer: Answer::Driver,
    });
    driver
}

fn call(driver: &mut Driver, export: &str, argument: i64) -> Ended {
    let signature = signature(export, &[Type::Int32], Some(Type::Int32));
    driver.call_as(signature, vec![Value::Int(argument)])
}

fn begin(driver: &mut Driver, export: &str, argument: i64) -> CallId {
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: export.to_owned(),
        signature: signature(export, &[Type::Int32], Some(Type::Int32)),
        args: vec![Value::Int(argument)],
    });
    call
}

/// The stack that was told, if one was.
fn told(events: &[Event]) -> Option<Stack> {
    let mut stacks = events.iter().filter_map(|event| match event {
        Event::Stack { stack, .. } => Some((**stack).clone()),
        _ => None,
    });
    stacks.next_back()
}

/// The functions of a stack, the innermost first, each with the opcode of the instruction that it is at.
fn functions(stack: &Stack, wat: &str) -> Vec<(u32, Option<u8>)> {
    let bytes = wat::parse_str(wat).expect("it assembles");
    let info = module::read("test.wasm", &bytes).expect("it is a module");
    let mut sections = info.sections.iter();
    let code = sections.find(|section| section.name == "code");
    let code = usize::try_from(code.expect("it has code").offset).expect("it is small");
    let frame = |frame: &RawFrame| match frame.at {
        At::Place(place) => (frame.function, Some(bytes[code + place as usize])),
        At::Unknown => (frame.function, None),
        At::Block(_) => panic!("that is standard Go's"),
    };
    stack.frames.iter().map(frame).collect()
}

#[track_caller]
fn assert_stack(events: &[Event], expected: &[(u32, Option<u8>)]) {
    let stack = told(events).unwrap_or_else(|| panic!("no stack is told: {events:?}"));
    assert_eq!(functions(&stack, GUEST), expected);
    assert_eq!(stack.left_out, None);
}

const UNREACHABLE: Option<u8> = Some(0x00);
const CALL: Option<u8> = Some(0x10);
const CALL_INDIRECT: Option<u8> = Some(0x11);
const DIVIDE: Option<u8> = Some(0x6d);

#[test]
fn a_trap_leads_to_its_instruction_and_to_each_call_before_it() {
    let mut driver = driver();
    let ended = call(&mut driver, "die", 1);
    assert!(matches!(&ended.outcome, Outcome::Trapped(text) if text.contains("unreachable")));
    assert_stack(&ended.events, &[(3, UNREACHABLE), (4, CALL), (5, CALL)]);
}

#[test]
fn what_returns_tells_no_stack() {
    let mut driver = driver();
    let ended = call(&mut driver, "die", 2);
    assert!(matches!(ended.outcome, Outcome::Returned { .. }));
    assert_eq!(told(&ended.events), None);
}

#[test]
fn a_function_that_calls_none_is_known_as_well() {
    let mut driver = driver();
    let ended = call(&mut driver, "divide", 0);
    assert_stack(&ended.events, &[(6, DIVIDE), (7, CALL)]);
}

#[test]
fn where_a_load_has_failed_is_not_guessed() {
    let mut driver = driver();
    let ended = call(&mut driver, "load", 70_000);
    assert_stack(&ended.events, &[(8, None), (9, CALL)]);
}

#[test]
fn a_call_through_a_table_is_where_it_fails() {
    for index in [1, 2, 3] {
        let ended = call(&mut driver(), "through", index);
        assert!(matches!(ended.outcome, Outcome::Trapped(_)));
        assert_stack(&ended.events, &[(10, CALL_INDIRECT)]);
    }
}

#[test]
fn a_tail_call_leaves_no_frame() {
    let ended = call(&mut driver(), "tail", 0);
    assert_stack(&ended.events, &[(3, UNREACHABLE), (16, CALL)]);
}

#[test]
fn of_a_deep_stack_both_ends_are_told() {
    let ended = call(&mut driver(), "deep", 1_000);
    let stack = told(&ended.events).expect("a stack");
    assert_eq!(stack.frames.len(), Stack::MOST);
    // The trap, a thousand and one times the recursion.
    assert_eq!(stack.left_out, Some((1_002 - 256, 128)));
    assert_eq!(
        functions(&stack, GUEST)[..2],
        [(3, UNREACHABLE), (11, CALL)]
    );
}

#[test]
fn a_guest_that_is_stopped_is_where_it_has_not_noted() {
    let mut driver = driver();
    let id = driver.id();
    driver.session.handle(Command::Call {
        call: id,
        export: "spin".to_owned(),
        signature: signature("spin", &[], None),
        args: vec![],
    });
    assert_eq!(driver.session.step(100_000), Next::Ready);
    driver.session.handle(Command::Pause);
    let (_, events) = driver.drain();
    assert_stack(&events, &[(12, None), (13, CALL)]);
    driver.session.handle(Command::Stop);
    let (_, events) = driver.drain();
    assert_stack(&events, &[(12, None), (13, CALL)]);
}

#[test]
fn a_stack_goes_through_host_calls_and_is_put_back_after_them() {
    let mut driver = driver();
    let id = begin(&mut driver, "ask", 3);
    driver.drain();
    let open = driver.session.host_call().expect("it asks");
    let stack = driver.session.stack().expect("a stack");
    assert_eq!(functions(&stack, GUEST), [(14, CALL)]);
    // What is called within, and traps, is above it.
    let die = signature("die", &[Type::Int32], Some(Type::Int32));
    let within = driver
        .session
        .call_within(open.id, "die", die, vec![Value::Int(1)]);
    within.expect("it can be called");
    let stack = loop {
        driver.session.step(1);
        if !driver.session.take_returned().is_empty() {
            break driver.session.stack().expect("a stack");
        }
    };
    assert_eq!(functions(&stack, GUEST), [(14, CALL)], "it is put back");
    driver
        .session
        .host_answer(open.id, Ok(HostResult::Value(Some(Value::Int(21)))));
    let ended = driver.end_of(id);
    assert!(matches!(ended.outcome, Outcome::Returned { .. }));
    let stack = driver.session.stack().expect("a stack");
    assert_eq!(stack.frames, []);
}

#[test]
fn a_host_function_that_fails_is_called_from_somewhere() {
    let mut driver = driver();
    let id = begin(&mut driver, "ask", 3);
    driver.drain();
    let open = driver.session.host_call().expect("it asks");
    driver.session.host_answer(open.id, Err("no".to_owned()));
    assert_stack(&driver.end_of(id).events, &[(14, CALL)]);
}

#[test]
fn the_depth_of_calls_is_limited_as_ever() {
    for depth in [3, 100, 20_000, Limits::MOST_CALL_DEPTH] {
        let mut driver = driver();
        driver.session.handle(Command::Configure(Settings {
            limits: Limits {
                call_depth: depth,
                ..Limits::default()
            },
            ..Settings::default()
        }));
        let ended = call(&mut driver, "forever", 1);
        let Outcome::Limited(text) = &ended.outcome else {
            panic!("{depth}: {:?}", ended.outcome);
        };
        assert!(text.contains("call depth"), "{text}");
        let stack = told(&ended.events).expect("a stack");
        let (more, _) = stack.left_out.unwrap_or_default();
        let frames = u64::from(more) + stack.frames.len() as u64;
        assert!(frames.abs_diff(depth.into()) < 2, "{frames} of {depth}");
    }
}

#[test]
fn nothing_of_it_is_the_guests() {
    let mut driver = driver();
    driver.session.handle(Command::Configure(Settings {
        limits: Limits {
            memory_pages: 1,
            table_elements: 3,
            ..Limits::default()
        },
        ..Settings::default()
    }));
    let pages = driver.call_as(signature("pages", &[], Some(Type::Int32)), vec![]);
    assert!(
        matches!(&pages.outcome, Outcome::Returned { raw, .. } if raw[0].1 == 1),
        "{:?}",
        pages.outcome
    );
    assert_eq!(pages.usage.memory_pages, 1);
    let instance = driver.session.instance().expect("an instance");
    let globals: Vec<String> = instance.globals().into_iter().map(|it| it.name).collect();
    assert_eq!(globals, ["count"]);
    assert_eq!(instance.memory().size(), 65_536);
    let grown = call(&mut driver, "grow", 1);
    assert!(
        matches!(&grown.outcome, Outcome::Returned { raw, .. } if raw[0].1 == u64::from(u32::MAX)),
        "the limit is the guest's: {:?}",
        grown.outcome
    );
}

#[test]
fn a_guest_without_memory_has_none() {
    let mut driver = Driver::with_wat(
        r#"(module (func $f (call $g)) (func $g (call $h)) (func $h unreachable)
            (func (export "f") (call $f)))"#,
    );
    let ended = driver.call("f", &[], vec![]);
    let stack = told(&ended.events).expect("a stack");
    let functions: Vec<u32> = stack.frames.iter().map(|frame| frame.function).collect();
    assert_eq!(functions, [2, 1, 0, 3]);
    let instance = driver.session.instance().expect("an instance");
    assert_eq!((instance.memory().size(), instance.globals().len()), (0, 0));
}

#[test]
fn a_start_section_has_a_stack() {
    let wat = r#"(module (memory 1) (start $start)
        (func $start (call $fail)) (func $fail unreachable) (func (export "f")))"#;
    let ended = Driver::with_wat(wat).call("f", &[], vec![]);
    assert!(matches!(ended.outcome, Outcome::Trapped(_)));
    let stack = told(&ended.events).expect("a stack");
    assert_eq!(functions(&stack, wat), [(1, UNREACHABLE), (0, CALL)]);
}

#[test]
fn who_waits_for_stdin_waits_somewhere() {
    let wat = r#"(module
        (import "wasi_snapshot_preview1" "fd_read"
            (func $read (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func $line (result i32)
            (i32.store (i32.const 4) (i32.const 9))
            (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
        (func (export "read") (result i32) (call $line)))"#;
    let mut driver = Driver::with_settings(
        wat,
        Settings {
            stdin: Stdin::Interactive,
            ..Settings::default()
        },
    );
    let id = driver.id();
    driver.session.handle(Command::Call {
        call: id,
        export: "read".to_owned(),
        signature: signature("read", &[], Some(Type::Int32)),
        args: vec![],
    });
    let (_, events) = driver.drain();
    let stack = told(&events).expect("a stack");
    assert_eq!(functions(&stack, wat), [(1, CALL), (2, CALL)]);
    driver
        .session
        .handle(Command::Stdin(Some(b"line".to_vec())));
    assert!(matches!(
        driver.end_of(id).outcome,
        Outcome::Returned { .. }
    ));
}
