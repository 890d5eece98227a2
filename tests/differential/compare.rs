//! One module in both engines.

use crate::oracle::{Oracle, values};
use crate::ours::Ours;
use crate::random::Random;
use crate::theirs::{Compiled, Theirs};
use crate::twins;
use plugboard::module::{self, Info, ValType, Validation};
use plugboard::protocol::{GlobalValue, Limits};
use std::rc::Rc;

/// What came of it.
pub enum Verdict {
    Equal,
    /// The engines may differ there, or one of them is not asked.
    Unknown,
    Differs(String),
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The bits of the results; those of references are 0.
    Returned(Vec<(ValType, u64)>),
    /// What the specification calls the trap.
    Trapped(String),
    /// A host function ended it.
    Failed,
    /// There are too many calls within calls: each engine has its own limit.
    TooDeep,
    /// Ours cannot go on where it is.
    Cut,
}

/// What can be seen of an instance from outside.
#[derive(Debug, PartialEq)]
pub struct Seen {
    pub outcome: Outcome,
    /// The imports that the host was asked to answer, with their arguments.
    pub asked: Vec<(usize, Vec<u64>)>,
    pub globals: Vec<(String, u64)>,
    pub memory: Vec<u8>,
}

/// What both know of a module.
pub struct Given {
    pub info: Info,
    /// The names of the exported functions.
    pub exports: Vec<String>,
    pub oracle: Oracle,
    pub limits: Limits,
}

impl Given {
    /// The export at this place, with arguments from this number.
    pub fn call(&self, export: usize, hash: u64) -> (&str, Vec<u64>) {
        let name = &self.exports[export];
        let exports = &self.info.exports;
        let found = exports.iter().find(|export| export.name == *name);
        let ty = found.and_then(|export| export.ty.func());
        let params = ty.map_or(&[][..], |ty| &ty.params);
        (name, values(hash, params))
    }

    /// The globals by which instances are compared.
    pub fn globals(&self, globals: Vec<GlobalValue>) -> Vec<(String, u64)> {
        globals.into_iter().map(|it| (it.name, it.bits)).collect()
    }
}

/// Whether it does the same in both, metered or not.
pub fn module(bytes: &[u8], seed: u64, random: &mut Random) -> Verdict {
    let info = match module::read("random.wasm", bytes) {
        Ok(info) => info,
        Err(refusal) => return Verdict::Differs(refusal.to_string()),
    };
    let mut validation = Validation::new(Rc::from(bytes));
    let validated = loop {
        match validation.step(1 << 20) {
            Ok(Some(validated)) => break validated,
            Ok(None) => {}
            Err(refusal) => return Verdict::Differs(refusal.to_string()),
        }
    };
    let functions = info.exports.iter().filter(|it| it.ty.func().is_some());
    let given = Rc::new(Given {
        exports: functions.map(|export| export.name.clone()).collect(),
        info,
        oracle: Oracle(seed),
        limits: Limits {
            memory_pages: 20,
            table_elements: 300,
            ..Limits::default()
        },
    });
    // One in three is held against what is metered, which is held against what is not elsewhere.
    let compiled = match random.once_in(3) {
        true => Compiled::metered(bytes, random),
        false => Compiled::new(bytes),
    };
    let twins = twins::of(&validated, random);
    let mut calls = 0;
    for export in 0..given.exports.len().max(1) {
        // Each export meets an instance in which nothing has run, and then one in which much has.
        let twin = twins.get(random.below(twins.len() as u64 + 1) as usize);
        let ours = Ours::new(&validated, twin, Rc::clone(&given), random.next());
        let theirs = Theirs::new(&compiled, &given);
        let (mut ours, mut theirs) = match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => (ours, theirs),
            (Err(ours), Err(theirs)) if ours == theirs => return Verdict::Equal,
            (ours, theirs) => {
                let (ours, theirs) = (ours.err(), theirs.err());
                if [&ours, &theirs]
                    .iter()
                    .any(|it| matches!(it, Some(Outcome::TooDeep | Outcome::Cut)))
                {
                    return Verdict::Unknown;
                }
                return Verdict::Differs(format!(
                    "instantiation: ours {ours:?}, theirs {theirs:?}"
                ));
            }
        };
        if given.exports.is_empty() {
            return Verdict::Equal;
        }
        for _ in 0..3 {
            let export = if random.once_in(3) {
                random.below(given.exports.len() as u64) as usize
            } else {
                export
            };
            let hash = random.next();
            let (ours, theirs) = (ours.call(export, hash), theirs.call(export, hash));
            calls += 1;
            if [&ours.outcome, &theirs.outcome]
                .iter()
                .any(|it| matches!(it, Outcome::TooDeep | Outcome::Cut))
            {
                return Verdict::Unknown;
            }
            if let Some(how) = difference(&ours, &theirs) {
                let (name, args) = given.call(export, hash);
                return Verdict::Differs(format!("call {calls}, {name}({args:?}): {how}"));
            }
        }
    }
    Verdict::Equal
}

fn difference(ours: &Seen, theirs: &Seen) -> Option<String> {
    if ours.asked != theirs.asked {
        return Some(format!(
            "ours asked {:?}, theirs {:?}",
            ours.asked, theirs.asked
        ));
    }
    if ours.outcome != theirs.outcome {
        return Some(format!(
            "ours {:?}, theirs {:?}",
            ours.outcome, theirs.outcome
        ));
    }
    if ours.globals != theirs.globals {
        return Some(format!(
            "globals: ours {:?}, theirs {:?}",
            ours.globals, theirs.globals
        ));
    }
    if ours.memory == theirs.memory {
        return None;
    }
    let (ours, theirs) = (&ours.memory, &theirs.memory);
    let at = ours.iter().zip(theirs).position(|(a, b)| a != b);
    Some(format!(
        "memory: ours {} bytes, theirs {}, first at {at:?}",
        ours.len(),
        theirs.len()
    ))
}
