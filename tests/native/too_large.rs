//! A function that the interpreter cannot run is named when it is called; the others can be.

use crate::driver::{Driver, signature};
use plugboard::go::{Type, Value};
use plugboard::protocol::Outcome;

/// A function with so many locals and operands, beside one that returns 7.
fn large(locals: usize, operands: usize) -> Driver {
    Driver::with_wat(&format!(
        "(module (func $small (export \"small\") (result i32) i32.const 7)
            (func $main.large (export \"large\") (param i32) (result i32) (local {}) {} {} local.get 0))",
        "i64 ".repeat(locals),
        "i32.const 1 ".repeat(operands),
        "drop ".repeat(operands)
    ))
}

#[test]
fn a_function_that_is_too_large_is_named_when_it_is_called() {
    let int = |name: &str, params: &[Type]| signature(name, params, Some(Type::Int32));
    let call = |driver: &mut Driver| {
        let small = driver.call_as(int("small", &[]), vec![]).outcome;
        assert!(matches!(small, Outcome::Returned { .. }), "{small:?}");
        let large = int("large", &[Type::Int32]);
        driver.call_as(large, vec![Value::Int(7)]).outcome
    };
    // The operand that is returned counts.
    for (locals, operands) in [(29_999, 5_534), (10, 65_512)] {
        let outcome = call(&mut large(locals, operands));
        assert!(
            matches!(
                &outcome,
                Outcome::Returned {
                    result: Some(Value::Int(7)),
                    ..
                }
            ),
            "{outcome:?}"
        );
    }
    let many = "large: function 1 (main.large) has 30001 locals, parameters counted; at most 30000 can \
        be run: split it, or build with more optimisation";
    let deep = "large: function 1 (main.large) has 30000 locals and up to 5536 operands at a time; \
        twice the locals and the operands may come to 65535: split it, or build with more optimisation";
    for (locals, operands, says) in [(30_000, 0, many), (29_999, 5_536, deep)] {
        let mut driver = large(locals, operands);
        for _ in 0..2 {
            assert_eq!(call(&mut driver), Outcome::Trapped(says.to_owned()));
        }
    }
}
