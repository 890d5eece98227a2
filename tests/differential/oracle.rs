//! What the host does when it is asked: the same in both engines, for it follows from the module's seed,
//! the import, its arguments and how often the host has been asked.

use crate::random::mix;
use plugboard::module::{FuncType, ValType};
use plugboard::protocol::Answer;

/// Calls within host calls are nested at most so deep.
pub const DEPTH: u64 = 3;

#[derive(Clone, Copy)]
pub struct Oracle(pub u64);

/// What becomes of one host call.
pub struct Act {
    hash: u64,
}

impl Oracle {
    /// How the import at this place is answered.
    pub fn answer(self, import: usize, ty: &FuncType) -> Answer {
        let hash = mix(self.0 ^ mix(import as u64 + 77));
        let answer = match hash % 8 {
            0 => Answer::ReturnZero,
            1 => {
                let results = ty.results.iter();
                Answer::Constant(results.map(|ty| bits(hash >> 8, Some(ty))).collect())
            }
            2 => Answer::Echo((hash >> 8) as u32 % 4),
            3 => Answer::Count,
            _ => Answer::Driver,
        };
        match answer.fits(ty) {
            Ok(()) => answer,
            Err(_) => Answer::Driver,
        }
    }

    /// What is done about a call that is answered by [`Answer::Driver`], the host's call number
    /// `asked`.
    pub fn act(self, import: usize, args: &[u64], asked: u64) -> Act {
        let hash = args
            .iter()
            .fold(mix(self.0 ^ asked), |hash, arg| mix(hash ^ arg));
        Act {
            hash: mix(hash ^ import as u64),
        }
    }
}

impl Act {
    /// It fails, which traps.
    pub fn fails(&self) -> bool {
        self.hash.is_multiple_of(61)
    }

    /// A byte that it writes into a memory of so many bytes.
    pub fn written(&self, memory: usize) -> Option<(usize, u8)> {
        let hash = mix(self.hash ^ 1);
        (hash.is_multiple_of(3) && memory > 0)
            .then(|| ((hash >> 16) as usize % memory, (hash >> 8) as u8))
    }

    /// The export, one of so many, that it calls before it answers, and what the arguments come from.
    pub fn within(&self, exports: usize, depth: u64) -> Option<(usize, u64)> {
        let hash = mix(self.hash ^ 2);
        (depth < DEPTH && exports > 0 && hash.is_multiple_of(4))
            .then(|| ((hash >> 8) as usize % exports, mix(hash)))
    }

    /// What it returns, after a call within came to what has this number.
    pub fn results(&self, ty: &FuncType, within: u64) -> Vec<u64> {
        values(mix(self.hash ^ within), &ty.results)
    }
}

/// Values of these types, as bits.
pub fn values(mut hash: u64, types: &[ValType]) -> Vec<u64> {
    let value = |ty| {
        hash = mix(hash.wrapping_add(1));
        bits(hash, Some(ty))
    };
    types.iter().map(value).collect()
}

/// The bits of a value of this type: small numbers are likely, floats are no NaN, references null.
fn bits(hash: u64, ty: Option<&ValType>) -> u64 {
    let number = match hash % 4 {
        0 => (hash >> 8) % 8,
        1 => (hash >> 8) % 70_000,
        _ => hash,
    };
    match ty {
        Some(ValType::I32) => number & 0xffff_ffff,
        Some(ValType::I64) => number,
        Some(ValType::F32) => u64::from((number as i16 as f32).to_bits()),
        Some(ValType::F64) => (number as i32 as f64).to_bits(),
        _ => 0,
    }
}
