//! Where arguments get room from, and what is told of it.

use crate::driver::{Driver, Ended, signature};
use plugboard::go::{Type, Value};
use plugboard::module::Info;
use plugboard::protocol::{Allocator, Command, Event, Outcome, Placed};

/// Gives room from 1024 on by `take`, and notes in a global what `give` gives back.
const PAIR: &str = r#"(module
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (global $given (mut i32) (i32.const 0))
    (func (export "take") (param i32) (result i32)
        (global.get $next)
        (global.set $next (i32.add (global.get $next) (i32.const 16))))
    (func (export "give") (param i32 i32)
        (global.set $given (i32.add (global.get $given)
            (i32.add (i32.mul (local.get 0) (i32.const 100)) (local.get 1)))))
    (func (export "given") (result i32) (global.get $given))
    (func (export "upper") (param i32 i32)
        (i32.store8 (local.get 0) (i32.const 65)))
    (func (export "double") (param i32)
        (i32.store (local.get 0) (i32.mul (i32.load (local.get 0)) (i32.const 2))))
    (func (export "fail") (param i32 i32) (unreachable)))"#;

fn pair() -> Allocator {
    Allocator::Pair {
        allocate: "take".to_owned(),
        free: Some("give".to_owned()),
    }
}

fn placed(ended: &Ended) -> Option<Placed> {
    ended.events.iter().find_map(|event| match event {
        Event::Placed(placed) => Some((**placed).clone()),
        _ => None,
    })
}

fn info(wat: &str) -> Info {
    let mut driver = Driver::new();
    let bytes = wat::parse_str(wat).expect("the test's WAT assembles");
    let events = driver.load("test.wasm", bytes);
    let read = events.into_iter().find_map(|event| match event {
        Event::Read(info) => Some(*info),
        _ => None,
    });
    read.expect("the module is read")
}

#[test]
fn a_pair_that_is_chosen_gives_room_and_is_told_the_size_where_it_asks_for_it() {
    let mut driver = Driver::with_wat(PAIR);
    let text = || vec![Value::string("abc")];
    let refused = driver.call("upper", &[Type::String], text());
    assert!(matches!(refused.outcome, Outcome::Refused(_)));
    driver.session.handle(Command::Allocate(Some(pair())));
    let ended = driver.call("upper", &[Type::String], text());
    assert!(matches!(ended.outcome, Outcome::Returned { .. }));
    let placed = placed(&ended).expect("a string takes room");
    assert_eq!(placed.allocator, "take and give");
    let block = &placed.blocks[0];
    assert_eq!((block.param, block.address, block.size), (Some(0), 1024, 3));
    assert_eq!((&*block.before, &*block.after), (&b"abc"[..], &b"Abc"[..]));
    let given = driver.call_as(signature("given", &[], Some(Type::Int32)), Vec::new());
    let Outcome::Returned { raw, .. } = given.outcome else {
        panic!("{:?}", given.outcome);
    };
    assert_eq!(raw[0].1, 1024 * 100 + 3, "given back once, with its size");
}

#[test]
fn bytes_are_put_into_room_that_the_guest_keeps() {
    let mut driver = Driver::with_wat(PAIR);
    let put = |driver: &mut Driver, bytes: &[u8]| {
        let call = driver.id();
        let bytes = bytes.to_vec();
        driver.session.handle(Command::Put { call, bytes });
        driver.end_of(call).outcome
    };
    let Outcome::Refused(reason) = put(&mut driver, b"abc") else {
        panic!("nothing gives room");
    };
    assert!(reason.contains("nothing that gives room"), "{reason}");
    driver.session.handle(Command::Allocate(Some(pair())));
    for (bytes, address) in [(&b"abc"[..], 1024), (b"de", 1040)] {
        let outcome = put(&mut driver, bytes);
        let Outcome::Returned { raw, shown, .. } = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!((raw[0].1, shown), (address, Some(format!("{address:#x}"))));
        let length = bytes.len() as u64;
        let read = driver.session.read_memory(address, length);
        assert_eq!(read.as_deref(), Ok(bytes));
    }
    let given = driver.call_as(signature("given", &[], Some(Type::Int32)), Vec::new());
    let Outcome::Returned { raw, .. } = given.outcome else {
        panic!("{:?}", given.outcome);
    };
    assert_eq!(raw[0].1, 0, "nothing was given back");
}

