//! The twins of a module, which do what it does.

use crate::random::Random;
use plugboard::debug::twin::{Line, Making, Plan, Twin};
use plugboard::module::{Validated, Validation};
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

fn made(module: &Validated, plan: Plan, random: &mut Random) -> Twin {
    let mut making = Making::new(module.clone(), plan).expect("all of it is known");
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
