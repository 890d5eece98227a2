use super::{Making, Plan, Twin};
use crate::module::{self, Info, Validated, Validation};
use std::rc::Rc;

fn validated(bytes: &[u8]) -> Validated {
    let mut validation = Validation::new(Rc::from(bytes));
    let validated = validation.step(usize::MAX).expect("it is valid");
    validated.expect("it is done at once")
}

fn twin(module: &Validated, plan: Plan, step: usize) -> Twin {
    let mut making = Making::new(module.clone(), plan).expect("all of it is known");
    loop {
        if let Some(twin) = making.step(step).expect("all of it is known") {
            return twin;
        }
    }
}

fn info(bytes: &[u8]) -> Info {
    module::read("twin.wasm", bytes).expect("it is a module")
}

const MODULE: &str = r#"(module
    (import "host" "f" (func $f (param i32)))
    (memory (export "twin memory") 1)
    (table (export "table") 1 funcref)
    (global (export "'twin top") i32 (i32.const 7))
    (func $two (export "two") (param i64) (result i32 i64)
        (br_if 0 (i32.const 1) (local.get 0) (i32.const 1))
        drop (call $f) unreachable)
    (func $start (call $f (i32.const 1)))
    (start $start))"#;

#[test]
fn what_a_module_has_stays_where_it_is() {
    let bytes = wat::parse_str(MODULE).expect("it assembles");
    let module = validated(&bytes);
    for plan in [Plan::Frames, Plan::Debug(Rc::from([(20, 1), (30, 2)]))] {
        let twin = twin(&module, plan, usize::MAX);
        validated(twin.bytes());
        let (before, after) = (info(&bytes), info(twin.bytes()));
        assert_eq!(after.imports, before.imports);
        assert_eq!(after.functions, before.functions);
        let (there, own) = after.exports.split_at(before.exports.len());
        assert_eq!(there, before.exports);
        // The guest has exports that begin as its twin's usually do.
        assert!(there.iter().all(|export| !twin.map().is_own(&export.name)));
        assert!(own.iter().all(|export| twin.map().is_own(&export.name)));
        assert!(own.iter().any(|export| Some(&*export.name) == twin.start()));
    }
}

#[test]
fn steps_make_the_same_twin() {
    let bytes = wat::parse_str(MODULE).expect("it assembles");
    let module = validated(&bytes);
    let at_once = twin(&module, Plan::Frames, usize::MAX);
    assert_eq!(twin(&module, Plan::Frames, 1).bytes(), at_once.bytes());
}

#[test]
fn a_module_with_all_the_memories_that_there_can_be_has_no_twin() {
    let memories = "(memory 0)".repeat(100);
    let bytes = wat::parse_str(format!("(module {memories})")).expect("it assembles");
    assert!(Making::new(validated(&bytes), Plan::Frames).is_err());
}

#[test]
fn a_module_without_functions_has_one() {
    let bytes = wat::parse_str("(module)").expect("it assembles");
    let twin = twin(&validated(&bytes), Plan::Frames, 1);
    validated(twin.bytes());
}
