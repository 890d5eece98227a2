//! The twins of a module, which do what it does.

use crate::random::Random;
use plugboard::debug::twin::{Line, Making, Plan, Twin};
use plugboard::module::{Validated, Validation};
use plugboard::protocol::Kept;
use std::rc::Rc;

/// A twin by each plan; the lines begin wherever it may be.
pub fn of(module: &Validated, random: &mut Random) -> Vec<Twin> {
    let plans = [Plan::Frames, Plan::Debug(lines(module, random))];
    plans.map(|plan| made(module, plan, random)).into()
}

fn lines(module: &Validated, random: &mut Random) -> Rc<[Line]> {
    let mut lines = Vec::new();
    let mut place = 0;
    while place < module.bytes().len() as u64 {
        lines.push((place as u32, random.below(6) as u32));
        place += 1 + random.below(12);
    }
    lines.into()
}

/// Locals of some functions, among them such as there are not.
fn kept(module: &Validated, random: &mut Random) -> Vec<Kept> {
    let mut code = 0;
    let mut kept = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(module.original()) {
        match payload.expect("it is valid") {
            wasmparser::Payload::CodeSectionStart { range, .. } => code = range.start,
            wasmparser::Payload::CodeSectionEntry(body) if !random.once_in(4) => {
                let locals = (0..random.below(6)).map(|_| random.below(12) as u32);
                kept.push(((body.range().start - code) as u32, locals.collect()));
            }
            _ => {}
        }
    }
    kept
}

fn made(module: &Validated, plan: Plan, random: &mut Random) -> Twin {
    let mut making = Making::new(module.clone(), plan).expect("all of it is known");
    making.keep(kept(module, random).into());
    let twin = loop {
        let step = making.step(1 + random.below(300) as usize);
        if let Some(twin) = step.expect("all of it is known") {
            break twin;
        }
    };
    let mut validation = Validation::new(Rc::from(twin.bytes()));
    loop {
        match validation.step(1 << 20) {
            Ok(Some(_)) => return twin,
            Ok(None) => {}
            Err(refusal) => panic!("the twin is not valid: {refusal}"),
        }
    }
}
