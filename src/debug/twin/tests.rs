use super::{Making, Plan, Twin};
use crate::module::{self, Info, Validated, Validation};
use std::rc::Rc;
use wasmparser::Operator;

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

/// The loads and stores of the twin's own memory, behind what a function begins with, where a line begins at each `nop`.
fn probes(body: &str) -> Vec<&'static str> {
    let mut found = probes_with(body, &[]);
    assert_eq!(found.remove(0), "noted", "where it begins");
    found
}

/// The same with all, and with these locals kept.
fn probes_with(body: &str, kept: &[u32]) -> Vec<&'static str> {
    let wat = format!("(module (memory 1) (func (export \"f\") {body}))");
    let bytes = wat::parse_str(wat).expect("it assembles");
    let code = info(&bytes)
        .sections
        .into_iter()
        .find(|section| section.name == "code");
    let code = usize::try_from(code.expect("it has code").offset).expect("it is small");
    let nops = bytes[code..]
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == 0x01);
    // The first one is the number of functions.
    let lines = (1..)
        .zip(nops.skip(1))
        .map(|(line, (place, _))| (u32::try_from(place).expect("it is small"), line));
    let plan = Plan::Debug(lines.collect());
    let mut making = Making::new(validated(&bytes), plan).expect("all of it is known");
    // The body begins behind the number of functions and its own size.
    making.keep(Rc::from([(2, kept.to_vec())]));
    let twin = making.step(usize::MAX).expect("all of it is known");
    let twin = twin.expect("it is done at once");
    let mut found = Vec::new();
    let (mut asks, mut before) = (false, "");
    for payload in wasmparser::Parser::new(0).parse_all(twin.bytes()) {
        let Ok(wasmparser::Payload::CodeSectionEntry(body)) = payload else {
            continue;
        };
        for operator in body.get_operators_reader().expect("it has some") {
            let operator = operator.expect("it is valid");
            // Where the host is asked, which is seldom.
            asks = match operator {
                Operator::If { .. } => matches!(before, "one line" | "two lines" | "up to four"),
                Operator::End => false,
                _ => asks,
            };
            before = match operator {
                Operator::I32Load8U { memarg } if memarg.memory == 1 => "one line",
                Operator::I32Load16U { memarg } if memarg.memory == 1 => "two lines",
                Operator::I32Load { memarg } if memarg.memory == 1 => "up to four",
                Operator::I64Load { memarg } if memarg.memory == 1 => "up to eight",
                Operator::I32Store { memarg } if memarg.memory == 1 => {
                    match (memarg.offset, asks) {
                        (0, false) => "noted",
                        (0, true) => "noted again",
                        (_, false) => "stored",
                        (_, true) => "stored to ask",
                    }
                }
                _ => "",
            };
            found.extend((!before.is_empty()).then_some(before));
        }
    }
    found
}

#[test]
fn lines_are_looked_at_together_where_nobody_could_tell() {
    assert_eq!(probes("nop nop"), ["two lines"]);
    assert_eq!(probes("nop nop nop"), ["up to four"]);
    assert_eq!(
        probes(&"nop ".repeat(9)),
        ["up to eight", "one line", "noted again"]
    );
    for apart in [
        "nop (drop (memory.grow (i32.const 0))) nop",
        "nop (br_if 0 (i32.const 2)) nop",
        "nop (if (i32.const 2) (then nop))",
    ] {
        assert_eq!(probes(apart), ["one line", "one line", "noted again"]);
    }
}

#[test]
fn a_line_is_noted_before_what_may_end_there_and_not_else() {
    let load = "(drop (i32.load (i32.const 0)))";
    // It begins with the first one.
    assert_eq!(probes(&format!("nop {load} {load}")), ["one line"]);
    let both = ["one line", "one line", "noted again", "noted"];
    assert_eq!(probes(&format!("nop {load} nop {load} {load}")), both);
    assert_eq!(probes(&format!("nop {load} nop")), both[..3]);
    // Ways meet that have noted the same, or another line.
    let block = |one: &str| format!("nop (block (br_if 0 (i32.const 0)) {one}) {load}");
    assert_eq!(probes(&block("")), ["one line"]);
    assert_eq!(
        probes(&block(&format!("nop {load}"))),
        ["one line", "one line", "noted again", "noted", "noted"]
    );
}

#[test]
fn a_loop_is_noted_before_it_begins_and_within_it_what_is_another_line() {
    let load = "(drop (i32.load (i32.const 0)))";
    let turns = |body: &str| {
        let body = format!("nop (loop {body} (br_if 0 (i32.const 0)))");
        probes(&body).join(", ")
    };
    assert_eq!(turns("nop"), "one line, noted, one line");
    let one = "one line, noted, one line, one line, noted again";
    assert_eq!(turns(&format!("nop {load} nop")), one);
    // Each turn has another line behind it.
    assert_eq!(
        turns(&format!("nop {load} nop {load}")),
        "one line, noted, one line, noted, one line, noted again, noted"
    );
    // Whether a turn comes by is not known before.
    assert_eq!(
        turns(&format!("nop (if (i32.const 0) (then nop {load}))")),
        "one line, noted, one line, one line, noted"
    );
    // A loop in it notes where that is, and what comes behind is elsewhere.
    assert_eq!(
        turns(&format!("nop {load} (loop nop) nop {load}")),
        "one line, noted, one line, noted, noted, one line, one line, noted again, noted"
    );
}

#[test]
fn a_local_is_stored_where_its_frame_may_be_looked_at() {
    let set = "(local.set 0 (i32.const 5))";
    let body = |body: &str| {
        let body = format!("(local i32 i32 f32 f32 i32 i32) {body}");
        probes_with(&body, &[4, 0]).join(", ")
    };
    // The first of them in any case, if it is written once.
    assert_eq!(
        body(&format!("nop (local.set 4 (i32.const 6)) {set} nop {set}")),
        "stored, noted, one line, stored to ask, stored, one line, stored to ask, noted again"
    );
    assert_eq!(
        body(&format!(
            "nop {set} (drop (i32.div_u (i32.const 2) (i32.const 0))) {set}"
        )),
        "noted, one line, stored to ask, stored to ask, stored, stored, noted"
    );
    // Not in a loop in which nobody can look, but at a line.
    assert_eq!(
        body(&format!(
            "nop {set} (loop nop {set} (br_if 0 (i32.const 0)))"
        )),
        "noted, one line, stored to ask, stored to ask, noted, one line, stored to ask, stored to ask"
    );
    assert_eq!(
        body(&format!("nop {set} (loop nop unreachable)")),
        "noted, one line, stored to ask, stored to ask, stored, stored, one line, noted"
    );
}
