//! What functions were called with, by the types of their parameters.
//!
//! A parameter is told where the debug information says which of the function's Wasm parameters it is, or where all of
//! them together are the Wasm parameters that the function has. An optimiser that has changed what the function takes
//! says so, or leaves another number of them: then they are unknown. So is one that the function does not read: an optimiser
//! lets its callers pass anything.

use super::dwarf::Lines;
use super::shapes::{self, flattens, parameters};
use crate::go::dwarf::{Entry, written};
use crate::protocol::{Argument, Shape};
use gimli::AttributeValue;
use wasmparser::ValType;

/// The parameters of a function and what they were given, as Wasm has them.
pub(super) fn raw(types: &[ValType], given: &[u64]) -> Vec<Argument> {
    let arguments = types.iter().zip(given).map(|(ty, word)| Argument {
        name: String::new(),
        ty: ty.to_string(),
        value: of_type(*ty).map(|shape| (shape, vec![*word])),
        text: String::new(),
    });
    arguments.collect()
}

fn of_type(ty: ValType) -> Option<Shape> {
    Some(match ty {
        ValType::I32 => Shape::Signed(4),
        ValType::I64 => Shape::Signed(8),
        ValType::F32 => Shape::Float(4),
        ValType::F64 => Shape::Float(8),
        _ => return None,
    })
}

impl Lines<'_> {
    /// What a function was called with: `given` are its first Wasm parameters.
    pub(super) fn arguments(&self, function: u32, given: &[u64]) -> Vec<Argument> {
        let types = self.module.params(function);
        let Some(subprogram) = self.subprogram(function) else {
            return raw(types, given);
        };
        let params = parameters(&self.debug, &subprogram);
        if params.is_empty() {
            return raw(types, given);
        }
        let shapes = params
            .iter()
            .map(|param| shapes::of_attribute(&self.debug, param));
        let shapes: Vec<Shape> = shapes.collect();
        let reads = self.module.reads(function);
        let is_read = |words: &std::ops::Range<usize>| {
            words.clone().all(|word| reads.get(word) == Some(&true))
        };
        let mut places = match is_as_written(&subprogram) {
            true => {
                let wasm = Wasm {
                    types,
                    reads: &reads,
                    returns: self.module.returns(function),
                    flattens: flattens(&self.debug, subprogram.at),
                };
                wasm.places(&shapes)
            }
            false => Vec::new(),
        }
        .into_iter();
        let arguments = params.iter().zip(shapes).map(|(param, shape)| {
            let words = places.next();
            let alone = local(param).filter(|_| leaves(&shape).len() == 1);
            let words = alone.map(|place| place..place + 1).or(words);
            let words = words.filter(is_read);
            let words = words
                .and_then(|words| given.get(words))
                .map(<[u64]>::to_vec);
            Argument {
                name: self
                    .debug
                    .name(param, gimli::DW_AT_name)
                    .unwrap_or_default()
                    .to_owned(),
                ty: written(&self.debug, param),
                value: words.map(|words| (shape, words)),
                text: String::new(),
            }
        });
        arguments.collect()
    }
}

/// Whether the function takes what it was written to take: an optimiser that has changed that says so.
fn is_as_written(subprogram: &Entry<'_>) -> bool {
    let convention = subprogram.value(gimli::DW_AT_calling_convention);
    !matches!(
        convention,
        Some(AttributeValue::CallingConvention(gimli::DW_CC_nocall))
    )
}

/// Which Wasm parameter it is in, if its location says that.
fn local(param: &Entry<'_>) -> Option<usize> {
    const IN_WASM: u8 = 0xed;
    const LOCAL: u8 = 0;
    let Some(AttributeValue::Exprloc(expression)) = param.value(gimli::DW_AT_location) else {
        return None;
    };
    let bytes: &[u8] = expression.0.slice();
    match bytes {
        [IN_WASM, LOCAL, index @ 0..0x80] => Some((*index).into()),
        [IN_WASM, LOCAL, index @ 0..0x80, end] if *end == gimli::DW_OP_stack_value.0 => {
            Some((*index).into())
        }
        _ => None,
    }
}

/// The sizes of the numbers and addresses that a value consists of; empty: it is not known of what.
fn leaves(shape: &Shape) -> Vec<u64> {
    let mut leaves = Vec::new();
    match shape.leaves(&mut |_, size, _| leaves.push(size)) {
        true => leaves,
        false => Vec::new(),
    }
}

/// What a function takes in Wasm's terms.
struct Wasm<'a> {
    types: &'a [ValType],
    /// By parameter, whether it is ever read.
    reads: &'a [bool],
    /// Whether it returns something.
    returns: bool,
    /// Whether values of several parts are always passed as those, as TinyGo does it. Then there may be two parameters that the
    /// source has not: before the others where to put what is returned, if that has several parts; behind them what
    /// a closure refers to, which other functions never read.
    flattens: bool,
}

impl Wasm<'_> {
    /// Which parameters the values are, where together they are all that the function has.
    fn places(&self, shapes: &[Shape]) -> Vec<std::ops::Range<usize>> {
        let ends_unread = self.reads.last() == Some(&false);
        let all: usize = shapes.iter().map(|shape| leaves(shape).len()).sum();
        let more = self.types.len().checked_sub(all);
        let first = match more {
            Some(0) => 0,
            Some(1) if self.flattens && (self.returns || ends_unread) => 0,
            Some(1) if self.flattens => 1,
            Some(2) if self.flattens && !self.returns && ends_unread => 1,
            _ => return Vec::new(),
        };
        let mut places = Vec::new();
        let mut next = first;
        for shape in shapes {
            let mut matches = true;
            let mut at = next;
            let is_known = shape.leaves(&mut |_, size, is_float| {
                let wanted = match (size, is_float) {
                    (8, true) => ValType::F64,
                    (4, true) => ValType::F32,
                    (8, false) => ValType::I64,
                    _ => ValType::I32,
                };
                matches &= self.types.get(at) == Some(&wanted);
                at += 1;
            });
            // What is larger may be passed by its address.
            if !is_known || !matches || (!self.flattens && at - next > 2) {
                return Vec::new();
            }
            places.push(next..at);
            next = at;
        }
        places
    }
}