#[test]
fn an_abi_of_its_own_is_followed_by_hand() {
    // The host is to call alloc(n), write n bytes there, then call sum().
    let mut driver = Driver::with_wat(
        r#"(module (memory (export "memory") 1) (global $n (mut i32) (i32.const 0))
            (func (export "alloc") (param i32) (result i32)
                (global.set $n (local.get 0)) (i32.const 1024))
            (func (export "sum") (result i32) (local $i i32) (local $s i32)
                (loop $l (if (i32.lt_u (local.get $i) (global.get $n)) (then
                    (local.set $s (i32.add (local.get $s)
                        (i32.load8_u offset=1024 (local.get $i))))
                    (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $l))))
                (local.get $s)))"#,
    );
    let sum = |driver: &mut Driver| {
        let ended = driver.call_as(signature("sum", &[], Some(Type::Int32)), Vec::new());
        match ended.outcome {
            Outcome::Returned { raw, .. } => raw[0].1,
            other => panic!("{other:?}"),
        }
    };
    let alloc = signature("alloc", &[Type::Int32], Some(Type::Int32));
    driver.call_as(alloc, vec![Value::Int(3)]);
    driver
        .session
        .write_memory(1024, b"abc")
        .expect("it is in memory");
    assert_eq!(sum(&mut driver), 294);
    // The same in one: nothing needs to take room back.
    driver
        .session
        .handle(Command::Allocate(Some(Allocator::Pair {
            allocate: "alloc".to_owned(),
            free: None,
        })));
    let call = driver.id();
    let bytes = b"abcd".to_vec();
    driver.session.handle(Command::Put { call, bytes });
    driver.end_of(call);
    assert_eq!(sum(&mut driver), 394);
}

#[test]
fn what_was_placed_is_told_of_a_call_that_traps_too() {
    let mut driver = Driver::with_wat(PAIR);
    driver.session.handle(Command::Allocate(Some(pair())));
    let ended = driver.call("fail", &[Type::String], vec![Value::string("abc")]);
    assert!(matches!(ended.outcome, Outcome::Trapped(_)));
    let placed = placed(&ended).expect("a string takes room");
    assert_eq!(placed.blocks[0].after, b"abc");
}

#[test]
fn a_call_that_needs_no_room_tells_of_none() {
    let mut driver = Driver::with_wat(PAIR);
    let at = Value::Pointer(plugboard::go::Pointer::Address(64));
    let ended = driver.call("double", &[Type::Int32.pointer()], vec![at]);
    assert!(matches!(ended.outcome, Outcome::Returned { .. }));
    assert_eq!(placed(&ended), None);
}

#[test]
fn the_choices_are_those_whose_types_fit() {
    let pairs = info(PAIR);
    assert_eq!(Allocator::usual(&pairs), None);
    let choices = Allocator::choices(&pairs);
    // What is called otherwise belongs to nothing: each of the two is chosen by itself.
    assert_eq!(
        choices,
        [Allocator::Pair {
            allocate: "take".to_owned(),
            free: None
        }]
    );
    let frees = ["give", "upper", "double", "fail"];
    assert_eq!(Allocator::frees(&pairs), frees);
    let both = info(
        r#"(module
            (func (export "xalloc") (param i32) (result i32) local.get 0)
            (func (export "malloc") (param i32) (result i32) local.get 0)
            (func (export "free") (param i32))
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) local.get 0))"#,
    );
    let choices: Vec<String> = Allocator::choices(&both)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(choices, ["malloc and free", "cabi_realloc", "xalloc"]);
}

#[test]
fn functions_belong_together_by_their_names() {
    let function = |(name, is): &(&str, &str)| format!("(func (export \"{name}\") {is})");
    let gives = "(param i32) (result i32) local.get 0";
    let takes = "(param i32)";
    let all = [
        ("fib", gives),
        ("reset", takes),
        ("Malloc", gives),
        ("my_alloc_bytes", gives),
        ("my_dealloc_bytes", takes),
        ("your_free_bytes", takes),
        ("__new", gives),
        ("__release", takes),
        ("free", takes),
        ("abi_allocate", gives),
        ("abi_deallocate", "(param i32 i32)"),
        ("lone_alloc", gives),
    ];
    let wat: Vec<String> = all.iter().map(function).collect();
    let info = info(&format!("(module {})", wat.concat()));
    let choices: Vec<String> = Allocator::choices(&info)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        choices,
        [
            "Malloc and free",
            "my_alloc_bytes and my_dealloc_bytes",
            "__new and __release",
            "abi_allocate and abi_deallocate",
            "lone_alloc",
            "fib",
        ]
    );
}

#[test]
fn room_that_nothing_takes_back_is_left_to_the_guest() {
    let mut driver = Driver::with_wat(PAIR);
    driver
        .session
        .handle(Command::Allocate(Some(Allocator::Pair {
            allocate: "take".to_owned(),
            free: None,
        })));
    let ended = driver.call("upper", &[Type::String], vec![Value::string("abc")]);
    assert!(matches!(ended.outcome, Outcome::Returned { .. }));
    let given = driver.call_as(signature("given", &[], Some(Type::Int32)), Vec::new());
    let Outcome::Returned { raw, .. } = given.outcome else {
        panic!("{:?}", given.outcome);
    };
    assert_eq!(raw[0].1, 0);
}

#[test]
fn an_allocator_that_is_not_there_is_refused() {
    let mut driver = Driver::with_wat(PAIR);
    let missing = Allocator::Realloc("take".to_owned());
    driver.session.handle(Command::Allocate(Some(missing)));
    let ended = driver.call("upper", &[Type::String], vec![Value::string("abc")]);
    let Outcome::Refused(reason) = ended.outcome else {
        panic!("{:?}", ended.outcome);
    };
    assert!(reason.contains("exports no take"), "{reason}");
}
