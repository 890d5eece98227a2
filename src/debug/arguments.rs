//! What functions were called with, by the types of their parameters.
//!
//! A parameter is told where the debug information says which of the function's Wasm parameters it is, or where all of
//! them together are the Wasm parameters that the function has. An optimiser that has changed what the function takes
//! says so, or leaves another number of them: then they are unknown. So is one that the function does not read: an optimiser
//! lets its callers pass anything.

use super::dwarf::Lines;
use super::module::Use;
use super::shapes::{self, flattens};
use crate::go::dwarf::{Die, Entry, Location, parameters, written};
use crate::protocol::{Argument, Shape};
use gimli::AttributeValue;
use wasmparser::ValType;

/// Entries that are gone through for the parameters of a function.
const BUDGET: usize = 1 << 12;

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
    /// What a function was called with, which is at `place` now: `given` are its first Wasm parameters.
    pub(super) fn arguments(
        &self,
        function: u32,
        place: Option<u32>,
        given: &[u64],
    ) -> Vec<Argument> {
        let types = self.module.params(function);
        let Some(subprogram) = self.subprogram(function) else {
            return raw(types, given);
        };
        let params = parameters(&self.debug, &subprogram, &mut BUDGET.clone());
        if params.is_empty() {
            return raw(types, given);
        }
        let shapes = params
            .iter()
            .map(|param| shapes::of_attribute(&self.debug, param));
        let shapes: Vec<Shape> = shapes.collect();
        let uses = self.module.uses(function);
        let is_read = |words: &std::ops::Range<usize>| {
            let mut uses = words.clone().map(|word| uses.get(word));
            uses.all(|used| used.is_some_and(|used| used.is_read))
        };
        let instances = self.debug.children(&subprogram, &mut BUDGET.clone());
        let mut places = match is_as_written(&subprogram) {
            true => {
                let wasm = Wasm {
                    types,
                    uses: uses.get(..types.len()).unwrap_or_default(),
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
            let mut instances = instances.iter();
            // What is said of the function in general does not say where it is in this instance of it.
            let instance = instances.find(|instance| self.origin_of(instance) == Some(param.at));
            let found = self.found(instance.unwrap_or(param), place, &uses);
            let found = found.filter(|_| leaves(&shape).len() == 1);
            let words = match found {
                Some(Found::Number(number)) => Some(vec![number]),
                Some(Found::Word(word)) => word_of(given, word..word + 1, is_read),
                None => words.and_then(|words| word_of(given, words, is_read)),
            };
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

impl<'a> Lines<'a> {
    /// The entry that this one is an instance of.
    fn origin_of(&self, instance: &Entry<'a>) -> Option<Die> {
        let origin = instance.value(gimli::DW_AT_abstract_origin)?;
        self.debug.reference(instance.at, &origin)
    }

    /// Where a parameter is at a place, as far as that says what it was when the function was called: the frame has what its
    /// Wasm parameters were then.
    fn found(&self, param: &Entry<'a>, place: Option<u32>, uses: &[Use]) -> Option<Found> {
        if let Some(constant) = param.value(gimli::DW_AT_const_value) {
            let number = constant.sdata_value().map(i64::cast_unsigned);
            return number.or(constant.udata_value()).map(Found::Number);
        }
        match self.debug.location(param, place.map(u64::from))? {
            Location::Everywhere(expression) => evaluated(expression),
            // A Wasm parameter may hold something else there than it did.
            Location::There(expression, _) => evaluated(expression).filter(|found| match found {
                Found::Word(word) => uses.get(*word).is_some_and(|used| used.writes == 0),
                Found::Number(_) => true,
            }),
        }
    }
}

/// What an expression says: a Wasm parameter, or a number.
fn evaluated(expression: &[u8]) -> Option<Found> {
    const IN_WASM: u8 = 0xed;
    const LOCAL: u8 = 0;
    const FIRST: u8 = gimli::DW_OP_lit0.0;
    const LAST: u8 = gimli::DW_OP_lit31.0;
    let (is_value, expression) = match expression {
        [inner @ .., end] if *end == gimli::DW_OP_stack_value.0 => (true, inner),
        expression => (false, expression),
    };
    match expression {
        [IN_WASM, LOCAL, index @ 0..0x80] => Some(Found::Word((*index).into())),
        [number @ FIRST..=LAST] if is_value => Some(Found::Number((number - FIRST).into())),
        _ => None,
    }
}

/// Where a value was found.
enum Found {
    /// It is this Wasm parameter.
    Word(usize),
    /// It is this number.
    Number(u64),
}

/// What was given for these Wasm parameters, if they are read.
fn word_of(
    given: &[u64],
    words: std::ops::Range<usize>,
    is_read: impl Fn(&std::ops::Range<usize>) -> bool,
) -> Option<Vec<u64>> {
    let words = Some(words).filter(is_read)?;
    given.get(words).map(<[u64]>::to_vec)
}

/// Whether the function takes what it was written to take: an optimiser that has changed that says so.
fn is_as_written(subprogram: &Entry<'_>) -> bool {
    let convention = subprogram.value(gimli::DW_AT_calling_convention);
    !matches!(
        convention,
        Some(AttributeValue::CallingConvention(gimli::DW_CC_nocall))
    )
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
    /// What the function does to each.
    uses: &'a [Use],
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
        let ends_unread = self.uses.last().is_some_and(|used| !used.is_read);
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
